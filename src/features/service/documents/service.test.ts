import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { SCOPES } from '../../../domain/scopes.ts';
import { memoryBlobs, type OpenBlobs } from '../../../lib/blobs/testing/memory.ts';
import { NoBlobs } from '../../../lib/blobs/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { Broken } from '../../../lib/envelope/seal.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { provedCitizen } from '../../booking/proof/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { newCode } from '../verification/service.ts';
import type { Documents } from './service.ts';
import { inParts, notedEvents, testDocuments } from './testing.ts';
import type { NewDocument } from './types.ts';

const named = (name: string) => ({ ca: name, es: name, en: name, eu: name });
const clock = handClock('2026-11-30T07:00:00+01:00');
let database: TestDatabase;
let office: Office;
let other: Office;
let blobs: OpenBlobs;
let documents: Documents;
let appointment: Appointment;
let stranger: Appointment;
let book: (at: Office) => Promise<Appointment>;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const { offices, bookVideo } = testAppointments(database, clock);
  const procedures = {
    'volant-padro': {
      documents: [{ code: 'dni', name: named('DNI'), required: true, onlyOnBehalf: false }],
    },
  };
  const settings = { uploads: { fileMegabytes: 20, files: 4, totalMegabytes: 30 } };
  const desks = { 'taula-1': {}, 'taula-2': {} };
  office = await offices.byId(await testOffice(db, { procedures, settings, desks }));
  other = await offices.byId(await testOffice(db, { code: 'hisenda', procedures, settings }));
  book = bookVideo;
});
afterAll(() => database.close());

beforeEach(async () => {
  clock.set('2026-11-30T07:00:00+01:00');
  blobs = memoryBlobs();
  documents = testDocuments(database, clock, blobs);
  appointment = await book(office);
  stranger = await book(office);
});

const link = (): Viewer => ({ kind: 'citizen', appointment: appointment.id });
const proved = (of = appointment): Viewer => provedCitizen(of.id);
const staff = (over: Partial<StaffViewer> = {}): StaffViewer => ({
  ...{ kind: 'staff', staff: 1, name: 'Núria', office: office.id, role: 'agent' },
  desk: appointment.desk,
  ...over,
});
const paper: NewDocument = {
  ...{ kind: 'inbox', requested: 'dni', name: 'DNI de la Rosa.pdf', type: 'application/pdf' },
  size: 0,
};
const begin = async (over: Partial<NewDocument>, viewer = link()): Promise<string> => {
  const begun = await documents.begin(viewer, office, appointment.id, { ...paper, ...over });
  if (!begun.ok) throw new Error(begun.reason);
  return begun.id;
};
const handOver = async (bytes: Buffer, over: Partial<NewDocument> = {}, viewer = link()) => {
  const id = await begin({ ...over, size: bytes.length }, viewer);
  const { id: of } = appointment;
  const kept = await documents.append(viewer, office, of, id, 0, inParts(bytes));
  expect(kept).toEqual({ ok: true, received: bytes.length });
  return id;
};
const readAll = async (id: string, viewer: Viewer = staff(), from?: number, to?: number) => {
  const opened = await documents.open(viewer, office, appointment.id, id);
  if (!opened) throw new Error('not open');
  return Buffer.concat(await Array.fromAsync(opened.read(from, to)));
};
const entry = async (id: string) =>
  (await documents.list(staff(), office, appointment.id))?.find((each) => each.id === id);
/** Returns the audit records of the appointment's documents, from after their announcement. */
const trail = () =>
  within(database.kysely, office.id, async (tx) => {
    const rows = await tx
      .selectFrom('audit')
      .select(['actor', 'action', 'data'])
      .where('appointment_id', '=', appointment.id)
      .where('action', 'like', 'document_%')
      .where('action', '<>', 'document_handed')
      .orderBy('id')
      .execute();
    return rows.map(({ actor, action, data }) => `${actor} ${action} ${data.document}`);
  });

