import { randomInt } from 'node:crypto';
import { nifIn } from '../../../domain/identity.ts';
import type { ProviderSettings } from '../../../domain/office/identity.ts';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import type { PersonViewer } from '../../../lib/viewer.ts';
import { keepIdentification, recognise } from './persons.ts';
import type { Identified, IdentityProvider, Purpose } from './types.ts';

/** Returns what a provider says of somebody, for tests. */
export function identifiedAs(identifier: string, more: Partial<Identified> = {}): Identified {
  const person = nifIn(identifier);
  if (!person) throw new Error(`${identifier} is no DNI or NIE`);
  return {
    person,
    name: { full: 'Rosa Soler', given: 'Rosa', family: 'Soler' },
    represents: null,
    level: 'substantial',
    method: 'test',
    evidence: [{ type: 'text/plain', bytes: Buffer.from(`evidence of ${identifier}`) }],
    session: null,
    transaction: null,
    ...more,
  };
}

/** Returns an adapter that says of everybody what `said` returns at that moment. */
export const providerSaying = (said: () => Identified): IdentityProvider => ({
  start: async ({ checks }) => ({
    ok: true,
    value: {
      kind: 'redirect',
      url: `https://provider.example/?state=${checks.state}`,
      kept: 'kept',
    },
  }),
  finish: async (_, { kept, level }) => {
    if (kept !== 'kept') return { ok: false, reason: 'refused', code: 'not_kept' };
    return { ok: true, value: { ...said(), ...(level === 'low' && {}) } };
  },
  leave: async (session, back) => ({
    kind: 'redirect',
    url: `https://provider.example/out?${session}&${back}`,
  }),
});

/** Returns the settings of a demo provider with this code. */
export const settingsOf = (code: string): ProviderSettings => ({
  kind: 'demo',
  code,
  name: { ca: code },
});

/** Adds a person who was identified, as a provider would have. */
export const identifiedPerson = (
  db: Db,
  people: PurposeKey,
  identifier: string,
  now: Temporal.Instant,
  more: Partial<Identified> = {},
): Promise<{ person: string; identification: string }> =>
  within(db, INSTALLATION, async (tx) => {
    const said = identifiedAs(identifier, more);
    const known = await recognise(tx, people, said, now);
    const by = {
      provider: 'valid',
      kind: 'demo',
      level: 'substantial',
      purpose: 'session',
    } as const;
    const { id } = await keepIdentification(tx, known, by, said, now);
    return { person: known.person, identification: id };
  });

/** Identifies somebody new, with an identifier that only they have, as a provider would. */
export function identifySomebody(
  db: Db,
  key: PurposeKey,
  now: Temporal.Instant,
  purpose: Purpose['for'] = 'session',
): Promise<PersonViewer> {
  const number = randomInt(100_000_000);
  const letter = 'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23];
  const said = identifiedAs(`${String(number).padStart(8, '0')}${letter}`);
  return within(db, INSTALLATION, async (tx) => {
    const known = await recognise(tx, key, said, now);
    const by = {
      provider: 'demo',
      kind: 'demo',
      level: 'substantial',
      purpose,
    } as const;
    const { id } = await keepIdentification(tx, known, by, said, now);
    return { kind: 'person', person: known.person, identification: id, level: 'substantial' };
  });
}
