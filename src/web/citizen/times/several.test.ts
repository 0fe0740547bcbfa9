import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { DEMO_TOWN } from '../../../paths.ts';
import {
  faultsOf,
  MARIA,
  type Page,
  startsIn,
  type TestTown,
  testTown,
  WEDNESDAY,
} from '../testing.ts';

const VOLANT = '/ca/oac/volant-padro';
const BOTH = 'with=cens-electoral+informe-residencia';

let town: TestTown;
beforeAll(async () => {
  // One desk attends dogs and another one the rest: nobody attends both.
  const yaml = readFileSync(DEMO_TOWN, 'utf8').replace(
    /( {4}desks:\n)([\s\S]*?)(\n {4}shifts:)/,
    (_, begin, desks: string, end) =>
      begin +
      desks
        .replaceAll(/, animal-companyia|animal-companyia,\s*/g, '')
        .replace('skills: all', 'skills: [animal-companyia]')
        .replaceAll(
          'skills: all',
          'skills: [volant-padro, cens-electoral, informe-residencia, consulta-activitat, consulta-obres, informacio-tramits]',
        ) +
      end,
  );
  town = await testTown(yaml);
});
afterAll(() => town.close());
beforeEach(() => town.clock.set(WEDNESDAY));

const text = ({ html }: Page) =>
  html
    .replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');
const main = (page: Page) =>
  text({ ...page, html: /<main[\s\S]*<\/main>/.exec(page.html)?.[0] ?? '' });

test('whoever asked for an interpreter keeps one while something is added, removed, or looked at again', async () => {
  const asked = 'interpreter=ar';
  const pages = await Promise.all(
    [VOLANT, `${VOLANT}?${BOTH}`, `${VOLANT}/times`].map((path) =>
      town.get(
        `${path}${path.includes('?') ? '&' : '?'}${asked}${path.endsWith('/times') ? '&channel=phone&language=ca' : ''}`,
      ),
    ),
  );
  for (const { html } of pages) {
    const ways = [...html.matchAll(/href="(\/ca\/oac\/volant-padro(?:\/more|\?|#book)[^"]*)"/g)];
    expect(ways.length).toBeGreaterThan(0);
    for (const [, way] of ways) expect(way).toContain(asked);
  }
});

describe('something else in the same appointment', () => {
  test('is one quiet link, and a page with the procedures that go with it and what each adds', async () => {
    const page = await town.get(VOLANT);
    expect(page.html.match(/href="[^"]*\/more/g)).toHaveLength(1);
    const more = await town.get(`${VOLANT}/more`);
    expect(text(more)).toContain('Alguna cosa més en la mateixa cita?');
    expect(main(more)).toContain('Cens electoral 5 minuts més');
    expect(main(more)).toContain(
      'Informe de coneixement de residència: estat de la sol·licitud 10 minuts més',
    );
    expect(more.html).toContain('value="cens-electoral"');
    // A consultation goes with the other consultation only, and not with this.
    expect(more.html).not.toContain('value="consulta-obres"');
    expect(main(more)).toContain('6 persones');
    const consultation = await town.get('/ca/oac/consulta-obres/more');
    expect(consultation.html.match(/name="with"/g)).toHaveLength(1);
  });

  test('is in an office that wants it only', async () => {
    expect((await town.get('/ca/hisenda/ibi')).html).not.toContain('/more');
    const page = await town.get('/ca/hisenda/ibi?with=vehicles');
    expect([page.status, page.path]).toEqual([303, '/ca/hisenda/ibi/more?with=vehicles']);
    expect((await town.get(page.path)).status).toBe(422);
  });

  test('comes back to the procedure with the minutes of all, and can be taken out again', async () => {
    const page = await town.get(`${VOLANT}?${BOTH}`);
    expect(main(page)).toContain('En la mateixa cita');
    expect(page.html).toContain('<title>Volant de padró + Cens electoral + Informe');
    expect(main(page)).toContain('30 minuts');
    expect(page.html).toContain(`href="${VOLANT}?with=informe-residencia#book"`);
    expect(page.html).toContain(
      '<input type="hidden" name="with" value="cens-electoral informe-residencia"',
    );
    // Each procedure's papers under its name.
    expect(page.html.match(/DNI, NIE o passaport/g)).toHaveLength(3);
  });
});