test('a document is available to staff unchanged, once it was checked', async () => {
  const bytes = randomBytes(2_500_000);
  const id = await handOver(bytes);
  expect(await entry(id)).toMatchObject({ state: 'checking', name: 'DNI de la Rosa.pdf' });
  expect(await documents.open(staff(), office, appointment.id, id)).toBeNull();
  expect(await documents.pass()).toBe(1);
  expect(await documents.pass()).toBe(0);
  expect(await entry(id)).toMatchObject({ state: 'clean', requested: 'dni', review: null });
  expect((await readAll(id)).equals(bytes)).toBe(true);
  const part = bytes.subarray(900_000, 1_200_001);
  expect((await readAll(id, staff(), 900_000, 1_200_001)).equals(part)).toBe(true);
  expect(await readAll(id, staff(), 65_536, 65_537)).toEqual(bytes.subarray(65_536, 65_537));
  expect(await trail()).toEqual([`staff:1 document_opened ${id}`]);
});

test('no part of it is clear in storage or in the database', async () => {
  const canary = 'El canari de la Rosa canta';
  await handOver(Buffer.from(canary.repeat(5_000)));
  await documents.pass();
  for (const bytes of blobs.all.values()) expect(bytes.includes(canary)).toBe(false);
  const rows = await within(database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('document').selectAll().execute(),
  );
  expect(JSON.stringify(rows)).not.toContain('Rosa');
  expect(Buffer.concat(rows.flatMap((each) => each.name ?? [])).includes('Rosa')).toBe(false);
});

describe('an upload that is interrupted', () => {
  const bytes = randomBytes(2_000_000);

  test('continues where it was, and is whole in the end', async () => {
    const id = await begin({ size: bytes.length });
    const { id: of } = appointment;
    const breaking = async function* (from: number, to: number) {
      yield* inParts(bytes.subarray(from, to));
      throw new Error('the connection is gone');
    };
    for (const to of [700_000, 700_001, 1_999_999]) {
      const before = (await documents.progress(link(), office, of, id))!.received;
      const kept = await documents.append(link(), office, of, id, before, breaking(before, to));
      expect(kept).toEqual({ ok: true, received: Math.floor(to / 65_536) * 65_536 });
    }
    const { received } = (await documents.progress(link(), office, of, id))!;
    const rest = inParts(bytes.subarray(received));
    await documents.append(link(), office, of, id, received, rest);
    await documents.pass();
    expect((await readAll(id)).equals(bytes)).toBe(true);
  });

  test('continues only from there, and one upload at a time', async () => {
    const id = await begin({ size: bytes.length });
    const { id: of } = appointment;
    const send = (offset: number, part: Buffer) =>
      documents.append(link(), office, of, id, offset, inParts(part));
    expect(await send(65_536, bytes)).toEqual({ ok: false, reason: 'conflict' });
    const both = await Promise.all([send(0, bytes), send(0, bytes)]);
    expect(both.filter((each) => each.ok)).toHaveLength(1);
    expect(blobs.all.size).toBe(1);
    expect(await send(bytes.length, bytes)).toEqual({ ok: false, reason: 'conflict' });
    await documents.pass();
    expect((await readAll(id)).equals(bytes)).toBe(true);
  });

  test('takes no more than was announced', async () => {
    const id = await begin({ size: 100_000 });
    const sent = documents.append(link(), office, appointment.id, id, 0, inParts(bytes));
    expect(await sent).toEqual({ ok: false, reason: 'too_large' });
  });

  test('fails when there is no room, and continues once there is', async () => {
    const id = await begin({ size: bytes.length });
    const { put } = blobs;
    const { id: of } = appointment;
    blobs.put = async () => {
      throw new NoBlobs('full', new Error());
    };
    const refused = await documents.append(link(), office, of, id, 0, inParts(bytes));
    expect(refused).toEqual({ ok: false, reason: 'no_room' });
    blobs.put = put;
    const kept = await documents.append(link(), office, of, id, 0, inParts(bytes));
    expect(kept).toEqual({ ok: true, received: bytes.length });
  });
});

