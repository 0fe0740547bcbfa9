import { createHash } from 'node:crypto';
import type { PersonId } from '../../../domain/identity.ts';
import type { ProviderSettings } from '../../../domain/office/identity.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import { type Attempts, createAttempts } from './attempts.ts';
import {
  changeWishes,
  keepIdentification,
  nameSomebody,
  openPerson,
  openRepresented,
  openSaid,
  type Person,
  recognise,
  rewrapPeople,
  sealSaid,
} from './persons.ts';
import { addressesOf, asksAgain, ERASED_WISHES, EVIDENCE_DAYS, offeredOf } from './rules.ts';
import { lookupOf, unpackEvidence } from './sealing.ts';
import { type Browser, createSessions, type Sessions } from './sessions.ts';
import { deleteOldIdentifications, deleteOver, deletePerson, endEmptyLinks } from './store.ts';
import type {
  Departure,
  EvidenceOf,
  Finished,
  IdentificationOf,
  IdentityProvider,
  OfferedProvider,
  PublishedDocument,
  Represented,
  Started,
  Wanted,
  Wishes,
} from './types.ts';
import { readIdentification, readPerson, type SealedPerson, seekPerson } from './views.ts';

export { MOST_POSTED } from './attempts.ts';
export { browserSecretIn, keepBrowserSecret } from './browser.ts';
export type { Person } from './persons.ts';
export type { Browser } from './sessions.ts';
export { hadSession } from './sessions.ts';
export { holdIdentification, linkAppointment, renewLink, unlinkAppointment } from './store.ts';

/** What follows a session that ended. `provider`: its code; null: there was no session. */
export interface Leaving {
  departure: Departure | null;
  provider: string | null;
  cookies: string[];
}

/** Who people are, as providers confirm it, and in which browsers they are identified. */
export interface Identification
  extends Pick<Attempts, 'deposit' | 'request'>,
    Pick<Sessions, 'read' | 'act'> {
  /** Returns the providers of the town, in their order. */
  offered(): Promise<OfferedProvider[]>;
  /** Begins to identify somebody. */
  start(wanted: Wanted, browser: Browser): Promise<Started>;
  /**
   * Reads the answer of a provider. When it is right, the person is known, the identification is kept with its evidence, and the browser has
   * a session.
   */
  finish(provider: string, url: URL, browser: Browser): Promise<Finished & { code?: string }>;
  /** Ends the session of a browser. Returns where it goes to end the one at the provider; null: nowhere. */
  leave(browser: Browser): Promise<Leaving>;
  /** Returns the document with which a provider is configured; null: it has none. */
  metadata(provider: string): Promise<PublishedDocument | null>;
  /** Returns a person; null: there is none any more. */
  person(id: string): Promise<Person | null>;
  /** Returns the person with an identifier; null: nobody with it was ever identified. */
  find(id: PersonId): Promise<Person | null>;
  /** Returns the person with an identifier that somebody else named, whether or not they were ever identified. */
  named(id: PersonId): Promise<string>;
  /** Seals what a person says of somebody else in a row `of`; null: there is no such person. */
  sealSaid(of: { person: string; of: string }, said: unknown): Promise<Buffer | null>;
  /** Opens it; null: there is no such person any more. */
  openSaid<T>(of: { person: string; of: string }, sealed: Buffer): Promise<T | null>;
  /** Returns an identification with its evidence, for whoever may see it; null: there is none any more. */
  evidence(id: string): Promise<EvidenceOf | null>;
  /** Returns an identification with its person, for whoever may see them; null: there is none any more. */
  of(id: string): Promise<IdentificationOf | null>;
  /** Changes what a person wants of the town hall. */
  wish(person: string, change: Partial<Wishes>): Promise<boolean>;
  /**
   * Deletes a person, with identifications and sessions. What a consent relies upon is kept as long as the act. Returns whether nothing is left.
   */
  erase(person: string): Promise<boolean>;
  /** Deletes attempts and sessions that are over, and old evidence on which nothing relies. */
  sweep(): Promise<void>;
  /** Returns for which organisations a person acted, by the id of the identification. */
  represented(person: string): Promise<ReadonlyMap<string, Represented>>;
  /** Ends what says whose an appointment was, where its office keeps nothing of the person any more. Returns how many ended. */
  endEmptyLinks(): Promise<number>;
  /** Wraps the keys of people by the newest version. Returns how many had an earlier one. */
  rewrap(): Promise<number>;
}

export interface IdentificationDeps {
  db: Db;
  clock: Clock;
  baseUrl: string;
  /** The purpose key `forms`. */
  forms: PurposeKey;
  /** The purpose key `people`. */
  people: PurposeKey;
  /** Returns what the town file declares, in its order. */
  declared(): Promise<readonly ProviderSettings[]>;
  /** Returns the adapter of a provider; null: it can't be used here. */
  adapt(settings: ProviderSettings): IdentityProvider | null;
}

