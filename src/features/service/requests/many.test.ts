import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { staffOf } from '../cases/testing.ts';
import { testCasePapers } from '../documents/testing.ts';
import type { Requests } from './service.ts';
import { requesterOf, testRequests, withRequests } from './testing.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
let database: TestDatabase;
let office: Office;
let requests: Requests;
/** The request whose photos can't be removed. */
let broken = '';

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  office = await createOffices(db).byId(await testOffice(db, { settings: withRequests() }));
  const made = testCasePapers(database, clock);
  const papers: typeof made.papers = {
    ...made.papers,
    remove: async (unit, space) => {
      if (JSON.stringify(space).includes(broken || 'none')) throw new Error('The disk is away');
      return made.papers.remove(unit, space);
    },
  };
  requests = testRequests(database, clock, { ...made, papers });
});
afterAll(() => database.close());
beforeEach(() => {
  clock.set(MORNING);
  broken = '';
});

const HERE = { lat: 41.55, lon: 2.15 };
const WITHOUT = { tellBy: 'page', isAnonymous: true, name: '', email: '', phone: '' };

async function write(point = HERE): Promise<string> {
  const { id } = (await requests.begin(office, { type: 'fanal', language: 'ca' }))!;
  const own = requesterOf(id);
  await requests.writePlace(own, office, id, { point, address: '', area: null });
  await requests.writeText(own, office, id, { text: 'No va', answers: {} });
  await requests.writeContact(own, office, id, WITHOUT);
  return id;
}

async function send(point = HERE): Promise<string> {
  const id = await write(point);
  await requests.send(requesterOf(id), office, id);
  return id;
}

/** Puts copies of a request beside it, each a little farther east and later than the one before. */
const copy = (id: string, many: number) =>
  within(database.kysely, office.id, (tx) =>
    sql`insert into request select (jsonb_populate_record(r, jsonb_build_object(
        'id', gen_random_uuid(), 'reference', r.reference || n, 'longitude', r.longitude + n * 0.001,
        'changed_at', r.changed_at + n * interval '1 second', 'sent_at', r.sent_at + n * interval '1 second',
        'closed_at', r.closed_at + n * interval '1 second'))).*
      from request r, generate_series(1, ${many}::int) n where r.id = ${id}`.execute(tx),
  );

const countOf = (column: 'sent_at' | 'anonymised_at') =>
  within(database.kysely, office.id, async (tx) => {
    const rows = await tx.selectFrom('request').select('id').where(column, 'is', null).execute();
    return rows.length;
  });

test('the nearest are found among many of the same street', async () => {
  const near = await send();
  // Newer ones at the same latitude, from 80 metres away on.
  await copy(near, 250);
  const id = await write({ lat: 41.55, lon: 2.1501 });
  const found = await requests.similar(requesterOf(id), office, id);
  expect(found.map((each) => each.id)).toEqual([near]);
  await requests.send(requesterOf(id), office, id);
});

describe('what ends', () => {
  test('ends whole, though there are many and one can’t be ended', async () => {
    broken = await write();
    await copy(broken, 230);
    clock.set('2027-02-02T10:00:00+01:00');
    expect(await requests.discardUnsent()).toBe(230);
    expect(await countOf('sent_at')).toBe(1);
    broken = '';
    expect(await requests.discardUnsent()).toBe(1);
  });

  test('and what was closed long ago', async () => {
    broken = await send();
    const viewer = staffOf(office, 'coordinator', 2);
    const { row } = (await requests.work(viewer, office, broken))!;
    await requests.step(viewer, office, broken, {
      step: 'refuse',
      reason: 'privat',
      seen: row.version,
    });
    await copy(broken, 230);
    const before = await countOf('anonymised_at');
    clock.set('2027-06-15T09:00:00+02:00');
    expect(await requests.anonymiseDue(office)).toBe(230);
    expect(await countOf('anonymised_at')).toBe(before - 230);
  });
});
