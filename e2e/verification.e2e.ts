import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provedCitizen } from '../src/features/booking/proof/testing.ts';
import { pdf } from '../src/features/service/documents/checks/testing/files.ts';
import { translateTo } from '../src/lib/i18n/translate.ts';
import { CHROME, NO_CHROME, openBrowser, visit } from './support/browser.ts';
import { openClient, startsIn } from './support/client.ts';
import { atWork, NURIA } from './support/console.ts';
import { temporaryFolder, until } from './support/processes.ts';
import { axeFaults, ibmFaults, overflowAt } from './support/scan.ts';
import { startServer } from './support/server.ts';
import { DEMO_TOWN, MORNING, openTown, type Town } from './support/town.ts';

const TIMES = '/ca/oac/volant-padro/times?channel=phone&language=ca';
const say = translateTo('ca');

/** Books the first free time; answers the address of its page. */
async function book(origin: string, phone: string): Promise<string> {
  const client = openClient(origin, 'ca');
  const start = startsIn((await client.get(TIMES)).html)[0] ?? '';
  const details = await client.post(TIMES, { start });
  const maria = {
    name: 'Maria Puig',
    phone,
    email: 'maria@example.cat',
    whom: 'self',
    anything: 'no',
  };
  const check = await client.post(details.path, maria);
  return (await client.post(check.path, {})).path.replace('/confirmed', '');
}

