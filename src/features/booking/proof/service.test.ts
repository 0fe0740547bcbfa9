import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { digitsOf } from '../../../domain/one-time-code.ts';
import type { Citizen } from '../../../domain/person.ts';
import { SCOPES } from '../../../domain/scopes.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { installationKey } from '../../../lib/secrets.ts';
import type { CitizenViewer, StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { stopToken } from '../../foundation/notices/links.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { type Assistance, createAssistance } from '../../service/assistance/service.ts';
import type { Documents } from '../../service/documents/service.ts';
import { testDocuments } from '../../service/documents/testing.ts';
import { createOneTimeCodes, type OneTimeCodes } from '../../service/one-time-codes/service.ts';
import { testAppointments } from '../appointments/testing.ts';
import { createObjecting, type Objecting } from '../objecting/service.ts';
import { createProofs, type Proofs } from './service.ts';

/*
 * Who can become the citizen of an appointment: by changing where codes go, by holding the link, or by both. On a real database,
 * with the services that the pages, the console and the API call.
 */

const MONDAY = '2026-11-30T07:00:00+01:00';
const HIS_PHONE = '+34611111111';
const KEY = installationKey(Buffer.alloc(32, 7));
const clock = handClock(MONDAY);

let database: TestDatabase;
let office: Office;
let town: ReturnType<typeof testAppointments>;
let codes: OneTimeCodes;
let proofs: Proofs;
let documents: Documents;
let desk: Assistance;
let objecting: Objecting;
let rosa: Appointment;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  town = testAppointments(database, clock);
  const desks = { 'taula-1': {}, 'taula-2': {}, 'taula-3': {} };
  office = await town.offices.byId(await testOffice(db, { desks }));
  codes = createOneTimeCodes({ db, clock, key: KEY, isReached: () => true, unit: town.unit });
  proofs = createProofs({ db, clock, unit: town.unit });
  documents = testDocuments(database, clock);
  desk = createAssistance({ appointments: town.appointments, unit: town.unit });
  objecting = createObjecting({ database, keys: { links: KEY }, unit: town.unit });
});
afterAll(() => database.close());

beforeEach(async () => {
  clock.set(MONDAY);
  rosa = await town.bookVideo(office);
});

const link = (): CitizenViewer => ({ kind: 'citizen', appointment: rosa.id });
const token: Viewer = { kind: 'token', token: 2, office: 1, scopes: new Set(SCOPES) };
const agent = (staff: number, over: Partial<StaffViewer> = {}): StaffViewer => ({
  ...({
    kind: 'staff',
    staff,
    name: `Persona ${staff}`,
    office: office.id,
    role: 'agent',
  } as const),
  desk: rosa.desk,
  ...over,
});

/** Rosa hands a paper over, by her link. */
async function handOver(): Promise<void> {
  const paper = {
    kind: 'inbox',
    requested: null,
    name: 'dni.pdf',
    type: 'application/pdf',
  } as const;
  const kept = await documents.keep(link(), office, rosa.id, paper, randomBytes(100));
  expect(kept.ok).toBe(true);
  await documents.pass();
}

const changeContact = (viewer: Viewer, to: Partial<Citizen>) =>
  town.appointments.changeContact(viewer, office, rosa.id, { ...rosa.citizen, ...to });
const now = async () => (await town.appointments.byId(office, rosa.id))!;

interface Sent {
  id: string;
  kind: string;
  channel: string;
  recipient: string;
  language: string;
  facts: { code?: string; contact?: unknown };
}
const noticesOf = (kind: string): Promise<Sent[]> =>
  within(database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('notice')
      .select(['id', 'kind', 'channel', 'recipient', 'language', 'facts'])
      .where('appointment_id', '=', rosa.id)
      .where('kind', '=', kind)
      .orderBy('created_at')
      .orderBy('channel')
      .execute(),
  ) as Promise<Sent[]>;
/** Sends the pending notices of the outbox. */
const sendAll = () =>
  within(database.kysely, INSTALLATION, (tx) =>
    tx
      .updateTable('notice')
      .set({ sent_at: clock.now().toString() })
      .where('appointment_id', '=', rosa.id)
      .where('sent_at', 'is', null)
      .where('dropped_at', 'is', null)
      .execute(),
  );

