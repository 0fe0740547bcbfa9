import { CHANNELS } from '../../../domain/channel.ts';
import type { Answers } from '../../../domain/form/applied.ts';
import type { AnswerMistake } from '../../../domain/form/validate.ts';
import type { Level } from '../../../domain/identity.ts';
import { NOTIFICATION_EVENTS } from '../../../domain/notification.ts';
import type { Obstacle } from '../../../domain/residence/certify.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { CasePaper } from '../documents/types.ts';
import type { Assisted } from './assisted/types.ts';
import type { HandedInFor } from './by-act/types.ts';
import type { PaidFee, RecordSignature } from './record/types.ts';
import type { CaseRepresentation, RecordRepresented } from './represented/types.ts';

export type { HandedInFor } from './by-act/types.ts';
export type { SpaceShelf } from './papers/sharing.ts';
export type { BringResult, GivenFile, PaperAt, PaperResult, RemoveResult } from './papers/types.ts';
export type { PaidFee, RecordSignature } from './record/types.ts';
export type { CaseRepresentation, RecordRepresented } from './represented/types.ts';
export type { CaseAt, ShowResult, TiedAppointment } from './tying/types.ts';

/** The state of a case that was not handed in. The others are those of its form's table. */
export const DRAFT = 'draft';

/** How a case began: on-line, or with an official in an encounter of this channel. */
export const DOORS = ['online', ...CHANNELS] as const;
export type Door = (typeof DOORS)[number];

/** A case, without what is sealed of it. */
export interface Case {
  id: string;
  office: number;
  /** The reference that a person can read out: K7M-2QX. */
  reference: string;
  /** The id of its procedure. */
  procedure: number;
  /** The id of the form's version with which it began. */
  form: number;
  door: Door;
  /** The id of the encounter in which an official began it with its applicant, or in which its applicant showed it last; null: there was none. */
  encounter: string | null;
  /** Whether an official opened it, typed in it, or asked to confirm it. */
  isAssisted: boolean;
  /** The id of the appointment whose citizen confirms what an official helped with; null: there was none. */
  citizenOf: string | null;
  /** The request to confirm it, which an official made; it is void where `version` is another one by now. Null: there is none. */
  confirmation: { at: Temporal.Instant; by: string; version: number } | null;
  /** Of what is written to the person. */
  language: Language;
  /** How often its link was replaced. */
  link: number;
  /** `DRAFT`, or a state of the form's table. */
  state: string;
  stateAt: Temporal.Instant;
  /** The last local day of the present state; null: it has no end. */
  stateDue: Temporal.PlainDate | null;
  /** The last local day after which the present state ends by itself; null: it does not. */
  lapseOn: Temporal.PlainDate | null;
  /** The last local day for the decision; null: there is none, or it does not run now. */
  decideBy: Temporal.PlainDate | null;
  /** The level that opens it: `none`, to whoever has its link; any other, to `person` alone, with its link. */
  level: Level;
  /** Whose it is: the person who began it, or for whom it was begun; null: nobody was identified. */
  person: string | null;
  /** By what it was begun for somebody else; null: for themselves. */
  representation: CaseRepresentation | null;
  openedAt: Temporal.Instant;
  /** See `actorOf`. */
  openedBy: string;
  changedAt: Temporal.Instant;
  /** Of the answers: each change makes it greater. */
  version: number;
  handedInAt: Temporal.Instant | null;
  /** SHA-256 of what was handed in, in hexadecimal; null: nothing was. */
  recordHash: string | null;
  /** The member of staff who handles it. */
  assignee: number | null;
  /** The code of the team of the office to which it came; null: it is the whole office's. */
  team: string | null;
  /** The official who handed it in for somebody; null: its applicant did. */
  handedInBy: number | null;
  /** How it stands with what its form issues at once; null: an official decides. */
  atOnce: AtOnceStanding | null;
  /** When nothing could follow any more. */
  closedAt: Temporal.Instant | null;
  /** The last local day on which the closed case is kept; null: it is open, or kept for good. */
  endsOn: Temporal.PlainDate | null;
  /** When the draft is deleted if nobody goes on with it; null: handed in. */
  discardAt: Temporal.Instant | null;
}

