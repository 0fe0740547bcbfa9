import { sql } from 'kysely';
import type { RequestKind } from '../../../../domain/requests/kinds.ts';
import { pointOf } from '../../../../domain/requests/points.ts';
import { OPEN_REQUEST_STATES, type RequestState } from '../../../../domain/requests/states.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import type { TokenRequestFilter, TokenRequestRow } from './types.ts';

/** Returns the requests of an office that were sent, the newest first. */
export async function readForToken(
  tx: Tx,
  office: number,
  { types, isOpen, from, to, references }: TokenRequestFilter,
  page: { after: number; most: number },
): Promise<TokenRequestRow[]> {
  if (types?.length === 0 || references?.length === 0) return [];
  const rows = await tx
    .selectFrom('request as r')
    .select(['r.id', 'r.reference', 'r.type', 'r.kind', 'r.state', 'r.state_at as stateAt'])
    .select(['r.closed_at as closedAt', 'r.due', 'r.text', 'r.address', 'r.area'])
    .select(['r.latitude', 'r.longitude', 'r.sent_at as sentAt', 'r.shown_photos as photos'])
    .where('r.office_id', '=', office)
    .where('r.sent_at', 'is not', null)
    .$if(types !== undefined, (q) => q.where('r.type', 'in', types ?? []))
    .$if(isOpen === true, (q) => q.where('r.state', 'in', OPEN_REQUEST_STATES))
    .$if(isOpen === false, (q) => q.where('r.state', 'not in', OPEN_REQUEST_STATES))
    .$if(from !== undefined, (q) => q.where(sql<boolean>`r.sent_at >= ${from && moment(from)}`))
    .$if(to !== undefined, (q) => q.where(sql<boolean>`r.sent_at <= ${to && moment(to)}`))
    .$if(references !== undefined, (q) => q.where('r.reference', 'in', references ?? []))
    .orderBy('r.sent_at', 'desc')
    .orderBy('r.id')
    .offset(page.after)
    .limit(page.most)
    .execute();
  return rows.flatMap(({ latitude: lat, longitude: lon, sentAt, ...row }) =>
    sentAt === null
      ? []
      : [
          {
            ...row,
            sentAt,
            kind: row.kind as RequestKind,
            state: row.state as RequestState,
            due: row.due === null ? null : Temporal.PlainDate.from(row.due),
            point: pointOf(lat, lon),
          },
        ],
  );
}
