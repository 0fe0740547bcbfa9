import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pdfText } from '../src/lib/testing/pdf.ts';
import type { StaffViewer } from '../src/lib/viewer.ts';
import { CHROME, openBrowser } from './support/browser.ts';
import { openClient, startsIn } from './support/client.ts';
import { atWork, NURIA } from './support/console.ts';
import { townWith, type Wallets, walletsOf } from './support/identity/providers.ts';
import { type ValidServer, validServer } from './support/identity/valid.ts';
import { createTestWallet, type Mischief } from './support/identity/wallet.ts';
import { arriving, heading, press, say, seen } from './support/pages.ts';
import { temporaryFolder, until } from './support/processes.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const TIMES = '/ca/oac/volant-padro/times?channel=phone&language=ca';
const DETAILS = 'Que m’empadronin al carrer Nou, 12.';

/** A citizen consents to an act by identifying for it, in a browser without a script, with stand-ins that speak the real protocols. */
describe.skipIf(!CHROME)('consenting to an act by identity', { timeout: 120_000 }, () => {
  let browser: Browser;
  let town: Town;
  let valid: ValidServer;
  let wallets: Wallets;
  let context: BrowserContext;
  let page: Page;
  let nth = 0;
  const folder = temporaryFolder();

  beforeAll(async () => {
    browser = await openBrowser();
    const redirectUris: string[] = [];
    valid = await validServer({ redirectUris });
    wallets = await walletsOf();
    const named = (name: string) => ({ ca: name, es: name, en: name, eu: name });
    const { endpoint, clientId } = valid;
    const townFile = join(folder.path, 'town.yaml');
    writeFileSync(
      townFile,
      townWith([
        { kind: 'valid', code: 'valid', name: named('VÀLid'), endpoint, clientId },
        { kind: 'wallet', code: 'cartera', name: named('Cartera'), issuers: [wallets.root.pem] },
      ]),
    );
    town = await openTown({
      clock: MORNING,
      townFile,
      env: {
        IDENTITY_VALID_SECRET: valid.clientSecret,
        IDENTITY_CARTERA_KEY: wallets.access.keyPem,
        IDENTITY_CARTERA_CERTIFICATE: wallets.access.pem,
      },
    });
    redirectUris.push(`${town.origin}/identify/valid/return`);
  }, 180_000);
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    await valid?.close();
    await browser?.close();
    folder.remove();
  });
  beforeEach(async () => {
    context = await browser.newContext({
      javaScriptEnabled: false,
      bypassCSP: true,
      baseURL: town.origin,
      viewport: { width: 360, height: 740 },
    });
    page = await context.newPage();
  });
  afterEach(() => context.close());

  const picture = async (name: string) => {
    if (!process.env.PICTURES) return;
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      const path = `${process.env.PICTURES}/${name}-${width}.png`;
      await page.screenshot({ path, fullPage: true });
    }
  };

  /** Somebody books, is attended, and is asked to consent. Returns the act's page, and the one at the desk. */
  async function asked(name: string): Promise<{ act: string; desk: string }> {
    const client = openClient(town.origin, 'ca');
    const start = startsIn((await client.get(TIMES)).html)[0] ?? '';
    const details = await client.post(TIMES, { start });
    const phone = `612 345 67${nth++}`;
    const booker = { name, phone, whom: 'self', anything: 'no', email: `c${nth}@example.cat` };
    const check = await client.post(details.path, booker);
    const manage = (await client.post(check.path, {})).path.replace('/confirmed', '');
    const { id: staff } = await town.look((tx) =>
      tx.selectFrom('staff').select('id').where('email', '=', NURIA).executeTakeFirstOrThrow(),
    );
    const ids = await town.operate(async ({ appointments, encounter, offices, consent }) => {
      const office = (await offices.find('oac'))!;
      const found = (await appointments.bySecret(manage.split('/').at(-1) ?? ''))!;
      const nuria: StaffViewer = {
        ...({ kind: 'staff', staff, name: '', office: office.id } as const),
        ...({ role: 'coordinator', desk: null } as const),
      };
      await encounter.start(nuria, office, found.id, { anyway: true });
      const draft = { items: [], identity: 'shown', identityNote: '', notes: '', wrapUp: null };
      await encounter.save(nuria, office, { appointment: found.id }, 1, {
        ...draft,
        points: [],
      } as never);
      const made = await consent.prepare(nuria, office, found.id, {
        ...({ template: 'sollicitud', language: 'ca', details: DETAILS } as const),
        ...{ documents: [], mayBeAttended: true },
      });
      if (!made.ok) throw new Error(JSON.stringify(made));
      return { appointment: found.id, act: made.id };
    });
    const desk = `/console/oac/appointment/${ids.appointment}/acts/${ids.act}`;
    return { act: `${manage}/acts/${ids.act}`, desk };
  }

  /** Reads the act, and chooses a provider for it. */
  async function choose(act: string, provider: string): Promise<void> {
    await page.goto(act);
    expect(await seen(page)).toContain(DETAILS);
    await page.getByRole('link', { name: say('acts.identify.title') }).click();
    await page.getByLabel(say('acts.identify.tick')).check();
    await page.getByRole('button', { name: provider }).click();
  }

  test('by VÀLid: the copy, the page of its code and the desk say how', async () => {
    const { act, desk } = await asked('Omar Benali');
    await page.goto(act);
    await picture('act-asked');
    await page.getByRole('link', { name: say('acts.identify.title') }).click();
    await picture('act-providers');
    await page.getByLabel(say('acts.identify.tick')).check();
    await page.getByRole('button', { name: 'VÀLid' }).click();
    await page.waitForURL(`${valid.endpoint}/**`);
    await page.getByLabel('Anna (idCAT Mòbil)').check();
    await page.locator('button').first().click();
    // Her level is too low, and it is not her appointment.
    expect(await heading(page)).toBe(say('identify.failed.too_low.title'));
    expect(await seen(page)).toContain(say('acts.identify.failed'));
    await picture('act-too-low');
    await page.getByRole('link', { name: say('identify.failed.again') }).click();
    await page.getByLabel(say('acts.identify.tick')).check();
    await page.getByRole('button', { name: 'VÀLid' }).click();
    await page.waitForURL(`${valid.endpoint}/**`);
    await page.getByLabel('Omar (Cl@ve)').check();
    await page.locator('button').first().click();
    await page.getByText(say('acts.over.identified')).waitFor();
    expect(page.url()).toBe(town.origin + act);
    await picture('act-consented');

    // Whoever is identified opens the copy, without a code.
    const papers = page.getByRole('link', { name: say('acts.over.papers') });
    await until('the copy is there', async () => {
      await page.reload();
      return (await papers.count()) > 0;
    });
    await arriving(page, papers.click());
    const download = await until('it was looked into', async () => {
      await page.reload();
      const link = page.locator('a[download]');
      if ((await link.count()) === 0) return null;
      const [got] = await Promise.all([page.waitForEvent('download'), link.click()]);
      return got;
    });
    const { text } = await pdfText(readFileSync(await download.path()));
    const plain = text.replaceAll(/\s+/g, ' ');
    for (const each of ['VÀLid (clave)', say('identify.level.substantial'), 'BENALI', '***4567*'])
      expect(plain).toContain(each);
    expect(plain).not.toContain('X1234567L');

    const [code = ''] = /(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}/.exec(text) ?? [];
    await context.clearCookies();
    await page.goto('/ca/verify');
    await page.getByLabel(say('verification.label')).fill(code);
    await press(page, say('verification.button'));
    const told = await seen(page);
    expect(told).toContain(say('acts.method.identified'));
    expect(told).toContain('VÀLid (clave)');
    expect(told).not.toMatch(/Omar|BENALI|1234567|\*4567/i);
    await picture('verify');

    await using nuria = await atWork(browser, town, NURIA);
    page = await nuria.context.newPage();
    await page.goto(desk);
    expect(await seen(page)).toContain('VÀLid (clave)');
    expect(await axeFaults(page)).toEqual([]);
    await page.locator('#acts .hash').scrollIntoViewIfNeeded();
    await picture('desk-consented');
  });

  /** Opens the wallet from the page, as the link on a telephone does. Returns where the wallet sends the browser. */
  async function openWallet(does: Mischief | null): Promise<string> {
    const link = page.getByRole('link', { name: say('identify.wallet.button') });
    const wallet = createTestWallet({
      ...{ pid: wallets.pid, trusts: [wallets.accessRoot], does },
      now: () => Temporal.Now.instant(),
    });
    const opened = await wallet.open((await link.getAttribute('href')) ?? '');
    return opened ?? '';
  }

  test('by a wallet that signs the act; one that signs another is refused, and the act stays open', async () => {
    const { act, desk } = await asked('Rosa Soler');
    await choose(act, 'Cartera');
    await page.goto(await openWallet('transaction_of_other_act'));
    expect(await heading(page)).toBe(say('identify.failed.refused.title'));
    expect(town.server.output()).toContain('transaction_of_other_act');
    await page.getByRole('link', { name: say('acts.identify.back') }).click();
    await page.getByRole('button', { name: say('acts.code.send') }).waitFor();
    await choose(act, 'Cartera');
    await page.goto(await openWallet(null));
    await page.getByText(say('acts.over.identified')).waitFor();
    const signed = await town.operate(async ({ consent, offices }) => {
      const office = (await offices.find('oac'))!;
      const [, , , , appointment = '', , id = ''] = desk.split('/');
      const viewer = {
        kind: 'staff',
        staff: 1,
        role: 'coordinator',
        office: office.id,
        desk: null,
      };
      return consent.read({ ...viewer, name: '' } as StaffViewer, office, appointment, id);
    });
    expect(signed?.record?.consent?.identity).toMatchObject({
      provider: 'cartera',
      transaction: { isSigned: true },
    });
  });

  test('by somebody else who has the link: a sentence says why not', async () => {
    const { act } = await asked('Maria Puig');
    await choose(act, 'Cartera');
    await page.goto(await openWallet(null));
    expect(await seen(page)).toContain(say('acts.refused.not_shown'));
    await picture('act-refused');
  });
});
