import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { testEncounter } from '../../service/encounter/testing/encounter.ts';
import type { Side } from '../../service/room/types.ts';
import { type CallQuality, createCallQuality } from './service.ts';
import { saidHeard } from './testing.ts';
import type { QualityReport } from './types.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
let database: TestDatabase;
let quality: CallQuality;
let office: Office;
let foreign: Office;
let [one, two, three, notMet]: Appointment[] = [];

const coordinator = (of: Office): StaffViewer => ({
  ...{ kind: 'staff', staff: 1, name: 'Núria', office: of.id, role: 'coordinator', desk: null },
});

beforeAll(async () => {
  database = await testDatabase();
  const { offices, appointments } = testAppointments(database, clock);
  office = await offices.byId(await testOffice(database.kysely));
  foreign = await offices.byId(await testOffice(database.kysely, { code: 'altra' }));
  quality = createCallQuality({ db: database.kysely, clock });
  const book = async (start: string, name: string) => {
    const booked = await appointments.book({ kind: 'citizen' }, office, {
      procedure: 'volant-padro',
      channel: 'video',
      language: 'ca',
      noticeLanguage: 'ca',
      start: Temporal.Instant.from(start),
      citizen: { name, email: `${name}@example.cat`, phone: '+34600000001' },
      onBehalfOf: null,
      needs: [],
      comment: '',
    });
    if (!booked.ok) throw new Error(booked.reason);
    return booked.appointment;
  };
  one = await book('2026-11-30T09:00:00+01:00', 'Rosa');
  two = await book('2026-12-02T09:00:00+01:00', 'Joan');
  three = await book('2026-12-09T09:00:00+01:00', 'Pere');
  notMet = await book('2026-12-10T09:00:00+01:00', 'Anna');
  const encounter = testEncounter(database, clock);
  for (const each of [one, two, three])
    await encounter.start(coordinator(office), office, each.id, { anyway: true });
});
afterAll(() => database.close());

const REPORT: QualityReport = {
  id: '',
  from: 'agent',
  seconds: 600,
  firstFrameMs: 300,
  path: 'srflx',
  lossPercent: 1,
  rttMs: 60,
  fps: 24,
  freezes: 2,
  frozenSeconds: 1.5,
  reconnections: 0,
  audioOnlySeconds: 0,
  width: 640,
  height: 480,
};
const by = (appointment: Appointment | undefined, side: Side, of = office) => ({
  ...{ office: of.id, appointment: appointment?.id ?? '', side },
});
const send = (who: ReturnType<typeof by>, more: Partial<QualityReport> | object) =>
  quality.report(who, JSON.stringify({ ...REPORT, id: randomUUID(), ...more }));
const rows = () =>
  within(database.kysely, office.id, (tx) =>
    tx.selectFrom('call_quality').selectAll().orderBy('ended_at').orderBy('id').execute(),
  );
const figures = async (period: 'week' | 'month' = 'week') =>
  (await quality.figures(coordinator(office), office, period))!;

test('before any call there are no figures', async () => {
  expect(await figures()).toEqual({ video: [], phone: [], heard: [], bad: [] });
});

describe('what a page sends', () => {
  test.each([
    ['{', 'no JSON'],
    [{ name: 'Rosa' }, 'a name'],
    [{ path: '192.0.2.7' }, 'an address'],
    [{ id: 'Rosa' }, 'an id of its own'],
    [{ fps: 'Rosa' }, 'words for numbers'],
    [{ lossPercent: 101 }, 'more than all lost'],
    [{ seconds: -1 }, 'time that goes back'],
    [{ seconds: 1.5 }, 'a half second'],
    [{ rttMs: undefined }, 'less than all'],
    [{ from: 'citizen' }, 'what it was not sent'],
  ])('%j is not kept: %s', async (change, _what) => {
    const text =
      typeof change === 'string'
        ? change
        : JSON.stringify({ ...REPORT, id: randomUUID(), ...change });
    expect(await quality.report(by(one, 'citizen'), text)).toEqual({
      ok: false,
      reason: 'invalid',
    });
    expect(await rows()).toEqual([]);
  });

  test('of an appointment that isn’t there or has not begun, or of another office, is not kept', async () => {
    const refused = { ok: false, reason: 'not_found' };
    expect(await send(by(notMet, 'citizen'), {})).toEqual(refused);
    expect(await send({ ...by(one, 'citizen'), appointment: randomUUID() }, {})).toEqual(refused);
    expect(await send(by(one, 'citizen', foreign), {})).toEqual(refused);
  });

  test('again later takes the place of the earlier, and what comes late doesn’t', async () => {
    const id = randomUUID();
    expect(await send(by(one, 'citizen'), { id, seconds: 30 })).toEqual({ ok: true });
    expect(await send(by(one, 'citizen'), { id: id.toUpperCase(), seconds: 60 })).toEqual({
      ok: true,
    });
    expect(await send(by(one, 'citizen'), { id, seconds: 45, fps: 5 })).toEqual({ ok: true });
    expect(await rows()).toMatchObject([{ id, seconds: 60, fps: 24, word: 'good' }]);
  });

  test('in the place of somebody else’s is refused', async () => {
    const [{ id } = { id: '' }] = await rows();
    const refused = { ok: false, reason: 'not_found' };
    expect(await send(by(one, 'agent'), { id, from: 'citizen', seconds: 700 })).toEqual(refused);
    expect(await send(by(two, 'citizen'), { id, seconds: 700 })).toEqual(refused);
    expect(await rows()).toMatchObject([{ side: 'citizen', seconds: 60 }]);
  });

  test('without end is refused in the end', async () => {
    for (let nth = 0; nth < 100; nth++)
      expect(await send(by(three, 'citizen'), { seconds: 0 })).toEqual({ ok: true });
    expect(await send(by(three, 'citizen'), {})).toEqual({ ok: false, reason: 'too_often' });
    await database.pool.query(
      "begin; select set_config('app.office', '*', true); delete from call_quality; commit;",
    );
  });
});

