/**
 * `/embed.js`, for a town's own website: under each link `<a data-finestreta href="…/ca/oac/volant-padro">` it lists the first free times, and under a link to
 * `…/ca/oac/chat` it says whether somebody can answer now.
 * The words come from the server; the styles are the page's own. On any failure the link stays as it was.
 */
import type { FirstTimes } from '../../ui/first-times.ts';

const SHOWN = 3;
const PATIENCE_MS = 8_000;
const script = document.currentScript;
const origin = script instanceof HTMLScriptElement ? new URL(script.src).origin : '';

/** Returns the address of what is said of a link's procedure, or of the chat; null for a link to neither of this town. */
function addressOf(link: HTMLAnchorElement): string | null {
  const { pathname, searchParams, origin: its } = new URL(link.href);
  const path = /^\/(\w\w)\/([\w-]+)\/([\w-]+)(?:\/times)?\/?$/.exec(pathname);
  if (its !== origin || !path) return null;
  const query = new URLSearchParams();
  for (const name of ['channel', 'language', 'topic']) {
    const value = searchParams.get(name);
    if (value) query.set(name, value);
  }
  return `${origin}/embed/${path.slice(1).join('/')}.json?${query}`;
}

function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  kind: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  element.className = `finestreta-${kind}`;
  element.append(...children);
  return element;
}

function linkTo(href: string, text: string, kind: string): HTMLAnchorElement {
  const link = make('a', kind, text);
  // Every link leads to the town's appointments, whatever the answer contains.
  link.href = new URL(href).origin === origin ? href : origin;
  return link;
}

/** The headings of the page itself, without those that this script made. */
const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map(
  (each) => `${each}:not(.finestreta-title)`,
);

/** Makes a heading one level below the page's last one above the link, so that the page's outline stays correct. */
function headingFor(link: Element, text: string): HTMLElement {
  const before = [...document.querySelectorAll(HEADINGS.join())].filter(
    (each) => each.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  const level = Math.min(6, Number(before.at(-1)?.tagName[1] ?? 1) + 1);
  const element = document.createElement(`h${level}`);
  element.className = 'finestreta-title';
  element.textContent = text;
  return element;
}

function boxOf(link: HTMLAnchorElement, said: FirstTimes): HTMLElement {
  const most = Number(link.dataset.finestreta) || SHOWN;
  const items = said.times
    .slice(0, most)
    .map(({ href, text }) => make('li', 'time', linkTo(href, text, 'link')));
  const list = items.length > 0 ? [make('ul', 'times', ...items)] : [];
  const none = said.none ? [make('p', 'none', said.none)] : [];
  const box = make(
    'div',
    'box',
    headingFor(link, said.title),
    ...(said.how ? [make('p', 'how', said.how)] : []),
    ...list,
    ...none,
    make('p', 'more', linkTo(said.more.href, said.more.text, 'link')),
  );
  box.lang = said.lang;
  return box;
}

async function show(link: HTMLAnchorElement): Promise<void> {
  const address = addressOf(link);
  if (!address || link.dataset.finestretaShown !== undefined) return;
  link.dataset.finestretaShown = '';
  const answer = await fetch(address, {
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) return;
  const box = boxOf(link, await answer.json());
  (link.closest('p') ?? link).after(box);
}

function showAll(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-finestreta]'))
    show(link).catch(() => {});
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', showAll);
else showAll();
