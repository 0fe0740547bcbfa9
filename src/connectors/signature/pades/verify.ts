import type { X509Certificate } from 'node:crypto';
import { readSignature } from '../../../lib/seal/cms.ts';
import { signatureIn } from '../../../lib/seal/pdf.ts';
import { addsOnlySignature } from './revision.ts';

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

/**
 * Verifies a PDF that somebody signed (PAdES, ETSI EN 319 142-1): it begins with the document that was asked to be signed, byte by byte; what
 * follows adds one signature and shows nothing; the signature is right, over the whole file, by the key of the certificate that it names.
 * @throws PadesRefused
 */
export function verifiedPades(file: Buffer, original: Buffer): VerifiedPades {
  if (!file.subarray(0, original.length).equals(original)) throw new PadesRefused('document');
  const found = signatureIn(file);
  if (!found || found.from < original.length) throw new PadesRefused('signature_place');
  const before = original.toString('latin1');
  // The signature itself is no part of what is read.
  const appended =
    file.toString('latin1', original.length, found.from) + file.toString('latin1', found.until);
  if (!/\/SubFilter\s*\/(ETSI\.CAdES\.detached|adbe\.pkcs7\.detached)/.test(appended))
    throw new PadesRefused('format');
  if (!addsOnlySignature(before, appended)) throw new PadesRefused('revision');
  const read = readSignature(found.der, found.digest);
  if (!read) throw new PadesRefused('signature');
  return { certificate: read.certificate, others: read.certificates };
}
