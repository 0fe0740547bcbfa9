import type { TownFile, TownOffice } from '../../../domain/office/schema.ts';
import type { OfficeState, PersonState, TownState } from '../../../domain/office/state.ts';
import { isDeskRole } from '../../../domain/roles.ts';

/** Returns the state that the database should have according to the file. */
export function wantedState(file: TownFile): TownState {
  const offices = Object.entries(file.offices).map(
    ([code, office], position) => [code, wantedOffice(office, position)] as const,
  );
  const staff = file.staff.map((each): [string, PersonState] => [
    each.email,
    {
      name: each.name,
      operator: each.operator,
      retired: false,
      roles: Object.entries(each.offices).flatMap(([office, { roles, desk }]) =>
        roles.map((role) => ({ office, role, desk: isDeskRole(role) ? (desk ?? null) : null })),
      ),
    },
  ]);
  return { town: file.town, offices: new Map(offices), staff: new Map(staff) };
}

function wantedOffice(office: TownOffice, position: number): OfficeState {
  const { procedures, desks, shifts, absences, closures, ...settings } = office;
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
    desks: new Map(
      Object.entries(desks).map(([code, each]) => [code, { ...each, retired: false }]),
    ),
    shifts,
    absences,
    closures,
    retiredRotas: { shifts: [], absences: [] },
  };
}
