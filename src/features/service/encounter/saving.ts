import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import { changeStatus, insertEvent } from '../../booking/appointments/service.ts';
import {
  allowedIn,
  draftMistakes,
  isPointOf,
  mergeDrafts,
  partsThatDiffer,
  sameDraft,
  untickedOf,
} from './rules.ts';
import { stamped } from './stamped.ts';
import { type Stamp, saveTicks, updateEncounter } from './store.ts';
import type { Conflict, Encounter, EncounterDraft, SaveHow, SaveResult } from './types.ts';
import { hasSavedSince, readEncounter } from './views.ts';

/** An autosave is told and recorded this often at most, of one person at one encounter. */
const TOLD_EVERY: Temporal.DurationLike = { minutes: 15 };

/** What is to be written: by whom, over which version, and whether it is then closed. */
export interface Saving {
  viewer: StaffViewer;
  office: Office;
  version: number;
  draft: EncounterDraft;
  to: 'save' | 'close';
  how: SaveHow;
}

type Saved =
  | Exclude<SaveResult, { reason: 'stale' }>
  | ({ ok: false; reason: 'stale' } & Omit<Conflict, 'who'>);

/**
 * Writes an encounter whose appointment the transaction has locked. `tell`: that something happened which others are to
 * hear of, recorded as this.
 */
export async function saveLocked(
  tx: Tx,
  appointment: Appointment,
  saving: Saving,
  stamp: Stamp,
  tell: (action: 'saved' | 'closed', version: number) => Promise<void>,
): Promise<Saved> {
  const { office, version, to, how } = saving;
  const current = await readEncounter(tx, appointment.id);
  if (appointment.status !== 'in_progress' || !current) return { ok: false, reason: 'not_open' };
  const met = meet(saving, current);
  if (!met.ok) return met;
  const { draft } = met;
  const mistakes = draftMistakes(draft, allowedIn(office), to);
  if (Object.keys(mistakes).length > 0) return { ok: false, reason: 'invalid', mistakes };
  const points = to === 'close' && !how.anyway ? untickedOf(office, draft) : [];
  if (points.length > 0) return { ok: false, reason: 'unticked', points };
  const done = { ok: true, draft, merged: current.version !== version } as const;
  if (how.isAutomatic && sameDraft(draft, current)) return { ...done, version: current.version };
  await write(tx, appointment, { ...saving, draft }, current, stamp);
  const isTold = to === 'close' || !(await isTooSoon(tx, appointment, saving, stamp));
  if (isTold) await tell(to === 'close' ? 'closed' : 'saved', current.version + 1);
  if (to === 'close') await close(tx, appointment, draft, stamp);
  else if (isTold)
    await insertEvent(tx, { appointment, kind: 'saved', actor: stamp.actor, at: stamp.now });
  return { ...done, version: current.version + 1 };
}

/**
 * The draft to write, with what somebody else wrote since. It is not written where both wrote the same thing differently, nor
 * closed: nobody closes what they haven't seen.
 */
function meet(
  { version, draft, to, how }: Saving,
  current: Encounter,
): { ok: true; draft: EncounterDraft } | Exclude<Saved, { ok: true }> {
  if (current.version === version) return { ok: true, draft };
  const { draft: merged, collisions } = how.base
    ? mergeDrafts(how.base, draft, current)
    : { draft, collisions: partsThatDiffer(draft, current) };
  const isSettled = how.base !== undefined && collisions.length === 0;
  if (isSettled && (to === 'save' || sameDraft(merged, draft))) return { ok: true, draft: merged };
  return { ok: false, reason: 'stale', current, collisions, merged };
}

async function write(
  tx: Tx,
  appointment: Appointment,
  { office, draft, to }: Saving,
  current: Encounter,
  stamp: Stamp,
): Promise<void> {
  const procedureId = (code: string) => office.procedure(code)?.id ?? null;
  const ended = to === 'close';
  await updateEncounter(tx, appointment, current.version, draft, procedureId, { ...stamp, ended });
  const isKnown = (point: string) => isPointOf(office, point);
  const had = current.points.filter(isKnown);
  const has = draft.points.filter(isKnown);
  await saveTicks(
    tx,
    appointment,
    {
      added: has.filter((each) => !had.includes(each)),
      removed: had.filter((each) => !has.includes(each)),
    },
    stamp,
  );
}

const isTooSoon = (
  tx: Tx,
  { id }: Appointment,
  { viewer, how }: Saving,
  { now }: Stamp,
): Promise<boolean> =>
  how.isAutomatic
    ? hasSavedSince(tx, id, actorOf(viewer), now.subtract(TOLD_EVERY))
    : Promise.resolve(false);

async function close(
  tx: Tx,
  appointment: Appointment,
  { wrapUp }: EncounterDraft,
  stamp: Stamp,
): Promise<void> {
  const data = { ...(wrapUp && { wrapUp }) };
  const notice = { kind: 'survey' } as const;
  await changeStatus(stamped(tx, appointment, stamp), appointment, 'fulfilled', { data, notice });
}
