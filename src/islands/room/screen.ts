import type { Side } from '../../features/room/types.ts';
import type { Own, OwnKind } from './own.ts';

/** What the buttons do, by their `data-do`. */
export type RoomDoings = Record<
  'enter' | 'leave' | 'microphone' | 'camera' | 'other' | 'hear' | 'phone',
  () => void
>;

/** The page's side of a room: what is seen, said and pressed. */
export interface RoomScreen {
  them: HTMLVideoElement;
  on(doings: RoomDoings): void;
  /** Says one of the page's words. */
  say(word: string): void;
  warn(word: string): void;
  setIn(isIn: boolean, canTakeBack?: boolean): void;
  showCall(isOn: boolean): void;
  showOwn(own: Own): void;
  showThem(media: { camera: boolean; microphone: boolean }): void;
  showPhone(by: Side | null): void;
  /** Plays the other side; where the browser wants a press first, offers it. */
  play(): Promise<void>;
}

/** @throws where the page isn't as the server makes it */
export function openScreen(place: HTMLElement): RoomScreen {
  const find = <E extends HTMLElement>(what: string): E => {
    const found = place.querySelector<E>(what);
    if (!found) throw new Error(`The page lacks ${what}`);
    return found;
  };
  const button = (name: keyof RoomDoings) =>
    place.querySelector<HTMLButtonElement>(`[data-do="${name}"]`);
  const words = readWords(find<HTMLTemplateElement>('template'));
  const said = find('.room-said');
  const stage = find('.room-stage');
  const them = find<HTMLVideoElement>('.room-them video');
  const me = find<HTMLVideoElement>('.room-me video');
  const media = find('[data-them]');
  const enterWords = button('enter')?.textContent ?? '';
  let current = '';
  let warning = '';
  let phone = '';

  const write = () => {
    const text = [current, warning, phone].filter((each) => each !== '').join(' ');
    // Written only when it is news: a screen reader says it once.
    if (said.textContent !== text) said.textContent = text;
  };
  const show = (name: keyof RoomDoings, isShown: boolean) => {
    const one = button(name);
    if (!one) return;
    if (!isShown && document.activeElement === one) said.focus();
    one.hidden = !isShown;
  };
  said.tabIndex = -1;

  return {
    them,
    on: (doings) => {
      for (const [name, act] of Object.entries(doings))
        place.querySelector(`[data-do="${name}"]`)?.addEventListener('click', act);
      document.getElementById('room-plain')?.setAttribute('hidden', '');
      place.hidden = false;
    },
    say: (word) => {
      current = words.get(word) ?? '';
      write();
    },
    warn: (word) => {
      warning = words.get(word) ?? '';
      write();
    },
    setIn: (isIn, canTakeBack = false) => {
      show('enter', !isIn);
      document.getElementById('room-test')?.toggleAttribute('hidden', isIn);
      const enter = button('enter');
      if (enter) enter.textContent = canTakeBack ? (words.get('here') ?? '') : enterWords;
      for (const name of ['leave', 'phone', 'microphone', 'camera'] as const) show(name, isIn);
      if (isIn) return;
      show('other', false);
      show('hear', false);
      warning = '';
      stage.hidden = true;
      me.srcObject = null;
    },
    showCall: (isOn) => {
      place.classList.toggle('talking', isOn);
      if (!isOn) {
        them.srcObject = null;
        media.textContent = '';
        show('hear', false);
      }
    },
    showOwn: (own) => {
      stage.hidden = false;
      const track = own.track('camera');
      me.srcObject = track && new MediaStream([track]);
      me.classList.toggle('mirror', track?.getSettings().facingMode !== 'environment');
      if (track) void me.play().catch(() => {});
      for (const kind of ['camera', 'microphone'] as OwnKind[]) {
        const one = button(kind);
        if (one) one.textContent = words.get(`${kind}.${own.isOn(kind) ? 'off' : 'on'}`) ?? '';
      }
      void own.hasOtherCamera().then((has) => show('other', has && own.isOn('camera')));
    },
    showThem: ({ camera, microphone }) => {
      const parts = [camera ? '' : 'them.dark', microphone ? '' : 'them.mute'];
      media.textContent = parts.flatMap((each) => words.get(each) ?? []).join('. ');
    },
    showPhone: (by) => {
      const word = place.dataset.side === 'agent' && by ? `desk.asked.${by}` : '';
      phone = words.get(word) ?? '';
      write();
    },
    play: async () => {
      try {
        await them.play();
        show('hear', false);
      } catch {
        show('hear', true);
      }
    },
  };
}

/** The page's own words, as the server put them there. */
function readWords(template: HTMLTemplateElement): Map<string, string> {
  const all = [...template.content.querySelectorAll<HTMLElement>('[data-word]')];
  return new Map(all.map((each) => [each.dataset.word ?? '', each.textContent ?? '']));
}
