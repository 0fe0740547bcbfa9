import type { Level } from '../../../domain/identity.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { AtOnceStanding, Case, CaseEvent } from './types.ts';

type NewCase = Pick<
  Case,
  | 'id'
  | 'reference'
  | 'procedure'
  | 'form'
  | 'door'
  | 'encounter'
  | 'isAssisted'
  | 'citizenOf'
  | 'language'
  | 'state'
  | 'level'
  | 'person'
>;

/** What is kept of answers that were not handed in. */
interface KeptDraft {
  sealed: Buffer;
  discardAt: Temporal.Instant;
}

/** Begins a case. Returns whether it did; false: its reference is another's. */
export async function insertCase(unit: Unit, made: NewCase, draft: KeptDraft): Promise<boolean> {
  const { tx, office, viewer } = unit;
  const now = unit.now.toString();
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('case_file')
    .values({
      id: made.id,
      office_id: office,
      reference: made.reference,
      procedure_id: made.procedure,
      form_id: made.form,
      door: made.door,
      encounter_id: made.encounter,
      assisted: made.isAssisted,
      citizen_of: made.citizenOf,
      language: made.language,
      state: made.state,
      state_at: now,
      level: made.level,
      person_id: made.person,
      opened_at: now,
      opened_by: actorOf(viewer),
      changed_at: now,
      draft: draft.sealed,
      discard_at: draft.discardAt.toString(),
    })
    .onConflict((conflict) => conflict.column('reference').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Keeps the answers of a locked case. `discardAt` null: they are corrections of what was handed in, and end with their state. */
export async function updateDraft(
  { tx, now }: Unit,
  id: string,
  on: { sealed: Buffer; version: number; discardAt: Temporal.Instant | null },
): Promise<void> {
  await tx
    .updateTable('case_file')
    .set({
      draft: on.sealed,
      version: on.version,
      changed_at: now.toString(),
      discard_at: on.discardAt?.toString() ?? null,
    })
    .where('id', '=', id)
    .execute();
}

/** The state that a case comes to. */
export interface NewState {
  state: string;
  due: Temporal.PlainDate | null;
  lapseOn: Temporal.PlainDate | null;
  decideBy: Temporal.PlainDate | null;
  /** Whether nothing can follow. */
  isOver: boolean;
  /** The last local day on which the closed case is kept; null: it is open, or kept for good. */
  endsOn: Temporal.PlainDate | null;
}

const columnsOf = ({ state, due, lapseOn, decideBy, isOver, endsOn }: NewState, now: string) => ({
  state,
  state_at: now,
  state_due: due?.toString() ?? null,
  lapse_on: lapseOn?.toString() ?? null,
  decide_by: decideBy?.toString() ?? null,
  closed_at: isOver ? now : null,
  ends_on: endsOn?.toString() ?? null,
});

/** Keeps that the applicant of a locked case is asked to confirm this version of its answers. */
export async function setConfirmation(
  { tx, now, viewer }: Unit,
  id: string,
  version: number,
): Promise<void> {
  await tx
    .updateTable('case_file')
    .set({
      confirm_at: now.toString(),
      confirm_by: actorOf(viewer),
      confirm_version: version,
      assisted: true,
    })
    .where('id', '=', id)
    .execute();
}

/** Keeps that an official has helped with a locked case. */
export async function setAssisted(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('case_file').set({ assisted: true }).where('id', '=', id).execute();
}

/** Keeps the request to confirm a locked case for another version of its answers. */
export async function keepConfirmation(tx: Tx, id: string, version: number): Promise<void> {
  await tx
    .updateTable('case_file')
    .set({ confirm_version: version })
    .where('id', '=', id)
    .execute();
}

/** Gives a locked case to the identified person who hands it in: from then on it opens to them alone. */
export async function setOwner(
  tx: Tx,
  id: string,
  { person, level }: { person: string; level: Level },
): Promise<void> {
  await tx
    .updateTable('case_file')
    .set({ person_id: person, level })
    .where('id', '=', id)
    .execute();
}

/** Hands in a locked case: its answers give way to the record. */
export async function setHandedIn(
  { tx, now, viewer }: Unit,
  id: string,
  on: {
    sealed: Buffer;
    hash: string;
    state: NewState;
    identification: string | null;
    applicant: Buffer;
    isAtOnce: boolean;
    team: string | null;
  },
): Promise<void> {
  const at = now.toString();
  const { sealed, hash, state, identification, applicant, isAtOnce, team } = on;
  await tx
    .updateTable('case_file')
    .set({
      ...columnsOf(state, at),
      identification_id: identification,
      applicant,
      draft: null,
      discard_at: null,
      record: sealed,
      record_hash: Buffer.from(hash, 'hex'),
      handed_in_at: at,
      at_once: isAtOnce ? 'due' : null,
      team,
      handed_in_by: viewer.kind === 'staff' ? viewer.staff : null,
    })
    .where('id', '=', id)
    .execute();
}

/** Takes a locked case to a state. What was corrected and not handed in ends. */
export async function setState({ tx, now }: Unit, id: string, state: NewState): Promise<void> {
  await tx
    .updateTable('case_file')
    .set({ ...columnsOf(state, now.toString()), draft: null })
    .where('id', '=', id)
    .execute();
}

/** Keeps how it stands with what the form of a locked case issues at once. `why`: sealed, where it is left to an official. */
export async function setAtOnce(
  tx: Tx,
  id: string,
  standing: AtOnceStanding | null,
  why: Buffer | null = null,
): Promise<void> {
  await tx
    .updateTable('case_file')
    .set({ at_once: standing, at_once_why: why })
    .where('id', '=', id)
    .execute();
}

/** Makes a locked draft a person's own. */
export async function setPerson(tx: Tx, id: string, person: string): Promise<void> {
  await tx.updateTable('case_file').set({ person_id: person }).where('id', '=', id).execute();
}

/** Keeps until when a locked case is to be decided; null: nobody can tell now. */
export async function setDecideBy(
  tx: Tx,
  id: string,
  decideBy: Temporal.PlainDate | null,
): Promise<void> {
  await tx
    .updateTable('case_file')
    .set({ decide_by: decideBy?.toString() ?? null })
    .where('id', '=', id)
    .execute();
}

export async function setAssignee(tx: Tx, id: string, assignee: number | null): Promise<void> {
  await tx.updateTable('case_file').set({ assignee }).where('id', '=', id).execute();
}

/** Gives a locked case to a team, or to the whole office. Nobody handles it then. */
export async function setTeam(tx: Tx, id: string, team: string | null): Promise<void> {
  const to = { team, assignee: null };
  await tx.updateTable('case_file').set(to).where('id', '=', id).execute();
}

/** Deletes a case that was not handed in. */
export async function deleteDraft(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('case_file').where('id', '=', id).where('state', '=', 'draft').execute();
}

export async function insertCaseEvent(
  { tx, office, viewer, now }: Unit,
  id: string,
  kind: CaseEvent['kind'],
  data: CaseEvent['data'],
): Promise<void> {
  await tx
    .insertInto('case_event')
    .values({
      office_id: office,
      case_id: id,
      kind,
      at: now.toString(),
      actor: actorOf(viewer),
      data: JSON.stringify(data),
    })
    .execute();
}
