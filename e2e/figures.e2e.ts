import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeHistory } from '../src/features/insight/statistics/testing.ts';
import { within } from '../src/lib/db/database.ts';
import { findEmbedded } from '../src/lib/db/embedded.ts';
import { CHROME, openBrowser, type Visitor, visit } from './support/browser.ts';
import { atWork, NURIA } from './support/console.ts';
import { enter, follow, heading, say, seen, tabTo } from './support/pages.ts';
import { axeFaults, ibmFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

describe.skipIf(!CHROME)('figures of a year and more', () => {
  let browser: Browser;
  let town: Town;
  let nuria: Visitor;

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    await town.operate(async ({ database, offices, statistics }) => {
      const office = (await offices.find('oac'))!;
      const { owner } = findEmbedded(town.server.dataDir)!.logins;
      await makeHistory(owner, { office: office.id, count: 4_000, from: '2025-09-01', days: 450 });
      await within(database.kysely, office.id, (tx) =>
        sql`update survey_answer set comment = 'Molt bé ' || left(appointment_id::text, 8) where appointment_id in (
          select id from appointment where starts between '2026-06-02' and '2026-06-30')`.execute(
          tx,
        ),
      );
      await statistics.pass();
    });
    nuria = await atWork(browser, town, NURIA);
  }, 200_000);
  afterAll(async () => {
    await nuria?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  const over = (page: Page) =>
    page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );

  test.each([1280, 360])(
    '%i px wide: nothing that a scan finds, and nothing sticks out',
    async (width) => {
      const page = await nuria.context.newPage();
      await page.setViewportSize({ width, height: 800 });
      for (const path of ['', '/import', '/comments']) {
        await page.goto(`/console/oac/figures${path}`);
        expect([path, await axeFaults(page), await ibmFaults(page)]).toEqual([path, [], []]);
        expect(await over(page)).toBeLessThanOrEqual(0);
      }
      await page.close();
    },
  );

  test('by keyboard: a span and a channel are chosen, a picture’s table opened, a file saved', async () => {
    const page = await nuria.context.newPage();
    await page.goto('/console/oac/figures');
    const all = await seen(page);
    await tabTo(page, 'channel');
    await page.keyboard.type(say('figures.channel.video'));
    await enter(page, say('staff.day.show'));
    await page.waitForURL(/channel=video/);
    expect(await seen(page)).not.toBe(all);
    await page
      .locator('summary')
      .filter({ hasText: say('figures.behind') })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await page.getByRole('table', { name: say('figures.table.month') }).waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: say('figures.table.hours') }).focus();
    await page.keyboard.press('Enter');
    expect((await saved).suggestedFilename()).toBe('figures-oac-hours.csv');
    await page.close();
  });

  test('other channels are imported from a file, looked at first; then the year is whole', async () => {
    const page = await nuria.context.newPage();
    await page.goto('/console/oac/figures');
    await follow(page, say('figures.import.title'));
    await page.getByLabel(say('figures.import.file')).setInputFiles({
      ...{ name: 'altres.csv', mimeType: 'text/csv' },
      buffer: Buffer.from(
        'Mes;Canal;Atencions\r\n2026-09;internet;1500\r\n2025-09;internet;1000\r\n',
      ),
    });
    await enter(page, say('figures.import.look'));
    await page.getByText(say('figures.import.preview')).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await enter(page, say('figures.import.keep', { figures: 2 }));
    await page
      .getByRole('status')
      .getByText(say('figures.import.done', { figures: 2 }))
      .waitFor();
    await page.goto('/console/oac/figures');
    expect(await seen(page)).toMatch(
      /Internet\s+1\.500 \(1 de 10 mesos\)\s+1\.000 \(1 de 10 mesos\)\s+\+50/,
    );
    await page.close();
  });

  test('a comment that is let pass is seen by everybody, without a script', async () => {
    const page = await nuria.context.newPage();
    await page.goto('/console/oac/figures/comments');
    const comment = (await page.locator('blockquote').first().textContent()) ?? '';
    await enter(page, say('figures.comments.act.pass'));
    await page.getByRole('status').getByText(say('figures.comments.done.yes')).waitFor();
    await page.close();

    await using citizen = await visit(browser, town.origin, { bypassCSP: true });
    const own = await citizen.context.newPage();
    await own.goto('/ca/oac');
    await follow(own, say('open.title'));
    expect(await heading(own)).toBe(say('open.title'));
    expect(await seen(own)).toContain(comment);
    expect(await over(own)).toBeLessThanOrEqual(0);
    await own.getByRole('link', { name: say('open.file.csv') }).waitFor();
    const csv = await own.request.get('/open-data/oac/figures.csv');
    expect((await csv.text()).split('\r\n')[0]).toBe(
      'Any,Mes,Canal,Tema,Idioma,Indicador,Valor,Unitat',
    );
  });
});
