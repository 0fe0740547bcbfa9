import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEMO_TOWN } from '../../../paths.ts';
import { faultsOf, type Page, startsIn, type TestTown, testTown, WEDNESDAY } from '../testing.ts';

const VOLANT = '/ca/oac/volant-padro';
const TIMES = `${VOLANT}/times?channel=phone&language=ca`;
const SIGNED = `${VOLANT}/times?channel=video&language=csc`;

let town: TestTown;
beforeAll(async () => {
  // No agent speaks Basque, so a request for it needs an alternative.
  const yaml = readFileSync(DEMO_TOWN, 'utf8').replaceAll(
    /^ +- \{ desk: taula-4, weekdays.*\n/gm,
    '',
  );
  town = await testTown(yaml);
});
afterAll(() => town.close());
beforeEach(() => town.clock.set(WEDNESDAY));

const get = (path: string) => town.get(path);
const text = ({ html }: Page) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
const daysIn = ({ html }: Page) => [...new Set(startsIn(html).map((each) => each.slice(0, 10)))];
const unescaped = (href: string) => href.replaceAll('&amp;', '&');
/** Returns the target of the link with this text or these attributes. */
function linkIn({ html }: Page, sought: string): string {
  const links = [...html.matchAll(/<a ([^>]*)>(.*?)<\/a>/g)];
  const found = links.find(
    ([, attributes, inner]) => inner === sought || attributes?.includes(sought),
  );
  const href = /href="([^"]+)"/.exec(found?.[1] ?? '')?.[1];
  if (!href) throw new Error(`No link “${sought}”`);
  return unescaped(href);
}
const hourOf = (start: string) =>
  Temporal.Instant.from(start).toZonedDateTimeISO('Europe/Madrid').hour;

describe('days', () => {
  test('five with free times, then more, and back to the same', async () => {
    const first = await get(TIMES);
    expect(daysIn(first)).toHaveLength(5);
    expect(first.html).not.toContain('rel="prev"');
    const second = await get(linkIn(first, 'rel="next"'));
    const third = await get(linkIn(second, 'rel="next"'));
    const all = [first, second, third].flatMap(daysIn);
    expect(all).toEqual([...new Set(all)].sort());
    expect(all).toHaveLength(15);
    const back = await get(linkIn(third, 'rel="prev"'));
    expect(daysIn(back)).toEqual(daysIn(second));
    expect(daysIn(await get(linkIn(back, 'rel="next"')))).toEqual(daysIn(third));
    const beginning = await get(linkIn(back, 'rel="prev"'));
    expect(daysIn(beginning)).toEqual(daysIn(first));
  });

  test('the first of all when there are fewer than five before a day', async () => {
    const page = await get(`${TIMES}&before=2026-11-27`);
    expect(daysIn(page)).toEqual(daysIn(await get(TIMES)));
  });

  test('the last page says that it is the last, and leads back', async () => {
    const page = await get(`${TIMES}&from=2026-12-23`);
    expect(daysIn(page)).toEqual(['2026-12-23']);
    expect(text(page)).toContain('De moment no hi ha hores lliures més endavant.');
    expect(daysIn(await get(linkIn(page, 'rel="prev"'))).at(-1)).toBe('2026-12-22');
  });

  test('a typed day; its mistakes are shown by the field', async () => {
    const own = await get(`${TIMES}&on-day=10&on-month=12&on-year=2026`);
    expect(daysIn(own)[0]).toBe('2026-12-10');
    for (const [day, said] of [
      ['on-day=31&on-month=2&on-year=2027', 'Escriu un dia que existeixi'],
      ['on-day=1&on-month=1&on-year=2020', 'Aquest dia ja ha passat'],
      ['on-day=1&on-month=1&on-year=2099', 'Encara no donem hora'],
    ]) {
      const page = await get(`${TIMES}&${day}`);
      expect(page.status).toBe(400);
      expect(page.html).toContain(`<a href="#on">${said}`);
      expect(page.html).toContain('<title>Error: ');
    }
  });

  test.each([
    ['from=2020-01-01', 'ja ha passat'],
    ['before=2020-01-01', 'ja ha passat'],
    ['from=2099-01-01', 'encara no donem hora'],
    ['from=2026-02-31', 'un dia que no existeix'],
    ['from[]=1&from=%00', 'un dia que no existeix'],
  ])('an old or cut address, %s: the first times, with the reason', async (query, said) => {
    const page = await get(`${TIMES}&${query}`);
    expect(page.status).toBe(200);
    expect(text(page)).toContain(said);
    expect(daysIn(page)).toEqual(daysIn(await get(TIMES)));
    expect(await faultsOf(page.html)).toEqual([]);
  });
});

