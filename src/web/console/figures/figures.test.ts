import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testUnit } from '../../../features/foundation/audit/testing.ts';
import { createStatistics } from '../../../features/insight/statistics/service.ts';
import { makeHistory } from '../../../features/insight/statistics/testing.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let coordinator: string;

beforeAll(async () => {
  world = await consoleWorld();
  const { database, clock, offices } = world;
  const office = (await offices.find('oac'))!;
  await makeHistory(database.owner, {
    office: office.id,
    count: 4_000,
    from: '2025-01-01',
    days: 690,
  });
  await createStatistics({
    db: database.kysely,
    clock,
    unit: testUnit(database.kysely, clock),
    offices,
    key: installationKey(Buffer.alloc(32, 7)),
  }).pass();
  coordinator = await world.signIn(NURIA);
}, 60_000);
afterAll(() => world.close());

const ask = (path: string, cookie = coordinator, language = 'ca') =>
  world.app.request(`/console/oac${path}`, { headers: { cookie, 'Accept-Language': language } });
const read = async (path: string, language = 'ca') =>
  (await ask(path, coordinator, language)).text();
const text = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ');
const send = (path: string, fields: Record<string, string>, file?: string) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  if (file !== undefined) form.set('file', new File([file], 'altres.csv', { type: 'text/csv' }));
  const request = new Request(`http://localhost${path}`, { method: 'POST', body: form });
  return request.arrayBuffer().then((bytes) =>
    world.app.request(`/console/oac${path}`, {
      method: 'POST',
      body: bytes,
      headers: {
        cookie: coordinator,
        'Content-Type': request.headers.get('Content-Type') ?? '',
        'Content-Length': String(bytes.byteLength),
        'Accept-Language': 'ca',
      },
    }),
  );
};

