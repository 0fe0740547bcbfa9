import type { MessageKey } from '../../../lib/i18n/translate.ts';
import type { AlertChoice, Shortcuts, ShortcutsChoice } from './types.ts';

export interface Action {
  /** The default key or pair of keys, in the form of `readPress`; '' for none. No two actions share one. */
  key: string;
  /** The part of the console that has the action. */
  place: 'everywhere' | 'day' | 'appointment' | 'call' | 'case' | 'chat' | 'coordination';
  /** A short name of the action, usually the words of its button. */
  words: MessageKey;
}

/**
 * All actions of the console that can have a key. A page marks the link, button or field of an action with
 * `data-action="<name>"`, and may show the person's key beside its words with `<Key action="<name>" />`. The key presses a link or
 * button, and focuses a field. On a page without the action, its key does nothing.
 */
export const ACTIONS = {
  help: { key: '?', place: 'everywhere', words: 'shortcuts.title' },
  palette: { key: 'ctrl+k', place: 'everywhere', words: 'shortcuts.palette.title' },
  next: { key: 'n', place: 'everywhere', words: 'staff.next' },
  day: { key: 'd', place: 'everywhere', words: 'staff.place.day' },
  book: { key: 'b', place: 'everywhere', words: 'desk.book.title' },
  serve: { key: '8', place: 'everywhere', words: 'unbooked.title' },
  search: { key: '/', place: 'everywhere', words: 'desk.search.submit' },
  cases: { key: 'l', place: 'everywhere', words: 'caseDesk.title' },
  chats: { key: '*', place: 'everywhere', words: 'chatDesk.title' },
  requests: { key: 'v 0', place: 'everywhere', words: 'requestDesk.title' },
  figures: { key: 'v f', place: 'everywhere', words: 'figures.title' },
  available: { key: 'v d', place: 'everywhere', words: 'liveBoard.state.available' },
  break: { key: 'v b', place: 'everywhere', words: 'liveBoard.state.break' },
  away: { key: 'v a', place: 'everywhere', words: 'liveBoard.state.away' },
  rota: { key: 'v r', place: 'everywhere', words: 'rota.title' },
  audit: { key: 'v u', place: 'everywhere', words: 'staff.place.audit' },
  people: { key: 'v p', place: 'everywhere', words: 'people.place' },
  webhooks: { key: 'v w', place: 'everywhere', words: 'webhooks.place' },
  admin: { key: 'v m', place: 'everywhere', words: 'admin.title' },
  dayBefore: { key: ',', place: 'day', words: 'staff.day.before' },
  today: { key: '0', place: 'day', words: 'staff.day.today' },
  dayAfter: { key: '.', place: 'day', words: 'staff.day.after' },
  view: { key: 'z', place: 'day', words: 'shortcuts.view.change' },
  takeLate: { key: 'v t', place: 'day', words: 'freeNow.late.take' },
  leaveLate: { key: 'v l', place: 'day', words: 'freeNow.late.decline' },
  call: { key: 'c', place: 'call', words: 'shortcuts.action.call' },
  answered: { key: 'a', place: 'call', words: 'staff.call.answered' },
  begin: { key: 'g', place: 'call', words: 'staff.call.begin' },
  no_answer: { key: '1', place: 'call', words: 'staff.outcome.no_answer' },
  busy: { key: '2', place: 'call', words: 'staff.outcome.busy' },
  voicemail: { key: '3', place: 'call', words: 'staff.outcome.voicemail' },
  wrong_number: { key: '4', place: 'call', words: 'staff.outcome.wrong_number' },
  rejected: { key: '5', place: 'call', words: 'staff.outcome.rejected' },
  calledBack: { key: '6', place: 'call', words: 'staff.call.calledBack' },
  giveUp: { key: 'v g', place: 'call', words: 'attending.number.close' },
  answer: { key: '7', place: 'call', words: 'softphone.action.answer' },
  decline: { key: 'v x', place: 'call', words: 'softphone.action.decline' },
  hangUp: { key: 'h', place: 'call', words: 'softphone.hangUp' },
  mute: { key: 'q', place: 'call', words: 'softphone.mute' },
  hold: { key: 'v h', place: 'call', words: 'softphone.hold' },
  keypad: { key: 'v k', place: 'call', words: 'softphone.keypad' },
  video: { key: 'v v', place: 'call', words: 'persistentCall.action' },
  dial: { key: 'v c', place: 'call', words: 'softphone.dial.title' },
  admit: { key: 'v e', place: 'appointment', words: 'companions.desk.admit.next' },
  save: { key: 's', place: 'appointment', words: 'staff.encounter.save' },
  close: { key: 'f', place: 'appointment', words: 'staff.encounter.close' },
  followUp: { key: 'u', place: 'appointment', words: 'attending.follow.close' },
  tick: { key: '+', place: 'appointment', words: 'attending.checks.tick' },
  identity: { key: 'k', place: 'appointment', words: 'staff.encounter.identity' },
  askIdentity: { key: 'e', place: 'appointment', words: 'identifying.desk.ask' },
  notes: { key: 'w', place: 'appointment', words: 'staff.encounter.notes' },
  wrapUp: { key: '9', place: 'appointment', words: 'staff.encounter.wrapUp' },
  addItem: { key: 'p', place: 'appointment', words: 'staff.encounter.add' },
  undo: { key: '-', place: 'appointment', words: 'undo.key' },
  move: { key: 'm', place: 'appointment', words: 'desk.move.title' },
  contact: { key: 'v o', place: 'appointment', words: 'desk.contact.title' },
  print: { key: 'v i', place: 'appointment', words: 'desk.print.link' },
  another: { key: 'v n', place: 'appointment', words: 'desk.book.another' },
  cancel: { key: 'x', place: 'appointment', words: 'staff.cancel.link' },
  openForm: { key: 'j', place: 'appointment', words: 'fourHands.open' },
  askConfirmation: { key: 'v 1', place: 'case', words: 'fourHands.confirm.ask' },
  onBehalf: { key: 'v 2', place: 'case', words: 'onBehalf.title' },
  reports: { key: 'v 3', place: 'case', words: 'report.asked.title' },
  askReport: { key: 'v 4', place: 'case', words: 'report.ask.link' },
  takeCase: { key: 'y', place: 'case', words: 'caseDesk.take' },
  takeChat: { key: '=', place: 'chat', words: 'chatDesk.take' },
  declineChat: { key: 'v 5', place: 'chat', words: 'chatDesk.decline' },
  nextChat: { key: ';', place: 'chat', words: 'chatDesk.key.next' },
  writeChat: { key: ':', place: 'chat', words: 'chatDesk.key.write' },
  answersChat: { key: '(', place: 'chat', words: 'chatDesk.answers' },
  handChat: { key: 'v 6', place: 'chat', words: 'chatDesk.hand' },
  returnChat: { key: 'v 7', place: 'chat', words: 'chatDesk.hand.back' },
  moveChat: { key: 'v 8', place: 'chat', words: 'chatDesk.move' },
  endChat: { key: 'v 9', place: 'chat', words: 'chatDesk.end' },
  reassign: { key: 'r', place: 'coordination', words: 'reassign.title' },
  takeOver: { key: 'o', place: 'coordination', words: 'takeOver.title' },
  now: { key: 'v j', place: 'coordination', words: 'liveBoard.title' },
  board: { key: 't', place: 'coordination', words: 'board.title' },
  planning: { key: 'v y', place: 'coordination', words: 'planning.place' },
  deskAway: { key: 'i', place: 'coordination', words: 'away.title' },
  addShift: { key: 'v s', place: 'coordination', words: 'rota.add.title' },
  sayLate: { key: 'v q', place: 'coordination', words: 'late.title' },
  several: { key: 'v z', place: 'coordination', words: 'several.choose' },
} as const satisfies Record<string, Action>;

