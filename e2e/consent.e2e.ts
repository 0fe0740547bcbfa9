import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pdfText } from '../src/lib/testing/pdf.ts';
import { CHROME, FAKE_DEVICES, openBrowser, type Visitor, visit } from './support/browser.ts';
import { openClient, startsIn } from './support/client.ts';
import { atWork, NURIA } from './support/console.ts';
import { follow, press, say, seen, seenIn, tabTo } from './support/pages.ts';
import { until } from './support/processes.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';
import { bookVideo, says } from './support/video.ts';

const TIMES = '/ca/oac/volant-padro/times?channel=phone&language=ca';
const DETAILS = 'Que m’empadronin al carrer Nou, 12, amb la meva filla.';

describe.skipIf(!CHROME)('an act that a citizen consents to', { timeout: 240_000 }, () => {
  let browser: Browser;
  let town: Town;
  let nuria: Visitor;
  let nth = 0;

  beforeAll(async () => {
    browser = await openBrowser(FAKE_DEVICES);
    town = await openTown({ clock: MORNING });
    nuria = await atWork(browser, town, NURIA);
  }, 180_000);
  afterAll(async () => {
    await nuria?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  interface Attended {
    /** The page of the citizen's appointment, and the one at the desk. */
    manage: string;
    desk: string;
    /** The last digits of their telephone. */
    digits: string;
  }

  /** Somebody books by telephone, and is attended. */
  async function attended(): Promise<Attended> {
    const client = openClient(town.origin, 'ca');
    const start = startsIn((await client.get(TIMES)).html)[0] ?? '';
    const digits = `67${nth++}`;
    const details = await client.post(TIMES, { start });
    const maria = { name: 'Maria Puig', phone: `612 345 ${digits}`, whom: 'self', anything: 'no' };
    const check = await client.post(details.path, { ...maria, email: `maria${nth}@example.cat` });
    const manage = (await client.post(check.path, {})).path.replace('/confirmed', '');
    return { manage, desk: await identified(manage), digits };
  }

  /** The booker is called, and proves their identity. Returns the page at the desk. */
  async function identified(manage: string): Promise<string> {
    const id = await town.operate(async ({ appointments, encounter, offices }) => {
      const office = (await offices.find('oac'))!;
      const found = (await appointments.bySecret(manage.split('/').at(-1) ?? ''))!;
      const viewer = {
        ...({ kind: 'staff', staff: 999, name: '', office: office.id, desk: null } as const),
        role: 'coordinator' as const,
      };
      await encounter.start(viewer, office, found.id, { anyway: true });
      const draft = { items: [], identity: 'shown', identityNote: '', notes: '', wrapUp: null };
      await encounter.save(viewer, office, { appointment: found.id }, 1, {
        ...draft,
        points: [],
      } as never);
      return found.id;
    });
    return `/console/oac/appointment/${id}`;
  }

  /** Chooses, writes, ticks and sends by keyboard alone. Returns the desk's page of the act. */
  async function prepared({ desk }: Pick<Attended, 'desk'>): Promise<Page> {
    const page = await nuria.context.newPage();
    await page.goto(desk);
    await page.getByRole('link', { name: say('acts.desk.new') }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/act#prepare');
    expect(await axeFaults(page)).toEqual([]);
    await page.locator('#template').focus();
    await page.keyboard.press('Space');
    await page.locator('#details').focus();
    await page.keyboard.type(DETAILS);
    await page.locator('#mayBeAttended').focus();
    await page.keyboard.press('Space');
    await tabTo(page, 'action');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/acts/*');
    expect(await axeFaults(page)).toEqual([]);
    return page;
  }

  const codeFor = async (digits: string): Promise<string> => {
    const sms = await until('the code has come', async () =>
      (await town.server.outbox()).findLast(
        (each) => each.channel === 'sms' && each.to.endsWith(digits) && /\d{6}/.test(each.text),
      ),
    );
    expect(sms.text).not.toMatch(/http|Nou|padr/);
    return /\d{6}/.exec(sms.text)?.[0] ?? '';
  };

  test('is read on a telephone, consented to by code, and its copy says the same', async () => {
    const one = await attended();
    const desk = await prepared(one);
    // No scripts: an old telephone.
    await using visitor = await visit(browser, town.origin);
    const page = await visitor.context.newPage();
    await page.goto(one.manage);
    await page.getByRole('link', { name: say('acts.notice.link') }).click();
    const text = await seenIn(page.locator('.act-text'));
    expect(text).toContain(DETAILS);
    await press(page, say('acts.code.send'));
    const code = await codeFor(one.digits);
    await page.getByLabel(say('acts.code.label')).focus();
    await page.keyboard.type(`${code.slice(0, 3)} ${code.slice(3)}`);
    await page.keyboard.press('Enter');
    await page.getByText('Hi has donat el consentiment').waitFor();

    // The desk's page shows it by itself.
    await desk.getByText(say('acts.method.code')).waitFor();
    expect(await axeFaults(desk)).toEqual([]);

    await until('the copy is there', async () => {
      await page.reload();
      return (await page.getByRole('link', { name: say('acts.over.papers') }).count()) > 0;
    });
    await follow(page, say('acts.over.papers'));
    const download = await until('it was looked into', async () => {
      await page.reload();
      const link = page.locator('a[download]');
      if ((await link.count()) === 0) return null;
      const [got] = await Promise.all([page.waitForEvent('download'), link.click()]);
      return got;
    });
    expect(download.suggestedFilename()).toMatch(/\.pdf$/);
    const copy = readFileSync(await download.path());
    const pdf = await pdfText(copy);
    expect(pdf).toMatchObject({ language: 'ca', isTagged: true });
    expect(pdf.title).toBe('Presentar una sol·licitud');
    expect(pdf.outline[0]).toBe(pdf.title);
    const plain = (words: string) => words.replaceAll(/\s+/g, ' ').trim();
    const [, ...paragraphs] = text.split('\n').map(plain).filter(Boolean);
    for (const each of paragraphs) expect(plain(pdf.text)).toContain(each);
    expect(plain(pdf.text)).toContain(`acabat en ${one.digits}`);

    // Its content is enough to fetch the same copy.
    const [printed = ''] = /(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}/.exec(pdf.text) ?? [];
    const where = new URL(/http\S+\/verify/.exec(pdf.text)?.[0] ?? '');
    await using stranger = await visit(browser, town.origin);
    const verify = await stranger.context.newPage();
    await verify.goto(where.href);
    await verify.getByLabel(say('verification.label')).fill(printed);
    await press(verify, say('verification.button'));
    expect(await seen(verify)).not.toContain('Maria');
    const [again] = await Promise.all([
      verify.waitForEvent('download'),
      press(verify, say('verification.download')),
    ]);
    expect(readFileSync(await again.path()).equals(copy)).toBe(true);
    expect(visitor.foreign).toEqual([]);
    await desk.close();
  });

  test('is not consented to: one press, and the desk sees it', async () => {
    const one = await attended();
    const desk = await prepared(one);
    await using visitor = await visit(browser, town.origin);
    const page = await visitor.context.newPage();
    await page.goto(one.manage);
    await page.getByRole('link', { name: say('acts.notice.link') }).click();
    const button = page.getByRole('button', { name: say('acts.decline') });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByText(say('acts.over.declined')).waitFor();
    await desk.locator('#acts').getByText(say('acts.state.declined')).waitFor();
    await desk.getByText(say('acts.desk.gone')).waitFor();
    await desk.close();
  });

  test('by telephone alone: the code is read out, and the official types it', async () => {
    const one = await attended();
    const desk = await prepared(one);
    await press(desk, say('acts.desk.send'));
    await desk.getByText(say('acts.desk.sent')).waitFor();
    const code = await codeFor(one.digits);
    await desk.getByLabel(say('acts.desk.code')).fill(code);
    await press(desk, say('acts.desk.enter'));
    await desk.getByText(say('acts.method.code_by_phone')).waitFor();
    const acts = await town.operate(async ({ auditSeals, offices, consent }) => {
      const { id } = (await offices.find('oac'))!;
      await auditSeals.seal(id);
      expect(await auditSeals.verify(id)).toMatchObject({ ok: true });
      return consent.verify(id);
    });
    expect(acts).toEqual({ ok: true, acts: 2 });
    await desk.close();
  });

  test('aloud: the citizen confirms on their screen what the official heard', async () => {
    const one = await attended();
    const desk = await prepared(one);
    await using visitor = await visit(browser, town.origin, { bypassCSP: true });
    const page = await visitor.context.newPage();
    // One press is enough in a browser in which they have typed a code.
    await page.goto(`${one.manage}/documents/code`);
    await press(page, say('documents.code.send'));
    await page.getByLabel(say('documents.code.label')).fill(await codeFor(one.digits));
    await press(page, say('documents.code.button'));
    await page.goto(one.manage);
    await page.getByRole('link', { name: say('acts.notice.link') }).click();
    // Too early, with a code on its way besides: the state is checked anew each time, and the sent code
    // stays valid.
    await press(page, say('acts.code.send'));
    for (const looks of [1, 2]) {
      await press(page, say('acts.look'));
      await page.waitForURL(`**/acts/*?looks=${looks}&sent=1#answer`);
      await page.getByLabel(say('acts.code.label')).waitFor();
    }
    await press(desk, say('acts.desk.hear'));
    await desk.getByText(say('acts.desk.heardTwo')).waitFor();
    await press(page, say('acts.look'));
    await press(page, say('acts.spoken.confirm'));
    await page.getByText('Hi has donat el consentiment').waitFor();
    await desk.getByText(say('acts.method.spoken')).waitFor();
    await desk.close();
  });

  test('in a video call: it is read and answered in a panel of the room, and so are the papers', async () => {
    const { manage } = await bookVideo(openClient(town.origin, 'ca'));
    const one = { desk: await identified(manage) };
    const hers = await browser.newContext({
      ...{ baseURL: town.origin, locale: 'ca-ES', viewport: { width: 360, height: 740 } },
    });
    const citizen = await hers.newPage();
    await citizen.goto(`${manage}/room`);
    await press(citizen, say('room.enter'));
    await says(citizen, 'alone');
    await press(citizen, say('room.write.open'));
    const desk = await prepared(one);
    // It is offered while they type, and the focus stays where they type.
    const offer = citizen.getByRole('button', { name: say('room.act.read') });
    await offer.waitFor();
    expect(await citizen.evaluate(() => document.activeElement?.id)).toBe('room-draft');
    const seenAt = await offer.evaluate(
      (each) => each.getBoundingClientRect().bottom - innerHeight,
    );
    expect(seenAt).toBeLessThan(0);
    expect(await axeFaults(citizen)).toEqual([]);
    await offer.click();
    const beside = citizen.frameLocator('iframe[name="room-act"]');
    await beside.getByText(DETAILS).waitFor();
    expect(await beside.locator('header, footer').count()).toBe(0);
    await beside.getByRole('button', { name: say('acts.decline') }).click();
    await beside.getByText(say('acts.over.declined')).waitFor();
    await offer.waitFor({ state: 'detached' });
    await beside.locator('body').press('Escape');
    await citizen.locator('iframe[name="room-act"]').waitFor({ state: 'hidden' });
    await press(citizen, say('room.papers'));
    const papers = citizen.frameLocator('iframe[name="room-papers"]');
    await papers.getByRole('heading', { name: say('documents.title') }).waitFor();
    await says(citizen, 'alone');
    expect(hers.pages()).toHaveLength(1);
    await hers.close();
    await desk.close();
  });

  test('in a video call, by identity: in a second tab, and the panel of the room shows it', async () => {
    const rosa = { name: 'Rosa Soler', phone: '612 345 699', email: 'rosa@example.cat' };
    const { manage } = await bookVideo(openClient(town.origin, 'ca'), rosa);
    const one = { desk: await identified(manage) };
    const hers = await browser.newContext({
      ...{ baseURL: town.origin, locale: 'ca-ES', viewport: { width: 360, height: 740 } },
    });
    const citizen = await hers.newPage();
    await citizen.goto(`${manage}/room`);
    await press(citizen, say('room.enter'));
    await says(citizen, 'alone');
    const desk = await prepared(one);
    await citizen.getByRole('button', { name: say('room.act.read') }).click();
    const beside = citizen.frameLocator('iframe[name="room-act"]');
    const opened = hers.waitForEvent('page');
    await beside.getByRole('link', { name: say('acts.identify.title') }).click();
    const tab = await opened;
    await tab.getByLabel(say('acts.identify.tick')).check();
    await tab.getByRole('button', { name: /demostració/ }).click();
    await tab.getByLabel(/Rosa Soler Vidal/).check();
    await press(tab, say('identify.demo.button'));
    await tab.getByText(say('identifying.done.call')).waitFor();
    expect(await axeFaults(tab)).toEqual([]);
    await tab.close();
    await beside.getByText(say('acts.over.identified')).waitFor();
    expect(await beside.getByText(say('identifying.done.call')).count()).toBe(0);
    await says(citizen, 'alone');
    await desk.getByText(say('acts.method.identified')).waitFor();
    await hers.close();
    await desk.close();
  });

  // Last: it comes a minute later, which the others fill.
  test('after a consent, the notice mentions a document without its name', async () => {
    const told = await until('they are told', async () =>
      (await town.server.outbox()).find((each) => each.subject === say('notices.result.subject')),
    );
    expect(told.text).not.toMatch(/\bNou\b/);
  });
});
