import { randomBytes } from 'node:crypto';
import type { PersonId } from '../../../domain/identity.ts';
import { seal, unseal } from '../../../lib/envelope/seal.ts';
import type { KeyVersion, PurposeKey } from '../../../lib/secrets.ts';
import type { Evidence } from './types.ts';

/** A person's own key, wrapped by a version of the purpose key `people`. */
export interface WrappedKey {
  wrapped: Buffer;
  keyVersion: number;
}

/** The kinds of data that are sealed for a person; one kind is never read as another. */
type What = 'identity' | 'wishes' | 'evidence' | 'represents' | 'session' | 'other';

/** Seals and opens what belongs to one person. */
export interface PersonKey {
  seal(what: What, of: string, clear: unknown): Buffer;
  /** @throws Broken when it belongs to another person, another row, or is of another kind */
  unseal<T>(what: What, of: string, sealed: Buffer): T;
  sealBytes(what: What, of: string, clear: Buffer): Buffer;
  unsealBytes(what: What, of: string, sealed: Buffer): Buffer;
}

/** Returns a new person's key, wrapped. */
export function newPersonKey(key: PurposeKey, person: string): { own: PersonKey } & WrappedKey {
  const clear = randomBytes(32);
  return { own: personKey(clear, person), ...wrap(key, person, clear) };
}

/** Opens a person's key. @throws Broken */
export const openPersonKey = (key: PurposeKey, person: string, wrapped: WrappedKey): PersonKey =>
  personKey(clearOf(key, person, wrapped), person);

/** Wraps a person's key by the newest version. @throws Broken */
export const rewrapped = (key: PurposeKey, person: string, wrapped: WrappedKey): WrappedKey =>
  wrap(key, person, clearOf(key, person, wrapped));

function wrap(key: PurposeKey, person: string, clear: Buffer): WrappedKey {
  const by = key.at(key.version);
  return {
    wrapped: seal(by.deriveKey('person'), dataOf(person, 'key', ''), clear),
    keyVersion: by.version,
  };
}

const clearOf = (key: PurposeKey, person: string, { wrapped, keyVersion }: WrappedKey): Buffer =>
  unseal(key.at(keyVersion).deriveKey('person'), dataOf(person, 'key', ''), wrapped);

const dataOf = (person: string, what: string, of: string): Buffer =>
  Buffer.from(`person|${person}|${what}|${of}`);

function personKey(own: Buffer, person: string): PersonKey {
  const sealBytes = (what: What, of: string, clear: Buffer) =>
    seal(own, dataOf(person, what, of), clear);
  const unsealBytes = (what: What, of: string, sealed: Buffer) =>
    unseal(own, dataOf(person, what, of), sealed);
  return {
    sealBytes,
    unsealBytes,
    seal: (what, of, clear) => sealBytes(what, of, Buffer.from(JSON.stringify(clear))),
    unseal: (what, of, sealed) => JSON.parse(unsealBytes(what, of, sealed).toString('utf8')),
  };
}

/** Returns what finds a person by identifier, derived by one version of the purpose key: without the key nobody can try identifiers. */
export const lookupOf = (by: KeyVersion, { scheme, country, identifier }: PersonId): string =>
  by.derive(JSON.stringify(['person', scheme, country, identifier]));

/** Writes evidence to bytes, each part with its media type. */
export const packEvidence = (parts: readonly Evidence[]): Buffer =>
  Buffer.from(
    JSON.stringify(parts.map(({ type, bytes }) => ({ type, base64: bytes.toString('base64') }))),
  );

/** Reads what `packEvidence` wrote. */
export const unpackEvidence = (bytes: Buffer): Evidence[] =>
  (JSON.parse(bytes.toString('utf8')) as { type: string; base64: string }[]).map(
    ({ type, base64 }) => ({ type, bytes: Buffer.from(base64, 'base64') }),
  );