export type ActionName = keyof typeof ACTIONS;

export const ACTION_NAMES = Object.keys(ACTIONS) as ActionName[];

export const isAction = (name: string): name is ActionName => Object.hasOwn(ACTIONS, name);

/** The browser's event of a pressed key. */
export interface Pressed {
  key: string;
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  metaKey: boolean;
}

/** Letters that, with Ctrl, edit texts or are reserved by the browser. */
const NEEDED_WITH_CTRL = 'acflnpqrtvwxyz';
/** Signs that are easy to type on the keyboards of the four languages. */
const SIGNS = '?/.,-+*=\'";:!()@#&';

/** The key that begins pairs: V and a second key ("v f"). It does nothing alone. */
const LEADER = 'v';

const isLetter = (key: string) => /^[a-z]$/.test(key);
const isLetterOrDigit = (key: string) => /^[a-z0-9]$/.test(key);

/** Names of the modifiers on keyboards and as people type them. */
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

export type PressRefusal = 'not_known' | 'browser' | 'leader';

type PressRead = { ok: true; press: string } | { ok: false; reason: PressRefusal };

/**
 * Returns a typed key ("n", "V F", "Alt+Shift+N", "Ctrl+K") in its stored form: `n`, `v f`, `alt+shift+n`,
 * `ctrl+k`. '' stays ''. Valid: a letter, digit or sign alone, one with Alt and Shift, or a letter with Ctrl; and a letter, digit or
 * sign after V, or after V with Alt and Shift.
 */