describe('changed stored bytes open nothing', () => {
  const bytes = randomBytes(9_000_000);
  const pieces = (id: string) =>
    within(database.kysely, office.id, (tx) =>
      tx
        .selectFrom('document_piece')
        .selectAll()
        .where('document_id', '=', id)
        .orderBy('first')
        .execute(),
    );
  type Spoil = (names: string[], foreign: string[]) => void;
  const blob = (name: string) => blobs.all.get(name)!;

  test.each<[string, Spoil]>([
    ['a bit', ([first]) => blob(first!).writeUInt8(blob(first!).readUInt8(100_000) ^ 1, 100_000)],
    ['a piece cut short', ([first]) => blobs.all.set(first!, blob(first!).subarray(0, 65_564))],
    [
      'a piece with more behind',
      ([, , last]) => blobs.all.set(last!, Buffer.concat([blob(last!), blob(last!)])),
    ],
    [
      'two pieces in each other’s place',
      ([one, two]) => {
        const kept = blob(one!);
        blobs.all.set(one!, blob(two!));
        blobs.all.set(two!, kept);
      },
    ],
    ['a piece of another document', ([one], [foreign]) => blobs.all.set(one!, blob(foreign!))],
    ['a piece that is gone', ([, two]) => void blobs.all.delete(two!)],
  ])('%s', async (_, spoil) => {
    const id = await handOver(bytes);
    const foreign = await handOver(bytes);
    await documents.pass();
    expect((await readAll(id)).equals(bytes)).toBe(true);
    const names = async (of: string) => (await pieces(of)).map((each) => each.blob);
    spoil(await names(id), await names(foreign));
    await expect(readAll(id)).rejects.toThrow(Broken);
  });

  test('a removed row or keys of another office open nothing', async () => {
    const id = await handOver(bytes);
    await documents.pass();
    const [, middle] = await pieces(id);
    await within(database.kysely, INSTALLATION, (tx) =>
      tx.deleteFrom('document_piece').where('blob', '=', middle!.blob).execute(),
    );
    await expect(readAll(id)).rejects.toThrow(Broken);
    const theirs = await book(other);
    const keys = await within(database.kysely, INSTALLATION, async (tx) => {
      const row = await tx
        .selectFrom('space_key')
        .selectAll()
        .where('space_id', '=', appointment.id)
        .executeTakeFirstOrThrow();
      await sql`insert into office_key (office_id, wrapped) select ${other.id}, wrapped from office_key where office_id = ${office.id}
        on conflict do nothing`.execute(tx);
      await tx
        .insertInto('space_key')
        .values({ ...row, space_id: theirs.id, office_id: other.id })
        .execute();
      return row;
    });
    expect(keys.wrapped.length).toBeGreaterThan(32);
    const viewer = { kind: 'citizen', appointment: theirs.id } as const;
    const put = { ...paper, size: 1 };
    await expect(documents.begin(viewer, other, theirs.id, put)).rejects.toThrow(Broken);
  });

  test('bytes that were damaged before the check must be sent again', async () => {
    const id = await handOver(bytes);
    blobs.all.clear();
    await documents.pass();
    expect(await entry(id)).toMatchObject({ state: 'refused', why: 'broken' });
  });
});

