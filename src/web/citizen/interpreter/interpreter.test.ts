import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { INTERPRETED, WRITTEN } from '../../../lib/i18n/interpreted.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf, MARIA, startsIn, type TestTown, testTown } from '../testing.ts';

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());

test('the first page links to a short page in each language, by its own name', async () => {
  const { html } = await town.get('/ca');
  for (const each of INTERPRETED) {
    const { name, tag, dir } = WRITTEN[each];
    expect(html).toContain(
      `<a href="/ca/interpreter/${each}" lang="${tag}" dir="${dir}" hreflang="${tag}">${name}</a>`,
    );
  }
});

test.each(INTERPRETED)(
  'the short page of %s is in that language, in its direction',
  async (each) => {
    const { tag, dir } = WRITTEN[each];
    for (const language of LANGUAGES) {
      const page = await town.get(`/${language}/interpreter/${each}`);
      expect(page.status).toBe(200);
      expect(page.html).toContain(`<html lang="${tag}" dir="${dir}">`);
      expect(page.html).toContain(`<header class="band" lang="${language}" dir="ltr">`);
      expect(await faultsOf(page.html)).toEqual([]);
    }
  },
);

test('from the short page to the appointment, every page tells what to do in that language', async () => {
  const short = await town.get('/ca/interpreter/ar');
  const [, href = ''] = /href="(\/ca\/oac\/[^"]*times[^"]*interpreter=ar)"/.exec(short.html) ?? [];
  const path = href.replaceAll('&amp;', '&');
  expect(path).toContain('channel=phone');
  const times = await town.get(path);
  expect(times.html).toContain('اختر اليوم والساعة');
  expect(times.html).toContain('<div class="guide no-print" lang="ar" dir="rtl">');
  const details = await town.submit(path, { start: startsIn(times.html)[0] ?? '' });
  expect(details.html).toContain('اكتب اسمك ورقم هاتفك');
  const needed = await town.get(details.path.replace('details', 'needs'));
  expect(needed.html).toMatch(/value="interpreter"[^>]*checked|checked[^>]*value="interpreter"/);
  expect(needed.html).toMatch(/<option value="ar" selected[^>]*>/);
  expect(await faultsOf(needed.html)).toEqual([]);

  const needs = { anything: 'yes', needs: 'interpreter', interpreter: 'ar' };
  const check = await town.submit(details.path, { ...MARIA, ...needs });
  expect(check.html).toContain('راجع ما كتبت');
  const confirmed = await town.submit(check.path, {});
  expect(confirmed.html).toContain('هذه صفحة موعدك');
  expect(confirmed.html).toContain('العربية');
  const booked = await within(town.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('appointment').select(['needs', 'interpreter']).executeTakeFirstOrThrow(),
  );
  expect(booked).toEqual({ needs: ['interpreter'], interpreter: 'ar' });
  const facts = await within(town.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('notice').select('facts').executeTakeFirstOrThrow(),
  );
  expect(facts).toMatchObject({ facts: { interpreter: 'ar' } });
});

test('a procedure found by its name keeps the language', async () => {
  const { html } = await town.get('/es/interpreter/ur');
  expect(html).toContain('href="/es/oac/volant-padro?interpreter=ur"');
  const page = await town.get('/es/oac/volant-padro?interpreter=ur');
  expect(page.html).toContain('<input type="hidden" name="interpreter" value="ur"');
  const wait = '/es/oac/volant-padro/waiting?channel=phone&language=es&interpreter=ur';
  expect((await town.get(wait)).html).toContain('<option value="ur" selected');
});

test('a language without an interpreter has neither link nor page, and is not carried', async () => {
  expect((await town.get('/ca/interpreter/tlh')).status).toBe(404);
  await within(town.database.kysely, INSTALLATION, (tx) =>
    sql`update office set revision = revision + 1,
      settings = jsonb_set(settings, '{interpreters}', '["ro"]')`.execute(tx),
  );
  const { html } = await town.get('/ca');
  expect(html).toContain('/ca/interpreter/ro');
  expect(html).not.toContain('/ca/interpreter/ar');
  expect((await town.get('/ca/interpreter/ar')).status).toBe(404);
  const times = await town.get(
    '/ca/oac/volant-padro/times?channel=phone&language=ca&interpreter=ar',
  );
  expect(times.html).not.toContain('class="guide');
});
