/** Keeps the device awake during a call: a telephone with a dark screen stops its camera. */
export class WakeLock {
  readonly #visit: () => symbol | null;
  #lock: WakeLockSentinel | null = null;

  /** `visit`: changes when the room is left; results of an earlier visit are ignored. */
  constructor(visit: () => symbol | null) {
    this.#visit = visit;
  }

  async keep(): Promise<void> {
    const mine = this.#visit();
    const given = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
    if (this.#visit() === mine) this.#lock = given;
    else void given?.release().catch(() => {});
  }

  release(): void {
    void this.#lock?.release().catch(() => {});
  }
}
