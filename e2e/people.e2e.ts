import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser } from './support/browser.ts';
import { codeOf, follow, heading, press, say, seen, seenIn } from './support/pages.ts';
import { type Access, type RunningServer, startServer } from './support/server.ts';

const ANNA = 'anna.puig@vilaprova.example';
const PASSWORD = 'quatre gats al terrat mullat';

describe.skipIf(!CHROME)('the staff, without a script', () => {
  let browser: Browser;
  let server: RunningServer;
  let access: Access;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    server = await startServer();
    access = await server.access();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  async function opened(): Promise<Page> {
    const context = await browser.newContext({
      ...{ javaScriptEnabled: false, locale: 'ca-ES', baseURL: server.baseUrl },
      viewport: { width: 360, height: 740 },
    });
    contexts.push(context);
    return context.newPage();
  }

  async function signIn(page: Page, email: string, password: string, code: string) {
    await page.goto('/staff/sign-in');
    await page.locator('#email').fill(email);
    await page.locator('#password').fill(password);
    await page.locator('form[action="/staff/sign-in"] button').click();
    await page.locator('#code').fill(code);
    await page.locator('form[action="/staff/code"] button').click();
    expect(page.url()).toContain('/console');
  }

  async function administrator(office: string): Promise<Page> {
    const found = access.staff.find(
      (each) => each.office === office && each.role === 'administrator',
    );
    const page = await opened();
    const { email = '', password = '', totpSecret } = found ?? {};
    await signIn(page, email, password, codeOf(totpSecret ?? ''));
    await page.goto(`/console/${office}/people`);
    return page;
  }

  async function invite(page: Page, email: string, name: string, role: string) {
    await page.locator('#email').fill(email);
    await page.locator('#name').fill(name);
    await page
      .getByLabel(say(`people.post.${role}` as 'people.post.agent'), { exact: true })
      .check();
    await press(page, say('people.invite.submit'));
  }

  test('a person is invited by mail, sets up their account, works in two offices, and leaves one', async () => {
    const albert = await administrator('oac');
    await invite(albert, ANNA, 'Anna Puig', 'agent');
    expect(await seen(albert)).toContain(say('people.done.invited'));

    const mail = (await server.outbox()).at(-1);
    expect(mail).toMatchObject({ to: ANNA, channel: 'email', appointment: null });
    const link = /https?:\S+\/staff\/setup\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
    const anna = await opened();
    await anna.goto(link);
    await anna.locator('#password').fill(PASSWORD);
    await anna.locator('#repeat').fill(PASSWORD);
    await press(anna, say('staff.setup.password.submit'));
    const secret = (await seenIn(anna.locator('.secret'))).replaceAll(' ', '');
    await anna.locator('#code').fill(codeOf(secret));
    await press(anna, say('staff.setup.code.submit'));
    const recovery = await seenIn(anna.locator('.codes code').first());
    await anna.goto(link);
    expect(await heading(anna)).toBe(say('staff.setup.gone.title'));
    await signIn(anna, ANNA, PASSWORD, recovery);
    expect(new URL(anna.url()).pathname).toBe('/console/oac');

    const other = await administrator('hisenda');
    await invite(other, ANNA, 'A. Puig', 'coordinator');
    const told = (await server.outbox()).at(-1);
    expect(told?.to).toBe(ANNA);
    expect(told?.text).not.toContain('/staff/setup/');
    // The name that she has, and nothing of where else she works.
    expect(await seen(other)).toContain('Anna Puig');
    expect(await seen(other)).not.toContain('Oficina d’Atenció Ciutadana');
    await anna.goto('/console/hisenda/people');
    expect(await anna.locator('.people-list a').count()).toBe(0);
    expect((await anna.goto('/console/oac/people'))?.status()).toBe(404);

    await albert.goto('/console/oac/people');
    await albert.getByRole('link', { name: /Anna Puig/ }).click();
    await follow(albert, say('people.end.link'));
    expect(await heading(albert)).toBe(say('people.end.title', { name: 'Anna Puig' }));
    await press(albert, say('people.end.submit'));
    expect(await seen(albert)).not.toContain('Anna Puig');
    expect((await anna.goto('/console/oac'))?.status()).toBe(404);
    expect((await anna.goto('/console/hisenda'))?.status()).toBe(200);
    await Promise.all(contexts.map((each) => each.close()));
  });
});
