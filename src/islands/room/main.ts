import type { Side } from '../../features/service/room/types.ts';
import { createRoom } from './ctrl.ts';
import type { RoomCtrl } from './page.ts';
import type { Devices } from './view/controls.tsx';
import { drawRoom } from './view/room.tsx';
import { readWords, type Words } from './words.ts';

const SIDES: readonly Side[] = ['agent', 'citizen', 'companion'];

/** Puts the room in its place on the page, and draws it anew as it changes. */
function start(place: HTMLElement): void {
  const template = place.querySelector('template');
  const view = place.querySelector('.room-view');
  if (!template || !view) throw new Error('The page lacks what the room is drawn with');
  const words = readWords(template);
  const devices: Devices = { camera: [], microphone: [], speaker: [] };
  let isDrawn = true;
  const draw = () => {
    isDrawn = true;
    drawRoom(view, ctrl, words, devices);
    tellPage(ctrl, words);
    // In the console it goes on over other pages.
    place.toggleAttribute('data-goes-on', ctrl.page.isIn);
  };
  const changed = () => {
    if (isDrawn) queueMicrotask(draw);
    isDrawn = false;
  };
  const look = async () => {
    for (const kind of ['camera', 'microphone', 'speaker'] as const)
      devices[kind] = await ctrl.page.own.choices(kind);
    changed();
  };
  const base = place.dataset.base ?? '';
  const side = SIDES.find((each) => each === place.dataset.side) ?? 'citizen';
  /** For all that is listened to, until the place is no more on the page. */
  const gone = new AbortController();
  const { signal } = gone;
  const ctrl = createRoom(
    { side, base, isLive: 'typed' in place.dataset, maySnap: 'stills' in place.dataset },
    { changed, devicesChanged: look, signal },
  );
  navigator.mediaDevices?.addEventListener('devicechange', () => void look(), { signal });
  document.getElementById('room-plain')?.setAttribute('hidden', '');
  place.hidden = false;
  draw();
  const leave = () => {
    if (place.isConnected) return;
    ctrl.act.leave();
    gone.abort();
  };
  document.addEventListener('console:page', leave, { signal });
  // Who reloads is in again at once; who closes the page has left after a moment.
  if ('enters' in place.dataset || sessionStorage.getItem('room') === base) ctrl.act.enter();
}

/** What stands around the room: the page's title and its lit window, and the test, which isn't for who is in. */
function tellPage({ page }: RoomCtrl, words: Words): void {
  document.getElementById('room-test')?.toggleAttribute('hidden', page.isIn);
  // What the page said when it was loaded; who is in is told as it comes and goes.
  document.getElementById('room-asked')?.toggleAttribute('hidden', page.isIn);
  const title = document.getElementById('room-title');
  if (!title) return;
  const name = words(page.isAdmitted ? 'title.call' : 'title');
  if (title.textContent === name) return;
  document.title = document.title.replace(title.textContent ?? '', name);
  title.textContent = name;
  title.parentElement?.querySelector('.mark')?.classList.toggle('lit', page.isAdmitted);
}

/** Also when the page was changed beneath a call: a room that is no more on it is left. */
function begin(): void {
  const place = document.getElementById('room');
  if (!place || place.dataset.on) return;
  place.dataset.on = 'yes';
  start(place);
}

begin();
document.addEventListener('console:page', begin);
