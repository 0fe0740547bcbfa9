import type { MessageKey } from '../../../lib/i18n/translate.ts';
import type { Shortcuts, ShortcutsChoice } from './types.ts';

export interface Action {
  /** The key as delivered, written as `readPress` writes it; '' for none. No two actions share one. */
  key: string;
  /** Where the console has it. */
  place: 'everywhere' | 'day' | 'appointment' | 'call' | 'coordination';
  /** What it does, in a word or two: most often the words of its button. */
  words: MessageKey;
}

/**
 * Everything in the console that a key can do. A page marks the link, button or field that does it with
 * `data-action="<name>"`, and may show the person's key beside its words with `<Key action="<name>" />`. A link or button
 * is pressed; a field takes the focus. What a page doesn't have, its key doesn't do.
 */
export const ACTIONS = {
  help: { key: '?', place: 'everywhere', words: 'keys.title' },
  palette: { key: 'ctrl+k', place: 'everywhere', words: 'keys.palette.title' },
  next: { key: 'n', place: 'everywhere', words: 'staff.next' },
  day: { key: 'd', place: 'everywhere', words: 'staff.place.day' },
  book: { key: 'b', place: 'everywhere', words: 'desk.book.title' },
  search: { key: '/', place: 'everywhere', words: 'desk.search.submit' },
  figures: { key: '', place: 'everywhere', words: 'figures.title' },
  available: { key: '', place: 'everywhere', words: 'now.state.available' },
  break: { key: '', place: 'everywhere', words: 'now.state.break' },
  away: { key: '', place: 'everywhere', words: 'now.state.away' },
  rota: { key: '', place: 'everywhere', words: 'rota.title' },
  audit: { key: '', place: 'everywhere', words: 'staff.place.audit' },
  people: { key: '', place: 'everywhere', words: 'people.place' },
  webhooks: { key: '', place: 'everywhere', words: 'webhooks.place' },
  admin: { key: '', place: 'everywhere', words: 'admin.title' },
  dayBefore: { key: ',', place: 'day', words: 'staff.day.before' },
  today: { key: '0', place: 'day', words: 'staff.day.today' },
  dayAfter: { key: '.', place: 'day', words: 'staff.day.after' },
  view: { key: 'z', place: 'day', words: 'keys.view.change' },
  call: { key: 'c', place: 'call', words: 'keys.action.call' },
  answered: { key: 'a', place: 'call', words: 'staff.call.answered' },
  begin: { key: 'g', place: 'call', words: 'staff.call.begin' },
  no_answer: { key: '1', place: 'call', words: 'staff.outcome.no_answer' },
  busy: { key: '2', place: 'call', words: 'staff.outcome.busy' },
  voicemail: { key: '3', place: 'call', words: 'staff.outcome.voicemail' },
  wrong_number: { key: '4', place: 'call', words: 'staff.outcome.wrong_number' },
  rejected: { key: '5', place: 'call', words: 'staff.outcome.rejected' },
  calledBack: { key: '6', place: 'call', words: 'staff.call.calledBack' },
  giveUp: { key: '', place: 'call', words: 'attending.number.close' },
  answer: { key: '7', place: 'call', words: 'softphone.action.answer' },
  decline: { key: '', place: 'call', words: 'softphone.action.decline' },
  hangUp: { key: 'h', place: 'call', words: 'softphone.hangUp' },
  mute: { key: 'q', place: 'call', words: 'softphone.mute' },
  hold: { key: '', place: 'call', words: 'softphone.hold' },
  keypad: { key: '', place: 'call', words: 'softphone.keypad' },
  video: { key: '', place: 'call', words: 'beneath.action' },
  dial: { key: '', place: 'call', words: 'softphone.dial.title' },
  admit: { key: '', place: 'appointment', words: 'companions.desk.admit.next' },
  save: { key: 's', place: 'appointment', words: 'staff.encounter.save' },
  close: { key: 'f', place: 'appointment', words: 'staff.encounter.close' },
  followUp: { key: 'u', place: 'appointment', words: 'attending.follow.close' },
  addItem: { key: 'p', place: 'appointment', words: 'staff.encounter.add' },
  move: { key: 'm', place: 'appointment', words: 'desk.move.title' },
  contact: { key: 'e', place: 'appointment', words: 'desk.contact.title' },
  print: { key: 'j', place: 'appointment', words: 'desk.print.link' },
  another: { key: 'y', place: 'appointment', words: 'desk.book.another' },
  cancel: { key: 'x', place: 'appointment', words: 'staff.cancel.link' },
  reassign: { key: 'r', place: 'coordination', words: 'reassign.title' },
  takeOver: { key: 'o', place: 'coordination', words: 'takeOver.title' },
  now: { key: '', place: 'coordination', words: 'now.title' },
  board: { key: 't', place: 'coordination', words: 'board.title' },
  planning: { key: '', place: 'coordination', words: 'planning.place' },
  deskAway: { key: 'i', place: 'coordination', words: 'away.title' },
  addShift: { key: '', place: 'coordination', words: 'rota.add.title' },
  sayLate: { key: 'l', place: 'coordination', words: 'late.title' },
  several: { key: 'v', place: 'coordination', words: 'several.choose' },
} as const satisfies Record<string, Action>;

