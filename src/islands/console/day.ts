import { released } from './pointer.ts';

interface Told {
  lost(): void;
  ended(): void;
  /** The new day replaced the old one. */
  shown(): void;
  /** A new warning appeared; '': the warnings ended. */
  alarmed(text: string): void;
}

/** "In 5 min" is true for a minute. */
const MINUTE_MS = 60_000;
/** The minimum time between two requests. */
const REST_MS = 1_000;

const find = <E extends Element = HTMLElement>(what: string, within: ParentNode = document) =>
  within.querySelector<E>(what);

/** The list of the day, and the next appointment where the page shows it. */
export class Day {
  readonly #told: Told;
  readonly #beat: ReturnType<typeof setInterval>;
  readonly #refreshOld = () => {
    if (!document.hidden && Date.now() - this.#asked >= MINUTE_MS) this.refresh();
  };
  #isWanted = false;
  #isBusy = false;
  #isStopped = false;
  #asked = Date.now();

  constructor(told: Told) {
    this.#told = told;
    this.#beat = setInterval(this.#refreshOld, MINUTE_MS / 6);
    document.addEventListener('visibilitychange', this.#refreshOld);
  }

  refresh(): void {
    this.#isWanted = true;
    if (this.#isBusy || this.#isStopped) return;
    this.#isBusy = true;
    this.#isWanted = false;
    void this.#look().then(() =>
      setTimeout(() => {
        this.#isBusy = false;
        if (this.#isWanted) this.refresh();
      }, REST_MS),
    );
  }

  /** Handles a change in a desk's state: pages that show desks fetch the day again. */
  hear(): void {
    if (find('.day-region[data-hears="presence"]')) this.refresh();
  }

  /** Returns the day that is shown. */
  shown(): string | undefined {
    return find('.day-region')?.dataset.day;
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#beat);
    document.removeEventListener('visibilitychange', this.#refreshOld);
  }

  async #look(): Promise<void> {
    const { from } = find('.day-region')?.dataset ?? {};
    if (!from) return;
    this.#asked = Date.now();
    try {
      const answer = await fetch(from, { headers: { 'X-Refresh': '1' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      await released();
      if (this.#isStopped) return;
      const fresh = find('.day-region', page);
      if (fresh) this.#show(fresh, page);
      else if (answer.ok || answer.status === 404) this.#told.ended();
      else this.#told.lost();
    } catch {
      this.#told.lost();
    }
  }

  #show(fresh: HTMLElement, page: Document): void {
    const alarm = fresh.dataset.alarm ?? '';
    if (alarm !== (find('.day-region')?.dataset.alarm ?? '')) this.#told.alarmed(alarm);
    put(fresh, page);
    this.#told.shown();
  }
}

/** Scrolls the day to the open appointment, or to the current hour. */
export function showPlace(): void {
  const region = find('.day-region');
  const place = find('.day-region .who[aria-current]')?.closest('li') ?? find('.line .now');
  if (!region || !place || region.scrollTop > 0) return;
  const { top, bottom } = region.getBoundingClientRect();
  const { top: placeTop, bottom: placeBottom } = place.getBoundingClientRect();
  if (placeBottom > bottom) region.scrollTop = placeTop - top - region.clientHeight / 3;
}

function put(fresh: HTMLElement, page: Document): void {
  const region = find('.day-region');
  if (!region) return;
  const current = find('#live')?.dataset.here;
  if (current) find(`a[href="${current}"]`, fresh)?.setAttribute('aria-current', 'true');
  // The form that chooses a day stays, and everything before it.
  replace(region, [find('#day')], [find('#day', fresh)]);
  keepOpen(region, fresh);
  replace(region, after(find('.choose', region)), after(find('.choose', fresh)));
  region.dataset.alarm = fresh.dataset.alarm ?? '';
  // Replaces the desk's state, but not its form: the form leads back to this page, and may have the focus.
  const own = find('#presence > summary');
  const freshOwn = find('#presence > summary', page);
  if (own && freshOwn) own.replaceChildren(...freshOwn.childNodes);
  const next = find('section[aria-labelledby="next"]');
  const freshNext = find('section[aria-labelledby="next"]', page);
  if (next && freshNext) replace(next, [...next.childNodes], [...freshNext.childNodes]);
}

function after(element: Element | null): ChildNode[] {
  const found: ChildNode[] = [];
  for (let node = element?.nextSibling; node; node = node.nextSibling) found.push(node);
  return found;
}

/** Opens in the new day what the reader opened in the old one. */
function keepOpen(region: HTMLElement, fresh: HTMLElement): void {
  const done = '.day-done';
  const old = find<HTMLDetailsElement>(done, region);
  if (old?.open) find(done, fresh)?.toggleAttribute('open', true);
}

const textOf = (nodes: readonly (ChildNode | null)[]): string =>
  nodes.map((each) => (each instanceof Element ? each.outerHTML : each?.textContent)).join('');

/** Replaces `old` at the end of `region` with `fresh`. The focus stays on the link to the same place, and the scroll position stays. */
function replace(
  region: HTMLElement,
  old: readonly (ChildNode | null)[],
  fresh: readonly (ChildNode | null)[],
): void {
  if (textOf(old) === textOf(fresh)) return;
  const { scrollTop } = region;
  const focused = document.activeElement;
  const had = old.some((each) => each?.contains(focused));
  const href = focused?.getAttribute('href');
  const [first] = old;
  for (const each of fresh) {
    if (!each) continue;
    if (first) first.before(each);
    else region.append(each);
  }
  for (const each of old) each?.remove();
  region.scrollTop = scrollTop;
  if (!had) return;
  const again = href ? find(`a[href="${href}"]`, region) : null;
  const heading = find('h1, h2', region);
  if (!again && heading) heading.tabIndex = -1;
  (again ?? heading)?.focus({ preventScroll: true });
}
