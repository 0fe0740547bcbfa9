import { createHash } from 'node:crypto';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Habilitation, TownAct } from '../../../domain/office/schema.ts';
import type { OfficeSettings } from '../../../domain/office/types.ts';
import { fill } from '../../../lib/fill.ts';
import type { Language, Texts } from '../../../lib/i18n/languages.ts';
import type { Encounter, IdentityCheck } from '../encounter/types.ts';
import type { ActDraft, ActRow, ActState, DraftMistakes, Ineligibility } from './types.ts';

/** How long a citizen is asked; the end of the encounter ends it too. */
export const ASKED_HOURS = 2;
/** Characters. */
export const LONGEST_DETAILS = 1000;
/** Documents that one act is about. */
const MOST_DOCUMENTS = 50;

/** Whether an entry of the register holds on a local day. */
export const holdsOn = (
  { since, until }: Pick<Habilitation, 'since' | 'until'>,
  day: Temporal.PlainDate,
): boolean => since <= day.toString() && (until === undefined || day.toString() <= until);

/** The habilitation of an official on a local day; null: they have none. */
export const habilitationOn = (
  register: readonly Habilitation[],
  email: string,
  day: Temporal.PlainDate,
): Habilitation | null =>
  register.find((each) => each.email === email.toLowerCase() && holdsOn(each, day)) ?? null;

/** Whether the habilitation by which an act was prepared holds on a local day: the register may have changed since. */
export const isStillHabilitated = (
  register: readonly Habilitation[],
  { name, order, since }: Pick<Habilitation, 'name' | 'order' | 'since'>,
  day: Temporal.PlainDate,
): boolean =>
  register.some(
    (each) =>
      each.name === name && each.order === order && each.since === since && holdsOn(each, day),
  );

/** A citizen is identified before the official (Ley 39/2015, art. 12.2): that it wasn't needed is not enough. */
export const isIdentified = (check: IdentityCheck | null): check is IdentityCheck =>
  check !== null && check !== 'none';

type Act = TownAct & { code: string };

/** The acts that can be prepared in an encounter: those of no procedure, and those of what was booked or is carried out. */
export function actsFor(acts: readonly Act[], procedures: ReadonlySet<string>): Act[] {
  return acts.filter(
    (each) => each.procedures === undefined || each.procedures.some((code) => procedures.has(code)),
  );
}

/** What was booked, and what was noted down so far. */
export const proceduresOf = (
  { procedure }: Pick<Appointment, 'procedure'>,
  encounter: Pick<Encounter, 'items'> | null,
): Set<string> =>
  new Set([procedure, ...(encounter?.items ?? []).flatMap((each) => each.procedure ?? [])]);

/** Why nothing can be prepared now, the most serious first; null: it can. */
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

/** How an act stands now: whoever is asked too long, or whose encounter has ended, is asked no more. */
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

/** Whether a text has a place for something of this one case. */
export const hasDetails = (text: Texts): boolean =>
  Object.values(text).some((each) => each?.includes(DETAILS));

/** What is wrong with a draft; nothing: it can be prepared. `open`: the documents that can be opened. */
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

/** An act's text with its blanks filled in. What somebody typed fills no further blank. */
export const fillText = (text: string, values: Record<string, string>): string =>
  fill(text, values, (value) => value);

/** When an act is destroyed, if nothing holds its copy: as evidence is. */
export function actKeptUntil(
  { settledAt, preparedAt }: Pick<ActRow, 'settledAt' | 'preparedAt'>,
  { end }: Pick<Appointment, 'end'>,
  { evidenceDays }: OfficeSettings['retention'],
): Temporal.Instant {
  const at = settledAt ?? preparedAt;
  const later = Temporal.Instant.compare(at, end) > 0 ? at : end;
  return later.add({ hours: 24 * evidenceDays });
}

/**
 * JSON in one form only (RFC 8785 for what records have: texts, whole numbers, booleans, null, lists, groups): keys in the order
 * of their UTF-16 code units, no space.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const group = value as Record<string, unknown>;
  const pairs = Object.keys(group)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(group[key])}`);
  return `{${pairs.join(',')}}`;
}

/** SHA-256 in hexadecimal. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
