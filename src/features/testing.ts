import type { Office } from '../domain/office/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Db } from '../lib/db/database.ts';
import { FEATURES } from './all.ts';
import type { Offices } from './foundation/offices/service.ts';
import { createRetention } from './foundation/retention/service.ts';

/** Runs the retention of all features, for tests. `evidence`: data that has retention periods of its own. */
export function testRetention(deps: {
  db: Db;
  offices: Offices;
  clock: Clock;
  evidence?: readonly { destroy(office: Office): Promise<number> }[];
}) {
  const { db, offices, clock, evidence = [] } = deps;
  const forgets = FEATURES.flatMap(({ forget }) => forget ?? []);
  const destroy = evidence.map((each) => (office: Office) => each.destroy(office));
  return createRetention({ db, offices, clock, forgets, destroy });
}
