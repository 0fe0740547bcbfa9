import { type Selectable, sql } from 'kysely';
import { askOf } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import { extentOf } from '../../../domain/office/bundle.ts';
import {
  BOOKING_FIELDS,
  CITIZEN_FIELDS,
  detailsOfRow,
  PERSON_FIELDS,
} from '../../../domain/person.ts';
import type { Ending, Part, Waiting } from '../../../domain/waiting.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { PersonColumns, Schema } from '../../../lib/db/schema.ts';
import type { EncounterLanguage, Language } from '../../../lib/i18n/languages.ts';
import { afterDeedsIfAny, type DueSql, earliest, hourlyIfAny, NOW } from '../../../lib/jobs/due.ts';
import { addressOf } from '../../foundation/notices/rules.ts';
import { dayBefore } from './rules.ts';
import type { Offer, Outcome, Queued, Tally } from './types.ts';

/** Reads entries with the data of their appointment, if any. */
const select = (tx: Tx) =>
  tx
    .selectFrom('wait_list as w')
    .innerJoin('procedure as p', 'p.id', 'w.procedure_id')
    .leftJoin('appointment as a', 'a.id', 'w.appointment_id')
    .select((eb) => [
      'w.id',
      'w.office_id',
      'w.appointment_id',
      'p.code as procedure',
      'w.further',
      'w.people',
      eb.fn.coalesce('a.channel', 'w.channel').as('channel'),
      'w.language',
      sql<string | null>`case when a.id is null then w.site else a.site end`.as('site'),
      'w.notice_language',
      'w.first_day',
      'w.last_day',
      'w.part',
      ...CITIZEN_FIELDS.map((name) => {
        const { column } = PERSON_FIELDS[name];
        return eb
          .case()
          .when('a.id', 'is', null)
          .then(eb.ref(`w.${column}`))
          .else(eb.ref(`a.${column}`))
          .end()
          .as(column);
      }),
      ...BOOKING_FIELDS.map((name) => `w.${PERSON_FIELDS[name].column}` as const),
      'a.starts as appointment_starts',
      'a.link as appointment_link',
      sql<boolean>`a.status = 'booked' and a.displaced_at is not null`.as('appointment_displaced'),
      'w.displaced',
      'w.since',
      'w.ended_at',
      'w.ended_why',
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

function fromRow(row: Row): Waiting {
  const { appointment_id: id, appointment_starts: start } = row;
  return {
    id: row.id,
    office: row.office_id,
    procedure: row.procedure,
    ...extentOf(row),
    channel: row.channel as Channel,
    language: row.language as EncounterLanguage,
    site: row.site,
    noticeLanguage: row.notice_language as Language,
    appointment:
      id && start
        ? { id, link: row.appointment_link ?? 0, start, isDisplaced: row.appointment_displaced }
        : null,
    isDisplaced: row.displaced,
    firstDay: row.first_day,
    lastDay: row.last_day,
    part: row.part as Part | null,
    ...detailsOfRow(row as PersonColumns),
    since: row.since,
    ended: row.ended_at && { at: row.ended_at, why: row.ended_why as Ending },
  };
}

function offerFrom(row: Selectable<Schema['offer']>): Offer {
  return {
    id: row.id,
    waiting: row.wait_list_id,
    start: row.starts,
    offeredAt: row.offered_at,
    expiresAt: row.expires_at,
    ended: row.ended_at && { at: row.ended_at, outcome: row.outcome as Outcome },
  };
}

/** Reads an entry by id. */
export async function readWaiting(tx: Tx, id: string): Promise<Waiting | null> {
  const row = await select(tx).where('w.id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns the entry for an earlier time than this appointment's; null when there is none. */
export async function readOfAppointment(tx: Tx, appointment: string): Promise<Waiting | null> {
  const row = await select(tx)
    .modifyFront(FREQUENT)
    .where('w.appointment_id', '=', appointment)
    .where('w.ended_at', 'is', null)
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns the entry with its row locked until the transaction ends, so that decisions on it stay valid. */
export async function lockWaiting(tx: Tx, id: string): Promise<Waiting | null> {
  const row = await select(tx).where('w.id', '=', id).forUpdate('w').executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns an entry's offers, newest first. */
export async function readOffers(tx: Tx, waiting: string): Promise<Offer[]> {
  const rows = await tx
    .selectFrom('offer')
    .selectAll()
    .where('wait_list_id', '=', waiting)
    .orderBy('offered_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(offerFrom);
}

/** Returns the number of earlier entries for the same procedure by the same channel. */
export async function countAhead(tx: Tx, waiting: Waiting): Promise<number> {
  const { rows } = await sql<{ ahead: number }>`
    select count(*)::int as ahead
    from wait_list w
    left join appointment a on a.id = w.appointment_id
    join wait_list me on me.id = ${waiting.id}
    where w.office_id = ${waiting.office} and w.ended_at is null and w.procedure_id = me.procedure_id
      and coalesce(a.channel, w.channel) = ${waiting.channel} and (w.since, w.id) < (me.since, me.id)`.execute(
    tx,
  );
  return rows[0]?.ahead ?? 0;
}

/** Locks a person's forms, so that their entries are counted correctly. */
export async function lockPerson(tx: Tx, office: number, address: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('finestreta.wait_list.person'), hashtext(${`${office} ${address}`}))`.execute(
    tx,
  );
}

/** Returns the number of active entries with this contact address. */
export async function countOpen(tx: Tx, office: number, address: string): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*)::int as open
    from wait_list w
    left join appointment a on a.id = w.appointment_id
    where w.office_id = ${office} and w.ended_at is null
      and ${address} in (case when a.id is null then w.email else a.email end, case when a.id is null then w.phone else a.phone end)`.execute(
    tx,
  );
  return rows[0]?.open ?? 0;
}

/** Returns the offices with active entries. */
export async function readOfficesWaiting(db: Db): Promise<number[]> {
  return within(db, INSTALLATION, async (tx) => {
    const rows = await tx
      .selectFrom('wait_list')
      .select('office_id')
      .distinct()
      .where('ended_at', 'is', null)
      .orderBy('office_id')
      .execute();
    return rows.map((row) => row.office_id);
  });
}

/** Locks the office's list for this worker until the transaction ends. Returns false when another worker has it. */
export async function mayOffer(tx: Tx, office: number): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`select may_offer(${office}) as may`.execute(tx);
  return rows[0]?.may ?? false;
}

/**
 * Returns an office's active entries in order of arrival, each person's offers since `dayStart`, and the number of open
 * offers.
 */
export async function readQueue(
  tx: Tx,
  office: number,
  timeZone: string,
  dayStart: Temporal.Instant,
): Promise<{ queue: Queued[]; tallies: Map<string, Tally>; open: number }> {
  const rows = await select(tx)
    .where('w.office_id', '=', office)
    .where('w.ended_at', 'is', null)
    .orderBy('w.since')
    .orderBy('w.id')
    .execute();
  const offers = await tx
    .selectFrom('offer as o')
    .innerJoin('wait_list as w', 'w.id', 'o.wait_list_id')
    .leftJoin('appointment as a', 'a.id', 'w.appointment_id')
    .select(['o.wait_list_id', 'o.starts', 'o.offered_at', 'o.ended_at', 'o.outcome'])
    .select([
      sql<string | null>`case when a.id is null then w.email else a.email end`.as('email'),
      sql<string | null>`case when a.id is null then w.phone else a.phone end`.as('phone'),
    ])
    .where('o.office_id', '=', office)
    .where((eb) =>
      eb.or([eb('w.ended_at', 'is', null), eb('o.offered_at', '>=', moment(dayStart))]),
    )
    .orderBy('o.offered_at')
    .execute();
  const offered = new Map<string, Offered>();
  const tallies = new Map<string, Tally>();
  for (const offer of offers) {
    const { seen, unanswered } = offered.get(offer.wait_list_id) ?? NOTHING;
    offered.set(offer.wait_list_id, {
      seen: new Set(seen).add(offer.starts.epochMilliseconds),
      unanswered: afterOffer(unanswered, offer.outcome),
    });
    const person = addressOf(offer)?.recipient;
    if (!person) continue;
    const tally = tallies.get(person) ?? { today: 0, isOpen: false };
    const isToday = Temporal.Instant.compare(offer.offered_at, dayStart) >= 0;
    tallies.set(person, {
      today: tally.today + (isToday ? 1 : 0),
      isOpen: tally.isOpen || offer.ended_at === null,
    });
  }
  return {
    queue: rows.map(fromRow).flatMap((each) => queued(each, timeZone, offered)),
    tallies,
    open: offers.filter((each) => each.ended_at === null).length,
  };
}

/** Returns an entry's offers. */
type Offered = Pick<Queued, 'seen' | 'unanswered'>;
const NOTHING: Offered = { seen: new Set(), unanswered: 0 };

/** An open offer counts as no answer yet; any answer resets the count. */
function afterOffer(unanswered: number, outcome: string | null): number {
  if (outcome === null) return unanswered;
  return outcome === 'expired' ? unanswered + 1 : 0;
}

/** People without a contact address get no offers. */
function queued(each: Waiting, timeZone: string, offered: ReadonlyMap<string, Offered>): Queued[] {
  const person = addressOf(each.citizen)?.recipient;
  if (!person) return [];
  const { id, firstDay, lastDay, part } = each;
  const before = dayBefore(each.appointment, timeZone);
  const wish = { firstDay, lastDay, part };
  const had = offered.get(id) ?? NOTHING;
  const isDisplaced = each.appointment?.isDisplaced ?? false;
  // The hour of their displaced appointment isn't offered to them.
  const seen = isDisplaced ? had.seen.union(startOf(each)) : had.seen;
  return [{ id, ...askOf(each), ...wish, before, isDisplaced, person, ...had, seen }];
}

const startOf = ({ appointment }: Waiting): Set<number> =>
  new Set(appointment ? [appointment.start.epochMilliseconds] : []);

/** Returns the appointment with this key, when the offer's record is missing. */
export async function readBookedWith(tx: Tx, idempotencyKey: string): Promise<string | null> {
  const row = await tx
    .selectFrom('appointment')
    .select('id')
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Returns expired offers. */
export async function readExpired(tx: Tx, office: number, now: Temporal.Instant): Promise<Offer[]> {
  const rows = await tx
    .selectFrom('offer')
    .selectAll()
    .where('office_id', '=', office)
    .where('ended_at', 'is', null)
    .where('expires_at', '<=', moment(now))
    .execute();
  return rows.map(offerFrom);
}

/** Returns entries that can no longer be satisfied: their appointment is over, or no day is left. */
export async function readLive(tx: Tx, office: number) {
  const rows = await select(tx)
    .select('a.status as appointment_status')
    .where('w.office_id', '=', office)
    .where('w.ended_at', 'is', null)
    .execute();
  return rows.map((row) => ({ waiting: fromRow(row), appointmentStatus: row.appointment_status }));
}

const SOMEBODY_WAITS = sql`select from wait_list where ended_at is null`;

/**
 * When an offer or a hold ends, or an appointment of somebody who waits begins; besides each hour while somebody waits, since nights end, days begin and
 * more days can be booked; and after each deed.
 */
export const waitListDue = (what: string): DueSql =>
  earliest(
    sql`select min(expires_at) from offer where ended_at is null`,
    sql`select min(hold_until) from desk_time where hold_until is not null and exists (${SOMEBODY_WAITS})`,
    sql`select min(a.starts) from wait_list w join appointment a on a.id = w.appointment_id where w.ended_at is null and a.starts > ${NOW}`,
    hourlyIfAny(SOMEBODY_WAITS)(what),
    afterDeedsIfAny(SOMEBODY_WAITS)(what),
  );
