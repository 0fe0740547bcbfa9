import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser } from './support/browser.ts';
import { until } from './support/processes.ts';
import { type RunningServer, startServer } from './support/server.ts';

/*
 * A stranger's ten minutes: everybody is one press away, and nobody sees an empty page. The past is written beside it, and nothing here
 * waits for it: src/demo/history/history.test.ts is about that.
 */

const PERSONAS = [
  { who: 'Rosa Soler', begins: '/en/folder', shows: 'Rosa' },
  { who: 'Marta', begins: '/console/oac', shows: 'Marta Soler' },
  { who: 'Núria', begins: '/console/oac/now', shows: 'Núria Roca' },
  { who: 'Albert', begins: '/console/oac/admin', shows: 'Albert Serra' },
  { who: 'The mayor', begins: '/staff/month', shows: 'Teresa Vallès' },
  { who: 'Biel', begins: '/staff/operation', shows: 'Biel Casals' },
];

describe.skipIf(!CHROME)('a demo that lives', () => {
  let browser: Browser;
  let server: RunningServer;

  beforeAll(async () => {
    browser = await openBrowser();
    server = await startServer({ env: { DEMO_LIFE: '1' } });
  });
  afterAll(async () => {
    await server?.stop();
    await browser?.close();
  });

  test('lets a stranger in as anybody with one press, and has something happen', async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    const press = async (name: string | RegExp) => {
      await page.getByRole('button', { name }).click();
      await page.waitForLoadState();
    };
    const at = async (path: string) => {
      await until(`the page is ${path}`, async () => new URL(page.url()).pathname === path);
      await page.waitForLoadState();
    };

    await page.goto(server.baseUrl);
    await at('/demo');
    for (const { who, begins, shows } of PERSONAS) {
      await page.goto(`${server.baseUrl}/demo`);
      await press(new RegExp(who));
      await at(begins);
      expect(await page.locator('body').textContent()).toContain(shows);
      expect(await page.locator('aside.demo-bar').textContent()).toContain('Demo');
    }

    // The past begins with today: soon the desk has people to call.
    await page.goto(`${server.baseUrl}/demo`);
    await press(/Marta/);
    await at('/console/oac');
    await until('Marta has a day', async () => {
      await page.reload();
      return /\d\d:\d\d[\s\S]*\d\d:\d\d/.test(
        (await page.locator('.day-region').textContent()) ?? '',
      );
    });

    await page.goto(`${server.baseUrl}/demo`);
    await press('Somebody tells of a street light');
    expect(await page.locator('main').textContent()).toContain('a new report in Carrer de la Font');
    await press('+15 minutes');
    await at('/demo');
    await context.close();
  });

  test('runs the operator’s commands, and begins again in one press', async () => {
    const context = await browser.newContext({ locale: 'en-GB', baseURL: server.baseUrl });
    const other = await browser.newContext({ locale: 'en-GB', baseURL: server.baseUrl });
    const [page, marta] = [await context.newPage(), await other.newPage()];
    const says = (what: Page) => what.locator('body').textContent();

    await page.goto('/demo/it');
    await page.getByRole('button', { name: 'Have it fail' }).click();
    await page.getByRole('button', { name: 'Check everything' }).click({ noWaitAfter: true });
    await page.getByText(/Ended after .* with exit code 1/).waitFor();
    expect(await says(page)).toMatch(/WRONG {2}The mail server 127\.0\.0\.1:\d+: .*421 4\.3\.2/);

    await marta.goto('/demo');
    await marta.getByRole('button', { name: /Marta/ }).click();
    await until('Marta is in', async () => new URL(marta.url()).pathname === '/console/oac');
    await page.goto('/demo/again');
    await page.getByRole('button', { name: 'Yes, begin again' }).click();
    await until('the demo is back', async () =>
      ((await says(page).catch(() => '')) ?? '').includes('what was done in it is gone'),
    );
    await marta.goto('/console/oac');
    expect(new URL(marta.url()).pathname).toBe('/staff/sign-in');
    expect(await marta.locator('aside.demo-bar').textContent()).toContain('has begun again');
    await page.goto('/demo/it');
    expect(await says(page)).toContain('takes every mail');
    await Promise.all([context.close(), other.close()]);
  });
});
