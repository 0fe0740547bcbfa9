import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import { handClock } from '../../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createDevice, type Device } from './service.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
let database: TestDatabase;
let device: Device;
let byVideo: Appointment;
let byPhone: Appointment;

const SENT = {
  camera: 'works',
  microphone: 'works',
  speaker: '',
  network: 'direct',
  family: 'firefox',
  system: 'linux',
};

beforeAll(async () => {
  database = await testDatabase();
  const { offices, appointments } = testAppointments(database, clock);
  const office = await offices.byId(await testOffice(database.kysely));
  device = createDevice({ db: database.kysely, clock });
  const book = async (channel: Channel, start: string) => {
    const booked = await appointments.book({ kind: 'citizen' }, office, {
      procedure: 'volant-padro',
      channel,
      language: 'ca',
      noticeLanguage: 'ca',
      start: Temporal.Instant.from(start),
      citizen: { name: 'Rosa', email: 'rosa@example.cat', phone: '+34600000001' },
      onBehalfOf: null,
      needs: [],
      comment: '',
    });
    if (!booked.ok) throw new Error(booked.reason);
    return booked.appointment;
  };
  byVideo = await book('video', '2026-11-30T09:00:00+01:00');
  byPhone = await book('phone', '2026-12-02T09:00:00+01:00');
});
afterAll(() => database.close());

test('the last test is kept', async () => {
  expect(await device.find(byVideo)).toBeNull();
  expect(await device.keep(byVideo, { ...SENT, camera: 'busy' })).toEqual({ ok: true });
  clock.set('2026-11-30T08:00:00+01:00');
  expect(await device.keep(byVideo, SENT)).toEqual({ ok: true });
  expect(await device.find(byVideo)).toEqual({ ...SENT, speaker: null, at: clock.now() });
});

test('what our page doesn’t say is not', async () => {
  const sent = { ...SENT, camera: 'C920 of Rosa' };
  expect(await device.keep(byVideo, sent)).toEqual({ ok: false, reason: 'invalid' });
});

test('only for who is attended by video, and until it is over', async () => {
  const closed = { ok: false, reason: 'not_open' };
  expect(await device.keep(byPhone, SENT)).toEqual(closed);
  expect(await device.keep({ ...byVideo, status: 'fulfilled' }, SENT)).toEqual(closed);
});