test('an appointment for several procedures and people is booked as one', async () => {
  const times = `${VOLANT}/times?channel=phone&language=ca&with=cens-electoral&people=3`;
  const page = await town.get(times);
  expect(main(page)).toContain(
    'Volant de padró + Cens electoral. Trucada telefònica, 30 minuts, Català , 3 persones.',
  );
  const start = startsIn(page.html)[0] ?? '';
  const details = await town.submit(times, { start });
  const other = await town.get(details.path.replace('details', 'time'));
  expect(main(other)).toContain('30 minuts');
  const check = await town.submit(details.path, MARIA);
  for (const words of ['Volant de padró + Cens electoral', '3 persones', '30 minuts'])
    expect(main(check)).toContain(words);
  const confirmed = await town.submit(check.path, {});
  expect(main(confirmed)).toContain('Volant de padró + Cens electoral');
  const manage = confirmed.path.replace('/confirmed', '');
  const secret = manage.split('/').at(-1) ?? '';
  const appointment = await town.deps.appointments.bySecret(secret);
  expect(appointment).toMatchObject({ further: ['cens-electoral'], people: 3 });

  const documents = await town.get(`${manage}/documents`);
  expect(documents.html).toContain('DNI, NIE o passaport');
  expect(documents.html).not.toContain('cens-electoral.identitat');
  const calendar = await town.get(`${manage}/calendar.ics`);
  expect(calendar.html.replaceAll(/\r\n /g, '')).toContain(
    'Volant de padró + Cens electoral (3 persones)',
  );

  const later = startsIn((await town.get(`${manage}/change`)).html)[5] ?? '';
  expect((await town.post(`${manage}/change`, { start: later })).status).toBe(303);
  const moved = await town.deps.appointments.bySecret(secret);
  expect(moved).toMatchObject({ further: ['cens-electoral'], people: 3 });
  expect(moved?.start.until(moved.end).total('minutes')).toBe(30);
});

test('the wait list is for the whole appointment', async () => {
  const wait = `${VOLANT}/waiting?channel=phone&language=ca&with=cens-electoral&people=2`;
  const form = await town.get(wait);
  const once = /name="once" value="([^"]+)"/.exec(form.html)?.[1] ?? '';
  const until = { 'until-day': '20', 'until-month': '12', 'until-year': '2026' };
  const joined = await town.post(wait, { once, ...MARIA, ...until, ...fieldsOf(form) });
  expect(joined.status).toBe(303);
  const waiting = await town.deps.waitList.bySecret(joined.path.split('/').at(-1) ?? '');
  expect(waiting).toMatchObject({ further: ['cens-electoral'], people: 2 });
  expect(main(await town.get(joined.path))).toContain('Volant de padró + Cens electoral');
});

/** The fields of the day that the form of the wait list asks for, by their names on the page. */
function fieldsOf({ html }: Page): Record<string, string> {
  const name = /name="([a-z]+)-day"/.exec(html)?.[1] ?? '';
  return { [`${name}-day`]: '20', [`${name}-month`]: '12', [`${name}-year`]: '2026' };
}

describe('what the office does not put together is refused, with the reason and the way on', () => {
  test.each([
    ['people=999', 'pot ser per a 6 persones com a màxim', '#people'],
    ['people=x', 'Tria per a quantes persones és', '#people'],
    ['people=-1', 'Tria per a quantes persones és', '#people'],
    ['with=cens-electoral&people=6', 'pot ser per a 4 persones com a màxim', '#people'],
    ['with=consulta-obres', 'no es fan junts', '#with'],
    ['with=volant-padro', 'no es fan junts', '#with'],
    ['with=ibi', 'ja no hi és', '#with'],
    ['with=cens-electoral+informe-residencia+informacio-tramits', 'hi caben 3 tràmits', '#with'],
    [`${BOTH}&people=4`, 'és per a una sola persona', '#people'],
  ])('%s', async (query, said, href) => {
    for (const path of [VOLANT, `${VOLANT}/times`, `${VOLANT}/waiting`]) {
      const { status, path: to } = await town.get(`${path}?channel=phone&language=ca&${query}`);
      expect([status, to]).toEqual([303, `${VOLANT}/more?channel=phone&language=ca&${query}`]);
    }
    const start = '2026-12-09T09:00:00Z';
    const posted = await town.post(`${VOLANT}/times?channel=phone&language=ca&${query}`, { start });
    expect(posted.path).toContain('/more?');
    const page = await town.get(posted.path);
    expect(page.status).toBe(422);
    expect(main(page)).toMatch(new RegExp(said));
    expect(page.html).toContain(`href="${href}`);
    expect(await faultsOf(page.html)).toEqual([]);
  });

  test('where no desk attends all, each is booked by itself', async () => {
    const page = await town.get(`${VOLANT}?with=animal-companyia`);
    expect(page.status).toBe(200);
    expect(main(page)).toContain('no pot fer tot això en una sola cita');
    expect(page.html).toContain('<a href="/ca/oac/animal-companyia">');
    expect(page.html).not.toContain('name="channel"');
  });

  test('where it can’t be done the way that was chosen, the others are there', async () => {
    const page = await town.get(
      '/ca/oac/cens-electoral/times?channel=in_person.centre&language=ca&with=volant-padro',
    );
    expect(page.status).toBe(400);
    expect(main(page)).toContain('tria una altra manera');
    expect(page.html).not.toContain('value="in_person.centre"');
    expect(page.html).toContain('name="with" value="volant-padro"');
  });
});

test.each(LANGUAGES)('the pages are good HTML in %s', async (language) => {
  const volant = VOLANT.replace('/ca/', `/${language}/`);
  for (const path of [
    '/more',
    `/more?channel=phone&language=ca&${BOTH}`,
    '/more?with=ibi&people=999',
    `?${BOTH}`,
    '?with=animal-companyia',
    `/times?channel=phone&language=ca&${BOTH}`,
  ]) {
    const page = await town.get(`${volant}${path}`);
    expect(page.html, path).toContain(`<html lang="${language}"`);
    expect(page.html.match(/<h1>/g), path).toHaveLength(1);
    expect(await faultsOf(page.html), path).toEqual([]);
  }
});
