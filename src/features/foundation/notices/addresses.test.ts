import { expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import { addressOf, canChooseWay, contactOwed, noticesOwed, soonAddress } from './rules.ts';

const MOBILE = '+34600000001';
const LANDLINE = '+34931234567';
const email = 'rosa@example.cat';
const NOW = Temporal.Instant.from('2026-11-30T08:00:00Z');
const sms = (recipient: string) => ({ channel: 'sms', recipient });
const mail = { channel: 'email', recipient: email };

test.each([
  [email, MOBILE, mail, sms(MOBILE)],
  [email, LANDLINE, mail, mail],
  [null, MOBILE, sms(MOBILE), sms(MOBILE)],
  [null, LANDLINE, null, null],
  [null, null, null, null],
])('%s and %s: notices go to %j, the last reminder to %j', (its, phone, usual, soon) => {
  const citizen = { email: its, phone };
  const policy = { reminderWorkingDays: 2, reminderMinutes: 60, sms: 'reminders-too' } as const;
  expect(addressOf(citizen)).toEqual(usual);
  expect(soonAddress({ citizen }, policy)).toEqual(soon);
  expect(soonAddress({ citizen }, { ...policy, sms: 'only-without-email' })).toEqual(usual);
});

test.each([
  ['sms', email, MOBILE, sms(MOBILE), sms(MOBILE)],
  ['sms', email, LANDLINE, mail, mail],
  ['sms', email, null, mail, mail],
  ['sms', null, MOBILE, sms(MOBILE), sms(MOBILE)],
  ['email', email, MOBILE, mail, mail],
  ['email', null, MOBILE, sms(MOBILE), sms(MOBILE)],
  ['email', null, null, null, null],
] as const)(
  '%s was chosen, %s and %s: notices go to %j, the last reminder to %j',
  (by, its, phone, usual, soon) => {
    const citizen = { email: its, phone };
    const policy = { reminderWorkingDays: 2, reminderMinutes: 60, sms: 'reminders-too' } as const;
    expect(addressOf(citizen, by)).toEqual(usual);
    expect(soonAddress({ citizen, noticesBy: by }, policy)).toEqual(soon);
  },
);

test('who has a mailbox and a mobile to which SMS go can choose, and nobody else', () => {
  const all = () => true;
  expect(canChooseWay({ email, phone: MOBILE }, all)).toBe(true);
  expect(canChooseWay({ email, phone: MOBILE }, () => false)).toBe(false);
  expect(canChooseWay({ email, phone: LANDLINE }, all)).toBe(false);
  expect(canChooseWay({ email: null, phone: MOBILE }, all)).toBe(false);
  expect(canChooseWay({ email, phone: null }, all)).toBe(false);
});

test('no kind of notice, and no news of a changed address, is owed to a landline', () => {
  const old = {
    id: '0b9dbb2e-54fc-4d2c-8a11-000000000001',
    reference: 'K7M-2QX',
    procedure: 'volant-padro',
    channel: 'phone',
    site: null,
    language: 'ca',
    noticeLanguage: 'ca',
    start: NOW.add({ hours: 48 }),
    end: NOW.add({ hours: 49 }),
    sequence: 0,
    link: 0,
    citizen: { name: 'Rosa', phone: LANDLINE, email: null },
    onBehalfOf: null,
  } as unknown as Appointment;
  expect(noticesOwed('confirmation', old, NOW)).toEqual([]);
  expect(noticesOwed('code', old, NOW)).toEqual([]);
  expect(contactOwed(old, ['phone'], 'citizen', NOW)).toEqual([]);
  const mobile = { ...old, citizen: { ...old.citizen, phone: MOBILE } };
  expect(contactOwed(mobile, ['phone'], 'citizen', NOW)).toMatchObject([sms(MOBILE)]);
});