/** Asks for a code, and types what went to `address`. Answers the viewer of that browser, or why there is none. */
async function prove(address: string): Promise<CitizenViewer | string> {
  const sent = await codes.send(rosa, 'documents');
  if (!sent.ok) return sent.reason;
  const code = (await noticesOf('code')).findLast((each) => each.recipient === address);
  if (!code) return `went to ${sent.to.recipient}`;
  const entered = await codes.enter(await now(), 'documents', digitsOf(KEY, code.facts.code ?? ''));
  if (!entered.ok) return entered.reason;
  return { ...link(), proof: await proofs.find(rosa, entered.secret) };
}
const trail = () =>
  within(database.kysely, office.id, async (tx) => {
    const rows = await tx
      .selectFrom('audit')
      .select(['actor', 'action', 'data'])
      .where('appointment_id', '=', rosa.id)
      .orderBy('id')
      .execute();
    return rows.map(({ actor, action, data }) => ({ actor, action, data }));
  });

describe('whoever holds the link alone', () => {
  test('changes nothing of how its citizen is reached once there are papers', async () => {
    await handOver();
    expect(await changeContact(link(), { phone: HIS_PHONE })).toEqual({
      ok: false,
      reason: 'needs_proof',
    });
    expect((await now()).citizen.phone).toBe(rosa.citizen.phone);
  });

  test('who gave a number before there were papers gets no code there for a day after she was told', async () => {
    await changeContact(link(), { phone: HIS_PHONE });
    await handOver();
    expect(await prove(HIS_PHONE)).toBe(`went to ${rosa.citizen.email}`);
    clock.advance({ hours: 30 });
    expect(await prove(HIS_PHONE)).toBe(`went to ${rosa.citizen.email}`);
    await sendAll();
    clock.advance({ hours: 23 });
    expect(await prove(HIS_PHONE)).toBe(`went to ${rosa.citizen.email}`);
    clock.advance({ hours: 2 });
    expect(await prove(HIS_PHONE)).toMatchObject({ proof: { channel: 'sms', setBy: 'citizen' } });
  });

  test('can’t say that the new number is theirs, without a code from the other address', async () => {
    await changeContact(link(), { phone: HIS_PHONE });
    expect(await proofs.confirm(link(), office, 'phone')).toEqual({
      ok: false,
      reason: 'needs_proof',
    });
  });
});

