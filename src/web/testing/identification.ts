import { DEMO_PROVIDER, identityAdapters } from '../../connectors/identity/providers.ts';
import type { Context } from '../../context.ts';
import { keepIdentification, recognise } from '../../features/foundation/identification/persons.ts';
import {
  createIdentification,
  type Identification,
} from '../../features/foundation/identification/service.ts';
import { identifiedAs } from '../../features/foundation/identification/testing.ts';
import type { Transaction } from '../../features/foundation/identification/types.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Db, INSTALLATION, within } from '../../lib/db/database.ts';
import type { PurposeKey } from '../../lib/secrets.ts';

/** Returns identification with the demonstration's provider, for tests of pages. */
export const testIdentification = (deps: {
  db: Db;
  clock: Clock;
  key: PurposeKey;
  baseUrl: string;
}): Identification => {
  const { db, clock, key, baseUrl } = deps;
  return createIdentification({
    db,
    clock,
    baseUrl,
    forms: key,
    people: key,
    declared: async () => [DEMO_PROVIDER],
    adapt: identityAdapters({ baseUrl, secrets: new Map(), clock, log: console }),
  });
};

/**
 * Identifies somebody, as a provider would; returns the identification. `transaction`: the act for which it is; null: it is for an
 * appointment.
 */
export const identified = (
  { database, keys, clock }: Pick<Context, 'database' | 'keys' | 'clock'>,
  identifier: string,
  transaction: Transaction | null = null,
): Promise<string> =>
  within(database.kysely, INSTALLATION, async (tx) => {
    const said = identifiedAs(identifier);
    const by = {
      provider: 'demo',
      kind: 'demo',
      level: 'substantial',
      purpose: transaction ? 'act' : 'appointment',
      transaction,
    } as const;
    const person = await recognise(tx, keys.people, said, clock.now());
    return (await keepIdentification(tx, person, by, said, clock.now())).id;
  });
