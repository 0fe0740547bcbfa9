import type { SealShown } from '../../../lib/seal/types.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { Verdict } from './checks/types.ts';

/** `inbox`: from the citizen to the office; `outbox`: to the citizen; `evidence`: what the office keeps as proof. */
export const KINDS = ['inbox', 'outbox', 'evidence'] as const;
export type DocumentKind = (typeof KINDS)[number];

/** The documents of an appointment that are destroyed together. Each shelf has its own key and its own retention. */
export type Shelf = 'working' | 'evidence';

/** The place of a key: a shelf of a space. */
export interface ShelfPlace {
  office: number;
  /** The id of the appointment, the case, the request, or the conversation in writing. */
  space: string;
  /** A case has one, and so has a request: all of it ends together. */
  shelf: Shelf | 'case' | 'request' | 'chat';
}
export interface DocumentPlace extends ShelfPlace {
  document: string;
}

export const VERDICTS = [
  'clean',
  'infected',
  'unscannable',
  'error',
  'refused',
] as const satisfies readonly Verdict['verdict'][];
/** Clear bytes that can be read repeatedly from any offset. */
export interface Source {
  size: number;
  /** Reads from a byte to another (excluded); by default all bytes. */
  read(from?: number, to?: number): AsyncIterable<Buffer>;
}

/** Checks a document before anybody can open it. */
export type Check = (source: Source, declared: { name: string; type: string }) => Promise<Verdict>;

export type { Verdict };

/** `receiving`: some bytes are still to come. Only a `clean` document can be opened. */
export type DocumentState = 'receiving' | 'checking' | Verdict['verdict'];

/** The office's answer to a document: accepted, or to be sent again. */
export type Review = 'accepted' | 'again';

/** A document as its row has it: of an appointment, of a case, or of a request. */
export interface DocumentRow {
  id: string;
  office: number;
  /** Null: it isn't of an appointment. */
  appointment: string | null;
  /** Null: it isn't of a case. */
  case: string | null;
  /** Null: it isn't the photo of a request. */
  request: string | null;
  kind: DocumentKind;
  shelf: ShelfPlace['shelf'];
  /** The code of the procedure's document; null: another document. */
  requested: string | null;
  state: DocumentState;
  stateAt: Temporal.Instant;
  /** See `Verdict`. */
  why: string | null;
  declared: string;
  type: string | null;
  /** Clear bytes; `received`: how many of them are stored. */
  size: number;
  received: number;
  madeAt: Temporal.Instant;
  /** See `actorOf`. */
  madeBy: string;
  checks: number;
  review: Review | null;
  reviewedAt: Temporal.Instant | null;
  heldAt: Temporal.Instant | null;
  destroyedAt: Temporal.Instant | null;
  /** The place at which its bytes were sealed, where it shares them with another document; null: its own. */
  bytes: DocumentPlace | null;
  /** When the document was taken back by a viewer who may. */
  withdrawnAt: Temporal.Instant | null;
  sealedName: Buffer | null;
  sealedReason: Buffer | null;
  sealedCode: Buffer | null;
  sealedHeldReason: Buffer | null;
}

/** A document of an appointment. */
export interface AppointmentDocument extends DocumentRow {
  appointment: string;
  shelf: Shelf;
}

/**
 * What a case does when the check refuses one of its papers. It locks the case before its papers are locked, and returns what tells of a paper.
 */
export type CasePaperNews = (
  unit: Unit,
  of: string,
) => Promise<(document: string) => Promise<void>>;

/** A paper of a case or a photo of a request, as those see it who may open these. */
export interface CasePaper
  extends Pick<
    DocumentRow,
    'id' | 'kind' | 'type' | 'size' | 'state' | 'stateAt' | 'why' | 'madeAt' | 'madeBy'
  > {
  name: string;
}

/** A document of an appointment that can be an answer of a case. */
export interface SpacePaper {
  id: string;
  name: string;
  /** Clear bytes. */
  size: number;
  madeAt: Temporal.Instant;
}

/** A document of an appointment as viewers see it. */
export interface DocumentEntry
  extends Omit<
    AppointmentDocument,
    | 'case'
    | 'request'
    | 'sealedName'
    | 'sealedReason'
    | 'sealedCode'
    | 'sealedHeldReason'
    | 'checks'
    | 'declared'
    | 'bytes'
  > {
  /** Null: the document was destroyed, or the viewer has only the link. */
  name: string | null;
  /** Why it should be sent again; null: no reason was given, or the viewer can't see it. */
  reason: string | null;
  /** Its verification code; null: it has none, it was destroyed, or the viewer can't see it. */
  code: string | null;
  /** Why a law keeps it; null: no reason was given, or the viewer can't see it. */
  heldReason: string | null;
  /** When it is destroyed, if nothing holds it. */
  until: Temporal.Instant;
}

/** What the documents of an appointment ask of its citizen. Copies of consents are not among the results. */
export interface Outstanding {
  /** How many results they have not opened yet. */
  toFetch: number;
  /** Until when the first of these can be fetched; null: there are none. */
  until: Temporal.Instant | null;
  /** How many results they have opened, and can open again. */
  fetched: number;
  /** How many results can't be opened yet, since a check is still to pass. */
  coming: number;
  /** How many of their own files can't be used, as long as nothing newer is in the place of each. */
  toSendAgain: number;
  /** How many copies of consents there are. */
  copies: number;
}

/** A document that still exists, for a citizen with the link to an appointment whose data was removed. */
export interface KeptDocument {
  id: string;
  kind: DocumentKind;
  /** Whether it has a verification code. */
  hasCode: boolean;
  /** Whether a law keeps it longer. */
  isHeld: boolean;
  /** When it is destroyed, if nothing holds it. */
  until: Temporal.Instant;
}

/** A document that is going to be handed over. */
export interface NewDocument {
  /** The id of the document; by default a new one. With a known id, the caller can continue after a crash. */
  id?: string;
  kind: DocumentKind;
  /** The verification code of a result (see `newCode`), with which anybody can see it. Such a result is kept as evidence. */
  code?: string;
  requested: string | null;
  name: string;
  /** The media type that the browser sent. */
  type: string;
  /** Bytes. */
  size: number;
}

/** A document that can be read now. */
export interface OpenDocument extends Source {
  id: string;
  madeAt: Temporal.Instant;
  name: string;
  type: string;
  /** Its verification code; null: it has none. */
  code: string | null;
}

/** The answer about a document to anybody who has its verification code. It names no person. */
export interface Verified {
  id: string;
  /** The office that issued it. */
  office: number;
  madeAt: Temporal.Instant;
  what:
    | { standing: 'here'; type: string; size: number; sha256: string; seal: SealShown | null }
    /** `withdrawn`: it was taken back; `expired`: its retention has ended. */
    | { standing: 'withdrawn' | 'expired'; since: Temporal.Instant };
}

/** The exact version of a document that something refers to. */
export interface Digest {
  id: string;
  name: string;
  type: string;
  /** Bytes. */
  size: number;
  /** The hash of the clear bytes, in hexadecimal. */
  sha256: string;
}

/** An opening of a document. */
export interface Opening {
  document: string;
  /** Null: the document was destroyed since. */
  name: string | null;
  at: Temporal.Instant;
  /** See `actorOf`. */
  by: string;
  /** The name of the member of staff. */
  who: string | null;
}

/** Consecutive segments that one blob stores. */
export interface Piece {
  first: number;
  segments: number;
  blob: string;
}

/** The limits of an office: bytes of one document, number of documents, bytes of all documents. */
export interface UploadLimits {
  file: number;
  files: number;
  total: number;
}
