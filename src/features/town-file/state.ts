import { isDeskRole } from '../../domain/roles.ts';
import type { TownBody, TownFile } from './schema.ts';
import type { BodyState, PersonState, TownState } from './types.ts';

/** What the file wants the database to hold. */
export function wantedState(file: TownFile): TownState {
  const bodies = Object.entries(file.bodies).map(
    ([code, body], position) => [code, wantedBody(body, position)] as const,
  );
  const staff = file.staff.map((each): [string, PersonState] => [
    each.email,
    {
      name: each.name,
      operator: each.operator,
      retired: false,
      roles: Object.entries(each.bodies).flatMap(([body, { roles, agent }]) =>
        roles.map((role) => ({ body, role, agent: isDeskRole(role) ? (agent ?? null) : null })),
      ),
    },
  ]);
  return { town: file.town, bodies: new Map(bodies), staff: new Map(staff) };
}

function wantedBody(body: TownBody, position: number): BodyState {
  const { procedures, agents, shifts, absences, closures, ...settings } = body;
  return {
    position,
    retired: false,
    settings,
    procedures: new Map(
      Object.entries(procedures).map(([code, each], index) => [
        code,
        { position: index, retired: false, settings: each },
      ]),
    ),
    agents: new Map(
      Object.entries(agents).map(([code, each]) => [code, { ...each, retired: false }]),
    ),
    shifts,
    absences,
    closures,
    retiredRotas: { shifts: [], absences: [] },
  };
}
