import { createResampler, SAMPLES_A_SECOND } from './resample.ts';

// The scope of an audio worklet (Web Audio API, 1.32), which TypeScript's library lacks.
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: typeof AudioWorkletProcessor): void;

/** The samples of one message to the engine: a tenth of a second. */
const TOGETHER = SAMPLES_A_SECOND / 10;

/** Runs in the browser's audio thread: turns the sound of a microphone into samples for a speech-to-text engine. */
class Speech extends AudioWorkletProcessor {
  readonly #resample = createResampler(sampleRate, SAMPLES_A_SECOND);
  #piece = new Int16Array(TOGETHER);
  #filled = 0;

  /** Called for each 128 samples. Only the first channel counts. Returns whether there may be more. */
  process([input]: Float32Array[][]): boolean {
    for (const sample of this.#resample(input?.[0] ?? new Float32Array())) {
      this.#piece[this.#filled++] = sample;
      if (this.#filled === TOGETHER) this.#pass();
    }
    return true;
  }

  #pass(): void {
    this.port.postMessage(this.#piece.buffer, [this.#piece.buffer]);
    this.#piece = new Int16Array(TOGETHER);
    this.#filled = 0;
  }
}

registerProcessor('speech', Speech);
