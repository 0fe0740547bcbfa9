import { sql } from 'kysely';
import type { MapPoint } from '../../../domain/requests/areas.ts';
import type { RequestKind } from '../../../domain/requests/kinds.ts';
import { pointOf } from '../../../domain/requests/points.ts';
import { OPEN_REQUEST_STATES, type RequestState } from '../../../domain/requests/states.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { DueSql } from '../../../lib/jobs/due.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { latitudesNear, longitudesNear, UNSENT_HOURS } from './rules.ts';
import type {
  Follower,
  RequestAnswers,
  RequestDoor,
  RequestEvent,
  RequestEventData,
  RequestEventKind,
  RequestMessage,
  RequestNote,
  RequestRow,
  TellBy,
} from './types.ts';

const select = (tx: Tx) => tx.selectFrom('request').selectAll('request');
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const fromRow = (row: Row): RequestRow => ({
  id: row.id,
  office: row.office_id,
  reference: row.reference,
  link: row.link,
  type: row.type,
  kind: row.kind as RequestKind,
  door: row.door as RequestDoor,
  language: row.language as Language,
  encounter: row.encounter_id,
  madeBy: row.made_by,
  changedAt: row.changed_at,
  sentAt: row.sent_at,
  isPublic: row.is_public,
  state: row.state as RequestState,
  stateAt: row.state_at,
  version: row.version,
  reason: row.reason,
  mergedInto: row.merged_into,
  text: row.text,
  answers: row.answers as RequestAnswers,
  point: pointOf(row.latitude, row.longitude),
  address: row.address,
  area: row.area,
  tellBy: row.tell_by as TellBy | null,
  isAnonymous: row.anonymous,
  name: row.name,
  email: row.email,
  phone: row.phone,
  person: row.person_id,
  team: row.team,
  assignee: row.assignee,
  since: row.since,
  due: row.due === null ? null : Temporal.PlainDate.from(row.due),
  closedAt: row.closed_at,
  lastCallAt: row.last_call_at,
  callOwedAt: row.call_owed_at,
  reopened: row.reopened,
  leftAt: row.left_at,
  answerForAll: row.answer_for_all,
  anonymisedAt: row.anonymised_at,
});

/** Returns a request; null: there is none of this id in the office. */
export async function readRequest(tx: Tx, id: string): Promise<RequestRow | null> {
  const row = isUuid(id) ? await select(tx).where('id', '=', id).executeTakeFirst() : undefined;
  return row ? fromRow(row) : null;
}

/** The same, locked until the transaction ends. */
export async function readRequestForUpdate(tx: Tx, id: string): Promise<RequestRow | null> {
  const row = isUuid(id)
    ? await select(tx).where('id', '=', id).forUpdate().executeTakeFirst()
    : undefined;
  return row ? fromRow(row) : null;
}

/** Returns the sent request of an office with a reference, as people read it out; null: there is none. */
export async function readRequestByReference(
  tx: Tx,
  reference: string,
): Promise<RequestRow | null> {
  const row = await select(tx)
    .where('reference', '=', reference.trim().toUpperCase())
    .where('sent_at', 'is not', null)
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns what happened to a request, in order. */
export async function readRequestEvents(tx: Tx, request: string): Promise<RequestEvent[]> {
  const rows = await tx
    .selectFrom('request_event')
    .select(['id', 'at', 'actor', 'kind', 'from_state as from', 'to_state as to', 'data'])
    .where('request_id', '=', request)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    ...row,
    kind: row.kind as RequestEventKind,
    from: row.from as RequestState | null,
    to: row.to as RequestState | null,
    data: row.data as RequestEventData,
  }));
}

/** Returns what an office and a person wrote to each other, the oldest first. */
export async function readRequestMessages(tx: Tx, request: string): Promise<RequestMessage[]> {
  const rows = await tx
    .selectFrom('request_message')
    .select(['id', 'number', 'at', 'side', 'by', 'text', 'seen_at as seenAt'])
    .where('request_id', '=', request)
    .orderBy('number')
    .execute();
  return rows.map((row) => ({ ...row, side: row.side as RequestMessage['side'] }));
}

