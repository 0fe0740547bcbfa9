/**
 * Improves the page of times: more days, a part of the day and another language appear without a new page. It fetches the pages of its own
 * links and takes their contents, so the result is the same as without a script. On any surprise the link works as usual.
 */

/** Reads changes out for screen readers. */
const live = document.createElement('p');
live.className = 'hide';
live.setAttribute('role', 'status');
document.body.append(live);

const find = <E extends Element = HTMLElement>(what: string, within: ParentNode = document) =>
  within.querySelector<E>(what);
const here = () => location.pathname + location.search;

/** The address whose times are shown, and the request in progress. */
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
  const url = new URL(form.getAttribute('action') ?? '', location.href);
  for (const [name, value] of new FormData(form)) url.searchParams.set(name, String(value));
  void load(url.href, form, (page) => swap(page, '.change summary'));
});

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !radios().includes(target)) return;
  for (const each of radios()) if (each !== target) each.checked = false;
  showChoice();
});

document.addEventListener('submit', () => {
  for (const each of radios()) each.name = 'start';
});

addEventListener('pageshow', () => {
  giveStops();
  showChoice(); // the browser may have restored one
});

addEventListener('popstate', () => {
  // A jump within the page is not a new page.
  if (here() !== shown) void load(location.href, null, (page) => swap(page));
});

const radios = () => [...document.querySelectorAll<HTMLInputElement>('.days [type="radio"]')];

/**
 * Makes each part that opens a group of radio buttons of its own; a choice in one clears the others. One group is one stop of the Tab key,
 * so the keyboard could hardly move between days.
 */
function giveStops(): void {
  const folds = [...document.querySelectorAll('.days details')];
  for (const each of radios()) {
    const fold = each.closest('details');
    each.name = `start-${fold ? folds.indexOf(fold) : ''}`;
  }
}

/** Writes the chosen time beside the button. It isn't read out: the radio button has the same name. */
function showChoice(): void {
  const chosen = radios()
    .find((each) => each.checked)
    ?.getAttribute('aria-label');
  const choice = find('#choice');
  if (choice && chosen) choice.textContent = `${chosen}, ${choice.dataset.way}`;
}

/**
 * Fetches a page and shows its times. `control` is the pressed element; without one the reader went back or forward, and the address has
 * already changed.
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

/** Opens the address as a link does. */
function leave(url: string, control: HTMLElement | null): void {
  if (control) location.assign(url);
  else location.reload();
}

/** Shows a failure beside the pressed element; a second press works as without a script. */
function showFailure(control: HTMLElement): void {
  control.dataset.plain = 'yes';
  const note = document.createElement('p');
  note.className = 'notice warn';
  note.setAttribute('role', 'alert');
  control.after(note);
  note.textContent = find('#times')?.dataset.failed ?? '';
}

/** Adds the days of a page below the existing ones; the choice stays. */
function append(page: Document): void {
  // The first time of each page has the id that its error summary leads to.
  find('#start', page)?.removeAttribute('id');
  const days = [...page.querySelectorAll<HTMLElement>('.days > details')];
  find('.days')?.append(...days);
  replace('.more', page);
  const summary = find('summary', days[0]);
  summary?.focus();
  say(find('#times', page)?.dataset.more);
}

/** Replaces the content with another page's. The focus goes to the element that `focus` names there; a chosen time stays chosen. */
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
  showChoice();
  if (focus) find(focus)?.focus();
  say(find('#times')?.dataset.said);
}

function replace(what: string, page: Document): void {
  const fresh = find(what, page);
  if (fresh) find(what)?.replaceWith(fresh);
}

/** Reads words out. Clearing first makes a screen reader repeat equal words. */
function say(words = ''): void {
  live.textContent = '';
  requestAnimationFrame(() => {
    live.textContent = words;
  });
}

export {};
