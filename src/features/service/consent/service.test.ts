import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { digitsOf } from '../../../domain/one-time-code.ts';
import { memoryBlobs } from '../../../lib/blobs/testing/memory.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { testSeal } from '../../../lib/seal/testing.ts';
import { pdfText } from '../../../lib/testing/pdf.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { countDueEvidence } from '../../../wiring/due.ts';
import { readDeletionPreview } from '../../booking/administration/views.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { provedCitizen } from '../../booking/proof/testing.ts';
import { createAuditSeals } from '../../foundation/audit/service.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import type { Documents } from '../documents/service.ts';
import { testDocuments } from '../documents/testing.ts';
import type { NewDocument } from '../documents/types.ts';
import { createEncounter, type EncounterService } from '../encounter/service.ts';
import type { IdentityCheck } from '../encounter/types.ts';
import { grouped } from '../verification/rules.ts';
import { newCode } from '../verification/service.ts';
import { hashOf } from './rules.ts';
import type { Consent } from './service.ts';
import { TEST_KEY, testConsent } from './testing.ts';
import type { ActDraft } from './types.ts';

const named = (name: string) => ({ ca: name, es: name, en: name, eu: name });
const MONDAY = '2026-11-30T07:00:00+01:00';
const clock = handClock(MONDAY);
const habilitation = {
  ...{ email: 'nuria@vila.cat', name: 'Núria Roca', post: 'Informadora', order: 'Decret 1' },
  since: '2026-01-01',
};
const settings = {
  acts: [
    {
      code: 'alta',
      name: named('Alta'),
      text: named('Jo, {citizen}, davant {official}: {details}'),
      level: 'substantial' as const,
      handsIn: false,
    },
    {
      code: 'volant',
      name: named('Volant'),
      text: named('Jo, {citizen}, el {date}'),
      level: 'substantial' as const,
      handsIn: false,
    },
  ],
  habilitated: [
    { ...habilitation, until: '2026-12-31' },
    { ...habilitation, email: 'pere@vila.cat', name: 'Pere', until: '2026-06-30' },
  ],
};
let database: TestDatabase;
let office: Office;
let other: Office;
let documents: Documents;
let encounter: EncounterService;
let consent: Consent;
let appointment: Appointment;
let staffIds: Record<'nuria' | 'pere' | 'jordi', number>;
let book: (at: Office) => Promise<Appointment>;
let change: (viewer: Viewer, to: Appointment['citizen']) => Promise<{ ok: boolean }>;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const { offices, bookVideo, appointments } = testAppointments(database, clock);
  const desks = { 'taula-1': {}, 'taula-2': {}, 'taula-3': {} };
  const shifts = { settings, desks };
  office = await offices.byId(await testOffice(db, shifts));
  other = await offices.byId(await testOffice(db, { code: 'hisenda', ...shifts }));
  book = bookVideo;
  change = (viewer, to) => appointments.changeContact(viewer, office, appointment.id, to);
  const add = (email: string) =>
    within(db, INSTALLATION, async (tx) => {
      const row = tx.insertInto('staff').values({ email: `${email}@vila.cat`, name: email });
      return (await row.returning('id').executeTakeFirstOrThrow()).id;
    });
  staffIds = { nuria: await add('nuria'), pere: await add('pere'), jordi: await add('jordi') };
  documents = testDocuments(database, clock, memoryBlobs());
  const staff = { namesOf: async () => new Map() };
  encounter = createEncounter({ db, clock, staff, unit: testUnit(db, clock) });
  const seal = await testSeal(clock);
  consent = testConsent(database, clock, { offices, documents, seal });
});
afterAll(() => database.close());

beforeEach(async () => {
  clock.set(MONDAY);
  appointment = await book(office);
});

