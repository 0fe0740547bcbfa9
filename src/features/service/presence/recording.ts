import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { changesOf, isSaid, standingOf, wasGone } from './rules.ts';
import { insertChanges, insertDesk, updateActed, updateSaid } from './store.ts';
import type { DeskPresence, PresencePolicy, Said, Signs } from './types.ts';
import { lockDesk } from './views.ts';
import { PRESENCE } from './watching.ts';

const SYSTEM = actorOf({ kind: 'system', why: 'presence' });

/**
 * Writes down what a desk came to by now, and what is said at it. Its row is locked. Those who look at presence are told where
 * something changed.
 */
export async function recordStanding(
  { tx, viewer, office, now, tell }: Unit,
  found: DeskPresence,
  policy: PresencePolicy,
  said: Signs['said'] | null = null,
): Promise<void> {
  const { desk } = found;
  const noticed = changesOf(found, policy, now).map((each) => ({ ...each, actor: SYSTEM }));
  const changes = [...noticed];
  const last = noticed.at(-1);
  if (said) {
    await updateSaid(tx, desk, said);
    const from = last?.to ?? found.recorded.state;
    const seenAt = said.why === 'signed_out' ? found.signs.seenAt : now;
    const { state: to } = standingOf({ ...found.signs, said, seenAt }, policy, now);
    if (to !== from) changes.push({ from, to, at: now, why: said.why, actor: actorOf(viewer) });
  } else if (last?.why === 'call' && isSaid(last.to)) {
    // What was attended before is over, and needn't be read again.
    const why = last.to === 'available' ? 'came' : found.signs.said.why;
    await updateSaid(tx, desk, { state: last.to, at: last.at, why });
  }
  await insertChanges(tx, { office, desk }, changes);
  if (changes.length > 0) tell(PRESENCE);
}

/** Writes down that the viewer is at their desk, and that they came where they were gone, or what they say. */
export async function recordThere(
  unit: Unit<StaffViewer>,
  desk: number,
  policy: PresencePolicy,
  state: Said | null,
): Promise<void> {
  const { tx, viewer, office, now, tell } = unit;
  const stamp = { office, desk, staff: viewer.staff, now };
  if (await insertDesk(tx, stamp)) {
    const actor = actorOf(viewer);
    const came = { from: null, to: 'available', at: now, why: 'came', actor } as const;
    await insertChanges(tx, stamp, [came]);
    tell(PRESENCE);
  }
  const found = (await lockDesk(tx, desk))!;
  const isBack = wasGone(found.signs, policy, now);
  if (state) await recordStanding(unit, found, policy, { state, at: now, why: 'self' });
  else if (isBack)
    await recordStanding(unit, found, policy, { state: 'available', at: now, why: 'came' });
  await updateActed(tx, stamp);
}
