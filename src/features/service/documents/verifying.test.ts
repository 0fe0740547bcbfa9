import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { OpenBlobs } from '../../../lib/blobs/testing/memory.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { Broken } from '../../../lib/envelope/seal.ts';
import { drawDocument } from '../../../lib/pdf/document.ts';
import { testSeal } from '../../../lib/seal/testing.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { provedCitizen } from '../../booking/proof/testing.ts';
import { codeFrom, grouped, RANDOM_SIGNS, readCode } from '../verification/rules.ts';
import { newCode } from '../verification/service.ts';
import type { Documents } from './service.ts';
import { testSpace } from './testing.ts';
import type { NewDocument } from './types.ts';

const MORNING = '2026-11-30T07:00:00+01:00';
const clock = handClock(MORNING);
const { database, office, renew } = await testSpace(clock, { desks: { 'taula-1': {} } });
let blobs: OpenBlobs;
let documents: Documents;
let appointment: Appointment;

afterAll(() => database.close());
beforeEach(async () => {
  ({ blobs, documents, appointment } = await renew());
});

const staff = (over: Partial<StaffViewer> = {}): StaffViewer => ({
  ...{ kind: 'staff', staff: 1, name: 'Núria', office: office.id, role: 'agent' },
  desk: appointment.desk,
  ...over,
});
const citizen = (proved = true): Viewer =>
  proved ? provedCitizen(appointment.id) : { kind: 'citizen', appointment: appointment.id };
const result = { kind: 'outbox', requested: null, name: 'volant.pdf', type: 'application/pdf' };
/** A document without a code. */
const PLAIN = { code: '' };

/** Hands over a result to the citizen's outbox. */
async function give(
  bytes: Buffer,
  over: Partial<Omit<NewDocument, 'size'>> = {},
  viewer: Viewer = staff(),
) {
  const document = { ...result, code: newCode(), ...over } as Omit<NewDocument, 'size'>;
  const kept = await documents.keep(viewer, office, appointment.id, document, bytes);
  if (!kept.ok || !('id' in kept)) throw new Error('not kept');
  return kept.id;
}
const entryOf = async (id: string, viewer: Viewer = staff()) =>
  (await documents.list(viewer, office, appointment.id))?.find((each) => each.id === id);
const codeOf = async (id: string) => (await entryOf(id))?.code ?? '';
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
    return rows.map(({ actor, action, data }) => `${actor} ${action} ${data.fetched ?? ''}`.trim());
  });
const bytes = randomBytes(300_000);

describe('a result with a code', () => {
  test('is shown to anybody who has the code, and opens unchanged', async () => {
    const id = await give(bytes);
    await documents.pass();
    const code = await codeOf(id);
    expect(readCode(grouped(code))).toEqual({ ok: true, code });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(await documents.verify(code)).toEqual({
      id,
      office: office.id,
      madeAt: clock.now(),
      what: { standing: 'here', type: 'application/pdf', size: bytes.length, sha256, seal: null },
    });
    const opened = await documents.openByCode(code);
    expect(opened).toMatchObject({ id, code, office: office.id, madeAt: clock.now() });
    expect(Buffer.concat(await Array.fromAsync(opened!.read())).equals(bytes)).toBe(true);
  });

  test('shows a seal only in what the service itself issued: anybody can seal a file that they hand over', async () => {
    const seal = await testSeal(clock);
    const words = { name: 'Segell', by: 'Ajuntament' };
    const text = { language: 'ca', title: 'Volant', subject: 'Prova', author: 'Oficina' } as const;
    const sealed = await drawDocument(
      {
        ...text,
        at: clock.now(),
        parts: [{ as: 'H1', text: 'Volant' }],
        foot: () => '',
        margin: [],
      },
      { seal, at: clock.now(), ...words },
    );
    const ids = [await give(sealed), await give(sealed, {}, { kind: 'system', why: 'test' })];
    await documents.pass();
    const shown = await Promise.all(
      ids.map(async (id) => (await documents.verify(await codeOf(id)))?.what),
    );
    expect(shown).toMatchObject([{ seal: null }, { seal: { issuer: 'Test CA' } }]);
  });

  test('shows its code to viewers who may see its name, and to nobody else', async () => {
    const id = await give(bytes);
    expect((await entryOf(id, citizen()))?.code).toBe(await codeOf(id));
    expect((await entryOf(id, citizen(false)))?.code).toBeNull();
    await documents.pass();
    const opened = await documents.open(citizen(), office, appointment.id, id);
    expect(opened?.code).toBe(await codeOf(id));
  });

  test('has each verification on the audit trail, and the citizen can read it there', async () => {
    const id = await give(bytes);
    await documents.pass();
    const code = await codeOf(id);
    await documents.verify(code);
    clock.advance({ minutes: 1 });
    await documents.openByCode(code);
    expect(await trail()).toEqual([
      'verifier document_verified false',
      'verifier document_verified true',
    ]);
    const seen = await documents.seen(citizen(), office, appointment.id);
    expect(seen?.map(({ by, who, name }) => ({ by, who, name }))).toEqual([
      { by: 'verifier', who: null, name: 'volant.pdf' },
      { by: 'verifier', who: null, name: 'volant.pdf' },
    ]);
  });

  test('has its own code, which is stored nowhere in clear', async () => {
    const codes = [await codeOf(await give(bytes)), await codeOf(await give(bytes))];
    expect(new Set(codes).size).toBe(2);
    const rows = await within(database.kysely, INSTALLATION, (tx) =>
      tx.selectFrom('document').selectAll().execute(),
    );
    const stored = JSON.stringify(rows) + rows.map((each) => each.code?.toString('latin1')).join();
    for (const code of codes) expect(stored).not.toContain(code);
  });
});

