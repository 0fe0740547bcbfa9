import { createHmac, randomBytes } from 'node:crypto';
import type { PersonId } from '../../../domain/identity.ts';
import type { Resident } from '../../../domain/residence/resident.ts';
import { seal, unseal } from '../../../lib/envelope/seal.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';

/** A list's own key, wrapped by a version of the purpose key `people`. */
export interface WrappedKey {
  wrapped: Buffer;
  keyVersion: number;
}

/** Seals, opens and finds the residents of one list. */
export interface ListKey {
  /** What finds a person by identifier: without the key nobody can try identifiers. */
  lookupOf(id: PersonId): Buffer;
  /** What finds the people of a dwelling. */
  dwellingOf(code: string): Buffer;
  seal(number: number, resident: Resident): Buffer;
  /** @throws Broken when it is of another list, or of another place in it */
  open(number: number, sealed: Buffer): Resident;
}

/** Returns a new list's key, wrapped. */
export function newListKey(key: PurposeKey, list: string): { own: ListKey } & WrappedKey {
  const clear = randomBytes(32);
  return { own: listKey(clear, list), ...wrap(key, list, clear) };
}

/** Opens a list's key. @throws Broken */
export const openListKey = (key: PurposeKey, list: string, wrapped: WrappedKey): ListKey =>
  listKey(clearOf(key, list, wrapped), list);

/** Wraps a list's key by the newest version. @throws Broken */
export const rewrapped = (key: PurposeKey, list: string, wrapped: WrappedKey): WrappedKey =>
  wrap(key, list, clearOf(key, list, wrapped));

const PURPOSE = 'resident list';
const dataOf = (list: string, what: string): Buffer => Buffer.from(`residents|${list}|${what}`);

function wrap(key: PurposeKey, list: string, clear: Buffer): WrappedKey {
  const by = key.at(key.version);
  return {
    wrapped: seal(by.deriveKey(PURPOSE), dataOf(list, 'key'), clear),
    keyVersion: by.version,
  };
}

const clearOf = (key: PurposeKey, list: string, { wrapped, keyVersion }: WrappedKey): Buffer =>
  unseal(key.at(keyVersion).deriveKey(PURPOSE), dataOf(list, 'key'), wrapped);

function listKey(own: Buffer, list: string): ListKey {
  const derive = (...parts: string[]) =>
    createHmac('sha256', own).update(JSON.stringify(parts)).digest();
  return {
    lookupOf: ({ scheme, country, identifier }) => derive('person', scheme, country, identifier),
    dwellingOf: (code) => derive('dwelling', code),
    seal: (number, resident) =>
      seal(own, dataOf(list, String(number)), Buffer.from(JSON.stringify(resident))),
    open: (number, sealed) =>
      residentIn(unseal(own, dataOf(list, String(number)), sealed).toString('utf8')),
  };
}

const DAYS: ReadonlySet<string> = new Set(['born', 'since']);

const residentIn = (text: string): Resident =>
  JSON.parse(text, (name, value) =>
    DAYS.has(name) && typeof value === 'string' ? Temporal.PlainDate.from(value) : value,
  );
