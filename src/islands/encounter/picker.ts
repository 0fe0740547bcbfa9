import type { Picked, Pickings } from '../../features/service/encounter/types.ts';
import type { Keeper } from './keeper.ts';

/** The pause in typing after which the catalogue is searched. */
const PAUSE = 120;

/** Makes the form's field search the catalogue, where the form has one. */
export function openPicker(form: HTMLFormElement, keeper: Keeper): void {
  const field = form.querySelector<HTMLElement>('#picker');
  const input = form.querySelector<HTMLInputElement>('#pick');
  const list = form.querySelector<HTMLElement>('#picks');
  if (!field || !input || !list) return;
  field.hidden = false;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', list.dataset.label ?? '');
  new Picker(field.dataset.from ?? '', input, list, keeper).listen();
}

/**
 * One field for all items of an encounter: some letters and Enter add an item with its usual outcome, and the field is empty again. A text
 * that is in no catalogue is kept as typed.
 */
class Picker {
  readonly #from: string;
  readonly #input: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #keeper: Keeper;
  #timer = 0;
  #active = 0;
  /** The text whose results the list shows. */
  #listed = '';
  #asking: Promise<void> = Promise.resolve();

  constructor(from: string, input: HTMLInputElement, list: HTMLElement, keeper: Keeper) {
    this.#from = from;
    this.#input = input;
    this.#list = list;
    this.#keeper = keeper;
  }

  listen(): void {
    this.#input.addEventListener('input', () => this.#typed());
    this.#input.addEventListener('keydown', (event) => this.#press(event));
    this.#input.addEventListener('blur', () => this.#close());
    // Keeps the focus in the field: losing it would close the list.
    this.#list.addEventListener('mousedown', (event) => event.preventDefault());
    this.#list.addEventListener('click', ({ target }) => {
      const option =
        target instanceof Element ? target.closest<HTMLElement>('[role="option"]') : null;
      if (option) void this.#take(option);
    });
  }

  #press(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      if (!event.repeat) void this.#pick();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (this.#list.hidden) this.#typed();
      else this.#mark(this.#active + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Escape' && !this.#list.hidden) {
      event.preventDefault();
      this.#close();
    }
  }

  #options(): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>('[role="option"]')];
  }

  #mark(index: number): void {
    const all = this.#options();
    this.#active = Math.max(0, Math.min(index, all.length - 1));
    all.forEach((each, nth) => {
      each.setAttribute('aria-selected', String(nth === this.#active));
    });
    const chosen = all[this.#active];
    if (chosen) this.#input.setAttribute('aria-activedescendant', chosen.id);
    chosen?.scrollIntoView({ block: 'nearest' });
  }

  #close(): void {
    this.#list.hidden = true;
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.removeAttribute('aria-activedescendant');
  }

  #show(text: string, { picks, isPartial }: Pickings): void {
    const name = (this.#list.dataset.words ?? '#').replace('#', text);
    const words = { value: `w:${text}`, name, kind: '' };
    const all = isPartial ? [words, ...picks] : [...picks, words];
    this.#list.replaceChildren(...all.map(optionOf));
    this.#listed = text;
    this.#list.hidden = false;
    this.#input.setAttribute('aria-expanded', 'true');
    this.#mark(0);
  }

  async #look(text: string): Promise<void> {
    const found = await ask(`${this.#from}?q=${encodeURIComponent(text)}`);
    if (this.#input.value.trim() === text) this.#show(text, found);
  }

  #typed(): void {
    window.clearTimeout(this.#timer);
    const text = this.#input.value.trim();
    if (text === '') {
      this.#close();
      return;
    }
    this.#timer = window.setTimeout(() => {
      this.#asking = this.#look(text);
    }, PAUSE);
  }

  /** Adds the marked item, after the pending search has finished. */
  async #pick(): Promise<void> {
    const text = this.#input.value.trim();
    if (text === '') return;
    window.clearTimeout(this.#timer);
    await this.#asking;
    if (this.#listed !== text || this.#list.hidden) await this.#look(text);
    // A second press, or new typing, has replaced this text.
    if (this.#input.value.trim() !== text) return;
    await this.#take(this.#options()[this.#active]);
  }

  async #take(option: HTMLElement | undefined): Promise<void> {
    const text = this.#input.value;
    if (!option) return;
    this.#close();
    this.#input.value = '';
    if (await this.#keeper.send(`pick-${option.dataset.value}`)) return;
    if (this.#input.value === '') this.#input.value = text;
  }
}

function optionOf({ value, name, kind }: Picked, index: number): HTMLElement {
  const option = document.createElement('div');
  option.id = `picks-${index}`;
  option.setAttribute('role', 'option');
  option.dataset.value = value;
  const what = document.createElement('span');
  what.textContent = name;
  const sort = document.createElement('span');
  sort.className = 'small soft';
  sort.textContent = kind;
  option.append(what, sort);
  return option;
}

/** Returns the results of a search; only the typed text itself when the request fails. */
async function ask(address: string): Promise<Pickings> {
  const nothing = { picks: [], isPartial: false };
  try {
    const answer = await fetch(address);
    return answer.ok ? ((await answer.json()) as Pickings) : nothing;
  } catch {
    return nothing;
  }
}
