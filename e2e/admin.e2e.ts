import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CHROME, openBrowser, visit } from './support/browser.ts';
import { follow, heading, press, say, seen, signIn } from './support/pages.ts';
import { temporaryFolder } from './support/processes.ts';
import { finestreta, MORNING, openTown, type Town } from './support/town.ts';

const ADMIN = '/console/oac/admin';
const ALBERT = 'albert.serra@vilaclara.example';
const NAMES = {
  ca: 'Targeta d’aparcament',
  es: 'Tarjeta de aparcamiento',
  en: 'Parking card',
  eu: 'Aparkatzeko txartela',
};

describe.skipIf(!CHROME)('an office’s declaration, changed without a script', () => {
  let browser: Browser;
  let town: Town;
  let page: Page;
  const folder = temporaryFolder();
  const dataDir = join(folder.path, 'data');

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING, dataDir });
    const viewport = { width: 360, height: 740 };
    const { context } = await visit(browser, town.origin, {
      ...{ javaScriptEnabled: false, locale: 'ca-ES', viewport },
    });
    page = await context.newPage();
    await signIn(page, await town.server.access(), ALBERT);
  }, 120_000);
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
    folder.remove();
  });

  /** Returns the office in `town export`, beside the running server. */
  const exported = () => {
    const file = join(folder.path, 'exported.yaml');
    const { code, said } = finestreta(['town', 'export', file, '--yes'], dataDir);
    if (code !== 0) throw new Error(said);
    return parse(readFileSync(file, 'utf8')).offices.oac;
  };

  /** The first time that is free. */
  const bookByPhone = () =>
    town.operate(async ({ offices, slots, appointments, clock }) => {
      const oac = (await offices.find('oac'))!;
      const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const;
      const today = clock.now().toZonedDateTimeISO(oac.timeZone).toPlainDate();
      const to = today.add({ days: 10 }).toString();
      const found = await slots.search(oac, choice, { from: today.toString(), to });
      if (!found.ok) throw new Error(found.reason);
      const booked = await appointments.book({ kind: 'citizen' }, oac, {
        ...{ ...choice, start: found.slots[0]!.start, noticeLanguage: 'ca' },
        ...{ onBehalfOf: null, needs: [], comment: '' },
        citizen: { name: 'Rosa Vila', email: 'rosa@example.org', phone: '+34600123456' },
      });
      if (!booked.ok) throw new Error(booked.reason);
      return booked.appointment;
    });

  test('an administrator adds a procedure in four languages, and a citizen finds it', async () => {
    await page.goto(ADMIN);
    await follow(page, say('admin.section.procedures'));
    await follow(page, say('admin.procedure.new'));
    for (const [language, name] of Object.entries(NAMES))
      await page.locator(`#name-${language}`).fill(name);
    await page.locator('#channels-video').fill('mitja hora');
    await press(page, say('admin.procedure.add'));
    expect(await seen(page)).toContain(say('admin.slip.whole', { min: 1, max: 480 }));
    expect(await page.locator('#name-eu').inputValue()).toBe(NAMES.eu);
    await page.locator('#channels-video').fill('30');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/procedures/targeta-d-aparcament?done=saved');
    await follow(page, say('admin.part.documents'));
    await press(page, say('admin.add.document'));
    await page.locator('#documents-0-name-ca').fill('Document ca');
    await page.locator('#documents-0-name-es').fill('Document es');
    // Each language beside the first: a button changes only the form, and keeps what was typed.
    for (const language of ['en', 'eu'] as const) {
      await page.locator(`button[value="beside:${language}"]`).click();
      await page.locator(`#documents-0-name-${language}`).fill(`Document ${language}`);
    }
    expect(await page.locator('#documents-0-name-ca').inputValue()).toBe('Document ca');
    await press(page, say('admin.save'));
    await page.waitForURL('**/documents?done=saved&language=eu');
    for (const [language, name] of Object.entries(NAMES)) {
      await page.goto(`/${language}/oac/targeta-d-aparcament`);
      expect(await heading(page)).toBe(name);
      expect(await seen(page)).toContain(`Document ${language}`);
    }
    const { procedures } = exported();
    expect(procedures['targeta-d-aparcament']).toMatchObject({
      name: NAMES,
      channels: { video: 30 },
    });
  });

  test('a text waits in the draft until it is published, and comes back by its version', async () => {
    const seenByCitizens = async () => {
      const response = await page.request.get('/ca/oac/volant-padro');
      return /<h1>(.*?)<\/h1>/.exec(await response.text())?.[1];
    };
    const form = `${ADMIN}/procedures/volant-padro`;
    await page.goto(form);
    await page.locator('#name-ca').fill('Volant amb segell');
    await press(page, say('admin.draft.save'));
    await page.waitForURL('**/volant-padro?done=drafted');
    expect(await seenByCitizens()).toBe('Volant de padró');
    await follow(page, say('admin.draft.open'));
    await follow(page, say('admin.draft.preview.of', { name: 'Volant amb segell' }));
    expect(await seen(page)).toContain('Volant amb segell');
    await page.goBack();
    await press(page, say('admin.draft.publish'));
    await page.waitForURL('**/draft?done=published');
    expect(await seenByCitizens()).toBe('Volant amb segell');
    // Its Spanish name is older now; the version brings the original back.
    await page.goto(form);
    expect(await seen(page)).toContain(say('admin.older'));
    await page.goto(`${ADMIN}/history`);
    await page.locator('.admin-list a').first().click();
    await page.getByRole('button', { name: say('admin.history.revert') }).click();
    await page.waitForURL('**/history?done=reverted');
    expect(await seenByCitizens()).toBe('Volant de padró');
    await page.goto(form);
    expect(await seen(page)).not.toContain(say('admin.older'));
  });

  test('an unreadable colour is refused, and the suggested one is accepted', async () => {
    await page.goto(`${ADMIN}/look`);
    await page.locator('#look-accent-light').fill('#ffcc00');
    await press(page, say('admin.save'));
    await page.locator('.errors').waitFor();
    await page.locator('button[value^="set:look-accent-light"]').click();
    await press(page, say('admin.save'));
    await page.waitForURL('**/look?done=saved');
    const { look } = exported();
    expect(look.accent.light).toMatch(/^#[0-9a-f]{6}$/);
    // The citizen's pages have it at once.
    const first = await page.request.get('/ca/oac');
    expect(await first.text()).toContain(`--accent:${look.accent.light}`);
  });

  test('a day with appointments can’t be closed until they are moved', async () => {
    const booked = await bookByPhone();
    const day = booked.start.toZonedDateTimeISO('Europe/Madrid').toPlainDate().toString();
    await page.goto(`${ADMIN}/closures`);
    await press(page, say('admin.add.closures'));
    const rows = await page.locator('[name="closures-count"]').inputValue();
    await page.locator(`#closures-${Number(rows) - 1}-from`).fill(day);
    await press(page, say('admin.save'));
    expect(await seen(page)).toContain(booked.reference);
    expect(exported().closures.map((each: { date: string }) => each.date)).not.toContain(day);
    await page.getByRole('link', { name: booked.reference }).click();
    expect(await seen(page)).toContain(booked.reference);
  });
});
