import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import type { PersonViewer, Viewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import { stateAt } from './rules.ts';
import { endRepresentation } from './store.ts';
import { tellBoth } from './telling.ts';
import { readOfPerson, readOne, readOver, type SealedRepresentation } from './views.ts';

/** Ends an authorisation that waits or is valid, and tells both people. Returns whether there was one to end. */
export async function endIn(
  unit: Unit,
  id: string,
  { reason = '', isTheirs }: { reason?: string; isTheirs(row: SealedRepresentation): boolean },
): Promise<boolean> {
  const row = await readOne(unit.tx, id, true);
  if (!row || !['asked', 'accepted'].includes(row.state) || !isTheirs(row)) return false;
  await endRepresentation(unit, id, reason);
  await unit.record('representation_ended', {
    ...(row.appointment && { appointment: row.appointment }),
    data: { representation: id },
  });
  await tellBoth(unit, row, 'ended');
  return true;
}

/** Ends an authorisation as one of its two people: who acts renounces, who is represented revokes. Returns whether there was one. */
export async function endOwn(
  { db, unit }: { db: Db; unit: RunUnit },
  viewer: PersonViewer,
  id: string,
): Promise<boolean> {
  const { person } = viewer;
  const found = await within(db, { person }, (tx) => readOne(tx, id));
  if (!found) return false;
  const isTheirs = (row: SealedRepresentation) =>
    row.representative === person || row.represented === person;
  return unit(viewer, found.office, (each) => endIn(each, id, { isTheirs }));
}

/** Ends what is left of a person's authorisations, since they erase their folder. */
export async function endAll(
  deps: { db: Db; unit: RunUnit; clock: { now(): Temporal.Instant } },
  viewer: PersonViewer,
): Promise<void> {
  const { person } = viewer;
  const all = await within(deps.db, { person }, (tx) => readOfPerson(tx, person));
  for (const row of all)
    if (['asked', 'valid', 'over'].includes(stateAt(row, deps.clock.now())))
      await endOwn(deps, viewer, row.id);
}

const CLOCK: Viewer = { kind: 'system', why: 'last day' };

/** Ends authorisations whose last day has passed. Returns how many. */
export async function endOverdue(deps: {
  db: Db;
  unit: RunUnit;
  clock: { now(): Temporal.Instant };
}): Promise<number> {
  const over = await within(deps.db, INSTALLATION, (tx) => readOver(tx, deps.clock.now()));
  for (const { id, office } of over)
    await deps.unit(CLOCK, office, (each) => endIn(each, id, { isTheirs: () => true }));
  return over.length;
}
