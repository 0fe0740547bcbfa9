import type { Side } from '../../features/service/room/types.ts';
import { recallInTab } from '../stored/tab.ts';
import { createRoom } from './ctrl.ts';
import { isRunning, type RoomCtrl, type RoomPlace } from './page.ts';
import type { Devices } from './view/controls.tsx';
import { fillWindow } from './view/full.ts';
import { byPhoneWords, drawRoom } from './view/room.tsx';
import { readWords, type Words } from './words.ts';

const SIDES: readonly Side[] = ['agent', 'citizen', 'companion', 'colleague'];

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
    if (side !== 'agent' && side !== 'colleague') fillWindow(place, isRunning(ctrl.page));
    if (ctrl.page.said === 'over') leadOn(place, side);
    tellConsole(ctrl);
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
  const ctrl = createRoom(placeOf(place, side, base), { changed, devicesChanged: look, signal });
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
  if (side === 'agent') askBeforeClosing(ctrl, signal);
  // A reload enters again at once; a closed page has left after a moment.
  if ('enters' in place.dataset || recallInTab('room') === base) ctrl.act.enter();
}

/** Asks about a message that was written and not sent, before the encounter below the call is closed. The second press closes it. */
function askBeforeClosing({ act }: RoomCtrl, signal: AbortSignal): void {
  const ask = (event: SubmitEvent) => {
    const { submitter } = event;
    const closes =
      submitter instanceof HTMLButtonElement && /^(close|follow)/.test(submitter.value);
    const isEncounter = event.target instanceof Element && event.target.matches('form.encounter');
    if (!closes || !isEncounter || act.mayClose()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener('submit', ask, { capture: true, signal });
}

/**
 * The room is over: the page that follows takes its place, so that going back doesn't lead into it. A colleague may be on another page of
 * the console, and stays there.
 */
function leadOn({ dataset: { ending } }: HTMLElement, side: Side): void {
  if (ending && (side !== 'colleague' || location.pathname === ending)) location.replace(ending);
}

/** Returns the server's data about the room. */
function placeOf({ dataset }: HTMLElement, side: Side, base: string): RoomPlace {
  return {
    side,
    base,
    isLive: 'typed' in dataset,
    maySnap: 'stills' in dataset,
    signs: 'signs' in dataset,
    phone: dataset.phone ?? '',
    providers: JSON.parse(dataset.providers ?? '{}') as RoomPlace['providers'],
    keys: { mute: dataset.keyMute ?? '', hangUp: dataset.keyHangUp ?? '' },
    engine: engineOf(dataset),
  };
}

function engineOf({ provider, worklet }: DOMStringMap): RoomPlace['engine'] {
  return provider && worklet ? { provider, worklet } : null;
}

/** Updates the rest of the page: its title and its lit window, what was said about the telephone, and the links to other pages. */
function tellPage({ page }: RoomCtrl, words: Words): void {
  document.getElementById('room-unable')?.toggleAttribute('hidden', page.canCall);
  tellPhone({ page, words });
  document.getElementById('line')?.toggleAttribute('hidden', page.isAdmitted);
  document.getElementById('room-links')?.toggleAttribute('hidden', page.isIn);
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

/** Tells the citizen below the room that the call goes on by telephone; while it fills the window, the room itself does. */
function tellPhone({ page, words }: Parameters<typeof byPhoneWords>[0]): void {
  const status = document.getElementById('by-phone');
  if (!status || !page.byPhone || isRunning(page)) return;
  const text = byPhoneWords({ page, words });
  if (status.textContent !== text) status.textContent = text;
  status.nextElementSibling?.setAttribute('hidden', '');
}

/** The seats of colleagues in the call when the console was told last. */
let colleagues = '';

/** Tells the console's page that a colleague has come into the call or left it, which is no event of the appointment. */
function tellConsole({ page }: RoomCtrl): void {
  const there = page.pairs.flatMap(({ person }) =>
    person.side === 'colleague' ? person.seat : [],
  );
  if (there.join() === colleagues) return;
  colleagues = there.join();
  document.dispatchEvent(new Event('console:colleagues'));
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
