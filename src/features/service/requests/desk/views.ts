import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { RequestKind } from '../../../../domain/requests/kinds.ts';
import type { RequestState } from '../../../../domain/requests/states.ts';
import { can } from '../../../../domain/roles.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import type { Schema } from '../../../../lib/db/schema.ts';
import { actorOf, type StaffViewer } from '../../../../lib/viewer.ts';
import { extractOf } from '../rules.ts';
import {
  type NumberedRequest,
  REQUEST_GROUPS,
  type RequestFilter,
  type RequestGroup,
  type RequestInboxRow,
  type ShownOfRequest,
} from './types.ts';

/** What the inbox is asked for. */
export interface AskedRequests {
  office: number;
  viewer: StaffViewer;
  /** The codes of the viewer's teams. */
  teams: readonly string[];
  today: Temporal.PlainDate;
  /** The last day of what is due soon. */
  soon: Temporal.PlainDate;
  filter: RequestFilter;
}

type Query<O> = SelectQueryBuilder<{ r: Schema['request'] } & Schema, 'r', O>;

/** The condition by which a member of staff sees a request in lists: `isTheirs`, as SQL. */
function isListedFor(viewer: StaffViewer): RawBuilder<boolean> {
  if (can(viewer, 'see_every_document')) return sql<boolean>`true`;
  const { staff, otherTeams } = viewer;
  const isOfTeam = otherTeams
    ? sql`(r.team is not null and r.team <> all(${otherTeams}::text[]))`
    : sql`false`;
  return sql<boolean>`(r.assignee = ${staff} or r.made_by = ${actorOf(viewer)} or ${isOfTeam})`;
}

/** That somebody has to call its person, also about what is closed. */
const owesCall = sql<boolean>`r.call_owed_at is not null`;

/** The condition of a part of the inbox. */
function inGroup(group: RequestGroup, { viewer, teams, today, soon }: AskedRequests) {
  const now = today.toString();
  const is = (condition: RawBuilder<unknown>): RawBuilder<boolean> =>
    sql<boolean>`r.closed_at is null and ${condition}`;
  switch (group) {
    case 'open':
      return is(sql`true`);
    case 'unrouted':
      return is(sql`r.team is null and r.assignee is null`);
    case 'take':
      return is(sql`r.assignee is null`);
    case 'mine':
      return is(sql`r.assignee = ${viewer.staff}`);
    case 'team':
      return is(sql`r.team = any(${teams}::text[])`);
    case 'waiting':
      return is(sql`r.state = 'asked'`);
    case 'soon':
      return is(sql`r.due between ${now}::date and ${soon.toString()}::date`);
    case 'overdue':
      return is(sql`r.due < ${now}::date`);
    case 'call':
      return owesCall;
    case 'closed':
      return sql<boolean>`r.closed_at is not null`;
  }
}

const from = (tx: Tx) => tx.selectFrom('request as r') as unknown as Query<unknown>;

/** Narrows a query to the sent requests of the viewer that have what the filter asks for, whichever part they are in. */
function filtered<O>(query: Query<O>, { office, viewer, filter }: AskedRequests): Query<O> {
  const { type, kind, reference } = filter;
  return query
    .where('r.office_id', '=', office)
    .where('r.sent_at', 'is not', null)
    .where(isListedFor(viewer))
    .$if(type !== undefined, (q) => q.where('r.type', '=', type ?? ''))
    .$if(kind !== undefined, (q) => q.where('r.kind', '=', kind ?? ''))
    .$if(reference !== undefined, (q) => q.where('r.reference', '=', reference ?? ''))
    .where(isOf('area', filter.area))
    .where(isOf('team', filter.team))
    .where(isOf('assignee', filter.assignee));
}

/** The condition that a column has a value; null: none; undefined: whatever it has. */
function isOf(
  column: 'area' | 'team' | 'assignee',
  value: string | number | null | undefined,
): RawBuilder<boolean> {
  if (value === undefined) return sql<boolean>`true`;
  return sql<boolean>`${sql.ref(`r.${column}`)} is not distinct from ${value}`;
}

