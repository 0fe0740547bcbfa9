import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import type { Office } from '../../domain/office/types.ts';
import type { Clock } from '../../lib/clock.ts';
import { within } from '../../lib/db/database.ts';
import { wireCasesAt } from '../../wiring/service.ts';
import { isOpenOn } from '../beginning.ts';
import { readAgents } from '../desks.ts';
import { drawsOf } from '../history/draws.ts';
import { type Kept, keptHere } from '../kept.ts';
import { type Applicants, applicantsAt } from './applicants.ts';
import { ASKED, type Asked } from './asked.ts';
import { type Going, type Officials, type Person, stepsOf } from './steps.ts';

/** The office whose cases are written, and at which desk somebody works on them. */
const OFFICE = 'oac';
const DESK = 'taula-1';

/** A clock that shows the moment at which a step of a case happens. */
interface StepClock extends Clock {
  show(at: Temporal.Instant): void;
}

function stepClock(at: Temporal.Instant): StepClock {
  let shown = at;
  return {
    isMovedByHand: true,
    now: () => shown,
    show: (to) => {
      shown = to;
    },
  };
}

/** How far the cases are written. */
export interface NotedCases {
  /** The present when their writing began, from which their days are counted back. */
  from: string;
  isOver: boolean;
  /** The case of each that is asked for, and how many of its steps are done. */
  cases: { id: string | null; done: number }[];
}

export interface WritingOptions {
  isStopped?: () => boolean;
  kept?: Kept<NotedCases>;
}

/**
 * Writes cases of the last months by the services themselves, with a clock of their own, each step at its time and all steps of all cases in the order of time: the
 * registry’s books follow it, and close no day meanwhile. It goes on where it stopped. It writes nothing where the office has any other case or entry, and ends where
 * somebody else registers meanwhile. Returns how many steps were taken.
 */
export async function writeCases(
  context: Context,
  { isStopped = () => false, kept = keptHere() }: WritingOptions = {},
): Promise<number> {
  // Before anything is waited for: the closing runs as soon as the town is open.
  context.registry.holdClosing(true);
  let isLeft = false;
  try {
    const noted = await begun(context, kept);
    if (!noted) return 0;
    const steps = await goOn(context, noted, { isStopped, kept });
    isLeft = !noted.isOver;
    return steps;
  } finally {
    // A demo that is stopped goes on at its next start, and closes no day before.
    if (!isLeft) context.registry.holdClosing(false);
  }
}

/** Returns how far the cases are written; null: there is nothing to write. */
async function begun(context: Context, kept: Kept<NotedCases>): Promise<NotedCases | null> {
  const office = await context.offices.find(OFFICE);
  if (!office) return null;
  const noted = kept.read();
  if (await hasCases(context, office)) return noted && !noted.isOver ? noted : null;
  const cases = ASKED.map(() => ({ id: null, done: 0 }));
  return { from: context.clock.now().toString(), isOver: false, cases };
}

async function goOn(
  context: Context,
  noted: NotedCases,
  { isStopped, kept }: Required<WritingOptions>,
): Promise<number> {
  const office = await context.offices.find(OFFICE);
  const officials = office && (await officialsOf(context, office));
  noted.isOver = !office || !officials;
  if (!office || !officials) return 0;
  const clock = stepClock(context.clock.now());
  const applicants = applicantsAt(context, clock);
  const services = wireCasesAt(context, clock, applicants.identification);
  const going = ASKED.map((asked, nth) =>
    goingOf(
      applicants,
      { services, office, officials, asked, id: noted.cases[nth]?.id ?? null },
      nth,
    ),
  );
  let steps = 0;
  for (const { nth, number, step, at } of momentsOf(office, Temporal.Instant.from(noted.from))) {
    const of = noted.cases[nth];
    const one = going[nth];
    if (!of || !one || of.done > number) continue;
    if (isStopped()) return steps;
    if (at >= context.clock.now().epochMilliseconds) break;
    if (await isRegisteredAfter(context, office, at)) break;
    clock.show(Temporal.Instant.fromEpochMilliseconds(at));
    const isGoing = await step.run(one);
    steps++;
    of.id = one.id;
    of.done = isGoing ? number + 1 : Number.MAX_SAFE_INTEGER;
    kept.keep(noted);
  }
  noted.isOver = true;
  kept.keep(noted);
  return steps;
}