describe('the verdict of a check', () => {
  test.each(['virus.pdf', 'odd.svg'])('%s is not kept, and can’t be opened', async (name) => {
    const id = await handOver(randomBytes(70_000), { name });
    await documents.pass();
    expect(['infected', 'refused']).toContain((await entry(id))?.state);
    expect(await entry(id)).toMatchObject({ name });
    expect(await documents.open(staff(), office, appointment.id, id)).toBeNull();
    expect(blobs.all.size).toBe(0);
  });

  test('of malware leaves a record with the antivirus’s signature', async () => {
    const id = await handOver(randomBytes(10), { name: 'virus.pdf' });
    const { noted, security } = notedEvents();
    await testDocuments(database, clock, blobs, { security }).pass();
    const facts = { document: id, appointment: appointment.id, case: null, office: office.id };
    expect(noted).toEqual([['upload.infected', facts]]);
    expect(await trail()).toEqual([`system document_infected ${id}`]);
    const [found] = await within(database.kysely, office.id, (tx) =>
      tx.selectFrom('audit').select('data').where('action', '=', 'document_infected').execute(),
    );
    expect(found?.data).toMatchObject({ signature: 'Test.Virus' });
  });

  test('without a result opens the document only after a coordinator releases it, on record', async () => {
    const id = await handOver(randomBytes(70_000), { name: 'locked.pdf' });
    await documents.pass();
    const { id: of } = appointment;
    expect(await documents.open(staff(), office, of, id)).toBeNull();
    const refused = { ok: false, reason: 'not_found' };
    expect(await documents.release(staff(), office, of, id)).toEqual(refused);
    expect(await documents.release(proved(), office, of, id)).toEqual(refused);
    const coordinator = staff({ staff: 2, role: 'coordinator', desk: null });
    expect(await documents.release(coordinator, office, of, id)).toEqual({ ok: true });
    expect(await readAll(id)).toHaveLength(70_000);
    expect((await trail())[0]).toBe(`staff:2 document_released ${id}`);
  });

  test('that failed is repeated in time', async () => {
    const id = await handOver(randomBytes(10), { name: 'away.pdf' });
    await documents.pass();
    expect(await entry(id)).toMatchObject({ state: 'error', why: 'away' });
    expect(await documents.open(staff(), office, appointment.id, id)).toBeNull();
    expect(await documents.pass()).toBe(0);
    clock.set('2026-11-30T07:01:00+01:00');
    expect(await documents.pass()).toBe(1);
  });
});

test('of a document that ends its process is left to people after ten times', async () => {
  const id = await handOver(randomBytes(10));
  const checks = async (count: number) =>
    within(database.kysely, INSTALLATION, (tx) =>
      tx.updateTable('document').set({ checks: count }).where('id', '=', id).execute(),
    );
  await checks(10);
  await documents.pass();
  expect(await entry(id)).toMatchObject({ state: 'unscannable', why: 'not_whole' });
  expect(await documents.open(staff(), office, appointment.id, id)).toBeNull();
});