describe('figures', () => {
  test('are for coordinators, and formatted correctly in every language', async () => {
    for (const email of [MARTA, LAIA]) {
      const cookie = await world.signIn(email);
      expect((await ask('/figures', cookie)).status).toBe(404);
      expect((await ask('/figures.csv', cookie)).status).toBe(404);
    }
    for (const language of LANGUAGES)
      expect(await faultsOf(await read('/figures', language))).toEqual([]);
  });

  test('cover the span, and say nothing about empty parts', async () => {
    const page = text(await read('/figures?from=2025-03-01&to=2025-03-31&channel=video'));
    expect(page).toMatch(/Cites \d+ Ateses \d+/);
    expect(page).toContain('Per canal');
    expect(text(await read('/figures?from=2101-01-01&to=2101-01-31'))).toContain(
      'En aquests dies no hi ha cap cita.',
    );
  });

  test('of more than ten years are those of the last ten, and the form says so', async () => {
    const days = async (span: string) =>
      [...(await read(`/figures?${span}`)).matchAll(/type="date"[^>]*value="([^"]*)"/g)].map(
        ([, day]) => day,
      );
    const today = world.clock.now().toZonedDateTimeISO('Europe/Madrid').toPlainDate();
    const tomorrow = today.add({ days: 1 });
    expect(await days('from=2000-01-01&to=2199-12-31')).toEqual([
      tomorrow.subtract({ years: 10 }).toString(),
      today.toString(),
    ]);
    const whole = ['2017-01-01', '2026-12-31'];
    expect(await days(`from=${whole[0]}&to=${whole[1]}`)).toEqual(whole);
  });

  test('month by month: the announced number of columns, and a mark on incomplete months', async () => {
    const months = async (span: string) => {
      const page = await read(`/figures?${span}`);
      const [, chart = ''] = /aria-label="(Cites i cites ateses[^"]*)"/.exec(page) ?? [];
      const [drawn = ''] =
        /<section[^>]*aria-labelledby="months">[\s\S]*?<details/.exec(page) ?? [];
      const labels = [...drawn.matchAll(/class="chart-label[^>]*>([^<]*)</g)].map(
        ([, each]) => each,
      );
      const columns = drawn.split('class="chart-column"').slice(1);
      const marked = columns.map((each) => each.includes('class="chart-mark"'));
      return { chart, labels, marked, said: text(drawn) };
    };
    const year = await months('from=2025-12-15&to=2026-11-30');
    expect(year.chart).toContain('de 12 mesos');
    expect(year.labels).toHaveLength(12);
    expect(year.marked).toEqual(year.labels.map((_, at) => at === 0 || at === 11));
    expect(year.said).toContain('Mes que no és sencer');
    const whole = await months('from=2025-11-01&to=2026-10-31');
    expect(whole.said).not.toContain('Mes que no és sencer');
    const one = (sql_: string) =>
      within(world.database.kysely, 1, (tx) => sql.raw(sql_).execute(tx));
    await one(`insert into figure_month select office_id, day - interval '2 years', channel, procedure_id, language, booked, fulfilled,
      noshow, cancelled, unkept, wait_days, contacted, punctual, late_seconds, called, attempts, closed, talked_seconds, procedures, queries,
      with_procedures, with_queries, unbooked, answered, solved, scores, by_hour from figure_month where day = '2025-03-01'`);
    const long = await months('from=2023-01-01&to=2026-10-31');
    expect(long.labels).toHaveLength(24);
    expect(long.chart).toContain('de 24 mesos');
    expect(long.said).toContain('Els últims 24 mesos de 44');
    await one("delete from figure_month where day < '2024-01-01'");
  });

  test('of some channels, procedures or languages have no totals beside them', async () => {
    const span = 'from=2025-01-01&to=2026-10-31';
    for (const filter of ['', '&channel=video']) {
      const page = text(await read(`/figures?${span}${filter}`));
      expect(page).toContain('Com van anar les videotrucades');
    }
    const { procedures } = (await world.offices.find('oac'))!;
    const some = ['channel=phone', 'language=es', `procedure=${procedures[0]!.code}`];
    for (const filter of some) {
      const page = text(await read(`/figures?${span}&${filter}`));
      expect(page).not.toContain('Com van anar les videotrucades');
      const [sums = ''] = page.split('Mes a mes');
      expect(sums).not.toMatch(/[Nn]ota/);
    }
  });

  test('are saved as they are shown: the file’s rows add up to the page’s numbers', async () => {
    const span = 'from=2025-01-01&to=2025-12-31';
    const page = text(await read(`/figures?${span}`));
    const [, booked = ''] = /Cites ([\d.]+) Ateses/.exec(page) ?? [];
    for (const table of ['channel', 'procedure', 'language', 'day', 'month', 'hours']) {
      const file = await read(`/figures.csv?${span}&table=${table}`);
      const rows = file.trim().split('\r\n').slice(1);
      const cells = rows.map((row) =>
        row
          .replaceAll(/"[^"]*"/g, 'x')
          .split(',')
          .slice(1)
          .map(Number),
      );
      const counted = cells.map((row) =>
        table === 'hours' ? row.reduce((a, b) => a + b, 0) : (row[0] ?? 0),
      );
      expect([table, counted.reduce((a, b) => a + b, 0)]).toEqual([
        table,
        Number(booked.replaceAll('.', '')),
      ]);
    }
  });
});