/** `due`: it is about to be issued. `left`: an official decides, since it could not be certain. */
export type AtOnceStanding = 'due' | 'issued' | 'left';

/** A case as its row has it. */
export interface CaseRow extends Case {
  sealedDraft: Buffer | null;
  sealedRecord: Buffer | null;
  sealedApplicant: Buffer | null;
  /** Why it was left to an official. */
  sealedObstacle: Buffer | null;
}

/** Who handed a case in. */
export interface Applicant {
  /** As their provider says, or as they answered; empty: nobody asked, or their provider gave none. */
  name: string;
  /** Their identifier, masked; null: they were not identified, and the name is what they wrote. */
  masked: string | null;
  /** For whom they acted, as their identification has it; null: for themselves, or they were not identified. */
  represents: { name: string; identifier: string } | null;
  /** For whom they wrote that they act, which nothing shows; null: they wrote nobody. */
  claims: string | null;
  /** Where they are told what happens to the case; null: they gave none. */
  email: string | null;
  /** E.164. */
  phone: string | null;
}

/** Whose hand gave an answer, and when. */
export interface Hand {
  /** See `actorOf`. */
  by: string;
  /** RFC 3339. */
  at: string;
}

/** The answers of a case that was not handed in. */
export interface Draft {
  answers: Answers;
  /** The hand of each answer, by the name of its question: `local.rotul`. */
  hands: Readonly<Record<string, Hand>>;
  /** The ids of the officials who changed answers, also those that somebody has changed again; absent: none did. */
  helpers?: readonly number[];
  /** What whoever amends it answers besides; absent: nothing. */
  reply?: string;
}

/** What was handed in, as it is kept: canonical JSON, of which the registry has the hash. */
export interface CaseRecord {
  version: 1;
  /** The id of the case. */
  case: string;
  reference: string;
  office: { code: string; name: string };
  /** The code of the procedure; its name is beside it, in this language. */
  procedure: string;
  name: string;
  language: Language;
  /** The version of the form, and the SHA-256 of its content. */
  form: { number: number; sha256: string };
  door: Door;
  answers: Record<string, unknown>;
  hands: Readonly<Record<string, Hand>>;
  /** Who handed it in; null: whoever had its link. The evidence is kept with the identification. */
  applicant: { identification: string; level: string } | null;
  /** For whom the applicant acts, and by what; absent: for themselves. */
  represents?: RecordRepresented;
  /** The officials who helped to fill it in, and how its applicant confirmed it; absent: nobody helped. */
  assisted?: Assisted;
  /** The official who handed it in for its applicant, and the consent to it; absent: the applicant did. */
  handedInFor?: HandedInFor;
  /** How its fee was paid; absent: nothing was paid. */
  payment?: PaidFee;
  /** How it was signed; absent: by the session of `applicant`, or not. What is signed is this record without `signature`, `payment` and `handedInAt`. */
  signature?: RecordSignature;
  /** RFC 3339. */
  handedInAt: string;
}

/** What is handed in once it is signed, and its fee is paid. */
export type PreparedRecord = Omit<CaseRecord, 'handedInAt' | 'payment'>;

/**
 * What was handed in to amend a case, as it is kept: canonical JSON, of which the registry has the hash. It has all answers, so that it can be
 * read by itself.
 */
export interface AmendmentRecord
  extends Omit<CaseRecord, 'door' | 'payment' | 'signature' | 'handedInAt'> {
  what: 'amendment';
  /** SHA-256 of what it amends, in hexadecimal: the application, or the amendment before it. */
  of: string;
  /** What was asked. */
  asked: readonly AmendmentPoint[];
  /** The names of the questions whose answers are other ones. */
  changed: readonly string[];
  /** What is answered besides; null: nothing. */
  reply: string | null;
  /** RFC 3339. */
  at: string;
}

