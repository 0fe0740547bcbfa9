import { randomUUID } from 'node:crypto';
import type { GivenLevel, PersonId } from '../../../domain/identity.ts';
import type { ProviderKind } from '../../../domain/office/identity.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import { type KnownName, NO_WISHES, nameAfter } from './rules.ts';
import {
  lookupOf,
  newPersonKey,
  openPersonKey,
  type PersonKey,
  packEvidence,
  rewrapped,
} from './sealing.ts';
import {
  insertIdentification,
  insertPerson,
  lockLookup,
  rewrapPerson,
  updatePerson,
} from './store.ts';
import type {
  Evidence,
  Identification,
  Identified,
  PersonName,
  Purpose,
  Represented,
  Transaction,
  Wishes,
} from './types.ts';
import { findPerson, readOlder, readPerson, readRepresented, type SealedPerson } from './views.ts';

/** What is sealed of who somebody is. */
interface SealedIdentity extends KnownName {
  id: PersonId;
}

/** A person, opened. */
export interface Person {
  person: string;
  id: PersonId;
  name: PersonName;
  wishes: Wishes;
}

/** Opens a person. @throws Broken */
export function openPerson(key: PurposeKey, row: SealedPerson): Person & { own: PersonKey } {
  const own = openPersonKey(key, row.id, row);
  const { id, name } = own.unseal<SealedIdentity>('identity', row.id, row.identity);
  const wishes = { ...NO_WISHES, ...own.unseal<Partial<Wishes>>('wishes', row.id, row.wishes) };
  return { person: row.id, id, name, wishes, own };
}

/**
 * Returns the person with this identifier, who is added when nobody has it yet. Several providers are one person: only the identifier
 * counts, never a name. Two answers at once about one person wait for each other, whichever version of the key each process has.
 */
export async function recognise(
  tx: Tx,
  key: PurposeKey,
  said: Pick<Identified, 'person' | 'name' | 'level'>,
  now: Temporal.Instant,
): Promise<{ person: string; own: PersonKey }> {
  const { person: id, name, level } = said;
  const lookups = key.live().map((each) => lookupOf(each, id));
  await lockLookup(tx, lookups.at(-1) ?? '');
  const known = await findPerson(tx, lookups);
  if (known) {
    const own = openPersonKey(key, known.id, known);
    const before = own.unseal<SealedIdentity>('identity', known.id, known.identity);
    const after: SealedIdentity = { id, ...nameAfter(before, { name, level }) };
    await updatePerson(tx, known.id, { identity: own.seal('identity', known.id, after), now });
    return { person: known.id, own };
  }
  return addPerson(tx, key, { id, name, level }, now);
}

async function addPerson(
  tx: Tx,
  key: PurposeKey,
  identity: SealedIdentity,
  now: Temporal.Instant,
): Promise<{ person: string; own: PersonKey }> {
  const person = randomUUID();
  const { own, wrapped, keyVersion } = newPersonKey(key, person);
  await insertPerson(tx, {
    id: person,
    lookup: lookupOf(key.at(keyVersion), identity.id),
    wrapped,
    keyVersion,
    identity: own.seal('identity', person, identity),
    wishes: own.seal('wishes', person, NO_WISHES),
    now,
  });
  return { person, own };
}

/**
 * Returns the person with an identifier that somebody else named; they are added when nobody has it yet. Nobody has identified them, so they
 * get no name: what others call them is not theirs.
 */
export async function nameSomebody(
  tx: Tx,
  key: PurposeKey,
  id: PersonId,
  now: Temporal.Instant,
): Promise<string> {
  const lookups = key.live().map((each) => lookupOf(each, id));
  await lockLookup(tx, lookups.at(-1) ?? '');
  const known = await findPerson(tx, lookups);
  if (known) return known.id;
  const nobody = { full: '', given: null, family: null };
  return (await addPerson(tx, key, { id, name: nobody, level: 'none' }, now)).person;
}

