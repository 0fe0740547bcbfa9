import { existsSync } from 'node:fs';
import { Mistake, oneOf, type Parse, type reader } from '../environment.ts';
import type { Pkcs11Settings } from './pkcs11.ts';

/** The place of keys in a hardware security module, or of one of them. */
export type Pkcs11Place = Omit<Pkcs11Settings, 'key'>;

/** Reads the place of the root key: null for a file or INSTALLATION_KEY, else a PKCS #11 token. */
export function readPkcs11(
  variable: ReturnType<typeof reader>,
  mistakes: string[],
): Pkcs11Settings | null {
  const provider = variable('KEY_PROVIDER', 'file', oneOf('file', 'pkcs11'));
  const key = variable('PKCS11_KEY', 'finestreta', label);
  if (provider === 'file') return null;
  const place = readToken(variable, mistakes, 'KEY_PROVIDER=pkcs11');
  return place && { ...place, key };
}

/** Reads the place of the token; null, with a mistake that names what needs it: not all of it is set. */
export function readToken(
  variable: ReturnType<typeof reader>,
  mistakes: string[],
  needed: string,
): Pkcs11Place | null {
  const module = variable('PKCS11_MODULE', null, existingFile);
  const token = variable('PKCS11_TOKEN', null, label);
  const pin = variable('PKCS11_PIN', null, (text) => text);
  if (module && token && pin) return { module, token, pin };
  const missing = Object.entries({ PKCS11_MODULE: module, PKCS11_TOKEN: token, PKCS11_PIN: pin })
    .filter(([, value]) => value === null)
    .map(([name]) => name);
  mistakes.push(`${needed} needs ${missing.join(' and ')} too.`);
  return null;
}

const existingFile: Parse<string> = (text) =>
  existsSync(text) ? text : new Mistake('must be the file of a PKCS #11 module');

/** Parses the label of a token, for which the standard has 32 bytes. */
const label: Parse<string> = (text) =>
  Buffer.byteLength(text) <= 32 && !text.includes('/')
    ? text
    : new Mistake('must be a label of at most 32 bytes, without a slash');

/** Reads the installation's keys, and the recipients of encrypted backups. */
export function readKeys(variable: ReturnType<typeof reader>) {
  return {
    installationKey: variable('INSTALLATION_KEY', null, installationKey),
    installationKeyNext: variable('INSTALLATION_KEY_NEXT', null, installationKey),
    backupRecipient: variable('BACKUP_RECIPIENT', null, ageRecipients),
  };
}

const installationKey: Parse<string> = (text) =>
  Buffer.from(text, 'base64').length === 32
    ? text
    : new Mistake('must be 32 random bytes in base64');

const ageRecipients: Parse<string> = (text) =>
  text.split(/[\s,]+/).every((each) => /^age1[a-z0-9]{20,}$/.test(each))
    ? text
    : new Mistake('must be recipients of age (age1…), separated by commas');
