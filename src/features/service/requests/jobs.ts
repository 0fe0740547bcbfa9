import type { Office } from '../../../domain/office/types.ts';
import { requestKeptUntil } from '../../../domain/requests/terms.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { forgetOfRequest } from '../../foundation/notices/service.ts';
import { removeOpening } from '../../foundation/openings/service.ts';
import { declaredType, type RequestsDeps, settingsOf, spaceOf } from './keeping.ts';
import { UNSENT_HOURS } from './rules.ts';
import { anonymise, deleteUnsent, insertRequestEvent } from './store.ts';
import type { RequestRow } from './types.ts';
import { readFollowers, readRequestForUpdate, readToAnonymise, readUnsent } from './views.ts';

/** The most requests in one pass. */
const AT_ONCE = 100;
const SYSTEM = { kind: 'system', why: 'requests' } as const;
/** What an office keeps that takes no requests any more. */
const DEFAULT_KEEP = { keepDays: 90 };

/** The end of what requests say of people. */
export interface EndingRequests {
  /** Deletes what nobody goes on writing. Returns how many. */
  discardUnsent(): Promise<number>;
  /** Destroys who sent closed requests of an office and what they wrote, some days after the last close. Returns how many. */
  anonymiseDue(office: Office): Promise<number>;
}

export function createEndingRequests(deps: RequestsDeps): EndingRequests {
  const { db, clock, unit } = deps;
  return {
    async discardUnsent() {
      const before = clock.now().subtract({ hours: UNSENT_HOURS });
      const due = await within(db, INSTALLATION, (tx) => readUnsent(tx, before, AT_ONCE));
      let gone = 0;
      for (const { id, office } of due)
        await unit(SYSTEM, office, async (each) => {
          const row = await readRequestForUpdate(each.tx, id);
          if (!row || row.sentAt || Temporal.Instant.compare(row.changedAt, before) >= 0) return;
          await dropPhotos(deps, each, row);
          await removeOpening(each, 'request', id);
          await deleteUnsent(each, id);
          await each.record('request_discarded', { data: { request: id } });
          gone++;
        });
      return gone;
    },

    async anonymiseDue(office) {
      const { keepDays } = settingsOf(office) ?? DEFAULT_KEEP;
      const now = clock.now();
      const before = now.subtract({ hours: 24 * keepDays });
      const due = await within(db, office.id, (tx) =>
        readToAnonymise(tx, office.id, before, AT_ONCE),
      );
      let done = 0;
      for (const { id } of due)
        await unit(SYSTEM, office.id, async (each) => {
          const row = await readRequestForUpdate(each.tx, id);
          if (!row?.closedAt || row.anonymisedAt) return;
          const until = requestKeptUntil(row.closedAt, { keepDays }, office.timeZone);
          if (Temporal.Instant.compare(now, until) < 0) return;
          await end(deps, each, office, row);
          done++;
        });
      return done;
    },
  };
}

async function end(deps: RequestsDeps, unit: Unit, office: Office, row: RequestRow): Promise<void> {
  await dropPhotos(deps, unit, row);
  for (const { id } of await readFollowers(unit.tx, row.id))
    await removeOpening(unit, 'follower', id);
  await forgetOfRequest(unit, row.id, { ofPerson: false });
  await anonymise(unit, row.id, { keepsPoint: declaredType(office, row.type)?.public ?? false });
  await insertRequestEvent(unit, row.id, { kind: 'anonymised' });
  await unit.record('request_anonymised', { data: { request: row.id } });
}

/** Removes its photos, with the key under which they were sealed. */
async function dropPhotos(
  { papers, keyring }: RequestsDeps,
  unit: Unit,
  row: Pick<RequestRow, 'id' | 'office'>,
): Promise<void> {
  await papers.remove(unit, spaceOf(row));
  await keyring.end(unit.tx, { office: row.office, space: row.id, shelf: 'request' });
}
