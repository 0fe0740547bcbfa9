import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { peopleAuthority, subjectOf } from '../src/connectors/signature/autofirma/testing.ts';
import { NO_TOOLS } from '../src/lib/seal/testing.ts';
import type { Card } from './support/autofirma/pades.ts';
import { autofirma } from './support/autofirma/program.ts';
import { CHROME, openBrowser } from './support/browser.ts';
import { signedForm } from './support/forms/priced.ts';
import { publishForm } from './support/forms/published.ts';
import { follow, heading, press, say, seen } from './support/pages.ts';
import { temporaryFolder } from './support/processes.ts';
import { overflowOf } from './support/scan.ts';
import { demoTown, MORNING, openTown, type Town } from './support/town.ts';

const PROCEDURE = 'consulta-activitat';

/** Asks the servlets as the program does, which has nothing of the browser. */
const send = async (url: string, body: string): Promise<string> =>
  (await fetch(url, { method: 'POST', body })).text();

/** Somebody signs a form by a certificate of their own, without a script. A stand-in of AutoFirma gets the address that the page has. */
describe.skipIf(!CHROME || NO_TOOLS)(
  'a form that is signed with AutoFirma',
  { timeout: 120_000 },
  () => {
    const folder = temporaryFolder();
    let browser: Browser;
    let town: Town;
    let context: BrowserContext;
    let page: Page;
    let card: Card;

    beforeAll(async () => {
      browser = await openBrowser();
      const authority = await peopleAuthority();
      card = await authority.card({ subject: subjectOf('12345678Z') });
      const townFile = join(folder.path, 'town.yaml');
      writeFileSync(townFile, demoTown().replace(/^town:$/m, 'town:\n  autofirma: {}'));
      const env = { AUTOFIRMA_AUTHORITIES: authority.root.pem };
      town = await openTown({ clock: MORNING, townFile, env });
      await publishForm(town, signedForm(PROCEDURE));
    }, 180_000);
    afterAll(async () => {
      await town?.[Symbol.asyncDispose]();
      await browser?.close();
      folder.remove();
    });
    beforeEach(async () => {
      context = await browser.newContext({
        javaScriptEnabled: false,
        baseURL: town.origin,
        viewport: { width: 360, height: 740 },
      });
      page = await context.newPage();
    });
    afterEach(() => context.close());

    test('is read, signed and registered on a telephone, after somebody had cancelled', async () => {
      await page.goto(`/ca/oac/${PROCEDURE}`);
      await follow(page, say('case.online.button'));
      await follow(page, say('identify.title'));
      await press(page, 'Identitat de demostració');
      await page.waitForURL(/\/identify\/demo\/demo/);
      await press(page, say('identify.demo.button'));
      await press(page, say('case.apply.begin'));
      await follow(page, say('case.overview.begin'));
      await page.getByLabel('Quants metres?', { exact: true }).fill('2');
      await press(page, say('citizen.continue'));
      await press(page, say('signature.check.button'));

      await press(page, say('signature.go.autofirma'));
      expect(await heading(page)).toBe(say('signature.program.title'));
      expect(await overflowOf(page)).toBe(0);
      await autofirma(await opens(), card, send, { does: 'cancel' });
      await press(page, say('signature.program.signed'));
      expect(await seen(page)).toContain(say('signature.failed.cancelled'));

      await press(page, say('signature.go.autofirma'));
      await press(page, say('signature.program.signed'));
      expect(await seen(page)).toContain(say('signature.program.waits', { seconds: 10 }));
      await autofirma(await opens(), card, send);
      await press(page, say('signature.program.signed'));
      expect(await seen(page)).toContain('ANNA GARCIA PUIG');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: say('signature.download'), exact: true }).click(),
      ]);
      expect(readFileSync(await download.path(), 'latin1')).toMatch(/^%PDF-/);
    });

    /** The address behind the button, which a browser would hand to the program. */
    const opens = async (): Promise<string> =>
      (await page
        .getByRole('link', { name: say('signature.program.open') })
        .getAttribute('href')) ?? '';
  },
);
