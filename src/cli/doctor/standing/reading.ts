import type { Config } from '../../../config.ts';
import { systemClock } from '../../../lib/clock.ts';
import type { Database } from '../../../lib/db/database.ts';
import { openReading, type StandbyState } from '../../../lib/db/reading/reading.ts';
import { type Finding, right, warning, wrong } from '../report.ts';

/** Looks at the standby in DATABASE_READ_URL. */
export async function lookAtReading(
  { databaseReadUrl: standbyUrl }: Config,
  primary: Database,
): Promise<Finding[]> {
  const silent = { info: () => {}, warn: () => {} };
  const now = systemClock.now;
  const reading = await openReading({ primary, standbyUrl, pool: 1, log: silent, now });
  try {
    const state = await reading.standby();
    return state ? [aboutStandby(state)] : [];
  } finally {
    await reading.close();
  }
}

/** Reports how the standby for reading is. Pure. */
export function aboutStandby({ trouble, behindSeconds }: StandbyState): Finding {
  const name = 'The standby in DATABASE_READ_URL';
  switch (trouble) {
    case null:
      return right(
        `${name} is ${Math.round(behindSeconds ?? 0)} s behind. Figures are read there.`,
      );
    case 'away':
      return warning(
        `${name} can’t be reached: figures are read at the primary.`,
        'Is it running, and is its address right?',
      );
    case 'behind':
      return warning(
        `${name} is ${behindSeconds === null ? 'behind, nobody knows how far' : `${Math.round(behindSeconds / 60)} minutes behind`}: figures are read at the primary.`,
        'Is it still connected to the primary (pg_stat_replication), and is its disk quick enough?',
      );
    case 'foreign':
      return wrong(
        `${name} is a copy of another server: nothing is read there.`,
        'It must follow the server in DATABASE_URL.',
      );
    case 'promoted':
      return wrong(
        `${name} is no standby: nothing is read there.`,
        'Name a server that follows the primary, or take the variable away.',
      );
  }
}
