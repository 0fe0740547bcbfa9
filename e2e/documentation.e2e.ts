import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser } from './support/browser.ts';
import { ROOT } from './support/processes.ts';
import { axeFaults, ibmFaults, overflowAt, smallTargets } from './support/scan.ts';

/** Each kind of page of the documentation once, each language at least once. They are opened from the disk, as one may. */
const PAGES = {
  'first page': 'ca/index.html',
  'guide with a picture': 'es/shifts-and-figures.html',
  'guide with a table': 'ca/calls.html',
  search: 'eu/search.html?q=hitzordua',
  'search that finds nothing': 'es/search.html?q=xyzzy',
  'page with listings': 'en/api.html',
  'page with long tables': 'en/dossier-ens.html',
  decisions: 'en/decisions.html',
  decision: 'en/adr/0130-documentation-as-a-site.html',
} as const;
const SITE = pathToFileURL(join(ROOT, 'dist', 'docs')).href;

describe.skipIf(!CHROME)('the documentation', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage({ bypassCSP: true });
  });
  afterAll(() => browser?.close());

  test.each(Object.entries(PAGES))('is accessible: %s', async (name, address) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${SITE}/${address}`);
    if (name === 'search') expect(await page.locator('#found > li').count()).toBeGreaterThan(0);
    const light = [...(await axeFaults(page)), ...(await ibmFaults(page))];
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await axeFaults(page, ['color-contrast']);
    await page.emulateMedia({ colorScheme: 'light' });
    expect({ light, dark }).toEqual({ light: [], dark: [] });
    expect(await overflowAt(page, 320)).toBe(0);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await smallTargets(page, 24)).toEqual([]);
  });
});