describe('figures of other channels', () => {
  const import_ = (fields: Record<string, string>, file?: string) =>
    send('/figures/import', fields, file);

  test('report the line of a mistake, and keep the typed text', async () => {
    const answer = await import_({ act: 'look', text: '2026-13,internet,5\n2026-09,fax,5' });
    const page = await answer.text();
    expect(answer.status).toBe(422);
    expect(text(page)).toContain('Línia 1: el mes s’escriu 2026-09');
    expect(text(page)).toContain('Línia 2: no es coneix aquest canal');
    expect(page).toMatch(/2026-13,internet,5\r?\n2026-09,fax,5<\/textarea>/);
    expect(await faultsOf(page)).toEqual([]);
  });

  test('are previewed before they are saved; twice equals once; then the year is complete', async () => {
    const lines = 'month,channel,encounters\n2026-09,internet,1500\n2025-09,internet,1000\n';
    const preview = await (await import_({ act: 'look' }, lines)).text();
    expect(text(preview)).toContain('setembre del 2026 Internet 1.500 –');
    expect(await faultsOf(preview)).toEqual([]);
    expect(text(await read('/figures?year=2026'))).not.toContain('1.500');
    for (let twice = 0; twice < 2; twice++) {
      const kept = await import_({ act: 'keep', text: lines });
      expect(kept.headers.get('Location')).toBe('/console/oac/figures/import?done=2');
    }
    expect(text(await read('/figures?year=2026'))).toMatch(
      /Internet 1\.500 \(1 de 10 mesos\) 1\.000 \(1 de 10 mesos\) \+50\s?%/,
    );
    const again = await (await import_({ act: 'look', text: '2026-09,internet,1600' })).text();
    expect(text(again)).toContain('Internet 1.600 1.500');
    expect(await read('/figures.csv?table=year&year=2026')).toContain('Internet,1500,1000,1,1');
  });

  test('are removed by a line without a figure; the trail has only the changes', async () => {
    const { id } = (await world.offices.find('oac'))!;
    await import_({ act: 'keep', text: '2024-01,internet,9999999\n2024-02,internet,9999999' });
    expect(text(await read('/figures?year=2024'))).toContain('Internet 19.999.998');
    const lines = '2024-01,internet,\n2024-02,internet,9999999\n2024-03,internet,';
    const preview = text(await (await import_({ act: 'look', text: lines })).text());
    expect(preview).toContain('gener del 2024 Internet s’esborra 9.999.999');
    await import_({ act: 'keep', text: lines });
    expect(text(await read('/figures?year=2024'))).toContain('Internet 9.999.999');
    const rows = await within(world.database.kysely, id, (tx) =>
      tx
        .selectFrom('audit')
        .select(['actor', 'data'])
        .where('action', '=', 'figures_imported')
        .orderBy('id', 'desc')
        .limit(1)
        .execute(),
    );
    expect(rows[0]?.actor).toMatch(/^staff:/);
    expect(rows[0]?.data).toEqual({
      changes: [{ month: '2024-01-01', channel: 'internet', before: 9_999_999, after: null }],
    });
    expect(await faultsOf(await read('/audit'))).toEqual([]);
  });

  test('with fewer months than the year before are no fall, and neither is their sum', async () => {
    const months = Array.from({ length: 10 }, (_, at) => `2025-${String(at + 1).padStart(2, '0')}`);
    const lines = [...months, '2026-01', '2026-02', '2026-03'].map(
      (month) => `${month},walk_in,100`,
    );
    await import_({ act: 'keep', text: lines.join('\n') });
    const page = await read('/figures?year=2026');
    expect(text(page)).toContain('Presencial, sense cita 300 (3 de 10 mesos) 1.000 –');
    expect(text(page)).toMatch(/Videotrucada [\d.]+ [\d.]+ [−+-]?[\d,]+\s?%/);
    expect(text(page)).toMatch(/Tot [\d.]+ [\d.]+ –/);
    expect(await faultsOf(page)).toEqual([]);
  });
});

describe('cases that were handed in', () => {
  test('count as a channel, by procedure and by month, beside the year before, and are files', async () => {
    expect(await read('/figures?year=2026')).not.toContain('id="cases-table"');
    const office = (await world.offices.find('oac'))!;
    const handedIn = (at: string, door: string) =>
      within(world.database.kysely, office.id, (tx) =>
        sql`with form as (
            insert into form_version (office_id, procedure_id, number, sha256, content, published_at)
            select ${office.id}, id, (select count(*) + 1 from form_version), '\\x00', '{}', ${at} from procedure
            where office_id = ${office.id} and code = 'volant-padro' returning id, procedure_id)
          insert into case_file (id, office_id, reference, procedure_id, form_id, door, language, state, state_at, opened_at,
            opened_by, changed_at, handed_in_at, record_hash)
          select gen_random_uuid(), ${office.id}, gen_random_uuid()::text, procedure_id, id, ${door}, 'ca', 'registered',
            ${at}, ${at}, 'citizen', ${at}, ${at}, '\\x00' from form`.execute(tx),
      );
    await handedIn('2025-02-03T10:00:00+01:00', 'online');
    await handedIn('2026-02-03T10:00:00+01:00', 'online');
    await handedIn('2026-03-03T10:00:00+01:00', 'online');
    await handedIn('2026-03-03T10:00:00+01:00', 'phone');
    for (const language of LANGUAGES)
      expect(await faultsOf(await read('/figures?year=2026', language))).toEqual([]);
    const page = text(await read('/figures?year=2026'));
    expect(page).toContain('Per internet, amb formulari 2 1');
    expect(page).toContain('Expedients presentats el 2026 i el 2025, per mes');
    const cases = (await read('/figures.csv?table=cases&year=2026')).split('\r\n');
    expect(cases.slice(1, 4).map((line) => line.split(',').slice(-2).join())).toEqual([
      '2,1',
      '1,0',
      '3,1',
    ]);
    const months = (await read('/figures.csv?table=caseMonths&year=2026')).split('\r\n');
    expect(months[2]?.endsWith(',1,1')).toBe(true);
    expect(months[3]?.endsWith(',2,0')).toBe(true);
    expect((await ask('/figures.csv?table=cases', await world.signIn(MARTA))).status).toBe(404);
  });
});

