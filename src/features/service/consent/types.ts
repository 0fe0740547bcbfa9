import type { Appointment } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import type { GivenLevel, PersonId } from '../../../domain/identity.ts';
import type { Habilitation } from '../../../domain/office/schema.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { CitizenProof, Viewer } from '../../../lib/viewer.ts';
import type { SentTo, Standing } from '../../booking/proof/types.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type {
  ConfirmedTransaction,
  OfferedProvider,
} from '../../foundation/identification/types.ts';
import type { Digest } from '../documents/types.ts';
import type { IdentityCheck } from '../encounter/types.ts';

/** `prepared`: the citizen is asked; `withdrawn`: by the staff who serve them; `expired`: not answered in time. */
export const ACT_STATES = ['prepared', 'consented', 'declined', 'withdrawn', 'expired'] as const;
export type ActState = (typeof ACT_STATES)[number];

/**
 * The ways to consent. `code`: the citizen types a one-time code; `spoken`: they say it in the call, the official records that they heard
 * it, and the citizen confirms it in a proved browser; `code_by_phone`: they read the code out, and the official types it; `witnessed`:
 * they say it, and a second member of staff hears it too; `identified`: they identify with a provider for this act; `on_paper`: they sign what
 * was printed for it, before the official.
 */
export const CONSENT_METHODS = [
  'code',
  'spoken',
  'code_by_phone',
  'witnessed',
  'identified',
  'on_paper',
] as const;
export type ConsentMethod = (typeof CONSENT_METHODS)[number];

/** The identification for an act by which a citizen consented to it (docs/adr/0086). */
export interface ProofOfIdentity {
  /** The id of the identification. */
  identification: string;
  /** The code of the provider; its name is beside it. */
  provider: string;
  name: string;
  /** The provider's word for how, such as `idcatmobil`. */
  method: string;
  level: GivenLevel;
  /** The name as the provider says it, and the identifier, masked. */
  person: { name: string; masked: string };
  /** The organisation for which they acted; null: for themselves. */
  represents: string | null;
  /** RFC 3339. */
  at: string;
  /** What shows that they are the citizen (see `shownByOf`). */
  shownBy: 'name' | 'code';
  /** The SHA-256 of the record without its consent, base64url, and whether the provider's answer is signed over it. */
  transaction: ConfirmedTransaction;
  /** The SHA-256 of the evidence that is kept of the identification, in hexadecimal. */
  evidence: string;
}

/** The proof that the citizen consented. */
export interface Proof {
  method: ConsentMethod;
  /** The one-time code: its id, where it was sent (see `SentTo`), and who had set that address (see `actorOf`). */
  code: { id: string; channel: SentTo['channel']; to: string; setBy: string } | null;
  /** The browser in which the citizen confirmed it: what proved it (see `CitizenProof`), when (RFC 3339), and who had set that address. */
  browser: { channel: CitizenProof['channel']; to: string; setBy: string; at: string } | null;
  /** When the official heard it, RFC 3339. */
  heard: string | null;
  /** The id and name of the second member of staff who heard it, or saw the signed paper. */
  witness: { staff: number; name: string } | null;
  /** The identification for this act. */
  identity: ProofOfIdentity | null;
  /** The members of staff and tokens that could have acted as the citizen at that time (see `couldBeCitizen`). */
  insiders: string[];
  /** The paper that they signed; absent: none. */
  paper?: SignedPaper;
}

/** What a citizen signed on paper before the official (RD 203/2021, art. 30). */
export interface SignedPaper {
  /** The SHA-256 of the record without its consent, in hexadecimal, as it is printed on the paper, and its code begins. */
  printed: string;
  /** The scan, in the evidence of the appointment; null: it was not scanned. */
  scan: Digest | null;
  /** Where the paper is kept; empty: it was not said, and there is a scan. Where there is none, the second member of staff is the `witness`. */
  place: string;
}

/** A signed paper that is kept at the office and not scanned, as the official noted it. It is a consent once a second member of staff has seen it. */
export interface NotedPaper {
  /** Where the paper is kept. */
  place: string;
  /** RFC 3339. */
  at: string;
}

/**
 * Why an identification shows no consent to an act. `other_act`: it was for something else, or the act has changed since; `too_low`: its
 * level; `not_shown`: nothing shows that the person is the citizen; `not_independent`: the official could have brought it about, or is the
 * person.
 */
export const IDENTITY_REFUSALS = ['other_act', 'too_low', 'not_shown', 'not_independent'] as const;
export type IdentityRefusal = (typeof IDENTITY_REFUSALS)[number];

/** `needs_proof`: a code must be typed in this browser first. `not_independent`: the official could have acted as the citizen. */
export type MeansRefused =
  | { ok: false; reason: 'wrong'; left: number }
  | { ok: false; reason: 'ended' | 'not_heard' | 'needs_proof' | 'not_independent' };

/** The facts that a way to consent is checked against. */
export interface MeansOn {
  viewer: Viewer;
  appointment: Appointment;
  act: Pick<ActRow, 'id' | 'template' | 'heardAt' | 'preparedBy'>;
  /** The current state of the citizen's addresses and link. */
  standing: Standing;
}

/**
 * One way to consent. It takes an answer to an act, in the unit of work that seals the act, and returns the proof. An electronic signature
 * (AutoFirma) would be another one: its answer is the answer of the provider, and its proof is the signature over the
 * `hashOf` of the record without its consent, and the certificate of the signer, verified here (docs/adr/0030).
 */
export interface Means<Given> {
  accept(unit: Unit, on: MeansOn, given: Given): Promise<{ ok: true; proof: Proof } | MeansRefused>;
}

