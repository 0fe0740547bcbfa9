import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { readAssumptions } from './assumptions.ts';
import { createPlanning, type Planning } from './service.ts';
import { seedPast } from './testing.ts';
import type { Assumptions } from './types.ts';

// A Wednesday: four whole weeks lie between 2 and 29 November.
const clock = handClock('2026-12-02T10:00:00+01:00');
let database: TestDatabase;
let planning: Planning;
let office: Office;
let foreign: Office;

const viewerOf = (of: Office, role: StaffViewer['role'] = 'coordinator'): StaffViewer => ({
  ...{ kind: 'staff', staff: 1, name: 'Núria', office: of.id, role, desk: null },
});
const supposed = (more: Record<string, string> = {}): Assumptions => {
  const read = readAssumptions((name) => more[name] ?? '');
  if (!read.ok) throw new Error('no assumptions');
  return read.assumptions;
};

beforeAll(async () => {
  database = await testDatabase();
  const { offices } = testAppointments(database, clock);
  const desks = { 'taula-1': {}, 'taula-2': { channels: ['phone'] } };
  office = await offices.byId(await testOffice(database.kysely, { desks }));
  foreign = await offices.byId(await testOffice(database.kysely, { code: 'altra' }));
  planning = createPlanning({ db: database.kysely, clock });
});
afterAll(() => database.close());

describe('before anybody came', () => {
  test('nothing is known, and what is supposed is planned', async () => {
    const none = await planning.plan(viewerOf(office), office, supposed());
    expect(none).toMatchObject({ weeks: [], halves: [], deskHours: 25, attending: null });
    const some = await planning.plan(
      viewerOf(office),
      office,
      supposed({ phone: '100', shrinkage: '0' }),
    );
    // 15 minutes and 5 after, as the catalogue says; two desks by telephone.
    const [phone] = some?.weeks ?? [];
    expect(phone).toMatchObject({ kind: 'phone', rota: 50, demand: { low: 85 } });
    expect(phone?.hours.low).toBeGreaterThan((85 * 20) / 60);
    expect(phone?.hours.low).toBeLessThan((88 * 20) / 60);
  });

  test('there is nothing to play again', async () => {
    expect(await planning.replay(viewerOf(office), office, 3)).toMatchObject({
      asked: 0,
      runs: [],
    });
  });

  test('agents, and who works elsewhere, may not ask', async () => {
    for (const viewer of [viewerOf(office, 'agent'), viewerOf(foreign)]) {
      expect(await planning.plan(viewer, office, supposed())).toBeNull();
      expect(await planning.replay(viewer, office, 3)).toBeNull();
    }
    expect(
      await planning.plan(viewerOf(office, 'administrator'), office, supposed()),
    ).not.toBeNull();
  });
});

describe('after three weeks of nine appointments a desk and six calls a day', () => {
  beforeAll(async () => {
    await seedPast(database.kysely, office, {
      first: '2026-11-09',
      weeks: 3,
      perDesk: 9,
      calls: 6,
    });
    await seedPast(database.kysely, foreign, { first: '2026-11-09', weeks: 3, perDesk: 11 });
  });

  test('what is known is what was', async () => {
    const plan = await planning.plan(viewerOf(office), office, supposed({ weeks: '4' }));
    expect(plan?.known).toEqual({
      // The first of the three may have begun in its middle.
      weeks: { phone: 2, video: 2, in_person: 0, calls: 2 },
      // At two desks on five days, two of nine by video.
      perWeek: { phone: 70, video: 20, in_person: null },
      // Six calls a day from 9 to 9.30, and that over the 50 half hours of the rota.
      callsPerHalfHour: 30 / 50,
      callMinutes: 3,
      show: expect.closeTo((100 * 8) / 9, 10),
    });
    expect(plan?.weeks.map((each) => each.kind)).toEqual(['phone', 'video', 'calls', 'all']);
    const nine = plan?.halves.find((each) => each.weekday === 3 && each.half === 18);
    expect(nine?.has).toEqual({ phone: 2, video: 1, in_person: 0, calls: 2, all: 2 });
    expect(nine?.needs.calls.low).toBeGreaterThan(0);
    const noon = plan?.halves.find((each) => each.weekday === 3 && each.half === 25);
    expect(noon?.needs.calls).toEqual({ low: 0, high: 0 });
  });

  test('time is counted where it was taken, beyond the half hour in which it began', async () => {
    // Twelve minutes to each of 8 of 9, of 20 or 25 that were kept for it.
    const plan = await planning.plan(viewerOf(office), office, supposed({ weeks: '4' }));
    expect(plan?.attending).toBeCloseTo(((8 / 9) * 12) / ((6 * 20 + 2 * 25) / 8), 1);
    // The last by telephone begins at 12.20 and its buffer ends at 12.40.
    const taken = (plan?.halves ?? []).filter(
      (each) => each.weekday === 2 && each.needs.phone.high > 0,
    );
    expect(taken.map((each) => each.half)).toEqual([18, 19, 20, 21, 22, 23, 24, 25]);
  });

  test('the month is played again as it was: desks attend what they attended, everybody was soon served', async () => {
    const replay = await planning.replay(viewerOf(office), office, 3);
    expect(replay).toMatchObject({ asked: 270, oneIn: 1, comes: 1, go: [1] });
    expect(replay?.runs.map((each) => each.change)).toEqual([-1, 0, 1, 2]);
    const [fewer, now, more] = replay?.runs ?? [];
    // Twelve minutes to 8, ten to one, of five hours.
    expect(now?.occupied).toBeCloseTo(((8 * 12 + 10) / 300) * (15 / 20), 2);
    expect(now).toMatchObject({ desks: 2, none: 0, kept: 1, late: { share: 0 } });
    expect(fewer?.kept).toBeLessThanOrEqual(1);
    expect(more?.occupied).toBeLessThan(now?.occupied ?? 0);
  });

  test('where there is too much, one in so many is played, always the same', async () => {
    await within(database.kysely, office.id, async (tx) => {
      for (let i = 3; i <= 60; i++) {
        const { id } = await tx
          .insertInto('desk')
          .values({
            office_id: office.id,
            code: `t-${i}`,
            name: `T${i}`,
            languages: ['ca'],
            channels: ['phone'],
          })
          .returning('id')
          .executeTakeFirstOrThrow();
        await tx
          .insertInto('shift')
          .values({
            office_id: office.id,
            desk_id: id,
            weekdays: [1, 2, 3, 4, 5],
            starts: '09:00',
            ends: '14:00',
            since: '2026-01-01',
          })
          .execute();
      }
      await tx.updateTable('office').set({ revision: 9 }).where('id', '=', office.id).execute();
    });
    const { offices } = testAppointments(database, clock);
    const large = await offices.byId(office.id);
    await seedPast(database.kysely, large, { first: '2026-11-16', weeks: 2, perDesk: 3 });
    const [one, again] = [
      await planning.replay(viewerOf(large), large, 3),
      await planning.replay(viewerOf(large), large, 3),
    ];
    expect(one?.oneIn).toBeGreaterThan(1);
    expect(one).toEqual(again);
    expect(one?.runs.find((each) => each.change === 0)?.desks).toBe(
      Math.ceil(60 / (one?.oneIn ?? 1)),
    );
    // A seventh at most to either side of what one in so many would be.
    expect(Math.abs((one?.asked ?? 0) * (one?.oneIn ?? 0) - 2070)).toBeLessThan(2070 / 7);
  });
});
