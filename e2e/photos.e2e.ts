import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heic } from '../src/features/service/documents/checks/testing/files.ts';
import { exif } from '../src/features/service/photos/testing.ts';
import { within } from '../src/lib/db/database.ts';
import { CHROME, NO_CHROME, openBrowser, visit } from './support/browser.ts';
import { coordinatorOf } from './support/cases/viewers.ts';
import { atWork, NURIA } from './support/console.ts';
import { bookDocuments } from './support/document-states.ts';
import { temporaryFolder, until } from './support/processes.ts';
import { axeFaults, ibmFaults, overflowAt, smallTargets } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

/** A PDF of one line in Helvetica, which isn't in it. */
function letter(line: string): string {
  const content = `BT /F 24 Tf 60 700 Td (${line}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let text = '%PDF-1.7\n';
  const offsets = objects.map((each, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${each}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 6\n0000000000 65535 f \n${offsets.join('')}`;
  return `${text}${table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
}

const PHONE = { javaScriptEnabled: true, hasTouch: true, isMobile: true };
const colours = ['#c00', '#0a0', '#00c'];

describe.skipIf(!CHROME)('photos of papers, on a telephone', { timeout: 240_000 }, () => {
  let town: Town;
  let browser: Browser;
  const files = temporaryFolder();
  const written = join(files.path, 'carta.pdf');
  const broken = join(files.path, 'trencat.pdf');
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
    writeFileSync(written, letter('Benvolguda Maria'));
    writeFileSync(
      broken,
      '%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\nThis is all that came.\n',
    );
    for (const [nth, each] of colours.entries())
      photos.push(await take(page, `IMG_${nth + 1}.jpg`, each));
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
    files.remove();
  });

  /** Returns the result for the newest appointment: names and bytes. */
  const received = () =>
    town.operate(async ({ documents, offices, database }) => {
      const office = (await offices.find('oac'))!;
      const viewer = coordinatorOf(office);
      const { id } = await within(database.kysely, office.id, (tx) =>
        tx
          .selectFrom('appointment')
          .select('id')
          .orderBy('created_at', 'desc')
          .executeTakeFirstOrThrow(),
      );
      const isSettled = async () =>
        (await documents.list(viewer, office, id))?.every((each) => each.state === 'clean');
      await until('they were looked into', isSettled);
      const there = (await documents.list(viewer, office, id)) ?? [];
      return Promise.all(
        there.map(async (each) => {
          const opened = await documents.open(viewer, office, id, each.id);
          return {
            name: each.name,
            bytes: Buffer.concat(await Array.fromAsync(opened!.read())),
          };
        }),
      );
    });

  it('are put in order with the keyboard and become one PDF, upright, a page each', async () => {
    const papers = await bookDocuments(town.origin);
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
    const papers = await bookDocuments(town.origin, '612 345 679');
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
    const papers = await bookDocuments(town.origin, '612 345 680');
    await using visitor = await visit(browser, town.origin, { ...PHONE, bypassCSP: true });
    const page = await visitor.context.newPage();
    await page.goto(papers);
    await page.setInputFiles('#file-identitat', photos);
    await page.getByText('Pàgina 3').first().waitFor();
    expect([await axeFaults(page), await smallTargets(page, 24)]).toEqual([[], []]);
    expect(await overflowAt(page, 320)).toBe(0);
  });

  /**
   * Returns the colour, as `r,g,b`, in the horizontal middle of the visible page, at this height (0 to 1).
   */
  const colourAt = (page: Page, down: number) =>
    page.locator('.viewer canvas').evaluate((element, at) => {
      const canvas = element as HTMLCanvasElement;
      const paint = canvas.getContext('2d');
      const [x, y] = [canvas.width / 2, canvas.height * at];
      return [...(paint?.getImageData(x, y, 1, 1).data ?? [])].slice(0, 3);
    }, down);
  const isNear = (colour: number[], wanted: number[]) =>
    colour.every((each, index) => Math.abs(each - (wanted[index] ?? 0)) < 12);
  const WHITE = [255, 255, 255];

  it('are looked at in the console, page by page, and only one opening is on record', async () => {
    const papers = await bookDocuments(town.origin, '612 345 681');
    await using citizens = await visit(browser, town.origin, PHONE);
    const theirs = await citizens.context.newPage();
    await theirs.goto(papers);
    await theirs.setInputFiles('#file-identitat', photos.slice(0, 2));
    await theirs.getByRole('button', { name: 'Envia un PDF de 2 pàgines' }).click();
    await theirs.setInputFiles('#file-other', [written, broken]);
    await theirs.locator('[data-live="sent-other"]').getByText('Rebut').nth(1).waitFor();
    await theirs.locator('[data-live="sent-identitat"]').getByText('Rebut').waitFor();

    const id = await town.look(async (tx) => {
      const rows = await tx.selectFrom('appointment').select(['id', 'phone']).execute();
      return rows.find((each) => each.phone === '+34612345681')!.id;
    });
    await using desk = await atWork(browser, town, NURIA, { bypassCSP: false });
    const page = await desk.context.newPage();
    const trouble: string[] = [];
    page.on('console', (each) => each.type() === 'error' && trouble.push(each.text()));
    page.on('pageerror', (error) => trouble.push(error.message));
    const policies: (string | undefined)[] = [];
    page.on('response', (each) => {
      if (/\/worker-/.test(each.url())) policies.push(each.headers()['content-security-policy']);
    });
    const paper = async (name: string) => {
      await page.goto(`/console/oac/appointment/${id}`);
      await page.getByRole('link', { name }).click();
    };
    await paper('DNI, NIE o passaport.pdf');
    const shown = (what: string) => page.locator(`canvas[data-shown="${what}"]`).waitFor();
    await shown('1 0 0');
    expect(isNear(await colourAt(page, 0.25), [204, 0, 0])).toBe(true);
    expect(isNear(await colourAt(page, 0.75), WHITE)).toBe(true);
    await page.locator('.stage').focus();
    await page.keyboard.press('PageDown');
    await shown('2 0 0');
    await page.getByText('Pàgina 2 de 2').waitFor();
    expect(isNear(await colourAt(page, 0.25), [0, 170, 0])).toBe(true);
    await page.keyboard.press('+');
    await shown('2 0 1');
    for (const turn of [90, 180]) {
      await page.getByRole('button', { name: 'Gira’l' }).click();
      await shown(`2 ${turn} 1`);
    }
    expect(isNear(await colourAt(page, 0.25), WHITE)).toBe(true);

    // Its font isn’t in it: the system’s serves.
    await paper('carta.pdf');
    await shown('1 0 0');
    const text = page.locator('.written');
    await page.getByText('El text de la pàgina').click();
    await expect.poll(() => text.textContent()).toBe('Benvolguda Maria');
    await paper('trencat.pdf');
    await page.getByText('Aquest document no es pot ensenyar aquí').waitFor();
    expect([trouble, desk.foreign]).toEqual([[], []]);
    // The worker that reads a stranger's PDF can make no requests.
    expect(policies[0]).toBe("default-src 'none'; script-src 'self'");

    const openings = await town.look((tx) =>
      tx
        .selectFrom('audit')
        .select('id')
        .where('appointment_id', '=', id)
        .where('action', '=', 'document_opened')
        .execute(),
    );
    expect(openings).toHaveLength(3);

    await paper('carta.pdf');
    await shown('1 0 0');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect([await axeFaults(page), await ibmFaults(page)]).toEqual([[], []]);
    expect(await overflowAt(page, 320)).toBe(0);
  });
});
