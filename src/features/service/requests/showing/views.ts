import { sql } from 'kysely';
import type { MapPoint } from '../../../../domain/requests/areas.ts';
import type { RequestKind } from '../../../../domain/requests/kinds.ts';
import { pointOf } from '../../../../domain/requests/points.ts';
import { OPEN_REQUEST_STATES, type RequestState } from '../../../../domain/requests/states.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import { WITHDRAWN } from '../types.ts';
import { followersOf } from '../views.ts';
import type { ShownRow } from './rules.ts';

/** Which rows of an office are looked for, in instants. */
export interface ShownAsked {
  office: number;
  timeZone: string;
  types: readonly string[];
  area?: string | undefined;
  isOpen?: boolean | undefined;
  from?: Temporal.Instant | undefined;
  before?: Temporal.Instant | undefined;
  references?: readonly string[] | undefined;
}

/** The rows that anybody may see: of types that are public now and were when they were sent. What its person took back is theirs, and is not among them. */
const shown = (tx: Tx, asked: ShownAsked) => {
  const { office, types, area, isOpen, from, before, references } = asked;
  return tx
    .selectFrom('request')
    .where('request.office_id', '=', office)
    .where('request.sent_at', 'is not', null)
    .where('request.is_public', '=', true)
    .where('request.type', 'in', types)
    .where(sql<boolean>`request.reason is distinct from ${WITHDRAWN}`)
    .$if(area !== undefined, (q) => q.where('request.area', '=', area ?? ''))
    .$if(isOpen === true, (q) => q.where('request.state', 'in', OPEN_REQUEST_STATES))
    .$if(isOpen === false, (q) => q.where('request.state', 'not in', OPEN_REQUEST_STATES))
    .$if(from !== undefined, (q) =>
      q.where(sql<boolean>`request.sent_at >= ${from && moment(from)}`),
    )
    .$if(before !== undefined, (q) =>
      q.where(sql<boolean>`request.sent_at < ${before && moment(before)}`),
    )
    .$if(references !== undefined, (q) => q.where('request.reference', 'in', references ?? []));
};

const columns = (tx: Tx, asked: ShownAsked) =>
  shown(tx, asked)
    .leftJoin('request as target', 'target.id', 'request.merged_into')
    .select([
      ...(['request.id', 'request.reference', 'request.type', 'request.kind'] as const),
      ...(['request.state', 'request.state_at', 'request.sent_at', 'request.closed_at'] as const),
      ...(['request.due', 'request.area', 'request.latitude', 'request.longitude'] as const),
      ...(['target.reference as into', 'target.type as intoType'] as const),
      ...(['request.shown_text', 'request.text', 'request.shown_photos as photos'] as const),
      sql<number>`count(*) over ()::int`.as('total'),
    ])
    .select(followersOf.as('followers'));
type Row = Awaited<ReturnType<ReturnType<typeof columns>['executeTakeFirstOrThrow']>>;

/** Returns a page of what anybody may see, the newest day first; within a day in no order that tells which came before, and how many there are. */
export async function readPublic(
  tx: Tx,
  asked: ShownAsked,
  page: { after: number; most: number },
): Promise<{ rows: (ShownRow & { id: string })[]; total: number }> {
  if (asked.types.length === 0 || asked.references?.length === 0) return { rows: [], total: 0 };
  const rows = await columns(tx, asked)
    .orderBy(sql`(request.sent_at at time zone ${asked.timeZone})::date`, 'desc')
    .orderBy('request.reference')
    .offset(page.after)
    .limit(page.most)
    .execute();
  return { rows: rows.flatMap(fromRow), total: rows[0]?.total ?? 0 };
}

function fromRow(row: Row): (ShownRow & { id: string })[] {
  const { sent_at: sentAt } = row;
  if (sentAt === null) return [];
  return [
    {
      ...{ id: row.id, reference: row.reference, type: row.type, area: row.area, sentAt },
      kind: row.kind as RequestKind,
      state: row.state as RequestState,
      stateAt: row.state_at,
      closedAt: row.closed_at,
      due: row.due === null ? null : Temporal.PlainDate.from(row.due),
      point: pointOf(row.latitude, row.longitude),
      into: row.into && row.intoType ? { reference: row.into, type: row.intoType } : null,
      followers: row.followers,
      text: row.shown_text && row.text !== '' ? row.text : null,
      photos: row.photos,
    },
  ];
}

/** Returns the points of what anybody may see, the newest first. */
export async function readPublicPoints(
  tx: Tx,
  asked: ShownAsked,
  most: number,
): Promise<MapPoint[]> {
  if (asked.types.length === 0) return [];
  const rows = await shown(tx, asked)
    .select(['request.latitude', 'request.longitude'])
    .where('request.latitude', 'is not', null)
    .orderBy('request.sent_at', 'desc')
    .limit(most)
    .execute();
  return rows.flatMap(({ latitude, longitude }) => pointOf(latitude, longitude) ?? []);
}
