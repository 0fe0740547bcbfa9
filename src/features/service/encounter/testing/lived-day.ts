import type { AttemptOutcome } from '../types.ts';
import { DESKS, type Replay } from './replay.ts';

/** What one citizen will do and have done to them, known beforehand. Minutes are of Monday. */
export interface Life {
  name: string;
  /** When they book; before Monday is negative. */
  books: number;
  start: number;
  /** How the calls end, one after the other; then nobody answers. */
  calls: AttemptOutcome[];
  /** How long it takes once they are reached. */
  lasts: number;
  /** What they do by themselves, in order. */
  acts: Act[];
}

export type Act =
  | { at: number; does: 'move'; to: number }
  | { at: number; does: 'cancel' }
  | { at: number; does: 'say their number' }
  /** Whoever of that desk picks up attends them there and then. */
  | { at: number; does: 'ring back'; desk: string }
  | { at: number; does: 'answer the survey' }
  /** Done by a desk for them. */
  | { at: number; does: 'be moved'; to: number; desk: string }
  | { at: number; does: 'be cancelled'; desk: string }
  | { at: number; does: 'have their number mended'; desk: string }
  | { at: number; does: 'have another booked'; to: number; desk: string };

/** From when to when a desk is there. A late one finds who waits. */
export type Presence = Record<string, { from: number; to: number }>;

export const STEP = 5;
const DAY = 24 * 60;
/** At ten, when the reminders of Monday go out. */
const THURSDAY = -4 * DAY + 10 * 60;

/**
 * Lives the day through: citizens book and do what they do, desks press "next" whenever they are free, call who is due, and
 * write down and close what they attended. Answers what didn't agree.
 */
export async function live(day: Replay, lives: readonly Life[], presence: Presence): Promise<void> {
  const busy = new Map<string, { name: string; until: number }>();
  const moments = [...lives.map((each) => each.books), THURSDAY].filter((each) => each < 0);
  const first = Math.min(...moments);
  for (const moment of [...new Set(moments)].sort((a, b) => a - b)) {
    if (moment > first) await day.pass(moment);
    await bookAt(day, lives, moment);
  }
  for (let now = 7 * 60; now <= 17 * 60; now += STEP) {
    await day.pass(now);
    await bookAt(day, lives, now);
    for (const life of lives) {
      for (const act of life.acts)
        if (act.at === now && day.paper.all.has(life.name)) await carryOut(day, life, act, busy);
    }
    for (const desk of DESKS) await work(day, lives, desk, presence, busy);
  }
  await day.pass(DAY + 10 * 60);
  for (const life of lives)
    if (life.acts.some((each) => each.does === 'answer the survey') && day.paper.all.has(life.name))
      await day.answer(life.name);
}

async function bookAt(day: Replay, lives: readonly Life[], now: number): Promise<void> {
  for (const life of lives) if (life.books === now) await day.book(life.name, life.start);
}

type Busy = Map<string, { name: string; until: number }>;

async function carryOut(day: Replay, life: Life, act: Act, busy: Busy): Promise<void> {
  const { name } = life;
  switch (act.does) {
    case 'move':
      await day.move(name, act.to);
      return;
    case 'cancel':
      await day.cancel(name);
      return;
    case 'say their number':
      await day.mend(name);
      return;
    case 'have their number mended':
      await day.mend(name, act.desk);
      return;
    case 'be moved':
      await day.move(name, act.to, act.desk);
      return;
    case 'be cancelled':
      await day.cancel(name, act.desk);
      return;
    case 'have another booked':
      await day.book(`${name}bis`, act.to, act.desk);
      return;
    case 'ring back':
      // A desk that attends somebody doesn't pick up.
      if (!busy.has(act.desk) && (await day.start(name, act.desk)))
        busy.set(act.desk, { name, until: act.at + life.lasts });
      return;
    default:
      return; // surveys are answered the day after
  }
}

/** One desk at one moment. */
async function work(
  day: Replay,
  lives: readonly Life[],
  desk: string,
  presence: Presence,
  busy: Busy,
): Promise<void> {
  const { now } = day.paper;
  const attending = busy.get(desk);
  if (attending) {
    if (now < attending.until) return void (await day.save(attending.name, desk));
    busy.delete(desk);
    await day.close(attending.name, desk);
  }
  const here = presence[desk];
  if (!here || now < here.from || now >= here.to) return;
  const name = await day.next(desk);
  if (name === null) return;
  const it = day.paper.of(name);
  if (it.status !== 'booked' || day.paper.due(it) > now) return;
  if (it.lacksNumber) return void (await day.giveUp(name, desk));
  const life = lives.find((each) => each.name === name);
  const outcome = life?.calls[it.attempts.length] ?? (life ? 'no_answer' : 'answered');
  await day.call(name, outcome, desk);
  if (outcome === 'answered') busy.set(desk, { name, until: now + (life?.lasts ?? 10) });
}
