import type { Choice } from '../../../domain/appointment.ts';
import type { Details } from '../../../domain/person.ts';
import type { ForeignAppointment, LineMistake } from '../../../formats/appointments/read.ts';
import type { Noticed } from '../appointments/service.ts';

/** What comes of a line by itself, in the order of the report. */
export const VERDICTS = [
  /** It is booked at its hour, where a desk works. */
  'book',
  /** It is booked at its hour, at a desk that is free but does not work then. */
  'outside_shift',
  /** It is kept at its hour, though no desk is free: a person decides about it. */
  'clash',
  /** It was brought before. */
  'there',
  /** The same person has an appointment at that hour, which was not brought. */
  'same_person',
  /** Somebody with the same telephone or address and a longer or shorter name has an appointment at that hour. */
  'similar_person',
  /** It was brought before, and has another hour here than in the file. */
  'differs',
  /** It was brought before, and has another name, telephone or address here than in the file. */
  'contact_differs',
  /** Its id is that of an appointment of somebody else, which was brought before. */
  'other_person',
  /** It was brought before, and is cancelled here. */
  'cancelled_here',
  /** An import cancelled it, and the file has it open: it is booked again. */
  'reopened_there',
  /** It was brought before, and the file says that it was cancelled there. */
  'cancelled_there',
  /** It was brought before, and the file, which is whole and has its days and its procedure, has it no longer. */
  'gone_there',
  /** It was cancelled there, or is over there, and was never brought. */
  'not_open',
  /** Its status is none that is known. */
  'unknown_status',
  /** It could not be carried out. */
  'failed',
  'past',
  'too_far',
  'twice',
  'other_office',
  'unknown_office',
  'unknown_procedure',
  'unknown_channel',
  'unknown_language',
  'not_offered',
  'no_desk',
  'no_name',
  'no_telephone',
  'no_email',
  'no_contact',
  'bad_name',
  'bad_telephone',
  'bad_email',
  'bad_text',
  'not_a_row',
  'repeated',
  'bad_date',
  'no_hour',
  'no_such_hour',
] as const satisfies readonly (string | LineMistake)[];
export type Verdict = (typeof VERDICTS)[number];

/** Verdicts of lines that are brought. */
export const BROUGHT = ['book', 'outside_shift', 'clash'] as const satisfies Verdict[];
/** Verdicts of appointments that were brought before and that the other tool has no longer. */
export const WITHDRAWN = ['cancelled_there', 'gone_there'] as const satisfies Verdict[];
/** Verdicts that need nothing: everything is as it should be. */
export const SETTLED = [
  'there',
  'same_person',
  'cancelled_here',
  'not_open',
  'past',
  'other_office',
] as const satisfies Verdict[];

/** A line of the file with what comes of it. `gone_there` has no line: 0. */
export interface PlannedRow {
  line: number;
  verdict: Verdict;
  /** The line as it was read; null: `gone_there`. */
  row: ForeignAppointment | null;
  start: Temporal.Instant | null;
  name: string;
  /** What the verdict is about: the procedure that is not mapped, the telephone that can't be read. */
  about: string;
  /** What was left out of the contact details, since it can't be read and is not needed; it is in the comment. */
  leftOut: readonly ('phone' | 'email')[];
  /** What is booked. */
  wanted: Wanted | null;
  /** The appointment that it was brought as. */
  appointment: string | null;
}

/** An appointment that is brought, and where. */
export interface Wanted {
  request: Choice & Details & Noticed;
  externalId: string;
  desk: number;
}

export interface ImportPlan {
  rows: readonly PlannedRow[];
  /** What has to be given to carry it out: it differs as soon as anything else would be done. */
  code: string;
  /** How many would be cancelled, where that is so many that somebody has to say the number; 0: nobody has to. */
  mustSay: number;
}

/** Which parts of the plan are carried out beyond booking. */
export interface ImportOptions {
  /** Whether citizens get the confirmation with the new link. */
  isConfirmed: boolean;
  /** Whether appointments that the other tool has no longer are cancelled here. */
  isWithdrawn: boolean;
  /** Whether the file has all that the other tool has on its days for its procedures. Only then is what it lacks gone. */
  isWhole: boolean;
  /** Whether everybody whose appointment is cancelled was told by the other tool. Otherwise they get a notice. */
  isTold: boolean;
}

/** What has been brought, or lies in the way. */
export interface KnownAppointment {
  id: string;
  externalId: string | null;
  status: string;
  /** Code of its procedure. */
  procedure: string;
  /** Whether it was an import that cancelled it. */
  isWithdrawn: boolean;
  start: Temporal.Instant;
  name: string;
  phone: string | null;
  email: string | null;
}

export type CarriedOut =
  | { ok: true; rows: readonly PlannedRow[] }
  /** Nothing was done. `changed`: the plan is another one meanwhile; `unsaid`: it cancels another number than was said. */
  | { ok: false; reason: 'changed' | 'unsaid'; plan: ImportPlan };
