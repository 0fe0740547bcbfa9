import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstFails, STUCK, testUnit } from '../../foundation/audit/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createCalendarFeeds } from './service.ts';
import { syncCalendars } from './syncing.ts';
import { type CalendarsWorld, calendarsWorld } from './testing.ts';

let world: CalendarsWorld;
beforeAll(async () => {
  world = await calendarsWorld();
});
afterAll(() => world.close());

/** What both jobs need, with a first change that fails. */
const depsOf = ({ database, clock, made }: CalendarsWorld) => ({
  ...{ db: database.kysely, clock, offices: made.offices },
  ...{ unit: firstFails(testUnit(database.kysely, clock)), baseUrl: 'https://cita.example.cat' },
});
const leave = () => world.run(sql`update staff set retired_at = now()`);
const comeBack = () => world.run(sql`update staff set retired_at = null`);

test('a feed that can’t be ended doesn’t hold up the end of others', async () => {
  const { marta, office, rows } = world;
  const feeds = createCalendarFeeds({
    ...depsOf(world),
    unit: testUnit(world.database.kysely, world.clock),
  });
  const coordinator = { ...world.albert, role: 'coordinator' } as const;
  await world.run(sql`update staff_role set role = 'coordinator' where staff_id = ${albert()}`);
  await feeds.make(marta, office, { desk: 'taula-1', names: false });
  await feeds.make(coordinator, office, { desk: 'taula-1', names: false });
  const left = () => rows(sql`select id from calendar_feed`);
  expect(await left()).toHaveLength(2);
  await leave();
  await expect(createCalendarFeeds(depsOf(world)).sweep()).rejects.toThrow(STUCK);
  expect(await left()).toHaveLength(1);
  await comeBack();
});

const albert = () => world.albert.staff;

test('a connection that can’t be ended holds up neither others nor the calendars of other offices', async () => {
  const { office, marta, rows, run } = world;
  const elsewhere = await world.made.offices.byId(
    await testOffice(world.database.kysely, { code: 'hisenda' }),
  );
  const theirs = elsewhere.desks[0]!.id;
  for (const [at, desk, staff] of [
    [office.id, marta.desk, marta.staff],
    [office.id, marta.desk, world.albert.staff],
    [elsewhere.id, theirs, null],
  ] as const)
    await run(sql`insert into calendar_connection (id, office_id, desk_id, staff_id, kind, address, calendar, reads, writes, names, made_at, made_by, next_try_at)
      values (gen_random_uuid(), ${at}, ${desk}, ${staff}, 'caldav', 'https://dav.example.cat', 'https://dav.example.cat/work', true, false, false, now(), ${marta.staff}, '2026-01-01')`);
  await leave();
  const asked: number[] = [];
  const syncing = {
    ...depsOf(world),
    key: null as never,
    log: { warn: () => {} },
    serverOf: ({ desk }: { desk: number }) => {
      asked.push(desk);
      throw new Error('nobody answers');
    },
  };
  await expect(syncCalendars(syncing)).rejects.toThrow(STUCK);
  expect(
    await rows(sql`select id from calendar_connection where ended_at is not null`),
  ).toHaveLength(1);
  // The other one of the same office could be that of somebody who may no longer see their desk.
  expect(new Set(asked)).toEqual(new Set([theirs]));
});
