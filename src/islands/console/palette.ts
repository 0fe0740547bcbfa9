import { unaccented } from '../../ui/unaccented.ts';
import { act, listed } from './keys.ts';

interface Choice {
  text: string;
  /** Its shortcut, or its place. */
  beside: string;
  run(): void;
}

/** What the server finds; see `findPage`. */
interface Findable {
  text: string;
  beside: string;
  href: string;
}

const find = <E extends Element = HTMLElement>(what: string) => document.querySelector<E>(what);

/**
 * The command palette: every page and every action of this page, found by typing, and the people, absences, procedures and open cases of the office,
 * which are asked for when it opens. The typed text leaves the browser only when the search is chosen. To be called once.
 */
export function openPalette(): void {
  document.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('[data-action="palette"]')) open();
  });
}

function open(): void {
  const panel = find<HTMLDialogElement>('#palette');
  const field = find<HTMLInputElement>('#palette-text');
  const list = find('#palette-list');
  if (!panel || !field || !list) return;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', panel.dataset.list ?? '');
  let choices = gather();
  let shown: Choice[] = [];
  let at = 0;

  const show = (held?: Choice) => {
    shown = matching(choices, field.value, panel.dataset.search ?? '');
    list.replaceChildren(...shown.map(optionOf));
    point(Math.max(0, held ? shown.findIndex(({ text }) => text === held.text) : 0));
    const told = find('#palette-told');
    const words = shown.length > 0 ? panel.dataset.count : panel.dataset.none;
    if (told) told.textContent = (words ?? '').replace('#', String(shown.length));
  };
  const point = (to: number) => {
    at = shown.length > 0 ? (to + shown.length) % shown.length : 0;
    [...list.children].forEach((each, index) => {
      each.setAttribute('aria-selected', String(index === at));
    });
    const option = list.children[at];
    option?.scrollIntoView({ block: 'nearest' });
    if (option) field.setAttribute('aria-activedescendant', option.id);
    else field.removeAttribute('aria-activedescendant');
  };
  const choose = (index: number) => {
    const chosen = shown[index];
    if (!chosen) return;
    panel.close();
    chosen.run();
  };

  field.value = '';
  field.oninput = () => show();
  field.onkeydown = (event) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown') point(at + 1);
    else if (event.key === 'ArrowUp') point(at - 1);
    else if (event.key === 'Enter') choose(at);
    else return;
    event.preventDefault();
  };
  list.onclick = ({ target }) => {
    const option = target instanceof Element && target.closest('[role="option"]');
    if (option) choose([...list.children].indexOf(option));
  };
  show();
  panel.showModal();
  field.focus();
  void more(panel.dataset.more).then((found) => {
    if (found.length === 0 || !panel.open) return;
    choices = [...choices, ...found];
    // What is chosen already stays chosen: the others follow it.
    if (field.value !== '') show(shown[at]);
  });
}

/** Returns the actions of this page, today's citizens and the places, from the page. */
function gather(): Choice[] {
  const actions = listed().flatMap(({ name, words, row, element }): Choice[] =>
    element && name !== 'palette'
      ? [{ text: words, beside: textOf(row.querySelector('kbd')), run: () => perform(name) }]
      : [],
  );
  const day = textOf(find('#day')?.firstChild ?? null);
  const citizens = links('.day-region a.who').map((link): Choice => {
    const time = textOf(link.closest('li')?.querySelector('time') ?? null);
    return { text: `${time} ${textOf(link)}`, beside: day, run: () => follow(link) };
  });
  const places = ['.posts a', '.places a', '.fold .menu a'].flatMap((where) =>
    links(where)
      .filter((link) => !link.dataset.action && !link.hasAttribute('aria-current'))
      .map(
        (link): Choice => ({
          text: textOf(link),
          beside: link.closest('nav')?.getAttribute('aria-label') ?? '',
          run: () => follow(link),
        }),
      ),
  );
  return [...actions, ...citizens, ...places];
}

/** Asks for what the office has beside this page; nothing where there is no answer. */
async function more(address: string | undefined): Promise<Choice[]> {
  if (!address) return [];
  try {
    const answer = await fetch(address, { headers: { 'X-Refresh': '1' } });
    const found = answer.ok ? ((await answer.json()) as Findable[]) : [];
    return found.map(({ text, beside, href }) => ({ text, beside, run: () => goTo(href) }));
  } catch {
    return [];
  }
}

/** Follows an address as a link does, so that a call goes on. */
function goTo(href: string): void {
  const link = document.createElement('a');
  link.href = href;
  document.body.append(link);
  link.click();
  link.remove();
}

/** Clicks the current element of an action: the page may have been refreshed since the list opened. */
function perform(name: string): void {
  const { element } = listed().find((each) => each.name === name) ?? {};
  if (element) act(element);
}

/** Follows a link, also one that was replaced meanwhile: a click on a detached element isn't intercepted, and would end a call. */
function follow(link: HTMLAnchorElement): void {
  const isGone = !link.isConnected;
  if (isGone) document.body.append(link);
  link.click();
  if (isGone) link.remove();
}

function matching(choices: readonly Choice[], typed: string, search: string): Choice[] {
  const words = unaccented(typed).split(/\s+/).filter(Boolean);
  const found = choices.filter(({ text, beside }) => {
    const all = unaccented(`${text} ${beside}`);
    return words.every((word) => all.includes(word));
  });
  const sought = find<HTMLInputElement>('#find');
  if (words.length === 0 || !sought) return found;
  const run = () => {
    sought.value = typed.trim();
    sought.form?.requestSubmit();
  };
  return [...found, { text: search.replace('#', typed.trim()), beside: '', run }];
}

function optionOf({ text, beside }: Choice, index: number): HTMLElement {
  const option = document.createElement('div');
  option.id = `palette-${index}`;
  option.setAttribute('role', 'option');
  const end = document.createElement('span');
  end.className = 'small soft';
  end.textContent = beside;
  option.append(text, ' ', end);
  return option;
}

const links = (where: string) => [...document.querySelectorAll<HTMLAnchorElement>(where)];

const textOf = (node: Node | null): string => (node?.textContent ?? '').replace(/\s+/g, ' ').trim();
