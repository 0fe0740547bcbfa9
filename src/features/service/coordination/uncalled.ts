import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { doAll } from '../../../lib/jobs/batches.ts';
import { readById } from '../../booking/appointments/views.ts';
import type { CoordinationDeps } from './deps.ts';
import { readDesksNow } from './desks-now.ts';
import { displace } from './displacing.ts';
import { isPromiseBroken, type Uncalled } from './rules.ts';
import { readUncalled } from './views.ts';

/** Appointments of longer ago are left as they are: the service was away, and nobody expects a call any more. */
const BACK_HOURS = 48;
const UNCALLED = { kind: 'system', why: 'nobody called' } as const;

/**
 * Takes the hour of whoever nobody called in the promised time, so that they get another one before everybody else, and tells them
 * that it was not their fault. Returns how many.
 */
export async function endUncalled(deps: CoordinationDeps): Promise<number> {
  return doAll(await deps.offices.list(), (office) => endIn(deps, office));
}

async function endIn(deps: CoordinationDeps, office: Office): Promise<number> {
  const { clock, database } = deps;
  const { windowMinutes } = office.settings.attempts;
  const now = clock.now();
  const span = {
    from: now.subtract({ hours: BACK_HOURS }),
    to: now.subtract({ minutes: windowMinutes }),
  };
  const broken = await within(database.kysely, office.id, async (tx) => {
    const found = await readUncalled(tx, office.id, span);
    if (found.length === 0) return [];
    const { outlooks } = await readDesksNow(tx, office, now);
    return found.filter((each) =>
      isPromiseBroken(each, outlooks.get(each.desk)?.standing ?? null, windowMinutes, now),
    );
  });
  return doAll(broken, (each) => endOne(deps, office, each));
}

/** Takes the hour of one, unless meanwhile they were called, got another hour or desk, or have cancelled. */
async function endOne(deps: CoordinationDeps, office: Office, { id, start, desk }: Uncalled) {
  const seen = await within(deps.database.kysely, office.id, (tx) => readById(tx, id));
  if (!seen?.start.equals(start) || seen.desk !== desk) return false;
  const result = await displace(deps, UNCALLED, office, seen, {
    data: { uncalled: true },
    notice: 'uncalled',
    isStillSo: async ({ tx }) =>
      (await readUncalled(tx, office.id, { from: start, to: start, id })).length > 0,
  });
  return result.ok;
}
