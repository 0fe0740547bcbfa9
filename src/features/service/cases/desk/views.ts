import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import type { Schema } from '../../../../lib/db/schema.ts';
import type { StaffRole, StaffViewer } from '../../../../lib/viewer.ts';
import { AMENDING } from '../rules.ts';
import { isSeenBy } from '../views.ts';
import { GROUPS, type Group, type InboxFilter, type InboxRow, type NumberedCase } from './types.ts';

/** What the inbox is asked for. */
export interface Asked {
  office: number;
  viewer: StaffViewer;
  today: Temporal.PlainDate;
  /** The last day of what is due soon. */
  soon: Temporal.PlainDate;
  timeZone: string;
  filter: InboxFilter;
}

/** A case of the inbox as its row has it. */
export interface SealedInboxRow extends Omit<InboxRow, 'name'> {
  sealedApplicant: Buffer | null;
}

type Query<O> = SelectQueryBuilder<{ c: Schema['case_file'] } & Schema, 'c', O>;

/** The condition of a part of the inbox. Open ones have nothing that follows them, and `to-amend` is the only state that waits for its person. */
function inGroup(group: Group, { viewer, today, soon }: Asked): RawBuilder<boolean> {
  const now = today.toString();
  switch (group) {
    case 'closed':
      return sql`c.closed_at is not null`;
    case 'take':
      return sql`c.closed_at is null and c.assignee is null`;
    case 'mine':
      return sql`c.closed_at is null and c.assignee = ${viewer.staff}`;
    case 'waiting':
      return sql`c.closed_at is null and c.state = ${AMENDING}`;
    case 'soon':
      return sql`c.closed_at is null and c.state <> ${AMENDING} and c.due between ${now}::date and ${soon.toString()}::date`;
    case 'overdue':
      return sql`c.closed_at is null and c.state <> ${AMENDING} and c.due < ${now}::date`;
    default:
      return sql`c.closed_at is null`;
  }
}

/** Returns the open cases that a viewer may open by their numbers, those that were handed in last first. */
export function readNumbered(tx: Tx, asked: Asked, most: number): Promise<NumberedCase[]> {
  return filtered(tx.selectFrom('case_file as c'), asked)
    .innerJoin('case_event as e', (join) =>
      join.onRef('e.case_id', '=', 'c.id').on('e.kind', '=', 'handed_in'),
    )
    .select(['c.id', 'c.reference', 'c.procedure_id as procedure'])
    .select(sql<string>`e.data ->> 'number'`.as('number'))
    .where('c.closed_at', 'is', null)
    .orderBy('c.handed_in_at', 'desc')
    .orderBy('c.id')
    .limit(most)
    .execute();
}

/** Narrows a query to the cases of the viewer that have what the filter asks for, whichever part they are in. */
function filtered<O>(query: Query<O>, asked: Asked): Query<O> {
  const { office, viewer, timeZone, filter } = asked;
  const { procedure, assignee, team, day, reference } = filter;
  const days = day ? [day, day.add({ days: 1 })].map((each) => each.toZonedDateTime(timeZone)) : [];
  const [from, to] = days.map((each) => moment(each.toInstant()));
  return query
    .where('c.office_id', '=', office)
    .where('c.handed_in_at', 'is not', null)
    .where(isSeenBy(viewer))
    .$if(procedure !== undefined, (q) => q.where('c.procedure_id', '=', procedure ?? 0))
    .$if(assignee === null, (q) => q.where('c.assignee', 'is', null))
    .$if(typeof assignee === 'number', (q) => q.where('c.assignee', '=', assignee ?? 0))
    .$if(team !== undefined, (q) => q.where('c.team', '=', team ?? ''))
    .$if(reference !== undefined, (q) => q.where('c.reference', '=', reference ?? ''))
    .$if(from !== undefined, (q) => q.where(sql<boolean>`c.handed_in_at >= ${from}`))
    .$if(to !== undefined, (q) => q.where(sql<boolean>`c.handed_in_at < ${to}`));
}

/** Where a page begins: after the case of this id, whose term or end this is. */
export interface After {
  at: string;
  id: string;
}

