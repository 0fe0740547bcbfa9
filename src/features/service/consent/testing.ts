import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import type { TestDatabase } from '../../../lib/db/testing.ts';
import { documentKeys } from '../../../lib/envelope/keys.ts';
import type { Seal } from '../../../lib/seal/types.ts';
import { installationKey } from '../../../lib/secrets.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import {
  createIdentification,
  type Identification,
} from '../../foundation/identification/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { comparing } from '../../foundation/staff-identifiers/service.ts';
import type { Documents } from '../documents/service.ts';
import { createKeyring } from '../documents/service.ts';
import { createOneTimeCodes } from '../one-time-codes/service.ts';
import { createIssuing, type Issuing, type Sealing } from '../verification/service.ts';
import type { ConsentDeps } from './keeping.ts';
import { type Consent, createConsent } from './service.ts';

/** The key of all tests. */
export const TEST_KEY = installationKey(Buffer.alloc(32, 7));

/** Returns identification in a town that has no providers. */
const withoutProviders = (db: Db, clock: Clock): Identification =>
  createIdentification({
    ...{ db, clock, baseUrl: 'https://cita.vila.cat', forms: TEST_KEY, people: TEST_KEY },
    declared: async () => [],
    adapt: () => null,
  });

/** Returns what issues the documents of a town, without a seal by default. */
export const testIssuing = (
  offices: Offices,
  clock: Clock,
  seal: Seal | null = null,
): Issuing & Sealing => createIssuing({ offices, clock, seal, baseUrl: 'https://cita.vila.cat' });

/** Returns the consent service on this database and clock, with the key and the codes of all tests. */
export const testConsent = (...on: Parameters<typeof testConsentDeps>): Consent =>
  createConsent(testConsentDeps(...on));

/** Returns what the consent service needs, with the key and the codes of all tests. */
export function testConsentDeps(
  { kysely: db }: TestDatabase,
  clock: Clock,
  {
    offices,
    documents,
    unit = testUnit(db, clock),
    identification = withoutProviders(db, clock),
    seal = null,
  }: {
    offices: Offices;
    documents: Documents;
    unit?: RunUnit;
    identification?: Identification;
    seal?: Seal | null;
  },
): ConsentDeps {
  const oneTimeCodes = createOneTimeCodes({
    db,
    clock,
    key: TEST_KEY,
    isReached: () => true,
    unit,
  });
  const keyring = createKeyring(documentKeys(TEST_KEY));
  const issuing = testIssuing(offices, clock, seal);
  return {
    ...{ db, clock, keyring, offices, oneTimeCodes, documents, issuing, unit, identification },
    compareNif: comparing({ db, key: TEST_KEY }),
  };
}
