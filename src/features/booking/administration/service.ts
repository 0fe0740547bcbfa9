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
import { record } from '../../foundation/audit/service.ts';
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
import type { Administration, Change, Edited, TownApplied, TownPlan } from './types.ts';
import {
  type CountDue,
  readDecisions,
  readDeletionPreview,
  readFormerEmails,
  readFutureAppointments,
  readHeldDesks,
  readState,
} from './views.ts';

/** How a file is applied. */
export interface Applying {
  /** Whether the file decides about every rota again, those too that the console has changed. */
  takesRotas?: boolean;
  /** The mark of the plan that somebody has agreed to. Without: whatever the changes are by then. */
  agreed?: string;
}

/** What applying the file would change, or which appointments stand against it. Changes nothing. */
export function planTown(
  db: Db,
  file: TownFile,
  now: Temporal.Instant,
  how: Applying = {},
): Promise<TownPlan> {
  return within(db, INSTALLATION, async (tx) => (await plan(tx, file, now, how)).plan);
}

/**
 * Makes the installation what the file says, whole or not at all; nobody can book meanwhile. Applying the same file
 * again changes nothing. Refused when a future appointment would be left without its agent, or when the changes are others
 * than those that were agreed to. What was changed of an office is on its audit trail.
 */
export function applyTown(
  db: Db,
  file: TownFile,
  now: Temporal.Instant,
  how: Applying = {},
): Promise<TownApplied> {
  return within(db, INSTALLATION, async (tx) => {
    await lockTown(tx);
    const { plan: planned, current, wanted } = await plan(tx, file, now, how);
    const { changes, mark } = planned;
    if (how.agreed !== undefined && how.agreed !== mark)
      return { ok: false, reason: 'changed', changes, mark };
    if (planned.ok && how.takesRotas) await giveRotasBack(tx);
    if (!planned.ok || changes.length === 0) return planned;
    await saveTown(tx, wanted, now);
    for (const code of officesOf(changes)) {
      const [before, after] = [current.offices.get(code), wanted.offices.get(code)];
      const office = after
        ? await saveOffice(tx, code, after, now)
        : await retireOffice(tx, code, now);
      await tellTrail(tx, office, before, after, now);
    }
    if (planned.changes.some((each) => each.about === 'staff')) {
      await saveStaff(tx, wanted.staff, now);
    }
    return planned;
  });
}

/** What the file changed of an office that was there, on its audit trail. */
async function tellTrail(
  tx: Tx,
  office: number,
  before: OfficeState | undefined,
  after: OfficeState | undefined,
  now: Temporal.Instant,
): Promise<void> {
  if (!before) return;
  const entry = { viewer: { kind: 'system', why: 'town file' }, office, now } as const;
  if (!after) return record(tx, { ...entry, action: 'office_retired' });
  if (before.retired) await record(tx, { ...entry, action: 'office_opened' });
  const [from, to] = [plainOffice(before), plainOffice(after)];
  if (same(from, to)) return;
  await record(tx, { ...entry, action: 'declared', data: { changes: trailOf(from, to) } });
}

/** The installation as the text of the town file that would make it; null before one was applied. */
export function exportTown(db: Db): Promise<string | null> {
  return within(db, INSTALLATION, async (tx) => {
    const state = await readState(tx);
    return state.town && townYaml(writtenTown(state));
  });
}

/** What the file says that applying it leaves undone, since the console has decided otherwise: a sentence each. */
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

/** As JSON has it: groups instead of maps. */
const plain = (state: TownState): unknown =>
  JSON.parse(
    JSON.stringify(state, (_, each) => (each instanceof Map ? Object.fromEntries(each) : each)),
  );

/** What the database holds, and what the file asks of it; `emails`: those that people had before. */
async function bothStates(tx: Tx, file: TownFile, now: Temporal.Instant) {
  const emails = await readFormerEmails(tx);
  const found = withoutOldReasons(await readState(tx), now);
  const asked = withoutOldReasons(wantedState(withPresentEmails(file, emails)), now, found);
  return { found, asked, emails };
}

const officesOf = (changes: readonly Change[]): Set<string> =>
  new Set(changes.flatMap((each) => each.office ?? []));

/** The people of the file, as the staff feature takes them. */
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
  countDue: CountDue;
}

