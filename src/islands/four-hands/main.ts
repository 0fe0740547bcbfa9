/**
 * A form that two people fill in: each answer is sent when its field is left, and what the other one changes appears without a new page. A
 * question in which somebody types is never replaced under their hands. Without the island the page works by sending and loading it.
 */
import { followSteadily } from '../chat/steady.ts';
import { isBusy, isUnsaved, markSaved, merge, renew, sayGone } from './merge.ts';

let stop = () => {};
start();
// The page below a call was replaced.
document.addEventListener('console:leave', () => stop());
document.addEventListener('console:page', start);

function start(): void {
  stop();
  const root = document.querySelector<HTMLElement>('[data-hands]');
  stop = root ? follow(root) : () => {};
}

function follow(root: HTMLElement): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const look = oneAtATime(() => refresh(root, signal));
  const leave = followSteadily(root.dataset.hands ?? '', (news) => {
    news.addEventListener('changed', look);
    // What was missed while there was no connection.
    news.addEventListener('hello', look);
  });
  root.addEventListener('change', (event) => void save(root, event.target, look), { signal });
  // What the other one wrote meanwhile takes its place when somebody leaves a field as it was.
  root.addEventListener('focusout', () => setTimeout(look), { signal });
  return () => {
    leave();
    ended.abort();
  };
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

/** Fetches the page again, and takes what is new from it. Without a connection it stays as it is: the next event tries again. */
async function refresh(root: HTMLElement, signal: AbortSignal): Promise<void> {
  try {
    const answer = await fetch(location.href, { headers: { 'X-Refresh': '1' }, signal });
    // It was handed in, or is not there any more.
    if (answer.redirected) return leave(root, answer.url);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector<HTMLElement>('[data-hands]');
    if (!fresh || !root.isConnected) return;
    merge(root, fresh);
    renew(document, page);
  } catch {
    // There is no connection, or the page was left.
  }
}

/** Leads on, unless something would be lost that is not saved: then the page stays and says so. */
const leave = (root: HTMLElement, url: string): void =>
  isUnsaved(root) ? sayGone(root) : goTo(url);

/** Leads on by a link, so that a call that goes on below the page is kept. */
function goTo(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  document.body.append(link);
  link.click();
  link.remove();
}

/** Sends the answer to the question of a field that was changed. */
async function save(root: HTMLElement, field: EventTarget | null, look: () => void): Promise<void> {
  const box = field instanceof Element ? field.closest<HTMLElement>('[data-question]') : null;
  if (!box || !(root instanceof HTMLFormElement) || box.querySelector('[type="file"]')) return;
  const sent = answerIn(root, box);
  try {
    const answer = await fetch(root.action, { method: 'POST', body: sent });
    if (answer.redirected) return leave(root, answer.url);
    if (!answer.ok) return;
    // What was typed meanwhile is sent when the field is left.
    if (`${answerIn(root, box)}` === `${sent}`) markSaved(box);
    if (!isBusy(box)) look();
  } catch {
    // There is no connection: the button sends the page.
  }
}

/** Returns the fields of a question as they are now. */
function answerIn(form: HTMLFormElement, box: HTMLElement): URLSearchParams {
  const fields = new URLSearchParams({ only: box.dataset.question ?? '' });
  for (const [name, value] of new FormData(form)) {
    const isOfItem = name === form.dataset.item;
    const isHere = box.querySelector(`[name="${CSS.escape(name)}"]`) !== null;
    if (typeof value === 'string' && (isOfItem || isHere)) fields.append(name, value);
  }
  return fields;
}
