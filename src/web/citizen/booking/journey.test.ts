import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import {
  faultsOf,
  MARIA,
  type Page,
  startsIn,
  type TestTown,
  TIMES,
  testTown,
  WEDNESDAY,
} from '../testing.ts';

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());
beforeEach(() => town.clock.set(WEDNESDAY));

/** Chooses the nth free time on a page of times. Returns the details page. */
async function chooseTime(path = TIMES, nth = 0): Promise<Page> {
  const start = startsIn((await town.get(path)).html)[nth];
  if (!start) throw new Error(`No free time in ${path}`);
  return town.submit(path, { start });
}

/** Returns the number of rows of every table that a page could write. */
function counts(): Promise<Record<string, number>> {
  return within(town.database.kysely, INSTALLATION, async (tx) => {
    const tables = ['appointment', 'desk_time', 'journey', 'event', 'notice'] as const;
    const counted = tables.map(async (table) => {
      const { count } = tx.fn;
      const row = await tx.selectFrom(table).select(count('office_id').as('n')).executeTakeFirst();
      return [table, Number(row?.n)] as const;
    });
    return Object.fromEntries(await Promise.all(counted));
  });
}

describe.each(LANGUAGES)('in %s', (language) => {
  test('every page of the journey is good HTML, says its language and has no script', async () => {
    const pages: Page[] = [];
    const see = (page: Page) => {
      pages.push(page);
      return page;
    };
    for (const path of ['', '/accessibility', '/privacy', '/cookies', '/oac', '/hisenda', '/nope'])
      see(await town.get(`/${language}${path}`));
    see(await town.get(`/${language}/oac?q=padro`));
    see(await town.get(`/${language}/oac?q=zzz`));
    for (const procedure of ['volant-padro', 'informacio-tramits'])
      see(await town.get(`/${language}/oac/${procedure}`));
    const times = `/${language}/oac/volant-padro/times?channel=video&language=ca`;
    see(await town.get(times));
    see(await town.get(`${times}&on-day=40&on-month=1&on-year=2026`));
    see(await town.get(`/${language}/oac/volant-padro/times`));
    see(await town.post(times, {}));
    const details = see(await chooseTime(times));
    see(await town.post(details.path, { name: '', phone: 'x', email: 'y', whom: 'other' }));
    const check = see(await town.submit(details.path, { ...MARIA, needs: 'interpreter' }));
    see(await town.get(check.path.replace('check', 'time')));
    const confirmed = see(await town.submit(check.path, {}));
    const manage = confirmed.path.replace('/confirmed', '');
    see(await town.get(manage));
    for (const page of ['change', 'contact', 'cancel', 'survey'])
      see(await town.get(`${manage}/${page}`));
    see(await town.post(`${manage}/change`, {}));
    see(await town.post(`${manage}/contact`, { name: '' }));
    see(await town.submit(`${manage}/cancel`, { reason: 'Ja no cal' }));
    see(await town.get(`${manage}/survey`));
    see(await town.post(`${manage}/survey`, {}));
    see(await town.submit(`${manage}/survey`, { score: '7', solved: 'partly' }));
    see(await town.get(`/${language}/oac/booking/unknown/details`));
    see(await town.get(`/${language}/appointment/unknown`));

    for (const page of pages) {
      expect(page.html, page.path).toContain(`<html lang="${language}"`);
      // Data for machines isn't a script.
      expect(page.html, page.path).not.toMatch(/<script(?! type="application\/ld\+json")/);
      expect(page.html, page.path).not.toContain('style="');
      expect(page.html.match(/<h1>/g), page.path).toHaveLength(1);
      expect({ path: page.path, faults: await faultsOf(page.html) }).toEqual({
        path: page.path,
        faults: [],
      });
    }
  });
});

test('the front page uses the browser’s language', async () => {
  const to = async (header: string) => (await town.get('/', { 'Accept-Language': header })).path;
  expect(await to('eu,es;q=0.5')).toBe('/eu');
  expect(await to('fr')).toBe('/ca');
  expect((await town.get('/fr')).status).toBe(404);
});

test('a search ignores accents and finds keywords', async () => {
  const found = (await town.get('/ca/oac?q=PADRÓ')).html;
  expect(found).toContain('/ca/oac/volant-padro"');
  expect((await town.get('/ca/oac?q=dubte')).html).toContain('/ca/oac/informacio-tramits"');
  expect((await town.get('/ca/oac?q=<b>')).html).not.toContain('<b>');
});

test('walking in is offered before and beside the times', async () => {
  for (const path of ['/ca/oac', '/ca/oac/volant-padro', TIMES])
    expect((await town.get(path)).html, path).toContain('També pots venir en persona');
});

/** What the first of the two pages asks. */
const { anything: _, ...WHO } = MARIA;

