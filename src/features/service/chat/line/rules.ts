import type { State } from '../../presence/types.ts';
import type { Line, LineChat, LineDesk, LinePolicy, LineStep } from './types.ts';

const { compare } = Temporal.Instant;

/** Whoever waits and has had no page open for so many times the silence of the office has left. */
const GONE_AFTER = 3;

/** Returns how many conversations a desk may have at once. `chats`: its own number; null: the office's. */
export function capacityOf(
  state: State,
  { atOnce, besideCall }: { atOnce: number; besideCall: number },
  chats: number | null,
): number {
  const most = chats ?? atOnce;
  if (state === 'available') return most;
  return state === 'in_call' || state === 'wrap_up' ? Math.min(besideCall, most) : 0;
}

/** Returns whether a desk serves what a conversation is about, in its language, however busy it is. A desk that it was handed over to does. */
export const canAnswer = (
  desk: Pick<LineDesk, 'id' | 'skills' | 'languages'>,
  chat: Pick<LineChat, 'procedures' | 'language' | 'target'>,
): boolean =>
  chat.target === desk.id ||
  (desk.languages.includes(chat.language) &&
    (desk.skills === 'all' || chat.procedures.some((each) => desk.skills.includes(each))));

/** The order of the line: whoever was given back is before the others; each by their place, which they never lose. */
export function byPlace(
  a: Pick<LineChat, 'number' | 'place' | 'returnedAt'>,
  b: Pick<LineChat, 'number' | 'place' | 'returnedAt'>,
): number {
  const isBack = (each: Pick<LineChat, 'returnedAt'>) => (each.returnedAt ? 0 : 1);
  return isBack(a) - isBack(b) || compare(a.place, b.place) || a.number - b.number;
}

/** Returns how many conversations a desk has, with the one that it is offered. */
export const heldBy = (chats: readonly LineChat[], desk: number): number =>
  chats.filter((each) => each.desk === desk && each.state !== 'waiting').length;

/** Returns whether the person's page was open a short while ago: else nobody is offered, and the place stays. */
export const isThere = (
  { seenAt }: Pick<LineChat, 'seenAt'>,
  { silentMinutes }: LinePolicy,
  now: Temporal.Instant,
): boolean => compare(seenAt.add({ minutes: silentMinutes }), now) > 0;

/** Returns whether a desk could be offered a conversation now. It is offered one at a time. */
export function isOffered(desk: LineDesk, chat: LineChat, chats: readonly LineChat[]): boolean {
  const hasRoom = heldBy(chats, desk.id) < desk.capacity;
  const isAsked = chats.some((each) => each.state === 'offered' && each.desk === desk.id);
  const may = !desk.isStopped && !desk.isGone && !chat.declined.includes(desk.id);
  return may && hasRoom && !isAsked && canAnswer(desk, chat);
}

/**
 * Returns what changes in a line by itself up to `now`, in order: offers that nobody took, desks and people that are silent, and new offers. Head of the
 * line first, to the desk with the most room, then the one that has been without longest. When it was applied, nothing changes by itself any more.
 */
export function settle(line: Line, policy: LinePolicy, now: Temporal.Instant): LineStep[] {
  const steps: LineStep[] = [];
  let left = line;
  const add = (step: LineStep) => {
    steps.push(step);
    left = applied(left, step, now);
  };
  for (const { id } of line.chats) {
    // What is given back may have been left by its person meanwhile.
    for (let isStable = false; !isStable; ) {
      const chat = left.chats.find((each) => each.id === id);
      const step = chat ? expired(chat, line.desks, policy, now) : null;
      if (step) add(step);
      else isStable = true;
    }
  }
  const waiting = left.chats.filter((each) => each.state === 'waiting').toSorted(byPlace);
  const until = now.add({ seconds: policy.answerSeconds });
  for (const chat of waiting) {
    const desk = isThere(chat, policy, now) ? bestDesk(left, chat) : null;
    if (desk) add({ kind: 'offered', chat: chat.id, desk: desk.id, until });
  }
  return steps;
}

