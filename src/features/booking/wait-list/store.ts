import { columnsOf } from '../../../domain/person.ts';
import type { Waiting } from '../../../domain/waiting.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Forgotten, RetentionPass } from '../../feature.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { insertOpening } from '../../foundation/openings/service.ts';
import { FORGOTTEN_AT_ONCE, NOBODY } from '../../foundation/retention/rules.ts';
import type { Offer, Outcome, WaitingRequest } from './types.ts';

export interface NewWaiting {
  id: string;
  procedureId: number;
  appointment: string | null;
  linkHash: Buffer;
  request: WaitingRequest;
  /** Whether their appointment was displaced. */
  isDisplaced?: boolean;
}

/** Adds an entry. Returns false when it exists already: the same form sent twice, or another tab. */
export async function insertWaiting(unit: Unit, entry: NewWaiting): Promise<boolean> {
  const { tx, office, now } = unit;
  const { request } = entry;
  const done = await tx
    .insertInto('wait_list')
    .values({
      id: entry.id,
      office_id: office,
      appointment_id: entry.appointment,
      procedure_id: entry.procedureId,
      further: [...(request.further ?? [])],
      people: request.people ?? 1,
      channel: request.channel,
      language: request.language,
      site: request.site ?? null,
      notice_language: request.noticeLanguage,
      first_day: request.firstDay,
      last_day: request.lastDay,
      part: request.part,
      ...columnsOf(request),
      since: now.toString(),
      displaced: entry.isDisplaced ?? false,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (Number(done.numInsertedOrUpdatedRows) === 0) return false;
  await insertOpening(unit, { opens: 'wait_list', subject: entry.id }, entry.linkHash);
  return true;
}

/** Ends an active entry. Returns whether it did. `appointment`: the result of its offer. */
export async function endWaiting(
  tx: Tx,
  id: string,
  why: NonNullable<Waiting['ended']>['why'],
  now: Temporal.Instant,
  appointment?: string,
): Promise<boolean> {
  const done = await tx
    .updateTable('wait_list')
    .set({
      ended_at: now.toString(),
      ended_why: why,
      ...(appointment && { appointment_id: appointment }),
    })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Stores an offer. @throws when the entry has an open one: callers have locked and checked it */
export async function insertOffer(tx: Tx, offer: Offer, office: number): Promise<void> {
  await tx
    .insertInto('offer')
    .values({
      id: offer.id,
      office_id: office,
      wait_list_id: offer.waiting,
      starts: offer.start.toString(),
      offered_at: offer.offeredAt.toString(),
      expires_at: offer.expiresAt.toString(),
    })
    .execute();
}

/** Ends an open offer or, after a late acceptance, an expired one. */
export async function endOffer(
  tx: Tx,
  id: string,
  outcome: Outcome,
  now: Temporal.Instant,
): Promise<void> {
  let ending = tx
    .updateTable('offer')
    .set({ ended_at: now.toString(), outcome })
    .where('id', '=', id);
  if (outcome !== 'accepted') ending = ending.where('ended_at', 'is', null);
  await ending.execute();
}

/** Destroys the person's data of entries that ended before the bound of contacts. Returns the entries. */
export async function forgetWaiting(pass: RetentionPass): Promise<Partial<Forgotten>> {
  const { tx, office, now, ended } = pass;
  const rows = await tx
    .updateTable('wait_list')
    .set({ ...NOBODY, forgotten_at: now.toString() })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('wait_list')
        .select('id')
        .where('office_id', '=', office)
        .where('ended_at', '<', moment(ended.contacts))
        .where('forgotten_at', 'is', null)
        .limit(FORGOTTEN_AT_ONCE),
    )
    .returning('id')
    .execute();
  return { waiting: rows.map((row) => row.id) };
}
