import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import type { OutboxWorker } from '../../../lib/jobs/outbox.ts';
import { noteBounce, smtpTransport } from '../notices/service.ts';
import { mailServer } from '../notices/testing/mail-server.ts';
import { createOffices } from '../offices/service.ts';
import { testOffice } from '../offices/testing.ts';
import { createStaff, type Staff } from '../staff/service.ts';
import { sweepMails } from './jobs.ts';
import {
  createStaffMail,
  createStaffMailWorker,
  markStaffBounce,
  type StaffMailbox,
  tellStaff,
} from './service.ts';
import { ACCOUNT_KINDS } from './types.ts';

const NOON = '2026-12-01T11:00:00Z';
const BASE = 'https://cita.vilaprova.example';
const clock = handClock(NOON);
const mail = mailServer();
let database: TestDatabase;
let db: Db;
let staff: Staff;
let mailbox: StaffMailbox;
let workers: OutboxWorker[] = [];
let logged: object[] = [];

beforeAll(async () => {
  database = await testDatabase();
  db = database.kysely;
  await testOffice(db, { code: 'oac' });
  staff = createStaff({
    ...{ connection: database.connection, baseUrl: BASE, issuer: 'Finestreta', clock },
    secret: 'a secret that is only for the tests of mails to staff',
  });
  mailbox = createStaffMail({
    ...{ db, clock, baseUrl: BASE, setupUrl: staff.setupUrl },
    offices: createOffices(db),
  });
});
afterAll(async () => {
  await staff.close();
  await database.close();
});
beforeEach(async () => {
  clock.set(NOON);
  logged = [];
  await mail.open();
});
afterEach(async () => {
  await Promise.all(workers.map((each) => each.stop()));
  workers = [];
  await mail.close();
  await within(db, INSTALLATION, (tx) => tx.deleteFrom('staff_mail').execute());
});

function worker(): OutboxWorker {
  const made = createStaffMailWorker({
    ...{ db, clock, staffMail: mailbox, random: () => 0 },
    transport: smtpTransport({
      url: `smtp://127.0.0.1:${mail.port}`,
      mailFrom: 'Ajuntament <cita@vilaprova.example>',
      baseUrl: BASE,
    }),
    log: { info: () => {}, warn: (what) => logged.push(what), error: (what) => logged.push(what) },
  });
  workers.push(made);
  return made;
}

const EMAIL = 'anna@vilaprova.example';
const invite = async () => {
  const roles = [{ office: 'oac', role: 'coordinator' as const }];
  const invited = await staff.invite({ email: EMAIL, name: 'Anna Puig', roles }, clock.now());
  if (!invited.ok) throw new Error(invited.reason);
  return invited.url;
};
const rows = () =>
  within(db, INSTALLATION, (tx) => tx.selectFrom('staff_mail').selectAll().execute());
const read = (language: string | null) =>
  within(db, INSTALLATION, (tx) =>
    tx.updateTable('staff').set({ language }).where('email', '=', EMAIL).execute(),
  );

describe('an invitation', () => {
  it('is mailed with the link that opens it, under the id of its row', async () => {
    const url = await invite();
    await worker().drain();
    const [got, ...others] = mail.received;
    expect(others).toEqual([]);
    const [row] = await rows();
    expect(got?.messageId).toBe(`<${row?.id}@cita.vilaprova.example>`);
    expect(got?.to).toMatchObject({ text: EMAIL });
    expect(got?.text).toContain(`${url}\n`);
    expect(got?.html).toContain(url);
    expect(JSON.stringify(row)).not.toContain(url.split('/').at(-1) ?? '?');
    expect(row?.sent_at?.toString()).toBe(NOON);
    await worker().drain();
    expect(mail.received).toHaveLength(1);
  });

  it('waits for a mail server that is away, and is the same message then', async () => {
    await invite();
    await mail.close();
    const sending = worker();
    await sending.drain();
    expect((await rows())[0]).toMatchObject({ sent_at: null, failed_at: null, attempts: 1 });
    await mail.comeBack();
    await sending.drain();
    expect(mail.received).toEqual([]); // not yet
    clock.advance({ seconds: 30 });
    await sending.drain();
    expect(mail.received).toHaveLength(1);
  });

  it('isn’t sent once its link opens nothing: another took its place, it was over, its person left', async () => {
    await invite();
    await invite();
    await worker().drain();
    expect(mail.received).toHaveLength(1);
    await invite();
    clock.advance({ hours: 8 * 24 });
    await worker().drain();
    await invite();
    await staff.retire(EMAIL, clock.now());
    await worker().drain();
    expect(mail.received).toHaveLength(1);
    expect((await rows()).filter((each) => each.dropped_at !== null)).toHaveLength(3);
  });

  it('that the server won’t take is given up, and nobody is named in the log', async () => {
    await invite();
    mail.refuse.rcpt = () => '550 5.1.1 No such user';
    await worker().drain();
    expect((await rows())[0]?.failed_at?.toString()).toBe(NOON);
    expect(JSON.stringify(logged)).toContain('550');
    expect(JSON.stringify(logged)).not.toContain(EMAIL);
  });

  it('that came back is known to have', async () => {
    await invite();
    await worker().drain();
    const report = [
      'From: MAILER-DAEMON@mail.example',
      `To: cita+${(await rows())[0]?.id}@vilaprova.example`,
      '',
      '550 5.1.1 unknown user',
    ].join('\r\n');
    expect(await noteBounce(db, report, clock.now(), markStaffBounce)).toBe(true);
    expect((await rows())[0]?.bounced_at?.toString()).toBe(NOON);
  });
});

