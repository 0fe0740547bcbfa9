import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pdfText } from '../src/lib/testing/pdf.ts';
import { CHROME, openBrowser, type Visitor } from './support/browser.ts';
import { openClient, startsIn } from './support/client.ts';
import { atWork, MARTA, NURIA } from './support/console.ts';
import { follow, press, say, seen } from './support/pages.ts';
import { until } from './support/processes.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const TIMES = '/ca/oac/volant-padro/times?channel=phone&language=ca';
const DIGITS = '789';
const SUBJECT = 'Arranjar la vorera del carrer Nou';

/** Keeps a picture of a page for whoever asks for it. */
async function keep(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES;
  if (!folder) return;
  const before = page.viewportSize();
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true });
  }
  if (before) await page.setViewportSize(before);
}

/** Answers the questions of a page: what it is about, no to what is asked, and any text. */
async function answerPageOf(desk: Page): Promise<void> {
  const form = desk.locator('.filling form.form, .filling form').first();
  for (const box of await form.getByRole('textbox').all())
    if ((await box.inputValue()) === '') {
      const isMail = (await box.getAttribute('type')) === 'email';
      const isPhone = (await box.getAttribute('type')) === 'tel';
      await box.fill(isMail ? 'maria@example.cat' : isPhone ? `612345${DIGITS}` : SUBJECT);
    }
  const radios = form.getByRole('radio');
  if ((await radios.count()) > 0) {
    const no = form.locator('input[type="radio"][value="no"]');
    await ((await no.count()) > 0 ? no.first() : radios.first()).check();
  }
  const before = desk.url();
  await press(desk, say('citizen.continue'));
  await until('the next page is there', async () => desk.url() !== before);
  await desk.waitForLoadState();
}

