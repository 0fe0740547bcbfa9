import type { TownFile } from '../../../domain/office/schema.ts';
import { isDeskRole } from '../../../domain/roles.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { record } from '../../foundation/audit/service.ts';
import type { Person } from '../../foundation/staff/types.ts';
import { strandedBy } from './coverage.ts';
import { differences, same } from './differences.ts';
import { fingerprint } from './fingerprint.ts';
import { keptEmails, withPresentEmails } from './former-emails.ts';
import { keptRotas, withKeptRotas } from './kept-rotas.ts';
import { withoutOldReasons } from './reasons.ts';
import { keptDecisions, townChanges, withoutDecided } from './rules.ts';
import { wantedState } from './state.ts';
import { giveRotasBack, lockTown, retireOffice, saveOffice, saveStaff, saveTown } from './store.ts';
import { plainOffice, trailOf } from './trail.ts';
import type { Change, OfficeState, TownApplied, TownPlan, TownState } from './types.ts';
import { readDecisions, readFormerEmails, readFutureAppointments, readState } from './views.ts';
import { writtenTown } from './written.ts';
import { townYaml } from './yaml.ts';

export {
  type Administration,
  createAdministration,
  type Declaration,
  type Edit,
  type Edited,
  mayAdminister,
} from './administration.ts';
export { checkTownFile } from './check.ts';
export { fingerprint } from './fingerprint.ts';

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
