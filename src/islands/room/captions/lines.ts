import { createReader } from '../t140.ts';

/** How long the last words stay after nothing more was said: about the time to read two lines. */
const STAY_MS = 7_000;

/** The captions of one person's speech: the last whole sentence, and the one that is being spoken. */
export class CaptionLines {
  readonly #changed: () => void;
  #reader = createReader();
  #whole = '';
  #line = '';
  #timer = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get text(): string {
    return [this.#whole, this.#line].filter((each) => each !== '').join(' ');
  }

  /** Takes text as it arrives (T.140): changes of the current sentence, and its end. */
  take(data: string): void {
    const { line, ended } = this.#reader.take(data);
    this.#whole = ended.at(-1) ?? this.#whole;
    this.#line = line;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#clear(), STAY_MS) as unknown as number;
    this.#changed();
  }

  /** Starts again: the speaker's connection is a new one, or captions were turned off. */
  reset(): void {
    this.#reader = createReader();
    this.#clear();
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#whole = '';
    this.#line = '';
    this.#changed();
  }
}
