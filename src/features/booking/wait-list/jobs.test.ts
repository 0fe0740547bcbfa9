import { afterEach, beforeEach, expect, test } from 'vitest';
import { firstFails, STUCK } from '../../foundation/audit/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createOffering } from './service.ts';
import { idle, type TestList, testList } from './testing.ts';

const THURSDAY = '2026-11-26';
const shifts = [{ from: '09:00', to: '10:00' }];

let town: TestList;
beforeEach(async () => {
  town = await testList({
    slots: { horizonDays: 5 },
    desks: { 'taula-1': { shifts }, ...idle(35) },
  });
});
afterEach(() => town.close());

const passWithFailure = () => createOffering({ ...town, unit: firstFails(town.unit) }).pass();

test('an entry to which no time can be offered doesn’t hold up the next one', async () => {
  const first = await town.wait({ lastDay: THURSDAY });
  const second = await town.wait({ lastDay: THURSDAY });
  await expect(passWithFailure()).rejects.toThrow(STUCK);
  expect(await town.offers(first)).toEqual([]);
  expect(await town.offers(second)).toEqual([`${THURSDAY}T09:00 open`]);
  expect(await town.holds()).toHaveLength(1);
});

test('an offer that can’t be ended keeps no other from ending, and nobody from being offered a time', async () => {
  const two = [await town.wait({ lastDay: THURSDAY }), await town.wait({ lastDay: THURSDAY })];
  expect(await town.pass()).toBe(2);
  town.clock.advance({ hours: 2 });
  const third = await town.wait({ lastDay: THURSDAY });
  await expect(passWithFailure()).rejects.toThrow(STUCK);
  const ended = (await Promise.all(two.map((each) => town.offers(each)))).flat();
  expect(ended.filter((each) => each.endsWith('expired'))).toHaveLength(1);
  expect(await town.offers(third)).toHaveLength(1);
});

test('each office is looked at, also after one that fails', async () => {
  const second = await testOffice(town.database.kysely, { code: 'hisenda' });
  const waiting = await town.wait({ lastDay: THURSDAY });
  // The same person waits at the other office too.
  await town.database.asOwner(
    `insert into wait_list select (jsonb_populate_record(w, jsonb_build_object('id', gen_random_uuid(), 'office_id', ${second}))).* from wait_list w`,
  );
  const asked: number[] = [];
  const byId = async (id: number) => {
    asked.push(id);
    if (asked.length === 1) throw new Error(STUCK);
    return town.offices.byId(id);
  };
  const offering = createOffering({ ...town, offices: { ...town.offices, byId } });
  await expect(offering.pass()).rejects.toThrow(STUCK);
  expect(asked.toSorted()).toEqual([waiting.office, second].toSorted());
});
