import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HowCallsGo } from '../features/insight/call-quality/types.ts';
import { testEncounter } from '../features/service/encounter/testing/encounter.ts';
import type { StaffViewer, Viewer } from '../lib/viewer.ts';
import { MARIA, startsIn, type TestTown, testTown } from './citizen/testing.ts';

let town: TestTown;
let office: number;
let appointment: string;
let who: Viewer;
let room: string;
let post: (form: Record<string, string>) => Promise<number>;
let begin: () => Promise<unknown>;
let figures: () => Promise<HowCallsGo | null>;

const REPORT = {
  id: '0b2f3a54-1c1f-4d57-9d0c-4a8b5f0c9a11',
  ...{ from: 'agent', seconds: 30, firstFrameMs: 240, path: 'relay', lossPercent: 0.4, rttMs: 81 },
  ...{ fps: 24.5, freezes: 0, frozenSeconds: 0, reconnections: 0, audioOnlySeconds: 0 },
  ...{ width: 640, height: 480 },
};

beforeAll(async () => {
  town = await testTown();
  const times = '/ca/oac/volant-padro/times?channel=video&language=ca';
  const start = startsIn((await town.get(times)).html)[0] ?? '';
  const details = await town.submit(times, { start });
  const check = await town.submit(details.path, MARIA);
  const manage = (await town.post(check.path, {})).path.replace(/\/confirmed$/, '');
  const { appointments, offices } = town.deps;
  const found = await appointments.bySecret(manage.split('/').at(-1) ?? '');
  ({ id: appointment, office } = found!);
  who = { kind: 'citizen', appointment };
  town.clock.set(Temporal.Instant.from(start).subtract({ minutes: 5 }).toString());

  room = `${manage}/room`;
  post = async (form) => (await town.post(`${room}/quality`, form)).status;
  const viewer: StaffViewer = {
    ...{ kind: 'staff', staff: 1, name: 'Núria', office, role: 'coordinator', desk: null },
  };
  const encounter = testEncounter(town.database, town.clock);
  begin = async () => encounter.start(viewer, await offices.byId(office), appointment);
  figures = async () => town.deps.callQuality.figures(viewer, await offices.byId(office), 'week');
});
afterAll(() => town.close());

test('a seat in the room reports the call’s quality repeatedly; a person who left reports nothing', async () => {
  const entered = await town.deps.room.enter(who, office, appointment);
  if (!entered.ok) throw new Error(entered.reason);
  const { seat } = entered;
  const send = (more: object = {}) =>
    post({ seat: seat.id, report: JSON.stringify({ ...REPORT, ...more }) });
  expect(await send()).toBe(404);
  await begin();
  expect(await send()).toBe(204);
  expect(await send({ seconds: 60 })).toBe(204);
  expect(await send({ from: 'citizen' })).toBe(422);
  expect(await send({ userAgent: 'Mozilla/5.0' })).toBe(422);
  expect(await post({ seat: seat.id })).toBe(422);
  const { video = [] } = (await figures()) ?? {};
  expect(video).toMatchObject([{ calls: 1, connected: 1, relayed: 1 }]);
  expect(video[0]?.seen.theirs).toMatchObject({ fps: 24.5, firstFrameMs: { half: 240 } });
  await town.deps.room.leave(seat);
  expect(await send({ seconds: 90 })).toBe(410);
});

test('strangers’ reports are refused without information', async () => {
  const report = JSON.stringify(REPORT);
  expect(await post({ seat: 'x', report })).toBe(410);
  room = '/ca/appointment/unknown/room';
  expect(await post({ seat: 'x', report })).toBe(404);
});
