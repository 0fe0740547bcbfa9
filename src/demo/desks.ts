import type { Context } from '../context.ts';
import { isAtSite } from '../domain/channel.ts';
import type { Office } from '../domain/office/types.ts';
import { workTimes } from '../features/booking/slots/rules.ts';
import { INSTALLATION, within } from '../lib/db/database.ts';
import type { StaffViewer } from '../lib/viewer.ts';
import type { Deed } from './deeds.ts';

export type DeskDeps = Pick<
  Context,
  'encounter' | 'checkIns' | 'presence' | 'appointments' | 'survey' | 'database' | 'clock'
>;

/** Returns the people at the desks of an office, by the desk's id. */
export async function readAgents(
  { database }: Pick<Context, 'database'>,
  office: Office,
): Promise<Map<number, StaffViewer>> {
  const rows = await within(database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('staff_role')
      .innerJoin('staff', 'staff.id', 'staff_role.staff_id')
      .select(['staff.id as staff', 'staff.name', 'staff_role.desk_id as desk'])
      .where('staff_role.office_id', '=', office.id)
      .where('staff_role.desk_id', 'is not', null)
      .where('staff.retired_at', 'is', null)
      .orderBy('staff_role.id')
      .execute(),
  );
  return new Map(
    rows.flatMap(({ staff, name, desk }) =>
      desk === null
        ? []
        : [[desk, { kind: 'staff', staff, name, office: office.id, role: 'agent', desk }] as const],
    ),
  );
}

/** Has the people at these desks show that they are there, where their shift says so. */
export async function showPresent(
  { presence, clock }: Pick<DeskDeps, 'presence' | 'clock'>,
  office: Office,
  agents: Iterable<StaffViewer>,
): Promise<void> {
  const now = clock.now();
  const day = now.toZonedDateTimeISO(office.timeZone).toPlainDate().toString();
  const minute = now.epochMilliseconds / 60_000;
  const times = workTimes(office.rota, day, day);
  const isWithin = (flat: readonly number[]) =>
    flat.some((from, at) => at % 2 === 0 && minute >= from && minute < (flat[at + 1] ?? 0));
  for (const agent of agents) {
    const { work = [], away = [] } = times.get(agent.desk ?? 0) ?? {};
    if (isWithin(work) && !isWithin(away)) await presence.visit(agent, office, { isIdle: false });
  }
}

/** Does what somebody of the demo does, through the same services as a real one. What is no longer possible is left out. */
export async function perform(
  deps: DeskDeps,
  office: Office,
  agent: StaffViewer,
  { of, does, attempt }: Deed,
): Promise<void> {
  const { encounter, checkIns, appointments } = deps;
  const citizen = { kind: 'citizen', appointment: of.id } as const;
  if (does === 'cancels') return void (await appointments.cancel(citizen, office, of.id, ''));
  if (does === 'answers') return answer(deps, office, of);
  if (does === 'arrives') {
    if (isAtSite(of.channel)) await checkIns.arrive(citizen, office.id, of.id);
    return;
  }
  if (does === 'calls' && attempt) {
    const { number, outcome } = attempt;
    await encounter.logAttempt(agent, office, of.id, { number, outcome, note: '', anyway: true });
  }
  if (does === 'starts') await encounter.start(agent, office, of.id, { anyway: true });
  if (does === 'misses') await checkIns.miss(agent, office.id, of.id);
  if (does === 'ends') await end(deps, office, agent, of);
}

async function end(
  { encounter }: Pick<DeskDeps, 'encounter'>,
  office: Office,
  agent: StaffViewer,
  { id, encounter: met }: Deed['of'],
): Promise<void> {
  if (!met) return;
  const items = met.items.map((item) => ({ ...item, label: '' }));
  const draft = {
    items,
    identity: met.identity,
    identityNote: '',
    notes: met.notes,
    wrapUp: met.wrapUp,
    points: [],
  };
  // What the town demands to be ticked is left open: nobody in the demo did it.
  const how = { anyway: true };
  const { ok } = await encounter.close(agent, office, { appointment: id }, 1, draft, how);
  if (!ok) throw new Error('The encounter could not be ended');
}

async function answer(
  { survey, appointments }: Pick<DeskDeps, 'survey' | 'appointments'>,
  office: Office,
  { id, encounter: met }: Deed['of'],
): Promise<void> {
  const found = met?.answer && (await appointments.byId(office, id));
  if (!found || !met.answer) return;
  const { score, solved, heard, comment } = met.answer;
  await survey.answer(found, { score, solved, heard, comment });
}
