import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CHROME, openBrowser } from './support/browser.ts';
import { type OidcServer, oidcServer } from './support/oidc.ts';
import { codeOf, heading, press, say, seenIn } from './support/pages.ts';
import { freePort } from './support/processes.ts';
import { type Access, type RunningServer, startServer } from './support/server.ts';

const NAME = 'Vilaclara';

describe.skipIf(!CHROME)('signing in by the town’s provider, without a script', () => {
  let browser: Browser;
  let provider: OidcServer;
  let server: RunningServer;
  let access: Access;
  let context: BrowserContext;
  let page: Page;
  let refused: string[];

  beforeAll(async () => {
    browser = await openBrowser();
    const port = await freePort();
    provider = await oidcServer({ baseUrl: `http://localhost:${port}` });
    server = await startServer({
      port,
      env: {
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: provider.clientId,
        OIDC_CLIENT_SECRET: provider.clientSecret,
        OIDC_NAME: NAME,
      },
    });
    access = await server.access();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await provider?.close();
    await browser?.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({
      javaScriptEnabled: false,
      locale: 'ca-ES',
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

  const someone = (role: string, nth = 0) => {
    const found = access.staff.filter((each) => each.role === role && each.office === 'oac')[nth];
    if (!found) throw new Error(`No ${role}`);
    return found;
  };

  /** From the page for signing in to the provider, and through its pages. */
  async function comeBy(login: string): Promise<void> {
    await page.goto('/staff/sign-in');
    await through(login);
  }

  async function through(login: string): Promise<void> {
    await page.getByRole('link', { name: say('people.sso.button', { name: NAME }) }).click();
    await page.getByLabel('Name').fill(login);
    await page.getByRole('button', { name: 'Yes' }).click();
    if (page.url().startsWith(provider.issuer))
      await page.getByRole('button', { name: 'Yes' }).click();
  }

  test('with the provider’s second factor they are in; signing out may end both sessions', async () => {
    const { email } = someone('agent');
    provider.people.set('marta', { email, email_verified: true, amr: ['pwd', 'mfa'] });
    await page.goto('/console/oac/search');
    expect(page.url()).toContain('/staff/sign-in?next=');
    await through('marta');
    expect(new URL(page.url()).pathname).toBe('/console/oac/search');

    await page.locator('.fold > summary').click();
    await page.locator('.fold .menu > summary').click();
    await press(page, say('staff.signOut'));
    expect(new URL(page.url()).pathname).toBe('/staff/signed-out');
    await page.goto('/console/oac');
    expect(page.url()).toContain('/staff/sign-in');
    await page.goto('/staff/signed-out');
    await page.getByRole('link', { name: say('people.sso.out.link', { name: NAME }) }).click();
    expect(page.url().startsWith(provider.issuer)).toBe(true);
    await page.getByRole('button', { name: 'Yes' }).click();
    expect(new URL(page.url()).pathname).toBe('/staff/sign-in');
  });

  test('without one our code follows', async () => {
    const { email, totpSecret } = someone('agent', 1);
    provider.people.set('ane', { email, email_verified: true, amr: ['pwd'] });
    await comeBy('ane');
    expect(new URL(page.url()).pathname).toBe('/staff/code');
    await page.goto('/console/oac');
    expect(page.url()).toContain('/staff/sign-in'); // not in yet
    await page.goto('/staff/code');
    await page.locator('#code').fill(codeOf(totpSecret ?? ''));
    await page.locator('form[action="/staff/code"] button').click();
    expect(new URL(page.url()).pathname).toBe('/console/oac');
  });

  test('an unknown person, or one with an unverified address, reads so, with the other way beside it', async () => {
    const { email } = someone('coordinator');
    provider.people.set('stranger', { email: 'x@elsewhere.example', email_verified: true });
    provider.people.set('unsure', { email, email_verified: false, amr: ['mfa'] });
    for (const [login, why] of [
      ['stranger', 'unknown'],
      ['unsure', 'unverified'],
    ] as const) {
      await context.clearCookies();
      await comeBy(login);
      expect(await heading(page)).toBe(say('people.sso.wrong.title'));
      expect(await seenIn(page.locator('.notice'))).toBe(
        say(`people.sso.wrong.${why}`, { name: NAME }),
      );
      await page.getByRole('link', { name: say('people.sso.password') }).click();
      await page.locator('#password').waitFor();
    }
  });

  test('a refusal there, or a repeated return, leads to a new start', async () => {
    await page.goto('/staff/sso');
    await page.getByRole('button', { name: 'No' }).click();
    const back = page.url();
    expect(back).toContain('error=access_denied');
    expect(await seenIn(page.locator('.notice'))).toBe(
      say('people.sso.wrong.cancelled', { name: NAME }),
    );
    await page.goto(back);
    expect(await seenIn(page.locator('.notice'))).toBe(say('people.sso.wrong.gone'));
  });

  test('while the provider is away the password still opens', async () => {
    const { email, password, totpSecret } = someone('coordinator');
    await provider.goAway();
    // The provider's earlier request is still valid, so the browser may be sent there once more.
    await expect
      .poll(async () => {
        const answer = await page.goto('/staff/sso').catch(() => null);
        return answer?.status();
      })
      .toBe(503);
    expect(await seenIn(page.locator('.notice'))).toBe(
      say('people.sso.wrong.away', { name: NAME }),
    );
    await page.getByRole('link', { name: say('people.sso.password') }).click();
    await page.locator('#email').fill(email);
    await page.locator('#password').fill(password);
    await page.locator('form[action="/staff/sign-in"] button').click();
    await page.locator('#code').fill(codeOf(totpSecret ?? ''));
    await page.locator('form[action="/staff/code"] button').click();
    expect(new URL(page.url()).pathname).toBe('/console/oac');
    await provider.comeBack();
  });
});