export type ActionName = keyof typeof ACTIONS;

export const ACTION_NAMES = Object.keys(ACTIONS) as ActionName[];

export const isAction = (name: string): name is ActionName => Object.hasOwn(ACTIONS, name);

/** What the browser tells of a key that was pressed. */
export interface Pressed {
  key: string;
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  metaKey: boolean;
}

/** Letters that, with Ctrl, edit texts or are the browser's own. */
const NEEDED_WITH_CTRL = 'acflnpqrtvwxyz';
/** Signs that are easily typed on the keyboards of the four languages. */
const SIGNS = '?/.,-+*=\'";:!()@#&';

const isLetter = (key: string) => /^[a-z]$/.test(key);
const isLetterOrDigit = (key: string) => /^[a-z0-9]$/.test(key);

/** Names of the modifiers as keyboards print them and people type them. */
const MODIFIERS: Record<string, 'alt' | 'ctrl' | 'shift'> = {
  alt: 'alt',
  ctrl: 'ctrl',
  control: 'ctrl',
  ktrl: 'ctrl',
  shift: 'shift',
  maj: 'shift',
  majus: 'shift',
  majús: 'shift',
  mayus: 'shift',
  mayús: 'shift',
  '⇧': 'shift',
};

export type PressRefusal = 'not_known' | 'browser';

/**
 * A key as somebody writes it ("n", "Alt+Shift+N", "Ctrl+K") in the one form in which it is kept: `n`, `alt+shift+n`,
 * `ctrl+k`. '' stays ''. A letter, digit or sign alone, with Alt and Shift, or a letter with Ctrl: nothing else.
 */
export function readPress(
  typed: string,
): { ok: true; press: string } | { ok: false; reason: PressRefusal } {
  const text = typed.trim().toLowerCase().replaceAll(/\s+/g, '');
  if (text === '') return { ok: true, press: '' };
  if (text.length === 1)
    return isLetterOrDigit(text) || SIGNS.includes(text)
      ? { ok: true, press: text }
      : { ok: false, reason: 'not_known' };
  const parts = text.split('+');
  const key = parts.pop() ?? '';
  const modifiers = [...new Set(parts.map((each) => MODIFIERS[each] ?? 'none'))].sort().join('+');
  if (modifiers === 'alt+shift' && isLetterOrDigit(key))
    return { ok: true, press: `alt+shift+${key}` };
  if (modifiers !== 'ctrl' || !isLetter(key)) return { ok: false, reason: 'not_known' };
  if (NEEDED_WITH_CTRL.includes(key)) return { ok: false, reason: 'browser' };
  return { ok: true, press: `ctrl+${key}` };
}

/** What was pressed, as `readPress` writes it, or null where no action can have it. */
export function pressOf(event: Pressed): string | null {
  const { ctrlKey, altKey, shiftKey, metaKey } = event;
  if (metaKey) return null;
  const key = event.key.toLowerCase();
  if (altKey && shiftKey && !ctrlKey) {
    // With Alt some keyboards write other characters: then the key's place says the letter.
    const letter = isLetterOrDigit(key) ? key : /^(?:Key|Digit)(.)$/.exec(event.code)?.[1];
    return letter ? `alt+shift+${letter.toLowerCase()}` : null;
  }
  if (altKey) return null;
  if (ctrlKey) return !shiftKey && isLetter(key) ? `ctrl+${key}` : null;
  if (isLetter(key)) return shiftKey ? null : key;
  // The sign says itself whether Shift was needed for it.
  return /^\d$/.test(key) || (key.length === 1 && SIGNS.includes(key)) ? key : null;
}

