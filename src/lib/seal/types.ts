import type { X509Certificate } from 'node:crypto';

/** A key with which the town seals, and its certificate. The key itself stays where it is: in this process, or in a token. */
export interface SealKey {
  kind: 'rsa' | 'ec';
  /** The own one first, then those above it, without the root where the town left it out. */
  certificates: readonly X509Certificate[];
  /** Signs with SHA-256: PKCS #1 v1.5, or ECDSA in DER. */
  sign(data: Buffer): Promise<Buffer>;
}

/** The town's electronic seal (eIDAS, art. 36; Ley 40/2015, art. 42). */
export interface Seal {
  /** Of the certificate. */
  certificate: X509Certificate;
  /** Bytes that a signature may take. */
  room: number;
  /** Seals the whole content of a file; see `signDigest`. */
  seal(digest: Buffer): Promise<Buffer>;
}

/** The seal on a document, as `/verify` shows it. */
export interface SealShown {
  /** To whom the certificate was issued. */
  holder: string;
  /** Who issued it. */
  issuer: string;
  /** In hexadecimal. */
  serial: string;
  /** SHA-256 of the certificate, in hexadecimal. */
  fingerprint: string;
  validFrom: Temporal.Instant;
  validUntil: Temporal.Instant;
  /** When the document was sealed, by the clock of the town. */
  at: Temporal.Instant | null;
  /** When an authority stamped it; null: none did. */
  stampedAt: Temporal.Instant | null;
  /** Whether it is the seal of a demonstration, which proves nothing. */
  isDemo: boolean;
}
