import type { Verdict } from './checks/types.ts';

/** `inbox`: from the citizen to the office; `outbox`: to the citizen; `evidence`: what the office keeps as proof. */
export const KINDS = ['inbox', 'outbox', 'evidence'] as const;
export type DocumentKind = (typeof KINDS)[number];

/** What of an appointment ends together: each has a key and a clock of its own. */
export type Shelf = 'working' | 'evidence';

/** Whose keys: an appointment's, of one shelf. */
export interface ShelfPlace {
  office: number;
  appointment: string;
  shelf: Shelf;
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
/** Clear bytes that can be read again from anywhere. */
export interface Source {
  size: number;
  /** From a byte on, up to another (excluded); all of them when nothing is said. */
  read(from?: number, to?: number): AsyncIterable<Buffer>;
}

/** Looks into a document before anybody can open it. */
export type Check = (source: Source, declared: { name: string; type: string }) => Promise<Verdict>;

export type { Verdict };

/** `receiving`: some of it has still to come. Only what is `clean` opens. */
export type DocumentState = 'receiving' | 'checking' | Verdict['verdict'];

/** What the office says to a document: taken, or please send it again. */
export type Review = 'accepted' | 'again';

/** A document as its row has it. */
export interface DocumentRow {
  id: string;
  office: number;
  appointment: string;
  kind: DocumentKind;
  shelf: Shelf;
  /** Which of the procedure's documents it is, by code; null: another. */
  requested: string | null;
  state: DocumentState;
  stateAt: Temporal.Instant;
  /** See `Verdict`. */
  why: string | null;
  declared: string;
  type: string | null;
  /** Clear bytes, and how many of them are here. */
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
  /** Who may took it back. */
  withdrawnAt: Temporal.Instant | null;
  sealedName: Buffer | null;
  sealedReason: Buffer | null;
  sealedCode: Buffer | null;
  sealedHeldReason: Buffer | null;
}

/** A document as it is shown. */
export interface DocumentEntry
  extends Omit<
    DocumentRow,
    'sealedName' | 'sealedReason' | 'sealedCode' | 'sealedHeldReason' | 'checks' | 'declared'
  > {
  /** Null: it was destroyed, or isn't told to who has the link alone. */
  name: string | null;
  /** Why it should be sent again; null: nothing was said, or isn't told. */
  reason: string | null;
  /** Its verification code; null: it has none, it was destroyed, or isn't told. */
  code: string | null;
  /** Why a law keeps it; null: nothing was said, or isn't told. */
  heldReason: string | null;
  /** When it is destroyed, if nothing holds it. */
  until: Temporal.Instant;
}

/** A document that is still there, as it is told to who has the link to an appointment that was forgotten. */
export interface KeptDocument {
  id: string;
  kind: DocumentKind;
  /** Whether it carries a verification code. */
  hasCode: boolean;
  /** A law keeps it for longer. */
  isHeld: boolean;
  /** When it is destroyed, if nothing holds it. */
  until: Temporal.Instant;
}

/** What is going to be handed over. */
export interface NewDocument {
  /** Left out: a new one. Who says it beforehand can go on after a crash. */
  id?: string;
  kind: DocumentKind;
  /** Of a result: the verification code (see `newCode`) by which anybody may see it; it is kept as evidence then. */
  code?: string;
  requested: string | null;
  name: string;
  /** Media type, as the browser says. */
  type: string;
  /** In bytes. */
  size: number;
}

/** A document that may be read now. */
export interface OpenDocument extends Source {
  id: string;
  madeAt: Temporal.Instant;
  name: string;
  type: string;
  /** Its verification code; null: it has none. */
  code: string | null;
}

/** What a verification code says of its document to anybody who has it. It names nobody. */
export interface Verified {
  /** Who issued it. */
  office: number;
  madeAt: Temporal.Instant;
  what:
    | { standing: 'here'; type: string; size: number; sha256: string }
    /** It was taken back, or is kept no longer, since then. */
    | { standing: 'withdrawn' | 'expired'; since: Temporal.Instant };
}

/** A document that something is about: which it is, to the byte. */
export interface Digest {
  id: string;
  name: string;
  type: string;
  /** In bytes. */
  size: number;
  /** Of the clear bytes, in hexadecimal. */
  sha256: string;
}

/** Somebody opened a document. */
export interface Opening {
  document: string;
  /** Null: it was destroyed since. */
  name: string | null;
  at: Temporal.Instant;
  /** See `actorOf`. */
  by: string;
  /** Who of the staff it was. */
  who: string | null;
}

/** Consecutive segments that lie in one blob. */
export interface Piece {
  first: number;
  segments: number;
  blob: string;
}

/** What an office allows: bytes of one document, how many, bytes of all. */
export interface UploadLimits {
  file: number;
  files: number;
  total: number;
}
