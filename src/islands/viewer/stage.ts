import { made } from './element.ts';
import { NotShown, type Sheets } from './types.ts';

export type Word = (name: string, values?: Record<string, string>) => string;

/** Factors of the size that fits. */
const ZOOMS = [1, 1.25, 1.5, 2, 3, 4];
/** The maximum pixels of a canvas: some browsers refuse more, and it would not be visible. */
const MOST_PIXELS = 16_000_000;

/** Shows pages in `region`, one at a time; they can be turned, enlarged and moved by hand or by keys. */
export async function showSheets(region: HTMLElement, sheets: Sheets, word: Word): Promise<void> {
  const stage = new Stage(sheets, word);
  region.replaceChildren(...stage.elements());
  await stage.show();
}

const within = (value: number, least: number, most: number) =>
  Math.min(most, Math.max(least, value));

function button(text: string, press: () => void): HTMLButtonElement {
  const element = made('button', 'button quiet', text) as HTMLButtonElement;
  element.type = 'button';
  element.addEventListener('click', press);
  return element;
}

/** The shown page of some sheets. */
class Stage {
  readonly #sheets: Sheets;
  readonly #word: Word;
  readonly #canvas = document.createElement('canvas');
  readonly #stage = made('div', 'stage');
  readonly #status = made('p', 'small');
  readonly #text = made('details', '');
  readonly #words = made('p', 'written');
  readonly #buttons: Record<'previous' | 'next' | 'closer' | 'farther' | 'turn', HTMLButtonElement>;
  #page = 1;
  #turn = 0;
  #zoom = 0;

  constructor(sheets: Sheets, word: Word) {
    this.#sheets = sheets;
    this.#word = word;
    this.#buttons = {
      previous: button(word('previous'), () => this.#goTo(this.#page - 1)),
      next: button(word('next'), () => this.#goTo(this.#page + 1)),
      closer: button(word('closer'), () => this.#zoomTo(this.#zoom + 1)),
      farther: button(word('farther'), () => this.#zoomTo(this.#zoom - 1)),
      turn: button(word('turn'), () => this.#turnOn()),
    };
    this.#canvas.setAttribute('role', 'img');
    this.#stage.tabIndex = 0;
    this.#stage.setAttribute('role', 'group');
    this.#stage.append(this.#canvas);
    this.#stage.addEventListener('keydown', (event) => this.#press(event));
    this.#status.setAttribute('role', 'status');
    this.#text.append(made('summary', '', word('text')), this.#words);
  }

  /** Returns the elements for the page, in this order. */
  elements(): HTMLElement[] {
    const { previous, next, closer, farther, turn } = this.#buttons;
    const bar = made('div', 'tools');
    bar.setAttribute('role', 'group');
    bar.setAttribute('aria-label', this.#word('tools'));
    const paging = this.#sheets.count > 1 ? [previous, next] : [];
    bar.append(...paging, closer, farther, turn);
    return [bar, this.#status, this.#stage, this.#text];
  }

  async show(): Promise<void> {
    this.#showWhereabouts();
    await this.#draw();
    const written = await this.#sheets.textOf(this.#page);
    this.#words.textContent = written;
    this.#text.hidden = written === '';
  }

  #showWhereabouts(): void {
    const { previous, next, closer, farther } = this.#buttons;
    const { count } = this.#sheets;
    previous.setAttribute('aria-disabled', `${this.#page === 1}`);
    next.setAttribute('aria-disabled', `${this.#page === count}`);
    closer.setAttribute('aria-disabled', `${this.#zoom === ZOOMS.length - 1}`);
    farther.setAttribute('aria-disabled', `${this.#zoom === 0}`);
    const percent = `${Math.round((ZOOMS[this.#zoom] ?? 1) * 100)}`;
    const page = this.#word('page', { page: `${this.#page}`, pages: `${count}` });
    this.#status.textContent = [page, this.#word('zoom', { percent })].join(' · ');
    for (const each of [this.#stage, this.#canvas]) each.setAttribute('aria-label', page);
  }

  async #draw(): Promise<void> {
    const { width, height } = await this.#sheets.sizeOf(this.#page, this.#turn);
    const { clientWidth, clientHeight } = this.#stage;
    const fit = Math.min(clientWidth / width, Math.max(clientHeight, clientWidth * 1.4) / height);
    const scale = fit * (ZOOMS[this.#zoom] ?? 1);
    const most = Math.sqrt(MOST_PIXELS / (width * height));
    await this.#sheets.draw(this.#page, this.#canvas, {
      scale: Math.min(scale * (devicePixelRatio || 1), most),
      turn: this.#turn,
    });
    this.#canvas.style.width = `${Math.floor(width * scale)}px`;
    this.#canvas.dataset.shown = `${this.#page} ${this.#turn} ${this.#zoom}`;
  }

  #goTo(page: number): void {
    const before = this.#page;
    this.#page = within(page, 1, this.#sheets.count);
    if (this.#page !== before) this.#stage.scrollTo(0, 0);
    this.#showAgain();
  }

  #zoomTo(zoom: number): void {
    this.#zoom = within(zoom, 0, ZOOMS.length - 1);
    this.#showAgain();
  }

  #turnOn(): void {
    this.#turn = (this.#turn + 90) % 360;
    this.#showAgain();
  }

  #showAgain(): void {
    void this.show().catch((error: unknown) => {
      this.#status.textContent = this.#word(error instanceof NotShown ? error.why : 'mistake');
    });
  }

  #press(event: KeyboardEvent): void {
    const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
    const act = hasModifier ? undefined : this.#keys()[event.key];
    if (!act) return;
    event.preventDefault();
    // The console's shortcuts belong to the page, not to the viewer.
    event.stopPropagation();
    act();
  }

  #keys(): Record<string, () => void> {
    return {
      PageUp: () => this.#goTo(this.#page - 1),
      PageDown: () => this.#goTo(this.#page + 1),
      Home: () => this.#goTo(1),
      End: () => this.#goTo(this.#sheets.count),
      '+': () => this.#zoomTo(this.#zoom + 1),
      '-': () => this.#zoomTo(this.#zoom - 1),
    };
  }
}
