import type { Picked, Pickings } from '../../features/service/encounter/types.ts';
import type { Keeper } from './keeper.ts';

/** Between two letters nothing is asked. */
const PAUSE = 120;

/** Makes the field of the form pick from the catalogue, where the form has one. */
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
 * One field for everything that may be noted down: some letters, Enter, and it is there with its usual outcome; the field is
 * empty again for the next. What is in no catalogue is kept as it was typed.
 */
class Picker {
  readonly #from: string;
  readonly #input: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #keeper: Keeper;
  #timer = 0;
  #active = 0;
  /** What the list shows is of this text. */
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
    // Before the field loses the focus, which closes the list.
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

  /** Adds what is marked; what was typed a moment ago is looked for first. */
  async #pick(): Promise<void> {
    const text = this.#input.value.trim();
    if (text === '') return;
    window.clearTimeout(this.#timer);
    await this.#asking;
    if (this.#listed !== text || this.#list.hidden) await this.#look(text);
    // It was pressed twice, and has been taken; or somebody types on.
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

/** Without an answer only one's own words are left to be added. */
async function ask(address: string): Promise<Pickings> {
  const nothing = { picks: [], isPartial: false };
  try {
    const answer = await fetch(address);
    return answer.ok ? ((await answer.json()) as Pickings) : nothing;
  } catch {
    return nothing;
  }
}
