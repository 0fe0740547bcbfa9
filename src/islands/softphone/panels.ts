import { ifWanted } from '../device/late.ts';
import type { State } from './region.ts';
import type { Shared } from './shared.ts';
import { offerDevices } from './sound.ts';

type Panel = NonNullable<State['open']>;

/** The element that gets the focus when a panel opens. */
const FIRST: Record<Panel, string> = {
  pad: '[data-tone]',
  dial: '#phone-number',
  sound: 'select',
};

/** The panels that a button opens and closes: keypad, number to dial, devices. */
export class Panels {
  readonly #shared: Shared;
  #stopMeter = () => {};

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  toggle(panel: Panel): void {
    const { state, root } = this.#shared;
    state.open = state.open === panel ? null : panel;
    this.#shared.show();
    if (state.open === panel) root.querySelector<HTMLElement>(FIRST[panel])?.focus();
    this.#stopMeter();
    if (state.open === 'sound') void this.#hearMicrophone();
  }

  /** Closes the panels at the beginning of a call, whose own buttons replace them. */
  close(): void {
    this.#stopMeter();
    this.#shared.state.open = null;
  }

  async #hearMicrophone(): Promise<void> {
    const { state, root, sound, region } = this.#shared;
    const stream = ifWanted(await this.#shared.microphone(), state.open === 'sound');
    void offerDevices(root, sound, region.word('system'));
    if (!stream) return;
    this.#stopMeter(); // of a panel that was closed and opened again meanwhile
    const meter = region.part<HTMLMeterElement>('level');
    const stop = sound.measure(stream, (level) => {
      meter.value = level;
    });
    this.#stopMeter = () => {
      stop();
      for (const track of stream.getTracks()) track.stop();
      this.#stopMeter = () => {};
    };
  }
}
