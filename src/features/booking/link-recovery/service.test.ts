import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { canReceiveSms } from '../../../domain/phone.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import type { Appointments } from '../appointments/service.ts';
import { testAppointments } from '../appointments/testing.ts';
import { readContact } from './rules.ts';
import { createLinkRecovery, type LinkRecovery } from './service.ts';

const MONDAY = '2026-11-30T07:00:00+01:00';
const clock = handClock(MONDAY);
let database: TestDatabase;
let offices: Offices;
let appointments: Appointments;
let linkRecovery: LinkRecovery;
let oac: Office;
let taxes: Office;
let rosa: string;
let nth = 0;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  ({ offices, appointments } = testAppointments(database, clock));
  const log = { warn: (what: object) => expect(what).toBeUndefined() };
  linkRecovery = createLinkRecovery({
    db,
    offices,
    clock,
    bySms: true,
    isReached: canReceiveSms,
    log,
    unit: testUnit(db, clock),
  });
  oac = await offices.byId(await testOffice(db, { code: 'oac' }));
  taxes = await offices.byId(await testOffice(db, { code: 'imh' }));
});
afterAll(() => database.close());
beforeEach(() => {
  clock.set(MONDAY);
  rosa = `rosa-${++nth}@example.cat`;
});

const at = (day: number, time: string) => Temporal.Instant.from(`2026-12-0${day}T${time}:00+01:00`);

async function booked(start: Temporal.Instant, citizen = {}, office = oac): Promise<string> {
  const result = await appointments.book({ kind: 'citizen' }, office, {
    procedure: 'volant-padro',
    channel: 'phone',
    language: 'ca',
    noticeLanguage: 'eu',
    start,
    citizen: { name: 'Rosa', email: rosa, phone: `+3460000${1000 + nth}`, ...citizen },
    onBehalfOf: null,
    needs: [],
    comment: '',
  });
  if (!result.ok) throw new Error(result.reason);
  return result.appointment.id;
}

async function ask(contact: Parameters<LinkRecovery['ask']>[0]): Promise<void> {
  linkRecovery.ask(contact);
  await linkRecovery.settled();
}

interface Sent {
  appointment: string;
  channel: string;
  recipient: string;
  language: string;
}

const sentTo = async (...ids: string[]): Promise<Sent[]> =>
  (
    await within(database.kysely, '*', (tx) =>
      sql<Sent>`
        select appointment_id as appointment, channel, recipient, language from notice
        where kind = 'link' and appointment_id = any (${ids}::uuid[]) order by created_at, facts->>'start'`.execute(
        tx,
      ),
    )
  ).rows;

test('every appointment to come, of any office, has its link sent to the address that stands there', async () => {
  const [one, two] = [await booked(at(2, '09:00')), await booked(at(3, '09:00'), {}, taxes)];
  const past = await booked(at(1, '09:00'));
  const cancelled = await booked(at(4, '09:00'));
  await appointments.cancel({ kind: 'citizen', appointment: cancelled }, oac, cancelled, '');
  const another = await booked(at(4, '09:20'), { email: `other-${nth}@example.cat` });
  clock.set('2026-12-01T12:00:00+01:00');
  await ask({ email: rosa });
  const to = { channel: 'email', recipient: rosa, language: 'eu' };
  expect(await sentTo(one, two, past, cancelled, another)).toEqual([
    { appointment: one, ...to },
    { appointment: two, ...to },
  ]);
});

test('who asks with a telephone gets an SMS there, whether or not there is an e-mail', async () => {
  const id = await booked(at(2, '09:20'));
  await ask({ phone: `+3460000${1000 + nth}` });
  expect(await sentTo(id)).toMatchObject([{ channel: 'sms', recipient: `+3460000${1000 + nth}` }]);
});

test('a stranger’s mailbox can’t be filled: ten minutes between two, three a day', async () => {
  const id = await booked(at(2, '09:40'));
  const askAfter = async (minutes: number) => {
    clock.advance({ minutes });
    await ask({ email: rosa });
    return (await sentTo(id)).length;
  };
  expect(await askAfter(0)).toBe(1);
  expect(await askAfter(9)).toBe(1);
  expect(await askAfter(1)).toBe(2);
  expect(await askAfter(10)).toBe(3);
  expect(await askAfter(10)).toBe(3);
  expect(await askAfter(24 * 60 - 29)).toBe(4);
});

test('five at once, and the next ones first', async () => {
  const ids: string[] = [];
  for (const time of ['10:00', '10:20', '10:40', '11:00', '11:20', '11:40'])
    ids.unshift(await booked(at(7, time)));
  await ask({ email: rosa });
  expect((await sentTo(...ids)).map((each) => each.appointment)).toEqual(ids.reverse().slice(0, 5));
});

test('asked many times at once, it is sent once; with no appointment nothing is', async () => {
  const id = await booked(at(2, '12:00'));
  for (let time = 0; time < 5; time++) linkRecovery.ask({ email: rosa });
  linkRecovery.ask({ email: 'nobody@example.cat' });
  await linkRecovery.settled();
  expect(await sentTo(id)).toHaveLength(1);
});

describe('what was typed', () => {
  test.each([
    [' Rosa@Example.CAT ', { email: 'rosa@example.cat' }],
    ['612 345 678', { phone: '+34612345678' }],
    ['+33 6 12 34 56 78', { phone: '+33612345678' }],
    ['rosa@', null],
    ['rosa', null],
    ['12', null],
    ['', null],
    [`${'a'.repeat(300)}@example.cat`, null],
  ])('%s', (typed, expected) => {
    expect(readContact(typed, 'ES')).toEqual(expected);
  });
});