/** Returns whether somebody is there who can answer a conversation, now or when they have room. */
const isAnybodyThere = (desks: readonly LineDesk[], chat: LineChat): boolean =>
  desks.some((each) => each.capacity > 0 && !each.isGone && canAnswer(each, chat));

/** Returns how a conversation changes because nobody did anything; null: it doesn't. */
function expired(
  chat: LineChat,
  desks: readonly LineDesk[],
  policy: LinePolicy,
  now: Temporal.Instant,
): LineStep | null {
  const isBy = (at: Temporal.Instant | null) => at !== null && compare(at, now) <= 0;
  const { id, desk } = chat;
  const silence = { minutes: policy.silentMinutes };
  if (chat.state === 'waiting') {
    const gone = chat.seenAt.add({ minutes: policy.silentMinutes * GONE_AFTER });
    if (isBy(gone)) return { kind: 'left', chat: id, why: 'gone' };
    return chat.isClosed && !isAnybodyThere(desks, chat) ? { kind: 'closed', chat: id } : null;
  }
  const at = desks.find((each) => each.id === desk);
  if (desk === null) return null;
  if (chat.state === 'offered')
    return isBy(chat.offeredUntil) || !at || at.isGone || at.capacity === 0
      ? { kind: 'missed', chat: id, desk }
      : null;
  if (!at || at.isGone) return { kind: 'returned', chat: id, desk, why: 'gone' };
  if (chat.unansweredAt)
    return isBy(chat.unansweredAt.add(silence))
      ? { kind: 'returned', chat: id, desk, why: 'silent' }
      : null;
  const spoke = latest([chat.personAt, chat.deskAt, chat.heldSince]);
  const asked = chat.askedAt && compare(chat.askedAt, spoke) >= 0 ? chat.askedAt : null;
  if (asked) return isBy(asked.add(silence)) ? { kind: 'ended', chat: id, why: 'silent' } : null;
  return isBy(spoke.add(silence)) ? { kind: 'asked', chat: id } : null;
}

const latest = (some: readonly (Temporal.Instant | null)[]): Temporal.Instant =>
  some
    .filter((each) => each !== null)
    .toSorted(compare)
    .at(-1)!;

function bestDesk({ chats, desks }: Line, chat: LineChat): LineDesk | null {
  const able = desks.filter((each) => isOffered(each, chat, chats));
  const target = able.find((each) => each.id === chat.target);
  const room = (desk: LineDesk) => desk.capacity - heldBy(chats, desk.id);
  const since = (desk: LineDesk) => desk.lastAt?.epochMilliseconds ?? 0;
  const [best] = able.toSorted((a, b) => room(b) - room(a) || since(a) - since(b) || a.id - b.id);
  return target ?? best ?? null;
}

/** Returns a line after one change. The store does the same to its rows. */
export function applied(line: Line, step: LineStep, now: Temporal.Instant): Line {
  const { chat: id } = step;
  if (step.kind === 'ended' || step.kind === 'left' || step.kind === 'closed')
    return { ...line, chats: line.chats.filter((each) => each.id !== id) };
  const chats = line.chats.map((each) => (each.id === id ? changed(each, step, now) : each));
  const stops = step.kind === 'missed' || step.kind === 'returned' ? step.desk : null;
  const desks = line.desks.map((each) => (each.id === stops ? { ...each, isStopped: true } : each));
  return { chats, desks };
}

function changed(
  chat: LineChat,
  step: Exclude<LineStep, { kind: 'ended' | 'left' | 'closed' }>,
  now: Temporal.Instant,
): LineChat {
  const free = {
    ...({ state: 'waiting', desk: null, offeredUntil: null, heldSince: null } as const),
    unansweredAt: null,
  };
  if (step.kind === 'asked') return { ...chat, askedAt: now };
  if (step.kind === 'missed') return { ...chat, ...free, target: null };
  if (step.kind === 'returned')
    return { ...chat, ...free, target: null, askedAt: null, returnedAt: now };
  return { ...chat, state: 'offered', desk: step.desk, offeredUntil: step.until };
}