describe('a document does not exist', () => {
  const nothing = { ok: false, reason: 'not_found' };
  let id: string;
  beforeEach(async () => {
    id = await handOver(randomBytes(100));
    await documents.pass();
  });
  const everybodyElse = (): [string, Viewer][] => [
    ['another citizen', proved(stranger)],
    ['an agent who doesn’t attend it', staff({ staff: 9, desk: appointment.desk + 1 })],
    ['an agent without a desk', staff({ desk: null })],
    [
      'who coordinates another office',
      staff({ office: other.id, role: 'coordinator', desk: null }),
    ],
    ['who comes along', { kind: 'companion', companion: 'x', appointment: appointment.id }],
    ['another system', { kind: 'token', token: 1, office: office.id, scopes: new Set(SCOPES) }],
  ];

  test('for everybody else, and for the link alone', async () => {
    const { id: of } = appointment;
    for (const [, viewer] of [...everybodyElse(), ['the link alone', link()] as const]) {
      expect(await documents.open(viewer, office, of, id)).toBeNull();
      const again = { review: 'again', reason: '' } as const;
      expect(await documents.review(viewer, office, of, id, again)).toEqual(nothing);
      expect(await documents.withdraw(viewer, office, of, id)).toEqual(nothing);
    }
    for (const [, viewer] of everybodyElse()) {
      expect(await documents.list(viewer, office, of)).toBeNull();
      const begun = await documents.begin(viewer, office, of, { ...paper, size: 1 });
      expect(begun).toEqual(nothing);
      expect(await documents.progress(viewer, office, of, id)).toBeNull();
      expect(await documents.append(viewer, office, of, id, 0, inParts(randomBytes(1)))).toEqual(
        nothing,
      );
    }
    expect(await trail()).toEqual([]);
    // With the link alone, the citizen sees the progress of documents and not their contents.
    expect(await documents.list(link(), office, of)).toMatchObject([
      { state: 'clean', name: null },
    ]);
  });

  test('under another appointment, or under another office', async () => {
    const theirs = proved(stranger);
    expect(await documents.open(theirs, office, stranger.id, id)).toBeNull();
    expect(await documents.open(staff(), other, appointment.id, id)).toBeNull();
    expect(await documents.open(staff(), office, appointment.id, randomUUID())).toBeNull();
    expect(await documents.open(staff(), office, appointment.id, 'x')).toBeNull();
  });

  test('once it was taken back, and nothing of it stays', async () => {
    expect(await documents.withdraw(proved(), office, appointment.id, id)).toEqual({ ok: true });
    expect(await documents.open(staff(), office, appointment.id, id)).toBeNull();
    expect(blobs.all.size).toBe(0);
    expect(await entry(id)).toMatchObject({ name: null, destroyedAt: clock.now() });
  });
});

test('a citizen who typed the code sees the documents and opens them, and that is recorded', async () => {
  const bytes = randomBytes(100);
  const ours = (kind: 'outbox' | 'evidence', name: string) =>
    handOver(bytes, { kind, requested: null, name }, staff());
  const id = await ours('outbox', 'volant.pdf');
  const still = await ours('evidence', 'still.jpg');
  await documents.pass();
  const seen = await documents.list(proved(), office, appointment.id);
  expect(seen).toMatchObject([{ id, name: 'volant.pdf', kind: 'outbox' }]);
  expect((await readAll(id, proved())).equals(bytes)).toBe(true);
  expect(await documents.open(proved(), office, appointment.id, still)).toBeNull();
  expect(await trail()).toEqual([`citizen document_opened ${id}`]);
});

test('a document is accepted, or asked for again with the reason; an accepted one stays', async () => {
  const id = await handOver(randomBytes(100));
  const { id: of } = appointment;
  const again = { review: 'again', reason: ' Hi falta el darrere. ' } as const;
  expect(await documents.review(staff(), office, of, id, again)).toEqual({
    ...{ ok: false, reason: 'not_clean' },
  });
  await documents.pass();
  await documents.review(staff(), office, of, id, again);
  const shown = await documents.list(proved(), office, of);
  expect(shown).toMatchObject([{ review: 'again', reason: 'Hi falta el darrere.' }]);
  await documents.review(staff(), office, of, id, { review: 'accepted', reason: '' });
  expect(await entry(id)).toMatchObject({ review: 'accepted', reason: null });
  expect(await documents.withdraw(proved(), office, of, id)).toEqual({
    ok: false,
    reason: 'accepted',
  });
});

describe('a document is refused', () => {
  const asked = async (over: Partial<NewDocument>) => {
    const begun = await documents.begin(link(), office, appointment.id, { ...paper, ...over });
    return begun.ok || begun.reason;
  };
  test('that is empty, too large, or more than the space holds', async () => {
    expect(await asked({ size: 0 })).toBe('empty');
    expect(await asked({ size: 20_000_001 })).toBe('too_large');
    expect(await asked({ size: 20_000_000 })).toBe(true);
    expect(await asked({ size: 10_000_001 })).toBe('full');
    const all = await Promise.all([1, 2, 3, 4, 5].map((size) => asked({ size })));
    expect(all.filter((each) => each === true)).toHaveLength(3);
    expect(await asked({ size: 1 })).toBe('full');
  });
  test('that the procedure doesn’t ask for, or that a citizen may not add', async () => {
    expect(await asked({ size: 1, requested: 'passport' })).toBe('not_requested');
    expect(await asked({ size: 1, requested: null })).toBe(true);
    expect(await asked({ size: 1, requested: null, kind: 'outbox' })).toBe('not_found');
  });
  test('that comes after the end of its retention', async () => {
    clock.set(appointment.end.add({ hours: 72 }).toString());
    expect(await asked({ size: 1 })).toBe('not_open');
  });
});

