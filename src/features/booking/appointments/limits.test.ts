import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office, OfficeSettings } from '../../../domain/office/types.ts';
import type { Citizen } from '../../../domain/person.ts';
import { SCOPES } from '../../../domain/scopes.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import type { Appointments } from './service.ts';
import { testAppointments } from './testing.ts';

const MONDAY = '2026-11-30T07:00:00+01:00';
/** Starts of the grid of one desk, every twenty minutes from nine; thirty desks take each. */
const start = (nth: number) =>
  Temporal.Instant.from('2026-11-30T09:00:00+01:00').add({ minutes: 20 * nth });

const clock = handClock(MONDAY);
let database: TestDatabase;
let offices: Offices;
let appointments: Appointments;
let office: Office;
let nth = 0;

beforeAll(async () => {
  database = await testDatabase();
  ({ offices, appointments } = testAppointments(database, clock));
});
afterAll(() => database.close());

const officeWith = async (booking: OfficeSettings['booking']): Promise<Office> => {
  const desks = Array.from({ length: 30 }, (_, desk) => [`taula-${desk}`, {}] as const);
  const options = {
    code: `oac-${++nth}`,
    desks: Object.fromEntries(desks),
    settings: { booking },
  };
  return offices.byId(await testOffice(database.kysely, options));
};

beforeEach(async () => {
  clock.set(MONDAY);
  office = await officeWith({ openPerPerson: 3, holdsPerAddress: 3, challenge: 'never' });
});

const choice = (at: Temporal.Instant) =>
  ({ procedure: 'volant-padro', channel: 'phone', language: 'ca', start: at }) as const;

describe('times that one address keeps', () => {
  const HOME = Buffer.from('home');
  const hold = (at = start(0), sender: Buffer | null = HOME, insteadOf?: string) =>
    appointments.hold(office, choice(at), undefined, { sender, insteadOf });
  const held = async (...args: Parameters<typeof hold>): Promise<string> => {
    const result = await hold(...args);
    if (!result.ok) throw new Error(result.reason);
    return result.hold;
  };
  const tooMany = { ok: false, reason: 'too_many', until: clock.now().add({ minutes: 10 }) };

  test('are as many as the office says, and others keep theirs', async () => {
    for (let each = 0; each < 3; each++) await held(start(each));
    expect(await hold()).toEqual(tooMany);
    expect(await hold(start(0), Buffer.from('library'))).toMatchObject({ ok: true });
    expect(await hold(start(0), null)).toMatchObject({ ok: true });
  });

  test('are counted in each office', async () => {
    for (let each = 0; each < 3; each++) await held(start(each));
    office = await officeWith(office.settings.booking);
    expect(await hold()).toMatchObject({ ok: true });
  });

  test('fifty asked for at once are as many', async () => {
    const asked = await Promise.all(Array.from({ length: 50 }, (_, each) => hold(start(each % 9))));
    expect(asked.filter((each) => each.ok)).toHaveLength(3);
    expect(asked.filter((each) => !each.ok && each.reason === 'too_many')).toHaveLength(47);
  });

  test('count no more once they are given back, have ended or are booked', async () => {
    const [one = '', two = ''] = [await held(start(0)), await held(start(1))];
    clock.advance({ minutes: 5 });
    await held(start(2));
    await appointments.releaseHold(office, one);
    expect(await hold(start(3))).toMatchObject({ ok: true });
    expect(await book({}, start(1), { hold: two })).toMatchObject({ ok: true });
    expect(await hold(start(4))).toMatchObject({ ok: true });
    expect(await hold(start(5))).toEqual({ ...tooMany, until: clock.now().add({ minutes: 10 }) });
    clock.advance({ minutes: 10 });
    expect(await hold(start(5))).toMatchObject({ ok: true });
  });

  test('one takes the place of another, which stays where the new one can’t be had', async () => {
    const [one] = [await held(start(0)), await held(start(1)), await held(start(2))];
    const odd = start(0).add({ minutes: 1 });
    expect(await hold(odd, HOME, one)).toEqual({ ok: false, reason: 'slot_taken' });
    expect(await appointments.extendHold(office, one)).not.toBeNull();
    expect(await hold(start(3), HOME, one)).toMatchObject({ ok: true });
    expect(await appointments.extendHold(office, one)).toBeNull();
    expect(await hold(start(4))).toMatchObject({ reason: 'too_many' });
    const kept = await within(database.kysely, office.id, (tx) =>
      tx.selectFrom('desk_time').select('starts').orderBy('starts').execute(),
    );
    expect(kept.map(({ starts }) => String(starts))).toEqual(
      [1, 2, 3].map((each) => String(start(each))),
    );
  });
});

const ROSA: Citizen = { name: 'Rosa Soler', email: 'rosa@example.cat', phone: '+34600000001' };
const CITIZEN = { kind: 'citizen' } as const;

const book = (
  citizen: Partial<Citizen> = {},
  at = start(0),
  repetition: { hold?: string; idempotencyKey?: string } = {},
  viewer: Viewer | { kind: 'citizen' } = CITIZEN,
) => {
  const details = { onBehalfOf: null, needs: [], comment: '', noticeLanguage: 'ca' as const };
  const request = { ...choice(at), ...details, citizen: { ...ROSA, ...citizen } };
  return appointments.book(viewer, office, request, repetition);
};