/** The term of what has none. */
export const NO_TERM = 'infinity';

/** Where a page begins: after the request of this id, with this term (or end) and this moment. */
export interface AfterRequest {
  at: string;
  sent: string;
  id: string;
}

const followers = sql<number>`(select count(*)::int from request_follower f
  where f.request_id = r.id and f.left_at is null and f.confirmed_at is not null)`;
const hasMessage = sql<boolean>`exists (select from request_message m
  where m.request_id = r.id and m.side = 'person' and m.seen_at is null)`;

/** Returns a page of the inbox: what is due first, then the oldest; of what is closed, the newest. */
export async function readRequestInbox(
  tx: Tx,
  asked: AskedRequests,
  { after, most }: { after: AfterRequest | null; most: number },
): Promise<RequestInboxRow[]> {
  const isClosed = asked.filter.group === 'closed';
  const rows = await filtered(from(tx), asked)
    .where(inGroup(asked.filter.group, asked))
    .$if(after !== null && !isClosed, (q) =>
      q.where(
        sql<boolean>`(coalesce(r.due, ${NO_TERM}::date), r.sent_at, r.id) > (${after?.at}::date, ${after?.sent}::timestamptz, ${after?.id}::uuid)`,
      ),
    )
    .$if(after !== null && isClosed, (q) =>
      q.where(sql<boolean>`(r.closed_at, r.id) < (${after?.at}::timestamptz, ${after?.id}::uuid)`),
    )
    .$if(!isClosed, (q) =>
      q.orderBy(sql`coalesce(r.due, ${NO_TERM}::date)`).orderBy('r.sent_at').orderBy('r.id'),
    )
    .$if(isClosed, (q) => q.orderBy('r.closed_at', 'desc').orderBy('r.id', 'desc'))
    .limit(most)
    .select(['r.id', 'r.reference', 'r.type', 'r.kind', 'r.state', 'r.text', 'r.address', 'r.area'])
    .select(['r.team', 'r.assignee', 'r.due', 'r.closed_at as closedAt', 'r.version'])
    .select(['r.sent_at as sentAt', followers.as('followers'), hasMessage.as('hasMessage')])
    .select(owesCall.as('owesCall'))
    .execute();
  return rows.map(({ text, ...row }) => ({
    ...row,
    extract: extractOf(text),
    kind: row.kind as RequestKind,
    state: row.state as RequestState,
    sentAt: row.sentAt as Temporal.Instant,
    due: row.due === null ? null : Temporal.PlainDate.from(row.due),
  }));
}

/** Returns how many requests each part of the inbox has, with the other filters. */
export async function countRequestInbox(
  tx: Tx,
  asked: AskedRequests,
): Promise<Record<RequestGroup, number>> {
  const row = await filtered(from(tx), asked)
    .select(
      REQUEST_GROUPS.map((each) =>
        sql<number>`(count(*) filter (where ${inGroup(each, asked)}))::int`.as(each),
      ),
    )
    .executeTakeFirstOrThrow();
  return row as Record<RequestGroup, number>;
}

/** Returns the requests that a viewer may open by their references: open ones, and those closed since a moment; the newest first. */
export const readNumberedRequests = (
  tx: Tx,
  asked: AskedRequests,
  { closedSince, most }: { closedSince: Temporal.Instant; most: number },
): Promise<NumberedRequest[]> =>
  filtered(from(tx), asked)
    .select(['r.id', 'r.reference', 'r.type'])
    .where((eb) =>
      eb.or([eb('r.closed_at', 'is', null), eb('r.closed_at', '>=', moment(closedSince))]),
    )
    .orderBy('r.sent_at', 'desc')
    .orderBy('r.id')
    .limit(most)
    .execute();

/** Returns what everybody may see of a request; nothing where there is none. */
export async function readShown(tx: Tx, id: string): Promise<ShownOfRequest> {
  const row = await tx
    .selectFrom('request')
    .select(['shown_text as text', 'shown_words as words', 'shown_photos as photos'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? { text: false, words: null, photos: [] };
}
