/** The sheets to show: pages, or one picture. */
export interface Sheets {
  count: number;
  /** Returns the size in points or pixels; it is scaled to the available room. Pages are counted from 1; `turn` in degrees, clockwise. */
  sizeOf(page: number, turn: number): Promise<{ width: number; height: number }>;
  /** Draws a page onto a canvas, scaled by a factor. A newer drawing cancels it. */
  draw(
    page: number,
    canvas: HTMLCanvasElement,
    view: { scale: number; turn: number },
  ): Promise<void>;
  /** Returns the text of a page, as far as the file has it; empty: a picture. */
  textOf(page: number): Promise<string>;
  close(): void;
}

/** The reason why something isn't shown: the page has words for each. */
export class NotShown extends Error {
  readonly why: 'mistake' | 'locked' | 'away' | 'unread';
  constructor(why: NotShown['why']) {
    super(why);
    this.why = why;
  }
}