/* 010: a caller without electronic means, for whom a habilitated official hands in the general application (Ley 39/2015, art. 12.2). */
describe.skipIf(!CHROME)('a form on somebody’s behalf, by telephone', { timeout: 240_000 }, () => {
  let browser: Browser;
  let town: Town;
  let nuria: Visitor;
  let desk: Page;
  let manage: string;

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    nuria = await atWork(browser, town, NURIA);
    const client = openClient(town.origin, 'ca');
    const start = startsIn((await client.get(TIMES)).html)[0] ?? '';
    const details = await client.post(TIMES, { start });
    const person = { name: 'Maria Puig Serra', phone: `612 345 ${DIGITS}`, whom: 'self' };
    const check = await client.post(details.path, {
      ...person,
      ...{ anything: 'no', email: 'maria@example.cat' },
    });
    manage = (await client.post(check.path, {})).path.replace('/confirmed', '');
    const id = await town.operate(async ({ appointments, encounter, offices }) => {
      const office = (await offices.find('oac'))!;
      const found = (await appointments.bySecret(manage.split('/').at(-1) ?? ''))!;
      const viewer = {
        ...({ kind: 'staff', staff: 999, name: '', office: office.id, desk: null } as const),
        role: 'coordinator' as const,
      };
      await encounter.start(viewer, office, found.id, { anyway: true });
      await encounter.save(viewer, office, { appointment: found.id }, 1, {
        ...{ items: [], identity: 'questions', identityNote: '', notes: '', wrapUp: null },
        points: [],
      });
      return found.id;
    });
    desk = await nuria.context.newPage();
    await desk.goto(`/console/oac/appointment/${id}`);
  }, 180_000);
  afterAll(async () => {
    await nuria?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  const answerPage = () => answerPageOf(desk);

  test('is filled in by the official, and can’t be asked for before it is complete', async () => {
    await desk
      .getByLabel(say('fourHands.procedure'), { exact: true })
      .selectOption('instancia-generica');
    await press(desk, say('fourHands.open'));
    await desk.getByText(say('onBehalf.missing')).waitFor();
    await follow(desk, say('fourHands.go'));
    for (let nth = 0; nth < 15; nth++) {
      if (/\/form\/[\w-]+$/.test(new URL(desk.url()).pathname)) break;
      if (await desk.getByText(say('fourHands.declared')).isVisible()) {
        await desk.goto(desk.url().replace(/(\/form\/[\w-]+)\/.*/, '$1'));
        break;
      }
      await answerPage();
    }
    await follow(desk, say('onBehalf.title'));
    await desk.getByText(SUBJECT).first().waitFor();
    expect(await axeFaults(desk)).toEqual([]);
    await keep(desk, 'on-behalf');
  });

  test('refuses what is no DNI, and says what is missing', async () => {
    await desk.getByLabel(say('onBehalf.name')).fill('Maria Puig Serra');
    await desk.getByLabel(say('onBehalf.nif')).fill('A58818501');
    await press(desk, say('acts.desk.ask'));
    await desk.getByRole('link', { name: say('onBehalf.wrong.nif.company') }).waitFor();
    await desk.getByRole('link', { name: say('onBehalf.wrong.declared.missing') }).waitFor();
    expect(await axeFaults(desk)).toEqual([]);
    await keep(desk, 'on-behalf-wrong');
  });

  test('is consented to by a code that the caller reads out, and handed in with a receipt', async () => {
    await desk.getByLabel(say('onBehalf.nif')).fill('12345678Z');
    for (const box of await desk.locator('.filling input[type="checkbox"]').all())
      await box.check();
    await press(desk, say('acts.desk.ask'));
    await desk.getByText(SUBJECT).first().waitFor();
    await press(desk, say('acts.desk.send'));
    await desk.getByText(say('acts.desk.sent')).waitFor();
    const sms = await until('the code has come', async () =>
      (await town.server.outbox()).findLast(
        ({ channel, to, text }) => channel === 'sms' && to.endsWith(DIGITS) && /\d{6}/.test(text),
      ),
    );
    // Whoever has the link reads the same text; the answers only after a code.
    const page = await browser.newPage({ baseURL: town.origin, locale: 'ca-ES' });
    await page.goto(manage);
    await follow(page, say('acts.notice.link'));
    expect(await seen(page)).toContain(say('onBehalf.byCode.link'));
    expect(await seen(page)).not.toContain(SUBJECT);
    expect(await seen(page)).not.toContain('***4567**');
    expect(await seen(page)).not.toContain('12345678Z');
    expect(await axeFaults(page)).toEqual([]);
    await keep(page, 'on-behalf-citizen');
    await keep(desk, 'on-behalf-act');
    await desk.getByLabel(say('acts.desk.code')).fill(/\d{6}/.exec(sms.text)?.[0] ?? '');
    await press(desk, say('acts.desk.enter'));
    await desk.getByText(say('onBehalf.ready')).waitFor();
    expect(await axeFaults(desk)).toEqual([]);
    await keep(desk, 'on-behalf-ready');
    await press(desk, say('onBehalf.handIn'));
    await desk.getByText(say('caseDesk.done.handed-in')).waitFor();
    await desk.getByText(say('onBehalf.identified')).waitFor();
    expect(await axeFaults(desk)).toEqual([]);
    await keep(desk, 'on-behalf-case');
    const [file] = await Promise.all([
      desk.waitForEvent('download'),
      follow(desk, say('onBehalf.receipt')),
    ]);
    const { text } = await pdfText(readFileSync(await file.path()));
    const plain = text.replaceAll(/\s+/g, ' ');
    expect(plain).toContain('Maria Puig Serra, ***4567**');
    expect(plain).toContain('Núria Roca Pons, Cap de l’OAC, funcionari habilitat');
    expect(plain).toContain(SUBJECT);
  });
});

