import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Choice } from '../../../domain/appointment.ts';
import { handClock } from '../../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { testAppointments } from '../appointments/testing.ts';
import { readBusy } from './views.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('packed starts of a desk that never closes: what is offered days after an appointment can be held', async () => {
  const clock = handClock('2026-11-30T08:02:00+01:00');
  const { offices, slots, appointments } = testAppointments(database, clock);
  const office = await offices.byId(
    await testOffice(database.kysely, {
      slots: { starts: 'packed' },
      desks: { centraleta: { shifts: [{ from: '00:00', to: '24:00' }] } },
    }),
  );
  const ask = { procedure: 'volant-padro', language: 'ca' } as const;
  const second = async (channel: Choice['channel'], day: string): Promise<Choice> => {
    const found = await slots.search(office, { ...ask, channel }, { from: day, to: day });
    return { ...ask, channel, start: found.ok ? found.slots[1]!.start : clock.now() };
  };
  // 8:05, then every 25 minutes; from its end, 10:10, the starts are counted until the desk rests on Saturday.
  const monday = await second('video', '2026-11-30');
  expect(monday.start.toString()).toBe('2026-11-30T08:45:00Z');
  expect(await appointments.hold(office, monday)).toMatchObject({ ok: true });
  const thursday = await second('phone', '2026-12-03');
  expect(await appointments.hold(office, thursday)).toMatchObject({ ok: true });
});

test('what is taken over midnight UTC is one stretch, and a hold that has ended takes nothing', async () => {
  const clock = handClock('2026-11-30T08:02:00+01:00');
  const { offices, appointments } = testAppointments(database, clock);
  const office = await offices.byId(
    await testOffice(database.kysely, {
      code: 'nit',
      slots: { starts: 'grid', step: 5 },
      desks: { nit: { shifts: [{ from: '00:00', to: '24:00' }] } },
    }),
  );
  const ask = { procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const;
  const over = Temporal.Instant.from('2026-12-01T23:55:00Z');
  const minute = over.epochMilliseconds / 60_000;
  const held = await appointments.hold(office, { ...ask, start: over });
  const taken = async () => {
    const span = { from: minute - 600, to: minute + 600 };
    const desks = office.rota.desks.map((each) => each.id);
    const busy = await readBusy(database.pool, office.id, desks, span, clock.now());
    return [...(busy.get(desks[0]!) ?? [])].map((each) => each - minute);
  };
  expect(held).toMatchObject({ ok: true });
  const [from = 0, to = 0, ...more] = await taken();
  expect([from, more]).toEqual([0, []]);
  expect(to).toBeGreaterThan(5);
  clock.advance({ hours: 2 });
  expect(await taken()).toEqual([]);
});

test('starts are the same array while nothing changes; what they follow from changes them', async () => {
  const clock = handClock('2026-11-30T08:02:00+01:00');
  const { offices, slots, bookVideo } = testAppointments(database, clock);
  const office = await offices.byId(await testOffice(database.kysely, { code: 'kept' }));
  const starts = async (except?: string) => {
    const ask = { procedure: 'volant-padro', channel: 'video', language: 'ca' };
    const days = { from: '2026-11-30', to: '2026-12-04' };
    const found = await slots.starts(office, ask, days, except);
    return found.ok ? found.starts : [];
  };
  const first = await starts();
  expect(first.length).toBeGreaterThan(3);
  expect(await starts()).toBe(first);
  // The rows: each booking takes one of the desks that are free at the first time.
  const booked = [await bookVideo(office)];
  while ((await starts())[0] === first[0]) booked.push(await bookVideo(office));
  const last = booked.at(-1)!;
  // The appointment that is to be moved.
  expect(await starts(last.id)).toContain(last.start.epochMilliseconds / 60_000);
  // The minute: what begins in less than the lead is offered no more.
  const [next = 0] = await starts();
  clock.set(Temporal.Instant.fromEpochMilliseconds((next + 1) * 60_000).toString());
  expect((await starts())[0]).toBeGreaterThan(next);
});
