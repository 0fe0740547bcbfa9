import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { StaffNames } from '../../../domain/staff.ts';
import { actorOf, type StaffViewer, staffIn } from '../../../lib/viewer.ts';
import { appendEvent, changeStatus } from '../../booking/appointments/service.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import {
  aboutEncounter,
  type LockedEncounter,
  onEncounter,
  type StaffUnit,
  stampOf,
} from './locking.ts';
import {
  allowedIn,
  draftMistakes,
  firstItems,
  isPointOf,
  mayCorrect,
  mergeDrafts,
  partsThatDiffer,
  sameDraft,
  untickedOf,
} from './rules.ts';
import type { EncounterService, WriteEncounter } from './service.ts';
import { saveTicks, updateEncounter } from './store.ts';
import type { Conflict, Encounter, EncounterDraft, SaveHow, SaveResult } from './types.ts';
import { hasSavedSince, readEncounter } from './views.ts';

/** Autosaves of one person at one appointment are told and recorded at most this often. Without an appointment, each is recorded. */
const TOLD_EVERY: Temporal.DurationLike = { minutes: 15 };

/** A draft to write over a version. `to`: whether the encounter goes on, ends, or ended before. */
interface Saving {
  office: Office;
  version: number;
  draft: EncounterDraft;
  to: 'save' | 'close' | 'correct';
  how: SaveHow;
}

type Saved =
  | Exclude<SaveResult, { reason: 'stale' }>
  | ({ ok: false; reason: 'stale' } & Omit<Conflict, 'who'>);

/** Keeps what is written about encounters, and ends them. */
export function createSaving(
  run: RunUnit,
  staff: StaffNames,
): Pick<EncounterService, 'save' | 'close' | 'correct'> {
  const by =
    (to: Saving['to']): WriteEncounter =>
    async (viewer, office, of, version, draft, how = {}) => {
      const saving = { office, version, draft, to, how };
      const result = await onEncounter(run, viewer, of, (unit, locked) =>
        saveLocked(unit, locked, saving),
      );
      if (result.ok || result.reason !== 'stale') return result;
      const other = staffIn(result.current.actor) ?? 0;
      return { ...result, who: (await staff.namesOf([other])).get(other) ?? null };
    };
  return { save: by('save'), close: by('close'), correct: by('correct') };
}

/**
 * Notes in the encounter of an appointment that its citizen was identified electronically. What whoever attends has open is merged with it.
 * The appointment is locked by the caller. Returns false when there is no encounter that goes on.
 */
export async function noteElectronic(
  { tx, now }: Unit,
  office: Office,
  appointment: Appointment,
  note: string,
): Promise<boolean> {
  const current = await readEncounter(tx, { appointment: appointment.id });
  if (!current || current.endedAt || appointment.status !== 'in_progress') return false;
  // Nobody has saved it yet: whoever attends sees the booked procedures in it.
  const items = current.version === 1 ? firstItems(office, appointment) : current.items;
  const draft = { ...current, items, identity: 'electronic', identityNote: note } as const;
  const procedureId = (code: string) => office.procedure(code)?.id ?? null;
  const stamp = { actor: current.actor, now, ended: false };
  await updateEncounter(tx, current, draft, procedureId, stamp);
  return true;
}

/** Writes an encounter that the unit has locked. */
async function saveLocked(
  unit: StaffUnit,
  { encounter: current, appointment }: LockedEncounter,
  saving: Saving,
): Promise<Saved> {
  const { office, version, to, how } = saving;
  if (!current || !isOpenTo(unit.viewer, to, { encounter: current, appointment }))
    return { ok: false, reason: 'not_open' };
  const met = meet(saving, current);
  if (!met.ok) return met;
  const { draft } = met;
  const mistakes = draftMistakes(draft, allowedIn(office), to === 'save' ? 'save' : 'close');
  if (Object.keys(mistakes).length > 0) return { ok: false, reason: 'invalid', mistakes };
  const points = to === 'close' && !how.anyway ? untickedOf(office, draft) : [];
  if (points.length > 0) return { ok: false, reason: 'unticked', points };
  const done = { ok: true, draft, merged: current.version !== version } as const;
  const isNothing = (how.isAutomatic || to === 'correct') && sameDraft(draft, current);
  if (isNothing) return { ...done, version: current.version };
  await write(unit, { ...saving, draft }, current);
  if (to !== 'save' || !(await isTooSoon(unit, appointment, saving)))
    await tell(unit, appointment, { ...saving, draft }, current);
  return { ...done, version: current.version + 1 };
}

/** Returns whether the encounter is in the state that this change of it needs. */
function isOpenTo(
  viewer: StaffViewer,
  to: Saving['to'],
  { encounter, appointment }: { encounter: Encounter; appointment: Appointment | null },
): boolean {
  if (to === 'correct') return mayCorrect(viewer, encounter);
  return appointment ? appointment.status === 'in_progress' : encounter.endedAt === null;
}

/**
 * Returns the draft to write, merged with a colleague's later changes. Where both changed the same part differently, nothing is
 * written. An encounter whose merged draft the agent hasn't seen is not closed.
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
  unit: StaffUnit,
  { office, draft, to }: Saving,
  current: Encounter,
): Promise<void> {
  const { tx } = unit;
  const stamp = stampOf(unit);
  const procedureId = (code: string) => office.procedure(code)?.id ?? null;
  await updateEncounter(tx, current, draft, procedureId, { ...stamp, ended: to === 'close' });
  const isKnown = (point: string) => isPointOf(office, point);
  const had = current.points.filter(isKnown);
  const has = draft.points.filter(isKnown);
  const added = has.filter((each) => !had.includes(each));
  const removed = had.filter((each) => !has.includes(each));
  await saveTicks(tx, current, { added, removed }, stamp);
}

/** Returns whether an autosave is neither told nor recorded, since one of this person was shortly before. */
async function isTooSoon(
  { tx, viewer, now }: StaffUnit,
  appointment: Appointment | null,
  { how }: Saving,
): Promise<boolean> {
  if (!how.isAutomatic || !appointment) return false;
  return hasSavedSince(tx, appointment.id, actorOf(viewer), now.subtract(TOLD_EVERY));
}

const DEEDS = { save: 'saved', close: 'closed', correct: 'corrected' } as const;

/** Records what became of an encounter that was `before`, adds it to the appointment's events, and ends the appointment. */
async function tell(
  unit: StaffUnit,
  appointment: Appointment | null,
  { to, draft }: Saving,
  before: Encounter,
): Promise<void> {
  const parts = to === 'correct' ? { parts: partsThatDiffer(draft, before) } : {};
  const about = aboutEncounter(appointment, before, { version: before.version + 1, ...parts });
  await unit.record(DEEDS[to], about);
  if (!appointment) return;
  if (to === 'save') return appendEvent(unit, { appointment, kind: 'saved' });
  if (to === 'correct') return appendEvent(unit, { appointment, kind: 'corrected', data: parts });
  const data = draft.wrapUp === null ? {} : { wrapUp: draft.wrapUp };
  const notice = { kind: 'survey' } as const;
  await changeStatus(unit, appointment, 'fulfilled', { data, notice });
}