it('two workers send a mail once', async () => {
  await invite();
  await Promise.all([worker().drain(), worker().drain()]);
  expect(mail.received).toHaveLength(1);
});

it('what is long over is forgotten', async () => {
  await invite();
  await worker().drain();
  clock.advance({ hours: 29 * 24 });
  expect(await sweepMails({ database, clock })).toBe(0);
  clock.advance({ hours: 25 });
  expect(await sweepMails({ database, clock })).toBe(1);
  expect(await rows()).toEqual([]);
});

test('a mail speaks its reader’s language, else the town’s first', async () => {
  await read(null);
  await invite();
  expect((await mailbox.all())[0]).toMatchObject({ language: 'ca' });
  await read('eu');
  expect((await mailbox.all())[0]).toMatchObject({
    language: 'eu',
    subject: expect.stringContaining('gonbidatu'),
  });
});

test.each(LANGUAGES)('every kind has words, a button and a signature: %s', async (language) => {
  await invite();
  await read(language);
  const person = (await within(db, INSTALLATION, (tx) =>
    tx.selectFrom('staff').select('id').where('email', '=', EMAIL).executeTakeFirstOrThrow(),
  )) as { id: number };
  const joined = { kind: 'joined', facts: { office: 'oac', role: 'agent' } } as const;
  const moved = { kind: 'address_changed', facts: { email: 'a.puig@vilaprova.example' } } as const;
  await staff.transaction(async (client) => {
    for (const draft of [joined, moved, ...ACCOUNT_KINDS.map((kind) => ({ kind }))])
      await tellStaff(client, { to: { staff: person.id }, ...draft }, clock.now());
  });
  const all = await mailbox.all();
  expect(new Set(all.map((each) => each.subject)).size).toBe(all.length);
  expect(all).toHaveLength(3 + ACCOUNT_KINDS.length);
  for (const each of all) {
    expect(each.html).toContain(`lang="${language}"`);
    expect(each.text).toMatch(/https:\/\/cita\.vilaprova\.example\/(staff|console)\//);
    expect(each.text).not.toMatch(/[{}]|undefined|null/);
  }
});

test('whose address was changed is told that it was done to them; of what they did themselves, to say so if they didn’t', async () => {
  await invite();
  const person = (await within(db, INSTALLATION, (tx) =>
    tx.selectFrom('staff').select('id').where('email', '=', EMAIL).executeTakeFirstOrThrow(),
  )) as { id: number };
  const facts = { email: 'a.puig@vilaprova.example' };
  await staff.transaction(async (client) => {
    for (const draft of [{ kind: 'address_changed', facts }, { kind: 'passkey_added' }] as const)
      await tellStaff(client, { to: { staff: person.id }, ...draft }, clock.now());
  });
  await read('ca');
  const texts = (await mailbox.all()).map((each) => each.text);
  const count = (words: string) => texts.filter((each) => each.includes(words)).length;
  expect(count('Ho ha fet qui porta la instal·lació.')).toBe(1);
  expect(count('Si no ho has fet tu')).toBe(1);
});