describe('part of the day', () => {
  test('shows only its times, and the address keeps it from page to page', async () => {
    const all = await get(TIMES);
    for (const [name, isIn] of [
      ['Matí', (hour: number) => hour < 14],
      ['Tarda', (hour: number) => hour >= 14],
    ] as const) {
      const page = await get(linkIn(all, name));
      expect(
        startsIn(page.html).every((each) => isIn(hourOf(each))),
        name,
      ).toBe(true);
      const before = daysIn(page).at(-1) ?? '';
      const ofThoseDays = startsIn(all.html).filter((each) => isIn(hourOf(each)));
      expect(startsIn(page.html)).toEqual(expect.arrayContaining(ofThoseDays));
      const more = await get(linkIn(page, 'rel="next"'));
      expect(
        startsIn(more.html).every((each) => isIn(hourOf(each))),
        name,
      ).toBe(true);
      expect(daysIn(more).every((each) => each > before)).toBe(true);
      expect(await get(linkIn(more, 'rel="prev"')).then(daysIn)).toEqual(daysIn(page));
    }
  });

  test('the heading counts the shown times', async () => {
    const page = await get(`${TIMES}&part=afternoon`);
    const counts = [...page.html.matchAll(/<\/h2> .*?<\/span>(\d+) hor/g)].map((each) =>
      Number(each[1]),
    );
    expect(counts.reduce((a, b) => a + b)).toBe(startsIn(page.html).length);
  });

  test('without any left: the whole day, and the first of that part', async () => {
    town.clock.set('2026-11-22T07:30:00+01:00'); // the last day is a Tuesday: no agent signs in its afternoon
    const page = await get(`${SIGNED}&part=afternoon&from=2026-12-22`);
    expect(text(page)).toContain('No hi ha cap hora lliure a la tarda.');
    const whole = await get(linkIn(page, 'A qualsevol hora del dia'));
    expect(daysIn(whole)).toEqual(['2026-12-22']);
    const first = await get(linkIn(page, 'La primera hora lliure'));
    expect(hourOf(startsIn(first.html)[0] ?? '')).toBeGreaterThanOrEqual(14);
    expect(await faultsOf(page.html)).toEqual([]);
  });
});

describe('sign language', () => {
  test('is offered where a desk of the procedure signs, on the channel that shows it', async () => {
    const page = await get(VOLANT);
    expect(page.html).toContain('value="csc"');
    expect(page.html).not.toContain('value="ssp"');
    expect(text(page)).toContain('Llengua de signes catalana (LSC)');
    expect((await get('/ca/hisenda/ibi')).html).not.toContain('value="csc"');
  });

  test('sets its channel, says so, and keeps the day', async () => {
    const asked = await get(
      `${VOLANT}/times?channel=phone&language=csc&from=2026-12-09&part=morning`,
    );
    expect(asked.status).toBe(303);
    expect(asked.path).toBe(`${SIGNED}&from=2026-12-09&part=morning`);
    const page = await get(asked.path);
    expect(text(page)).toContain('Videotrucada, 20 minuts, Llengua de signes catalana (LSC)');
    expect(text(page)).toContain('En llengua de signes ens veiem sempre per videotrucada');
    expect(await faultsOf(page.html)).toEqual([]);
    expect((await get(`${VOLANT}/times?channel=phone&language=ssp`)).status).toBe(400);
  });

  test('is booked like any other, and stays on video when the time changes', async () => {
    const [start = ''] = startsIn((await get(SIGNED)).html);
    const details = await town.submit(SIGNED, { start });
    const person = {
      name: 'Pau Signa',
      phone: '612345678',
      email: 'pau@example.cat',
      whom: 'self',
      anything: 'no',
    };
    const check = await town.submit(details.path, person);
    expect(text(check)).toContain('Llengua de signes catalana (LSC)');
    const booked = await town.submit(check.path, {});
    const change = await get(`${booked.path.replace('/confirmed', '')}/change?channel=phone`);
    expect(change.html.slice(change.html.indexOf('<main'))).not.toContain('channel=phone');
    const others = startsIn(change.html);
    expect(others.length).toBeGreaterThan(5);
    expect(others).not.toContain(start); // they have that one
  });
});

