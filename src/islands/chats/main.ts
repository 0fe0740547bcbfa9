import { withAnswer } from '../../ui/put-words.ts';
import { markKeys } from '../console/keys.ts';
import type { ChatsSaid } from '../console/stream.ts';
import { keepLive } from '../persistent-call/page.ts';
import { keepInTab, recallInTab } from '../stored/tab.ts';

/**
 * A conversation in the console: its lines come by themselves, what is written is sent without leaving the page, and prepared answers are put
 * into it. What is being written for each conversation stays in the tab while its agent looks at another one.
 */

const TYPING_MS = 6_000;
const SIGN_MS = 15_000;
const FIND_MS = 250;
const AGAIN_MS = 5_000;

const log = () => document.querySelector<HTMLElement>('#chat-log');
const form = () => document.querySelector<HTMLFormElement>('#chat-write');
const field = () => document.querySelector<HTMLTextAreaElement>('#chat-write textarea');
const keptAt = (chat: string) => `finestreta chat ${chat}`;
const keep = (chat: string, text: string) => keepInTab(keptAt(chat), text === '' ? null : text);

let isBusy = false;
let isWanted = false;
let signedAt = 0;
/** Whether a form of the page is on its way: its answer says where the conversation is. */
let isLeaving = false;
let typing: ReturnType<typeof setTimeout> | undefined;
let finding: ReturnType<typeof setTimeout> | undefined;
let again: ReturnType<typeof setTimeout> | undefined;
const call = keepLive(() => false);

document.addEventListener('console:chats', (event) =>
  hear((event as CustomEvent<ChatsSaid>).detail),
);
document.addEventListener('console:page', begin);
for (const stays of ['console:page', 'console:stay'])
  document.addEventListener(stays, () => {
    isLeaving = false;
  });
window.addEventListener('pageshow', () => {
  isLeaving = false;
});
document.addEventListener('input', (event) => wrote(event.target));
document.addEventListener('keydown', pressed);
document.addEventListener('submit', submitted, { capture: true });
document.addEventListener('click', clicked);
begin();

/** Starts on a page, with what was being written on it. */
function begin(): void {
  const at = form();
  const words = field();
  showLast();
  if (!at || !words) return;
  if (words.value === '') words.value = recallInTab(keptAt(at.dataset.chat ?? '')) ?? '';
}

/** The part that is scrolled. */
function scrolled(): HTMLElement | null {
  return log()?.parentElement ?? null;
}

/** Whether the last line is in sight, or nearly. */
function isLastShown(): boolean {
  const place = scrolled();
  return !place || place.scrollHeight - place.scrollTop - place.clientHeight < 80;
}

function showLast(): void {
  const place = scrolled();
  place?.scrollTo({ top: place.scrollHeight });
}

function hear({ chat, isTyping }: ChatsSaid): void {
  const here = form()?.dataset.chat ?? chatHere();
  if (isTyping) {
    if (chat === here) showTyping();
    return;
  }
  if (here && (!chat || chat === here)) void follow();
  if (!chat || listed(chat)) void renewList();
}

/** The conversation of a page on which nothing can be written. */
const chatHere = (): string => /\/chats\/([\w-]{36})$/.exec(location.pathname)?.[1] ?? '';
const listed = (chat: string): boolean =>
  document.querySelector(`#chat-list a[href$="${CSS.escape(chat)}"]`) !== null;

function showTyping(): void {
  say(state()?.dataset.typing ?? '');
  clearTimeout(typing);
  typing = setTimeout(() => say(''), TYPING_MS);
}

const state = () => document.querySelector<HTMLElement>('#chat-state');

function say(text: string): void {
  const place = state();
  if (place && place.textContent !== text) place.textContent = text;
}

/** Adds the lines that are new: once at a time, and once more when something came meanwhile. */
async function follow(): Promise<void> {
  isWanted = true;
  if (isBusy) return;
  isBusy = true;
  while (isWanted) {
    isWanted = false;
    await addLines();
  }
  isBusy = false;
}

async function addLines(): Promise<void> {
  const place = log();
  const at = location.pathname;
  clearTimeout(again);
  if (!place) return;
  try {
    const address = `${at}/lines?after=${place.dataset.last ?? '0'}`;
    const answer = await fetch(address, { headers: { 'X-Refresh': '1' } });
    // It isn't this desk's any more, or the session has ended: the page itself says so.
    if (isLeaving) return;
    if (answer.status === 404 || answer.redirected)
      return call.visit(at.replace(/\/[\w-]+$/, '?done=gone'));
    if (at !== location.pathname) return;
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const lines = [...page.querySelectorAll<HTMLElement>('.chat-line')].filter(
      ({ id }) => document.getElementById(id) === null,
    );
    // A file that was checked meanwhile has a line already.
    const isAtEnd = isLastShown();
    for (const each of lines) {
      place.append(each);
      place.dataset.last = each.dataset.number ?? place.dataset.last;
    }
    if (lines.length > 0 && isAtEnd) showLast();
    if (lines.some((each) => each.classList.contains('person'))) say('');
    const now = answer.headers.get('X-Chat-State');
    if (form() && now !== null && now !== 'talking' && now !== 'message') location.reload();
  } catch {
    // There is no connection, or no answer just now.
    again = setTimeout(() => void follow(), AGAIN_MS);
  }
}

