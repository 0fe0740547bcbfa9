import type { OfficeState, TownState } from '../../../domain/office/state.ts';
import { rowChanges } from '../../../formats/town-file/changes/differences.ts';

/** `taula-3 in oac`, as `ConsoleDecisions.rotas` names a desk. */
export const deskOf = (desk: string, office: string): string => `${desk} in ${office}`;

/** Returns the rotas of an office, including those of retired desks, which have them again after they come back. */
const foundIn = ({ shifts, absences, retiredRotas }: OfficeState) => ({
  shifts: [...shifts, ...retiredRotas.shifts],
  absences: [...absences, ...retiredRotas.absences],
});

/** Returns the wanted state, with the stored shifts and absences of desks whose rota is kept in the console. */
export function withKeptRotas(
  current: TownState,
  wanted: TownState,
  rotas: ReadonlySet<string>,
): TownState {
  const offices = [...wanted.offices].map(([code, office]): [string, OfficeState] => {
    const before = current.offices.get(code);
    if (!before) return [code, office];
    const isKept = ({ desk }: { desk: string }) =>
      office.desks.has(desk) && rotas.has(deskOf(desk, code));
    const mixed = <T extends { desk: string }>(found: readonly T[], asked: readonly T[]): T[] => [
      ...asked.filter((each) => !isKept(each)),
      ...found.filter(isKept),
    ];
    const found = foundIn(before);
    const shifts = mixed(found.shifts, office.shifts);
    return [code, { ...office, shifts, absences: mixed(found.absences, office.absences) }];
  });
  return { ...wanted, offices: new Map(offices) };
}

/** Returns a sentence for each desk whose rota in the file is ignored, since it is kept in the console. */
export function keptRotas(
  current: TownState,
  wanted: TownState,
  rotas: ReadonlySet<string>,
): string[] {
  return [...wanted.offices].flatMap(([code, office]) =>
    [...office.desks.keys()].flatMap((desk) => {
      const before = current.offices.get(code);
      if (!before || !rotas.has(deskOf(desk, code))) return [];
      const of = <T extends { desk: string }>(rows: readonly T[]) =>
        rows.filter((each) => each.desk === desk);
      const found = foundIn(before);
      const differs =
        rowChanges('shift', of(found.shifts), of(office.shifts), () => '').length > 0 ||
        rowChanges('absence', of(found.absences), of(office.absences), () => '').length > 0;
      return differs
        ? [
            `the rota of ${desk} in ${code} is kept in the console and stays; --rota takes the file's`,
          ]
        : [];
    }),
  );
}
