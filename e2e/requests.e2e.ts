import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jpg, segment } from '../src/features/service/documents/checks/testing/files.ts';
import { CHROME, openBrowser, visit } from './support/browser.ts';
import { arriving, follow, press, say, seen } from './support/pages.ts';
import { until } from './support/processes.ts';
import { step } from './support/requests/telling-states.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const LIST = '/ca/oac/requests';
const ARABIC = 'مصباح الشارع مطفأ منذ أسبوع';
const REFERENCE = /\b[A-Z0-9]{3}-[A-Z0-9]{3}\b/;

/** What a telephone writes into a photo: the maker, and 41° 32' north. */
function position(): Buffer {
  const field = (tag: number, type: number, many: number, value: Buffer) => {
    const head = Buffer.alloc(8);
    head.writeUInt16BE(tag, 0);
    head.writeUInt16BE(type, 2);
    head.writeUInt32BE(many, 4);
    return Buffer.concat([head, value, Buffer.alloc(4 - value.length)]);
  };
  const number = (value: number) => Buffer.from([0, 0, value >> 8, value & 255]);
  const list = (...fields: Buffer[]) =>
    Buffer.concat([Buffer.from([0, fields.length]), ...fields, Buffer.alloc(4)]);
  // The first list begins at 8 and has 30 bytes, the second begins at 38 and has as many, and the maker and the degrees follow.
  const first = list(field(0x010f, 2, 6, number(68)), field(0x8825, 4, 1, number(38)));
  const second = list(field(1, 2, 2, Buffer.from('N\0')), field(2, 5, 3, number(74)));
  const degrees = [41, 1, 32, 1, 0, 1].map(number);
  const tiff = Buffer.from('MM\0\x2a\0\0\0\x08', 'latin1');
  const all = [tiff, first, second, Buffer.from('Cambra'), ...degrees];
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), ...all]));
}

describe.skipIf(!CHROME)('telling of something, on a telephone without scripts', () => {
  let browser: Browser;
  let town: Town;

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
  });
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  const telephone = () => visit(browser, town.origin, { hasTouch: true, isMobile: true });

  /** Begins to tell of a street light, and presses the middle of the map. */
  async function atTheMap(page: Page) {
    await page.goto(`${LIST}?q=bombeta`);
    await press(page, 'Fanal que no va');
    await page.locator('#address').fill('Davant de l’escola');
    await page.locator('.map-picture.small').click({ position: { x: 132, y: 132 } });
    expect(await page.locator('#point').inputValue()).toMatch(/^41\.54\d+, 2\.109\d+$/);
    expect(await page.locator('#address').inputValue()).toBe('Davant de l’escola');
    // Enter goes on, as the button does.
    await arriving(page, page.locator('#address').press('Enter'));
  }

  async function describeIt(page: Page, words: string) {
    await page.locator('#text').fill(words);
    await page.getByLabel('Està apagat').check();
    await press(page, say('requests.next'));
  }

  test('unnamed, in Arabic: it is read as it was written, and its address is the way back', async () => {
    await using visitor = await telephone();
    const page = await visitor.context.newPage();
    await atTheMap(page);
    await describeIt(page, ARABIC);
    await page.getByRole('link', { name: say('requests.photos.none') }).click();
    await page.getByLabel(say('requests.contact.anonymous')).check();
    await press(page, say('requests.next'));
    await press(page, say('requests.check.send'));
    const own = await seen(page);
    expect(own).toContain(say('requests.done.sent.page'));
    const said = page.getByText(ARABIC);
    expect(await said.evaluate((each) => getComputedStyle(each).direction)).toBe('rtl');
    expect(await town.server.outbox()).toEqual([]);
    expect([visitor.foreign, visitor.scripts]).toEqual([[], []]);
  });

  test('with a photo and an e-mail: it is answered, and opened again by the link of the mail', async () => {
    await using visitor = await telephone();
    const page = await visitor.context.newPage();
    await atTheMap(page);
    expect(await seen(page)).toContain(say('requests.similar.title', { count: 1 }));
    expect(await seen(page)).not.toContain(ARABIC);
    await page.getByRole('link', { name: say('requests.similar.another') }).click();
    await describeIt(page, 'No s’encén');
    const photo = jpg(40, 30, position());
    expect(photo.includes('Cambra')).toBe(true);
    const file = { name: 'foto.jpg', mimeType: 'image/jpeg', buffer: photo };
    await page.locator('input[type="file"]').setInputFiles(file);
    await press(page, say('requests.photos.add'));
    await follow(page, say('requests.next'));
    await page.locator('input[name="tellBy"][value="email"]').check();
    await page.locator('#email').fill('rosa@example.com');
    await page.locator('#name').fill('Rosa Soler');
    await press(page, say('requests.next'));
    await press(page, say('requests.check.send'));
    const [reference = ''] = REFERENCE.exec(await seen(page)) ?? [];
    const at = new URL(page.url()).pathname;

    const href = await until('the photo is checked', async () => {
      await page.goto(at);
      const link = page.getByRole('link', { name: say('requests.photos.one', { number: 1 }) });
      return (await link.count()) > 0 ? link.getAttribute('href') : null;
    });
    const kept = await (await page.request.get(href)).body();
    expect(kept.subarray(0, 2).toString('hex')).toBe('ffd8');
    expect(kept.includes('Exif')).toBe(false);
    expect(kept.includes('Cambra')).toBe(false);

    await step(town, at, { step: 'answer', words: 'Ja està reparat' });
    const mail = await until('the answer is told', async () =>
      (await town.server.outbox()).find(({ text }) =>
        text.includes(say('notices.request.lead.answered')),
      ),
    );
    expect(mail.to).toBe('rosa@example.com');
    expect(mail.subject).toContain(reference);
    expect(`${mail.subject} ${mail.text}`).not.toMatch(/fanal|reparat|\brosa\b/i);
    const [link = ''] = /http\S+\/request\/[^\s/]+(?=\s)/.exec(mail.text) ?? [];
    await page.goto(link);
    expect(await seen(page)).toContain('Ja està reparat');
    await page.getByRole('link', { name: say('requests.reopen.title') }).click();
    await page.locator('#text').fill('Torna a fer pampallugues');
    await press(page, say('requests.reopen.button'));
    expect(await seen(page)).toContain(say('requests.done.reopened'));
    expect(await seen(page)).toContain(say('requests.state.received'));
    expect([visitor.foreign, visitor.scripts]).toEqual([[], []]);
  });
});
