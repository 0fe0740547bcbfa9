import { z } from 'zod';
import { companyIn, documentIn, eidasIn, nifIn, type PersonId } from '../../../domain/identity.ts';
import type { Evidence, Identified } from '../../../features/foundation/identification/types.ts';
import { lineFrom, NotIdentified, nameFrom } from '../adapter.ts';

/** A short text, which some answers write as a number; absent, null and empty are the same. */
const text = z
  .union([z.string().max(500), z.number()])
  .nullish()
  .transform((value) => String(value ?? '').trim());

/** The answer of `getUserInfo` (documentation of VÀLid 2.0, 3.1), as far as it is used. */
export const userInfo = z.object({
  identifier: text,
  /** What the table of the documentation has. */
  identifierType: text,
  /** What its example has. */
  documentType: text,
  name: text,
  surnames: text,
  surname1: text,
  surname2: text,
  countryCode: text,
  certificateType: text,
  companyId: text,
  companyName: text,
  method: text,
  assuranceLevel: text,
});
export type UserInfo = z.output<typeof userInfo>;

/** The answer of `getAuthenticationEvidence` (3.2). */
export const evidenceList = z.object({ evidences: z.array(z.string()).nullish() });

/**
 * What a certificate is for, by `certificateType`. 1, 2, 3, 4, 6, 8, 9 and 10 are of organisations and machines, and 7 is of an official under
 * a pseudonym: none of them says which person it is.
 */
const CERTIFICATES: Readonly<Record<string, 'person' | 'representative'>> = {
  0: 'person',
  5: 'person',
  11: 'representative',
  12: 'representative',
};

/** Returns who it is. @throws NotIdentified when VÀLid gave no identifier of a person that can be one */
export function personIn(info: UserInfo): PersonId {
  const { certificateType } = info;
  if (certificateType && !Object.hasOwn(CERTIFICATES, certificateType))
    throw new NotIdentified('organisation', 'certificate_of_nobody');
  const person = eidasIn(info.identifier) ?? documentOf(info);
  if (!person) throw new NotIdentified('identifier', 'identifier_wrong');
  return person;
}

/** The document by its type: 1 NIF, 2 NIE, 3 passport, 4 another. Certificates and Cl@ve give no type; what is of eIDAS was read before. */
function documentOf(info: UserInfo): PersonId | null {
  const { identifier } = info;
  const country = info.countryCode.toUpperCase();
  switch (info.identifierType || info.documentType) {
    case '1':
    case '2':
      return nifIn(identifier);
    case '3':
      return documentIn('passport', country, identifier);
    case '4':
      return documentIn('other', country, identifier);
    case '':
      // A number of another country may look like a NIF, and a wrong NIF must not become another person with a "passport".
      return ['', 'ES'].includes(country)
        ? nifIn(identifier)
        : documentIn('passport', country, identifier);
    default:
      return null;
  }
}

/** Returns the organisation of a certificate of representation; null: it is none. @throws NotIdentified when it doesn't say which */
export function representedIn(info: UserInfo): Identified['represents'] {
  if (CERTIFICATES[info.certificateType] !== 'representative') return null;
  const identifier = companyIn(info.companyId);
  if (!identifier) throw new NotIdentified('organisation', 'organisation_wrong');
  return { identifier, name: lineFrom(info.companyName) ?? identifier };
}

/** Returns the name; idCAT Mòbil may give none. */
export function nameIn(info: UserInfo): Identified['name'] {
  const { name: given, surnames, surname1, surname2 } = info;
  return nameFrom({ given, family: surnames || `${surname1} ${surname2}` });
}

/** Returns the method, such as `idcatmobil`, `certificat` or `clave`. */
export const methodIn = ({ method }: UserInfo): string =>
  /^[\w-]{1,40}$/.test(method) ? method.toLowerCase() : 'valid';

/** The evidence of one identification: some requests and answers in XML. */
const MOST_PARTS = 20;

/** Returns the parts of the evidence that aren't empty, each with its type. @throws NotIdentified when they can't be evidence */
export function evidenceIn(parts: readonly string[]): Evidence[] {
  if (parts.length > MOST_PARTS) throw new NotIdentified('refused', 'evidence_too_many');
  return parts.flatMap((part) => {
    const plain = part.replaceAll(/\s/g, '');
    if (!plain) return [];
    if (!/^[A-Za-z\d+/_-]+={0,2}$/.test(plain))
      throw new NotIdentified('refused', 'evidence_wrong');
    const bytes = Buffer.from(plain, 'base64');
    return [{ type: typeOf(bytes), bytes }];
  });
}

/** Returns the type of a part, by looking at it: the documentation names none, and its examples are XML and JSON. */
function typeOf(bytes: Buffer): string {
  const words = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  if (/^<[?!A-Za-z].*>$/s.test(words)) return 'application/xml';
  return /^[[{]/.test(words) && isJson(words) ? 'application/json' : 'application/octet-stream';
}

function isJson(words: string): boolean {
  try {
    JSON.parse(words);
    return true;
  } catch {
    return false;
  }
}