describe('Rosa herself', () => {
  test('with a code changes her number, goes on in her browser, and is sent codes there', async () => {
    await handOver();
    const other = (await prove(rosa.citizen.phone!)) as CitizenViewer;
    clock.advance({ minutes: 2 });
    const her = (await prove(rosa.citizen.phone!)) as CitizenViewer;
    expect(await changeContact(her, { phone: '+34622222222' })).toMatchObject({ ok: true });
    const left = await within(database.kysely, office.id, (tx) =>
      tx
        .selectFrom('proved_browser')
        .select('hash')
        .where('appointment_id', '=', rosa.id)
        .execute(),
    );
    expect(left.map((each) => each.hash.toString('hex'))).toEqual([her.proof?.browser]);
    expect(other.proof?.browser).not.toBe(her.proof?.browser);
    clock.advance({ minutes: 2 });
    expect(await documents.list(her, office, rosa.id)).toHaveLength(1);
    expect(await prove('+34622222222')).toMatchObject({ proof: { setBy: 'citizen' } });
  });

  test('confirms by mail what the office wrote down for her', async () => {
    await changeContact(agent(7), { phone: '+34622222222' });
    const her = (await prove(rosa.citizen.email!)) as CitizenViewer;
    expect(await proofs.confirm(her, office, 'phone')).toEqual({ ok: true });
    clock.advance({ minutes: 2 });
    expect(await prove('+34622222222')).toMatchObject({ proof: { setBy: 'staff:7' } });
    expect((await trail()).map((each) => `${each.actor} ${each.action}`)).toContain(
      'citizen address_confirmed',
    );
  });

  test('is told at every address that she had, in her language, and with no link in it', async () => {
    await changeContact(agent(7), { email: 'mallory@example.cat', phone: HIS_PHONE });
    const told = await noticesOf('contact');
    expect(
      told.map(({ channel, recipient, language }) => ({ channel, recipient, language })),
    ).toEqual([
      { channel: 'email', recipient: rosa.citizen.email, language: 'ca' },
      { channel: 'sms', recipient: rosa.citizen.phone, language: 'ca' },
    ]);
    expect(told[0]?.facts.contact).toMatchObject({ changed: ['email', 'phone'], by: 'office' });
  });

  test('is told also where her appointment is called off afterwards', async () => {
    await changeContact(agent(7), { phone: HIS_PHONE });
    await town.appointments.cancel(agent(7), office, rosa.id, '');
    await sendAll();
    expect(await noticesOf('contact')).toHaveLength(2);
    const dropped = await within(database.kysely, INSTALLATION, (tx) =>
      tx
        .selectFrom('notice')
        .select('id')
        .where('kind', '=', 'contact')
        .where('dropped_at', 'is not', null)
        .execute(),
    );
    expect(dropped).toEqual([]);
  });

  test('who says that it wasn’t her stops it for good, and the office is told', async () => {
    await changeContact(agent(7), { phone: HIS_PHONE });
    await sendAll();
    const [mail] = await noticesOf('contact');
    const message = stopToken(KEY, mail!.id);
    expect(await objecting.find(message)).toMatchObject({
      state: 'open',
      reference: rosa.reference,
    });
    expect(await objecting.object(message)).toMatchObject({ state: 'disputed' });
    expect(await objecting.object(message)).toMatchObject({ state: 'disputed' });
    clock.advance({ hours: 100 });
    expect(await prove(HIS_PHONE)).toBe(`went to ${rosa.citizen.email}`);
    const events = await town.appointments.events(rosa);
    expect(events.filter((each) => each.kind === 'contact_disputed')).toHaveLength(1);
    expect((await trail()).map((each) => `${each.actor} ${each.action}`)).toContain(
      'addressee contact_disputed',
    );
  });

  test('who says so after it was changed once more stops that too', async () => {
    await changeContact(agent(7), { phone: HIS_PHONE });
    await sendAll();
    const [mail] = await noticesOf('contact');
    await changeContact(agent(7), { phone: '+34622222222' });
    await sendAll();
    expect(await objecting.object(stopToken(KEY, mail!.id))).toMatchObject({ state: 'disputed' });
    await changeContact(agent(7), { phone: '+34633333333' });
    await sendAll();
    clock.advance({ hours: 100 });
    expect(await prove('+34633333333')).toBe(`went to ${rosa.citizen.email}`);
  });

  test('nobody was told by a mail that came back', async () => {
    await changeContact(agent(7), { email: 'mallory@example.cat', phone: HIS_PHONE });
    await sendAll();
    await within(database.kysely, INSTALLATION, (tx) =>
      tx
        .updateTable('notice')
        .set({ bounced_at: clock.now().toString() })
        .where('kind', '=', 'contact')
        .execute(),
    );
    clock.advance({ hours: 100 });
    expect(await prove(HIS_PHONE)).toBe('frozen');
  });

  test('whose number was mended twice since can’t stop what stands now by an old message', async () => {
    await changeContact(agent(7), { phone: HIS_PHONE });
    const [mail] = await noticesOf('contact');
    await changeContact(agent(7), { phone: rosa.citizen.phone });
    expect(await objecting.object(stopToken(KEY, mail!.id))).toMatchObject({ state: 'over' });
    expect(await prove(rosa.citizen.phone!)).toMatchObject({ proof: { setBy: 'citizen' } });
  });
});

describe('a new e-mail address', () => {
  test('makes another link, and the one before opens nothing', async () => {
    const before = town.appointments.secretOf(rosa);
    const changed = await changeContact(link(), { email: 'rosa@exemple.cat' });
    if (!changed.ok) throw new Error(changed.reason);
    const after = town.appointments.secretOf(changed.appointment);
    expect(await town.appointments.bySecret(before)).toBeNull();
    expect((await town.appointments.bySecret(after))?.id).toBe(rosa.id);
    expect(await noticesOf('confirmation')).toContainEqual(
      expect.objectContaining({
        recipient: 'rosa@exemple.cat',
        facts: expect.objectContaining({ link: 1 }),
      }),
    );
  });
});