/** Returns the notes of officials, the oldest first. */
export const readRequestNotes = (tx: Tx, request: string): Promise<RequestNote[]> =>
  tx
    .selectFrom('request_note')
    .select(['id', 'at', 'by', 'text'])
    .where('request_id', '=', request)
    .orderBy('id')
    .execute();

/** Returns the requests that were merged with one, the oldest first. */
export async function readMergedWith(tx: Tx, request: string): Promise<RequestRow[]> {
  const rows = await select(tx)
    .where('merged_into', '=', request)
    .orderBy('sent_at')
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

const followers = (tx: Tx) =>
  tx
    .selectFrom('request_follower')
    .select(['id', 'request_id as request', 'language', 'tell_by', 'email', 'phone', 'at'])
    .select(['left_at as leftAt', 'confirmed_at as confirmedAt']);
type FollowerRow = Awaited<ReturnType<ReturnType<typeof followers>['executeTakeFirstOrThrow']>>;

const followerIn = ({ tell_by, language, ...row }: FollowerRow): Follower => ({
  ...row,
  language: language as Language,
  tellBy: tell_by as TellBy,
});

/** Returns who follows a request, those who left too. */
export async function readFollowers(tx: Tx, request: string): Promise<Follower[]> {
  const rows = await followers(tx).where('request_id', '=', request).orderBy('at').execute();
  return rows.map(followerIn);
}

/** Returns somebody who follows a request; null: there is none of this id. */
export async function readFollower(tx: Tx, id: string): Promise<Follower | null> {
  const row = isUuid(id) ? await followers(tx).where('id', '=', id).executeTakeFirst() : undefined;
  return row ? followerIn(row) : null;
}

/** How many people follow a request now; whoever never opened their link is not counted. */
export const followersOf = sql<number>`(select count(*)::int from request_follower f
  where f.request_id = request.id and f.left_at is null and f.confirmed_at is not null)`;

/** Where similar requests are looked for. */
export interface SimilarAsked {
  type: string;
  /** Null: nobody marked it; then those of the same district or the same address are similar. */
  point: MapPoint | null;
  address: string;
  area: string | null;
  metres: number;
  since: Temporal.Instant;
  /** The one with which they are compared. */
  except: string;
  /** Whether only those that anybody may see are looked for. */
  onlyPublic: boolean;
}

/** A sent request with how many people follow it. */
export type FollowedRow = RequestRow & { followers: number };

/** Returns open requests of a type that were sent lately and may be the same: the nearest first, then the newest. Their distances are not yet exact. */
export async function readSimilar(
  tx: Tx,
  { type, point, address, area, metres, since, except, onlyPublic }: SimilarAsked,
  most: number,
): Promise<FollowedRow[]> {
  if (!point && address === '' && area === null) return [];
  const rows = await select(tx)
    .select(followersOf.as('followers'))
    .where('type', '=', type)
    .$if(onlyPublic, (found) => found.where('is_public', '=', true))
    .where('sent_at', '>=', moment(since))
    .where('state', 'in', OPEN_REQUEST_STATES)
    .where('id', '<>', except)
    .where((eb) =>
      eb.or([
        ...(point ? [isNear(point, metres)] : []),
        ...(address === '' ? [] : [sql<boolean>`lower(address) = lower(${address})`]),
        ...(area === null || point || address !== '' ? [] : [eb('area', '=', area)]),
      ]),
    )
    .$call((found) => (point ? found.orderBy(roughlyTo(point)) : found))
    .orderBy('sent_at', 'desc')
    .limit(most)
    .execute();
  return rows.map((row) => ({ ...fromRow(row), followers: row.followers }));
}

/** Whether a request is in the rectangle around a point that has everything so near. */
function isNear(point: MapPoint, metres: number) {
  const [south, north] = latitudesNear(point, metres);
  const [west, east] = longitudesNear(point, metres);
  return sql<boolean>`latitude between ${south} and ${north} and longitude between ${west} and ${east}`;
}

/** What grows with the distance from a point; null, and so the last, of what has none. */
const roughlyTo = ({ lat, lon }: MapPoint) =>
  sql`power(latitude - ${lat}::float8, 2) + power((longitude - ${lon}::float8) * cos(radians(${lat}::float8)), 2)`;

/** Which of the rows of a job: the first ones after those that it has passed over. */
export interface BatchAsked {
  most: number;
  skipped: number;
}

/** Returns the requests that nobody goes on writing, of all offices. Runs for the installation. */
export const readUnsent = (
  tx: Tx,
  before: Temporal.Instant,
  { most, skipped }: BatchAsked,
): Promise<{ id: string; office: number }[]> =>
  tx
    .selectFrom('request')
    .select(['id', 'office_id as office'])
    .where('sent_at', 'is', null)
    .where('changed_at', '<', moment(before))
    .orderBy('changed_at')
    .orderBy('id')
    .limit(most)
    .offset(skipped)
    .execute();

/** Returns the closed requests of an office, of before a moment, that still say who wrote, or what; the ones closed first. */
export const readToAnonymise = (
  tx: Tx,
  office: number,
  before: Temporal.Instant,
  { most, skipped }: BatchAsked,
): Promise<{ id: string; closedAt: Temporal.Instant | null }[]> =>
  tx
    .selectFrom('request')
    .select(['id', 'closed_at as closedAt'])
    .where('office_id', '=', office)
    .where('closed_at', '<', moment(before))
    .where('anonymised_at', 'is', null)
    // What was merged waits for the answer to the one that stays.
    .where(sql<boolean>`not exists (select from request i
      where i.id = request.merged_into and (i.closed_at is null or i.closed_at >= ${moment(before)}))`)
    .orderBy('closed_at')
    .orderBy('id')
    .limit(most)
    .offset(skipped)
    .execute();

/** Returns the latest requests of an address whose words are not destroyed. */
export async function readOfAddress(
  tx: Tx,
  office: number,
  contact: { email: string } | { phone: string },
  most: number,
): Promise<RequestRow[]> {
  const of = select(tx)
    .where('office_id', '=', office)
    .where('sent_at', 'is not', null)
    .where('anonymised_at', 'is', null);
  const rows = await ('email' in contact
    ? of.where('email', '=', contact.email)
    : of.where('phone', '=', contact.phone)
  )
    .orderBy('sent_at', 'desc')
    .limit(most)
    .execute();
  return rows.map(fromRow);
}

/** Returns how often a request's link was sent again within the last day, and when last. */
export async function readLinksSent(
  tx: Tx,
  request: string,
  now: Temporal.Instant,
): Promise<{ lastAt: Temporal.Instant | null; inADay: number }> {
  const row = await tx
    .selectFrom('notice')
    .select(({ fn }) => [fn.countAll<number>().as('inADay'), fn.max('created_at').as('lastAt')])
    .where('request_id', '=', request)
    .where(sql<boolean>`facts ->> 'told' = 'link'`)
    .where('created_at', '>', moment(now.subtract({ hours: 24 })))
    .executeTakeFirstOrThrow();
  return { inADay: Number(row.inADay), lastAt: row.lastAt };
}

/** Returns the requests that a person sent in all offices, the latest first. Runs in the person's scope. */
export async function readSentBy(tx: Tx, person: string, most: number): Promise<RequestRow[]> {
  const rows = await select(tx)
    .where('person_id', '=', person)
    .where('sent_at', 'is not', null)
    .orderBy('sent_at', 'desc')
    .limit(most)
    .execute();
  return rows.map(fromRow);
}

/** When nobody has gone on writing the first request for so long that it is deleted. */
export const unsentDue: DueSql = sql`select min(changed_at) + ${sql.lit(UNSENT_HOURS)} * interval '1 hour' from request where sent_at is null`;
