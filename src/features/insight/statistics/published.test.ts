import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createStatistics } from './service.ts';
import { makeHistory } from './testing.ts';
import type { OpenRow } from './types.ts';

let database: TestDatabase;
let published: Map<string, OpenRow[]>;

beforeAll(async () => {
  database = await testDatabase();
  const clock = handClock('2026-11-25T12:00:00+01:00');
  const offices = createOffices(database.kysely);
  const office = await testOffice(database.kysely, {
    procedures: { 'volant-padro': {}, 'alta-padro': {} },
  });
  await makeHistory(database.owner, { office, count: 900, from: '2026-04-01', days: 183 });
  await within(database.kysely, office, async (tx) => {
    const retire = (code: string, at: string) =>
      sql`insert into procedure (office_id, code, position, settings, retired_at)
        select office_id, ${code}, 9, settings, ${at} from procedure where office_id = ${office} and code = 'volant-padro'`.execute(
        tx,
      );
    await retire('retired-in-june', '2026-06-20');
    await retire('retired-long-ago', '2025-01-20');
    // Four come in April, and nobody in July.
    await sql`update appointment set starts = starts + interval '30 days', ends = ends + interval '30 days'
      where starts < '2026-04-30T20:00Z' and id not in (select id from appointment where starts < '2026-04-29' order by id limit 4)`.execute(
      tx,
    );
    await sql`update appointment set starts = starts + interval '31 days', ends = ends + interval '31 days'
      where starts between '2026-06-30T22:00Z' and '2026-07-31T22:00Z'`.execute(tx);
    await sql`update appointment set language = 'ca' where starts < '2026-09-01'`.execute(tx);
  });
  const statistics = createStatistics({
    db: database.kysely,
    clock,
    unit: testUnit(database.kysely, clock),
    offices,
    key: installationKey(Buffer.alloc(32, 7)),
  });
  await statistics.pass();
  const { rows } = await statistics.open(await offices.byId(office));
  published = Map.groupBy(rows, (row) => row.month);
}, 60_000);
afterAll(() => database.close());

const rowsOf = (month: string) =>
  (published.get(month) ?? []).map(({ indicator, channel, procedure, language }) =>
    [indicator, channel, procedure, language].filter(Boolean).join(' '),
  );

test('months follow each other from the first of five and more, those too in which nobody came', () => {
  expect([...published.keys()]).toEqual([
    ...['2026-05-01', '2026-06-01', '2026-07-01', '2026-08-01', '2026-09-01'],
  ]);
  const july = published.get('2026-07-01') ?? [];
  expect(july.filter((row) => row.value !== null)).toEqual([]);
});

test('a month’s rows don’t tell who came: the whole catalogue is there, and what was retired as long as somebody may come for it', () => {
  const july = rowsOf('2026-07-01');
  for (const month of published.keys()) expect(rowsOf(month)).toEqual(july);
  const attended = july.filter((row) => row.startsWith('attended'));
  const of = (channel: string) =>
    ['', ' volant-padro', ' alta-padro', ' retired-in-june'].map(
      (each) => `attended ${channel}${each}`,
    );
  expect(attended).toEqual([
    ...['attended', ...of('phone'), ...of('video'), ...of('in_person')],
    ...['ca', 'es', 'en', 'eu', 'csc', 'ssp'].map((each) => `attended ${each}`),
  ]);
  expect(july).toContain('queries video');
});