describe('a time in the address', () => {
  test('is chosen, with the days from its own on; on Back nothing is sent again', async () => {
    const start = startsIn((await get(`${TIMES}&from=2026-12-01`)).html)[7] ?? '';
    const page = await get(`${TIMES}&start=${start}`);
    expect(page.status).toBe(200);
    expect(daysIn(page)[0]).toBe('2026-12-01');
    expect(page.html).toContain(`value="${start}" checked`);
  });

  test.each([
    ['', 303, 'missing=1'],
    ['2026-11-29T03:00:00Z', 303, 'start=2026-11-29T03%3A00%3A00Z'],
  ])(
    'a form with the time %j leads to an address that says what is wrong',
    async (start, status, at) => {
      const body = new URLSearchParams({ start });
      const sent = new Request(`http://localhost${TIMES}`, { method: 'POST', body });
      const answer = await town.fetch(sent);
      const path = answer.headers.get('Location') ?? '';
      expect([answer.status, path]).toEqual([status, expect.stringContaining(at)]);
      expect((await get(path)).html).toContain('<title>Error: ');
    },
  );

  test.each(['2020-01-01T08:00:00Z', '2099-01-01T08:00:00Z', '2026-11-29T03:00:00Z'])(
    'that is not free (%s) is said to be taken, among the days there are',
    async (start) => {
      const page = await get(`${TIMES}&start=${start}`);
      expect(page.status).toBe(409);
      expect(text(page)).toContain('ja no està lliure');
      expect(daysIn(page)).toHaveLength(5);
      expect(page.html).not.toContain('Z" checked');
    },
  );
});

describe('without any', () => {
  test('the page names the condition to relax, and the first time it gives', async () => {
    const page = await get(`${VOLANT}/times?channel=phone&language=eu`);
    expect(text(page)).toContain('no queda cap hora lliure tal com la demanes');
    expect(text(page)).not.toContain('Per videotrucada :'); // no agent there either
    const other = await get(linkIn(page, '<span lang="es">Castellano</span>'));
    expect(startsIn(other.html)[0]).toBe(startsIn((await get(TIMES)).html)[0]);
    const signed = await get(
      linkIn(page, '<span lang="ca">Llengua de signes catalana (LSC)</span>'),
    );
    expect(startsIn(signed.html)).toEqual(startsIn((await get(SIGNED)).html));
    expect(await faultsOf(page.html)).toEqual([]);
  });

  test('after the last day it leads to the first', async () => {
    const page = await get(`${TIMES}&from=2026-12-25`);
    expect(text(page)).toContain('No queda cap hora lliure a partir d’aquest dia.');
    const first = await get(linkIn(page, 'La primera hora lliure'));
    expect(daysIn(first)).toEqual(daysIn(await get(TIMES)));
  });

  test('the wait list, the telephone and walking in are always there', async () => {
    for (const path of [TIMES, `${TIMES}&from=2026-12-25`]) {
      const page = await get(path);
      expect(linkIn(page, 'Apunta’m a la llista d’espera')).toBe(
        `${VOLANT}/waiting?channel=phone&language=ca`,
      );
      expect(page.html).toContain('href="tel:+34930100010"');
      expect(linkIn(page, 'On som i quan obrim')).toBe(`${VOLANT}#walk-in`);
    }
  });
});

describe('choosing', () => {
  test('without a choice: the same days again, and the summary leads to the first time', async () => {
    const path = `${TIMES}&from=2026-12-09&part=morning`;
    const action = unescaped(
      /action="([^"]+)" method="post"/.exec((await get(path)).html)?.[1] ?? '',
    );
    const page = await town.post(action, {});
    expect(page.status).toBe(422);
    expect(page.html).toContain('<a href="#start">Tria una hora per continuar');
    expect(startsIn(page.html)).toEqual(startsIn((await get(path)).html));
  });

  test('a language may be changed without losing the day', async () => {
    const { html } = await get(`${TIMES}&on-day=9&on-month=12&on-year=2026&part=morning`);
    const form = /<details class="change">.*?<\/details>/s.exec(html)?.[0] ?? '';
    expect(form).toContain('type="hidden" name="from" value="2026-12-09"');
    expect(form).toContain('type="hidden" name="part" value="morning"');
    expect(form).toMatch(/value="ca" checked/);
  });

  test('a lost time: the times near it', async () => {
    const [, , day = ''] = daysIn(await get(`${TIMES}&from=2026-12-09`));
    const page = await town.post(TIMES, { start: `${day}T03:00:00Z` });
    expect(page.status).toBe(409);
    expect(daysIn(page)[0]).toBe(day);
    expect(page.html).toMatch(/<a href="#start">L’hora que volies \(.* ja no està lliure/);
  });
});
