import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heic } from '../src/features/documents/checks/testing/files.ts';
import { exif } from '../src/features/photos/testing.ts';
import { within } from '../src/lib/db/database.ts';
import type { StaffViewer } from '../src/lib/viewer.ts';
import { CHROME, NO_CHROME, openBrowser, visit } from './support/browser.ts';
import { bookPapers } from './support/document-states.ts';
import { temporaryFolder, until } from './support/processes.ts';
import { axeFaults, overflowAt, smallTargets } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const PHONE = { javaScriptEnabled: true, hasTouch: true, isMobile: true };
const colours = ['#c00', '#0a0', '#00c'];

describe.skipIf(!CHROME)('photos of papers, on a telephone', { timeout: 240_000 }, () => {
  let town: Town;
  let browser: Browser;
  const files = temporaryFolder();
  let photos: string[];

  /** As a telephone takes it upright: stored lying, and said to be turned. A colour above, white below. */
  async function take(page: Page, name: string, colour: string): Promise<string> {
    const url = await page.evaluate((top) => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [2400, 1800];
      const paint = canvas.getContext('2d');
      if (!paint) return '';
      paint.fillStyle = '#fff';
      paint.fillRect(0, 0, 2400, 1800);
      paint.fillStyle = top;
      paint.fillRect(0, 0, 1200, 1800); // its left is what is seen above (Exif's 6)
      return canvas.toDataURL('image/jpeg', 0.9);
    }, colour);
    const plain = Buffer.from(url.split(',')[1] ?? '', 'base64');
    const path = join(files.path, name);
    writeFileSync(path, Buffer.concat([plain.subarray(0, 2), exif(6), plain.subarray(2)]));
    return path;
  }

  beforeAll(async () => {
    if (!CHROME) throw new Error(NO_CHROME);
    town = await openTown({ clock: MORNING });
    browser = await openBrowser();
    await using camera = await visit(browser, town.origin, { javaScriptEnabled: true });
    const page = await camera.context.newPage();
    await page.goto('/ca');
    photos = [];
    for (const [nth, each] of colours.entries())
      photos.push(await take(page, `IMG_${nth + 1}.jpg`, each));
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
    files.remove();
  });

  /** What has come of the newest appointment: names and bytes. */
  const received = () =>
    town.operate(async ({ documents, bodies, database }) => {
      const body = (await bodies.find('oac'))!;
      const viewer: StaffViewer = {
        ...{ kind: 'staff', staff: 0, name: '', body: body.id, role: 'coordinator', agent: null },
      };
      const { id } = await within(database.kysely, body.id, (tx) =>
        tx
          .selectFrom('appointment')
          .select('id')
          .orderBy('created_at', 'desc')
          .executeTakeFirstOrThrow(),
      );
      const isSettled = async () =>
        (await documents.list(viewer, body, id))?.every((each) => each.state === 'clean');
      await until('they were looked into', isSettled);
      const there = (await documents.list(viewer, body, id)) ?? [];
      return Promise.all(
        there.map(async (each) => {
          const opened = await documents.open(viewer, body, id, each.id);
          return {
            name: each.name,
            bytes: Buffer.concat(await Array.fromAsync(opened!.read())),
          };
        }),
      );
    });

  it('are put in order with the keyboard and become one PDF, upright, a page each', async () => {
    const papers = await bookPapers(town.origin);
    await using visitor = await visit(browser, town.origin, PHONE);
    const page = await visitor.context.newPage();
    await page.goto(papers);
    await page.setInputFiles('#file-identitat', photos);
    const tray = page.getByRole('region', { name: 'Les teves fotos, en ordre' });
    await tray.getByText('Pàgina 3').first().waitFor();
    const names = () => tray.locator('ol .said').allTextContents();
    expect(await names()).toEqual(['IMG_1.jpg', 'IMG_2.jpg', 'IMG_3.jpg']);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H3');

    for (const key of ['Tab', 'Enter', 'Enter']) await page.keyboard.press(key);
    expect(await names()).toEqual(['IMG_2.jpg', 'IMG_3.jpg', 'IMG_1.jpg']);
    expect(await page.locator('#upload-status').textContent()).toBe('Ara és la pàgina 3.');
    await tray.getByRole('button', { name: 'Treu-la Pàgina 2' }).press('Enter');
    expect(await names()).toEqual(['IMG_2.jpg', 'IMG_1.jpg']);
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    expect(await focused()).toBe('Treu-la Pàgina 2');

    await tray.getByRole('button', { name: 'Envia un PDF de 2 pàgines' }).press('Enter');
    await page.locator('[data-live="sent-identitat"]').getByText('Rebut').waitFor();
    expect(await tray.count()).toBe(0);
    const [pdf, ...others] = await received();
    expect(others).toEqual([]);
    expect(pdf?.name).toBe('DNI, NIE o passaport.pdf');
    const task = getDocument({ data: new Uint8Array(pdf!.bytes), verbosity: 0 });
    const read = await task.promise;
    const views = [await read.getPage(1), await read.getPage(2)].map(({ view }) => view);
    expect(views).toEqual([
      [0, 0, 595.28, 841.89],
      [0, 0, 595.28, 841.89],
    ]);
    // Small enough for an old phone's memory, and turned for good.
    expect(pdf!.bytes.toString('latin1').match(/\/Width 1500 \/Height 2000/g)).toHaveLength(2);
    expect(visitor.foreign).toEqual([]);
  });

  it('that this browser can’t read go alone, and one photo goes as it is', async () => {
    const papers = await bookPapers(town.origin, '612 345 679');
    const strange = join(files.path, 'IMG_4.heic');
    writeFileSync(strange, heic());
    await using visitor = await visit(browser, town.origin, PHONE);
    const page = await visitor.context.newPage();
    await page.goto(papers);
    await page.setInputFiles('#file-other', [photos[0]!, strange]);
    await page.getByRole('button', { name: 'Envia la foto' }).click();
    await page.locator('[data-live="sent-other"]').getByText('Rebut').nth(1).waitFor();
    const names = (await received()).map((each) => each.name).sort();
    expect(names).toEqual(['IMG_1.jpg', 'IMG_4.heic']);
  });

  it('stand in a list that anybody can use', async () => {
    const papers = await bookPapers(town.origin, '612 345 680');
    await using visitor = await visit(browser, town.origin, { ...PHONE, bypassCSP: true });
    const page = await visitor.context.newPage();
    await page.goto(papers);
    await page.setInputFiles('#file-identitat', photos);
    await page.getByText('Pàgina 3').first().waitFor();
    expect([await axeFaults(page), await smallTargets(page, 24)]).toEqual([[], []]);
    expect(await overflowAt(page, 320)).toBe(0);
  });
});
