/** What is looked at: pages, or one picture. */
export interface Sheets {
  count: number;
  /** In points or pixels: it is scaled to what there is room for. Pages are counted from 1; `turn` in degrees, clockwise. */
  sizeOf(page: number, turn: number): Promise<{ width: number; height: number }>;
  /** Draws a page onto a canvas, so many times its size. A drawing that another one overtakes is given up. */
  draw(
    page: number,
    canvas: HTMLCanvasElement,
    view: { scale: number; turn: number },
  ): Promise<void>;
  /** What is written on it, as far as it says so; empty: a picture. */
  textOf(page: number): Promise<string>;
  close(): void;
}

/** Why something isn't shown: the page has words for each. */
export class NotShown extends Error {
  readonly why: 'mistake' | 'locked' | 'away' | 'unread';
  constructor(why: NotShown['why']) {
    super(why);
    this.why = why;
  }
}