/** Returns a page of the inbox: what is due first, or of what is closed, the newest. At most `most` cases. */
export async function readInbox(
  tx: Tx,
  asked: Asked,
  { after, most }: { after: After | null; most: number },
): Promise<SealedInboxRow[]> {
  const { group } = asked.filter;
  const isClosed = group === 'closed';
  const rows = await filtered(tx.selectFrom('case_file as c') as Query<unknown>, asked)
    .where(inGroup(group, asked))
    .$if(after !== null && !isClosed, (q) =>
      q.where(sql<boolean>`(c.due, c.id) > (${after?.at}::date, ${after?.id}::uuid)`),
    )
    .$if(after !== null && isClosed, (q) =>
      q.where(
        sql<boolean>`c.closed_at <= ${after?.at}::timestamptz and (c.closed_at < ${after?.at}::timestamptz or c.id > ${after?.id}::uuid)`,
      ),
    )
    .$if(!isClosed, (q) => q.orderBy('c.due'))
    .$if(isClosed, (q) => q.orderBy('c.closed_at', 'desc'))
    .orderBy('c.id')
    .limit(most)
    .select([
      'c.id',
      'c.reference',
      'c.procedure_id as procedure',
      'c.form_id as form',
      'c.state',
      'c.state_due',
      'c.decide_by',
      'c.assignee',
      'c.team',
      'c.closed_at as closedAt',
      'c.handed_in_at as handedInAt',
      'c.due',
      'c.applicant as sealedApplicant',
      sql<boolean>`exists (select from case_event e where e.case_id = c.id and e.kind = 'paper_refused' and e.at >= c.state_at)`.as(
        'hasRefusedPaper',
      ),
      sql<boolean>`exists (select from case_message m where m.case_id = c.id and m.side = 'person' and m.seen_at is null)`.as(
        'hasMessage',
      ),
    ])
    .execute();
  return rows.map(({ state_due, decide_by, due, handedInAt, ...row }) => ({
    ...row,
    handedInAt: handedInAt as Temporal.Instant,
    stateDue: state_due === null ? null : Temporal.PlainDate.from(state_due),
    decideBy: decide_by === null ? null : Temporal.PlainDate.from(decide_by),
    due: due === NEVER ? null : Temporal.PlainDate.from(due),
  }));
}

/** The term of what has none. */
export const NEVER = 'infinity';

/** Returns how many cases each part of the inbox has, with the other filters. */
export async function countInbox(tx: Tx, asked: Asked): Promise<Record<Group, number>> {
  const row = await filtered(tx.selectFrom('case_file as c') as Query<unknown>, asked)
    .select(
      GROUPS.map((each) =>
        sql<number>`(count(*) filter (where ${inGroup(each, asked)}))::int`.as(each),
      ),
    )
    .executeTakeFirstOrThrow();
  return row as Record<Group, number>;
}

/** A note as its row has it. */
export interface NoteRow {
  id: string;
  at: Temporal.Instant;
  by: string;
  sealed: Buffer;
}

/** Returns the notes of a case, the newest first. */
export const readNotes = (tx: Tx, id: string): Promise<NoteRow[]> =>
  tx
    .selectFrom('case_note')
    .select(['id', 'at', 'by', 'text as sealed'])
    .where('case_id', '=', id)
    .orderBy('at', 'desc')
    .orderBy('id')
    .execute();

const selectDecision = (tx: Tx) => tx.selectFrom('case_decision').selectAll();
export type DecisionRow = Awaited<
  ReturnType<ReturnType<typeof selectDecision>['executeTakeFirstOrThrow']>
>;

/** Returns the decision of a case; undefined: nobody has written one. */
export const readDecision = (tx: Tx, id: string): Promise<DecisionRow | undefined> =>
  selectDecision(tx).where('case_id', '=', id).executeTakeFirst();

/** Returns the decision that a verification code opens. */
export const readDecisionById = (tx: Tx, id: string): Promise<DecisionRow | undefined> =>
  selectDecision(tx).where('id', '=', id).executeTakeFirst();

/** Returns the ids of those who have one of some roles in an office. */
export async function readStaffWith(
  tx: Tx,
  office: number,
  roles: readonly StaffRole[],
): Promise<number[]> {
  const rows = await tx
    .selectFrom('staff_role')
    .select('staff_id')
    .where('office_id', '=', office)
    .where('role', 'in', roles)
    .orderBy('staff_id')
    .execute();
  return rows.map(({ staff_id }) => staff_id);
}
