import type { Clock } from '../../../lib/clock.ts';
import type { TestDatabase } from '../../../lib/db/testing.ts';
import { documentKeys } from '../../../lib/envelope/keys.ts';
import { installationKey } from '../../../lib/secrets.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import type { Documents } from '../documents/service.ts';
import { createKeyring } from '../documents/service.ts';
import { createOneTimeCodes } from '../one-time-codes/service.ts';
import { type Consent, createConsent } from './service.ts';

/** The key of all tests. */
export const TEST_KEY = installationKey(Buffer.alloc(32, 7));

/** Returns the consent service on this database and clock, with the key and the codes of all tests. */
export function testConsent(
  { kysely: db }: TestDatabase,
  clock: Clock,
  {
    offices,
    documents,
    unit = testUnit(db, clock),
  }: {
    offices: Offices;
    documents: Documents;
    unit?: RunUnit;
  },
): Consent {
  const oneTimeCodes = createOneTimeCodes({
    db,
    clock,
    key: TEST_KEY,
    isReached: () => true,
    unit,
  });
  const keyring = createKeyring(documentKeys(TEST_KEY));
  const verifyUrl = (language: string) => `https://cita.vila.cat/${language}/verify`;
  return createConsent({ db, clock, keyring, offices, oneTimeCodes, documents, verifyUrl, unit });
}
