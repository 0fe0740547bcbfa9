import { afterAll, beforeAll, expect, test } from 'vitest';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { purposeKey } from '../../../../lib/secrets.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { identifiedPerson } from '../../../foundation/identification/testing.ts';
import { createCases } from '../service.ts';
import { begunWith, holderOf, officialOf, openCases, staffOf, type TestCases } from '../testing.ts';

const clock = handClock('2027-02-01T09:00:00+01:00');
let database: TestDatabase;
let town: TestCases;
let coordinator: StaffViewer;
let agent: StaffViewer;

beforeAll(async () => {
  database = await testDatabase();
  town = await openCases(database, clock);
  coordinator = await officialOf(town, town.office, 'coordinator');
  agent = { ...(await officialOf(town, town.office, 'agent')), desk: 1 };
});
afterAll(() => database.close());

const typed = { 'local.rotul': 'Bar Pi' };
const answer = (viewer: StaffViewer, id: string) =>
  town.cases.answer(viewer, town.office, id, typed);
const end = (id: string) =>
  within(town.db, town.office.id, async (tx) => {
    const { encounter_id } = await tx
      .selectFrom('case_file')
      .select('encounter_id')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    await tx
      .updateTable('encounter')
      .set({ ended_at: clock.now().toString() })
      .where('id', '=', encounter_id)
      .execute();
  });

test('a case that is begun with somebody knows the encounter and its door', async () => {
  const id = await begunWith(town, town.office, coordinator);
  const { case: of } = (await town.cases.open(holderOf(id), town.office, id))!;
  expect(of).toMatchObject({ door: 'in_person', level: 'none', person: null, state: 'draft' });
  expect(of.encounter).not.toBeNull();
  expect(await town.cases.encounterOf(coordinator, town.office, id)).toEqual({
    appointment: null,
    isUnderway: true,
  });
});

test('those who serve the citizen type answers, until the encounter ends', async () => {
  const id = await begunWith(town, town.office, coordinator);
  expect(await answer(agent, id)).toMatchObject({ ok: true });
  expect(await answer({ ...agent, desk: null }, id)).toMatchObject({ reason: 'not_found' });
  const elsewhere = staffOf(town.elsewhere, 'administrator');
  expect(await answer(elsewhere, id)).toMatchObject({ reason: 'not_found' });
  expect(await town.cases.encounterOf(elsewhere, town.office, id)).toBeNull();
  await end(id);
  expect(await answer(coordinator, id)).toEqual({ ok: false, reason: 'not_found' });
  expect(await town.cases.open(coordinator, town.office, id)).toBeNull();
  const own = await town.cases.answer(holderOf(id), town.office, id, { 'qui.nom': 'Rosa' });
  expect(own).toMatchObject({ ok: true });
});

test('what somebody began on-line is seen and typed by nobody of the office', async () => {
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await town.cases.begin(holderOf(''), town.office, what))!;
  expect(await answer(coordinator, id)).toEqual({ ok: false, reason: 'not_found' });
  expect(await town.cases.open(coordinator, town.office, id)).toBeNull();
  expect(await town.cases.encounterOf(coordinator, town.office, id)).toBeNull();
});

test('nothing is begun without an encounter, or for another office', async () => {
  const nowhere = { encounter: '00000000-0000-4000-8000-000000000001' };
  const begin = (viewer: StaffViewer) =>
    town.cases.beginIn(viewer, town.office, nowhere, 'volant-padro');
  expect(await begin(coordinator)).toEqual({ ok: false, reason: 'not_open' });
  expect(await begin(staffOf(town.elsewhere, 'coordinator'))).toMatchObject({
    reason: 'not_found',
  });
});

test('the official who helped is not the one who confirms, by whichever identity', async () => {
  const key = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }]);
  const who = await identifiedPerson(town.db, key, '12345678Z', clock.now());
  const id = await begunWith(town, town.office, coordinator);
  await answer(coordinator, id);
  const given = { 'qui.nom': 'Rosa Soler' };
  await town.cases.answer(holderOf(id), town.office, id, given);
  const viewer = { ...holderOf(id), identified: { ...who, level: 'substantial' } } as const;
  const officials = { ...town.officials, compare: async () => 'same' as const };
  const strict = createCases({ ...town, officials });
  expect(await strict.handIn(viewer, town.office, id)).toEqual({
    ok: false,
    reason: 'not_independent',
  });
  expect(await town.cases.handIn(holderOf(id), town.office, id)).toMatchObject({
    reason: 'not_citizen',
  });
  expect(await town.cases.handIn(viewer, town.office, id)).toMatchObject({ ok: true });
});

test('what is declared is ticked by the applicant alone, and voids no request to confirm', async () => {
  const id = await begunWith(town, town.office, coordinator);
  const declared = { 'declarations.veritat': true, 'qui.nom': 'Rosa' };
  await town.cases.answer(coordinator, town.office, id, declared);
  const opened = async () => (await town.cases.open(holderOf(id), town.office, id))!;
  expect((await opened()).draft.hands).not.toHaveProperty(['declarations.veritat']);
  expect(await town.cases.askConfirmation(coordinator, town.office, id, 1)).toEqual({ ok: true });
  await town.cases.answer(holderOf(id), town.office, id, { 'declarations.veritat': true });
  const { case: of } = await opened();
  expect([of.version, of.confirmation?.version]).toEqual([2, 2]);
});