export function createAdministration(deps: AdministrationDeps): Administration {
  const { db, clock, countDue } = deps;
  /** Row-level security shows one office here, and no accounts. */
  const standing = async (tx: Tx) => {
    const current = await readState(tx);
    const [code, state] = [...current.offices][0] ?? [];
    if (!code || !state || state.retired) return null;
    const town = writtenTown(current);
    return {
      current,
      code,
      state,
      town,
      office: (town.offices as Record<string, Writing>)[code] ?? {},
    };
  };

  return {
    read: (viewer) =>
      within(db, viewer.office, async (tx) => {
        const found = can(viewer, 'administer') ? await standing(tx) : null;
        if (!found) return null;
        const { town, code, office, state } = found;
        const { findings } = checkTown(town);
        const held = new Set(await readHeldDesks(tx));
        const full = fullOffice(state, found.current.town);
        return { office, full, state, findings: below(findings, code), held };
      }),

    edit: (viewer, edit) =>
      within(db, viewer.office, async (tx): Promise<Edited> => {
        if (!can(viewer, 'administer')) return { ok: false, reason: 'not_found' };
        await lockOffice(tx, viewer.office);
        const found = await standing(tx);
        if (!found) return { ok: false, reason: 'not_found' };
        const { current, code, state, town, office } = found;
        if (edit.was !== null && edit.was !== fingerprint(edit.part(office)))
          return { ok: false, reason: 'changed' };

        const checked = checkTown({ ...town, offices: { [code]: edit.change(office, state) } });
        const wrong = checked.findings.filter((each) => each.grade === 'mistake');
        if (!checked.town) {
          const here = below(wrong, code);
          return { ok: false, reason: 'mistakes', findings: here.length > 0 ? here : wrong };
        }
        const now = clock.now();
        const wanted = placed(wantedState(checked.town), code, state.position);
        const bereft = (await readHeldDesks(tx)).filter(
          (each) => !wanted.offices.get(code)?.desks.has(each),
        );
        if (bereft.length > 0)
          return { ok: false, reason: 'mistakes', findings: bereft.map(heldDesk) };
        const stranded = strandedBy(current, wanted, await readFutureAppointments(tx, now));
        if (stranded.length > 0) {
          const data = { appointments: stranded.map((each) => each.id) };
          await record(tx, {
            viewer,
            office: viewer.office,
            action: 'declaring_refused',
            now,
            data,
          });
          return { ok: false, reason: 'appointments_without_desk', stranded };
        }

        const next = wanted.offices.get(code);
        if (!next) return { ok: false, reason: 'not_found' };
        const shorter = shorterPeriods(state.settings.retention, next.settings.retention);
        if (shorter.length > 0 && edit.agreed !== fingerprint(shorter))
          return { ok: false, reason: 'shorter', shorter };
        const before = checkTown(town).town;
        const was = before && wantedState(before).offices.get(code);
        const [from, to] = [plainOffice(was ?? state), plainOffice(next)];
        const changes = differences(from, to);
        if (changes.length === 0) return { ok: true, differences: [] };
        await saveOffice(tx, code, next, now);
        const data = { changes: trailOf(from, to) };
        await record(tx, { viewer, office: viewer.office, action: 'declared', now, data });
        return { ok: true, differences: changes };
      }),

    previewDeletion: async (viewer, settings) =>
      can(viewer, 'administer')
        ? within(db, viewer.office, (tx) =>
            readDeletionPreview(tx, viewer.office, settings, clock.now(), countDue),
          )
        : null,
  };
}

/** What is said of this office, with paths that begin in it. */
const below = (findings: readonly Finding[], code: string): Finding[] =>
  findings
    .filter(({ field }) => field[0] === 'offices' && field[1] === code)
    .map((each) => ({ ...each, field: each.field.slice(2) }));

/** Somebody who works here would lose their desk with it. */
function heldDesk(desk: string): Finding {
  const field = ['desks', desk];
  const message = `Somebody works at ${desk}: give them another desk first.`;
  return { grade: 'mistake', path: field, field, part: 'key', message, slip: { kind: 'held' } };
}

/** The state with the office at its place among the town's, which one office's declaration doesn't tell. */
function placed(state: TownState, code: string, position: number): TownState {
  const offices = [...state.offices].map(
    ([each, office]) => [each, each === code ? { ...office, position } : office] as const,
  );
  return { ...state, offices: new Map(offices) };
}
