import { browserOf } from '../../features/service/device/rules.ts';
import type { Findings } from '../../features/service/device/types.ts';
import { askForBoth, askForNext, devicesOf, type Given, look, type MediaKind } from './media.ts';
import { tryNetwork } from './network.ts';
import { openPanel } from './panel.ts';
import { type Meter, measure, playNotes } from './sound.ts';

/**
 * The page on which a citizen tries their device before a video call. Nothing is asked for until they press the button; nothing
 * that is seen or heard leaves the browser. What was found is sent to the page's own address.
 */
function start(test: HTMLElement): void {
  const panel = openPanel(test);
  const where = {
    browser: browserOf(navigator.userAgent, navigator.maxTouchPoints),
    isSecure: isSecureContext,
    hasDevices: 'mediaDevices' in navigator,
  };
  const findings: Findings = { camera: null, microphone: null, speaker: null, network: null };
  const tracks: Partial<Record<MediaKind, MediaStreamTrack>> = {};
  let context: AudioContext | null = null;
  let meter: Meter | null = null;
  /** What comes late from a test before this one counts no more. */
  let run = 0;
  let saving: Promise<void> = Promise.resolve();

  const found = <P extends keyof Findings>(part: P, what: Findings[P]) => {
    findings[part] = what;
    panel.show(part, what, where.browser);
    const isWhole = findings.camera && findings.microphone && findings.network;
    if (!isWhole) return;
    const words = panel.conclude(findings);
    saving = saving.then(() => save(words));
  };

  const save = async (words: string) => {
    const { family, system } = where.browser;
    const body = new URLSearchParams({ family, system });
    for (const [part, what] of Object.entries(findings)) body.set(part, what ?? '');
    const answer = await fetch(test.dataset.url ?? '', { method: 'POST', body }).catch(() => null);
    panel.say(`${words} ${panel.word(answer?.ok ? 'saved' : 'unsaved')}`);
  };

  const letGo = () => {
    run++;
    for (const kind of ['camera', 'microphone'] as const) {
      tracks[kind]?.stop();
      delete tracks[kind];
    }
    meter?.stop();
    meter = null;
    panel.video.srcObject = null;
    panel.setRunning(false);
  };

  const use = async (kind: MediaKind, given: Given) => {
    if (!given.ok) return found(kind, given.trouble);
    const { track } = given;
    tracks[kind] = track;
    track.addEventListener('ended', () => {
      if (tracks[kind] === track) found(kind, 'none'); // pulled out
    });
    panel.offerOther(kind, (await devicesOf(kind)).length > 1);
    if (kind === 'camera') await useCamera(track);
    else useMicrophone(track);
  };

  const useCamera = async (track: MediaStreamTrack) => {
    const mine = run;
    const { video } = panel;
    video.srcObject = new MediaStream([track]);
    video.classList.toggle('mirror', track.getSettings().facingMode !== 'environment');
    panel.reveal('camera');
    const seen = await video.play().then(
      () => look(video),
      () => 'failed' as const,
    );
    if (mine === run && tracks.camera === track) found('camera', seen);
  };

  const useMicrophone = (track: MediaStreamTrack) => {
    panel.reveal('microphone');
    meter?.stop();
    meter =
      context && measure(context, track, panel.setLevel, (heard) => found('microphone', heard));
  };

  const begin = async () => {
    letGo();
    const mine = run;
    // While the button is being pressed, or iOS leaves it mute.
    context ??= new AudioContext();
    void context.resume();
    panel.setRunning(true);
    for (const part of ['camera', 'microphone', 'network'] as const) {
      findings[part] = null;
      panel.show(part, 'trying', where.browser);
    }
    void waysFrom(test.dataset.url ?? '')
      .then(tryNetwork)
      .then((path) => mine === run && found('network', path));
    const given = await askForBoth(where);
    if (mine !== run) return stopAll(given);
    await Promise.all([use('camera', given.camera), use('microphone', given.microphone)]);
  };

  const change = async (kind: MediaKind) => {
    const current = tracks[kind];
    if (!current) return;
    const mine = run;
    panel.show(kind, 'trying', where.browser);
    const given = await askForNext(kind, current, where);
    if (mine === run) await use(kind, given);
    else stopAll({ given });
  };

  const play = async () => {
    context ??= new AudioContext();
    panel.show('speaker', 'trying', where.browser);
    try {
      await playNotes(context);
      panel.askHeard();
    } catch {
      found('speaker', 'failed');
    }
  };

  panel.on({
    start: () => void begin(),
    stop: () => {
      letGo();
      panel.say(panel.word('stopped'));
    },
    camera: () => void change('camera'),
    microphone: () => void change('microphone'),
    play: () => void play(),
    heard: () => found('speaker', 'works'),
    unheard: () => found('speaker', 'unheard'),
  });
  addEventListener('pagehide', letGo);
}

function stopAll(given: Record<string, Given>): void {
  for (const each of Object.values(given)) if (each.ok) each.track.stop();
}

/** The ways through the network; none but its own where they can't be had. */
async function waysFrom(url: string): Promise<RTCConfiguration> {
  try {
    const answer = await fetch(`${url}/servers`);
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}

const test = document.getElementById('test');
if (test) start(test);
