import type { handClock } from '../../../../lib/clock.ts';
import type { TestDatabase } from '../../../../lib/db/testing.ts';
import { testIssuing } from '../../consent/testing.ts';
import { createNotifying } from '../../notifications/service.ts';
import { officialOf, openCases } from '../testing.ts';
import { createCaseDesk } from './service.ts';

/** An office with cases, what its officials do with them, a coordinator and two agents. */
export async function openDesk(database: TestDatabase, clock: ReturnType<typeof handClock>) {
  const town = await openCases(database, clock);
  const issuing = testIssuing(town.offices, clock);
  const desk = createCaseDesk({ ...town, issuing, notifying: createNotifying(town) });
  const coordinator = await officialOf(town, town.office, 'coordinator');
  const nuria = await officialOf(town, town.office, 'agent');
  const pere = await officialOf(town, town.office, 'agent');
  return { town, desk, issuing, coordinator, nuria, pere };
}