/** A case with its answers, as its viewer sees it. */
export interface OpenedCase {
  case: Case;
  /** The answers of the draft; later, as they were handed in last. */
  draft: Draft;
  /** What its applicant has corrected and not handed in yet; null: nothing is asked of them, or somebody else looks at it. */
  corrections: Draft | null;
  /** What was handed in first; null: nothing was. */
  record: CaseRecord | null;
  /** Its entry in the registry; null: it has none. */
  entry: CaseEntry | null;
  /** The files that were added, in the order in which they came. */
  papers: readonly CasePaper[];
  /** Why it was not issued at once; null: it was, or nothing is. */
  obstacle: Obstacle | null;
}

/** The entry of a case in its office's registry. */
export interface CaseEntry {
  /** As people read it: E2026000123. */
  number: string;
  /** The day from which terms count. */
  countsFrom: Temporal.PlainDate;
}

/** One change of the answers: the new value of each question, by its name. Undefined takes an answer back. */
export type Change = Readonly<Record<string, unknown>>;

/** A change of one item of a group. `add`: at the end; `remove`: the item; otherwise the new value of each of its questions, by its id. */
export type ItemChange =
  | { group: string; key: string; set: Readonly<Record<string, unknown>> }
  | { group: string; key: string; do: 'remove' }
  | { group: string; do: 'add' };

type Refused<R extends string> = { ok: false; reason: R };

export type AnswerResult = { ok: true; version: number } | Refused<'not_found' | 'handed_in'>;

/** `gone`: the item was removed meanwhile. `full`: the group has as many as it may. `at`: where the item stands, from 0. */
export type ItemResult =
  | { ok: true; at: number }
  | Refused<'not_found' | 'handed_in' | 'gone' | 'full'>;

/**
 * `changed`: answers were changed since the applicant checked them. `needs_identity`: the form demands a higher level than the viewer has.
 * `needs_signature`: it must be signed first. `needs_payment`: its fee must be paid first. `needs_more`: it is signed by a session, and nobody is
 * identified.
 * `checking`: a paper of this name is being checked; it takes seconds. Of what an official helped with, `not_citizen`: nothing shows that it is
 * the citizen who confirms it; `not_independent`: it may be the official.
 */
export type HandInRefusal =
  | Refused<
      | 'not_found'
      | 'handed_in'
      | 'changed'
      | 'needs_identity'
      | 'needs_signature'
      | 'needs_payment'
      | 'needs_more'
      | 'not_citizen'
      | 'not_independent'
    >
  | { ok: false; reason: 'invalid'; mistakes: readonly AnswerMistake[] }
  | { ok: false; reason: 'checking'; name: string };

type Whose = 'applicant' | 'represents';

/** The withdrawal of a case, as it is kept: canonical JSON, of which the registry has the hash. */
export interface WithdrawalRecord
  extends Pick<
    CaseRecord,
    'version' | 'case' | 'reference' | 'office' | 'procedure' | 'name' | 'language' | Whose
  > {
  what: 'withdrawal';
  /** SHA-256 of the application that is withdrawn, in hexadecimal. */
  of: string;
  /** RFC 3339. */
  at: string;
}

/**
 * `number`: of its entry in the registry. `not_allowed`: the form's table lets nobody withdraw now. `needs_identity`: nobody is identified.
 */
export type WithdrawResult =
  | { ok: true; number: string }
  | Refused<'not_found' | 'not_allowed' | 'needs_identity'>;

export type HandInResult = { ok: true; number: string } | HandInRefusal;

