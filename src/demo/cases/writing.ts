import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import type { Office } from '../../domain/office/types.ts';
import type { Clock } from '../../lib/clock.ts';
import { within } from '../../lib/db/database.ts';
import { type CasesAt, wireCasesAt } from '../../wiring/service.ts';
import { isOpenOn } from '../beginning.ts';
import { readAgents } from '../desks.ts';
import { drawsOf } from '../history/draws.ts';
import { type Applicants, applicantsAt } from './applicants.ts';
import { ASKED, type Asked } from './asked.ts';
import { type Going, lifeOf, type Officials } from './steps.ts';

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

/**
 * Writes cases of the last months by the services themselves, with a clock of their own, each step at its time and all steps of all cases in the order of time: the
 * registry’s books follow it. It writes nothing where the office has any case or entry, and stops where somebody else registers meanwhile. Returns how many steps
 * were taken.
 */
export async function writeCases(
  context: Context,
  isStopped: () => boolean = () => false,
): Promise<number> {
  const office = await context.offices.find(OFFICE);
  const officials = office && (await officialsOf(context, office));
  if (!office || !officials || (await hasCases(context, office))) return 0;
  const clock = stepClock(context.clock.now());
  const applicants = applicantsAt(context, clock);
  const services = wireCasesAt(context, clock, applicants.identification);
  const due = ASKED.map((asked, nth) => ({
    at: beginOf(office, context.clock.now(), asked, nth),
    life: goingOf(services, applicants, { office, officials, asked }, nth),
  }));
  let steps = 0;
  while (due.length > 0 && !isStopped()) {
    due.sort((a, b) => a.at - b.at);
    const [next] = due;
    if (!next || next.at >= context.clock.now().epochMilliseconds) break;
    if (await isRegisteredAfter(context, office, next.at)) break;
    clock.show(Temporal.Instant.fromEpochMilliseconds(next.at));
    const { done, value } = await next.life.next();
    steps++;
    if (done) due.shift();
    else next.at = inHours(office, next.at + value);
  }
  return steps;
}

/** Begins once the time has come for it: who hands it in identifies at that time. */
async function* goingOf(
  services: CasesAt,
  applicants: Applicants,
  on: { office: Office; officials: Officials; asked: Asked },
  nth: number,
): AsyncGenerator<number, void> {
  const person = await applicants.identify(on.asked, nth);
  if (!person) return;
  yield 60_000;
  const going: Going = { services, ...on, person };
  yield* lifeOf(going);
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

/** Whether somebody registered something after a moment: an earlier entry can’t follow it. */
async function isRegisteredAfter(
  { database }: Context,
  office: Office,
  at: number,
): Promise<boolean> {
  const moment = Temporal.Instant.fromEpochMilliseconds(at).toString();
  const { rows } = await within(database.kysely, office.id, (tx) =>
    sql`select from registry_book where office_id = ${office.id} and at > ${moment} limit 1`.execute(
      tx,
    ),
  );
  return rows.length > 0;
}
