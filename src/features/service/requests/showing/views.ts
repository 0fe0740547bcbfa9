import { sql } from 'kysely';
import type { MapPoint } from '../../../../domain/requests/areas.ts';
import type { RequestKind } from '../../../../domain/requests/kinds.ts';
import { pointOf } from '../../../../domain/requests/points.ts';
import { OPEN_REQUEST_STATES, type RequestState } from '../../../../domain/requests/states.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { WITHDRAWN } from '../types.ts';
import { followersOf } from '../views.ts';
import type { ShownRow } from './rules.ts';
import type { ShownPlace } from './types.ts';

/** Which rows of an office are looked for, by local days. */
export interface ShownAsked {
  office: number;
  types: readonly string[];
  area?: string | undefined;
  isOpen?: boolean | undefined;
  from?: Temporal.PlainDate | undefined;
  to?: Temporal.PlainDate | undefined;
  references?: readonly string[] | undefined;
}

/** The rows that anybody may see: of types that are public now and were when they were sent. What its person took back is theirs, and is not among them. */
const shown = (tx: Tx, asked: ShownAsked) => {
  const { office, types, area, isOpen, from, to, references } = asked;
  return (
    tx
      .selectFrom('request')
      .where('request.office_id', '=', office)
      .where('request.sent_at', 'is not', null)
      .where('request.type', 'in', types)
      // As the index has it: with values that come beside the statement it would not be used.
      .where(
        sql<boolean>`request.is_public and request.reason is distinct from ${sql.lit(WITHDRAWN)}`,
      )
      .$if(area !== undefined, (q) => q.where('request.area', '=', area ?? ''))
      .$if(isOpen === true, (q) => q.where('request.state', 'in', OPEN_REQUEST_STATES))
      .$if(isOpen === false, (q) => q.where('request.state', 'not in', OPEN_REQUEST_STATES))
      .$if(from !== undefined, (q) => q.where('request.sent_on', '>=', from?.toString() ?? ''))
      .$if(to !== undefined, (q) => q.where('request.sent_on', '<=', to?.toString() ?? ''))
      .$if(references !== undefined, (q) => q.where('request.reference', 'in', references ?? []))
  );
};

const columns = (tx: Tx, asked: ShownAsked) =>
  shown(tx, asked)
    .leftJoin('request as target', 'target.id', 'request.merged_into')
    .select([
      ...(['request.id', 'request.reference', 'request.type', 'request.kind'] as const),
      ...(['request.state', 'request.state_at', 'request.sent_at', 'request.closed_at'] as const),
      ...(['request.due', 'request.area', 'request.latitude', 'request.longitude'] as const),
      ...(['target.reference as into', 'target.type as intoType'] as const),
      ...(['request.shown_text', 'request.shown_words', 'request.text'] as const),
      ...(['request.shown_photos as photos', 'request.shown_sides as sides'] as const),
    ])
    .select(followersOf.as('followers'));
type Row = Awaited<ReturnType<ReturnType<typeof columns>['executeTakeFirstOrThrow']>>;

/** Where a page begins: behind a request of the one before, or after so many. */
export type ShownFrom = { after: number } | { behind: ShownPlace | null };

/** Returns the query of a page of the list: see `readPublic`. */
export function publicQuery(tx: Tx, asked: ShownAsked, page: ShownFrom & { most: number }) {
  const behind = 'behind' in page ? page.behind : null;
  return columns(tx, asked)
    .$if(behind !== null, (q) =>
      q
        .where('request.sent_on', '<=', behind?.day.toString() ?? '')
        .where((eb) =>
          eb.or([
            eb('request.sent_on', '<', behind?.day.toString() ?? ''),
            eb('request.reference', '>', behind?.reference ?? ''),
          ]),
        ),
    )
    .orderBy('request.sent_on', 'desc')
    .orderBy('request.reference')
    .$if('after' in page, (q) => q.offset('after' in page ? page.after : 0))
    .limit(page.most);
}

/** Returns a page of what anybody may see, the newest day first; within a day in no order that tells which came before. */
export async function readPublic(
  tx: Tx,
  asked: ShownAsked,
  page: ShownFrom & { most: number },
): Promise<(ShownRow & { id: string })[]> {
  if (asked.types.length === 0 || asked.references?.length === 0) return [];
  const rows = await publicQuery(tx, asked, page).execute();
  return rows.flatMap(fromRow);
}

/** Returns how many of what anybody may see there are. */
export async function countPublic(tx: Tx, asked: ShownAsked): Promise<number> {
  if (asked.types.length === 0) return 0;
  const { total } = await shown(tx, asked)
    .select(sql<number>`count(*)::int`.as('total'))
    .executeTakeFirstOrThrow();
  return total;
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
      text: row.shown_text && row.text !== '' ? (row.shown_words ?? row.text) : null,
      photos: row.photos,
      sides: row.sides as ShownRow['sides'],
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
    .orderBy('request.sent_on', 'desc')
    .limit(most)
    .execute();
  return rows.flatMap(({ latitude, longitude }) => pointOf(latitude, longitude) ?? []);
}