/** What a case is handed in with once it is signed or its fee is paid. `version`: of its answers; `hash`: SHA-256 of what is sealed. */
export type PrepareResult =
  | {
      ok: true;
      sealed: Buffer;
      hash: Buffer;
      /** That the form demands. */
      level: Level;
      cents: number;
      version: number;
      reference: string;
      procedure: number;
      /** By which the applicant is identified in it; null: by none. */
      identification: string | null;
    }
  | HandInRefusal;

/** `changed`: since the official saw it. `incomplete`: something is to be answered. */
export type AskConfirmationResult =
  | { ok: true }
  | Refused<'not_found' | 'handed_in' | 'changed' | 'incomplete'>;

/** `not_allowed`: the form's table has no such step for the viewer. */
export type MoveResult = { ok: true } | Refused<'not_found' | 'not_allowed'>;

/** A case as somebody saw it, by which a change of what another person changed meanwhile is refused (`seenOf`). */
export type Seen = string;

/** A point of a request to amend. */
export interface AmendmentPoint {
  /** The name of the question, such as `local.rotul`, or of what is declared: `declarations.veritat`. Null: it is about no single one. */
  question: string | null;
  /** What is wrong and how to mend it, in the official's words. */
  text: string;
}

/** A request to amend what was handed in (Ley 39/2015, art. 68). */
export interface Amendment {
  id: string;
  /** The id of its case. */
  case: string;
  points: readonly AmendmentPoint[];
  askedAt: Temporal.Instant;
  /** See `actorOf`. */
  askedBy: string;
  /** The last local day to amend, with the extension. */
  until: Temporal.PlainDate;
  /** Since when there is more time, and why; null: there is not. */
  extended: { at: Temporal.Instant; reason: string } | null;
  /** When the case went on: it was amended, withdrawn, or lapsed. Null: the request is open. */
  closedAt: Temporal.Instant | null;
  /** What was handed in; null: nothing was. */
  answered: AnsweredAmendment | null;
}

/** What was handed in to amend a case. */
export interface AnsweredAmendment {
  at: Temporal.Instant;
  /** Of its entry in the registry, as people read it. */
  number: string;
  /** SHA-256 of its record, in hexadecimal. */
  hash: string;
  record: AmendmentRecord;
}

/**
 * `closed`: nothing is asked any more. `changed`: answers were changed since they were checked. `empty`: nothing is corrected or answered.
 * `no_reply`: what is about no single question has no answer. `checking`: a paper of this name is being checked; it takes seconds.
 */
export type AmendedResult =
  | { ok: true; number: string }
  | Refused<
      'not_found' | 'closed' | 'not_allowed' | 'changed' | 'needs_identity' | 'empty' | 'no_reply'
    >
  | { ok: false; reason: 'invalid'; mistakes: readonly AnswerMistake[] }
  | { ok: false; reason: 'checking'; name: string };

export type ReplyResult = { ok: true } | Refused<'not_found' | 'closed' | 'invalid'>;

/**
 * `changed`: somebody changed the case since the viewer saw it. `invalid`: there is no point, or one without words or of no question of the form.
 * `isTold`: whether the office has an address to tell whoever handed it in.
 */
export type AmendResult =
  | { ok: true; until: Temporal.PlainDate; isTold: boolean }
  | Refused<'not_found' | 'not_allowed' | 'changed' | 'invalid'>;

/** `not_allowed`: there is no open request, or it was extended before. `invalid`: there is no reason, or too many days. */
export type ExtendResult = AmendResult;

export const CASE_EVENTS = [
  'opened',
  'handed_in',
  'moved',
  'assigned',
  'amendment_asked',
  'amended',
  'extended',
  'undone',
  'decided',
  'submitted',
  'paper_refused',
  'not_at_once',
  'report_asked',
  'report_ended',
  'cosigned',
  'cosign_declined',
  ...NOTIFICATION_EVENTS,
] as const;

/** What happened to a case. */
export interface CaseEvent {
  kind: (typeof CASE_EVENTS)[number];
  at: Temporal.Instant;
  /** See `actorOf`. */
  actor: string;
  data: Record<string, unknown>;
}
