import type { Team } from '../../../../domain/office/teams.ts';
import { roleCan, roleHandles } from '../../../../domain/roles.ts';
import type { RequestRow } from '../types.ts';

/**
 * A request of which its officials are told. `late`: it should have been answered; `asked`: its person was asked in vain; `call`: somebody has to call its
 * person.
 */
export interface WaitingRequest extends Pick<RequestRow, 'team' | 'assignee'> {
  why: 'late' | 'asked' | 'call';
}

/** Who works in an office, and in which teams. */
interface AtWork {
  teams: readonly Team[];
  colleagues: readonly Colleague[];
}

/** Somebody who works in an office. */
export interface Colleague {
  staff: number;
  /** The address of their account. */
  email: string;
  role: string;
}

/** Somebody who is told, and of how many requests. */
export interface ToldOfficial {
  staff: number;
  late: number;
  asked: number;
  call: number;
}

/**
 * Returns who is told of what waits: whoever handles it; else the people of its team; else, and where nobody of these handles requests here any more, whoever
 * coordinates; whoever administers only where nobody else does. Each once, in the order of their ids.
 */
export function officialsOf(
  waiting: readonly WaitingRequest[],
  { teams, colleagues }: AtWork,
): ToldOfficial[] {
  const told = new Map<number, ToldOfficial>();
  for (const { why, ...request } of waiting)
    for (const staff of tellsOf(request, teams, colleagues)) {
      const one = told.get(staff) ?? { staff, late: 0, asked: 0, call: 0 };
      told.set(staff, { ...one, [why]: one[why] + 1 });
    }
  return [...told.values()].sort((a, b) => a.staff - b.staff);
}

/** Whether there is anybody who is told of a request. */
export const hasOfficial = (
  request: Pick<RequestRow, 'team' | 'assignee'>,
  { teams, colleagues }: AtWork,
): boolean => tellsOf(request, teams, colleagues).size > 0;

function tellsOf(
  { team, assignee }: Pick<RequestRow, 'team' | 'assignee'>,
  teams: readonly Team[],
  office: readonly Colleague[],
): ReadonlySet<number> {
  const colleagues = office.filter(({ role }) => roleHandles(role));
  const handler = colleagues.filter(({ staff }) => staff === assignee);
  if (handler.length > 0) return idsOf(handler);
  const people = teams.find(({ code }) => code === team)?.people ?? [];
  const addresses = new Set(people.map((each) => each.toLowerCase()));
  const members = colleagues.filter(({ email }) => addresses.has(email.toLowerCase()));
  if (members.length > 0) return idsOf(members);
  const coordinators = colleagues.filter(({ role }) => roleCan(role, 'coordinate'));
  const others = coordinators.filter(({ role }) => !roleCan(role, 'administer'));
  return idsOf(others.length > 0 ? others : coordinators);
}

const idsOf = (colleagues: readonly Colleague[]): ReadonlySet<number> =>
  new Set(colleagues.map(({ staff }) => staff));
