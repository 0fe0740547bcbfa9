import { shorterPeriods } from '../../../domain/office/retention.ts';
import type { TownState } from '../../../domain/office/state.ts';
import { can } from '../../../domain/roles.ts';
import { differences } from '../../../formats/town-file/changes/differences.ts';
import { fingerprint } from '../../../formats/town-file/changes/fingerprint.ts';
import { checkTown, type Finding } from '../../../formats/town-file/reading/check.ts';
import { wantedState } from '../../../formats/town-file/reading/state.ts';
import {
  fullOffice,
  type Writing,
  writtenTown,
} from '../../../formats/town-file/writing/written.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import { lockOffice, saveOffice } from '../../foundation/offices/service.ts';
import { strandedBy } from './coverage.ts';
import { plainOffice, trailOf } from './trail.ts';
import type { Administration, Edit, Edited } from './types.ts';
import {
  type CountDue,
  readDeletionPreview,
  readFutureAppointments,
  readHeldDesks,
  readState,
} from './views.ts';

export {
  type Applying,
  applyTown,
  decidedHere,
  exportTown,
  peopleOf,
  planTown,
} from './applying.ts';

export interface AdministrationDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  countDue: CountDue;
}

export function createAdministration(deps: AdministrationDeps): Administration {
  const { db, clock, unit, countDue } = deps;
  return {
    read: (viewer) =>
      within(db, viewer.office, async (tx) => {
        const found = can(viewer, 'administer') ? await readDeclared(tx) : null;
        if (!found) return null;
        const { town, code, office, state } = found;
        const { findings } = checkTown(town);
        const held = new Set(await readHeldDesks(tx));
        const full = fullOffice(state, found.current.town);
        return { office, full, state, findings: below(findings, code), held };
      }),

    edit: async (viewer, change) =>
      can(viewer, 'administer')
        ? unit(viewer, viewer.office, (each) => edit(each, change))
        : { ok: false, reason: 'not_found' },

    previewDeletion: async (viewer, settings) =>
      can(viewer, 'administer')
        ? within(db, viewer.office, (tx) =>
            readDeletionPreview(tx, viewer.office, settings, clock.now(), countDue),
          )
        : null,
  };
}

type Declared = NonNullable<Awaited<ReturnType<typeof readDeclared>>>;

/** Returns the office's declaration. Row-level security shows only this office, and no accounts. */
async function readDeclared(tx: Tx) {
  const current = await readState(tx);
  const [code, state] = [...current.offices][0] ?? [];
  if (!code || !state || state.retired) return null;
  const town = writtenTown(current);
  const office = (town.offices as Record<string, Writing>)[code] ?? {};
  return { current, code, state, town, office };
}

async function edit(unit: Unit<StaffViewer>, change: Edit): Promise<Edited> {
  const { tx, office, now } = unit;
  await lockOffice(unit, office);
  const found = await readDeclared(tx);
  if (!found) return { ok: false, reason: 'not_found' };
  if (change.was !== null && change.was !== fingerprint(change.part(found.office)))
    return { ok: false, reason: 'changed' };
  const checked = checkEdit(found, change);
  if (!checked.ok) return checked;
  const { wanted } = checked;
  const bereft = (await readHeldDesks(tx)).filter(
    (each) => !wanted.offices.get(found.code)?.desks.has(each),
  );
  if (bereft.length > 0) return { ok: false, reason: 'mistakes', findings: bereft.map(heldDesk) };
  const future = await readFutureAppointments(tx, now);
  const stranded = strandedBy(found.current, wanted, future);
  if (stranded.length > 0) {
    const data = { appointments: stranded.map((each) => each.id) };
    await unit.record('declaring_refused', { data });
    return { ok: false, reason: 'appointments_without_desk', stranded };
  }
  return saveEdit(unit, found, wanted, change.agreed);
}

/** Returns the state after the edit, or its errors. */
function checkEdit(
  { code, state, town, office }: Declared,
  { change }: Edit,
): { ok: true; wanted: TownState } | Extract<Edited, { reason: 'mistakes' }> {
  const checked = checkTown({ ...town, offices: { [code]: change(office, state) } });
  if (checked.town)
    return { ok: true, wanted: placed(wantedState(checked.town), code, state.position) };
  const wrong = checked.findings.filter((each) => each.grade === 'mistake');
  const here = below(wrong, code);
  return { ok: false, reason: 'mistakes', findings: here.length > 0 ? here : wrong };
}

async function saveEdit(
  unit: Unit,
  { code, state, town }: Declared,
  wanted: TownState,
  agreed: string | undefined,
): Promise<Edited> {
  const { now, record } = unit;
  const next = wanted.offices.get(code);
  if (!next) return { ok: false, reason: 'not_found' };
  const shorter = shorterPeriods(state.settings.retention, next.settings.retention);
  if (shorter.length > 0 && agreed !== fingerprint(shorter))
    return { ok: false, reason: 'shorter', shorter };
  const before = checkTown(town).town;
  const was = before && wantedState(before).offices.get(code);
  const from = plainOffice(was ?? state);
  const to = plainOffice(next);
  const changes = differences(from, to);
  if (changes.length === 0) return { ok: true, differences: [] };
  await saveOffice(unit, code, next, now);
  await record('declared', { data: { changes: trailOf(from, to) } });
  return { ok: true, differences: changes };
}

/** Returns the messages about this office, with paths that begin in it. */
const below = (findings: readonly Finding[], code: string): Finding[] =>
  findings
    .filter(({ field }) => field[0] === 'offices' && field[1] === code)
    .map((each) => ({ ...each, field: each.field.slice(2) }));

/** The change would remove the desk of a member of staff. */
function heldDesk(desk: string): Finding {
  const field = ['desks', desk];
  const message = `Somebody works at ${desk}: give them another desk first.`;
  return { grade: 'mistake', path: field, field, part: 'key', message, slip: { kind: 'held' } };
}

/** Returns the state with the office in its place among the town's offices. */
function placed(state: TownState, code: string, position: number): TownState {
  const offices = [...state.offices].map(
    ([each, office]) => [each, each === code ? { ...office, position } : office] as const,
  );
  return { ...state, offices: new Map(offices) };
}
