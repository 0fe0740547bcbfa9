import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { type CoordinationDeps, deskStates } from './deps.ts';
import { displace } from './displacing.ts';
import { give, qualifiedIn } from './reassigning.ts';
import { placeAll, toPlace } from './rules.ts';
import type { Resolution, ToSettle } from './types.ts';

/** Which desk each of these could go to at its hour, so that as many as possible keep it. */
export async function resolutionsOf(
  deps: CoordinationDeps,
  office: Office,
  appointments: readonly Appointment[],
): Promise<Resolution[]> {
  const now = deps.clock.now();
  const wanted = appointments.map((each) => toPlace(each, office, now));
  const days = wanted.map((each) => each.day).toSorted();
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return [];
  const [from, to] = [Temporal.PlainDate.from(first), Temporal.PlainDate.from(last)];
  const placed = placeAll(wanted, await deskStates(deps, office, from, to));
  return appointments.map((appointment) => ({
    appointment,
    to: placed.get(appointment.id) ?? null,
  }));
}

/**
 * Gives each to the desk that was meant for it, and only then sees to the rest: any desk that is free after all, else the
 * citizen is asked to choose another hour, and the time that is kept for them isn't one that was meant for somebody else. What
 * is no longer as it was seen is left alone.
 */
export async function seeToAll(
  deps: CoordinationDeps,
  viewer: Viewer,
  office: Office,
  { resolutions, offers }: ToSettle,
  data: Record<string, unknown>,
): Promise<void> {
  const left: Appointment[] = [];
  /** Returns whether it is seen to: a desk has it, or it is no longer as it was seen. */
  const tryDesks = async (appointment: Appointment, desks: number[]): Promise<boolean> => {
    const qualified = qualifiedIn(appointment, deps.clock.now());
    const isAllowed = (current: Office, desk: number) => qualified(current).includes(desk);
    const to = { seen: { ...appointment }, desks, isAllowed, data };
    const given = await give(deps, viewer, office, appointment, to);
    return given.ok || given.reason !== 'taken';
  };
  for (const { appointment, to } of resolutions)
    if (to === null || !(await tryDesks(appointment, [to]))) left.push(appointment);
  for (const appointment of [...left, ...offers]) {
    const desks = qualifiedIn(appointment, deps.clock.now())(office);
    if (!offers.includes(appointment) && (await tryDesks(appointment, desks))) continue;
    await displace(deps, viewer, office, appointment, { data });
  }
}