export function readPress(typed: string): PressRead {
  const text = typed.trim().toLowerCase();
  const [, first = '', second = ''] = /^(.*[^+\s])\s*(\S)$/.exec(text) ?? [];
  const leader = readOne(first.replaceAll(/\s+/g, ''));
  if (leader.ok && isLeader(leader.press) && readOne(second).ok)
    return { ok: true, press: `${leader.press} ${second}` };
  const read = readOne(text.replaceAll(/\s+/g, ''));
  return read.ok && isLeader(read.press) ? { ok: false, reason: 'leader' } : read;
}

const isLeader = (press: string): boolean => press === LEADER || press === `alt+shift+${LEADER}`;

function readOne(text: string): PressRead {
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

/** Returns the pressed key in the form of `readPress`, or null when no action can have it. */
export function pressOf(event: Pressed): string | null {
  const { ctrlKey, altKey, shiftKey, metaKey } = event;
  if (metaKey) return null;
  const key = event.key.toLowerCase();
  if (altKey && shiftKey && !ctrlKey) {
    // With Alt some keyboards write other characters. Then the key's position gives the letter.
    const letter = isLetterOrDigit(key) ? key : /^(?:Key|Digit)(.)$/.exec(event.code)?.[1];
    return letter ? `alt+shift+${letter.toLowerCase()}` : null;
  }
  if (altKey) return null;
  if (ctrlKey) return !shiftKey && isLetter(key) ? `ctrl+${key}` : null;
  if (isLetter(key)) return shiftKey ? null : key;
  // The sign itself shows whether Shift was needed.
  return /^\d$/.test(key) || (key.length === 1 && SIGNS.includes(key)) ? key : null;
}

/** Returns whether the key writes a character. Such a key must do nothing in a text field. */
export const isCharacter = (press: string): boolean => !press.startsWith('ctrl+');

/** Returns the key in readable form: "N", "V F", "Alt+Shift+N". */
export const formatPress = (press: string): string =>
  press
    .split(/( |(?<=[^ ])\+(?=.))/)
    .map((each) => each.charAt(0).toUpperCase() + each.slice(1))
    .join('');

/** Returns the key in the form of `aria-keyshortcuts` (WAI-ARIA 1.2, 6.7); '' for a pair, which it has no form for. */
export const shortcutOf = (press: string): string =>
  press.includes(' ') ? '' : press === '+' ? 'plus' : formatPress(press).replace('Ctrl', 'Control');

/** Returns a person's stored keys without those of removed actions and without keys that aren't valid. */
export function ownOf(kept: unknown): ShortcutsChoice['own'] {
  const own: ShortcutsChoice['own'] = {};
  if (typeof kept !== 'object' || kept === null) return own;
  for (const [name, press] of Object.entries(kept)) {
    const read = readPress(String(press));
    if (isAction(name) && read.ok) own[name] = read.press;
  }
  return own;
}

/** The default alerts: nothing that others see or hear. */
export const ALERTS_DELIVERED: readonly AlertChoice[] = ['title'];

/** The defaults. */
export const DELIVERED: ShortcutsChoice = { isOff: false, own: {} };

/**
 * Returns each action's key for one person: their own keys first, then defaults that are free. So an action of a
 * new version doesn't take a person's key. No two are the same.
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

/** Reads all keys that a person typed. Returns those that differ from the defaults, or the errors by action. */
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

/**
 * The defaults with Alt and Shift: for people whose dictation, hands or screen reader press letters unintentionally. Signs have no form
 * with Alt, so they come after the key that begins pairs.
 */
export function withAltShift(): ShortcutsChoice['own'] {
  const own: ShortcutsChoice['own'] = {};
  for (const name of ACTION_NAMES) {
    const { key }: Action = ACTIONS[name];
    const first = key.charAt(0);
    if (key.length === 1) own[name] = isLetterOrDigit(key) ? withBoth(key) : afterLeader(key);
    else if (isLeader(first)) own[name] = afterLeader(key.slice(2));
  }
  return own;
}

const withBoth = (key: string) => `alt+shift+${key}`;
const afterLeader = (key: string) => `${withBoth(LEADER)} ${key}`;
