import { shorterPeriods } from '../../../domain/office/retention.ts';
import type { TownFile } from '../../../domain/office/schema.ts';
import type { OfficeState, TownState } from '../../../domain/office/state.ts';
import { can, isDeskRole } from '../../../domain/roles.ts';
import { differences } from '../../../formats/town-file/changes/differences.ts';
import { fingerprint } from '../../../formats/town-file/changes/fingerprint.ts';
import { same } from '../../../formats/town-file/changes/same.ts';
import { checkTown, type Finding } from '../../../formats/town-file/reading/check.ts';
import { wantedState } from '../../../formats/town-file/reading/state.ts';
import {
  fullOffice,
  type Writing,
  writtenTown,
} from '../../../formats/town-file/writing/written.ts';
import { townYaml } from '../../../formats/town-file/writing/yaml.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import {
  type InstallationUnit,
  type RunUnit,
  type Unit,
  unitOf,
} from '../../foundation/audit/service.ts';
import {
  giveRotasBack,
  lockOffice,
  lockTown,
  retireOffice,
  saveOffice,
  saveTown,
} from '../../foundation/offices/service.ts';
import { saveStaff } from '../../foundation/staff/service.ts';
import type { Person } from '../../foundation/staff/types.ts';
import { strandedBy } from './coverage.ts';
import { keptEmails, withPresentEmails } from './former-emails.ts';
import { keptRotas, withKeptRotas } from './kept-rotas.ts';
import { withoutOldReasons } from './reasons.ts';
import { keptDecisions, townChanges, withoutDecided } from './rules.ts';
import { plainOffice, trailOf } from './trail.ts';
import type { Administration, Change, Edit, Edited, TownApplied, TownPlan } from './types.ts';
import {
  type CountDue,
  readDecisions,
  readDeletionPreview,
  readFormerEmails,
  readFutureAppointments,
  readHeldDesks,
  readState,
} from './views.ts';

/** Options of applying a file. */
export interface Applying {
  /** Whether the file decides about every rota again, including those changed in the console. */
  takesRotas?: boolean;
  /** The mark of the confirmed plan. Without it, all changes are applied. */
  agreed?: string;
}

/** Returns the changes of the file, or the appointments that prevent it. Changes nothing. */
export function planTown(
  db: Db,
  file: TownFile,
  now: Temporal.Instant,
  how: Applying = {},
): Promise<TownPlan> {
  return within(db, INSTALLATION, async (tx) => (await plan(tx, file, now, how)).plan);
}

/**
 * Applies the file completely or not at all; bookings wait meanwhile. Applying the same file
 * again changes nothing. It is refused when a future appointment would lose its desk, or when the changes differ
 * from the confirmed ones. The changes of an office are recorded on its audit trail.
 */
export function applyTown(
  db: Db,
  file: TownFile,
  now: Temporal.Instant,
  how: Applying = {},
): Promise<TownApplied> {
  const unit = unitOf({ db, clock: { now: () => now }, notifier: NOBODY });
  return unit.installation(TOWN_FILE, (each) => applyIn(each, file, how));
}

const TOWN_FILE = { kind: 'system', why: 'town file' } as const;
/** Running processes detect it by each office's revision. */
const NOBODY = { notify: () => {}, notifyTopic: () => {} };

async function applyIn(
  unit: InstallationUnit,
  file: TownFile,
  how: Applying,
): Promise<TownApplied> {
  const { tx, now } = unit;
  await lockTown(unit);
  const { plan: planned, current, wanted } = await plan(tx, file, now, how);
  const { changes, mark } = planned;
  if (how.agreed !== undefined && how.agreed !== mark)
    return { ok: false, reason: 'changed', changes, mark };
  if (planned.ok && how.takesRotas) await giveRotasBack(unit);
  if (!planned.ok || changes.length === 0) return planned;
  await saveTown(unit, wanted, now);
  for (const code of officesOf(changes)) {
    const before = current.offices.get(code);
    const after = wanted.offices.get(code);
    const office = after
      ? await saveOffice(unit, code, after, now)
      : await retireOffice(unit, code, now);
    await tellTrail(unit, office, before, after);
  }
  if (planned.changes.some((each) => each.about === 'staff')) {
    await saveStaff(unit, wanted.staff);
  }
  return planned;
}