/** Seals what a person said of somebody else, by the person's own key; null: there is no such person. */
export async function sealSaid(
  tx: Tx,
  key: PurposeKey,
  { person, of }: { person: string; of: string },
  said: unknown,
): Promise<Buffer | null> {
  const row = await readPerson(tx, person);
  return row && openPerson(key, row).own.seal('other', of, said);
}

/** Opens what `sealSaid` sealed; null: there is no such person any more. */
export async function openSaid<T>(
  tx: Tx,
  key: PurposeKey,
  { person, of }: { person: string; of: string },
  sealed: Buffer,
): Promise<T | null> {
  const row = await readPerson(tx, person);
  return row && openPerson(key, row).own.unseal<T>('other', of, sealed);
}

/** The provider that identified somebody. */
export interface By {
  provider: string;
  kind: ProviderKind;
  level: GivenLevel;
}

/** The provider, and what it was asked for. */
interface ByFor extends By {
  purpose: Purpose['for'];
  /** What the person was asked to confirm; absent or null: nothing. */
  transaction?: Transaction | null;
}

/** The media type of the part of the evidence that says what the person was asked to confirm. */
const TRANSACTION = 'application/vnd.finestreta.transaction+json';

/** Returns the evidence with what the person was asked to confirm beside what the provider gave. */
function evidenceFor(
  { evidence, transaction: signed }: Identified,
  transaction: Transaction | null,
): Evidence[] {
  if (!transaction) return evidence;
  const said = { ...transaction, isSigned: signed === transaction.hash };
  return [...evidence, { type: TRANSACTION, bytes: Buffer.from(JSON.stringify(said)) }];
}

/** Keeps an identification with its evidence. */
export async function keepIdentification(
  tx: Tx,
  { person, own }: { person: string; own: PersonKey },
  { purpose, transaction = null, ...by }: ByFor,
  identified: Identified,
  now: Temporal.Instant,
): Promise<Identification> {
  const id = randomUUID();
  const { method, represents, transaction: signed } = identified;
  const evidence = packEvidence(evidenceFor(identified, transaction));
  await insertIdentification(
    tx,
    {
      ...{ id, person_id: person, provider: by.provider, kind: by.kind, method, level: by.level },
      evidence: own.sealBytes('evidence', id, evidence),
      purpose,
      represents: represents && own.seal('represents', id, represents),
      transaction_hash: transaction?.hash ?? null,
      transaction_signed: signed !== null && signed === transaction?.hash,
    },
    now,
  );
  return { id, person, ...by, method, at: now };
}

/** Wraps the keys of people by the newest version, some at a time. Returns how many had an earlier one. */
export async function rewrapPeople(db: Db, key: PurposeKey): Promise<number> {
  const older = await within(db, INSTALLATION, (tx) => readOlder(tx, key.version, AT_ONCE));
  for (const row of older) {
    const anew = rewrapped(key, row.id, row);
    const { id } = openPerson(key, row);
    const lookup = lookupOf(key.at(anew.keyVersion), id);
    await within(db, INSTALLATION, (tx) => rewrapPerson(tx, row, { ...anew, lookup }));
  }
  return older.length;
}

const AT_ONCE = 200;

/** Returns for which organisations a person acted, by identification. Runs in the person's scope. */
export async function openRepresented(
  tx: Tx,
  key: PurposeKey,
  person: string,
): Promise<Map<string, Represented>> {
  const row = await readPerson(tx, person);
  if (!row) return new Map();
  const { own } = openPerson(key, row);
  const found = await readRepresented(tx, person);
  return new Map(
    found.flatMap(({ id, represents }) =>
      represents ? [[id, own.unseal<Represented>('represents', id, represents)] as const] : [],
    ),
  );
}

/** Changes what a person wants of the town hall. Returns false when there is no such person. */
export async function changeWishes(
  tx: Tx,
  key: PurposeKey,
  person: string,
  change: Partial<Wishes>,
): Promise<boolean> {
  const row = await readPerson(tx, person);
  if (!row) return false;
  const { own, wishes } = openPerson(key, row);
  await updatePerson(tx, person, { wishes: own.seal('wishes', person, { ...wishes, ...change }) });
  return true;
}
