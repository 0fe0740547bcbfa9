import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { testRetention } from '../../testing.ts';
import { type TestList, testList } from './testing.ts';

let town: TestList;
beforeAll(async () => {
  town = await testList({ slots: { horizonDays: 5 } });
});
afterAll(() => town.close());

const everything = async (): Promise<string> => {
  const { rows } = await within(town.database.kysely, INSTALLATION, (tx) =>
    sql`select to_jsonb(w) || jsonb_build_object('notices', (select jsonb_agg(to_jsonb(n)) from notice n where n.wait_list_id = w.id)) as row from wait_list w`.execute(
      tx,
    ),
  );
  return JSON.stringify(rows);
};

test('who waited is destroyed so many days after they no longer do; that they did stays', async () => {
  const left = await town.wait({}, 'Rosa');
  await town.pass();
  await town.wait({}, 'Joan');
  await town.list.leave(town.office, left);
  const retention = () => testRetention({ ...town, db: town.database.kysely });
  town.clock.set('2026-12-25T10:00:00+01:00');
  await retention().sweep();
  expect(await everything()).toContain('Rosa');
  town.clock.set('2026-12-25T12:00:00+01:00');
  expect(await retention().sweep()).toBe(1);
  const seen = await everything();
  expect(seen).not.toContain('Rosa');
  expect(seen).toContain('Joan');
  expect(seen).toContain('"ended_why":"left"');
  expect(await retention().sweep()).toBe(0);
});
