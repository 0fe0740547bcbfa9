import type { X509Certificate } from 'node:crypto';
import { readSignature } from '../../../lib/seal/cms.ts';
import { signatureIn } from '../../../lib/seal/pdf.ts';
import { readRevision } from './revision.ts';

/** Why a signed PDF doesn't count. `code`: small letters and underscores. */
export class PadesRefused extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** A signed PDF that is right. Whose certificate it is, and whether it counts, is still to be asked. */
export interface VerifiedPades {
  certificate: X509Certificate;
  /** Those that came with the signature, in any order. */
  others: readonly X509Certificate[];
}

/** The most bytes that a program appends. AutoFirma keeps 54,000 for the signature, and writes some thousands besides. */
const MOST_APPENDED = 400_000;
/** The most bytes of a signature (CMS) with its certificates. AutoFirma has room for 27,000. */
const MOST_SIGNATURE = 60_000;

/**
 * Verifies a PDF that somebody signed (PAdES, ETSI EN 319 142-1): it begins with the document that was asked to be signed, byte by byte; what
 * follows adds one signature and shows nothing; the signature is right, over the whole file, by the key of the certificate that it names. It takes
 * time in proportion to the file, whatever is in it.
 * @throws PadesRefused
 */
export function verifiedPades(file: Buffer, original: Buffer): VerifiedPades {
  if (!file.subarray(0, original.length).equals(original)) throw new PadesRefused('document');
  if (file.length - original.length > MOST_APPENDED) throw new PadesRefused('too_large');
  const found = signatureIn(file);
  if (!found || found.from < original.length) throw new PadesRefused('signature_place');
  if (found.der.length > MOST_SIGNATURE) throw new PadesRefused('too_large');
  if (!readRevision(file.toString('latin1'), original.length, found).isHarmless)
    throw new PadesRefused('revision');
  const read = readSignature(found.der, found.digest);
  if (!read) throw new PadesRefused('signature');
  return { certificate: read.certificate, others: read.certificates };
}
