import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Language } from '../src/lib/i18n/languages.ts';
import { translateTo } from '../src/lib/i18n/translate.ts';
import { CHROME, openBrowser } from './support/browser.ts';
import { townWith, type Wallets, walletsOf } from './support/identity/providers.ts';
import { SamlIdp } from './support/identity/saml-idp.ts';
import { samlKeys } from './support/identity/saml-keys.ts';
import { type ValidServer, validServer } from './support/identity/valid.ts';
import { createTestWallet } from './support/identity/wallet.ts';
import { type OidcServer, oidcServer } from './support/oidc.ts';
import { heading, seen, seenIn } from './support/pages.ts';
import { freePort, temporaryFolder } from './support/processes.ts';
import { type RunningServer, startServer } from './support/server.ts';

/*
 * A citizen identifies by each provider, in a browser without a script, in the town's four languages. The providers are stand-ins that
 * speak the real protocols; what they answer wrongly is tested beside their adapters.
 */
describe.skipIf(!CHROME)('identifying, in four languages', () => {
  let browser: Browser;
  let server: RunningServer;
  let valid: ValidServer;
  let oidc: OidcServer;
  let saml: SamlIdp;
  let wallet: Wallets;
  let context: BrowserContext;
  let page: Page;
  let refused: string[];
  const folder = temporaryFolder();

  beforeAll(async () => {
    browser = await openBrowser();
    const port = await freePort();
    const baseUrl = `http://localhost:${port}`;
    valid = await validServer({ redirectUris: [`${baseUrl}/identify/valid/return`] });
    oidc = await oidcServer({
      baseUrl,
      identifying: { code: 'regio', acrValues: ['urn:level:2'], claims: ['dni', 'name'] },
    });
    oidc.people.set('anna', {
      acr: 'urn:level:2',
      claims: { dni: '12345678Z', name: 'Anna Puig' },
    });
    saml = await SamlIdp.start();
    wallet = await walletsOf();
    const keys = samlKeys('cita.example');
    const file = join(folder.path, 'town.yaml');
    writeFileSync(file, withProviders({ valid, oidc, saml, wallet }));
    server = await startServer({
      port,
      env: {
        TOWN_FILE: file,
        IDENTITY_VALID_SECRET: valid.clientSecret,
        IDENTITY_REGIO_SECRET: oidc.clientSecret,
        IDENTITY_CLAVE_KEY: keys.key,
        IDENTITY_CLAVE_CERTIFICATE: keys.certificate,
        IDENTITY_CARTERA_KEY: wallet.access.keyPem,
        IDENTITY_CARTERA_CERTIFICATE: wallet.access.pem,
      },
    });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await valid?.close();
    await oidc?.close();
    await saml?.[Symbol.asyncDispose]();
    await browser?.close();
    folder.remove();
  });
  beforeEach(async () => {
    context = await browser.newContext({
      javaScriptEnabled: false,
      baseURL: server.baseUrl,
      viewport: { width: 360, height: 740 },
    });
    page = await context.newPage();
    refused = [];
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) refused.push(message.text());
    });
  });
  afterEach(async () => {
    await context.close();
    expect(refused).toEqual([]);
  });

  /** Chooses a provider for the office's page. */
  async function choose(language: Language, provider: string, level = 'low'): Promise<void> {
    await page.goto(`/${language}/identify?level=${level}&next=/${language}/oac`);
    await page.getByRole('button', { name: provider, exact: true }).click();
  }

  /** The person is back on the office's page, and every page says who they are; then they leave. */
  async function isIdentifiedAs(language: Language, name: string): Promise<void> {
    const say = translateTo(language);
    await page.waitForURL(`**/${language}/oac`);
    const bar = page.getByRole('navigation', { name: say('identify.bar.label') });
    expect(await seenIn(bar)).toContain(say('identify.bar.as', { name }));
    await page.goto(`/${language}/help`);
    await bar.getByRole('link', { name: say('identify.bar.leave') }).click();
    await page.getByRole('button', { name: say('identify.leave.button') }).click();
  }

  const hasLeft = async (language: Language) => {
    await page.waitForURL(`**/${language}/identify/leave`);
    expect(await heading(page)).toBe(translateTo(language)('identify.left.title'));
  };

  test('by VÀLid, in Catalan; the session ends there too', async () => {
    await choose('ca', 'VÀLid');
    await page.waitForURL(`${valid.endpoint}/**`);
    await page.getByLabel('Anna (idCAT Mòbil)').check();
    await page.locator('button').first().click();
    await isIdentifiedAs('ca', 'Anna Puig Serra');
    await hasLeft('ca');
    expect(valid.sessions()).toBe(0);
  });

  test('by Cl@ve, in Spanish: what is posted from another site waits for this browser', async () => {
    await choose('es', 'Cl@ve', 'substantial');
    await page.getByRole('button', { name: translateTo('es')('identify.going.button') }).click();
    await page.getByLabel('Núria Vila Puig, 12345678Z').check();
    await page.getByRole('button', { name: 'Identify' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await isIdentifiedAs('es', 'Núria Vila Puig');
    // Leaving goes by the provider, and comes back.
    await page.getByRole('button', { name: translateTo('es')('identify.going.button') }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL('**/identify/leave');
    expect(await page.locator('.session').count()).toBe(0);
  });

  test('by OpenID Connect, in English', async () => {
    await choose('en', 'Region');
    await page.getByLabel('Name').fill('anna');
    await page.getByRole('button', { name: 'Yes' }).click();
    if (page.url().startsWith(oidc.issuer)) await page.getByRole('button', { name: 'Yes' }).click();
    await page.waitForURL('**/en/oac');
    expect(await seenIn(page.locator('.session'))).toContain('Anna Puig');
  });

  test('by a wallet on this device, in Basque', async () => {
    await choose('eu', 'Zorroa', 'high');
    const link = page.getByRole('link', { name: translateTo('eu')('identify.wallet.button') });
    const opened = await createTestWallet({
      pid: wallet.pid,
      trusts: [wallet.accessRoot],
      now: () => Temporal.Now.instant(),
    }).open((await link.getAttribute('href')) ?? '');
    // The wallet's answer alone identifies nobody: another browser gets nothing of it.
    const other = await browser.newContext({ baseURL: server.baseUrl });
    const stranger = await other.newPage();
    expect((await stranger.goto(opened ?? ''))?.status()).toBe(410);
    await other.close();
    await page.goto(opened ?? '');
    await page.waitForURL('**/eu/oac');
    expect(await page.locator('.session').count()).toBe(1);
  });

  test('by a wallet that the browser asks: a refusal is said, and asking again goes on', async () => {
    const say = translateTo('ca');
    const asking = await browser.newContext({ baseURL: server.baseUrl });
    page = await asking.newPage();
    const own = createTestWallet({
      pid: wallet.pid,
      format: 'mso_mdoc',
      trusts: [wallet.accessRoot],
      now: () => Temporal.Now.instant(),
    });
    await page.exposeFunction('hand', (jwt: string) => own.hand(jwt, server.baseUrl));
    await page.addInitScript(playWallet);
    await choose('ca', 'Zorroa', 'high');
    const button = page.getByRole('button', { name: say('identify.wallet.browser') });
    await button.click();
    await page.getByText(say('identify.wallet.cancelled')).waitFor();
    await button.click();
    await isIdentifiedAs('ca', 'Rosa Soler Vidal');
    await asking.close();
  });

  test('stopping, a level that is too low, a provider that is away: each is a page in words', async () => {
    const say = translateTo('ca');
    await choose('ca', 'Cl@ve');
    await page.getByRole('button', { name: say('identify.going.button') }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await heading(page)).toBe(say('identify.failed.cancelled.title'));
    expect(await seen(page)).toContain(say('identify.failed.kept'));

    await page.getByRole('link', { name: say('identify.failed.again') }).click();
    expect(await heading(page)).toBe(say('identify.title'));

    await choose('ca', 'VÀLid', 'substantial');
    await page.waitForURL(`${valid.endpoint}/**`);
    await page.getByLabel('Anna (idCAT Mòbil)').check();
    await page.locator('button').first().click();
    expect(await heading(page)).toBe(say('identify.failed.too_low.title'));

    await valid.goAway();
    await choose('ca', 'VÀLid');
    expect(await heading(page)).toBe(say('identify.failed.away.title'));
    await valid.comeBack();
    await page.goto('/ca/identify?level=high');
    expect(await seen(page)).toContain(say('identify.tooLow.title'));
  });

  test('no identifier is in the log, nor in an address of ours', async () => {
    expect(server.output()).not.toMatch(/12345678Z|00000000T|X1234567L/i);
    expect(server.output()).toContain('identity.confirmed');
  });
});

/** Gives a browser the Digital Credentials API, whose first question the person refuses. */
function playWallet() {
  let asked = 0;
  const { hand } = window as unknown as { hand: (jwt: string) => Promise<unknown> };
  const get = async ({
    digital,
  }: {
    digital: { requests: { protocol: string; data: { request: string } }[] };
  }) => {
    asked += 1;
    const [request] = digital.requests;
    if (asked === 1 || !request) throw new DOMException('refused', 'NotAllowedError');
    return { protocol: request.protocol, data: await hand(request.data.request) };
  };
  Object.defineProperty(window, 'DigitalCredential', { value: class {} });
  Object.defineProperty(navigator, 'credentials', { value: { get } });
}

/** Returns the demo town's file with these providers. */
function withProviders(of: {
  valid: ValidServer;
  oidc: OidcServer;
  saml: SamlIdp;
  wallet: Wallets;
}): string {
  const named = (name: string) => ({ ca: name, es: name, en: name, eu: name });
  const identity = [
    {
      kind: 'valid',
      code: 'valid',
      name: named('VÀLid'),
      endpoint: of.valid.endpoint,
      clientId: of.valid.clientId,
    },
    {
      ...of.saml.settings,
      code: 'clave',
      name: named('Cl@ve'),
      dir3: 'L01089999',
      application: 'CITA',
    },
    {
      kind: 'oidc',
      code: 'regio',
      name: named('Region'),
      issuer: of.oidc.issuer,
      clientId: of.oidc.clientId,
      levels: { 'urn:level:2': 'substantial' },
      identifier: { claim: 'dni' },
      scope: 'openid person',
    },
    { kind: 'wallet', code: 'cartera', name: named('Zorroa'), issuers: [of.wallet.root.pem] },
  ];
  return townWith(identity);
}