describe('appointments to come that one person has', () => {
  const booked = async (...args: Parameters<typeof book>) => {
    const result = await book(...args);
    if (!result.ok) throw new Error(result.reason);
    return result.appointment;
  };
  const ENOUGH = { ok: false, reason: 'too_many' };
  const citizenOf = (id: string): Viewer => ({ kind: 'citizen', appointment: id });

  test('are as many as the office says, by e-mail or by telephone', async () => {
    for (let each = 0; each < 3; each++) await booked({}, start(each));
    expect(await book({}, start(3))).toEqual(ENOUGH);
    expect(await book({ email: null }, start(3))).toEqual(ENOUGH);
    expect(await book({ phone: '+34600000002' }, start(3))).toEqual(ENOUGH);
    expect(await book({ email: 'pau@example.cat', phone: '+34600000002' })).toMatchObject({
      ok: true,
    });
    expect(await book({ email: null, phone: null })).toMatchObject({ ok: true });
  });

  test('are not counted where the office itself books, nor in another office', async () => {
    const token: Viewer = {
      ...{ kind: 'token', token: 1, office: office.id },
      scopes: new Set(SCOPES),
    };
    for (let each = 0; each < 5; each++) await booked({}, start(each), {}, token);
    expect(await book()).toEqual(ENOUGH);
    office = await officeWith(office.settings.booking);
    expect(await book()).toMatchObject({ ok: true });
  });

  test('no longer count once they are cancelled or have begun', async () => {
    const first = await booked();
    await booked({}, start(1));
    await booked({}, start(2));
    await appointments.cancel(citizenOf(first.id), office, first.id, '');
    await booked({}, start(3));
    expect(await book({}, start(4))).toEqual(ENOUGH);
    clock.set(start(1).toString());
    expect(await book({}, start(8))).toMatchObject({ ok: true });
  });

  test('who is refused keeps the time that was kept for them', async () => {
    for (let each = 0; each < 3; each++) await booked({}, start(each));
    const held = await appointments.hold(office, choice(start(3)));
    if (!held.ok) throw new Error(held.reason);
    expect(await book({}, start(3), { hold: held.hold })).toEqual(ENOUGH);
    expect(await appointments.extendHold(office, held.hold)).not.toBeNull();
  });

  test('the same booking sent again is the same, however many there are', async () => {
    await booked();
    await booked({}, start(1));
    const key = { idempotencyKey: 'journey 1' };
    const third = await booked({}, start(2), key);
    expect(await book({}, start(2), key)).toMatchObject({
      ok: true,
      appointment: { id: third.id },
    });
    const again = await Promise.all(Array.from({ length: 8 }, () => book({}, start(2), key)));
    expect(again.every((each) => each.ok && each.appointment.id === third.id)).toBe(true);
  });

  test('twenty of one e-mail at the same moment: exactly as many as may be', async () => {
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_, each) =>
        book({ phone: `+3460000010${each}` }, start(each % 9)),
      ),
    );
    expect(asked.filter((each) => each.ok)).toHaveLength(3);
    expect(asked.filter((each) => !each.ok)).toEqual(Array(17).fill(ENOUGH));
  });

  test('a family that shares addresses and telephones crosswise doesn’t wait for itself', async () => {
    const asked = await Promise.all(
      Array.from({ length: 24 }, (_, each) =>
        book(
          { email: `${each % 2}@example.cat`, phone: `+3460000020${Math.floor(each / 2) % 2}` },
          start(each % 9),
        ),
      ),
    );
    const made = asked.flatMap((each) => (each.ok ? [each.appointment.citizen] : []));
    for (const of of [0, 1]) {
      expect(made.filter(({ email }) => email === `${of}@example.cat`).length).toBeLessThanOrEqual(
        3,
      );
      expect(made.filter(({ phone }) => phone === `+3460000020${of}`).length).toBeLessThanOrEqual(
        3,
      );
    }
    expect(made.length).toBeGreaterThanOrEqual(3);
  });

  test('can’t be made more by changing whose they are; those who work here may', async () => {
    const mine = await booked({ email: 'pau@example.cat', phone: '+34600000002' }, start(3));
    for (let each = 0; each < 3; each++) await booked({}, start(each));
    const change = (citizen: Partial<Citizen>, viewer: Viewer = citizenOf(mine.id)) =>
      appointments.changeContact(viewer, office, mine.id, { ...mine.citizen, ...citizen });
    expect(await change({ email: ROSA.email })).toEqual(ENOUGH);
    expect(await change({ phone: ROSA.phone })).toEqual(ENOUGH);
    expect(await change({ name: 'Pau Vila' })).toMatchObject({ ok: true });
    expect(await change({ phone: '+34600000003' })).toMatchObject({ ok: true });
    const token: Viewer = {
      ...{ kind: 'token', token: 1, office: office.id },
      scopes: new Set(SCOPES),
    };
    expect(await change({ email: ROSA.email }, token)).toMatchObject({ ok: true });
  });

  test('are told of others three times a day at most, also to who asks many times at once', async () => {
    const mine = await booked({ email: 'pau@example.cat', phone: null }, start(3));
    for (let each = 0; each < 3; each++) await booked({ phone: null }, start(each));
    const change = (email: string) =>
      appointments.changeContact(citizenOf(mine.id), office, mine.id, { ...mine.citizen, email });
    const refusals = async () =>
      (await appointments.events(mine)).filter((each) => each.kind === 'contact_refused').length;
    expect(await change('rosa@example.cat')).toEqual(ENOUGH);
    expect(await change('pau2@example.cat')).toMatchObject({ ok: true }); // a slip is mended
    const asked = await Promise.all(Array.from({ length: 8 }, () => change('rosa@example.cat')));
    expect(asked).toEqual(Array(8).fill(ENOUGH));
    expect(await refusals()).toBe(3);
    expect(await change('nobody@example.cat')).toEqual(ENOUGH);
    const name = { ...mine.citizen, email: 'pau2@example.cat', name: 'Pau Vila' };
    expect(
      await appointments.changeContact(citizenOf(mine.id), office, mine.id, name),
    ).toMatchObject({ ok: true });
  });
});