describe('the figures', () => {
  beforeAll(async () => {
    const at = async (time: string, who: ReturnType<typeof by>, more: Partial<QualityReport>) => {
      clock.set(time);
      expect(await send(who, more)).toEqual({ ok: true });
    };
    const monday = '2026-11-30T09:20:00+01:00';
    await at(monday, by(one, 'citizen'), { firstFrameMs: 200, rttMs: 50, freezes: 6 });
    await at(monday, by(one, 'agent'), { from: 'citizen', path: 'relay', fps: 12 });
    const wednesday = '2026-12-02T09:20:00+01:00';
    await at(wednesday, by(two, 'citizen'), { firstFrameMs: 400, rttMs: 70, lossPercent: 4 });
    await at(wednesday, by(two, 'companion'), { seconds: 300, firstFrameMs: 900, freezes: null });
    await at(wednesday, by(two, 'citizen'), { reconnections: 4, rttMs: null });
    const nothing = { lossPercent: null, rttMs: null, fps: null, freezes: null };
    const never = { path: null, seconds: 0, firstFrameMs: null, ...nothing };
    await at('2026-12-09T09:20:00+01:00', by(three, 'citizen'), never);
  });

  test('count a call once, however many report of it, by the worst of them', async () => {
    const { video } = await figures();
    expect(video.map(({ seen: _, ...each }) => ({ ...each, from: each.from.toString() }))).toEqual([
      {
        from: '2026-12-07',
        ...{ calls: 1, connected: 0, relayed: 0, cut: 0 },
        words: { good: 0, fair: 0, poor: 1 },
      },
      {
        from: '2026-11-30',
        ...{ calls: 2, connected: 2, relayed: 1, cut: 1 },
        words: { good: 0, fair: 1, poor: 1 },
      },
    ]);
  });

  test('tell what citizens saw from what we saw', async () => {
    const [never, week] = (await figures()).video;
    expect(never?.seen).toEqual({ theirs: null, ours: null });
    // By hand: 200, 300, 400, 900 ms; 1 % of 600, 4 % of 600, 1 % of 300, 1 % of 600 s; 10 freezes in half an hour.
    expect(week?.seen.theirs).toEqual({
      firstFrameMs: { half: 350, most: expect.closeTo(750, 5) },
      lossPercent: expect.closeTo(3900 / 2100, 5),
      rttMs: 60,
      fps: 24,
      freezesPerHour: 20,
      audioOnly: 0,
    });
    expect(week?.seen.ours).toMatchObject({ fps: 12, firstFrameMs: { half: 300, most: 300 } });
  });

  test('by month are of the office’s own months', async () => {
    const { video } = await figures('month');
    expect(video.map(({ from, calls }) => [from.toString(), calls])).toEqual([
      ['2026-12-01', 2],
      ['2026-11-01', 1],
    ]);
  });

  test('name the calls that went badly by their reference, as long as it is known', async () => {
    const { bad } = await figures();
    expect(bad.map((each) => [each.appointment?.reference, each.reconnections, each.path])).toEqual(
      [
        [three?.reference, 0, null],
        [two?.reference, 4, 'srflx'],
      ],
    );
    await database.pool.query(
      "begin; select set_config('app.office', '*', true); update call_quality set encounter_id = null; commit;",
    );
    const after = await figures();
    expect(after.bad.map((each) => each.appointment)).toEqual([null, null]);
    expect(after.video.map((each) => each.calls)).toEqual([1, 2]);
  });

  test('say what was heard by whole months that can have no more answers, of five and more by a channel', async () => {
    const four = ['yes', 'yes', 'partly', 'no'] as const;
    const say = (from: string, channel: 'phone' | 'video', heard: (typeof four)[number][]) =>
      saidHeard(database.kysely, one!, { from, channel, heard });
    await say('2026-08-10T09:00+02:00', 'phone', [...four]);
    await say('2026-09-01T00:00+02:00', 'video', [...four, 'no']);
    await say('2026-10-01T00:00+02:00', 'phone', [...four, 'yes']);
    // November is over on the 9th of December, but its last surveys may still be answered.
    await say('2026-11-01T09:00+01:00', 'video', [...four, ...four]);
    clock.set('2026-12-09T12:00:00+01:00');
    for (const by of ['week', 'month'] as const)
      expect((await figures(by)).heard.map((each) => ({ ...each, from: `${each.from}` }))).toEqual([
        { from: '2026-10-01', channel: 'phone', yes: 3, partly: 1, no: 1 },
        { from: '2026-09-01', channel: 'video', yes: 2, partly: 1, no: 2 },
      ]);
  });

  test('are no agent’s to see, nor another office’s', async () => {
    const agent: StaffViewer = { ...coordinator(office), role: 'agent' };
    expect(await quality.figures(agent, office, 'week')).toBeNull();
    expect(await quality.figures(coordinator(foreign), office, 'week')).toBeNull();
    const theirs = await quality.figures(coordinator(foreign), foreign, 'week');
    expect(theirs?.video).toEqual([]);
  });
});
