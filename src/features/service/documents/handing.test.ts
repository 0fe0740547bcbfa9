import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { OpenBlobs } from '../../../lib/blobs/testing/memory.ts';
import { NoBlobs } from '../../../lib/blobs/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { provedCitizen } from '../../booking/proof/testing.ts';
import type { Documents } from './service.ts';
import { testSpace } from './testing.ts';
import type { NewDocument } from './types.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
const still = { kind: 'evidence', requested: null, name: 'dni.jpg', type: 'image/jpeg' } as const;
const result = { ...still, kind: 'outbox', name: 'volant.pdf' } as const;
const nothing = { ok: false, reason: 'not_found' };
const { database, office, renew } = await testSpace(clock);
let blobs: OpenBlobs;
let documents: Documents;
let appointment: Appointment;
let agent: StaffViewer;
let coordinator: StaffViewer;

afterAll(() => database.close());
beforeEach(async () => {
  ({ blobs, documents, appointment } = await renew());
  const one = { kind: 'staff', name: 'Núria', office: office.id } as const;
  agent = { ...one, staff: 1, role: 'agent', desk: appointment.desk };
  coordinator = { ...one, staff: 2, role: 'coordinator', desk: null };
});

const citizen = (): Viewer => provedCitizen(appointment.id);
const link = (): Viewer => ({ kind: 'citizen', appointment: appointment.id });
const keep = async (viewer: Viewer, paper: Omit<NewDocument, 'size'>): Promise<string> => {
  const kept = await documents.keep(viewer, office, appointment.id, paper, randomBytes(100));
  if (!kept.ok || !('id' in kept)) throw new Error('not kept');
  return kept.id;
};
const takeBack = (id: string, viewer: Viewer) =>
  documents.withdraw(viewer, office, appointment.id, id);
const undo = (id: string, viewer: Viewer = agent) =>
  documents.undo(viewer, office, appointment.id, id);
const entry = async (id: string) =>
  (await documents.list(agent, office, appointment.id))?.find((each) => each.id === id);

test('evidence can’t be taken back; its maker can undo a mistake at once, before anybody opens it', async () => {
  const [slip, opened, old] = [
    await keep(agent, still),
    await keep(agent, still),
    await keep(agent, still),
  ];
  await documents.pass();
  for (const viewer of [agent, coordinator, citizen()])
    expect(await takeBack(slip, viewer)).toEqual(nothing);
  for (const viewer of [coordinator, citizen()]) expect(await undo(slip, viewer)).toEqual(nothing);
  await documents.open(coordinator, office, appointment.id, opened);
  expect(await undo(opened)).toEqual(nothing);
  expect(await undo(slip)).toEqual({ ok: true });
  expect(await entry(slip)).toMatchObject({ name: null });
  clock.advance({ seconds: 61 });
  expect(await undo(old)).toEqual(nothing);
  const given = await keep(agent, result);
  expect(await undo(given)).toEqual(nothing);
});

const owed = () =>
  within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('notice')
      .select('kind')
      .where('appointment_id', '=', appointment.id)
      .where('kind', '=', 'result')
      .where('dropped_at', 'is', null)
      .execute(),
  );

test('a coordinator can also take back a result sent to the wrong citizen, and its notice is dropped', async () => {
  const [one, two] = [await keep(agent, result), await keep(agent, result)];
  await documents.pass();
  expect(await owed()).toHaveLength(1);
  for (const viewer of [
    citizen(),
    { ...agent, staff: 3 },
    { ...coordinator, office: office.id + 1 },
  ])
    expect(await takeBack(one, viewer)).toEqual(nothing);
  expect(await takeBack(one, coordinator)).toEqual({ ok: true });
  expect(await owed()).toHaveLength(1);
  await documents.hold(coordinator, office, appointment.id, two, 'Recurs 12/2026');
  expect(await takeBack(two, coordinator)).toEqual({ ok: false, reason: 'accepted' });
  await documents.hold(coordinator, office, appointment.id, two, null);
  expect(await takeBack(two, agent)).toEqual({ ok: true });
  expect(await owed()).toEqual([]);
});

