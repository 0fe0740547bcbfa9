import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkTownWithAreas } from '../../area-files.ts';
import { verifyTrails } from '../../cli/audit.ts';
import { MADE_UP_DOMAIN } from '../../domain/demo-people.ts';
import { applyTown, peopleOf } from '../../features/booking/administration/service.ts';
import { readTownForms } from '../../form-files.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { DEMO_TOWN } from '../../paths.ts';
import { identified } from '../../web/testing/identified.ts';
import { type Instance, openInstance } from '../../web/testing/instance.ts';
import { keptHere } from '../kept.ts';
import { ASKED } from './asked.ts';
import { type NotedCases, writeCases } from './writing.ts';

const NOW = '2026-12-02T10:05:00+01:00';
let house: Instance;
const kept = keptHere<NotedCases>();
let steps: number;
let stoppedAfter: number;
/** How many days were closed while it was written, each time that somebody wanted it, and after it. */
let closed: number[];
let closedAfter: number;

const rows = async <T>(text: string): Promise<T[]> =>
  (await within(house.database.kysely, INSTALLATION, (tx) => sql<T>`${sql.raw(text)}`.execute(tx)))
    .rows;

beforeAll(async () => {
  const text = await readFile(DEMO_TOWN, 'utf8');
  house = await openInstance(text, NOW);
  const { context, database } = house;
  const { checked, areas } = await checkTownWithAreas(DEMO_TOWN, text);
  if (!checked.ok) throw new Error('The demo town has mistakes');
  const { forms } = await readTownForms(DEMO_TOWN, checked.town);
  await applyTown(database.kysely, checked.town, context.clock.now(), { forms, areas });
  await context.staff.seedDemo(peopleOf(checked.town));
  const [office] = (await context.offices.list()).filter(({ code }) => code === 'oac');
  if (!office) throw new Error('No office');
  // It is stopped in the middle, goes on at the next start, and the worker wants to close days all the time.
  const closing: Promise<number>[] = [];
  let looks = 0;
  steps = await writeCases(context, { kept, isStopped: () => ++looks > 60 });
  stoppedAfter = steps;
  const isStopped = () => {
    if (++looks % 25 === 0) closing.push(context.registry.closeDays(office));
    return false;
  };
  closing.push(context.registry.closeDays(office));
  steps += await writeCases(context, { kept, isStopped });
  closed = await Promise.all(closing);
  closedAfter = await context.registry.closeDays(office);
}, 240_000);
afterAll(() => house.close());

test('there are cases of each kind, each handed in at its time', async () => {
  const states = new Map(
    (
      await rows<{ state: string; n: number }>(
        'select state, count(*)::int as n from case_file group by 1',
      )
    ).map(({ state, n }) => [state, n]),
  );
  expect([...states.values()].reduce((sum, n) => sum + n, 0)).toBe(ASKED.length);
  for (const state of ['draft', 'registered', 'in-review', 'to-amend', 'granted', 'refused'])
    expect(states.get(state), state).toBeGreaterThan(1);
  expect(steps).toBeGreaterThan(ASKED.length * 3);
  const [reports] = await rows<{ n: number }>('select count(*)::int as n from case_report');
  expect(reports?.n).toBeGreaterThan(1);
  const [months] = await rows<{ n: number }>(
    "select count(distinct date_trunc('month', at))::int as n from registry_entry",
  );
  expect(months?.n).toBeGreaterThan(2);
});

test('nothing is in the future, and no book or trail finds a fault', async () => {
  const late = await rows(
    `select id from registry_entry where at > '${NOW}'::timestamptz + interval '5 minutes'`,
  );
  expect(late).toEqual([]);
  expect(await verifyTrails(house.context)).toBe(true);
});

test('nobody real is written to', async () => {
  const told = await rows<{ recipient: string }>(
    'select distinct recipient from notice where case_id is not null',
  );
  expect(told.filter(({ recipient }) => !recipient.endsWith(MADE_UP_DOMAIN))).toEqual([]);
});

test('the folder of the citizen as whom one comes in has her own', async () => {
  const rosa = await identified(house.app, '12345678Z');
  const folder = await rosa.get('/ca/folder');
  expect(folder.html.match(/\/case\//g)?.length ?? 0).toBeGreaterThan(3);
});

test('a stop in the middle leaves nothing out, and no day is closed before its entries are there', async () => {
  expect(stoppedAfter).toBe(60);
  expect(closed.length).toBeGreaterThan(3);
  expect(new Set(closed)).toEqual(new Set([0]));
  expect(closedAfter).toBeGreaterThan(60);
  const today = `'${NOW}'::timestamptz`;
  const [late] = await rows<{ n: number }>(
    `select count(*)::int as n from registry_entry where at > ${today} - interval '8 hours'`,
  );
  expect(late?.n).toBeLessThan(4);
  expect(kept.read()?.isOver).toBe(true);
});

test('it is written once', async () => {
  expect(await writeCases(house.context, { kept })).toBe(0);
  expect(await writeCases(house.context)).toBe(0);
});
