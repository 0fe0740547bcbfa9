import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser, type Visitor, visit } from './support/browser.ts';
import { MARTA, NURIA, SCREEN } from './support/console.ts';
import { enter, heading, say, seen, signIn, tabTo } from './support/pages.ts';
import { axeFaults } from './support/scan.ts';
import { openTown, type Town } from './support/town.ts';

/** A Monday before the desks open; what is planned is the Wednesday after. */
const MONDAY = '2026-11-30T07:30:00+01:00';
const WEDNESDAY = '2026-12-02';

/** A person's browser without scripts, signed in. */
async function plain(browser: Browser, town: Town, email: string): Promise<Visitor> {
  const visitor = await visit(browser, town.origin, SCREEN);
  const page = await visitor.context.newPage();
  await signIn(page, await town.server.access(), email);
  await page.close();
  return visitor;
}

describe.skipIf(!CHROME)('a coordinator plans the rota, by keyboard and without scripts', () => {
  let browser: Browser;
  let town: Town;
  let nuria: Visitor;
  let page: Page;

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MONDAY });
    nuria = await plain(browser, town, NURIA);
    page = await nuria.context.newPage();
  });
  afterAll(async () => {
    await nuria?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  /** Every desk that speaks Catalan has this hour taken but so many. Answers what was booked, in order. */
  const bookAll = (time: string, left: number): Promise<{ id: string; desk: string }[]> =>
    town.operate(async ({ appointments, offices, slots }) => {
      const office = (await offices.find('oac'))!;
      const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const;
      const start = Temporal.Instant.from(`${WEDNESDAY}T${time}:00+01:00`);
      const made: { id: string; desk: string }[] = [];
      for (;;) {
        const found = await slots.search(office, choice, { from: WEDNESDAY, to: WEDNESDAY });
        if (!found.ok) throw new Error(found.reason);
        const there = found.slots.find((each) => each.start.equals(start));
        if ((there?.capacity ?? 0) <= left) return made;
        const result = await appointments.book({ kind: 'citizen' }, office, {
          ...{ ...choice, start, noticeLanguage: 'ca', onBehalfOf: null, needs: [], comment: '' },
          citizen: {
            name: 'Pau',
            email: `pau${time}${made.length}@example.com`,
            phone: '+34612345678',
          },
        });
        if (!result.ok) throw new Error(result.reason);
        const { id, desk } = result.appointment;
        made.push({ id, desk: office.desk(desk)?.name ?? '' });
      }
    });

  /** Looks at a page of hers where scripts run, since the scanner is one. */
  const noFaults = async (path: string) => {
    const storageState = await nuria.context.storageState();
    const options = { ...SCREEN, javaScriptEnabled: true, storageState };
    await using visitor = await visit(browser, town.origin, options);
    const seenPage = await visitor.context.newPage();
    await seenPage.goto(path);
    expect(await axeFaults(seenPage)).toEqual([]);
    await seenPage.setViewportSize({ width: 360, height: 740 });
    expect(await axeFaults(seenPage)).toEqual([]);
    const over = await seenPage.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(over).toBeLessThanOrEqual(0);
  };

  test('an absence: one keeps its hour at another desk, one is offered others, and both are seen before', async () => {
    const [kept, lost] = [await bookAll('09:30', 1), await bookAll('10:30', 0)];
    const desk = kept.find((each) => lost.some((other) => other.desk === each.desk))?.desk ?? '';
    expect(desk).not.toBe('');
    const [one, two] = [kept, lost].map((all) => all.find((each) => each.desk === desk)!.id);

    await page.goto('/console/oac/rota');
    expect(await heading(page)).toBe(say('rota.title'));
    await enter(page, say('rota.absence.title'));
    await tabTo(page, 'desk');
    await page.keyboard.type(desk);
    await tabTo(page, 'from');
    await page.locator('#from').fill(`${WEDNESDAY}T08:00`);
    await page.locator('#to').fill(`${WEDNESDAY}T15:00`);
    await tabTo(page, 'why');
    await page.keyboard.type('Formació');
    await enter(page, 'look');
    expect(await seen(page)).toContain(say('rota.affected', { count: 2 }));
    // Nothing is done yet.
    const standing = () =>
      town.look((tx) =>
        tx
          .selectFrom('appointment')
          .innerJoin('desk', 'desk.id', 'appointment.desk_id')
          .select(['appointment.id', 'desk.name', 'displaced_at'])
          .where('appointment.id', 'in', [one!, two!])
          .execute(),
      );
    expect((await standing()).map((each) => each.name)).toEqual([desk, desk]);

    // Other desks are free for both; the second citizen is asked all the same.
    await tabTo(page, `fate-${two}-desk`);
    await page.keyboard.press('ArrowDown');
    await enter(page, say('rota.saveAll'));
    await page.waitForURL(/rota\/change\/\d+/);
    expect(await seen(page)).toContain(say('rota.now.waits'));
    await noFaults(new URL(page.url()).pathname);
    const after = new Map((await standing()).map((each) => [each.id, each]));
    expect(after.get(one!)).toMatchObject({ displaced_at: null });
    expect(after.get(one!)?.name).not.toBe(desk);
    expect(after.get(two!)?.displaced_at).not.toBeNull();
    await enter(page, say('rota.toWeek'));
    expect(await seen(page)).toContain('Absent 8:00–15:00');
  });

  test('a shift of one day, and that week for the three after it', async () => {
    await page.goto('/console/oac/rota?week=2026-W51');
    await enter(page, say('rota.add.title'));
    await tabTo(page, 'desk');
    await page.keyboard.type('Taula 2');
    await page.locator('#day').fill('2026-12-19');
    await page.locator('#from').fill('10:00');
    await page.locator('#to').fill('13:00');
    await enter(page, 'look');
    expect(await seen(page)).toContain('10:00–13:00');
    await enter(page, say('rota.save'));
    await page.goto('/console/oac/rota/copy?week=2026-W51');
    await tabTo(page, 'count');
    await page.keyboard.type('3');
    await enter(page, 'look');
    await enter(page, say('rota.save'));
    await page.goto('/console/oac/rota?week=2027-W01');
    expect(await seen(page)).toContain('10:00–13:00');
  });

  test('where scripts run, arrows go about the week, Enter opens, and an absence is of the day they are at', async () => {
    const storageState = await nuria.context.storageState();
    const options = { ...SCREEN, javaScriptEnabled: true, storageState };
    await using visitor = await visit(browser, town.origin, options);
    const grid = await visitor.context.newPage();
    const press = (...keys: string[]) =>
      keys.reduce((done, key) => done.then(() => grid.keyboard.press(key)), Promise.resolve());
    /** The desk and the day that have the focus; null: it is elsewhere. */
    const place = () =>
      grid.evaluate(() => {
        const cell = document.activeElement?.closest('td');
        return (
          cell &&
          `${cell.parentElement?.querySelector('th')?.firstChild?.textContent} ${cell.dataset.day}`
        );
      });
    const come = async (week: string) => {
      await grid.goto(`/console/oac/rota?week=${week}`);
      await grid.locator('[role="grid"]').waitFor();
      for (let nth = 0; nth < 60 && (await place()) === null; nth++) await press('Tab');
    };

    await come('2026-W50');
    expect(await place()).toBe('Taula 1 2026-12-07');
    // Two shifts of a day lie beneath each other.
    await press('ArrowRight', 'ArrowDown');
    expect(await place()).toBe('Taula 1 2026-12-08');
    await press('ArrowDown');
    expect(await place()).toBe('Taula 2 2026-12-08');
    await press('End', 'ArrowRight');
    expect(await place()).toBe('Taula 2 2026-12-13');
    await press('Control+Home', 'ArrowUp', 'ArrowLeft');
    expect(await place()).toBe('Taula 1 2026-12-07');

    // The whole week is one stop of the Tab key, which comes back to where it was.
    await press('ArrowRight', 'ArrowDown', 'ArrowDown', 'Tab');
    expect(await place()).toBeNull();
    await press('Shift+Tab');
    expect(await place()).toBe('Taula 2 2026-12-08');

    await press('PageDown');
    await grid.waitForURL(/week=2026-W51/);
    await expect.poll(place).toBe('Taula 2 2026-12-15');
    await press('Enter');
    await grid.waitForURL(/rota\/shift\?day=2026-12-15&shift=\d+/);
    expect(await heading(grid)).toBe(say('rota.alter.title'));

    // A day on which it doesn't work: a new one there.
    await come('2026-W50');
    await press('ArrowDown', 'End', 'Enter');
    await grid.waitForURL(/rota\/shift\?/);
    const chosen = () => grid.locator('#desk option:checked').textContent();
    expect(await heading(grid)).toBe(say('rota.add.title'));
    expect([await chosen(), await grid.locator('#day').inputValue()]).toEqual([
      'Taula 2',
      '2026-12-13',
    ]);

    await come('2026-W50');
    await press('ArrowDown', 'ArrowRight', 'i');
    await grid.waitForURL(/rota\/absence/);
    expect([await chosen(), await grid.locator('#from').inputValue()]).toEqual([
      'Taula 2',
      '2026-12-08T00:00',
    ]);

    await come('2026-W50');
    await press('?');
    await grid.locator('#keys-help').getByText(say('shortcuts.week.move')).waitFor();
  });

  test('a calendar file becomes absences; brought again it changes nothing', async () => {
    const ics = [
      ...[
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//test//',
        'BEGIN:VEVENT',
        'UID:1@example.com',
      ],
      ...[
        'DTSTAMP:20261101T000000Z',
        'DTSTART;TZID=Europe/Madrid:20270111T090000',
        'DURATION:PT2H',
      ],
      ...['RRULE:FREQ=WEEKLY;COUNT=2', 'SUMMARY:Curs', 'END:VEVENT', 'END:VCALENDAR', ''],
    ].join('\r\n');
    const file = { name: 'a.ics', mimeType: 'text/calendar', buffer: Buffer.from(ics) };
    const bring = async () => {
      await page.goto('/console/oac/rota/import');
      await tabTo(page, 'desk');
      await page.keyboard.type('Taula 2');
      await page.locator('#file').setInputFiles(file);
      await enter(page, 'look');
    };
    await bring();
    expect(await seen(page)).toContain('Absent 9:00–11:00');
    await enter(page, say('rota.save'));
    await bring();
    expect(await seen(page)).toContain(say('rota.noChange'));
  });

  test('the pages have nothing that a scan finds, on a desk and on a telephone', async () => {
    for (const each of ['', '/shift', '/absence', '/swap', '/copy', '/import'])
      await noFaults(`/console/oac/rota${each}`);
  });

  test('whoever attends reads their own weeks', async () => {
    await using marta = await plain(browser, town, MARTA);
    const own = await marta.context.newPage();
    await own.goto('/console/oac');
    await enter(own, say('rota.own.title'));
    expect(await heading(own)).toBe(say('rota.own.title'));
    expect(await seen(own)).toContain('8:30–14:30');
    expect((await own.goto('/console/oac/rota'))?.status()).toBe(404);
  });
});
