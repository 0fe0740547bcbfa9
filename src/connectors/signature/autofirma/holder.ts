import type { X509Certificate } from 'node:crypto';
import { companyIn, nifIn, type PersonId } from '../../../domain/identity.ts';

/** Whose certificate it is. */
export interface Holder {
  /** Null: it names no person with a DNI or NIE. */
  person: PersonId | null;
  /** Empty: it has none. */
  name: string;
  /** Whether it is of somebody who acts for an organisation, or under another name. */
  isForAnother: boolean;
  /** The NIF of the organisation that they represent; null: none, or it can't be read. */
  organisation: string | null;
}

/** As ETSI EN 319 412-1 (5.1.4) has the tax number of a Spanish organisation. */
const TAX_NUMBER = /^VATES-/i;

type Parts = Readonly<Record<string, string | string[] | undefined>>;

const first = (value: string | string[] | undefined): string =>
  (Array.isArray(value) ? value[0] : value) ?? '';

/** As ETSI EN 319 412-1 (5.1.3) has the number of a Spanish identity card; the DNI electrónico has the number alone. */
const IDENTITY_CARD = /^IDCES-/i;

/**
 * Returns whose certificate it is, by its subject: `serialNumber` as `IDCES-12345678Z` or `12345678Z`. Those of representatives, of companies and of
 * people at work have `organizationIdentifier` too (ETSI EN 319 412-1, 5.1.4), those of the FNMT also `(R: …)` in their name.
 */
export function holderOf(certificate: X509Certificate): Holder {
  const { subject } = certificate.toLegacyObject() as unknown as { subject?: Parts };
  const parts = subject ?? {};
  const common = first(parts.CN);
  const both = [first(parts.GN), first(parts.SN)].filter(Boolean).join(' ');
  return {
    person: nifIn(first(parts.serialNumber).replace(IDENTITY_CARD, '')),
    name: both || common.replace(/ (- \w{9}|\(FIRMA\))$/, ''),
    isForAnother:
      parts.organizationIdentifier !== undefined ||
      parts.pseudonym !== undefined ||
      /\(R: ?\w+\)/.test(common),
    organisation:
      parts.pseudonym === undefined
        ? companyIn(first(parts.organizationIdentifier).replace(TAX_NUMBER, ''))
        : null,
  };
}
