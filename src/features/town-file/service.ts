import { type Db, INSTALLATION, type Tx, within } from '../../lib/db/database.ts';
import type { Person } from '../staff/types.ts';
import { strandedBy } from './coverage.ts';
import { keptRotas, withKeptRotas } from './kept-rotas.ts';
import { withoutOldReasons } from './reasons.ts';
import { keptDecisions, townChanges, withoutDecided } from './rules.ts';
import type { TownFile } from './schema.ts';
import { wantedState } from './state.ts';
import { giveRotasBack, retireBody, saveBody, saveStaff, saveTown, seizeTown } from './store.ts';
import type { Change, TownPlan, TownState } from './types.ts';
import { readDecisions, readFutureAppointments, readState } from './views.ts';
import { writtenTown } from './written.ts';
import { townYaml } from './yaml.ts';

export {
  type Administration,
  createAdministration,
  type Declaration,
  type Edit,
  type Edited,
  fingerprint,
  mayAdminister,
} from './administration.ts';
export { checkTownFile } from './check.ts';
export type { TownFile } from './schema.ts';

/** How a file is applied. */
export interface Applying {
  /** Whether the file decides about every rota again, those too that the console has changed. */
  takesRotas?: boolean;
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
 * again changes nothing. Refused when a future appointment would be left without its agent.
 */
export function applyTown(
  db: Db,
  file: TownFile,
  now: Temporal.Instant,
  how: Applying = {},
): Promise<TownPlan> {
  return within(db, INSTALLATION, async (tx) => {
    await seizeTown(tx);
    const { plan: planned, wanted } = await plan(tx, file, now, how);
    if (planned.ok && how.takesRotas) await giveRotasBack(tx);
    if (!planned.ok || planned.changes.length === 0) return planned;
    await saveTown(tx, wanted, now);
    for (const code of bodiesOf(planned.changes)) {
      const body = wanted.bodies.get(code);
      if (body) await saveBody(tx, code, body, now);
      else await retireBody(tx, code, now);
    }
    if (planned.changes.some((each) => each.about === 'staff')) {
      await saveStaff(tx, wanted.staff, now);
    }
    return planned;
  });
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
    const [current, wanted] = await bothStates(tx, file, now);
    const decided = await readDecisions(tx);
    return [
      ...keptDecisions(current.staff, wanted.staff, decided),
      ...(how.takesRotas ? [] : keptRotas(current, wanted, decided.rotas)),
    ];
  });
}

async function plan(
  tx: Tx,
  file: TownFile,
  now: Temporal.Instant,
  { takesRotas = false }: Applying,
): Promise<{ plan: TownPlan; wanted: TownState }> {
  const [found, asked] = await bothStates(tx, file, now);
  const decided = await readDecisions(tx);
  const staff = withoutDecided(found.staff, asked.staff, decided);
  const current = { ...found, staff: staff.current };
  const rotas = takesRotas ? new Set<string>() : decided.rotas;
  const wanted = { ...withKeptRotas(found, asked, rotas), staff: staff.wanted };
  const changes = townChanges(current, wanted);
  const touched = bodiesOf(changes);
  const appointments =
    touched.size > 0
      ? (await readFutureAppointments(tx, now)).filter((each) => touched.has(each.body))
      : [];
  const stranded = strandedBy(current, wanted, appointments);
  return {
    wanted,
    plan:
      stranded.length > 0
        ? { ok: false, reason: 'appointments_without_agent', stranded, changes }
        : { ok: true, changes },
  };
}

/** What the database holds, and what the file wants. */
const bothStates = async (
  tx: Tx,
  file: TownFile,
  now: Temporal.Instant,
): Promise<[TownState, TownState]> => [
  withoutOldReasons(await readState(tx), now),
  withoutOldReasons(wantedState(file), now),
];

const bodiesOf = (changes: readonly Change[]): Set<string> =>
  new Set(changes.flatMap((each) => each.body ?? []));

/** The people of the file, as the staff feature takes them. */
export function peopleOf(file: TownFile): Person[] {
  return file.staff.map(({ email, name, operator, bodies }) => ({
    email,
    name,
    operator,
    roles: Object.entries(bodies).flatMap(([body, { roles, agent }]) =>
      roles.map((role) => ({ body, role, ...(role === 'agent' && agent && { agent }) })),
    ),
  }));
}
