import { randomBytes } from 'node:crypto';
import { memoryBlobs } from '../../../lib/blobs/testing/memory.ts';
import type { Blobs } from '../../../lib/blobs/types.ts';
import type { Clock, handClock } from '../../../lib/clock.ts';
import type { Database } from '../../../lib/db/database.ts';
import { testDatabase } from '../../../lib/db/testing.ts';
import { documentKeys } from '../../../lib/envelope/keys.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { noSecurityLog, type SecurityLog } from '../../../lib/security-events.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { type TestOfficeOptions, testOffice } from '../../foundation/offices/testing.ts';
import {
  type CasePapers,
  createCasePapers,
  createDocuments,
  createKeyring,
  type Documents,
  type Keyring,
} from './service.ts';
import type { CasePaperNews, Check, Verdict } from './types.ts';

const LOCKED: Verdict = { verdict: 'unscannable', type: 'application/pdf', why: 'encrypted' };

/** Reads everything, and returns the verdict of the name: `virus.pdf` is infected. */
export const checkByName: Check = async (source, { name }) => {
  for await (const _ of source.read());
  if (name.startsWith('virus')) return { verdict: 'infected', signature: 'Test.Virus' };
  if (name.startsWith('locked')) return LOCKED;
  if (name.startsWith('odd')) return { verdict: 'refused', why: 'type' };
  if (name.startsWith('away')) return { verdict: 'error', why: 'away' };
  return { verdict: 'clean', type: 'application/pdf', name };
};

/** Returns the documents service on this database and clock, with the key of all tests. */
export function testDocuments(
  { kysely: db }: Pick<Database, 'kysely'>,
  clock: Clock,
  blobs: Blobs = memoryBlobs(),
  more: { security?: SecurityLog; ofCase?: CasePaperNews } = {},
): Documents {
  const unit = testUnit(db, clock);
  const keys = documentKeys(installationKey(Buffer.alloc(32, 7)));
  const staff = {
    namesOf: async (ids: readonly number[]) => new Map(ids.map((id) => [id, `Persona ${id}`])),
  };
  return createDocuments({ db, blobs, keys, clock, check: checkByName, staff, unit, ...more });
}

/** Returns the papers of cases on this database, clock and store, with the same keys. */
export function testCasePapers(
  { kysely: db }: Pick<Database, 'kysely'>,
  clock: Clock,
  blobs: Blobs = memoryBlobs(),
): { keyring: Keyring; papers: CasePapers; blobs: Blobs } {
  const keyring = createKeyring(documentKeys(installationKey(Buffer.alloc(32, 7))));
  const unit = testUnit(db, clock);
  return { keyring, papers: createCasePapers({ db, blobs, clock, keyring, unit }), blobs };
}

/** Returns a security log that keeps its notes. */
export function notedEvents(): { noted: unknown[]; security: SecurityLog } {
  const noted: unknown[] = [];
  return { noted, security: { ...noSecurityLog, note: (...event) => void noted.push(event) } };
}

/** Returns an office whose appointments have documents. `renew`: sets the clock back, and makes a new appointment and an empty store. */
export async function testSpace(clock: ReturnType<typeof handClock>, like: TestOfficeOptions = {}) {
  const database = await testDatabase();
  const morning = clock.now().toString();
  const { offices, bookVideo } = testAppointments(database, clock);
  const office = await offices.byId(await testOffice(database.kysely, like));
  const renew = async () => {
    clock.set(morning);
    const blobs = memoryBlobs();
    const documents = testDocuments(database, clock, blobs);
    return { blobs, documents, appointment: await bookVideo(office) };
  };
  return { database, office, renew };
}

/** Yields bytes as a browser sends them: in parts of all sizes. */
export async function* inParts(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + (randomBytes(3).readUIntBE(0, 3) % 200_000);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
