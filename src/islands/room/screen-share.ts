import { ifWanted } from '../device/late.ts';

/** A window or a screen that is shared beside the camera. */
export class ScreenShare {
  readonly #visit: () => symbol | null;
  readonly #changed: () => void;
  #track: MediaStreamTrack | null = null;

  /** `visit`: changes when the room is left; results of an earlier visit are ignored. */
  constructor(visit: () => symbol | null, changed: () => void) {
    this.#visit = visit;
    this.#changed = changed;
  }

  /** Returns the shared track; null: none. */
  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  /** Asks for a window or screen to share, or stops sharing. */
  async toggle(): Promise<void> {
    if (this.#track) this.stop();
    else if (!(await this.#ask())) return;
    this.#changed();
  }

  stop(): void {
    this.#track?.stop();
    this.#track = null;
  }

  async #ask(): Promise<boolean> {
    const mine = this.#visit();
    const stream = await navigator.mediaDevices
      .getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false })
      .catch(() => null);
    const isWanted = this.#visit() === mine && !this.#track;
    const track = ifWanted(stream, isWanted)?.getVideoTracks()[0];
    if (!track) return false;
    this.#track = track;
    track.contentHint = 'detail';
    track.addEventListener('ended', () => {
      if (this.#track) void this.toggle();
    });
    return true;
  }
}
