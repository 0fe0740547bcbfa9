import type pg from 'pg';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { Appointments } from '../../booking/appointments/service.ts';
import { minuteAtOrAfter, workTimes } from '../../booking/slots/rules.ts';
import { readBusy } from '../../booking/slots/views.ts';
import type { WaitList } from '../../booking/wait-list/service.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { dayOf } from '../encounter/rules.ts';
import { timeOf } from './rules.ts';
import type { DeskState } from './types.ts';
import { readLoads } from './views.ts';

export interface CoordinationDeps {
  database: { kysely: Db; pool: pg.Pool };
  offices: Offices;
  appointments: Appointments;
  waitList: WaitList;
  clock: Clock;
  unit: RunUnit;
}

/** The desks of an office as they stand now, on some local days, both included. */
export async function deskStates(
  { database: { kysely: db, pool }, clock }: CoordinationDeps,
  office: Office,
  first: Temporal.PlainDate,
  last: Temporal.PlainDate,
): Promise<DeskState[]> {
  const { timeZone } = office;
  const { from } = dayOf(first, timeZone);
  const { to } = dayOf(last, timeZone);
  const times = workTimes(office.rota, first.toString(), last.toString());
  const ids = office.rota.desks.map((each) => each.id);
  const minutes = { from: minuteAtOrAfter(from), to: minuteAtOrAfter(to) };
  const busy = await readBusy(pool, office.id, ids, minutes, clock.now());
  const loads = await within(db, office.id, (tx) =>
    readLoads(tx, office.id, { from, to, timeZone }),
  );
  return office.rota.desks.map((desk) => {
    const load = loads.get(desk.id);
    return {
      ...desk,
      ...timeOf(times, desk.id),
      busy: busy.get(desk.id) ?? [],
      minutes: load?.minutes ?? new Map(),
      assignedAt: load?.assignedAt ?? null,
    };
  });
}
