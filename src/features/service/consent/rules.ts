import { createHash } from 'node:crypto';
import type { Appointment } from '../../../domain/appointment.ts';
import { codesOf } from '../../../domain/office/bundle.ts';
import type { Habilitation, TownAct } from '../../../domain/office/schema.ts';
import type { OfficeSettings } from '../../../domain/office/types.ts';
import { fill } from '../../../lib/fill.ts';
import type { Language, Texts } from '../../../lib/i18n/languages.ts';
import type { Encounter, IdentityCheck } from '../encounter/types.ts';
import type { ActDraft, ActRow, ActState, DraftMistakes, Ineligibility } from './types.ts';

export { isOfficial, transactionHash } from './identity/rules.ts';

/** Hours until an unanswered act expires. The end of the encounter expires it too. */
export const ASKED_HOURS = 2;
/** Maximum characters of the details. */
export const LONGEST_DETAILS = 1000;
/** Maximum documents of one act. */
const MOST_DOCUMENTS = 50;

/** Whether an entry of the register is valid on a local day. */
export const holdsOn = (
  { since, until }: Pick<Habilitation, 'since' | 'until'>,
  day: Temporal.PlainDate,
): boolean => since <= day.toString() && (until === undefined || day.toString() <= until);

/** Returns the habilitation of an official on a local day; null: they have none. */
export const habilitationOn = (
  register: readonly Habilitation[],
  email: string,
  day: Temporal.PlainDate,
): Habilitation | null =>
  register.find((each) => each.email === email.toLowerCase() && holdsOn(each, day)) ?? null;

/** Whether the habilitation by which an act was prepared is valid on a local day. The register may have changed since. */
export const isStillHabilitated = (
  register: readonly Habilitation[],
  { name, order, since }: Pick<Habilitation, 'name' | 'order' | 'since'>,
  day: Temporal.PlainDate,
): boolean =>
  register.some(
    (each) =>
      each.name === name && each.order === order && each.since === since && holdsOn(each, day),
  );

/** Whether a citizen was identified before the official (Ley 39/2015, art. 12.2). A check that was not needed is not enough. */
export const isIdentified = (check: IdentityCheck | null): check is IdentityCheck =>
  check !== null && check !== 'none';

type Act = TownAct & { code: string };

/**
 * Returns the acts that can be prepared in an encounter: those without a procedure, and those of the booked or served procedures. `handsIn`: those
 * that hand in a form, in place of the others.
 */
export function actsFor(
  acts: readonly Act[],
  procedures: ReadonlySet<string>,
  handsIn = false,
): Act[] {
  return acts.filter(
    (each) =>
      (each.handsIn ?? false) === handsIn &&
      (each.procedures === undefined || each.procedures.some((code) => procedures.has(code))),
  );
}

/** Returns the procedures that were booked or have been noted so far. */
export const proceduresOf = (
  appointment: Pick<Appointment, 'procedure' | 'further'>,
  encounter: Pick<Encounter, 'items'> | null,
): Set<string> =>
  new Set([
    ...codesOf(appointment),
    ...(encounter?.items ?? []).flatMap((each) => each.procedure ?? []),
  ]);

/** Returns why nothing can be prepared now, the most serious reason first; null: it can. */
export function ineligibilityFor(on: {
  status: Appointment['status'];
  identity: IdentityCheck | null;
  habilitation: Habilitation | null;
  acts: readonly Act[];
}): Ineligibility | null {
  if (on.acts.length === 0) return 'none';
  if (on.status !== 'in_progress') return 'not_open';
  if (!on.habilitation) return 'not_habilitated';
  return isIdentified(on.identity) ? null : 'not_identified';
}

/** Returns the current state of an act. An act expires after the time limit, or when its encounter ends. */
export function standingOf(
  { state, expiresAt }: Pick<ActRow, 'state' | 'expiresAt'>,
  status: Appointment['status'],
  now: Temporal.Instant,
): ActState {
  if (state !== 'prepared') return state;
  const isLate = Temporal.Instant.compare(now, expiresAt) >= 0;
  return isLate || status !== 'in_progress' ? 'expired' : 'prepared';
}

const DETAILS = '{details}';

/** Whether a text has a blank for details of the case. */
export const hasDetails = (text: Texts): boolean =>
  Object.values(text).some((each) => each?.includes(DETAILS));

/** Returns the mistakes of a draft; none: it can be prepared. `open`: the documents that can be opened. */
export function checkDraft(
  draft: ActDraft,
  acts: readonly Act[],
  languages: readonly Language[],
  open: ReadonlySet<string>,
): DraftMistakes {
  const act = acts.find((each) => each.code === draft.template);
  const mistakes: DraftMistakes = {};
  if (!act) mistakes.template = draft.template ? 'not_known' : 'missing';
  if (!languages.includes(draft.language) || (act && !act.text[draft.language]))
    mistakes.language = 'not_known';
  if (act && hasDetails(act.text) && !draft.details) mistakes.details = 'missing';
  if (draft.details.length > LONGEST_DETAILS) mistakes.details = 'too_long';
  const isStrange = draft.documents.some((each) => !open.has(each));
  if (isStrange || draft.documents.length > MOST_DOCUMENTS) mistakes.documents = 'not_known';
  if (!draft.mayBeAttended) mistakes.mayBeAttended = 'missing';
  return mistakes;
}

/** Returns the text of an act with its blanks filled in. Text that somebody typed fills no other blank. */
export const fillText = (text: string, values: Record<string, string>): string =>
  fill(text, values, (value) => value);

/** Returns when an act is destroyed if nothing holds its copy: like evidence. */
export function actKeptUntil(
  { settledAt, preparedAt }: Pick<ActRow, 'settledAt' | 'preparedAt'>,
  { end }: Pick<Appointment, 'end'>,
  { evidenceDays }: OfficeSettings['retention'],
): Temporal.Instant {
  const at = settledAt ?? preparedAt;
  const later = Temporal.Instant.compare(at, end) > 0 ? at : end;
  return later.add({ hours: 24 * evidenceDays });
}

/** Returns the SHA-256 hash of a text in hexadecimal. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
