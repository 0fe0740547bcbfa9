import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  NO_RADICALE,
  openRadicale,
  PASSWORD,
  type Radicale,
} from '../../../lib/testing/radicale.ts';
import { type CalendarsWorld, calendarsWorld } from './testing.ts';

let world: CalendarsWorld;
let radicale: Radicale;

const DRAFT = { reads: true, writes: false, names: false, password: PASSWORD };
async function connect(address: string, more: object = {}, who = world.marta): Promise<string> {
  const username = new URL(address).pathname.split('/')[1] || 'marta';
  const desk = who.role === 'administrator' ? 'taula-1' : null;
  const result = await world.connections.connect(who, world.office, {
    desk,
    address,
    username,
    ...DRAFT,
    ...more,
  });
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.id;
}
const madrid = (local: string) => [`DTSTART;TZID=Europe/Madrid:${local}`, 'DURATION:PT1H'];

beforeAll(async () => {
  world = await calendarsWorld();
  if (!NO_RADICALE) radicale = await openRadicale(['marta', 'albert', 'taula']);
}, 60_000);
afterAll(async () => {
  await radicale?.[Symbol.asyncDispose]();
  await world?.close();
});
beforeEach(() => world.clear());

describe.skipIf(NO_RADICALE)('a calendar of a real CalDAV server', () => {
  test('takes its busy times from the desk: once, repeated, whole days, with exceptions', async () => {
    const { connections, marta, rows, startsOf, stateOf, sync } = world;
    const before = { tuesday: await startsOf('2026-12-01'), friday: await startsOf('2026-12-04') };
    expect(before.tuesday).toContain('10:20');
    const calendar = await radicale.calendar('marta', 'busy');
    await radicale.put(calendar, 'one', ...madrid('20261201T100000'), 'SUMMARY:Dentist');
    await radicale.put(calendar, 'free', ...madrid('20261201T120000'), 'TRANSP:TRANSPARENT');
    await radicale.put(calendar, 'off', ...madrid('20261201T120000'), 'STATUS:CANCELLED');
    await radicale.put(
      ...([calendar, 'weekly', ...madrid('20261126T090000')] as [string, string, ...string[]]),
      ...['RRULE:FREQ=WEEKLY', 'EXDATE;TZID=Europe/Madrid:20261210T090000'],
    );
    await radicale.put(calendar, 'day', 'DTSTART;VALUE=DATE:20261204');
    const id = await connect(calendar);
    expect(await stateOf(id)).toMatchObject({ seenAt: null, trouble: null });
    await sync(0);
    expect(await stateOf(id)).toMatchObject({ trouble: null, skipped: 0, calendarName: 'busy' });
    const tuesday = await startsOf('2026-12-01');
    expect(tuesday).toEqual(before.tuesday.filter((each) => each <= '09:40' || each >= '11:00'));
    expect(await startsOf('2026-12-04')).toEqual([]);
    expect((await startsOf('2026-12-03')).every((each) => each >= '10:00')).toBe(true);
    expect((await startsOf('2026-12-10')).some((each) => each < '10:00')).toBe(true);
    // Nothing of the events is kept but when they are.
    const kept = JSON.stringify(await rows(sql`select t.* from desk_busy t`));
    expect(kept).not.toMatch(/Dentist|weekly|"one"/);
    // A change is seen at the next reading, and costs no new revision where nothing changed.
    const revision = () =>
      rows<{ revision: number }>(sql`select revision from office where code = 'oac'`);
    const was = await revision();
    await sync();
    expect(await revision()).toEqual(was);
    await radicale.remove(calendar, 'one');
    await sync();
    expect(await startsOf('2026-12-01')).toEqual(before.tuesday);
    expect(await connections.end(marta, id)).toBe(true);
    expect(await startsOf('2026-12-04')).toEqual(before.friday);
    await sync();
    expect(await rows(sql`select id from calendar_connection`)).toEqual([]);
  }, 60_000);

  test('an event on a booked hour moves nothing, and takes only new bookings away', async () => {
    const { book, made, office, startsOf, sync } = world;
    const calendar = await radicale.calendar('marta', 'clash');
    const appointment = await book('2026-12-02T10:00');
    await radicale.put(calendar, 'clash', ...madrid('20261202T100000'));
    await connect(calendar);
    await sync(0);
    const after = await made.appointments.byId(office, appointment.id);
    expect(after).toMatchObject({ status: 'booked', desk: appointment.desk, displacedAt: null });
    expect(await startsOf('2026-12-02')).not.toContain('10:40');
  }, 60_000);

  test('is found from the server’s address, and chosen where there are several', async () => {
    const { albert, connections, office, stateOf, sync } = world;
    for (const each of ['work', 'home']) await radicale.calendar('albert', each);
    const draft = { desk: 'taula-1', address: radicale.url, username: 'albert', ...DRAFT };
    const result = await connections.connect(albert, office, draft);
    if (!result.ok) throw new Error(JSON.stringify(result));
    const opened = await connections.open(albert, result.id);
    expect(opened?.calendars.map((each) => each.name).toSorted()).toEqual(['home', 'work']);
    expect(await sync(0)).toBe(0);
    const stranger = 'http://127.0.0.1:1/';
    expect((await connections.choose(albert, result.id, stranger)).ok).toBe(false);
    const home = opened!.calendars.find((each) => each.name === 'home')!;
    expect((await connections.choose(albert, result.id, home.place)).ok).toBe(true);
    await sync(0);
    expect(await stateOf(result.id, albert)).toMatchObject({ calendarName: 'home', trouble: null });
    expect((await stateOf(result.id, albert))?.seenAt).not.toBeNull();
  }, 60_000);

  test('says what is wrong, tries later each time, and never asks a server often with a refused password', async () => {
    const { noted, clock, connections, marta, office, run, stateOf, sync } = world;
    const calendar = await radicale.calendar('marta', 'trouble');
    const draft = { desk: null, address: calendar, username: 'marta', ...DRAFT };
    for (const [more, mistakes] of [
      [{ password: 'wrong' }, { server: 'refused' }],
      [{ address: 'http://127.0.0.1:1/' }, { server: 'away' }],
      [{ address: 'https://10.0.0.1/' }, { server: 'address' }],
      [{ address: 'https://169.254.169.254/' }, { server: 'address' }],
      [{ address: 'http://calendar.example/' }, { address: 'not_https' }],
      [
        { address: '', username: '', password: '', reads: false },
        { address: 'missing', username: 'missing', password: 'missing', choice: 'nothing' },
      ],
    ] as const)
      expect(await connections.connect(marta, office, { ...draft, ...more })).toEqual({
        ok: false,
        reason: 'invalid',
        mistakes,
      });
    const refused = { office: office.id, staff: marta.staff, what: 'inner' };
    expect(noted).toEqual([
      { event: 'calendar.address_refused', facts: refused },
      { event: 'calendar.address_refused', facts: refused },
    ]);
    const id = await connect(calendar);
    await sync(0);
    await radicale.stop();
    const waits: number[] = [];
    for (let nth = 0; nth < 3; nth++) {
      await sync(nth === 0 ? 5 : (waits.at(-1) ?? 0));
      const { nextTryAt, trouble } = (await stateOf(id))!;
      expect(trouble).toBe('away');
      waits.push(clock.now().until(nextTryAt).total('minutes'));
    }
    expect(waits).toEqual([1, 5, 15]);
    expect(await sync(1)).toBe(0);
    await radicale.start();
    await connections.hurry(marta, id);
    await sync(0);
    expect(await stateOf(id)).toMatchObject({ trouble: null, failures: 0 });
    await run(sql`update calendar_connection set sealed = '\\x00'`);
    await sync();
    await sync();
    expect((await stateOf(id))?.trouble).toBe('refused');
    expect(
      clock
        .now()
        .until((await stateOf(id))!.nextTryAt)
        .total('hours'),
    ).toBe(6);
    expect((await connections.setPassword(marta, id, 'wrong')).ok).toBe(false);
    expect((await connections.setPassword(marta, id, PASSWORD)).ok).toBe(true);
    await sync(0);
    expect((await stateOf(id))?.trouble).toBeNull();
  }, 60_000);

  test('is written as chosen: once each, moved, taken back, without names, and not read back', async () => {
    const { albert, book, connections, made, office, rows, run, sync } = world;
    const calendar = await radicale.calendar('taula', 'out');
    const events = () => radicale.events(calendar);
    const id = await connect(calendar, { writes: true, username: 'taula' }, albert);
    const first = await book('2026-12-07T10:00');
    const second = await book('2026-12-07T11:00');
    await sync(0);
    const written = await events();
    expect(written).toHaveLength(2);
    expect(written.join()).not.toMatch(/Rosa|Soler|600123456/);
    expect(written.join()).toContain(`UID:desk.${first.id}@cita.example.cat`);
    await sync();
    expect(await events()).toEqual(written);
    expect(await rows(sql`select id from desk_busy`)).toEqual([]);
    expect(
      (
        await made.appointments.cancel(
          { kind: 'citizen', appointment: second.id },
          office,
          second.id,
          '',
        )
      ).ok,
    ).toBe(true);
    const start = Temporal.Instant.from('2026-12-08T10:20:00+01:00');
    const moved = await made.appointments.move(
      { kind: 'citizen', appointment: first.id },
      office,
      first.id,
      { start },
    );
    expect(moved.ok).toBe(true);
    await sync(0);
    const [only, ...others] = await events();
    expect(others).toEqual([]);
    expect(only).toContain('DTSTART:20261208T092000Z');
    // The office allows no names: asking for them changes nothing.
    await connections.change(albert, id, { reads: true, writes: true, names: true });
    await sync(0);
    expect((await events()).join()).not.toContain('Rosa');
    await run(
      sql`update office set settings = jsonb_set(settings, '{calendars}', '{"citizens":"chosen"}'), revision = revision + 1`,
    );
    await connections.change(albert, id, { reads: true, writes: true, names: true });
    await sync(0);
    expect((await events()).join()).toContain('Rosa Soler');
    await connections.end(albert, id);
    await sync(0);
    expect(await events()).toEqual([]);
    expect(await rows(sql`select id from calendar_connection`)).toEqual([]);
  }, 60_000);

  test('after a reassignment the appointment is in one calendar: the other desk’s', async () => {
    const { giveTo, albert, book, connections, office, sync } = world;
    const [one, other] = [
      await radicale.calendar('taula', 'one'),
      await radicale.calendar('albert', 'two'),
    ];
    await connect(one, { writes: true, reads: false }, albert);
    const two = { desk: 'taula-2', address: other, username: 'albert', ...DRAFT, writes: true };
    expect((await connections.connect(albert, office, two)).ok).toBe(true);
    const appointment = await book('2026-12-09T10:00');
    await sync(0);
    expect(await radicale.events(one)).toHaveLength(1);
    await giveTo(appointment.id, 'taula-2');
    await sync(0);
    expect(await radicale.events(one)).toEqual([]);
    const [event, ...more] = await radicale.events(other);
    expect(more).toEqual([]);
    expect(event).toContain(`UID:desk.${appointment.id}@cita.example.cat`);
  }, 60_000);

  test('of a person goes with them to another desk, and ends when they leave', async () => {
    const { marta, office, rows, run, sync } = world;
    const calendar = await radicale.calendar('marta', 'person');
    await radicale.put(calendar, 'x', ...madrid('20261201T100000'));
    const id = await connect(calendar);
    await sync(0);
    const at = () => rows<{ desk_id: number }>(sql`select distinct desk_id from desk_busy`);
    expect(await at()).toEqual([{ desk_id: marta.desk }]);
    const desk = office.desks.find((each) => each.code === 'taula-2')!.id;
    await run(sql`update staff_role set desk_id = ${desk} where staff_id = ${marta.staff}`);
    await sync(1);
    expect(await at()).toEqual([{ desk_id: desk }]);
    await run(sql`update staff set retired_at = now() where id = ${marta.staff}`);
    await sync(1);
    expect(await at()).toEqual([]);
    expect(await rows(sql`select id from calendar_connection where id = ${id}`)).toEqual([]);
    await run(sql`update staff set retired_at = null where id = ${marta.staff}`);
    await run(sql`update staff_role set desk_id = ${marta.desk} where staff_id = ${marta.staff}`);
  }, 60_000);
});
