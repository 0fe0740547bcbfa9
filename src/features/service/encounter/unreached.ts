import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { lockAppointment } from '../../booking/appointments/service.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { readSteps } from './dossier/views.ts';
import { missed } from './reaching.ts';
import { readUnreached } from './views.ts';

/** Ends as missed what nobody answered, once the promised window is over. */
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
    const { max } = office.settings.attempts;
    const ids = await within(db, office.id, (tx) => readUnreached(tx, office.id, span, max));
    let ended = 0;
    for (const id of ids)
      if (await unit(SYSTEM, office.id, (each) => endOne(each, office, id))) ended++;
    return ended;
  };
  return {
    async end() {
      let ended = 0;
      for (const office of await offices.list()) ended += await endIn(office);
      return ended;
    },
  };
}

/** Ends an appointment, unless meanwhile its last call was taken back or its citizen was reached. */
async function endOne(unit: Unit, office: Office, id: string): Promise<boolean> {
  const appointment = await lockAppointment(unit.tx, id);
  if (appointment?.status !== 'booked') return false;
  const { endsAt } = await readSteps(unit.tx, appointment, office.settings.attempts);
  if (!endsAt || Temporal.Instant.compare(unit.now, endsAt) < 0) return false;
  await missed(unit, appointment);
  return true;
}