export function createIdentification(deps: IdentificationDeps): Identification {
  const { db, clock, baseUrl, people: key } = deps;
  const { settingsOf, providerOf } = lookingUp(deps);
  const attempts = createAttempts({ db, key: deps.forms, clock, baseUrl, providerOf });
  const sessions = createSessions({ db, key, clock, baseUrl });
  return {
    deposit: async (provider, id, posted) => {
      const kind = (await settingsOf(provider))?.kind;
      // The others come back by their address alone.
      return kind === 'saml' || kind === 'wallet' ? attempts.deposit(provider, id, posted) : null;
    },
    request: attempts.request,
    ...{ read: sessions.read, act: sessions.act, ...peopleOf(deps), ...othersOf(deps) },
    offered: async () =>
      (await deps.declared()).filter((each) => deps.adapt(each) !== null).map(offeredOf),
    start: async (wanted, browser) => {
      // VÀLid asks nobody whom it remembers, and is told so by no parameter.
      const kept = asksAgain(wanted.purpose) ? await sessions.kept(browser) : null;
      const settings = kept && (await settingsOf(kept.provider));
      if (kept && settings?.kind === 'valid')
        await deps.adapt(settings)?.leave(kept.kept, addressesOf(baseUrl, kept.provider).leftUrl);
      return attempts.start(wanted, browser.cookie);
    },

    finish: async (provider, url, browser) => {
      const ended = await attempts.finish(provider, url, browser.cookie);
      if (!ended.ok) return ended;
      const { wanted, identified } = ended;
      const settings = await settingsOf(provider);
      if (!settings || identified.level === 'none')
        return { ok: false, failed: { reason: 'refused', wanted }, code: 'no_level' };
      const { kind } = settings;
      const { purpose, transaction } = wanted;
      const by = { provider, kind, level: identified.level, purpose: purpose.for, transaction };
      return within(db, INSTALLATION, async (tx) => {
        const now = clock.now();
        const known = await recognise(tx, key, identified, now);
        const identification = await keepIdentification(tx, known, by, identified, now);
        const of = { ...known, identification: identification.id, kept: identified.session };
        const cookies = await sessions.begin(tx, of, browser, now);
        return { ok: true, wanted, identification, cookies };
      });
    },

    leave: async (browser) => {
      const { at, cookies } = await sessions.end(browser);
      const provider = at?.kept ? await providerOf(at.provider) : null;
      const departure = at?.kept
        ? await provider?.leave(at.kept, addressesOf(baseUrl, at.provider).leftUrl)
        : null;
      return { departure: departure ?? null, provider: at?.provider ?? null, cookies };
    },

    metadata: async (code) => {
      const provider = await providerOf(code);
      return (await provider?.metadata?.(addressesOf(baseUrl, code))) ?? null;
    },
  };
}

/** Looks up what the town file declares, and its adapters. */
function lookingUp({ declared, adapt }: IdentificationDeps) {
  const settingsOf = async (code: string) =>
    (await declared()).find((each) => each.code === code) ?? null;
  const providerOf = async (code: string) => {
    const settings = await settingsOf(code);
    return settings && adapt(settings);
  };
  return { settingsOf, providerOf };
}

function opened(key: PurposeKey, row: SealedPerson | null): Person | null {
  if (!row) return null;
  const { own: _, ...person } = openPerson(key, row);
  return person;
}

type OfPeople = Pick<
  Identification,
  | 'sweep'
  | 'person'
  | 'find'
  | 'of'
  | 'evidence'
  | 'wish'
  | 'erase'
  | 'represented'
  | 'endEmptyLinks'
  | 'rewrap'
>;

/** What people say of others, whom nobody may have identified. */
const othersOf = ({
  db,
  clock,
  people: key,
}: IdentificationDeps): Pick<Identification, 'named' | 'sealSaid' | 'openSaid'> => ({
  named: (id) => within(db, INSTALLATION, (tx) => nameSomebody(tx, key, id, clock.now())),
  sealSaid: (of, said) => within(db, INSTALLATION, (tx) => sealSaid(tx, key, of, said)),
  openSaid: (of, sealed) => within(db, INSTALLATION, (tx) => openSaid(tx, key, of, sealed)),
});

const peopleOf = ({ db, clock, people: key }: IdentificationDeps): OfPeople => ({
  sweep: () =>
    within(db, INSTALLATION, async (tx) => {
      const now = clock.now();
      await deleteOver(tx, now);
      await deleteOldIdentifications(tx, now.subtract({ hours: EVIDENCE_DAYS * 24 }));
    }),

  person: async (id) => opened(key, await within(db, INSTALLATION, (tx) => readPerson(tx, id))),

  find: async (id) => {
    const lookups = key.live().map((each) => lookupOf(each, id));
    return opened(key, await within(db, INSTALLATION, (tx) => seekPerson(tx, lookups)));
  },

  of: (id) =>
    within(db, INSTALLATION, async (tx) => {
      const found = await readIdentification(tx, id);
      const row = found && (await readPerson(tx, found.person));
      if (!found || !row) return null;
      const { evidence: _, represents, transaction: hash, isSigned, ...rest } = found;
      const { own, id: of, name } = openPerson(key, row);
      return {
        ...{ ...rest, of, name },
        transaction: hash === null ? null : { hash, isSigned },
        represents: represents && own.unseal<Represented>('represents', id, represents),
      };
    }),

  evidence: (id) =>
    within(db, INSTALLATION, async (tx) => {
      const found = await readIdentification(tx, id);
      const row = found && (await readPerson(tx, found.person));
      if (!found || !row) return null;
      const { own } = openPerson(key, row);
      const packed = own.unsealBytes('evidence', id, found.evidence);
      const { person, provider, kind, method, level, at } = found;
      return {
        ...{ id, person, provider, kind, method, level, at },
        evidence: unpackEvidence(packed),
        hash: createHash('sha256').update(packed).digest('hex'),
      };
    }),

  wish: (person, change) => within(db, INSTALLATION, (tx) => changeWishes(tx, key, person, change)),
  erase: (person) =>
    within(db, INSTALLATION, async (tx) => {
      const row = await readPerson(tx, person);
      if (!row) return true;
      // What can't be opened any more can still be deleted.
      return deletePerson(tx, person, () =>
        openPerson(key, row).own.seal('wishes', person, ERASED_WISHES),
      );
    }),
  represented: (person) => within(db, { person }, (tx) => openRepresented(tx, key, person)),
  endEmptyLinks: () => within(db, INSTALLATION, endEmptyLinks),
  rewrap: () => rewrapPeople(db, key),
});