/**
 * The record of an act: what an official does for a citizen, as the citizen reads it, and the proof of the consent. It is kept as canonical
 * JSON.
 */
export interface ActRecord {
  version: 3;
  /** The id of the act. */
  act: string;
  office: { code: string; name: string };
  appointment: {
    reference: string;
    /** The code of the procedure; its name is beside it. */
    procedure: string;
    name: string;
    channel: Channel;
    /** RFC 3339, like all instants of the record. */
    start: string;
  };
  citizen: {
    name: string;
    onBehalfOf: string | null;
    /** The official asked, and the citizen is not a company or a professional under art. 14.2–3 of Ley 39/2015. */
    mayBeAttended: true;
  };
  official: Pick<Habilitation, 'name' | 'post' | 'order' | 'since'> & {
    /** The id of the account. */
    staff: number;
    until: string | null;
  };
  /** The code of the office's act; its name and its text with the blanks filled in are beside it, in this language. */
  template: string;
  language: Language;
  title: string;
  text: string;
  /** The level of an identity that may consent to it, as the town file demanded when it was prepared. */
  level: GivenLevel;
  documents: Digest[];
  /** The form that is handed in by it; absent: it hands in none. */
  case?: ActCase;
  identity: { check: IdentityCheck; note: string };
  preparedAt: string;
  /** Null: there is no consent yet. */
  consent: (Proof & { at: string }) | null;
}

/** A form that an official hands in for the citizen who consents to it, as they read it (docs/adr/0106). */
export interface ActCase {
  /** The id of the case. */
  case: string;
  reference: string;
  /** The code of the procedure; its name is beside it, in the language of the act. */
  procedure: string;
  name: string;
  /** The version of the form, and the SHA-256 of its content. */
  form: { number: number; sha256: string };
  /** The version of the answers that is handed in, and the SHA-256 of them as canonical JSON, in hexadecimal, with what is declared. */
  version: number;
  answers: string;
  /** The answers in words. */
  answered: readonly { label: string; text: string }[];
  /** What the citizen declares: the id, and the words. */
  declared: readonly { id: string; text: string }[];
  /** Whose it is: the name and the number of the document by which the official identified them. */
  person: PersonId & { name: string };
}

/** An act as its row has it. */
export interface ActRow {
  id: string;
  office: number;
  appointment: string;
  /** The code of the office's act. */
  template: string;
  /** The id of the case whose form it hands in; null: it hands in none. */
  case: string | null;
  language: Language;
  state: ActState;
  preparedAt: Temporal.Instant;
  /** See `actorOf`. */
  preparedBy: string;
  expiresAt: Temporal.Instant;
  heardAt: Temporal.Instant | null;
  /** When a second member of staff heard it, or saw the signed paper. */
  witnessedAt: Temporal.Instant | null;
  /** What the official noted of a paper that is kept at the office (see `NotedPaper`), sealed; null: nothing. */
  noted: Buffer | null;
  /** The id of the document that is the signed paper, scanned; null: there is none. */
  scan: string | null;
  settledAt: Temporal.Instant | null;
  method: ConsentMethod | null;
  /** The sealed record. */
  record: Buffer | null;
  /** The id of the document that is the citizen's copy. */
  copy: string;
  copiedAt: Temporal.Instant | null;
  destroyedAt: Temporal.Instant | null;
  /** The identification by which it was consented to; null: there is none, or it was destroyed with the act. */
  identification: string | null;
}

/** An act in a list, without its contents. */
export type ActEntry = Omit<ActRow, 'record' | 'noted'>;

/** An act with its contents. */
export interface ActSeen extends ActEntry {
  /** Null: there was no consent, or the record was destroyed. */
  record: ActRecord | null;
  /** The SHA-256 hash of the kept record, in hexadecimal; null if there is no record. */
  hash: string | null;
  /** The signed paper that waits for a second member of staff; null: none does. */
  noted: NotedPaper | null;
  /** Whether the viewer is the official. */
  isMine: boolean;
  /** Whether a code, or the citizen's page, proves anything: the official could not have acted as the citizen. */
  isIndependent: boolean;
  /** Whether the citizen could consent by identifying, with which providers, and at which level. */
  identity: { way: IdentityWay; level: GivenLevel; providers: readonly OfferedProvider[] };
}

/**
 * Whether somebody could consent by identifying, as far as it is known before they do. `none`: no provider of the town reaches the level;
 * `needs_code`: the contact data were changed, so that a code must be typed in this browser first; `not_independent`: such a code shows nothing.
 */
export type IdentityWay = 'open' | 'none' | 'needs_code' | 'not_independent';

/** The choices of an official for an act. */
export interface ActDraft {
  template: string;
  language: Language;
  /** The text for `{details}`. */
  details: string;
  /** The ids of the documents. */
  documents: readonly string[];
  /** See `ActRecord.citizen`. */
  mayBeAttended: boolean;
  /** The form that it hands in; absent: none. */
  case?: ActCase;
}

export type DraftField = 'template' | 'language' | 'details' | 'documents' | 'mayBeAttended';
export type DraftMistakes = Partial<Record<DraftField, 'missing' | 'too_long' | 'not_known'>>;

/** Why nothing can be prepared now. */
export type Ineligibility = 'not_open' | 'not_habilitated' | 'not_identified' | 'none';

export type PrepareResult =
  | { ok: true; id: string }
  | { ok: false; reason: 'not_found' | Ineligibility }
  | { ok: false; reason: 'invalid'; mistakes: DraftMistakes };

/** Whether all acts are unchanged. `act`: the first one that isn't; `what`: the kind of change. */
export type ActsVerdict =
  | { ok: true; acts: number }
  | { ok: false; act: string; what: 'removed' | 'added' | 'changed' };
