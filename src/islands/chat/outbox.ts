/** A line that is not at the server yet. `key`: sent again it is kept once. */
export interface Unsent {
  key: string;
  text: string;
}

/** What was typed and not sent, kept in this tab across reloads. */
export interface Kept {
  unsent: Unsent[];
  /** The server will never take them. */
  refused: Unsent[];
  typing: string;
}

/** Returns what was kept; anything that isn't of this form counts as nothing. */
export function readKept(text: string | null): Kept {
  const nothing: Kept = { unsent: [], refused: [], typing: '' };
  try {
    const found: unknown = JSON.parse(text ?? 'null');
    if (typeof found !== 'object' || found === null) return nothing;
    const { unsent, refused, typing } = found as Partial<Kept>;
    const isLine = (each: unknown): each is Unsent =>
      typeof (each as Unsent)?.key === 'string' && typeof (each as Unsent)?.text === 'string';
    const linesIn = (some: unknown): Unsent[] => (Array.isArray(some) ? some.filter(isLine) : []);
    return {
      unsent: linesIn(unsent),
      refused: linesIn(refused),
      typing: typeof typing === 'string' ? typing : '',
    };
  } catch {
    return nothing;
  }
}

/**
 * What became of a line: `kept`; `refused` for good, with its reason; `away`: there is no connection, or the server is not well; `many`: it is taken later,
 * since many were sent in a row.
 */
export type Sent = { as: 'kept' } | { as: 'refused'; reason: string } | { as: 'away' | 'many' };

/** Sends lines one after the other, in their order, and each until it is known what became of it. */
export class Outbox {
  readonly #send: (line: Unsent) => Promise<Sent>;
  readonly #changed: (lines: readonly Unsent[], refused: readonly Unsent[]) => void;
  #refused: Unsent[];
  #lines: Unsent[];
  #isSending = false;

  constructor(
    { unsent, refused }: Pick<Kept, 'unsent' | 'refused'>,
    send: (line: Unsent) => Promise<Sent>,
    changed: (lines: readonly Unsent[], refused: readonly Unsent[]) => void,
  ) {
    this.#lines = [...unsent];
    this.#refused = [...refused];
    this.#send = send;
    this.#changed = changed;
  }

  get lines(): readonly Unsent[] {
    return this.#lines;
  }

  /** What the server will never take: it stays where its writer sees it. */
  get refused(): readonly Unsent[] {
    return this.#refused;
  }

  add(line: Unsent): Promise<Sent> {
    this.#lines = [...this.#lines, line];
    this.#changed(this.#lines, this.#refused);
    return this.flush();
  }

  /** Sends what waits. Returns what became of the last line that was tried. */
  async flush(): Promise<Sent> {
    if (this.#isSending) return { as: 'kept' };
    this.#isSending = true;
    let last: Sent = { as: 'kept' };
    try {
      while (this.#lines[0]) {
        const [first] = this.#lines;
        last = await this.#send(first);
        if (last.as === 'away' || last.as === 'many') break;
        this.#lines = this.#lines.slice(1);
        if (last.as === 'refused') this.#refused = [...this.#refused, first];
        this.#changed(this.#lines, this.#refused);
        if (last.as === 'refused') break;
      }
    } finally {
      this.#isSending = false;
    }
    return last;
  }
}
