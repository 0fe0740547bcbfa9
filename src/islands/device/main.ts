import { browserOf } from '../../features/service/device/rules.ts';
import type { Findings } from '../../features/service/device/types.ts';
import { askForBoth, askForNext, devicesOf, type Given, look, type MediaKind } from './media.ts';
import { tryNetwork } from './network.ts';
import { Panel } from './panel.ts';
import { type Meter, measure, playNotes } from './sound.ts';
import { waysFrom } from './ways.ts';

/**
 * The page on which a citizen tests their device before a video call. It asks for devices only after a press of the button. Sound and
 * pictures never leave the browser. The result is sent to the page's own address.
 */
class DeviceTest {
  readonly #url: string;
  readonly #panel: Panel;
  readonly #where = {
    browser: browserOf(navigator.userAgent, navigator.maxTouchPoints),
    isSecure: isSecureContext,
    hasDevices: 'mediaDevices' in navigator,
  };
  readonly #findings: Findings = { camera: null, microphone: null, speaker: null, network: null };
  readonly #tracks: Partial<Record<MediaKind, MediaStreamTrack>> = {};
  #context: AudioContext | null = null;
  #meter: Meter | null = null;
  /** The number of the current test; late results of earlier tests are ignored. */
  #run = 0;
  #saving: Promise<void> = Promise.resolve();

  constructor(test: HTMLElement) {
    this.#url = test.dataset.url ?? '';
    this.#panel = new Panel(test);
  }

  /** Shows the buttons, and handles their presses. */
  open(): void {
    this.#panel.on({
      start: () => void this.#begin(),
      stop: () => {
        this.#letGo();
        this.#panel.say(this.#panel.word('stopped'));
      },
      camera: () => void this.#change('camera'),
      microphone: () => void this.#change('microphone'),
      play: () => void this.#play(),
      heard: () => this.#found('speaker', 'works'),
      unheard: () => this.#found('speaker', 'unheard'),
    });
    addEventListener('pagehide', () => this.#letGo());
  }

  async #begin(): Promise<void> {
    this.#letGo();
    const mine = this.#run;
    // Created during the press of the button, since otherwise iOS mutes it.
    this.#context ??= new AudioContext();
    void this.#context.resume();
    this.#panel.setRunning(true);
    for (const part of ['camera', 'microphone', 'network'] as const) {
      this.#findings[part] = null;
      this.#panel.show(part, 'trying', this.#where.browser);
    }
    void waysFrom(`${this.#url}/servers`)
      .then(tryNetwork)
      .then((path) => mine === this.#run && this.#found('network', path));
    const given = await askForBoth(this.#where);
    if (mine !== this.#run) return stopAll(given);
    await Promise.all([
      this.#use('camera', given.camera),
      this.#use('microphone', given.microphone),
    ]);
  }

  /** Tries the next camera or microphone. */
  async #change(kind: MediaKind): Promise<void> {
    const current = this.#tracks[kind];
    if (!current) return;
    const mine = this.#run;
    this.#panel.show(kind, 'trying', this.#where.browser);
    const given = await askForNext(kind, current, this.#where);
    if (mine === this.#run) await this.#use(kind, given);
    else stopAll({ given });
  }

  async #play(): Promise<void> {
    this.#context ??= new AudioContext();
    this.#panel.show('speaker', 'trying', this.#where.browser);
    try {
      await playNotes(this.#context);
      this.#panel.askHeard();
    } catch {
      this.#found('speaker', 'failed');
    }
  }

  async #use(kind: MediaKind, given: Given): Promise<void> {
    if (!given.ok) return this.#found(kind, given.trouble);
    const { track } = given;
    this.#tracks[kind] = track;
    track.addEventListener('ended', () => {
      if (this.#tracks[kind] === track) this.#found(kind, 'none'); // unplugged
    });
    this.#panel.offerOther(kind, (await devicesOf(kind)).length > 1);
    if (kind === 'camera') await this.#useCamera(track);
    else this.#useMicrophone(track);
  }

  async #useCamera(track: MediaStreamTrack): Promise<void> {
    const mine = this.#run;
    const { video } = this.#panel;
    video.srcObject = new MediaStream([track]);
    video.classList.toggle('mirror', track.getSettings().facingMode !== 'environment');
    this.#panel.reveal('camera');
    const seen = await video.play().then(
      () => look(video),
      () => 'failed' as const,
    );
    if (mine === this.#run && this.#tracks.camera === track) this.#found('camera', seen);
  }

  #useMicrophone(track: MediaStreamTrack): void {
    this.#panel.reveal('microphone');
    this.#meter?.stop();
    this.#meter =
      this.#context &&
      measure(
        this.#context,
        track,
        (level) => this.#panel.setLevel(level),
        (heard) => this.#found('microphone', heard),
      );
  }

  #found<P extends keyof Findings>(part: P, what: Findings[P]): void {
    this.#findings[part] = what;
    this.#panel.show(part, what, this.#where.browser);
    const { camera, microphone, network } = this.#findings;
    if (!camera || !microphone || !network) return;
    const words = this.#panel.conclude(this.#findings);
    this.#saving = this.#saving.then(() => this.#save(words));
  }

  async #save(words: string): Promise<void> {
    const { family, system } = this.#where.browser;
    const body = new URLSearchParams({ family, system });
    for (const [part, what] of Object.entries(this.#findings)) body.set(part, what ?? '');
    const answer = await fetch(this.#url, { method: 'POST', body }).catch(() => null);
    this.#panel.say(`${words} ${this.#panel.word(answer?.ok ? 'saved' : 'unsaved')}`);
  }

  #letGo(): void {
    this.#run++;
    for (const kind of ['camera', 'microphone'] as const) {
      this.#tracks[kind]?.stop();
      delete this.#tracks[kind];
    }
    this.#meter?.stop();
    this.#meter = null;
    this.#panel.video.srcObject = null;
    this.#panel.setRunning(false);
  }
}

function stopAll(given: Record<string, Given>): void {
  for (const each of Object.values(given)) if (each.ok) each.track.stop();
}

/** Returns the network configuration; an empty one when it can't be fetched. */
const test = document.getElementById('test');
if (test) new DeviceTest(test).open();
