import type { Office } from '../../../domain/office/types.ts';
import { requestKeptUntil } from '../../../domain/requests/terms.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { formatError } from '../../../lib/format-error.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { forgetOfRequest } from '../../foundation/notices/service.ts';
import { removeOpening } from '../../foundation/openings/service.ts';
import { declaredType, type RequestsDeps, settingsOf, spaceOf } from './keeping.ts';
import { UNSENT_HOURS } from './rules.ts';
import { anonymise, deleteUnsent, insertRequestEvent } from './store.ts';
import type { RequestRow } from './types.ts';
import {
  type BatchAsked,
  readFollowers,
  readRequestForUpdate,
  readToAnonymise,
  readUnsent,
} from './views.ts';

/** The most requests that are read at once. */
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
    discardUnsent() {
      const before = clock.now().subtract({ hours: UNSENT_HOURS });
      const read = (of: BatchAsked) => within(db, INSTALLATION, (tx) => readUnsent(tx, before, of));
      return endAll(deps, read, ({ id, office }) =>
        unit(SYSTEM, office, (each) => discard(deps, each, { id, before })),
      );
    },

    anonymiseDue(office) {
      const { keepDays } = settingsOf(office) ?? DEFAULT_KEEP;
      const now = clock.now();
      const before = now.subtract({ hours: 24 * keepDays });
      const read = (of: BatchAsked) =>
        within(db, office.id, (tx) => readToAnonymise(tx, office.id, before, of));
      return endAll(deps, read, ({ id }) =>
        unit(SYSTEM, office.id, async (each) => {
          const row = await readRequestForUpdate(each.tx, id);
          if (!row?.closedAt || row.anonymisedAt) return false;
          const until = requestKeptUntil(row.closedAt, { keepDays }, office.timeZone);
          if (Temporal.Instant.compare(now, until) < 0) return false;
          await end(deps, each, office, row);
          return true;
        }),
      );
    },
  };
}

/**
 * Ends requests, batch after batch until there are no more. One that fails is logged and passed over, and stops no other. `endOne` returns whether it is
 * ended; what it ends is not read again. Returns how many.
 */
async function endAll<T extends { id: string }>(
  { log }: Pick<RequestsDeps, 'log'>,
  read: (of: BatchAsked) => Promise<readonly T[]>,
  endOne: (row: T) => Promise<boolean>,
): Promise<number> {
  let ended = 0;
  let skipped = 0;
  for (;;) {
    const due = await read({ most: AT_ONCE, skipped });
    for (const row of due) {
      const isEnded = await endOne(row).catch((error: unknown) => {
        log.error(formatError(error), `Request ${row.id} was not destroyed; it is tried again`);
        return false;
      });
      if (isEnded) ended++;
      else skipped++;
    }
    if (due.length < AT_ONCE) return ended;
  }
}

/** Deletes a request that nobody goes on writing. Returns whether it did. */
async function discard(
  deps: RequestsDeps,
  unit: Unit,
  { id, before }: { id: string; before: Temporal.Instant },
): Promise<boolean> {
  const row = await readRequestForUpdate(unit.tx, id);
  if (!row || row.sentAt || Temporal.Instant.compare(row.changedAt, before) >= 0) return false;
  await dropPhotos(deps, unit, row);
  await removeOpening(unit, 'request', id);
  await deleteUnsent(unit, id);
  await unit.record('request_discarded', { data: { request: id } });
  return true;
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
