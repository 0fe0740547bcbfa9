import { isAskedFirst, isCaptioned } from '../../../features/service/captions/rules.ts';
import type { Side } from '../../../features/service/room/types.ts';
import { difference, END } from '../t140.ts';
import { type Ear, openEar } from './ear.ts';
import { type EngineLink, openEngine } from './engine.ts';
import { CaptionLines } from './lines.ts';

/** The captions of a call on this page. */
export interface Captions {
  /** Who runs the engine; null: there is none for this call. */
  provider: string | null;
  /** Whether this person asked for captions. */
  isAsked: boolean;
  /** Whether their own speech may be turned into text; null: they haven't been asked, or haven't answered. */
  agrees: boolean | null;
  /** The state of their own speech: `failed`: the engine can't be reached for now, or the browser can't do it. */
  own: 'off' | 'starting' | 'on' | 'failed';
  /** Their own words, as the others read them. */
  lines: CaptionLines;
}

export interface CaptionsDeps {
  side: Side;
  provider: string | null;
  /** The address of the island `speech`. */
  worklet: string;
  /** Returns the address of the engine for a new connection; null: none now. */
  address(): Promise<string | null>;
  /** Returns the own microphone; null: it is off, or the call isn't on. */
  microphone(): MediaStreamTrack | null;
  /** Returns whether somebody else asked for captions. */
  isWanted(): boolean;
  /** Sends a change of the own captions to everybody (T.140). */
  send(text: string): void;
  /** The others must be told: captions were asked for, or the own speech began or ended. */
  tell(): void;
  changed(): void;
}

/** What opens the ear and the engine. */
export interface Opening {
  openEar: typeof openEar;
  openEngine: typeof openEngine;
}

const AGAIN_MS = [1_000, 2_000, 5_000, 10_000, 30_000];

/** Turns the own speech into text while somebody asks for captions, and passes it on. */
export class CaptionsCtrl {
  readonly state: Captions;
  readonly #deps: CaptionsDeps;
  readonly #opening: Opening;
  /** Null: the own speech isn't turned into text. What an earlier start asked for is ignored. */
  #run: symbol | null = null;
  #track: MediaStreamTrack | null = null;
  #ear: Ear | null = null;
  #engine: EngineLink | null = null;
  #tries = 0;
  #timer = 0;
  /** The part of the current sentence that the others have. */
  #shown = '';

  constructor(deps: CaptionsDeps, opening: Opening = { openEar, openEngine }) {
    this.#deps = deps;
    this.#opening = opening;
    this.state = {
      provider: deps.provider,
      isAsked: false,
      agrees: isAskedFirst(deps.side) ? null : true,
      own: 'off',
      lines: new CaptionLines(deps.changed),
    };
  }

  /** Whether the citizen must be asked whether their speech may be turned into text. */
  get isQuestion(): boolean {
    const { provider, agrees } = this.state;
    const isOpen = provider !== null && agrees === null && isCaptioned(this.#deps.side);
    return isOpen && this.#deps.isWanted();
  }

  /** Asks for captions, or no longer. Who asks for them agrees to their own, for as long as they ask. */
  ask(isAsked: boolean): void {
    this.state.isAsked = isAsked;
    this.state.agrees = isAsked || !isAskedFirst(this.#deps.side) ? true : null;
    this.#deps.tell();
    this.follow();
  }

  /** The answer to the question, or a later change of mind. */
  agree(agrees: boolean): void {
    this.state.agrees = agrees;
    this.follow();
  }

  /** Starts or stops, as the room changed. */
  follow(): void {
    const { provider, isAsked, agrees } = this.state;
    const isWanted = provider !== null && agrees === true && isCaptioned(this.#deps.side);
    const track = isWanted && (isAsked || this.#deps.isWanted()) ? this.#deps.microphone() : null;
    if (track === this.#track) return;
    this.#track = track;
    this.#stop();
    if (track) void this.#start(track);
  }

  /** Returns the current sentence, for a person who has just joined. */
  spoken(): string {
    return difference('', this.#shown);
  }

  /** The call ended for this page. */
  end(): void {
    this.state.isAsked = false;
    if (isAskedFirst(this.#deps.side)) this.state.agrees = null;
    this.#track = null;
    this.#stop();
  }

  async #start(track: MediaStreamTrack): Promise<void> {
    const mine = Symbol();
    this.#run = mine;
    this.#become('starting');
    const ear = await this.#opening.openEar(track, this.#deps.worklet, (samples) =>
      this.#engine?.feed(samples),
    );
    if (this.#run !== mine) return ear?.close();
    this.#ear = ear;
    if (ear) await this.#connect(mine);
    else this.#become('failed');
  }

  async #connect(mine: symbol): Promise<void> {
    const url = await this.#deps.address();
    if (this.#run !== mine) return;
    if (url === null) return this.#connectLater(mine);
    this.#engine = this.#opening.openEngine(url, {
      opened: () => {
        this.#tries = 0;
        this.#become('on');
      },
      text: (text, isWhole) => this.#write(text, isWhole),
      lost: () => this.#connectLater(mine),
    });
  }

  #connectLater(mine: symbol): void {
    this.#engine = null;
    this.#become('failed');
    const wait = AGAIN_MS[this.#tries++] ?? 30_000;
    this.#timer = window.setTimeout(() => {
      if (this.#run === mine) void this.#connect(mine);
    }, wait);
  }

  #write(text: string, isWhole: boolean): void {
    const change = difference(this.#shown, text) + (isWhole && text !== '' ? END : '');
    this.#shown = isWhole ? '' : text;
    if (change === '') return;
    this.state.lines.take(change);
    this.#deps.send(change);
  }

  #stop(): void {
    this.#run = null;
    clearTimeout(this.#timer);
    this.#engine?.close();
    this.#engine = null;
    this.#ear?.close();
    this.#ear = null;
    this.#tries = 0;
    if (this.#shown !== '') this.#write(this.#shown, true);
    this.#become('off');
  }

  #become(own: Captions['own']): void {
    if (this.state.own === own) return;
    this.state.own = own;
    this.#deps.tell();
    this.#deps.changed();
  }
}
