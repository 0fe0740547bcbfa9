import { keepLive } from '../persistent-call/page.ts';
import { type Kept, keep, readKept } from './memory.ts';
import type { Region, State } from './region.ts';
import { Sound } from './sound.ts';

/** Returns the initial state of a telephone. `share`: the owner of the remembered call. */
export function newState(share: string): State {
  return {
    registration: 'connecting',
    call: null,
    ringing: null,
    kept: readKept(share),
    isLogged: false,
    open: null,
    note: '',
  };
}

/** The shared parts of a telephone: its state, its region, and its sound. */
export class Shared {
  readonly root: HTMLElement;
  readonly region: Region;
  /** The console's address of the office. */
  readonly base: string;
  readonly share: string;
  readonly state: State;
  readonly sound = new Sound();
  readonly persistentCall = keepLive(() => this.isLive);

  constructor(root: HTMLElement, region: Region) {
    this.root = root;
    this.region = region;
    this.base = root.dataset.base ?? '';
    this.share = root.dataset.share ?? '';
    this.state = newState(this.share);
  }

  get isLive(): boolean {
    return this.state.call !== null || this.state.ringing !== null;
  }

  show(): void {
    this.region.show(this.state);
  }

  /** Reads a text of the page out. `who`: the other side's name in it. */
  say(name: string, who?: string): void {
    this.region.say(this.region.word(name, who));
  }

  setKept(kept: Kept | null): void {
    this.state.kept = kept;
    keep(this.share, kept);
  }

  /** Returns the microphone, or null after showing the reason. */
  async microphone(): Promise<MediaStream | null> {
    this.state.note = '';
    try {
      return await this.sound.microphone();
    } catch {
      this.state.note = this.region.word('microphone');
      this.region.say(this.state.note);
      this.show();
      return null;
    }
  }
}