/** Has somebody identify at the time at which they do something first. */
function goingOf(applicants: Applicants, on: Omit<Going, 'person'>, nth: number): Going {
  let person: Promise<Person | null> | null = null;
  return {
    ...on,
    person: () => {
      person ??= applicants.identify(on.asked, nth);
      return person;
    },
  };
}

/** Returns every step of every case with its time, in the order of time. `now`: the present from which the days are counted back. */
function momentsOf(office: Office, now: Temporal.Instant) {
  const all = ASKED.flatMap((asked, nth) => {
    let at = beginOf(office, now, asked, nth);
    return stepsOf(asked.ends).map((step, number) => {
      if (number > 0) at = inHours(office, at + step.after);
      return { nth, number, step, at };
    });
  });
  return all.sort((a, b) => a.at - b.at);
}

/** Hours in which somebody works on cases, local. */
const WORKED = { from: 9, until: 14 };

/** Returns the same moment, or one in the morning of the next working day where the office is closed then. */
function inHours(office: Office, at: number): number {
  let local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(office.timeZone);
  const isLate = local.hour >= WORKED.until;
  if (isLate) local = local.add({ days: 1 });
  if (isLate || local.hour < WORKED.from)
    local = local.with({ hour: WORKED.from, minute: (local.minute + 7) % 60 });
  for (let tries = 0; tries < 20 && !isOpenOn(office, local.toPlainDate()); tries++)
    local = local.add({ days: 1 });
  return local.epochMilliseconds;
}

/** Returns when somebody begins: at any hour of the day, as people do. */
function beginOf(office: Office, now: Temporal.Instant, { ago }: Asked, nth: number): number {
  const local = now.toZonedDateTimeISO(office.timeZone).subtract({ days: ago });
  const draws = drawsOf('demo case', nth);
  const minute = draws.between(0, 59);
  return local.with({ hour: draws.between(8, 20), minute, second: nth % 60 }).epochMilliseconds;
}

async function officialsOf({ database }: Context, office: Office): Promise<Officials | null> {
  const desk = office.desks.find(({ code }) => code === DESK);
  const agent = desk && (await readAgents({ database }, office)).get(desk.id);
  const rows = await within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('staff_role')
      .select('staff_id as staff')
      .where('role', '=', 'coordinator')
      .orderBy('id')
      .execute(),
  );
  const [head] = rows;
  if (!agent || !head) return null;
  const post = { kind: 'staff', name: '', office: office.id, desk: null } as const;
  return { agent, coordinator: { ...post, ...head, role: 'coordinator' } };
}

/** Whether there is a case, or an entry in a book of the registry. */
async function hasCases({ database }: Context, office: Office): Promise<boolean> {
  const { rows } = await within(database.kysely, office.id, (tx) =>
    sql`select from case_file where office_id = ${office.id} union all select from registry_entry where office_id = ${office.id} limit 1`.execute(
      tx,
    ),
  );
  return rows.length > 0;
}

/** Whether somebody registered something after a moment, or its day is closed: an earlier entry can’t follow. */
async function isRegisteredAfter(
  { database }: Context,
  office: Office,
  at: number,
): Promise<boolean> {
  const moment = Temporal.Instant.fromEpochMilliseconds(at);
  const day = moment.toZonedDateTimeISO(office.timeZone).toPlainDate().toString();
  const { rows } = await within(database.kysely, office.id, (tx) =>
    sql`select from registry_book where office_id = ${office.id} and at > ${moment.toString()} union all
      select from registry_day where office_id = ${office.id} and day >= ${day}::date limit 1`.execute(
      tx,
    ),
  );
  return rows.length > 0;
}