describe('a code opens nothing', () => {
  const says = async (code: string) => [
    await documents.verify(code),
    await documents.openByCode(code),
  ];

  test('that no document has', async () => {
    expect(await says(codeFrom(randomBytes(RANDOM_SIGNS)))).toEqual([null, null]);
    expect(await says('')).toEqual([null, null]);
  });

  test('until its document was checked, and never if the check refuses it', async () => {
    const id = await give(bytes);
    const code = await codeOf(id);
    expect(await says(code)).toEqual([null, null]);
    const found = { virus: await give(bytes, { name: 'virus.pdf' }) };
    const others = [
      await codeOf(found.virus),
      await codeOf(await give(bytes, { name: 'locked.pdf' })),
      await codeOf(await give(bytes, { name: 'away.pdf' })),
    ];
    await documents.pass();
    expect(await documents.verify(code)).not.toBeNull();
    for (const each of others) expect(await says(each)).toEqual([null, null]);
    await documents.withdraw(staff(), office, appointment.id, found.virus);
    expect(await says(others[0]!)).toEqual([null, null]);
  });

  test('when its stored bytes were changed: that is an error, not an answer', async () => {
    const id = await give(bytes);
    await documents.pass();
    const code = await codeOf(id);
    for (const sealed of blobs.all.values()) sealed[100]! ^= 1;
    await expect(documents.verify(code)).rejects.toThrow(Broken);
  });

  test('on documents that can’t have one: only results can', async () => {
    const plain = await give(bytes, PLAIN);
    const inbox = await give(bytes, { kind: 'inbox', name: 'dni.pdf' }, citizen());
    const evidence = await give(bytes, { kind: 'evidence' });
    for (const id of [plain, inbox, evidence]) {
      const entry = await entryOf(id);
      expect(entry?.code).toBeNull();
      expect(entry?.shelf).toBe(id === evidence ? 'evidence' : 'working');
    }
  });
});

describe('after its retention or a withdrawal', () => {
  const hours = () => 24 * office.settings.retention.evidenceDays;

  test('it is kept like evidence; then its code says since when it is no longer kept', async () => {
    const id = await give(bytes);
    const plain = await give(bytes, PLAIN);
    await documents.pass();
    const code = await codeOf(id);
    const end = appointment.end.add({ hours: hours() });
    clock.set(end.subtract({ seconds: 1 }).toString());
    await documents.destroy(office);
    expect(await entryOf(plain)).toMatchObject({ name: null });
    expect((await documents.verify(code))?.what.standing).toBe('here');
    clock.set(end.toString());
    await documents.destroy(office);
    expect(await documents.verify(code)).toEqual({
      id,
      office: office.id,
      madeAt: Temporal.Instant.from(MORNING),
      what: { standing: 'expired', since: end },
    });
    expect(await documents.openByCode(code)).toBeNull();
    expect(blobs.all.size).toBe(0);
    const row = await within(database.kysely, office.id, (tx) =>
      tx.selectFrom('document').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    );
    expect([row.code, row.has_code]).toEqual([null, true]);
  });

  test('taken back, its code says so', async () => {
    const id = await give(bytes);
    await documents.pass();
    const code = await codeOf(id);
    clock.advance({ hours: 1 });
    expect(await documents.withdraw(staff(), office, appointment.id, id)).toEqual({ ok: true });
    const what = { standing: 'withdrawn', since: clock.now() };
    expect(await documents.verify(code)).toMatchObject({ what });
    expect(await documents.openByCode(code)).toBeNull();
  });

  test('held for a legal reason, its code works as before', async () => {
    const id = await give(bytes);
    await documents.pass();
    const code = await codeOf(id);
    const coordinator = staff({ role: 'coordinator', desk: null });
    await documents.hold(coordinator, office, appointment.id, id, 'Recurs');
    clock.set(appointment.end.add({ hours: hours() + 1 }).toString());
    await documents.destroy(office);
    expect((await documents.verify(code))?.what.standing).toBe('here');
  });
});
