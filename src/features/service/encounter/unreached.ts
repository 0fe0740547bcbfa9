import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { doAll } from '../../../lib/jobs/batches.ts';
import { isDisplaced } from '../../booking/appointments/rules.ts';
import { lockAppointment } from '../../booking/appointments/service.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { readSteps } from './dossier/views.ts';
import { isUncallable, missed } from './reaching.ts';
import { stopsAt, triesSince } from './rules.ts';
import { readUnreached } from './views.ts';

/** Ends as missed what nobody answered, once the promised window is over, also where fewer calls were made than promised. */
export interface Unreached {
  /** Returns how many appointments were ended. */
  end(): Promise<number>;
}

export interface UnreachedDeps {
  db: Db;
  offices: Pick<Offices, 'list'>;
  clock: Clock;
  unit: RunUnit;
}

/** Appointments of longer ago are left as they are: the service was away, and nobody expects a call any more. */
const BACK_HOURS = 48;
const SYSTEM = { kind: 'system', why: 'unreached' } as const;

export function createUnreached({ db, offices, clock, unit }: UnreachedDeps): Unreached {
  const endIn = async (office: Office): Promise<number> => {
    const now = clock.now();
    const span = { from: now.subtract({ hours: BACK_HOURS }), to: now };
    const ids = await within(db, office.id, (tx) => readUnreached(tx, office.id, span));
    return doAll(ids, (id) => unit(SYSTEM, office.id, (each) => endOne(each, office, id)));
  };
  return { end: async () => doAll(await offices.list(), endIn) };
}

/** Ends an appointment, unless meanwhile its last call was taken back, its citizen was reached or got another hour. */
async function endOne(unit: Unit, office: Office, id: string): Promise<boolean> {
  const appointment = await lockAppointment(unit.tx, id);
  if (appointment?.status !== 'booked' || isDisplaced(appointment)) return false;
  const ends = await endOf(unit, office, appointment);
  if (!ends || Temporal.Instant.compare(unit.now, ends) < 0) return false;
  await missed(unit, appointment);
  return true;
}

/** When an appointment ends since nobody answered; null: nobody has called, or it is to be called. */
async function endOf(
  { tx }: Unit,
  { settings }: Office,
  appointment: Appointment,
): Promise<Temporal.Instant | null> {
  const { endsAt, attempts, events } = await readSteps(tx, appointment, settings.attempts);
  if (endsAt) return endsAt;
  const tries = triesSince(attempts, events, await isUncallable(tx, appointment));
  return stopsAt(appointment.start, tries, settings.attempts);
}
