import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Appointment } from '../../../../domain/appointment.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { handClock } from '../../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { testOffice } from '../../../foundation/offices/testing.ts';
import { provedCitizen } from '../../proof/testing.ts';
import type { Appointments } from '../service.ts';
import { testAppointments } from '../testing.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
let database: TestDatabase;
let office: Office;
let appointments: Appointments;
let of: Appointment;
let book: () => Promise<Appointment>;

beforeAll(async () => {
  database = await testDatabase();
  const made = testAppointments(database, clock);
  appointments = made.appointments;
  office = await made.offices.byId(await testOffice(database.kysely, {}));
  book = () => made.bookVideo(office);
});
afterAll(() => database.close());
beforeEach(async () => {
  of = await book();
});

/** The notices of the appointment that are pending, as `kind channel recipient`. */
const pending = async () =>
  (
    await within(database.kysely, INSTALLATION, (tx) =>
      tx
        .selectFrom('notice')
        .select(['kind', 'channel', 'recipient'])
        .where('appointment_id', '=', of.id)
        .where('dropped_at', 'is', null)
        .orderBy('kind')
        .execute(),
    )
  ).map(({ kind, channel, recipient }) => `${kind} ${channel} ${recipient}`);

const choose = (by: 'email' | 'sms') =>
  appointments.chooseNotices(provedCitizen(of.id), office, by);

test('who chooses SMS gets what is pending there, with a confirmation, and may go back', async () => {
  const { email, phone } = of.citizen;
  expect(await choose('sms')).toMatchObject({ ok: true, appointment: { noticesBy: 'sms' } });
  expect((await appointments.byId(office, of.id))?.noticesBy).toBe('sms');
  const bySms = await pending();
  expect(bySms).toContain(`confirmation sms ${phone}`);
  expect(bySms.filter((each) => each.includes('email'))).toEqual([]);
  expect(await choose('email')).toMatchObject({ ok: true });
  const byMail = await pending();
  expect(byMail).toContain(`confirmation email ${email}`);
  expect(byMail.filter((each) => each.includes('sms'))).toEqual([]);
});

test('nobody chooses with the link alone, or once it is over', async () => {
  const viewer = { kind: 'citizen', appointment: of.id } as const;
  const before = await pending();
  expect(await appointments.chooseNotices(viewer, office, 'sms')).toEqual({
    ok: false,
    reason: 'needs_proof',
  });
  expect(await pending()).toEqual(before);
  await appointments.cancel(provedCitizen(of.id), office, of.id, '');
  expect(await choose('sms')).toEqual({ ok: false, reason: 'not_open' });
});

test('it is on record, without an address', async () => {
  await choose('sms');
  const records = await within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('audit')
      .select('data')
      .where('appointment_id', '=', of.id)
      .where('action', '=', 'notices_chosen')
      .execute(),
  );
  expect(records).toEqual([{ data: { by: 'sms', desk: of.desk } }]);
});

test.each(['email', 'phone'] as const)(
  'a changed %s ends the link, which went both ways, and is told to the former addresses as before',
  async (changed) => {
    await choose('sms');
    const other = { email: `other-${of.reference}@example.cat`, phone: '+34699999001' };
    const citizen = { ...of.citizen, [changed]: other[changed] };
    const done = await appointments.changeContact(provedCitizen(of.id), office, of.id, citizen);
    expect(done).toMatchObject({ ok: true, appointment: { link: of.link + 1 } });
    const told = (await pending()).filter((each) => each.startsWith('contact '));
    const toMail = `contact email ${of.citizen.email}`;
    expect(told.toSorted()).toEqual(
      changed === 'phone' ? [toMail, `contact sms ${of.citizen.phone}`] : [toMail],
    );
  },
);

test('without the mobile, what follows goes by e-mail', async () => {
  await choose('sms');
  const citizen = { ...of.citizen, phone: null };
  await appointments.changeContact(provedCitizen(of.id), office, of.id, citizen);
  const rest = (await pending()).filter((each) => !each.startsWith('contact '));
  expect(rest.length).toBeGreaterThan(0);
  expect(rest.every((each) => each.includes(` email ${of.citizen.email}`))).toBe(true);
});
