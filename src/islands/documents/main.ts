import { type Item, itemOf } from './item.ts';
import { createLooks } from './looks.ts';
import { Transfer } from './transfer.ts';
import type { Tray } from './tray.ts';

/** The timeout of a request for the page. */
const LOOK_MS = 20_000;

const words = document.querySelector<HTMLTemplateElement>('#words');
const word = (name: string): string =>
  words?.content.querySelector(`[data-word="${CSS.escape(name)}"]`)?.textContent ?? '';
const say = (text: string) => {
  const status = document.getElementById('upload-status');
  if (status) status.textContent = text;
};

/** Files are sent one after the other, so that a slow connection finishes one. */
let queue: Promise<void> = Promise.resolve();
let underway = 0;
/** The number of photos that aren't sent yet. */
let waiting = 0;

/** Enhances a form: several files at once, each with its progress, resumed automatically after a lost connection. */
function takeOver(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>('input[type=file]');
  const send = form.querySelector<HTMLButtonElement>('button');
  const { upload: endpoint = '', for: line = '', name = '' } = form.dataset;
  if (!input || !send) return;
  send.hidden = true;
  form.querySelector<HTMLElement>('[data-join]')?.setAttribute('hidden', '');
  const list = document.createElement('ul');
  list.className = 'sent';
  const enqueue = (files: Iterable<File>) => {
    for (const file of files) add(list, file, { endpoint, line }, input);
    // An empty list is left out.
    if (list.children.length > 0) form.append(list);
  };
  let tray: Promise<Tray> | null = null;
  let inTray = 0;
  const count = (now: number) => {
    waiting += now - inTray;
    inTray = now;
  };
  /** Collects photos in the tray to be put in order first; a single picture that was chosen as a file is sent directly. */
  const gather = async (photos: File[]) => {
    tray ??= import('./tray.ts').then(
      ({ Tray }) => new Tray(form, { word, say, send: enqueue, count, name, input }),
    );
    const ready = await tray.catch(() => null);
    if (ready) return ready.add(photos);
    // The tray's script failed to load: the photos are sent as they are, and the next time it is loaded again.
    tray = null;
    enqueue(photos);
  };
  const take = (from: HTMLInputElement) => {
    const files = [...(from.files ?? [])];
    from.value = '';
    const photos = files.filter((each) => each.type.startsWith('image/') && each.size > 0);
    const isGathered = photos.length > 1 || (photos.length > 0 && (inTray > 0 || from !== input));
    enqueue(isGathered ? files.filter((each) => !photos.includes(each)) : files);
    if (isGathered) void gather(photos);
  };
  input.addEventListener('change', () => take(input));
  form.addEventListener('submit', (event) => event.preventDefault());
  if (matchMedia('(pointer: coarse)').matches) offerCamera(send, take);
}

/** Adds a button that opens the camera directly, where the device has one. */
function offerCamera(beside: HTMLElement, take: (from: HTMLInputElement) => void): void {
  const camera = document.createElement('input');
  camera.type = 'file';
  camera.accept = 'image/*';
  camera.setAttribute('capture', 'environment');
  camera.hidden = true;
  camera.addEventListener('change', () => take(camera));
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button wide-s quiet';
  button.textContent = word('photo');
  button.addEventListener('click', () => camera.click());
  beside.after(button, camera);
}

function add(
  list: HTMLElement,
  file: File,
  to: { endpoint: string; line: string },
  input: HTMLInputElement,
): void {
  const remove = () => {
    const hadFocus = item.element.contains(document.activeElement);
    item.element.remove();
    if (list.children.length === 0) list.remove();
    if (hadFocus) input.focus();
  };
  const item: Item = itemOf(file, word, { transfer: () => moving, remove, say });
  let isDone = false;
  const moving = new Transfer(file, to, (told) => {
    isDone = told.state === 'done';
    item.tell(told);
  });
  list.append(item.element);
  if (file.size === 0) {
    item.tell({ state: 'failed', reason: 'empty' });
    return;
  }
  item.tell({ state: 'waiting', sent: 0 });
  underway++;
  queue = queue.then(async () => {
    await moving.run();
    underway--;
    if (isDone && (await looks.afresh())) remove();
  });
}

/** Takes the state of the documents from the current page; elements with the focus are replaced once they lose it. */
async function look(): Promise<boolean> {
  const answer = await fetch(location.href, { signal: AbortSignal.timeout(LOOK_MS) });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const now of document.querySelectorAll<HTMLElement>('[data-live]')) {
    const then = page.querySelector(`[data-live="${CSS.escape(now.dataset.live ?? '')}"]`);
    if (!then || then.innerHTML === now.innerHTML) continue;
    if (now.contains(document.activeElement))
      now.addEventListener('focusout', looks.now, { once: true });
    else now.replaceChildren(...then.childNodes);
  }
  return true;
}

const looks = createLooks(look, () => document.querySelector('[data-checking]') !== null);

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-upload]')) takeOver(form);
looks.later();
window.addEventListener('beforeunload', (event) => {
  if (underway > 0 || waiting > 0) event.preventDefault();
});
