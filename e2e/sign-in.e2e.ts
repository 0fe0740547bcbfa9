import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser, visit } from './support/browser.ts';
import { codeOf, enter, heading, press, say, seen, signIn, tabTo } from './support/pages.ts';
import { axeFaults, ibmFaults, overflowAt } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const AINA = { email: 'aina.pons@vilaclara.example', name: 'Aina Pons' };
const PASSWORD = 'tres gats al terrat';
const HALF_A_MINUTE = 30_000;
const NURIA = 'nuria.roca@vilaclara.example';

describe.skipIf(!CHROME)('a member of the staff', () => {
  let browser: Browser;
  let town: Town;
  /** Aina's own browser, with a telephone's passkeys. */
  let own: Awaited<ReturnType<typeof visit>>;
  let page: Page;
  let phone: CDPSession;
  let authenticatorId: string;
  let secret: string;
  let recoveryCodes: string[];
  /** How many codes of the authenticator were used: each opens once, so the next is of half a minute later. */
  let used = 0;
  const nextCode = () => codeOf(secret, Date.now() + HALF_A_MINUTE * (used++ % 2));

  const openOwn = (context: BrowserContext) => context.newPage();

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    own = await visit(browser, town.origin, {
      javaScriptEnabled: true,
      bypassCSP: true, // the scanners are put into the page
      viewport: { width: 1280, height: 900 },
    });
    page = await openOwn(own.context);
    phone = await own.context.newCDPSession(page);
    await phone.send('WebAuthn.enable');
    ({ authenticatorId } = await phone.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    }));
  });
  afterAll(async () => {
    await own?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  async function passwordIn(where: Page, password = PASSWORD): Promise<void> {
    await where.goto('/staff/sign-in');
    await where.getByLabel(say('staff.signIn.email')).fill(AINA.email);
    await where.getByLabel(say('staff.signIn.password')).fill(password);
    await press(where, say('staff.signIn.submit'));
  }

  async function codeIn(where: Page, code: string): Promise<void> {
    await where.getByLabel(say('staff.code.label')).fill(code);
    await press(where, say('staff.code.submit'));
  }

  async function signOut(): Promise<void> {
    await page.goto('/staff/account');
    await page.getByText(AINA.name, { exact: true }).first().click();
    await press(page, say('staff.signOut'));
  }

  /** This browser doesn't offer passkeys by itself any more: there is the button. */
  const withoutAutofill = () =>
    own.context.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = async () => false;
    });

  const faults = async (): Promise<string[]> => [
    ...(await axeFaults(page)),
    ...(await ibmFaults(page)),
  ];

  test('sets themselves up by an invitation and comes in with password and code', async () => {
    const invited = await town.operate(({ staff }) =>
      staff.invite(
        { ...AINA, roles: [{ office: 'oac', role: 'agent', desk: 'taula-1' }] },
        Temporal.Instant.from(MORNING),
      ),
    );
    if (!invited.ok) throw new Error(invited.reason);
    await page.goto(invited.url);
    await page.getByLabel(say('staff.setup.password.label')).fill(PASSWORD);
    await page.getByLabel(say('staff.setup.password.repeat')).fill(PASSWORD);
    await press(page, say('staff.setup.password.submit'));
    secret = ((await page.locator('code.secret').textContent()) ?? '').replaceAll(' ', '');
    await page.getByLabel(say('staff.setup.code.label')).fill(nextCode());
    await press(page, say('staff.setup.code.submit'));
    recoveryCodes = await page.locator('.codes code').allTextContents();
    expect(recoveryCodes).toHaveLength(10);
    await passwordIn(page);
    await codeIn(page, nextCode());
    await page.waitForURL('**/console**');
  });

  test('adds a passkey by the keyboard alone, on pages that are sound', async () => {
    await page.goto('/staff/account');
    expect(await faults()).toEqual([]);
    await enter(page, say('account.passkeys.add'));
    expect(await faults()).toEqual([]);
    await tabTo(page, 'name');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('El meu mòbil');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/account?done=passkey_added');
    expect(await seen(page)).toContain('El meu mòbil');
    expect(await seen(page)).toContain(say('account.passkeys.unused'));
    const { credentials } = await phone.send('WebAuthn.getCredentials', { authenticatorId });
    expect(credentials).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }]);
    for (const path of ['password', 'authenticator', 'codes']) {
      await page.goto(`/staff/account/${path}`);
      expect({ path, faults: await faults() }).toEqual({ path, faults: [] });
    }
    await page.goto('/staff/account');
    expect(await overflowAt(page, 320)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('comes in with the passkey: the browser offers it, or by the button', async () => {
    await signOut();
    await page.waitForURL('**/console**'); // the telephone said yes to what the browser offered

    await withoutAutofill();
    await signOut();
    await page.getByRole('button', { name: say('account.signIn.passkey') }).waitFor();
    expect(await faults()).toEqual([]);
    await phone.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await press(page, say('account.signIn.passkey'));
    await page
      .getByRole('status')
      .filter({ hasText: say('account.add.cancelled') })
      .waitFor();
    await phone.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await tabTo(page, say('account.signIn.passkey'));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console**');
  });

  test('sees where they are signed in, and ends another session at once', async () => {
    await using elsewhere = await visit(browser, town.origin);
    const other = await elsewhere.context.newPage();
    await passwordIn(other);
    await codeIn(other, recoveryCodes[0] ?? '');
    await other.goto('/staff/account');
    expect(await seen(other)).toContain('Te’n queden 9');

    await page.goto('/staff/account');
    const here = page.locator('.own-list .tag', { hasText: say('account.sessions.this') });
    expect(await here.count()).toBe(1);
    await enter(page, say('account.sessions.endOthers'));
    expect(await page.locator('main p[role="status"]').textContent()).toBe(
      say('account.done.sessions', { count: 1 }),
    );
    await other.goto('/staff/account');
    expect(await heading(other)).toBe(say('staff.signIn.title'));

    await passwordIn(other);
    await codeIn(other, recoveryCodes[0] ?? '');
    expect(await seen(other, 'alert')).toContain(say('staff.code.wrong'));
  });

  test('isn’t locked out by strangers who guess', async () => {
    await using stranger = await visit(browser, town.origin);
    const guessing = await stranger.context.newPage();
    for (let nth = 0; nth < 10; nth++) await passwordIn(guessing, 'no la sé, la provo');
    await passwordIn(guessing);
    expect(await heading(guessing)).toBe(say('staff.tooMany.title'));
    expect(await seen(guessing)).toContain(say('account.signIn.locked'));

    await signOut();
    await passwordIn(page);
    await codeIn(page, recoveryCodes[1] ?? '');
    await page.waitForURL('**/console**');
  });

  test('removes the passkey, which opens nothing any more', async () => {
    await page.goto('/staff/account');
    await page.getByRole('link', { name: say('account.passkeys.change') }).click();
    await page.waitForURL('**/account/passkey/*');
    expect(await faults()).toEqual([]);
    await press(page, say('account.edit.remove'));
    expect(await page.locator('main p[role="status"]').textContent()).toBe(
      say('account.done.passkey_removed'),
    );
    await signOut();
    await press(page, say('account.signIn.passkey'));
    expect(await seen(page, 'alert')).toContain(say('account.signIn.refused'));
    expect(await faults()).toEqual([]);
  });

  test('has all of it on the record', async () => {
    await using coordinating = await visit(browser, town.origin);
    const record = await coordinating.context.newPage();
    await signIn(record, await town.server.access(), NURIA);
    await record.goto('/console/oac/audit');
    const told = await seen(record);
    for (const words of [
      say('account.trail.invited', { about: AINA.name }),
      say('account.trail.role_given', { about: AINA.name, role: 'agent' }),
      say('account.trail.set_up'),
      say('account.trail.signed_in', { how: 'code' }),
      say('account.trail.passkey_added'),
      say('account.trail.signed_in', { how: 'passkey' }),
      say('account.trail.signed_in', { how: 'recovery' }),
      say('account.trail.sessions_ended', { count: 1 }),
      say('account.trail.sign_in_locked', { what: 'password', about: AINA.name }),
      say('account.trail.passkey_removed'),
      say('account.trail.signed_out'),
    ])
      expect(told).toContain(words);
  });
});