describe('a token', () => {
  test('gets no code by a number that it wrote', async () => {
    await changeContact(token, { phone: HIS_PHONE });
    await handOver();
    expect(await prove(HIS_PHONE)).toBe(`went to ${rosa.citizen.email}`);
    expect((await noticesOf('contact')).map((each) => each.recipient).sort()).toEqual(
      [rosa.citizen.email, rosa.citizen.phone].sort(),
    );
  });

  test('changes nothing of how somebody is reached who has handed papers over', async () => {
    await handOver();
    expect(await changeContact(token, { phone: HIS_PHONE })).toEqual({
      ok: false,
      reason: 'has_documents',
    });
  });
});

describe('somebody who works here', () => {
  test('who changes both addresses gets no code anywhere, until she was told and a day has passed', async () => {
    await handOver();
    await changeContact(agent(7), { email: 'mallory@example.cat', phone: HIS_PHONE });
    expect(await prove(HIS_PHONE)).toBe('frozen');
    await sendAll();
    clock.advance({ hours: 23 });
    expect(await prove(HIS_PHONE)).toBe('frozen');
  });

  test('can’t vouch for what they wrote; a colleague who attends can, and that is on record', async () => {
    await handOver();
    await changeContact(agent(7), { phone: HIS_PHONE });
    const of = { kind: 'phone', how: 'shown' } as const;
    expect(await desk.vouch(agent(7), office, rosa.id, of)).toEqual({
      ok: false,
      reason: 'not_independent',
    });
    const elsewhere = agent(9, { desk: 0 });
    expect(await desk.vouch(elsewhere, office, rosa.id, of)).toEqual({
      ok: false,
      reason: 'not_found',
    });
    expect(await desk.vouch(agent(8), office, rosa.id, of)).toEqual({ ok: true });
    expect(await desk.vouch(agent(8), office, rosa.id, of)).toEqual({
      ok: false,
      reason: 'not_frozen',
    });
    expect(await prove(HIS_PHONE)).toMatchObject({ proof: { setBy: 'staff:7' } });
    expect((await trail()).find((each) => each.action === 'address_vouched')).toEqual({
      ...{ actor: 'staff:8', action: 'address_vouched' },
      data: { address: 'phone', setBy: 'staff:7', how: 'shown' },
    });
  });

  test('can’t vouch for what was set by a link that they were given', async () => {
    await desk.print(agent(7), office, rosa.id);
    await changeContact(link(), { email: 'mallory@example.cat' });
    const of = { kind: 'email', how: 'shown' } as const;
    const refused = { ok: false, reason: 'not_independent' };
    expect(await desk.vouch(agent(7), office, rosa.id, of)).toEqual(refused);
    expect(await desk.vouch(agent(8), office, rosa.id, of)).toEqual({ ok: true });
  });

  test('can’t vouch for it either after a colleague added an address that left their link valid', async () => {
    await changeContact(agent(9), { email: null });
    await desk.print(agent(7), office, rosa.id);
    const { link: printed } = await now();
    await changeContact(agent(9), {});
    expect(await now()).toMatchObject({ link: printed, citizen: { email: rosa.citizen.email } });
    await changeContact(link(), { phone: HIS_PHONE });
    expect((await proofs.standing(await now())).phone?.heldBy).toContain('staff:7');
    const of = { kind: 'phone', how: 'shown' } as const;
    expect(await desk.vouch(agent(7), office, rosa.id, of)).toEqual({
      ok: false,
      reason: 'not_independent',
    });
    expect(await desk.vouch(agent(8), office, rosa.id, of)).toEqual({ ok: true });
  });

  test('leaves a trace beside each later proof: who set the address, who was given the link', async () => {
    await handOver();
    await desk.print(agent(9), office, rosa.id);
    await changeContact(agent(7), { phone: HIS_PHONE });
    await sendAll();
    clock.advance({ hours: 25 });
    const thief = (await prove(HIS_PHONE)) as CitizenViewer;
    const proved = (await trail()).find((each) => each.action === 'proved');
    expect(proved?.data).toEqual({
      channel: 'sms',
      setBy: 'staff:7',
      insiders: ['staff:7', 'staff:9'],
    });
    const [paper] = (await documents.list(thief, office, rosa.id)) ?? [];
    await documents.open(thief, office, rosa.id, paper!.id);
    const opened = (await trail()).find((each) => each.action === 'document_opened');
    expect(opened?.data).toMatchObject({ channel: 'sms', setBy: 'staff:7' });
  });
});