test('a document is taken back even if the bytes can’t be reached; they are removed later', async () => {
  // Another document stays: if no piece is known, the bytes may belong to another installation.
  await keep(citizen(), { ...result, kind: 'inbox' });
  const id = await keep(citizen(), { ...result, kind: 'inbox' });
  const { remove } = blobs;
  blobs.remove = async () => {
    throw new NoBlobs('away', new Error());
  };
  expect(await takeBack(id, citizen())).toEqual({ ok: true });
  expect(await entry(id)).toMatchObject({ name: null });
  blobs.remove = remove;
  await documents.sweepOrphans();
  clock.advance({ hours: 1 });
  expect(await documents.sweepOrphans()).toBe(1);
});

test('an upload ends when its document is taken back meanwhile, and nothing of it stays', async () => {
  const long = randomBytes(9_000_000);
  const { id: of } = appointment;
  const paper = { ...result, kind: 'inbox', size: long.length } as const;
  const begun = await documents.begin(link(), office, of, paper);
  const id = begun.ok ? begun.id : '';
  const sending = async function* () {
    yield long.subarray(0, 5_000_000);
    expect(await documents.withdraw(link(), office, of, id)).toEqual({ ok: true });
    yield long.subarray(5_000_000);
  };
  const sent = await documents.append(link(), office, of, id, 0, sending());
  expect(sent).toEqual({ ok: false, reason: 'conflict' });
  expect(blobs.all.size).toBe(0);
  await documents.pass();
  expect(await entry(id)).toMatchObject({ state: 'receiving', name: null });
});

test('a document that is announced again takes no bytes of the earlier announcement', async () => {
  const system = { kind: 'system', why: 'copy' } as const;
  const at = [system, office, appointment.id] as const;
  const paper = { ...result, id: randomUUID(), size: 100 };
  await documents.begin(...at, paper);
  const sending = async function* () {
    clock.advance({ seconds: 1 });
    expect(await documents.begin(...at, paper)).toEqual({ ok: true, id: paper.id });
    yield randomBytes(100);
  };
  const sent = await documents.append(...at, paper.id, 0, sending());
  expect(sent).toEqual({ ok: false, reason: 'conflict' });
  expect(await documents.progress(...at, paper.id)).toMatchObject({ size: 100, received: 0 });
});

test('pieces count in their order once they are there, and what was announced for those that never came is forgotten', async () => {
  const long = randomBytes(13_000_000);
  const left = () =>
    within(database.kysely, office.id, (tx) =>
      tx.selectFrom('loose_piece').select('blob').execute(),
    );
  const before = (await left()).length;
  const piece = 64 * 65_536;
  const { id: of } = appointment;
  const paper = { ...result, kind: 'inbox', size: long.length } as const;
  const begun = await documents.begin(link(), office, of, paper);
  const id = begun.ok ? begun.id : '';
  const send = (from: number) =>
    documents.append(
      ...([link(), office, of, id, from] as const),
      (async function* () {
        yield long.subarray(from);
      })(),
    );
  const { put } = blobs;
  let nth = 0;
  blobs.put = async (name, bytes) => {
    if (++nth === 3) throw new NoBlobs('away', new Error());
    await put(name, bytes);
  };
  expect(await send(0)).toEqual({ ok: false, reason: 'not_now' });
  expect(await documents.progress(link(), office, of, id)).toMatchObject({ received: 2 * piece });
  expect(blobs.all.size).toBe(2);
  blobs.put = put;
  expect(await send(2 * piece)).toEqual({ ok: true, received: long.length });
  await documents.pass();
  expect(await left()).toHaveLength(before + 2);
  await documents.sweepOrphans();
  clock.advance({ hours: 2 });
  expect(await documents.sweepOrphans()).toBe(0);
  expect(await left()).toEqual([]);
  const opened = await documents.open(citizen(), office, of, id);
  const bytes = Buffer.concat(await Array.fromAsync(opened!.read()));
  expect(bytes.equals(long)).toBe(true);
});