describe('open comments', () => {
  const all = async <T>(read: (tx: Tx) => Promise<T>) =>
    within(world.database.kysely, (await world.offices.find('oac'))!.id, read);
  beforeAll(() =>
    all((tx) =>
      sql`update survey_answer set comment = 'Molt bé, gràcies' where appointment_id in (
        select appointment_id from survey_answer join appointment a on a.id = appointment_id
        where starts between '2025-03-02' and '2025-03-30' order by 1 limit 6)`.execute(tx),
    ),
  );
  const shown = async () =>
    [...(await read('/figures')).matchAll(/<blockquote[^>]*>([^<]*)/g)].length;

  test('are published after a check; a comment that changed meanwhile isn’t', async () => {
    expect(await shown()).toBe(0);
    const page = await read('/figures/comments');
    expect(await faultsOf(page)).toEqual([]);
    const [, of = ''] = /name="of" value="([^"]+)"/.exec(page) ?? [];
    const [, comment = ''] = new RegExp(`id="comment-${of}">([^<]*)<`).exec(page) ?? [];
    expect(comment).toContain('Molt bé');
    const answered = await all((tx) =>
      tx
        .selectFrom('survey_answer')
        .select(sql<string>`appointment_id`.as('appointment'))
        .execute(),
    );
    expect(answered.filter(({ appointment }) => page.includes(appointment))).toEqual([]);
    const judge = async (fields: Record<string, string>) => {
      const answer = await world.app.request('/console/oac/figures/comments', {
        method: 'POST',
        body: new URLSearchParams(fields).toString(),
        headers: {
          cookie: coordinator,
          'Content-Type': 'application/x-www-form-urlencoded',
        },
      });
      return answer.headers.get('Location');
    };
    expect(await judge({ of, comment: 'Rosa de la taula 3', act: 'pass' })).toContain('changed');
    expect(await shown()).toBe(0);
    expect(await judge({ of, comment, act: 'pass' })).toContain('yes');
    expect(await shown()).toBe(1);
    expect(await judge({ of, comment, act: 'hide' })).toContain('yes');
    expect(await shown()).toBe(0);
    const trail = await all((tx) =>
      tx
        .selectFrom('audit')
        .selectAll()
        .where('action', 'like', 'comment%')
        .orderBy('id')
        .execute(),
    );
    expect(trail.filter((each) => each.appointment_id)).toEqual([]);
    const told = JSON.stringify(trail);
    expect(answered.filter(({ appointment }) => told.includes(appointment))).toEqual([]);
    expect(trail.map((each) => each.action)).toEqual([
      'comments_read',
      'comment_passed',
      'comment_kept_back',
    ]);
  });

  test('are in three lists, each with pages: a decided comment leaves the first', async () => {
    const namesIn = (page: string) =>
      [...page.matchAll(/name="of" value="([^"]+)"/g)].map(([, of]) => of);
    await all((tx) =>
      tx
        .updateTable('survey_answer')
        .set({ comment: sql`'Ben explicat ' || md5(appointment_id::text)` })
        .where('comment', '=', '')
        .execute(),
    );
    const first = await read('/figures/comments');
    const [, count = '0'] = /Per decidir \((\d+)\)/.exec(text(first)) ?? [];
    expect(Number(count)).toBeGreaterThan(20);
    const pages = Array.from({ length: Math.ceil(Number(count) / 20) }, (_, at) =>
      read(`/figures/comments?page=${at + 1}`),
    );
    const found = (await Promise.all(pages)).flatMap(namesIn);
    expect(new Set(found).size).toBe(Number(count));
    const kept = await read('/figures/comments?show=hidden');
    expect(namesIn(kept)).toHaveLength(1);
    expect(found).not.toContain(namesIn(kept)[0]);
    expect(text(await read('/figures/comments?show=shown'))).toContain('Encara no se’n mostra cap');
    expect(await faultsOf(kept)).toEqual([]);
  });
});