test('a whole booking, and opening pages changes nothing', async () => {
  const details = await chooseTime();
  expect(details.html).toContain('Tens fins a les');
  const wrong = await town.post(details.path, {
    ...WHO,
    name: 'Maria <b>Puig</b>',
    phone: '12',
  });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('<a href="#phone">Aquest telèfon no existeix');
  expect(wrong.html).toContain('value="12"');
  expect(wrong.html).toContain('Maria &lt;b>Puig&lt;/b>');
  expect((await town.get(details.path)).html).toContain('value="12"');

  const needs = await town.submit(details.path, WHO);
  expect(needs.path).toMatch(/\/needs$/);
  expect(needs.html).toContain('value="no" checked');
  const without = await town.post(needs.path, { anything: 'yes', comment: 'Línia 1\nLínia 2' });
  expect(without.status).toBe(422);
  expect(without.html).toContain('<a href="#needs">Marca què et cal');
  expect(without.html).toContain('Línia 1\nLínia 2</textarea>');
  const needed = { anything: 'yes', needs: ['interpreter', 'companion'] };
  expect((await town.submit(needs.path, needed)).html).toContain('Intèrpret d’una altra llengua');
  // “No” counts, and what was ticked before stays for another change of mind.
  const check = await town.submit(needs.path, { anything: 'no', needs: needed.needs });
  expect(check.html).not.toContain('Intèrpret d’una altra llengua');
  expect((await town.get(needs.path)).html.match(/ checked/g)).toHaveLength(3);
  expect(check.path).toMatch(/\/check$/);
  expect(check.html).toContain('Maria Puig');
  expect(check.html).toContain('Trucarem a Maria Puig, al 612\u00a034\u00a056\u00a078.');

  const before = await counts();
  const confirmed = await town.submit(check.path, {});
  expect(await counts()).not.toEqual(before);
  const booked = await counts();
  expect(confirmed.status).toBe(200);
  expect(confirmed.html).toContain('Ja tens hora');
  expect(confirmed.headers.get('Cache-Control')).toBe('no-store');

  const again = await town.post(check.path, {});
  expect(again.path).toBe(confirmed.path);
  expect((await town.get(details.path)).path).toBe(confirmed.path);
  const manage = confirmed.path.replace('/confirmed', '');
  for (const page of [
    '',
    '/confirmed',
    '/change',
    '/contact',
    '/cancel',
    '/calendar.ics',
    '/survey',
  ])
    await town.get(`${manage}${page}`);
  expect(await counts()).toEqual(booked);
});

test('two simultaneous submissions make one appointment', async () => {
  const check = await town.submit((await chooseTime()).path, MARIA);
  const before = await counts();
  const [one, two] = await Promise.all([town.post(check.path, {}), town.post(check.path, {})]);
  expect(one.status).toBe(303);
  expect(two.path).toBe(one.path);
  expect(await counts()).toMatchObject({ appointment: (before.appointment ?? 0) + 1 });
});

test('the required fields depend on the channel and on the person', async () => {
  const phone = await chooseTime();
  expect((await town.post(phone.path, { ...MARIA, email: '' })).status).toBe(303);
  const video = await chooseTime(TIMES.replace('phone', 'video'));
  const wrong = await town.post(video.path, { name: 'M', whom: 'other' });
  for (const field of ['email', 'onBehalfOf']) expect(wrong.html).toContain(`<a href="#${field}">`);
  for (const field of ['name', 'phone']) expect(wrong.html).not.toContain(`<a href="#${field}">`);
});

test('a hold may be extended once, and nothing typed is lost', async () => {
  const details = await chooseTime();
  town.clock.advance({ minutes: 8 });
  const kept = await town.submit(details.path, { ...MARIA, phone: '', extend: '1' });
  expect(kept.path).toBe(details.path);
  expect(kept.html).toContain('Maria Puig');
  expect(kept.html).toContain('fins a les 7:48');
  expect(kept.html).not.toContain('10 minuts més');
});

test('a lost time is named, the answers stay, and another time is chosen in the same booking', async () => {
  const path = '/ca/oac/consulta-obres/times?channel=video&language=eu';
  const free = startsIn((await town.get(path)).html);
  const start = free[0] ?? '';
  const details = await town.submit(path, { start });
  const check = await town.submit(details.path, MARIA);
  town.clock.advance({ minutes: 11 });
  expect((await town.get(check.path)).html).toContain('Ja no et guardem l’hora');
  for (let other = await town.submit(path, { start }); other.status === 200; ) {
    await town.submit((await town.submit(other.path, MARIA)).path, {});
    other = await town.submit(path, { start });
  }
  const lost = await town.submit(check.path, {});
  expect(lost.status).toBe(409);
  expect(lost.html).toMatch(/L’hora que volies \([^)]+\) ja no està lliure/);
  const next = startsIn(lost.html)[0] ?? '';
  expect(next).not.toBe(start);
  const back = await town.submit(lost.path, { start: next });
  expect(back.path).toBe(check.path);
  expect(back.html).toContain('Maria Puig');
  expect((await town.submit(back.path, {})).html).toContain('Ja tens hora');
});

test('a booking expires after some hours, and one of another office is not found', async () => {
  const details = await chooseTime();
  expect((await town.get(details.path.replace('/oac/', '/hisenda/'))).status).toBe(404);
  town.clock.advance({ hours: 5 });
  const ended = await town.get(details.path);
  expect(ended.status).toBe(404);
  expect(ended.html).toContain('Aquesta reserva s’ha acabat');
});

test('foreign forms and addresses get a clear page', async () => {
  for (const start of ['', 'tomorrow', '2026-11-29T03:00:00Z', '1900-01-01T00:00:00Z']) {
    const page = await town.post(TIMES, { start });
    expect([409, 422], start).toContain(page.status);
  }
  expect((await town.get('/ca/oac/volant-padro/times?channel=fax&language=ca')).status).toBe(400);
  expect((await town.get(`${TIMES}&from=%00`)).status).toBe(200);
  expect((await town.post(TIMES, { start: 'x'.repeat(70_000) })).status).toBe(413);
});
