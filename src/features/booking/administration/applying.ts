import type { Form } from '../../../domain/form/schema.ts';
import type { TownFile } from '../../../domain/office/schema.ts';
import type { OfficeState, TownState } from '../../../domain/office/state.ts';
import type { Area } from '../../../domain/requests/areas.ts';
import { isDeskRole } from '../../../domain/roles.ts';
import { writtenAreas } from '../../../formats/areas/written.ts';
import { formChangeWords } from '../../../formats/form/writing/change.ts';
import { writtenForm } from '../../../formats/form/writing/written.ts';
import { differences } from '../../../formats/town-file/changes/differences.ts';
import { fingerprint } from '../../../formats/town-file/changes/fingerprint.ts';
import { same } from '../../../formats/town-file/changes/same.ts';
import { wantedState } from '../../../formats/town-file/reading/state.ts';
import { writtenTown } from '../../../formats/town-file/writing/written.ts';
import { townYaml } from '../../../formats/town-file/writing/yaml.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { type InstallationUnit, unitOf } from '../../foundation/audit/service.ts';
import { formChanges, wantedForms } from '../../foundation/forms/rules.ts';
import { saveForms } from '../../foundation/forms/service.ts';
import type { FormChange } from '../../foundation/forms/types.ts';
import { readAllOffered } from '../../foundation/forms/views.ts';
import {
  giveRotasBack,
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
import { areaChanges, keptDecisions, townChanges, withoutDecided } from './rules.ts';
import { plainOffice, trailOf } from './trail.ts';
import type { Change, TownApplied, TownPlan } from './types.ts';
import { keepVersion } from './versions.ts';
import {
  readDecisions,
  readFormerEmails,
  readFutureAppointments,
  readKeptAreas,
  readState,
} from './views.ts';

/** Options of applying a file. */
export interface Applying {
  /** Whether the file decides about every rota again, including those changed in the console. */
  takesRotas?: boolean;
  /** The forms of the file's folder: offices offer these and no others. Without them, forms stay as they are. */
  forms?: readonly Form[];
  /** The areas of the file; none: the file names none. Without it, areas stay as they are. */
  areas?: readonly Area[];
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
  const { plan: planned, current, wanted, forms } = await plan(tx, file, now, how);
  const { changes, mark } = planned;
  if (how.agreed !== undefined && how.agreed !== mark)
    return { ok: false, reason: 'changed', changes, mark };
  if (planned.ok && how.takesRotas) await giveRotasBack(unit);
  if (!planned.ok || changes.length === 0) return planned;
  if (changes.some((each) => each.about !== 'form'))
    await saveDeclared(unit, { current, wanted, changes, areas: how.areas });
  await saveForms(unit, forms);
  return planned;
}

async function saveDeclared(
  unit: InstallationUnit,
  {
    current,
    wanted,
    changes,
    areas,
  }: {
    current: TownState;
    wanted: TownState;
    changes: readonly Change[];
    areas: readonly Area[] | undefined;
  },
): Promise<void> {
  const { now } = unit;
  await saveTown(unit, wanted, now, areas);
  for (const code of officesOf(changes)) {
    const before = current.offices.get(code);
    const after = wanted.offices.get(code);
    const office = after
      ? await saveOffice(unit, code, after, now)
      : await retireOffice(unit, code, now);
    await tellTrail(unit, office, before, after);
    if (after) await keepFile(unit, office, { current, wanted, code });
  }
  if (changes.some((each) => each.about === 'staff')) await saveStaff(unit, wanted.staff);
}

/** Adds the file's declaration of an office to its versions. */
async function keepFile(
  unit: InstallationUnit,
  office: number,
  { current, wanted, code }: { current: TownState; wanted: TownState; code: string },
): Promise<void> {
  const [before, after] = [current, wanted].map(({ town, offices }) => {
    const state = offices.get(code);
    return state ? { state, town } : null;
  });
  if (after)
    await keepVersion(
      unit,
      office,
      { before: before ?? null, after },
      { kind: before ? 'file' : 'first' },
    );
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

/** Returns the forms that offices offer, as the files of the town's folder; null: the town names no folder. */
export function exportForms(
  db: Db,
): Promise<{ folder: string; files: { name: string; text: string }[] } | null> {
  return within(db, INSTALLATION, async (tx) => {
    const { town } = await readState(tx);
    if (!town?.forms) return null;
    // Each office has the same form of a procedure: that of its file.
    const forms = new Map(
      (await readAllOffered(tx)).map(({ procedure, published }) => [procedure, published.form]),
    );
    const files = [...forms].map(([procedure, form]) => ({
      name: `${procedure}.yaml`,
      text: townYaml(writtenForm(form)),
    }));
    return { folder: town.forms, files: files.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  });
}

/** Returns the areas of the town as its file of them; null: the town names no file. */
export function exportAreas(db: Db): Promise<{ file: string; text: string } | null> {
  return within(db, INSTALLATION, async (tx) => {
    const { town } = await readState(tx);
    return town?.areas ? { file: town.areas, text: writtenAreas(await readKeptAreas(tx)) } : null;
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
  { takesRotas = false, forms: files, areas }: Applying,
): Promise<{ plan: TownPlan; current: TownState; wanted: TownState; forms: FormChange[] }> {
  const { found, asked } = await bothStates(tx, file, now);
  const decided = await readDecisions(tx);
  const staff = withoutDecided(found.staff, asked.staff, decided);
  const current = { ...found, staff: staff.current };
  const rotas = takesRotas ? new Set<string>() : decided.rotas;
  const wanted = { ...withKeptRotas(found, asked, rotas), staff: staff.wanted };
  const forms = files ? formChanges(await readAllOffered(tx), wantedForms(wanted, files)) : [];
  const before = await readKeptAreas(tx);
  const language = wanted.town?.languages[0] ?? LANGUAGES[0];
  const changes = [
    ...townChanges(current, wanted),
    ...(areas ? areaChanges(before, areas) : []),
    ...forms.map((each) => ({
      about: 'form' as const,
      office: each.office,
      words: `${each.office}: ${formChangeWords(each, language)}`,
    })),
  ];
  const touched = officesOf(changes);
  const appointments =
    touched.size > 0
      ? (await readFutureAppointments(tx, now)).filter((each) => touched.has(each.office))
      : [];
  const stranded = strandedBy(current, wanted, appointments);
  const mark = fingerprint({
    declared: differences(plain(current), plain(wanted)),
    forms: forms.map(({ before, ...each }) => [
      ...[each.kind, each.office, each.kind === 'ended' ? each.procedure : each.sha256],
      before?.id ?? null,
    ]),
    ...(areas && { areas: [fingerprint(before), fingerprint(areas)] }),
  });
  const told = { changes, mark };
  return {
    current,
    wanted,
    forms,
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
  new Set(changes.flatMap((each) => (each.about === 'office' ? (each.office ?? []) : [])));

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
