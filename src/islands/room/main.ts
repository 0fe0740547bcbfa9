import type { Side } from '../../features/service/room/types.ts';
import { createRoom } from './ctrl.ts';
import type { RoomCtrl } from './page.ts';
import type { Devices } from './view/controls.tsx';
import { drawRoom } from './view/room.tsx';
import { readWords, type Words } from './words.ts';

const SIDES: readonly Side[] = ['agent', 'citizen', 'companion'];

/** Puts the room in its place on the page, and draws it again as it changes. */
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
    // In the console the call continues over other pages.
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
  /** Ends all listeners when the place has left the page. */
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
  // A reload enters again at once; a closed page has left after a moment.
  if ('enters' in place.dataset || sessionStorage.getItem('room') === base) ctrl.act.enter();
}

/** Updates the rest of the page: its title and its lit window, and the device test, which is hidden during the call. */
function tellPage({ page }: RoomCtrl, words: Words): void {
  document.getElementById('room-test')?.toggleAttribute('hidden', page.isIn);
  // The question from the page's loading is hidden during the call.
  document.getElementById('room-asked')?.toggleAttribute('hidden', page.isIn);
  const title = document.getElementById('room-title');
  if (!title) return;
  const name = words(page.isAdmitted ? 'title.call' : 'title');
  if (title.textContent === name) return;
  document.title = document.title.replace(title.textContent ?? '', name);
  title.textContent = name;
  title.parentElement?.querySelector('.mark')?.classList.toggle('lit', page.isAdmitted);
}

/** Starts the rooms of the page, also after the page below a call changed: a room that is no longer on it is left. */
function begin(): void {
  const place = document.getElementById('room');
  if (!place || place.dataset.on) return;
  place.dataset.on = 'yes';
  start(place);
}

begin();
document.addEventListener('console:page', begin);