test('a whole document of the staff is handed over at once, or not at all', async () => {
  const still = { kind: 'evidence', requested: null, name: 'dni.jpg', type: 'image/jpeg' } as const;
  const kept = await documents.keep(staff(), office, appointment.id, still, randomBytes(300_000));
  expect(kept).toMatchObject({ ok: true, id: expect.any(String) });
  clock.set('2026-11-30T07:01:00+01:00');
  blobs.put = async () => {
    throw new NoBlobs('away', new Error());
  };
  const tooLarge = randomBytes(300_000);
  const refused = await documents.keep(staff(), office, appointment.id, still, tooLarge);
  expect(refused).toEqual({ ok: false, reason: 'not_now' });
  const there = await documents.list(staff(), office, appointment.id);
  expect(there?.map((each) => each.destroyedAt === null)).toEqual([true, false]);
});

test('if the bytes can’t be reached, due documents are destroyed, and the bytes are removed later', async () => {
  const id = await handOver(randomBytes(100));
  await documents.pass();
  clock.set(appointment.end.add({ hours: 73 }).toString());
  const { remove } = blobs;
  blobs.remove = async () => {
    throw new NoBlobs('away', null);
  };
  expect(await documents.destroy(office)).toBeGreaterThanOrEqual(1);
  expect((await entry(id))?.destroyedAt).toEqual(clock.now());
  blobs.remove = remove;
  expect(blobs.all.size).toBe(1);
});