const official = (who: keyof typeof staffIds = 'nuria', over: Partial<StaffViewer> = {}) =>
  ({
    ...{ kind: 'staff', staff: staffIds[who], name: who, office: office.id, role: 'coordinator' },
    ...{ desk: appointment.desk, ...over },
  }) as StaffViewer;
const citizen = (of = appointment): Viewer => ({ kind: 'citizen', appointment: of.id });
const proved = (): Viewer => provedCitizen(appointment.id);
const at = (id: string) => [office, appointment.id, id] as const;

async function attend(identity: IdentityCheck | null = 'shown', of = appointment, where = office) {
  const viewer = official('nuria', { office: where.id });
  await encounter.start(viewer, where, of.id, { anyway: true });
  const draft = { items: [], identity, identityNote: 'DNI vigent', notes: '', wrapUp: null };
  const saved = await encounter.save(viewer, where, { appointment: of.id }, 1, {
    ...draft,
    points: [],
  });
  expect(saved).toMatchObject({ ok: true });
}

const DRAFT: ActDraft = {
  ...({ template: 'alta', language: 'ca', details: 'Alta al carrer Nou, 1' } as const),
  ...{ documents: [], mayBeAttended: true },
};
async function prepare(draft: Partial<ActDraft> = {}, viewer = official()): Promise<string> {
  const made = await consent.prepare(viewer, office, appointment.id, { ...DRAFT, ...draft });
  if (!made.ok) throw new Error(JSON.stringify(made));
  return made.id;
}

/** Returns the code that was sent last for an act. */
async function codeOf(id: string): Promise<string> {
  const row = await within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('one_time_code')
      .select('id')
      .where('purpose', '=', `act ${id}`)
      .orderBy('made_at', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow(),
  );
  return digitsOf(TEST_KEY, row.id);
}
async function consented(draft: Partial<ActDraft> = {}): Promise<string> {
  const id = await prepare(draft);
  expect(await consent.sendCode(citizen(), ...at(id))).toMatchObject({ ok: true });
  const done = await consent.consentByCode(citizen(), ...at(id), await codeOf(id));
  expect(done).toMatchObject({ ok: true });
  return id;
}
const stateOf = async (id: string) =>
  (await consent.list(official(), office, appointment.id))?.find((each) => each.id === id)?.state;
const trailOf = (id: string) =>
  within(database.kysely, office.id, async (tx) => {
    const rows = await tx
      .selectFrom('audit')
      .select(['actor', 'action', 'data'])
      .orderBy('id')
      .execute();
    return rows.filter(({ data }) => data.act === id);
  });
const shortcutsOf = (shelf: string) =>
  within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('space_key')
      .select('shelf')
      .where('space_id', '=', appointment.id)
      .where('shelf', '=', shelf)
      .execute(),
  );