/* The counter: somebody with a passport comes without an appointment, and signs on paper. */
describe.skipIf(!CHROME)('a form for somebody without an appointment', { timeout: 240_000 }, () => {
  let browser: Browser;
  let town: Town;
  let marta: Visitor;
  let desk: Page;

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    marta = await atWork(browser, town, MARTA);
    desk = await marta.context.newPage();
    await desk.goto('/console/oac');
  }, 180_000);
  afterAll(async () => {
    await marta?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  test('is open two presses after the day, and filled in', async () => {
    await desk.keyboard.press('8');
    await desk.getByRole('heading', { name: say('unbooked.title') }).waitFor();
    await desk.getByLabel(say('desk.field.procedure')).selectOption('instancia-generica');
    await desk.getByLabel(say('unbooked.where.site', { site: 'OAC Centre' })).check();
    await desk.getByLabel(say('desk.field.name')).fill('Amina Benali');
    expect(await axeFaults(desk)).toEqual([]);
    await keep(desk, 'serve');
    await press(desk, say('unbooked.open'));
    await until('the form is there', async () =>
      /\/form\/[\w-]+$/.test(new URL(desk.url()).pathname),
    );
    await follow(desk, say('fourHands.go'));
    for (let nth = 0; nth < 15; nth++) {
      if (/\/form\/[\w-]+$/.test(new URL(desk.url()).pathname)) break;
      if (await desk.getByText(say('fourHands.declared')).isVisible()) {
        await desk.goto(desk.url().replace(/(\/form\/[\w-]+)\/.*/, '$1'));
        break;
      }
      await answerPageOf(desk);
    }
  });

  test('asks how the person was identified, and for which document', async () => {
    await follow(desk, say('onBehalf.title'));
    await desk.getByLabel(say('onBehalf.name')).fill('Amina Benali');
    await desk.getByLabel(say('onBehalf.document.passport')).check();
    await desk.getByLabel(say('onBehalf.nif'), { exact: true }).fill('AB123456');
    for (const box of await desk.locator('.filling input[type="checkbox"]').all())
      await box.check();
    await press(desk, say('acts.desk.ask'));
    await desk.getByRole('link', { name: say('onBehalf.wrong.identity') }).waitFor();
    await desk.getByRole('link', { name: say('onBehalf.wrong.country.missing') }).waitFor();
    await keep(desk, 'on-behalf-passport');
    await desk.getByLabel(say('staff.identity.shown')).check();
    await press(desk, say('acts.desk.ask'));
    await until('it is noted how they were identified', async () => {
      const identity = desk.getByRole('link', { name: say('onBehalf.wrong.identity') });
      return (await identity.count()) === 0;
    });
    await desk.getByRole('link', { name: say('onBehalf.wrong.country.missing') }).waitFor();
    expect(await axeFaults(desk)).toEqual([]);
    await desk.getByLabel(say('onBehalf.country')).selectOption('MA');
    await press(desk, say('acts.desk.ask'));
    await desk.getByRole('heading', { name: say('acts.desk.paper') }).waitFor();
  });

  test('is printed, signed on paper, scanned, and handed in', async () => {
    const [file] = await Promise.all([
      desk.waitForEvent('download'),
      follow(desk, say('acts.desk.paper.print')),
    ]);
    const path = await file.path();
    const { text } = await pdfText(readFileSync(path));
    const [, code = ''] = /([0-9A-F]{4}-[0-9A-F]{4})/.exec(text) ?? [];
    expect(text.replaceAll(/\s+/g, ' ')).toContain(SUBJECT);
    await desk.getByLabel(say('acts.desk.paper.file')).setInputFiles(path);
    await press(desk, say('acts.desk.paper.add'));
    await desk.getByText(say('acts.desk.paper.added')).waitFor();
    await until('the scan was checked', async () => {
      await desk.reload();
      return desk.locator('input[name="scan"]').nth(1).isVisible();
    });
    await desk.getByLabel(say('acts.desk.paper.code')).fill('0000-0000');
    await press(desk, say('acts.desk.paper.signed'));
    await desk.getByRole('link', { name: say('acts.desk.paper.wrong.other_paper') }).waitFor();
    expect(await axeFaults(desk)).toEqual([]);
    await keep(desk, 'on-paper');
    await desk.getByLabel(say('acts.desk.paper.code')).fill(code);
    await press(desk, say('acts.desk.paper.signed'));
    await desk.getByText(say('onBehalf.ready')).waitFor();
    await keep(desk, 'on-paper-signed');
    await press(desk, say('onBehalf.handIn'));
    await desk.getByText(say('caseDesk.done.handed-in')).waitFor();
    await keep(desk, 'on-paper-case');
    const [receipt] = await Promise.all([
      desk.waitForEvent('download'),
      follow(desk, say('onBehalf.receipt')),
    ]);
    const plain = (await pdfText(readFileSync(await receipt.path()))).text.replaceAll(/\s+/g, ' ');
    expect(plain).toContain('Amina Benali');
  });
});
