/** What somebody typed as a verification code; `length`: how many signs it had. */
export type CodeReading =
  | { ok: true; code: string }
  | { ok: false; reason: 'missing' | 'mistyped' }
  | { ok: false; reason: 'length'; signs: number };

/** What is said of a document for other public offices (NTI de Documento Electrónico, annex I). */
export interface EniFacts {
  document: string;
  /** The issuing office in the Directorio Común (DIR3). */
  dir3: string;
  /** What lays down how its codes are made. */
  regulation: string;
  /** See `newCode`. */
  code: string;
  madeAt: Temporal.Instant;
  /** Of the office: the year in the identifier is its year. */
  timeZone: string;
  /** Media type. */
  type: string;
}
