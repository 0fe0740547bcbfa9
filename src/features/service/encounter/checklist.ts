import type { TownProcedure } from '../../../domain/office/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { CheckPoint, EncounterDraft } from './types.ts';

const pointOf = (procedure: string, kind: CheckPoint['kind'], code: string): string =>
  `${procedure}/${kind}/${code}`;

/** What there is to look at for a procedure: its documents, then the office's own steps. */
export function checklistOf(
  procedure: Pick<TownProcedure, 'documents' | 'checklist'> & { code: string },
): CheckPoint[] {
  const { code: of, documents, checklist } = procedure;
  return [
    ...documents.map(
      ({ code, name, note, required, onlyOnBehalf }): CheckPoint => ({
        point: pointOf(of, 'document', code),
        kind: 'document',
        name,
        note,
        isOptional: !required,
        isOnlyOnBehalf: onlyOnBehalf,
      }),
    ),
    ...checklist.map(({ code, name, required }): CheckPoint => {
      const point = pointOf(of, 'step', code);
      const isOptional = !required;
      return { point, kind: 'step', name, note: undefined, isOptional, isOnlyOnBehalf: false };
    }),
  ];
}

/**
 * Returns the points that show for a booked procedure. What only somebody who acts for another person needs is left out of an appointment
 * for oneself, unless it is ticked.
 */
export const bookedPoints = (
  points: readonly CheckPoint[],
  { isOnBehalf, ticked }: { isOnBehalf: boolean; ticked: readonly string[] },
): CheckPoint[] =>
  points.filter(
    ({ point, isOnlyOnBehalf }) => isOnBehalf || !isOnlyOnBehalf || ticked.includes(point),
  );

/** The procedures whose check-lists show: those that were booked, and those that were noted down. Codes, in that order. */
export const listedProcedures = (
  booked: readonly string[],
  items: EncounterDraft['items'],
): string[] => [...new Set([...booked, ...items.flatMap((each) => each.procedure ?? [])])];

/** Whether an office has such a point: one that its town file dropped is neither ticked nor unticked any more. */
export function isPointOf(office: Pick<Office, 'procedure'>, point: string): boolean {
  const procedure = office.procedure(point.split('/')[0] ?? '');
  return procedure ? checklistOf(procedure).some((each) => each.point === point) : false;
}

/**
 * The steps that the town file wants ticked for what was carried out, and aren't. A document is none of them: whoever
 * answers a question about a procedure looks at no papers.
 */
export function untickedOf(office: Pick<Office, 'procedure'>, draft: EncounterDraft): CheckPoint[] {
  const carriedOut = draft.items.flatMap(
    (each) => (each.kind === 'procedure' && each.procedure) || [],
  );
  return [...new Set(carriedOut)]
    .flatMap((code) => office.procedure(code) ?? [])
    .flatMap(checklistOf)
    .filter((each) => each.kind === 'step' && !each.isOptional)
    .filter((each) => !draft.points.includes(each.point));
}