/** Records the file's changes of an existing office on its audit trail. */
async function tellTrail(
  { recordIn }: InstallationUnit,
  office: number,
  before: OfficeState | undefined,
  after: OfficeState | undefined,
): Promise<void> {
  if (!before) return;
  if (!after) return recordIn(office, 'office_retired');
  if (before.retired) await recordIn(office, 'office_opened');
  const from = plainOffice(before);
  const to = plainOffice(after);
  if (same(from, to)) return;
  await recordIn(office, 'declared', { data: { changes: trailOf(from, to) } });
}

/** Returns the installation as a town file; null before one was applied. */
export function exportTown(db: Db): Promise<string | null> {
  return within(db, INSTALLATION, async (tx) => {
    const state = await readState(tx);
    return state.town && townYaml(writtenTown(state));
  });
}

/** Returns a sentence for each part of the file that is ignored, since the console has decided otherwise. */
export function decidedHere(
  db: Db,
  file: TownFile,
  now: Temporal.Instant,
  how: Applying = {},
): Promise<string[]> {
  return within(db, INSTALLATION, async (tx) => {
    const { found, asked, emails } = await bothStates(tx, file, now);
    const decided = await readDecisions(tx);
    return [
      ...keptEmails(file, emails),
      ...keptDecisions(found.staff, asked.staff, decided),
      ...(how.takesRotas ? [] : keptRotas(found, asked, decided.rotas)),
    ];
  });
}

async function plan(
  tx: Tx,
  file: TownFile,
  now: Temporal.Instant,
  { takesRotas = false }: Applying,
): Promise<{ plan: TownPlan; current: TownState; wanted: TownState }> {
  const { found, asked } = await bothStates(tx, file, now);
  const decided = await readDecisions(tx);
  const staff = withoutDecided(found.staff, asked.staff, decided);
  const current = { ...found, staff: staff.current };
  const rotas = takesRotas ? new Set<string>() : decided.rotas;
  const wanted = { ...withKeptRotas(found, asked, rotas), staff: staff.wanted };
  const changes = townChanges(current, wanted);
  const touched = officesOf(changes);
  const appointments =
    touched.size > 0
      ? (await readFutureAppointments(tx, now)).filter((each) => touched.has(each.office))
      : [];
  const stranded = strandedBy(current, wanted, appointments);
  const told = { changes, mark: fingerprint(differences(plain(current), plain(wanted))) };
  return {
    ...{ current, wanted },
    plan:
      stranded.length > 0
        ? { ok: false, reason: 'appointments_without_desk', stranded, ...told }
        : { ok: true, ...told },
  };
}

/** Returns the JSON form: groups instead of maps. */
const plain = (state: TownState): unknown =>
  JSON.parse(
    JSON.stringify(state, (_, each) => (each instanceof Map ? Object.fromEntries(each) : each)),
  );

/** The state of the database and the wanted state of the file; `emails`: former addresses. */
async function bothStates(tx: Tx, file: TownFile, now: Temporal.Instant) {
  const emails = await readFormerEmails(tx);
  const found = withoutOldReasons(await readState(tx), now);
  const asked = withoutOldReasons(wantedState(withPresentEmails(file, emails)), now, found);
  return { found, asked, emails };
}

const officesOf = (changes: readonly Change[]): Set<string> =>
  new Set(changes.flatMap((each) => each.office ?? []));

/** Returns the file's people in the form of the staff feature. */
export function peopleOf(file: TownFile): Person[] {
  return file.staff.map(({ email, name, operator, offices }) => ({
    email,
    name,
    operator,
    roles: Object.entries(offices).flatMap(([office, { roles, desk }]) =>
      roles.map((role) => ({ office, role, ...(isDeskRole(role) && desk && { desk }) })),
    ),
  }));
}

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
