import { carry } from './carry.ts';
import { dock, tell } from './dock.ts';
import { isCallLive, watchLive } from './live.ts';

/** A telephone call or a room, which a new page would end. */
export interface PersistentCall {
  /** Opens a page of the console: below the live elements, else like a link. */
  visit(href: string): void;
  /** Sends a form of the page as if its button had been pressed; resolves to whether the resulting page is no error. */
  submit(form: HTMLFormElement, button: HTMLElement): Promise<boolean>;
}

/** Pages outside the console that are part of the work: signing in again. */
const OUTSIDE = /^\/staff\/(sign-in|code)$/;

let going: AbortController | null = null;
/** Whether a form is being sent; a second press would send it twice. */
let isSending = false;
let isReplaced = false;

/**
 * Changes the pages below a live call, which a new page would end. Links and forms inside the console are fetched, and the page's bar,
 * title and `<main>` are replaced; live elements are carried over. Other addresses, and all of them while nothing is live, are opened as
 * usual. A page has one instance of this module, whichever islands import it.
 * Events on the document: `console:leave` before a page is replaced, `console:page` after it, so that islands start again; `console:stay`
 * when the page could not be fetched and the current one stays.
 */
export function keepLive(isOneLive: () => boolean): PersistentCall {
  if (watchLive(isOneLive) === 1) listen();
  return {
    visit: (href) => {
      if (isCallLive()) void go(new URL(href, location.href));
      else location.assign(href);
    },
    submit: (form, button) => send(form, button, addressOf(form, button)),
  };
}

function listen(): void {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
    if (!isCallLive() || event.defaultPrevented || event.altKey || !isPlain) return;
    if (!(link instanceof HTMLAnchorElement) || (link.target && link.target !== '_self')) return;
    const to = new URL(link.href);
    const isHere = to.hash !== '' && to.href.split('#')[0] === location.href.split('#')[0];
    if (isHere || !isInside(to)) return;
    event.preventDefault();
    void go(to);
  });
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!isCallLive() || event.defaultPrevented || !(form instanceof HTMLFormElement)) return;
    const to = addressOf(form, event.submitter);
    if (!isInside(to)) return;
    event.preventDefault();
    void send(form, event.submitter, to);
  });
  addEventListener('popstate', () => {
    if (isCallLive()) void go(new URL(location.href), {}, true);
    // This page was put below a call; the page of this address is loaded.
    else if (isReplaced) location.reload();
  });
  addEventListener('beforeunload', (event) => {
    if (isCallLive()) event.preventDefault();
  });
}

function isInside({ origin, pathname }: URL): boolean {
  const { base } = dock.dataset;
  return (
    origin === location.origin &&
    (pathname === base || pathname.startsWith(`${base}/`) || OUTSIDE.test(pathname))
  );
}

async function go(url: URL, init: RequestInit = {}, isBack = false): Promise<boolean> {
  going?.abort();
  going = new AbortController();
  const { signal } = going;
  try {
    const answer = await fetch(url, { ...init, signal });
    const type = answer.headers.get('Content-Type') ?? '';
    if (answer.headers.get('Content-Disposition')?.startsWith('attachment')) {
      await save(answer);
      return true;
    }
    if (!type.startsWith('text/html')) throw new Error(type);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    // The answer to a form has no address of its own: the page with its mistakes replaces the form's page.
    const isMistake = init.method === 'POST' && !answer.redirected;
    const to = new URL(isMistake ? location.href : answer.url);
    to.hash = url.hash;
    // A web server in between says in words of its own that nobody answers.
    if (!isInside(to) || !page.querySelector('#main')) throw new Error(to.pathname);
    show(page, to, isBack);
    return answer.ok;
  } catch {
    if (signal.aborted) return false;
    document.dispatchEvent(new Event('console:stay'));
    tell(dock.dataset.failed ?? '', true);
    return false;
  }
}

function show(page: Document, to: URL, isBack: boolean): void {
  document.dispatchEvent(new Event('console:leave'));
  if (!isBack) {
    const entry = { persistentCall: true, top: scrollY };
    history.replaceState({ ...history.state, top: scrollY }, '');
    if (to.href === location.href) history.replaceState(entry, '', to);
    else history.pushState({ persistentCall: true }, '', to);
  }
  isReplaced = true;
  carry(to.pathname, () => replace(page));
  for (const script of page.querySelectorAll<HTMLScriptElement>('script[src]')) load(script.src);
  arrive(to, isBack);
  document.dispatchEvent(new Event('console:page'));
  tell(page.title);
}

function replace(page: Document): void {
  document.title = page.title;
  document.body.className = page.body.className;
  const { density } = page.documentElement.dataset;
  if (density) document.documentElement.dataset.density = density;
  else delete document.documentElement.dataset.density;
  for (const part of ['header.band', 'main'])
    document.querySelector(part)?.replaceWith(page.querySelector(part) ?? '');
}

async function send(form: HTMLFormElement, submitter: HTMLElement | null, to: URL) {
  if (isSending) return false;
  const fields = fieldsOf(form, submitter);
  if (form.method !== 'post') {
    to.search = fields.toString();
    return go(to);
  }
  isSending = true;
  const isFile = form.enctype === 'multipart/form-data';
  const body = isFile ? new FormData(form, submitter) : fields;
  const done = await go(to, { method: 'POST', body });
  isSending = false;
  return done;
}

const text = (value: FormDataEntryValue) => (typeof value === 'string' ? value : value.name);

/** Returns the address of a form. `form.action` may be a button with that name. */
const addressOf = (form: HTMLFormElement, submitter: HTMLElement | null): URL =>
  new URL(
    submitter?.getAttribute('formaction') ?? form.getAttribute('action') ?? '',
    location.href,
  );

/** Returns the fields as the browser would send them. */
function fieldsOf(form: HTMLFormElement, submitter: HTMLElement | null): URLSearchParams {
  const data = submitter ? new FormData(form, submitter) : new FormData(form);
  return new URLSearchParams([...data].map(([name, value]) => [name, text(value)]));
}

/** Sets the focus and the scroll position as a new page would. */
function arrive({ hash }: URL, isBack: boolean): void {
  const main = document.querySelector<HTMLElement>('main');
  const named = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  const first = named ?? main?.querySelector<HTMLElement>('[autofocus]') ?? main;
  first?.focus({ preventScroll: true });
  if (named) named.scrollIntoView();
  else scrollTo(0, isBack ? (history.state?.top ?? 0) : 0);
}

/** How often the script of an island could not be loaded, by its address. */
const failures = new Map<string, number>();

/** Loads an island that this page didn't have. Loaded islands get `console:page`. One whose own script can't be loaded is tried again on a later page. */
function load(src: string): void {
  const known = [...document.querySelectorAll<HTMLScriptElement>('script[src]')];
  if (known.some((each) => each.src.split('?')[0] === src)) return;
  const failed = failures.get(src) ?? 0;
  const script = document.createElement('script');
  script.type = 'module';
  // Browsers remember by its address that a module could not be loaded.
  script.src = failed > 0 ? `${src}?again=${failed}` : src;
  script.addEventListener('error', () => {
    failures.set(src, failed + 1);
    script.remove();
  });
  document.head.append(script);
}

/** Saves a file as the browser would, without leaving the page. */
async function save(answer: Response): Promise<void> {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  const name = /filename="?([^";]+)/.exec(answer.headers.get('Content-Disposition') ?? '');
  link.download = name?.[1] ?? '';
  link.click();
  URL.revokeObjectURL(link.href);
}
