import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkTownWithAreas } from '../../area-files.ts';
import { testAppointments } from '../../features/booking/appointments/testing.ts';
import { applyTown } from '../../features/booking/administration/service.ts';
import { testUnit } from '../../features/foundation/audit/testing.ts';
import { createStatistics } from '../../features/insight/statistics/service.ts';
import { handClock } from '../../lib/clock.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../lib/db/testing.ts';
import { installationKey } from '../../lib/secrets.ts';
import { DEMO_TOWN } from '../../paths.ts';
import { createHistory, type History } from './history.ts';

const clock = handClock('2026-12-01T10:05:00+01:00');
const key = installationKey(Buffer.alloc(32, 7));
let database: TestDatabase;
let history: History;

async function rows<T>(text: string): Promise<T[]> {
  const found = await within(database.kysely, INSTALLATION, (tx) => sql<T>`${sql.raw(text)}`.execute(tx));
  return found.rows;
}

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const { checked, areas } = await checkTownWithAreas(DEMO_TOWN, await readFile(DEMO_TOWN, 'utf8'));
  if (!checked.ok) throw new Error('The demo town has mistakes');
  await applyTown(db, checked.town, clock.now(), { forms: [], areas } as never);
  const { offices, appointments } = testAppointments(database, clock, { baseUrl: 'http://localhost' });
  const statistics = createStatistics({ db, clock, unit: testUnit(db, clock), offices, key });
  const secrets = { appointment: appointments.secretOf, request: ({ id }: { id: string }) => `r${id}` };
  const log = { info: () => {}, error: (what: object) => { console.log(what); throw new Error(JSON.stringify(what)); } };
  history = createHistory({ db, offices, clock, secrets, log, statistics, restMs: 0 } as never);
  const t = performance.now();
  await history.write();
  console.log('written in', performance.now() - t);
}, 300_000);
afterAll(() => database?.close());

describe('history', () => {
  it('x', async () => {
    for (const t of ['appointment', 'desk_time', 'event', 'attempt', 'encounter', 'encounter_item', 'survey_answer', 'call', 'call_quality', 'chat', 'request', 'request_event', 'open_month', 'open_request_month', 'figure_day'])
      console.log(t, (await rows<{ n: number }>(`select count(*)::int as n from ${t}`))[0]);
    console.log(await rows(`select office_id, to_char(starts,'YYYY-MM') m, count(*)::int n, count(*) filter (where status='fulfilled')::int f, count(*) filter (where status='noshow')::int ns, count(*) filter (where status='cancelled')::int c, count(*) filter (where status='booked')::int b from appointment group by 1,2 order by 1,2`));
    console.log(await rows(`select office_id, state, count(*)::int n, count(*) filter (where due < '2026-12-01' )::int late from request group by 1,2`));
    console.log(history.progress());
    expect(1).toBe(1);
  });
});