describe.skipIf(!CHROME)('a result with a verification code', { timeout: 240_000 }, () => {
  let town: Town;
  let browser: Browser;
  let manage: string;
  let code: string;
  const files = temporaryFolder();
  const scan = join(files.path, 'Volant de la Maria Puig.pdf');

  beforeAll(async () => {
    if (!CHROME) throw new Error(NO_CHROME);
    writeFileSync(scan, pdf('', randomBytes(200_000).toString('hex')));
    town = await openTown({ clock: MORNING });
    browser = await openBrowser();
    manage = await book(town.origin, '612 345 690');
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
    files.remove();
  });

  /** Opens a browser without scripts that has nothing to do with the appointment. */
  const third = (options = {}) => visit(browser, town.origin, options);
  const check = async (page: Page, typed: string) => {
    await page.goto('/ca');
    await page.getByRole('link', { name: say('common.footer.verify') }).click();
    await page.getByLabel(say('verification.label')).fill(typed);
    await page.getByRole('button', { name: say('verification.button') }).click();
  };
  const faultsOn = async (page: Page) => [
    ...(await axeFaults(page)),
    ...(await ibmFaults(page)),
    ...((await overflowAt(page, 320)) > 0 ? ['too wide'] : []),
  ];

  test('is given by whoever attends, and the citizen reads its code', async () => {
    await using desks = await atWork(browser, town, NURIA);
    const desk = await desks.context.newPage();
    const secret = manage.split('/').at(-1) ?? '';
    const id = await town.operate(
      async ({ appointments }) => (await appointments.bySecret(secret))?.id,
    );
    await desk.goto(`/console/oac/appointment/${id}`);
    await desk.setInputFiles('#result', scan);
    await desk.getByLabel(say('verification.desk.give')).check();
    await desk.getByRole('button', { name: say('documents.desk.addButton') }).click();
    await desk.getByRole('link', { name: 'Volant de la Maria Puig.pdf' }).click();
    const shown = await desk.locator('code.csv').textContent();

    await using citizens = await visit(browser, town.origin);
    const page = await citizens.context.newPage();
    await expect
      .poll(async () => {
        await page.goto(`${manage}/documents`);
        return page.getByText('Tens un document per recollir').count();
      })
      .toBe(1);
    expect(await page.locator('code.csv').count()).toBe(0);
    await page
      .getByRole('link', { name: say('documents.locked.button') })
      .first()
      .click();
    await page.getByRole('button', { name: say('documents.code.send') }).click();
    const sms = await until('the code has come', async () =>
      (await town.server.outbox()).find(
        (each) => each.to.endsWith('690') && /Codi/.test(each.text),
      ),
    );
    await page.getByLabel(say('documents.code.label')).fill(/\d{6}/.exec(sms.text)?.[0] ?? '');
    await page.getByRole('button', { name: say('documents.code.button') }).click();
    code = (await page.locator('code.csv').textContent()) ?? '';
    expect(code).toBe(shown);
    expect(await page.locator('.verification').textContent()).toContain(`${town.origin}/ca/verify`);
  });

  test('is verified by another person, without scripts, who fetches the same bytes', async () => {
    await using stranger = await third();
    const page = await stranger.context.newPage();
    const typed = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    await check(page, typed);
    await page.getByText(say('verification.found.title')).waitFor();
    expect(await page.content()).not.toMatch(/Maria|Puig/);
    const loading = page.waitForEvent('download');
    await page.getByRole('button', { name: say('verification.download') }).click();
    const download = await loading;
    expect(readFileSync(await download.path()).equals(readFileSync(scan))).toBe(true);
    expect(download.suggestedFilename()).toMatch(/^document-\w{4}\.pdf$/);
    const exporting = page.waitForEvent('download');
    await page.getByRole('button', { name: say('verification.eni') }).click();
    const xml = readFileSync(await (await exporting).path(), 'utf8');
    expect(xml).toContain(`<enids:ValorCSV>${code.replaceAll('-', '')}<`);
    expect(stranger.foreign).toEqual([]);
  });

  test('distinguishes a typo from an unknown code', async () => {
    await using stranger = await third();
    const page = await stranger.context.newPage();
    const [first, second] = code;
    const slip = first === second ? `${first === 'A' ? 'B' : 'A'}${code.slice(1)}` : null;
    await check(page, slip ?? `${second}${first}${code.slice(2)}`);
    await page.locator('#code-error').getByText(say('verification.mistyped')).waitFor();
    await check(page, '0'.repeat(28));
    await page.locator('#code-error').getByText(say('verification.unknown')).waitFor();
  });

  test('tells the citizen that it was verified', async () => {
    const secret = manage.split('/').at(-1) ?? '';
    const seen = await town.operate(async ({ appointments, documents, offices }) => {
      const { id, office } = (await appointments.bySecret(secret))!;
      const viewer = provedCitizen(id);
      return documents.seen(viewer, await offices.byId(office), id);
    });
    // Shown at the desk; then once looked up, once fetched, once exported; the slips and the form itself left no trace.
    const kinds = seen?.map((each) => each.by.replace(/:.*/, ''));
    expect(kinds).toEqual(['verifier', 'verifier', 'verifier', 'staff']);
  });

  test('says after five years that it is kept no longer', async () => {
    const days = 1827 + 2;
    await town.comeTo(
      Temporal.Instant.from(MORNING)
        .add({ hours: 24 * days })
        .toString(),
    );
    // The server does the same each minute.
    await town.operate(({ retention }) => retention.sweep());
    // The scanners are scripts of their own.
    await using stranger = await third({ javaScriptEnabled: true, bypassCSP: true });
    const page = await stranger.context.newPage();
    await check(page, code);
    await page.getByText(say('verification.expired.title')).waitFor();
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await faultsOn(page)).toEqual([]);
  });
});

describe('whoever tries codes', { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  test('is told to wait after as many as an office checks, and in how long it may go on', async () => {
    const env = { DEMO: '0', TOWN_FILE: DEMO_TOWN };
    await using server = await startServer({ dataDir: join(folder.path, 'data'), env });
    const ask = () =>
      fetch(`${server.baseUrl}/ca/verify`, {
        method: 'POST',
        body: new URLSearchParams({ code: '0'.repeat(28) }),
      });
    const statuses: number[] = [];
    let last = await ask();
    for (let nth = 0; nth < 40 && last.status !== 429; nth++) {
      statuses.push(last.status);
      last = await ask();
    }
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(await last.text()).toContain('<h1');
    expect(new Set(statuses)).toEqual(new Set([422]));
    expect(statuses.length).toBeGreaterThanOrEqual(30);
    expect((await fetch(`${server.baseUrl}/ca/verify`)).status).toBe(200);
  });
});