/** Whether it writes a character: such a key must do nothing while somebody writes. */
export const isCharacter = (press: string): boolean => !press.startsWith('ctrl+');

/** As people read it: "N", "Alt+Shift+N". */
export const formatPress = (press: string): string =>
  press
    .split(/(?<=.)\+(?=.)/)
    .map((each) => each.charAt(0).toUpperCase() + each.slice(1))
    .join('+');

/** As `aria-keyshortcuts` writes it (WAI-ARIA 1.2, 6.7). */
export const shortcutOf = (press: string): string =>
  press === '+' ? 'plus' : formatPress(press).replace('Ctrl', 'Control');

/** A person's own keys as they were kept: what is no action any more, or no key, is left out. */
export function ownOf(kept: unknown): ShortcutsChoice['own'] {
  const own: ShortcutsChoice['own'] = {};
  if (typeof kept !== 'object' || kept === null) return own;
  for (const [name, press] of Object.entries(kept)) {
    const read = readPress(String(press));
    if (isAction(name) && read.ok) own[name] = read.press;
  }
  return own;
}

/** As delivered. */
export const DELIVERED: ShortcutsChoice = { isOff: false, own: {} };

/**
 * Each action's key for one person: their own first, then those delivered, as far as they are free, so that an action which
 * comes with a new version takes nobody's key. No two are the same.
 */
export function shortcutsOf({ isOff, own }: ShortcutsChoice): Shortcuts {
  const keys = Object.fromEntries(ACTION_NAMES.map((name) => [name, ''])) as Shortcuts;
  if (isOff) return keys;
  const taken = new Set<string>();
  const give = (name: ActionName, press: string) => {
    if (press === '' || taken.has(press)) return;
    taken.add(press);
    keys[name] = press;
  };
  for (const name of ACTION_NAMES) give(name, own[name] ?? '');
  for (const name of ACTION_NAMES) if (own[name] === undefined) give(name, ACTIONS[name].key);
  return keys;
}

export type KeyMistake = { reason: PressRefusal } | { reason: 'taken'; by: ActionName };

/** The keys as somebody typed them all: what is their own of them, or what is wrong with which. */
export function readKeys(
  typed: Readonly<Record<ActionName, string>>,
):
  | { ok: true; own: ShortcutsChoice['own'] }
  | { ok: false; mistakes: Partial<Record<ActionName, KeyMistake>> } {
  const own: ShortcutsChoice['own'] = {};
  const mistakes: Partial<Record<ActionName, KeyMistake>> = {};
  const owners = new Map<string, ActionName>();
  for (const name of ACTION_NAMES) {
    const read = readPress(typed[name]);
    if (!read.ok) {
      mistakes[name] = { reason: read.reason };
      continue;
    }
    const { press } = read;
    const by = press === '' ? undefined : owners.get(press);
    if (by) mistakes[name] = { reason: 'taken', by };
    else if (press !== '') owners.set(press, name);
    if (press !== ACTIONS[name].key) own[name] = press;
  }
  return Object.keys(mistakes).length > 0 ? { ok: false, mistakes } : { ok: true, own };
}

/** Those delivered, with Alt and Shift: for who dictates, or whose hands or screen reader press letters unasked. */
export function withAltShift(): ShortcutsChoice['own'] {
  const own: ShortcutsChoice['own'] = {};
  const letters = new Set('abcdefghijklmnopqrstuvwxyz0123456789');
  for (const name of ACTION_NAMES) {
    const { key }: Action = ACTIONS[name];
    if (!isLetterOrDigit(key)) continue;
    own[name] = `alt+shift+${key}`;
    letters.delete(key);
  }
  // Signs have none of their own with Alt: they get a letter that is left.
  for (const name of ACTION_NAMES) {
    const { key }: Action = ACTIONS[name];
    if (key.length !== 1 || isLetterOrDigit(key)) continue;
    const [free] = letters;
    own[name] = free ? `alt+shift+${free}` : '';
    if (free) letters.delete(free);
  }
  return own;
}
