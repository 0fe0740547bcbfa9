import type { Picked, Pickings } from '../../features/service/encounter/types.ts';
import type { Keeper } from './keeper.ts';

/** Between two letters nothing is asked. */
const PAUSE = 120;

/**
 * One field for everything that may be noted down: some letters, Enter, and it is there with its usual outcome; the field is
 * empty again for the next. What is in no catalogue is kept as it was typed.
 */
export function createPicker(form: HTMLFormElement, keeper: Keeper): void {
  const field = form.querySelector<HTMLElement>('#picker');
  const input = form.querySelector<HTMLInputElement>('#pick');
  const list = form.querySelector<HTMLElement>('#picks');
  if (!field || !input || !list) return;
  field.hidden = false;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', list.dataset.label ?? '');
  let timer = 0;
  let active = 0;
  /** What the list shows is of this text. */
  let listed = '';
  let asking: Promise<void> = Promise.resolve();

  const options = () => [...list.querySelectorAll<HTMLElement>('[role="option"]')];

  const mark = (index: number) => {
    const all = options();
    active = Math.max(0, Math.min(index, all.length - 1));
    all.forEach((each, nth) => {
      each.setAttribute('aria-selected', String(nth === active));
    });
    const chosen = all[active];
    if (chosen) input.setAttribute('aria-activedescendant', chosen.id);
    chosen?.scrollIntoView({ block: 'nearest' });
  };

  const close = () => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };

  const show = (text: string, { picks, isPartial }: Pickings) => {
    const name = (list.dataset.words ?? '#').replace('#', text);
    const words = { value: `w:${text}`, name, kind: '' };
    const all = isPartial ? [words, ...picks] : [...picks, words];
    list.replaceChildren(...all.map(optionOf));
    listed = text;
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    mark(0);
  };

  const look = async (text: string) => {
    const found = await ask(`${field.dataset.from}?q=${encodeURIComponent(text)}`);
    if (input.value.trim() === text) show(text, found);
  };

  const typed = () => {
    window.clearTimeout(timer);
    const text = input.value.trim();
    if (text === '') return close();
    timer = window.setTimeout(() => {
      asking = look(text);
    }, PAUSE);
  };

  /** Adds what is marked; what was typed a moment ago is looked for first. */
  const pick = async () => {
    const text = input.value.trim();
    if (text === '') return;
    window.clearTimeout(timer);
    await asking;
    if (listed !== text || list.hidden) await look(text);
    // It was pressed twice, and has been taken; or somebody types on.
    if (input.value.trim() !== text) return;
    await take(options()[active]);
  };

  const take = async (option: HTMLElement | undefined) => {
    const text = input.value;
    if (!option) return;
    close();
    input.value = '';
    if (await keeper.send(`pick-${option.dataset.value}`)) return;
    if (input.value === '') input.value = text;
  };

  input.addEventListener('input', typed);
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      if (!event.repeat) void pick();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) return typed();
      mark(active + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener('blur', close);
  // Before the field loses the focus, which closes the list.
  list.addEventListener('mousedown', (event) => event.preventDefault());
  list.addEventListener('click', ({ target }) => {
    const option =
      target instanceof Element ? target.closest<HTMLElement>('[role="option"]') : null;
    if (option) void take(option);
  });
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
