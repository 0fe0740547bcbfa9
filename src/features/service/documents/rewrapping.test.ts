import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { memoryBlobs } from '../../../lib/blobs/testing/memory.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { documentKeys } from '../../../lib/envelope/keys.ts';
import { type KeyMaterial, purposeKey } from '../../../lib/secrets.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { provedCitizen } from '../../booking/proof/testing.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createDocuments, createRewrapping } from './service.ts';
import { checkByName } from './testing.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
const blobs = memoryBlobs();
let database: TestDatabase;
let office: Office;
let book: () => Promise<Appointment>;

beforeAll(async () => {
  database = await testDatabase();
  const { offices, bookVideo } = testAppointments(database, clock);
  // All bookings of the test fit into the first time: two that book at once then never take the last place.
  const desks = Object.fromEntries(Array.from({ length: 48 }, (_, nth) => [`taula-${nth}`, {}]));
  office = await offices.byId(await testOffice(database.kysely, { desks }));
  book = () => bookVideo(office);
});
afterAll(() => database.close());

/** The keys of documents in the key database. */
let kept: readonly KeyMaterial[] = [{ version: 1, key: randomBytes(32), isActive: true }];

/** Returns a process, with the key versions that it has read. */
function processOf() {
  let known = kept;
  const refresh = async () => {
    known = kept;
  };
  const keys = documentKeys(
    purposeKey(() => known),
    refresh,
  );
  const { kysely: db } = database;
  const documents = createDocuments({
    ...{ db, blobs, keys, clock, check: checkByName, unit: testUnit(db, clock) },
    staff: { namesOf: async () => new Map() },
  });
  return {
    documents,
    refresh,
    ...createRewrapping({ db, officeKeys: keys, unit: testUnit(db, clock) }),
  };
}

const paper = { kind: 'inbox', requested: null, name: 'DNI.pdf', type: 'application/pdf' } as const;

/** Hands over a document, and returns how another process reads it. */
async function handOver(by: ReturnType<typeof processOf>) {
  const { id } = await book();
  const link: Viewer = { kind: 'citizen', appointment: id };
  const bytes = randomBytes(1000);
  const begun = await by.documents.begin(link, office, id, { ...paper, size: bytes.length });
  if (!begun.ok) throw new Error(begun.reason);
  await by.documents.append(link, office, id, begun.id, 0, chunks(bytes));
  return async (at: ReturnType<typeof processOf>) => {
    const proved = provedCitizen(id);
    const opened = await at.documents.open(proved, office, id, begun.id);
    if (!opened) throw new Error('not open');
    return Buffer.concat(await Array.fromAsync(opened.read())).equals(bytes);
  };
}

const versions = () =>
  within(database.kysely, INSTALLATION, async (tx) => {
    const offices = await tx
      .selectFrom('office_key')
      .select(['version', 'key_version'])
      .orderBy('version')
      .execute();
    const under = await tx
      .selectFrom('space_key')
      .select('office_key_version')
      .distinct()
      .execute();
    return { offices, under: under.map((each) => each.office_key_version) };
  });

test('documents are handed over and opened without a failure while every key above them is replaced', async () => {
  const [one, other] = [processOf(), processOf()];
  const first = await Promise.all(Array.from({ length: 6 }, () => handOver(one)));
  await one.documents.pass();
  let isOver = false;
  const all = [...first];
  const working = async () => {
    for (let nth = 0; !isOver; nth++) {
      if (nth % 3 === 0 && all.length < 40) all.push(await handOver(nth % 2 ? one : other));
      await one.documents.pass();
      const read = all[(nth * 7) % first.length];
      expect(await read?.(nth % 2 ? one : other)).toBe(true);
    }
  };
  const work = Promise.all([working(), working()]);
  for (let turn = 2; turn <= 4; turn++) {
    kept = [...kept, { version: turn, key: randomBytes(32), isActive: true }];
    // The other process has not read the keys again: it finds the new version in a row.
    await one.refresh();
    await Promise.all([one.rewrapOfficeKeys(), one.renewOfficeKey(office.id)]);
    // Two processes at once do no harm.
    await Promise.all([one.rewrapShelves(office.id), other.rewrapShelves(office.id)]);
  }
  isOver = true;
  await work;
  await other.refresh();
  while ((await one.rewrapOfficeKeys()) + (await one.rewrapShelves(office.id)) > 0);
  await one.documents.pass();

  const { offices, under } = await versions();
  expect(offices).toEqual([{ version: 3, key_version: 4 }]);
  expect(under).toEqual([3]);
  // The earlier versions are gone, and nothing needs them.
  kept = kept.filter((each) => each.version === 4);
  const later = processOf();
  for (const read of all) expect(await read(later)).toBe(true);
});

test('a rotation that was interrupted continues', async () => {
  const one = processOf();
  await one.renewOfficeKey(office.id);
  expect((await versions()).offices.map((each) => each.version)).toEqual([3, 4]);
  expect(await one.officesWithOldKeys()).toEqual([office.id]);
  const trail = await within(database.kysely, office.id, (tx) =>
    tx.selectFrom('audit').select('data').where('action', '=', 'key_rotated').execute(),
  );
  expect(trail.map((each) => each.data)).toEqual(
    [1, 2, 3, 4].map((version) => ({ purpose: 'office', version })),
  );
  expect(await one.rewrapShelves(office.id)).toBeGreaterThan(0);
  expect(await one.rewrapShelves(office.id)).toBe(0);
  expect((await versions()).offices.map((each) => each.version)).toEqual([4]);
});

async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
