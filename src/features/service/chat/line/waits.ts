import type { LinePlace, WaitRange } from '../types.ts';
import { byPlace, canAnswer } from './rules.ts';
import type { Line, LineChat, LineDesk } from './types.ts';

/** With fewer conversations to go by, nothing is said. */
const LEAST_KNOWN = 3;
/** With fewer than these, the range is twice as wide. */
const WELL_KNOWN = 12;
/** Minutes after which only "more than an hour" is said. */
const MOST = 60;

/**
 * Returns where each waiting conversation stands, by its id. Before it are those ahead in the line that one of the same desks could answer.
 * `lengths`: how long conversations lasted of late, in minutes.
 */
export function placesIn(
  { chats, desks }: Line,
  lengths: readonly number[],
): Map<string, LinePlace> {
  const waiting = chats.filter((each) => each.state === 'waiting').toSorted(byPlace);
  const ahead: Set<number>[] = [];
  const places = new Map<string, LinePlace>();
  const known = new Map<string, { able: Set<number>; slots: number }>();
  for (const chat of waiting) {
    const { able, slots } = ableFor(chat, desks, known);
    const before = ahead.filter(
      (each) => each.size === 0 || able.size === 0 || !each.isDisjointFrom(able),
    ).length;
    ahead.push(able);
    const wait = waitRange(before, slots, lengths);
    places.set(chat.id, { position: before + 1, wait, isNobody: able.size === 0 });
  }
  return places;
}

/** Returns the desks that can answer a conversation, and how many they have room for together when nothing is going on. */
function ableFor(
  chat: LineChat,
  desks: readonly LineDesk[],
  known: Map<string, { able: Set<number>; slots: number }>,
) {
  const needs = JSON.stringify([chat.procedures, chat.language, chat.target]);
  const there = known.get(needs);
  if (there) return there;
  const some = desks.filter((each) => each.capacity > 0 && !each.isGone && canAnswer(each, chat));
  const slots = some.reduce((sum, each) => sum + each.capacity, 0);
  const made = { able: new Set(some.map(({ id }) => id)), slots };
  known.set(needs, made);
  return made;
}

/**
 * Returns how long the wait may be behind so many others, when so many are answered at once; null: it can't be said. It goes from the lower to the upper quarter
 * of how long conversations lasted of late, and is twice as wide where few are known. It is no promise.
 */
export function waitRange(
  ahead: number,
  slots: number,
  lengths: readonly number[],
): WaitRange | null {
  if (slots === 0 || lengths.length < LEAST_KNOWN) return null;
  const sorted = lengths.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  const wide = lengths.length < WELL_KNOWN ? 2 : 1;
  const turns = (ahead + 1) / slots;
  const from = Math.max(1, Math.floor((turns * at(0.25)) / wide));
  const to = Math.max(from + 1, Math.ceil(Math.max(turns, 1) * at(0.75) * wide));
  return { from: Math.min(from, MOST), to: to > MOST ? null : to };
}
