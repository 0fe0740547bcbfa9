import { can, roleHandles } from '../../../domain/roles.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** Somebody to whom a case or a request can be given. */
export interface Person {
  staff: number;
  name: string;
}

/** Returns the people to whom the viewer can give cases and requests: everybody who handles them for those who coordinate, otherwise nobody but oneself. */
export async function peopleFor(
  deps: Pick<StaffDeps, 'people'>,
  { viewer }: Pick<DeskVisit, 'viewer'>,
): Promise<Person[]> {
  const list = can(viewer, 'coordinate') ? ((await deps.people.list(viewer)) ?? []) : [];
  const some = list.filter(({ post }) => roleHandles(post.role));
  return [...new Map(some.map(({ staff, name }) => [staff, { staff, name }])).values()];
}

/** Returns who can be chosen besides oneself, as options. */
export const othersIn = (
  { viewer }: Pick<DeskVisit, 'viewer'>,
  people: readonly Person[],
): { value: string; label: string }[] =>
  people
    .filter(({ staff }) => staff !== viewer.staff)
    .map(({ staff, name }) => ({ value: String(staff), label: name }));
