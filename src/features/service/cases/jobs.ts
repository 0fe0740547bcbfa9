import { statesOf } from '../../../domain/form/states.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { doEachOrFail } from '../../../lib/jobs/batches.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { removeOpening } from '../../foundation/openings/service.ts';
import type { CasesDeps } from './keeping.ts';
import { move } from './moving.ts';
import { lapseOf } from './rules.ts';
import { placeOf } from './sealing.ts';
import { deleteDraft } from './store.ts';
import { tellApplicant } from './telling.ts';
import type { CaseRow } from './types.ts';
import { readCaseForUpdate, readLapsing, readToDiscard } from './views.ts';

/** The most cases in one pass of a job. */
const AT_ONCE = 100;
const SYSTEM = { kind: 'system', why: 'cases' } as const;

/** Deletes a locked draft with its key and its link. */
export async function discard(
  { keyring, papers }: Pick<CasesDeps, 'keyring' | 'papers'>,
  unit: Unit,
  row: Pick<CaseRow, 'id' | 'office'>,
): Promise<void> {
  await papers.remove(unit, { office: row.office, case: row.id });
  await keyring.end(unit.tx, placeOf(row));
  await removeOpening(unit, 'case', row.id);
  await deleteDraft(unit.tx, row.id);
  await unit.record('case_discarded', { data: { case: row.id } });
}

/** Deletes drafts with which nobody goes on. Returns how many. @throws when some can't be: they hold up no other */
export async function discardDrafts(deps: CasesDeps): Promise<number> {
  const { db, clock, unit } = deps;
  const now = clock.now();
  return doEachOrFail(
    AT_ONCE,
    (page) => within(db, INSTALLATION, (tx) => readToDiscard(tx, now, page)),
    ({ id, office }) =>
      unit(SYSTEM, office, async (each) => {
        const row = await readCaseForUpdate(each.tx, id);
        if (!row?.discardAt || Temporal.Instant.compare(row.discardAt, now) > 0) return false;
        await discard(deps, each, row);
        return true;
      }),
    'Some forms could not be deleted',
  );
}

/**
 * Takes the steps that happen by themselves when a state's last day has passed. Returns how many. @throws when some can't be taken: they hold up no other
 */
export async function passDeadlines(deps: CasesDeps): Promise<number> {
  const { db, clock, unit, forms, offices, keyring } = deps;
  const now = clock.now();
  // Zones differ by a day at most: each office's own day is looked at below.
  const before = now.toZonedDateTimeISO('UTC').toPlainDate().add({ days: 1 });
  return doEachOrFail(
    AT_ONCE,
    (page) => within(db, INSTALLATION, (tx) => readLapsing(tx, before, page)),
    async ({ id, office: of }) => {
      const office = await offices.byId(of);
      const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
      return unit(SYSTEM, of, async (each) => {
        const row = await readCaseForUpdate(each.tx, id);
        if (!row || row.closedAt) return false;
        const form = await forms.version(of, row.form);
        const lapse = lapseOf(statesOf(form.form), row.state, row.lapseOn, today);
        if (!lapse || !(await move(each, row, { office, form, to: lapse.to })).ok) return false;
        await tellApplicant(keyring, each, row, { news: 'moved' });
        return true;
      });
    },
    'Some cases could not lapse',
  );
}
