/**
 * A conversation that shows what is new by itself, and sends lines without a new page. What was typed is kept across reloads; what could not be sent is sent
 * when the connection is back, once. Without the island the page works by sending and loading it.
 */
import { keepInTab, recallInTab } from '../stored/tab.ts';
import { Outbox, readKept, type Sent, type Unsent } from './outbox.ts';
import { followWhileShown } from './steady.ts';

interface Words {
  typing: string;
  sent: string;
  sending: string;
  offline: string;
  again: string;
  news: string;
  notSent: string;
  many: string;
  tooLong: string;
}

/** The other side counts as writing for so long after it was told. */
const TYPING_MS = 7_000;
/** Keys are told this often at most. */
const TELL_EVERY_MS = 5_000;
/** A connection that is lost for a moment is not worth a word. */
const LOST_AFTER_MS = 4_000;
const AGAIN_MS = 5_000;

function begin(root: HTMLElement, form: HTMLFormElement, field: HTMLTextAreaElement): void {
  const words = JSON.parse(root.dataset.words ?? '{}') as Words;
  const place = `chat ${location.pathname}`;
  const kept = readKept(recallInTab(place));
  const say = sayer(document.getElementById('chat-sent'));
  const alerts = createAlerts(words.news);
  const keep = (unsent: readonly Unsent[], refused: readonly Unsent[]) => {
    keepInTab(place, JSON.stringify({ unsent, refused, typing: field.value }));
    showPending(root, { unsent, refused }, words);
  };
  const outbox = new Outbox(kept, (line) => sendLine(form, line), keep);
  const look = oneAtATime(() => refresh(root, alerts));
  const settle = (sent: Sent) => {
    if (sent.as === 'away') say(words.offline);
    if (sent.as === 'kept' && outbox.lines.length === 0) say(words.sent);
    if (sent.as === 'many') say(words.many);
    // The page says that it is over, and shows what came too late.
    if (sent.as === 'refused' && sent.reason !== 'long') location.reload();
    if (sent.as === 'refused') say(words.notSent);
    if (sent.as === 'kept') look();
  };

  if (field.value === '') field.value = kept.typing;
  keep(outbox.lines, outbox.refused);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text === '') return field.focus();
    if (text.length > field.maxLength) return say(words.tooLong);
    field.value = '';
    field.focus();
    say(words.sending);
    void outbox.add({ key: crypto.randomUUID(), text }).then(settle);
  });
  const tell = atMostEvery(TELL_EVERY_MS, () => tellTyping(root));
  field.addEventListener('input', () => {
    keep(outbox.lines, outbox.refused);
    tell();
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  const again = () => {
    if (outbox.lines.length > 0) void outbox.flush().then(settle);
  };
  window.addEventListener('online', again);
  setInterval(again, AGAIN_MS);
  follow(root, { words, look, again, say });
}

/** Shows on the page of a conversation that is over what was written there and not sent. */
function showUnsent(section: HTMLElement): void {
  const { unsent, refused, typing } = readKept(recallInTab(`chat ${location.pathname}`));
  const texts = [...refused, ...unsent].map(({ text }) => text);
  const all = [...texts, typing.trim()].filter((each) => each !== '').join('\n\n');
  const field = section.querySelector('textarea');
  if (!field || all === '') return;
  field.value = all;
  section.hidden = false;
}

/** Follows the stream of the conversation. */
function follow(
  root: HTMLElement,
  on: { words: Words; look(): void; again(): void; say(text: string): void },
): void {
  const { words, look, again, say } = on;
  const reload = document.getElementById('last');
  let lost = 0;
  let isLost = false;
  followWhileShown(root.dataset.stream ?? '', (news) => {
    news.addEventListener('hello', () => {
      clearTimeout(lost);
      lost = 0;
      if (isLost) say(words.again);
      isLost = false;
      if (reload) reload.hidden = true;
      // What was missed meanwhile.
      look();
      again();
    });
    news.addEventListener('chat', look);
    news.addEventListener('line', look);
    news.addEventListener('typing', () => showTyping(words.typing));
    news.addEventListener('error', () => {
      if (lost !== 0) return;
      lost = window.setTimeout(() => {
        isLost = true;
        if (reload) reload.hidden = false;
        say(words.offline);
      }, LOST_AFTER_MS);
    });
  });
}

/** Returns what writes into a region, and leaves equal words alone, so that nothing is read out twice. */
const sayer =
  (region: HTMLElement | null) =>
  (text: string): void => {
    if (region && region.textContent !== text) region.textContent = text;
  };

let typingUntil = 0;
function showTyping(text: string): void {
  const region = document.getElementById('chat-typing');
  if (!region) return;
  region.textContent = text;
  clearTimeout(typingUntil);
  typingUntil = window.setTimeout(hideTyping, TYPING_MS);
}
function hideTyping(): void {
  const region = document.getElementById('chat-typing');
  if (region) region.textContent = '';
}

async function sendLine(form: HTMLFormElement, { key, text }: Unsent): Promise<Sent> {
  try {
    const body = new URLSearchParams({ key, text });
    const answer = await fetch(form.action, {
      method: 'POST',
      body,
      headers: { 'X-Refresh': '1' },
    });
    if (answer.ok) return { as: 'kept' };
    if (answer.status !== 422 && answer.status !== 404) return { as: 'away' };
    const { reason = '' } = (await answer.json().catch(() => ({}))) as { reason?: string };
    return reason === 'many' ? { as: 'many' } : { as: 'refused', reason };
  } catch {
    return { as: 'away' };
  }
}

function tellTyping(root: HTMLElement): void {
  // Nobody misses it.
  fetch(root.dataset.typing ?? '', { method: 'POST' }).catch(() => {});
}

/** Lines that are not at the server, below the log: what is in the log was kept. */
function showPending(
  root: HTMLElement,
  { unsent, refused }: { unsent: readonly Unsent[]; refused: readonly Unsent[] },
  words: Words,
): void {
  const list = document.createElement('ol');
  list.id = 'chat-pending';
  list.className = 'messages talk';
  const lines = [
    ...refused.map((each) => ({ ...each, note: words.notSent })),
    ...unsent.map((each) => ({ ...each, note: words.sending })),
  ];
  for (const { text, note: how } of lines) {
    const item = document.createElement('li');
    item.className = 'person pending';
    const note = document.createElement('p');
    note.className = 'soft';
    note.textContent = how;
    const said = document.createElement('p');
    said.className = 'said';
    said.dir = 'auto';
    said.textContent = text;
    item.append(note, said);
    list.append(item);
  }
  document.getElementById('chat-pending')?.remove();
  if (lines.length > 0) root.querySelector('#chat-log')?.after(list);
}

/** Fetches the lines after the last one, and where the conversation stands. */
async function refresh(root: HTMLElement, alerts: { news(count: number): void }): Promise<void> {
  try {
    // A file that is being checked is fetched again.
    const checked = root.querySelector<HTMLElement>('[data-checking]')?.dataset.number;
    const after = checked ? String(Number(checked) - 1) : (root.dataset.last ?? '0');
    const answer = await fetch(`${root.dataset.lines}?after=${after}`);
    if (answer.status === 404) return location.reload();
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector<HTMLElement>('[data-state]');
    if (!fresh || !root.isConnected) return;
    const status = document.getElementById('chat-status');
    sayer(status)(fresh.querySelector('p')?.textContent ?? '');
    append(root, [...fresh.querySelectorAll<HTMLElement>('li')], alerts);
    root.dataset.last = String(
      Math.max(Number(root.dataset.last ?? 0), Number(fresh.dataset.last ?? 0)),
    );
    const { state } = fresh.dataset;
    const isOver = state === 'ended' || state === 'left' || state === 'message';
    if (isOver) location.reload();
    else if (state === 'talking' && root.dataset.state !== 'talking') showAnswered(root);
    root.dataset.state = state;
  } catch {
    // There is no connection: the stream says when it is back.
  }
}

/** The ways of whoever waits are none any more. */
function showAnswered(root: HTMLElement): void {
  for (const each of root.querySelectorAll<HTMLElement>('[data-waiting]')) each.hidden = true;
  for (const each of root.querySelectorAll<HTMLElement>('[data-talking]')) each.hidden = false;
}

function append(
  root: HTMLElement,
  lines: readonly HTMLElement[],
  alerts: { news(count: number): void },
): void {
  const log = root.querySelector('#chat-log ol');
  const known = new Set([...(log?.children ?? [])].map((each) => (each as HTMLElement).dataset.id));
  const added = lines.filter((each) => !known.has(each.dataset.id));
  for (const each of lines) replaceFile(log, each);
  if (!log || added.length === 0) return;
  const last = log.lastElementChild?.getBoundingClientRect();
  const isNear = !last || last.top < window.innerHeight;
  log.append(...added);
  hideTyping();
  if (isNear) log.lastElementChild?.scrollIntoView({ block: 'nearest' });
  const theirs = added.filter((each) => !each.classList.contains('person')).length;
  if (theirs > 0) alerts.news(theirs);
}

/** A file was checked since its line came. */
function replaceFile(log: Element | null, line: HTMLElement): void {
  const before = log?.querySelector(`[data-id="${CSS.escape(line.dataset.id ?? '')}"]`);
  if (before && before.innerHTML !== line.innerHTML) before.replaceWith(line);
}

/** The title says how many lines were not seen; a sound, where somebody asks for it. */
function createAlerts(words: string): { news(count: number): void } {
  const { title } = document;
  const box = document.getElementById('chat-sound');
  const choice = box?.querySelector('input');
  let unseen = 0;
  let audio: AudioContext | null = null;
  if (box) box.hidden = false;
  // A browser lets a page sound only after a gesture.
  choice?.addEventListener('change', () => {
    if (choice.checked) audio ??= new AudioContext();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    unseen = 0;
    document.title = title;
  });
  return {
    news(count) {
      if (choice?.checked && audio) beep(audio);
      if (!document.hidden) return;
      unseen += count;
      document.title = `(${unseen}) ${words} · ${title}`;
    },
  };
}

function beep(audio: AudioContext): void {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = 660;
  volume.gain.setValueAtTime(0.08, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.25);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.25);
}

/** Returns a `work` that runs once at a time; whoever asks meanwhile gets one more run. */
function oneAtATime(work: () => Promise<void>): () => void {
  let isRunning = false;
  let isAsked = false;
  const run = async () => {
    isAsked = true;
    if (isRunning) return;
    isRunning = true;
    while (isAsked) {
      isAsked = false;
      await work();
    }
    isRunning = false;
  };
  return () => void run();
}

function atMostEvery(ms: number, work: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - last < ms) return;
    last = performance.now();
    work();
  };
}

const root = document.getElementById('chat');
const form = document.getElementById('chat-form');
const field = document.getElementById('text');
if (root && form instanceof HTMLFormElement && field instanceof HTMLTextAreaElement)
  begin(root, form, field);
const late = document.getElementById('chat-unsent');
if (late) showUnsent(late);
