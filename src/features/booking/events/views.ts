import type { EventKind } from '../../../domain/appointment.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { OfficeEvent } from './types.ts';

/** Maximum events per read; a reader who missed more reloads everything anyway. */
const MOST = 500;

/** Returns an office's events after the event `after`, in order; only the newest when there are too many. */
export async function readOfficeEvents(
  db: Db,
  office: number,
  after: number,
): Promise<OfficeEvent[]> {
  const rows = await within(db, office, (tx) =>
    tx
      .selectFrom('event as e')
      .innerJoin('appointment as a', 'a.id', 'e.appointment_id')
      .innerJoin('procedure as p', 'p.id', 'a.procedure_id')
      .select([
        'e.id',
        'e.appointment_id',
        'e.kind',
        'e.at',
        'e.actor',
        'e.data',
        'a.desk_id',
        'a.starts as start',
        'a.name',
        'p.code as procedure',
      ])
      .where('e.office_id', '=', office)
      .where('e.id', '>', after)
      .orderBy('e.id', 'desc')
      .limit(MOST)
      .execute(),
  );
  return rows.reverse().map(({ appointment_id, desk_id, kind, ...row }) => ({
    ...row,
    office,
    appointment: appointment_id,
    desk: desk_id,
    kind: kind as EventKind,
  }));
}

/** Returns the newest event of an office before `before`; 0 when there is none. */
export async function readNewest(
  db: Db,
  office: number,
  before: Temporal.Instant,
): Promise<number> {
  const row = await within(db, office, (tx) =>
    tx
      .selectFrom('event')
      .select('id')
      .where('office_id', '=', office)
      .where('at', '<', moment(before))
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst(),
  );
  return row?.id ?? 0;
}

/** Returns the newest event of an office; 0 when there is none. */
export function readLast(db: Db, office: number): Promise<number> {
  return within(db, office, (tx) => readLastIn(tx, office));
}

/** The same in a transaction. */
export async function readLastIn(tx: Tx, office: number): Promise<number> {
  const row = await tx
    .selectFrom('event')
    .select((eb) => eb.fn.max('id').as('id'))
    .modifyFront(FREQUENT)
    .where('office_id', '=', office)
    .executeTakeFirst();
  return row?.id ?? 0;
}
