import type { Appointment } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import type { Habilitation } from '../../../domain/office/schema.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { SentTo, Standing } from '../../booking/proof/types.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { Digest } from '../documents/types.ts';
import type { IdentityCheck } from '../encounter/types.ts';

/** `prepared`: the citizen is asked. `withdrawn`: by whoever attends; `expired`: nobody answered in time. */
export const ACT_STATES = ['prepared', 'consented', 'declined', 'withdrawn', 'expired'] as const;
export type ActState = (typeof ACT_STATES)[number];

/**
 * How a citizen consents. `code`: they type a one-time code; `spoken`: they say it in the call, the official notes that they
 * heard it, and the citizen confirms it in a browser that was proved; `code_by_phone`: they read the code out, and the official
 * types it; `witnessed`: they say it, and a second member of staff heard it too.
 */
export const CONSENT_METHODS = ['code', 'spoken', 'code_by_phone', 'witnessed'] as const;
export type ConsentMethod = (typeof CONSENT_METHODS)[number];

/** What shows that the citizen consented. */
export interface Proof {
  method: ConsentMethod;
  /** The one-time code, by id, where it had gone (see `SentTo`), and who had set that address (see `actorOf`). */
  code: { id: string; channel: SentTo['channel']; to: string; setBy: string } | null;
  /** The browser in which the citizen confirmed it: by which address it was proved, when (RFC 3339), and who had set that address. */
  browser: { channel: SentTo['channel']; to: string; setBy: string; at: string } | null;
  /** When the official heard it, RFC 3339. */
  heard: string | null;
  /** The second member of staff who heard it, by id and name. */
  witness: { staff: number; name: string } | null;
  /** Members of staff and tokens who could have passed for the citizen then (see `couldBeCitizen`). */
  insiders: string[];
}

/** `needs_proof`: a code must be typed in this browser first. `not_independent`: the official could have passed for the citizen. */
export type MeansRefused =
  | { ok: false; reason: 'wrong'; left: number }
  | { ok: false; reason: 'ended' | 'not_heard' | 'needs_proof' | 'not_independent' };

/** What a way to consent is asked about. */
export interface MeansOn {
  viewer: Viewer;
  appointment: Appointment;
  act: Pick<ActRow, 'id' | 'heardAt' | 'preparedBy'>;
  /** How the citizen's addresses and link stand at this moment. */
  standing: Standing;
}

/**
 * One way to consent: takes what was given for an act, in the unit of work that seals it, and answers what shows it. An electronic
 * signature (VÀLid, AutoFirma, Cl@ve) is one more of these: what is given is then the provider's answer, its proof the signature
 * over `hashOf` the act's record without its consent, and the signer's certificate, verified here (docs/adr/0030).
 */
export interface Means<Given> {
  accept(unit: Unit, on: MeansOn, given: Given): Promise<{ ok: true; proof: Proof } | MeansRefused>;
}

/** What an official does for a citizen, as the citizen reads it, and the evidence of the consent to it. Kept as canonical JSON. */
export interface ActRecord {
  version: 2;
  /** Its id. */
  act: string;
  office: { code: string; name: string };
  appointment: {
    reference: string;
    /** Code of the procedure, and its name. */
    procedure: string;
    name: string;
    channel: Channel;
    /** RFC 3339, as all instants here. */
    start: string;
  };
  citizen: {
    name: string;
    onBehalfOf: string | null;
    /** The official asked, and nobody of art. 14.2–3 of Ley 39/2015 acts: neither a company nor a professional. */
    mayBeAttended: true;
  };
  official: Pick<Habilitation, 'name' | 'post' | 'order' | 'since'> & {
    /** Id of the account. */
    staff: number;
    until: string | null;
  };
  /** Code of the office's act, its name and text as filled in, in this language. */
  template: string;
  language: Language;
  title: string;
  text: string;
  documents: Digest[];
  identity: { check: IdentityCheck; note: string };
  preparedAt: string;
  /** Null: not yet. */
  consent: (Proof & { at: string }) | null;
}

/** An act as its row has it. */
export interface ActRow {
  id: string;
  office: number;
  appointment: string;
  /** Code. */
  template: string;
  language: Language;
  state: ActState;
  preparedAt: Temporal.Instant;
  /** See `actorOf`. */
  preparedBy: string;
  expiresAt: Temporal.Instant;
  heardAt: Temporal.Instant | null;
  /** When a second member of staff heard it. */
  witnessedAt: Temporal.Instant | null;
  settledAt: Temporal.Instant | null;
  method: ConsentMethod | null;
  /** Sealed. */
  record: Buffer | null;
  /** Of the document that is the citizen's copy. */
  copy: string;
  copiedAt: Temporal.Instant | null;
  destroyedAt: Temporal.Instant | null;
}

/** An act as it is listed: nothing of what stands in it. */
export type ActEntry = Omit<ActRow, 'record'>;

/** An act as it is read. */
export interface ActSeen extends ActEntry {
  /** Null: nobody consented to it, or its time is over. */
  record: ActRecord | null;
  /** SHA-256 of the record as it is kept, in hexadecimal; null with it. */
  hash: string | null;
  /** Whether it is the viewer who carries it out. */
  isMine: boolean;
  /** Whether a code, or the citizen's page, proves anything: the official could not pass for the citizen. */
  isIndependent: boolean;
}

/** What an official chooses for an act. */
export interface ActDraft {
  template: string;
  language: Language;
  /** What stands for `{details}`. */
  details: string;
  /** Ids. */
  documents: readonly string[];
  /** See `ActRecord.citizen`. */
  mayBeAttended: boolean;
}

export type DraftField = 'template' | 'language' | 'details' | 'documents' | 'mayBeAttended';
export type DraftMistakes = Partial<Record<DraftField, 'missing' | 'too_long' | 'not_known'>>;

/** Why nothing can be prepared now. */
export type Ineligibility = 'not_open' | 'not_habilitated' | 'not_identified' | 'none';

export type PrepareResult =
  | { ok: true; id: string }
  | { ok: false; reason: 'not_found' | Ineligibility }
  | { ok: false; reason: 'invalid'; mistakes: DraftMistakes };

/** Whether what was consented to is as it was. `act`: the first that isn't, and how. */
export type ActsVerdict =
  | { ok: true; acts: number }
  | { ok: false; act: string; what: 'removed' | 'added' | 'changed' };
