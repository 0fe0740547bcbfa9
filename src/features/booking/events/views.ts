import type { EventKind } from '../../../domain/appointment.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { OfficeEvent } from './types.ts';

/** How many a reader is told at once; who has missed more looks at the whole anyway. */
const MOST = 500;

/** What happened in an office after the event `after`, in order; the last of it, where it is too much. */
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

/** The newest event of an office that happened before `before`; 0 where there is none. */
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

/** The newest event of an office; 0 where there is none. */
export async function readLast(db: Db, office: number): Promise<number> {
  const row = await within(db, office, (tx) =>
    tx
      .selectFrom('event')
      .select((eb) => eb.fn.max('id').as('id'))
      .where('office_id', '=', office)
      .executeTakeFirst(),
  );
  return row?.id ?? 0;
}
