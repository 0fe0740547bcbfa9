import { randomUUID } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import type { Identification } from '../../foundation/identification/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { spanOf } from './rules.ts';
import type { Asked, Held, HeldRow } from './types.ts';
import { readHeld } from './views.ts';

/** The appointments of identified people, for the hub of folders. */
export interface HubFolder {
  /** Returns the appointments of a person, by their start, and records of each that the hub read it. */
  held(asked: Asked): Promise<Held[]>;
}

export interface HubFolderDeps {
  db: Db;
  clock: Clock;
  identification: Pick<Identification, 'find'>;
  offices: Pick<Offices, 'byId' | 'town'>;
  unit: Pick<RunUnit, 'installation'>;
}

const HUB: Viewer = { kind: 'system', why: 'hub' };

export function createHubFolder(deps: HubFolderDeps): HubFolder {
  const { db, clock, identification, offices, unit } = deps;
  return {
    held: async (asked) => {
      const now = clock.now();
      const { timeZone } = await offices.town();
      const known = asked.id && (await identification.find(asked.id));
      // Somebody unknown takes the same steps: the time of the answer does not tell who was ever identified.
      const person = known?.person ?? randomUUID();
      const span = spanOf(asked, timeZone, now);
      const rows = await within(db, { person }, (tx) => readHeld(tx, person, span));
      if (rows.length > 0)
        await unit.installation(HUB, async ({ recordIn }) => {
          for (const { office, id } of rows)
            await recordIn(office, 'hub_read', { appointment: id });
        });
      const wished = known?.wishes.language ?? null;
      return Promise.all(
        rows.map(async (row) => {
          const office = await offices.byId(row.office);
          return { ...heldIn(office, row, now), language: wished ?? row.noticeLanguage };
        }),
      );
    },
  };
}

const heldIn = (office: Office, row: HeldRow, now: Temporal.Instant): Omit<Held, 'language'> => ({
  ...row,
  office,
  procedure: office.procedure(row.procedure)?.code ?? '',
  isToCome: row.status === 'booked' && Temporal.Instant.compare(now, row.start) < 0,
});
