/**
 * Makes the page of times smoother: more days, a part of the day and another language come without a new page. It asks
 * for the very pages that its links lead to and takes their words, so what one sees is the same as without it. Where
 * anything is not as expected, the link does what links do.
 */

/** Who listens is told what changed. */
const live = document.createElement('p');
live.className = 'hide';
live.setAttribute('role', 'status');
document.body.append(live);

const find = <E extends Element = HTMLElement>(what: string, within: ParentNode = document) =>
  within.querySelector<E>(what);
const here = () => location.pathname + location.search;

/** The address whose times are shown, and the request under way. */
let shown = here();
let asking: AbortController | null = null;

document.addEventListener('click', (event) => {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  const link =
    event.target instanceof Element &&
    event.target.closest<HTMLAnchorElement>('#times a[rel="next"], .parts a');
  if (!link || !isPlain || event.defaultPrevented || link.dataset.plain) return;
  event.preventDefault();
  const isMore = link.rel === 'next';
  void load(link.href, link, (page) =>
    isMore ? append(page) : swap(page, '.parts [aria-current]'),
  );
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.closest('.change') || form.dataset.plain) return;
  event.preventDefault();
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form)) url.searchParams.set(name, String(value));
  void load(url.href, form, (page) => swap(page, '.change summary'));
});

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !radios().includes(target)) return;
  for (const each of radios()) if (each !== target) each.checked = false;
});

document.addEventListener('submit', () => {
  for (const each of radios()) each.name = 'start';
});

addEventListener('pageshow', giveStops);

addEventListener('popstate', () => {
  // Going to a place on the page is no other page.
  if (here() !== shown) void load(location.href, null, (page) => swap(page));
});

const radios = () => [...document.querySelectorAll<HTMLInputElement>('.days [type="radio"]')];

/**
 * A group of radio buttons is one stop of the Tab key, so that by keyboard one could hardly come from a day's times to
 * another's. Here each part that opens is a group of its own; what is chosen in one is taken back in the others.
 */
function giveStops(): void {
  const folds = [...document.querySelectorAll('.days details')];
  for (const each of radios()) {
    const fold = each.closest('details');
    each.name = `start-${fold ? folds.indexOf(fold) : ''}`;
  }
}

/**
 * Asks for a page and puts its times in place. `control` is what was pressed; without one the reader went back or forward,
 * and the address is there already.
 */
async function load(
  url: string,
  control: HTMLElement | null,
  put: (page: Document) => void,
): Promise<void> {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const main = find('main');
  main?.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(url, { signal: mine.signal });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!answer.ok || !find('#times', page)) return leave(url, control);
    if (control) history.pushState(null, '', answer.url);
    shown = here();
    put(page);
    giveStops();
    document.title = page.title;
    replace('.languages', page);
  } catch {
    if (mine.signal.aborted) return;
    if (control) showFailure(control);
    else leave(url, control);
  } finally {
    if (asking === mine) main?.removeAttribute('aria-busy');
  }
}

/** Goes there as a link does. */
function leave(url: string, control: HTMLElement | null): void {
  if (control) location.assign(url);
  else location.reload();
}

/** Says beside what was pressed that it didn't work; pressed again, it does what it does without a script. */
function showFailure(control: HTMLElement): void {
  control.dataset.plain = 'yes';
  const note = document.createElement('p');
  note.className = 'notice warn';
  note.setAttribute('role', 'alert');
  control.after(note);
  note.textContent = find('#times')?.dataset.failed ?? '';
}

/** Adds the days of a page below those that are there; what is chosen stays chosen. */
function append(page: Document): void {
  rename(find<HTMLInputElement>('#start', page));
  const days = [...page.querySelectorAll<HTMLElement>('.days > details')];
  find('.days')?.append(...days);
  replace('.more', page);
  const summary = find('summary', days[0]);
  summary?.focus();
  say(find('#times', page)?.dataset.more);
}

/** The first time of a page is `start`, for its error summary; the first of those added is named as the others. */
function rename(first: HTMLInputElement | null): void {
  const label = first?.nextElementSibling;
  if (!first || !(label instanceof HTMLLabelElement)) return;
  first.id = `start-${Date.parse(first.value) / 60_000}`;
  label.htmlFor = first.id;
}

/** Puts a page in the place of this one. The focus goes to what `focus` names there; a chosen time stays chosen. */
function swap(page: Document, focus?: string): void {
  const chosen = radios().find((each) => each.checked)?.value;
  const main = find('main', page);
  if (main) find('main')?.replaceChildren(...main.childNodes);
  const again = radios().find((each) => each.value === chosen);
  if (again) {
    again.checked = true;
    for (
      let fold = again.closest('details');
      fold;
      fold = fold.parentElement?.closest('details') ?? null
    )
      fold.open = true;
  }
  if (focus) find(focus)?.focus();
  say(find('#times')?.dataset.said);
}

function replace(what: string, page: Document): void {
  const fresh = find(what, page);
  if (fresh) find(what)?.replaceWith(fresh);
}

/** The same words twice are news too. */
function say(words = ''): void {
  live.textContent = '';
  requestAnimationFrame(() => {
    live.textContent = words;
  });
}

export {};
