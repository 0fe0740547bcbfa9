import { randomBytes } from 'node:crypto';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { OpenBlobs } from '../../../lib/blobs/testing/memory.ts';
import { NoBlobs } from '../../../lib/blobs/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { provedCitizen } from '../../booking/proof/testing.ts';
import type { Documents } from './service.ts';
import { testSpace } from './testing.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
const { database, office, renew } = await testSpace(clock);
let blobs: OpenBlobs;
let documents: Documents;
let appointment: Appointment;

afterAll(() => database.close());
beforeEach(async () => {
  ({ blobs, documents, appointment } = await renew());
});

const citizen = (): Viewer => provedCitizen(appointment.id);
const staff = (role: 'agent' | 'coordinator'): StaffViewer => ({
  ...{ kind: 'staff', staff: 1, name: 'Núria', office: office.id, role },
  desk: role === 'agent' ? appointment.desk : null,
});
const paper = { kind: 'inbox', requested: null, name: 'dni.jpg', type: 'image/jpeg' } as const;
async function handOver(): Promise<string> {
  const kept = await documents.keep(citizen(), office, appointment.id, paper, randomBytes(100));
  if (!kept.ok || !('id' in kept)) throw new Error('not kept');
  return kept.id;
}
const entry = async (viewer: Viewer, id: string) =>
  (await documents.list(viewer, office, appointment.id))?.find((each) => each.id === id);
const loose = () =>
  within(database.kysely, INSTALLATION, async (tx) => {
    const rows = await tx.selectFrom('loose_piece').select('blob').execute();
    return rows.map((each) => each.blob);
  });

test('the legal reason of a hold is required, sealed, and visible only to a coordinator', async () => {
  const id = await handOver();
  const hold = (reason: string | null) =>
    documents.hold(staff('coordinator'), office, appointment.id, id, reason);
  expect(await hold(' \n ')).toEqual({ ok: false, reason: 'no_reason' });
  expect(await entry(staff('coordinator'), id)).toMatchObject({ heldAt: null });
  expect(await hold(` Recurs d’alçada ${'x'.repeat(400)}`)).toEqual({ ok: true });
  const shown = await entry(staff('coordinator'), id);
  expect(shown?.heldReason).toMatch(/^Recurs d’alçada x+$/);
  expect(shown?.heldReason).toHaveLength(300);
  for (const viewer of [staff('agent'), citizen()])
    expect(await entry(viewer, id)).toMatchObject({ heldReason: null });
  const { rows } = await database.pool.query('select d::text, a::text from document d, audit a');
  for (const words of ['Recurs', Buffer.from('Recurs').toString('hex')])
    expect(JSON.stringify(rows)).not.toContain(words);
  expect(await hold(null)).toEqual({ ok: true });
  expect(await entry(staff('coordinator'), id)).toMatchObject({ heldAt: null, heldReason: null });
});

test('refused documents are counted for the staff who serve the citizen, for nobody else, and up to a limit', async () => {
  const { id: of } = appointment;
  const tooLarge = { ...paper, size: 10 ** 12 };
  const count = (viewer: StaffViewer) => documents.refusals(viewer, office, of);
  await documents.begin(citizen(), office, of, tooLarge);
  await documents.begin(citizen(), office, of, { ...paper, size: 0 });
  await documents.keep(citizen(), office, of, { ...paper, name: 'odd.svg' }, randomBytes(10));
  expect(await count(staff('agent'))).toBe(2);
  await documents.pass();
  expect(await count(staff('agent'))).toBe(3);
  expect(await count({ ...staff('agent'), staff: 9, desk: 999 })).toBe(0);
  for (let nth = 0; nth < 60; nth++) await documents.begin(citizen(), office, of, tooLarge);
  expect(await count(staff('agent'))).toBe(50);
});

test('the bytes of the last document are removed too, once the bucket is back', async () => {
  const id = await handOver();
  const { remove } = blobs;
  blobs.remove = async () => {
    throw new NoBlobs('away', new Error());
  };
  expect(await documents.withdraw(citizen(), office, appointment.id, id)).toEqual({ ok: true });
  blobs.remove = remove;
  expect(blobs.all.size).toBe(1);
  clock.advance({ minutes: 59 });
  expect(await documents.sweepOrphans()).toBe(0);
  clock.advance({ minutes: 1 });
  expect(await documents.sweepOrphans()).toBe(1);
  expect([blobs.all.size, await loose()]).toEqual([0, []]);
});

test('a piece is known before it is written, and belongs to its document afterwards', async () => {
  const { put } = blobs;
  blobs.put = async (name, bytes) => {
    expect(await loose()).toEqual([name]);
    await put(name, bytes);
    throw new NoBlobs('away', new Error('it was written, and nobody heard'));
  };
  const kept = await documents.keep(citizen(), office, appointment.id, paper, randomBytes(100));
  expect(kept).toEqual({ ok: false, reason: 'not_now' });
  expect([blobs.all.size, (await loose()).length]).toEqual([1, 1]);
  blobs.put = put;
  clock.advance({ hours: 1 });
  expect(await documents.sweepOrphans()).toBe(1);
  await handOver();
  expect([blobs.all.size, await loose()]).toEqual([1, []]);
});
