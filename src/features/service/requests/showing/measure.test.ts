import { sql } from 'kysely';
import { test } from 'vitest';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { testDatabase } from '../../../../lib/db/testing.ts';
import { createOffices } from '../../../foundation/offices/service.ts';
import { testOffice } from '../../../foundation/offices/testing.ts';
import { testRequests, withRequests } from '../testing.ts';

test('measure', { timeout: 300000 }, async () => {
  const clock = handClock('2027-02-01T09:00:00+01:00');
  const database = await testDatabase();
  const db = database.kysely;
  const office = await createOffices(db).byId(await testOffice(db, { settings: withRequests() }));
  const requests = testRequests(database, clock);
  await within(db, '*', (tx) =>
    sql`insert into request (id, office_id, reference, type, kind, door, language, made_at, made_by, changed_at, sent_at, sent_on, since, state, state_at, text, tell_by, is_public, latitude, longitude, area)
   select gen_random_uuid(), ${office.id}, upper(substr(md5(i::text),1,3)||'-'||substr(md5(i::text),4,5)), case when i%2=0 then 'fanal' else 'clot' end, 'incident','online','ca', d, 'citizen', d, d, (d at time zone 'Europe/Madrid')::date, d, 'received', d, repeat('x',300), 'page', true, 41.5+random()*0.1, 2.1+random()*0.1, 'centre'
   from (select i, timestamptz '2027-02-01' - i * interval '10 minutes' as d from generate_series(1,100000) i) x on conflict (reference) do nothing`.execute(
      tx,
    ),
  );
  await database.asOwner('analyze request');
  const plan = async () => {
    const steps = await within(db, office.id, async (tx) =>
      (await import('./views.ts'))
        .publicQuery(
          tx,
          { office: office.id, types: ['fanal', 'clot'] },
          { behind: null, most: 25 },
        )
        .explain(undefined, sql`analyze`),
    );
    console.log(steps.map((x) => JSON.stringify(x)).join('\n'));
  };

  const time = async (name: string, run: () => Promise<unknown>) => {
    const times: number[] = [];
    for (let i = 0; i < 7; i++) {
      const t = performance.now();
      await run();
      times.push(performance.now() - t);
    }
    console.log(name, times.sort((a, b) => a - b)[3]!.toFixed(0), 'ms');
  };
  const old = (offset: number) =>
    within(db, office.id, (tx) =>
      sql`select request.id, request.reference, request.text, count(*) over ()::int as total,
    (select count(*)::int from request_follower f where f.request_id = request.id and f.left_at is null) from request left join request target on target.id = request.merged_into
    where request.office_id = ${office.id} and request.sent_at is not null and request.is_public = true and request.type in ('fanal','clot') and request.reason is distinct from 'withdrawn'
    order by (request.sent_at at time zone 'Europe/Madrid')::date desc, request.reference offset ${offset} limit 25`.execute(
        tx,
      ),
    );
  const points = () =>
    within(db, office.id, (tx) =>
      sql`select latitude, longitude from request where office_id = ${office.id} and sent_at is not null and is_public and type in ('fanal','clot') and reason is distinct from 'withdrawn' and latitude is not null order by sent_at desc limit 5000`.execute(
        tx,
      ),
    );
  await time('before page 1', () => old(0));
  await time('before page 3900', () => old(97500));
  await time('before page 1 + dots', async () => {
    await old(0);
    await points();
  });
  await time('after page 1', () => requests.publicRequests(office, {}, { behind: null, most: 25 }));
  const deep = { day: Temporal.PlainDate.from('2025-03-20'), reference: 'AAA' };
  await time('after far page', () =>
    requests.publicRequests(office, {}, { behind: deep, most: 25 }),
  );
  await time('after summary fresh', async () => {
    clock.advance({ seconds: 61 });
    await requests.publicSummary(office, {});
  });
  await time('after page 1 + summary kept', async () => {
    await requests.publicRequests(office, {}, { behind: null, most: 25 });
    await requests.publicSummary(office, {});
  });
  await database.close();
});
