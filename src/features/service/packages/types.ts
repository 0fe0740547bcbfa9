import type { Content } from './content.ts';

/**
 * What kind of document it is, by the list of the interoperability rules (Resolución of 19 July 2011, annex I): a decision, a communication, a
 * notification, a receipt, a record of what was done, a report, an application, the reply to a request, a communication of a citizen, or another.
 */
export type DocumentKind =
  | 'TD01'
  | 'TD06'
  | 'TD07'
  | 'TD09'
  | 'TD12'
  | 'TD13'
  | 'TD14'
  | 'TD16'
  | 'TD18'
  | 'TD99';

/** A document of a case as it is handed over. */
export interface PackedDocument {
  /** What it is called in the package, without its place: `E2026000123.json`. */
  name: string;
  /** Its media type. */
  type: string;
  kind: DocumentKind;
  /** Whether a citizen made it; else the office did. */
  isCitizens: boolean;
  /** When it came into the case. */
  at: Temporal.Instant;
  /** Whether it is a PDF with the town's seal. */
  isSealed: boolean;
  content: Content;
}

/** What a package says of its case. */
export interface PackageFacts {
  /** The id of the case. */
  case: string;
  reference: string;
  /** The code of the office in the Directorio Común. */
  dir3: string;
  town: string;
  office: string;
  timeZone: string;
  /** By which documents of this kind are classified: the table of the archive, else the code of the procedure. */
  classification: string;
  openedAt: Temporal.Instant;
  closedAt: Temporal.Instant;
  /** The whole identifiers of those concerned. */
  interested: readonly string[];
  /** When the package is made. */
  at: Temporal.Instant;
}

/** A file of a package, with its place in it. */
export interface PackageFile {
  path: string;
  content: Content;
}

/** A package that was made. */
export interface MadePackage {
  /** The name of its folder: the identifier of the case as an electronic file (NTI). */
  name: string;
  files: readonly PackageFile[];
  /** SHA-256 of its manifest, in hexadecimal. */
  manifest: string;
  documents: number;
  /** Bytes of its files. */
  size: number;
}

/** A case that is kept for good, as the archive's page lists it. */
export interface DuePackage {
  id: string;
  reference: string;
  /** The id of its procedure. */
  procedure: number;
  closedAt: Temporal.Instant;
  /** When it was packed last; null: it was not. */
  packedAt: Temporal.Instant | null;
  /** Why it could not be packed when it was tried last; null: it could, or nobody has tried since the server began. */
  refused: PackageRefusal | null;
}

/** At most so many cases that are kept for good: those that nobody has packed first. */
export interface DuePackages {
  cases: readonly DuePackage[];
  more: number;
}

/**
 * Why a case can't be packed. `not_due`: it is open, or not kept for good. `no_code`: the office has no code in the Directorio Común. `no_seal`:
 * the town has no seal, with which the index must be signed. `unready`: a document can't be issued now. `too_large`: its files are more than fits into
 * one package. `alone`: they are too large to be packed with others. `broken`: something of it can't be read, or is not what was registered. `busy`: somebody else is packing.
 */
export type PackageRefusal =
  | 'not_found'
  | 'not_due'
  | 'no_code'
  | 'no_seal'
  | 'unready'
  | 'too_large'
  | 'alone'
  | 'broken'
  | 'busy';

/** A case that was to be packed with others and was left out. */
export interface LeftOut {
  reference: string;
  reason: PackageRefusal;
}

/**
 * A ZIP of packages, to be sent. Reading it records on the trail that they were handed out; only whoever reads it to its end marks its cases as packed.
 * `leftOut`: of those that were to be packed.
 */
export type PackageResult =
  | { ok: true; name: string; read(): AsyncIterable<Uint8Array> }
  | { ok: false; reason: PackageRefusal; leftOut: readonly LeftOut[] };