describe('retention', () => {
  const events = () =>
    within(database.kysely, office.id, async (tx) => {
      const rows = await tx
        .selectFrom('event')
        .select(['kind', 'data'])
        .where('appointment_id', '=', appointment.id)
        .where('kind', '=', 'forgotten')
        .execute();
      return rows.map((each) => each.data);
    });
  const keys = () =>
    within(database.kysely, office.id, async (tx) => {
      const rows = await tx
        .selectFrom('space_key')
        .select('shelf')
        .where('space_id', '=', appointment.id)
        .orderBy('shelf')
        .execute();
      return rows.map((each) => each.shelf);
    });
  const hoursAfter = (hours: number) => clock.set(appointment.end.add({ hours }).toString());

  test('destroys a document at its hour: the key, the bytes, the name; and records it', async () => {
    const id = await handOver(randomBytes(200_000));
    const still = {
      kind: 'evidence',
      requested: null,
      name: 'dni.jpg',
      type: 'image/jpeg',
    } as const;
    const proof = { ...still, kind: 'outbox', code: newCode(), name: 'acta.jpg' } as const;
    for (const each of [still, proof])
      await documents.keep(staff(), office, appointment.id, each, randomBytes(100));
    await documents.pass();
    hoursAfter(71);
    await documents.destroy(office);
    expect(await entry(id)).toMatchObject({ destroyedAt: null });
    hoursAfter(72);
    expect(await documents.destroy(office)).toBeGreaterThanOrEqual(1);
    expect(await documents.open(staff(), office, appointment.id, id)).toBeNull();
    expect(await entry(id)).toMatchObject({ name: null, destroyedAt: clock.now() });
    expect(blobs.all.size).toBe(2);
    expect(await keys()).toEqual(['evidence']);
    expect(await trail()).toEqual([`system document_destroyed ${id}`]);
    expect(await events()).toEqual([{ what: 'documents' }]);
    expect(await documents.destroy(office)).toBe(0);
    clock.set(appointment.end.add({ hours: 24 * 1825 }).toString());
    await documents.destroy(office);
    expect([blobs.all.size, await keys()]).toEqual([0, []]);
  });

  test('leaves no key after the last one was taken back, even if another comes at that moment', async () => {
    const { id: of } = appointment;
    const [one, two] = [await handOver(randomBytes(100)), await handOver(randomBytes(100))];
    await documents.withdraw(proved(), office, of, one);
    expect(await keys()).toEqual(['working']);
    await documents.withdraw(proved(), office, of, two);
    expect(await keys()).toEqual([]);
    for (let round = 0; round < 5; round++) {
      const last = await handOver(randomBytes(100));
      const [next] = await Promise.all([
        handOver(randomBytes(100)),
        documents.withdraw(proved(), office, of, last),
      ]);
      await documents.pass();
      expect(await readAll(next)).toHaveLength(100);
      await documents.withdraw(proved(), office, of, next);
    }
    expect(await keys()).toEqual([]);
  });

  test('spares a document that a coordinator holds for a legal reason', async () => {
    const id = await handOver(randomBytes(100));
    const other = await handOver(randomBytes(100));
    await documents.pass();
    const { id: of } = appointment;
    const refused = { ok: false, reason: 'not_found' };
    expect(await documents.hold(staff(), office, of, id, 'Recurs')).toEqual(refused);
    expect(await documents.hold(proved(), office, of, id, 'Recurs')).toEqual(refused);
    const coordinator = staff({ role: 'coordinator', desk: null });
    const held = await documents.hold(coordinator, office, of, id, 'Recurs 12/2026');
    expect(held).toEqual({ ok: true });
    hoursAfter(72);
    await documents.destroy(office);
    expect(await entry(other)).toMatchObject({ name: null });
    expect(await readAll(id)).toHaveLength(100);
    expect(await keys()).toEqual(['working']);
    expect(await documents.withdraw(proved(), office, of, id)).toMatchObject({ ok: false });
    await documents.hold(coordinator, office, of, id, null);
    await documents.destroy(office);
    expect([await keys(), blobs.all.size]).toEqual([[], 0]);
  });

  test('ends uploads that were not continued for a day', async () => {
    const id = await begin({ size: 100_000 });
    const isOn = () => documents.progress(link(), office, appointment.id, id);
    clock.advance({ hours: 23 });
    const part = inParts(randomBytes(70_000));
    await documents.append(link(), office, appointment.id, id, 0, part);
    clock.advance({ hours: 23 });
    await documents.destroy(office);
    expect(await isOn()).not.toBeNull();
    clock.advance({ hours: 1 });
    await documents.destroy(office);
    expect(await isOn()).toBeNull();
    expect(blobs.all.size).toBe(0);
  });

  test('removes the pieces of a crash after an hour', async () => {
    const id = await handOver(randomBytes(100));
    await documents.pass();
    await blobs.put(randomUUID(), randomBytes(10));
    await blobs.put(`${randomUUID()}.unfinished`, randomBytes(10));
    expect(await documents.sweepOrphans()).toBe(0);
    clock.advance({ minutes: 59 });
    expect(await documents.sweepOrphans()).toBe(0);
    clock.advance({ minutes: 1 });
    expect(await documents.sweepOrphans()).toBe(2);
    expect(blobs.all.size).toBe(1);
    expect(await readAll(id)).toHaveLength(100);
  });

  test('removes no pieces if no document has any: they belong to another installation', async () => {
    await blobs.put(randomUUID(), randomBytes(10));
    expect(await documents.sweepOrphans()).toBe(0);
    clock.advance({ minutes: 60 });
    await expect(documents.sweepOrphans()).rejects.toThrow();
    expect(blobs.all.size).toBe(1);
  });
});