describe('an act', () => {
  test('is read by the citizen with its blanks filled in, and gets a consent with its own code', async () => {
    await attend();
    const id = await prepare();
    const asked = await consent.read(citizen(), ...at(id));
    expect(asked?.record?.text).toBe(
      'Jo, Rosa, davant Núria Roca (Informadora): Alta al carrer Nou, 1',
    );
    expect(asked?.record?.consent).toBeNull();
    expect(await consent.sendCode(citizen(), ...at(id))).toMatchObject({ ok: true });
    clock.advance({ minutes: 2 });
    const code = await codeOf(id);
    const wrong = code === '000000' ? '000001' : '000000';
    const tried = await consent.consentByCode(citizen(), ...at(id), wrong);
    expect(tried).toEqual({ ok: false, reason: 'wrong', left: 4 });
    const done = await consent.consentByCode(citizen(), ...at(id), ` ${code} `);
    expect(done).toEqual({ ok: true, secret: expect.any(String) });
    const seen = await consent.read(official(), ...at(id));
    expect(seen).toMatchObject({ state: 'consented', method: 'code', isMine: true });
    expect(seen?.record).toMatchObject({
      ...{ version: 3, act: id, template: 'alta', language: 'ca', title: 'Alta' },
      office: { code: 'oac', name: 'Oficina oac' },
      citizen: { name: 'Rosa', onBehalfOf: null, mayBeAttended: true },
      official: { staff: staffIds.nuria, order: 'Decret 1', since: '2026-01-01' },
      identity: { check: 'shown', note: 'DNI vigent' },
      preparedAt: '2026-11-30T06:00:00Z',
      consent: {
        ...{ method: 'code', heard: null, at: '2026-11-30T06:02:00Z' },
        code: { channel: 'sms', to: appointment.citizen.phone?.slice(-3), setBy: 'citizen' },
        ...{ browser: null, witness: null, identity: null, insiders: [] },
      },
    });
    const trail = await trailOf(id);
    expect(trail.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      ...[`staff:${staffIds.nuria} act_prepared`, 'citizen act_consented'],
      `staff:${staffIds.nuria} act_read`,
    ]);
    expect(trail[1]?.data).toEqual({ act: id, method: 'code', hash: seen?.hash });
  });

  test('can be said aloud and then be answered with the code', async () => {
    await attend();
    const id = await prepare();
    await consent.hear(official(), ...at(id));
    await consent.sendCode(citizen(), ...at(id));
    const done = await consent.consentByCode(citizen(), ...at(id), await codeOf(id));
    expect(done).toMatchObject({ ok: true });
    expect(await consent.verify(office.id)).toMatchObject({ ok: true });
  });

  test('needs all of: said aloud, heard by the official, confirmed by the citizen', async () => {
    await attend();
    const id = await prepare();
    expect(await consent.confirm(citizen(), ...at(id))).toEqual({ ok: false, reason: 'not_heard' });
    expect(await consent.hear(official(), ...at(id))).toEqual({ ok: true });
    expect(await stateOf(id)).toBe('prepared');
    expect(await consent.confirm(official(), ...at(id))).toMatchObject({ reason: 'not_found' });
    clock.advance({ seconds: 30 });
    expect(await consent.confirm(citizen(), ...at(id))).toMatchObject({ reason: 'needs_proof' });
    expect(await consent.confirm(proved(), ...at(id))).toEqual({ ok: true, secret: null });
    const seen = await consent.read(official(), ...at(id));
    expect(seen?.record?.consent).toEqual({
      ...{ method: 'spoken', code: null, heard: '2026-11-30T06:00:00Z' },
      ...{ witness: null, identity: null, insiders: [], at: '2026-11-30T06:00:30Z' },
      browser: { channel: 'sms', to: '078', setBy: 'citizen', at: '2026-11-30T06:00:00Z' },
    });
    expect(await consent.verify(office.id)).toMatchObject({ ok: true });
  });

  test('proves nothing if the official could be the citizen; then a second member of staff hears it', async () => {
    const changer = official('nuria', { role: 'agent' });
    const to = { ...appointment.citizen, phone: '+34611111111' };
    expect(await change(changer, to)).toMatchObject({ ok: true });
    await attend();
    const id = await prepare();
    expect(await consent.read(official(), ...at(id))).toMatchObject({ isIndependent: false });
    const refused = { ok: false, reason: 'not_independent' };
    expect(await consent.sendCode(citizen(), ...at(id))).toEqual(refused);
    expect(await consent.consentByCode(official(), ...at(id), '123456')).toEqual(refused);
    expect(await consent.consentByCode(proved(), ...at(id), '123456')).toEqual(refused);
    expect(await consent.witness(official('jordi'), ...at(id))).toMatchObject({
      reason: 'not_heard',
    });
    expect(await consent.hear(official(), ...at(id))).toEqual({ ok: true });
    expect(await consent.confirm(proved(), ...at(id))).toEqual(refused);
    expect(await consent.witness(official(), ...at(id))).toEqual(refused);
    expect(await consent.witness(official('jordi'), ...at(id))).toEqual({ ok: true, secret: null });
    const seen = await consent.read(official(), ...at(id));
    expect(seen).toMatchObject({ state: 'consented', method: 'witnessed' });
    expect(seen?.record?.consent).toMatchObject({
      witness: { staff: staffIds.jordi, name: 'jordi' },
      insiders: [`staff:${staffIds.nuria}`],
    });
    expect(await consent.verify(office.id)).toMatchObject({ ok: true });
  });

  test('gets a consent by telephone: the official types the code that was read out', async () => {
    await attend();
    const id = await prepare();
    await consent.sendCode(official(), ...at(id));
    const code = await codeOf(id);
    const colleague = official('jordi');
    const tried = await consent.consentByCode(colleague, ...at(id), code);
    expect(tried).toMatchObject({ ok: false });
    expect(await consent.hear(colleague, ...at(id))).toEqual(NOT_FOUND);
    const done = await consent.consentByCode(official(), ...at(id), code);
    expect(done).toEqual({ ok: true, secret: null });
    const seen = await consent.read(official(), ...at(id));
    expect(seen?.record?.consent).toMatchObject({ method: 'code_by_phone' });
  });

  test('refuses a code of another act, or of the documents', async () => {
    await attend();
    const [one, two] = [await prepare(), await prepare({ template: 'volant' })];
    await consent.sendCode(citizen(), ...at(one));
    const code = await codeOf(one);
    const tried = await consent.consentByCode(citizen(), ...at(two), code);
    expect(tried).toEqual({ ok: false, reason: 'ended' });
    expect(await stateOf(two)).toBe('prepared');
  });

  test.each(['decline', 'withdraw'] as const)(
    'keeps none of its contents after %s',
    async (what) => {
      await attend();
      const id = await prepare();
      expect(await shortcutsOf('evidence')).toHaveLength(1);
      const ended =
        what === 'decline'
          ? await consent.decline(citizen(), ...at(id))
          : await consent.withdraw(official('jordi'), ...at(id));
      expect(ended).toEqual({ ok: true });
      expect(await stateOf(id)).toBe(what === 'decline' ? 'declined' : 'withdrawn');
      expect(await consent.read(official(), ...at(id))).toMatchObject({ record: null, hash: null });
      expect(await shortcutsOf('evidence')).toHaveLength(0);
      const again = await consent.confirm(citizen(), ...at(id));
      expect(again).toEqual({ ok: false, reason: 'over' });
    },
  );

  test('is settled once, however many answers come at the same time', async () => {
    await attend();
    const id = await prepare();
    await consent.hear(official(), ...at(id));
    const answers = await Promise.all([
      ...[1, 2, 3].map(() => consent.confirm(citizen(), ...at(id))),
      consent.decline(citizen(), ...at(id)),
      consent.withdraw(official(), ...at(id)),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const settled = (await trailOf(id)).filter(({ action }) =>
      ['act_consented', 'act_declined', 'act_withdrawn'].includes(action),
    );
    expect(settled).toHaveLength(1);
    expect(await consent.verify(office.id)).toMatchObject({ ok: true });
  });

  test('expires after two hours, and with the end of the encounter', async () => {
    await attend();
    const [one, two] = [await prepare(), await prepare()];
    await consent.hear(official(), ...at(one));
    clock.advance({ hours: 2 });
    expect(await stateOf(one)).toBe('expired');
    expect(await consent.confirm(citizen(), ...at(one))).toEqual({ ok: false, reason: 'over' });
    await consent.pass();
    expect((await trailOf(two)).at(-1)).toMatchObject({ actor: 'system', action: 'act_expired' });
    const three = await prepare();
    const draft = { items: [], identity: 'shown', identityNote: '', notes: '' } as const;
    const item = { kind: 'query', procedure: null, query: null, label: 'Res', outcome: 'answered' };
    const closing = { ...draft, items: [item], wrapUp: 'solved', points: [] } as never;
    const closed = await encounter.close(
      official(),
      office,
      { appointment: appointment.id },
      2,
      closing,
    );
    expect(closed).toMatchObject({ ok: true });
    expect(await stateOf(three)).toBe('expired');
    expect(await consent.hear(official(), ...at(three))).toEqual({ ok: false, reason: 'over' });
  });
});

describe('a viewer without the right', () => {
  const refusal = async (viewer: StaffViewer, draft: Partial<ActDraft> = {}, where = office) => {
    const made = await consent.prepare(viewer, where, appointment.id, { ...DRAFT, ...draft });
    return made.ok ? 'prepared' : made.reason;
  };

  test('can’t prepare: outside the register or its days, before identification, or outside the encounter', async () => {
    expect(await refusal(official())).toBe('not_open');
    await attend('none');
    expect(await refusal(official())).toBe('not_identified');
    expect(await refusal(official('jordi'))).toBe('not_habilitated');
    expect(await refusal(official('pere'))).toBe('not_habilitated');
    const options = await consent.options(official('pere'), office, appointment.id);
    expect(options).toMatchObject({ ineligibility: 'not_habilitated' });
  });

  test('of another office or another desk gets “not found”', async () => {
    await attend();
    const id = await prepare();
    const elsewhere = official('nuria', { office: other.id });
    const agent = official('jordi', { role: 'agent', desk: -1 });
    const stranger = citizen(await book(office));
    for (const viewer of [elsewhere, agent]) {
      const where = viewer.office === office.id ? office : other;
      expect(await refusal(viewer, {}, where)).toBe('not_found');
      expect(await consent.options(viewer, where, appointment.id)).toBeNull();
      expect(await consent.withdraw(viewer, where, appointment.id, id)).toMatchObject(NOT_FOUND);
    }
    for (const viewer of [agent, stranger]) {
      expect(await consent.list(viewer, office, appointment.id)).toBeNull();
      expect(await consent.read(viewer, ...at(id))).toBeNull();
      expect(await consent.sendCode(viewer, ...at(id))).toMatchObject(NOT_FOUND);
      expect(await consent.consentByCode(viewer, ...at(id), '123456')).toMatchObject(NOT_FOUND);
      expect(await consent.confirm(viewer, ...at(id))).toMatchObject(NOT_FOUND);
      expect(await consent.decline(viewer, ...at(id))).toMatchObject(NOT_FOUND);
    }
    expect(await consent.read(official(), office, appointment.id, randomUUID())).toBeNull();
    expect(await consent.decline(official(), ...at(id))).toMatchObject(NOT_FOUND);
    expect(await stateOf(id)).toBe('prepared');
  });

  test('can’t take a consent once the habilitation has ended', async () => {
    clock.set('2026-12-31T23:30:00+01:00');
    await attend();
    const id = await prepare();
    await consent.hear(official(), ...at(id));
    clock.set('2027-01-01T00:10:00+01:00');
    const confirmed = await consent.confirm(citizen(), ...at(id));
    expect(confirmed).toEqual({ ok: false, reason: 'not_habilitated' });
    expect(await stateOf(id)).toBe('prepared');
  });

  test('with only the link reads an act while it awaits an answer, without names of documents', async () => {
    await attend();
    const paper = { kind: 'inbox', requested: null, name: 'DNI.pdf', type: 'x/y' } as const;
    const bytes = randomBytes(70_000);
    const kept = await documents.keep(citizen(), office, appointment.id, paper, bytes);
    await documents.pass();
    const document = kept.ok && 'id' in kept ? kept.id : '';
    const id = await consented({ documents: [document] });
    const seen = await consent.read(proved(), ...at(id));
    expect(seen?.record?.documents).toEqual([
      {
        ...{ id: document, name: 'DNI.pdf', type: 'application/pdf', size: 70_000 },
        sha256: hashOf(bytes as unknown as string),
      },
    ]);
    expect(await consent.read(citizen(), ...at(id))).toMatchObject({ record: null, hash: null });
    const next = await prepare({ documents: [document] });
    const asked = await consent.read(citizen(), ...at(next));
    expect(asked?.record?.documents).toMatchObject([{ name: '' }]);
    const opened = await documents.seen(proved(), office, appointment.id);
    expect(opened).toEqual([]);
  });
});

const NOT_FOUND = { ok: false, reason: 'not_found' };

describe('the copy', () => {
  const outbox = async () =>
    (await documents.list(proved(), office, appointment.id))?.filter((d) => d.kind === 'outbox') ??
    [];

  test('is a PDF among the citizen’s documents, made once, even after interruptions', async () => {
    await attend();
    const id = await consented();
    await consent.pass();
    expect(await consent.pass()).toBe(0);
    await documents.pass();
    const [copy, ...more] = await outbox();
    expect(more).toEqual([]);
    expect(copy).toMatchObject({
      name: 'Consentiment - Alta.pdf',
      shelf: 'evidence',
      madeBy: 'system',
    });
    const seen = await consent.read(official(), ...at(id));
    expect(seen?.copy).toBe(copy?.id);
    const taken = await documents.withdraw(official(), office, appointment.id, copy!.id);
    expect(taken).toEqual(NOT_FOUND);
    const opened = await documents.open(proved(), office, appointment.id, copy!.id);
    const bytes = Buffer.concat(await Array.fromAsync(opened!.read()));
    expect(bytes.subarray(0, 8).toString()).toBe('%PDF-1.7');
    const trail = await trailOf(id);
    const copied = trail.find(({ action }) => action === 'act_copied');
    expect(copied?.data).toMatchObject({ document: copy?.id, hash: hashOf(bytes as never) });
  });

  test('shows the code with which anybody can fetch it, until it is destroyed', async () => {
    await attend();
    await consented();
    await consent.pass();
    await documents.pass();
    const code = (await outbox())[0]?.code ?? '';
    const bytesOf = async () => {
      const opened = await documents.openByCode(code);
      return opened && Buffer.concat(await Array.fromAsync(opened.read()));
    };
    const { text } = await pdfText((await bytesOf())!);
    expect(text).toContain(grouped(code));
    expect(text).toContain('https://cita.vila.cat/ca/verify');
    const seal = { issuer: 'Test CA', stampedAt: null, at: clock.now() };
    expect((await documents.verify(code))?.what).toMatchObject({ seal });

    const over = appointment.end.add({ hours: 24 * 1825 });
    clock.set(over.subtract({ seconds: 1 }).toString());
    await documents.destroy(office);
    expect((await documents.verify(code))?.what).toMatchObject({ standing: 'here' });
    clock.set(over.toString());
    await documents.destroy(office);
    await consent.destroy(office);
    expect((await documents.verify(code))?.what).toEqual({ standing: 'expired', since: over });
    expect(await bytesOf()).toBeNull();
  });

  test('is continued after a crash, and announced to the citizen once', async () => {
    await attend();
    const id = await consented();
    const { copy } = (await consent.list(official(), office, appointment.id))!.find(
      (each) => each.id === id,
    )!;
    const begun = await documents.begin(
      { kind: 'system', why: 'died' },
      office,
      appointment.id,
      whatIsBegun(copy),
    );
    expect(begun).toEqual({ ok: true, id: copy });
    await consent.pass();
    await documents.pass();
    expect(await outbox()).toMatchObject([{ id: copy, state: 'clean' }]);
  });

  test.each([
    ['longer', (what: NewDocument) => ({ ...what, size: what.size + 1 })],
    ['shorter', (what: NewDocument) => ({ ...what, size: what.size - 1 })],
    ['without a code', ({ code: _, ...what }: NewDocument) => what],
  ])('that another version began %s is begun again', async (_, asBegun) => {
    await attend();
    const id = await consented();
    const { copy } = (await consent.read(official(), ...at(id)))!;
    const what = asBegun(whatIsBegun(copy));
    await documents.begin({ kind: 'system', why: 'died' }, office, appointment.id, what);
    await consent.pass();
    await documents.pass();
    const [made] = await outbox();
    expect(made).toMatchObject({ id: copy, state: 'clean' });
    const opened = await documents.openByCode(made!.code!);
    const { text } = await pdfText(Buffer.concat(await Array.fromAsync(opened!.read())));
    expect(text).toContain(grouped(made!.code!));
  });

  test('is begun again if the copy of another version was destroyed meanwhile', async () => {
    await attend();
    const id = await consented();
    const { copy } = (await consent.read(official(), ...at(id)))!;
    const { code: _, ...what } = whatIsBegun(copy);
    await documents.begin({ kind: 'system', why: 'died' }, office, appointment.id, what);
    clock.set(appointment.end.add({ hours: 73 }).toString());
    expect(await documents.destroy(office)).toBe(1);
    await consent.pass();
    await documents.pass();
    const opened = await documents.open(proved(), office, appointment.id, copy);
    expect(opened?.name).toBe('Consentiment - Alta.pdf');
  });

  /** Returns a copy as another version of the job announced it. */
  const whatIsBegun = (copy: string) => ({
    ...({ kind: 'outbox', requested: null, name: 'Alta.pdf', code: newCode() } as const),
    ...{ id: copy, type: 'application/pdf', size: 20_000 },
  });
});

describe('an act with a consent', () => {
  test('is kept longer than the working documents, and is destroyed like evidence, with a certificate', async () => {
    await attend();
    const id = await consented();
    await consent.pass();
    await documents.pass();
    const seals = createAuditSeals({ db: database.kysely, clock, key: TEST_KEY });
    clock.advance({ hours: 24 * 30 });
    expect(await consent.destroy(office)).toBe(0);
    await documents.destroy(office);
    expect((await consent.read(official(), ...at(id)))?.record?.title).toBe('Alta');
    const { hash } = (await consent.read(official(), ...at(id)))!;
    const counted = (periods: Partial<Office['settings']['retention']>) =>
      within(database.kysely, office.id, (tx) =>
        readDeletionPreview(
          tx,
          office.id,
          { ...office.settings, retention: { ...office.settings.retention, ...periods } },
          clock.now(),
          countDueEvidence,
        ),
      );
    expect(await counted({})).toMatchObject({ documents: 0, acts: 0 });
    const due = await counted({ evidenceDays: 1 });
    clock.advance({ hours: 24 * 1825 });
    expect(await documents.destroy(office)).toBe(due.documents);
    expect(due.documents).toBeGreaterThan(0);
    expect(await shortcutsOf('evidence')).toHaveLength(1);
    expect(await consent.destroy(office)).toBe(due.acts);
    expect(due.acts).toBeGreaterThan(0);
    expect(await shortcutsOf('evidence')).toHaveLength(0);
    expect(await consent.read(official(), ...at(id))).toMatchObject({ record: null, hash: null });
    const certificate = (await trailOf(id)).find(({ action }) => action === 'act_destroyed');
    expect(certificate).toMatchObject({ actor: 'system', data: { act: id, hash } });
    expect(await consent.verify(office.id)).toMatchObject({ ok: true });
    await seals.seal(office.id);
    expect(await seals.verify(office.id)).toMatchObject({ ok: true });
  });

  test('is kept while a legal reason holds its copy', async () => {
    await attend();
    const id = await consented();
    await consent.pass();
    await documents.pass();
    const { copy } = (await consent.read(official(), ...at(id)))!;
    await documents.hold(official(), office, appointment.id, copy, 'Recurs');
    clock.advance({ hours: 24 * 4000 });
    await consent.destroy(office);
    expect((await consent.read(official(), ...at(id)))?.record).not.toBeNull();
  });
});