/** Takes the list from the page again. What is open in it stays open. */
async function renewList(): Promise<void> {
  const list = document.querySelector<HTMLElement>('#chat-list');
  const { from } = list?.dataset ?? {};
  if (!list || !from || list.contains(document.activeElement)) return;
  try {
    const answer = await fetch(from, { headers: { 'X-Refresh': '1' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('#chat-list');
    if (!fresh || list.contains(document.activeElement)) return;
    list.replaceChildren(...fresh.childNodes);
    markKeys();
  } catch {
    // There is no connection.
  }
}

function wrote(target: EventTarget | null): void {
  if (target === field()) {
    const at = form();
    const words = field();
    keep(at?.dataset.chat ?? '', words?.value ?? '');
    sign();
  }
  if (target instanceof HTMLInputElement && target.id === 'find') {
    clearTimeout(finding);
    finding = setTimeout(() => void find(target.value), FIND_MS);
  }
}

/** Says that something is being written: a long answer is not silence. */
function sign(): void {
  const { at } = form()?.dataset ?? {};
  if (!at || Date.now() - signedAt < SIGN_MS) return;
  signedAt = Date.now();
  void fetch(`${at}/sign`, { method: 'POST', headers: { 'X-Refresh': '1' } }).catch(() => {});
}

async function find(words: string): Promise<void> {
  const list = document.querySelector<HTMLElement>('#chat-answers');
  const { from } = list?.dataset ?? {};
  if (!list || !from) return;
  const answer = await fetch(`${from}?find=${encodeURIComponent(words)}`).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.querySelector('#chat-answers');
  if (fresh) list.replaceChildren(...fresh.childNodes);
}

/** Enter sends; with Shift it begins a new line. A key that composes a letter does neither. */
function pressed(event: KeyboardEvent): void {
  const isFinder = event.target instanceof HTMLInputElement && event.target.id === 'find';
  if (event.key === 'Enter' && isFinder) event.preventDefault();
  if (event.key === 'Escape' && event.target === field()) field()?.blur();
  if (event.target !== field() || event.key !== 'Enter') return;
  if (event.shiftKey || event.isComposing || event.altKey || event.ctrlKey) return;
  event.preventDefault();
  void send();
}

function submitted(event: SubmitEvent): void {
  if (event.target !== form()) {
    isLeaving = true;
    return;
  }
  const { submitter } = event;
  const action = submitter instanceof HTMLButtonElement ? submitter.value : 'send';
  const isMessage = form()?.dataset.message === 'yes';
  if (action !== 'send' || isMessage) {
    isLeaving = true;
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  void send();
}

/** Sends what was written. It stays in the field until it is kept. */
async function send(): Promise<void> {
  const at = form();
  const words = field();
  if (!at || !words || words.value.trim() === '' || words.readOnly) return;
  if (at.dataset.message === 'yes')
    return at.requestSubmit(at.querySelector<HTMLButtonElement>('#action'));
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(at))
    if (typeof value === 'string') body.append(name, value);
  body.set('action', 'send');
  words.readOnly = true;
  words.focus();
  try {
    const headers = { Accept: 'application/json' };
    const answer = await fetch(`${at.dataset.at}/write`, { method: 'POST', body, headers });
    if (!answer.ok) throw new Error(String(answer.status));
    words.value = '';
    keep(at.dataset.chat ?? '', '');
    const key = at.querySelector<HTMLInputElement>('input[name="key"]');
    if (key) key.value = crypto.randomUUID();
    const language = at.querySelector<HTMLInputElement>('input[name="language"]');
    if (language && at.dataset.language) language.value = at.dataset.language;
    say('');
    await follow();
  } catch {
    say(state()?.dataset.failed ?? '');
  } finally {
    words.readOnly = false;
  }
}

/** Puts a prepared answer or a link into what is being written. */
function clicked(event: MouseEvent): void {
  const button = event.target instanceof Element ? event.target.closest('button') : null;
  const { put, language } = button?.dataset ?? {};
  const at = form();
  const words = field();
  if (!button || put === undefined || !at || !words) return;
  event.preventDefault();
  words.value = withAnswer(words.value, put, button.dataset.source ?? null);
  const kept = at.querySelector<HTMLInputElement>('input[name="language"]');
  if (kept && language) kept.value = language;
  keep(at.dataset.chat ?? '', words.value);
  words.focus();
}
