import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpg, pdf, segment } from '../src/features/service/documents/checks/testing/files.ts';
import { within } from '../src/lib/db/database.ts';
import { CHROME, NO_CHROME, openBrowser, visit } from './support/browser.ts';
import { coordinatorOf } from './support/cases/viewers.ts';
import { signedIn } from './support/client.ts';
import { bookDocuments } from './support/document-states.ts';
import { freePort, someTurns, temporaryFolder, until } from './support/processes.ts';
import { type RunningServer, startServer } from './support/server.ts';
import { DEMO_TOWN, MORNING, openTown, type Town } from './support/town.ts';

/** A town whose clock stands at a Wednesday morning, on its own folder. */
const env = { CLOCK: MORNING, TOWN_FILE: DEMO_TOWN };

describe('kill -9 of the server in the middle of an upload', { timeout: 900_000 }, () => {
  /** The issue wants 100; KILLS says how many. */
  const KILLS = Number(process.env.KILLS ?? 10);
  const CANARY = 'El canari de la Maria canta a la finestra';
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it('it goes on where it was, is the same in the end, and is clear nowhere', async () => {
    const dataDir = join(folder.path, 'data');
    const options = { dataDir, port: await freePort(), env };
    let server: RunningServer = await startServer(options);
    const papers = await bookDocuments(`http://localhost:${options.port}`);
    const noise = Buffer.from(CANARY.repeat(300));
    const parts = Array.from({ length: 700 }, () => [noise, randomBytes(50).toString('hex')]);
    const bytes = Buffer.from(parts.flat().join('\n'));
    let sent = 0;
    let failed: Error | null = null;
    const done = new Promise<void>((resolve) => {
      new Upload(bytes, {
        endpoint: `http://localhost:${options.port}${papers}/upload`,
        chunkSize: 100_000,
        retryDelays: Array.from({ length: 3000 }, () => 100),
        metadata: { filename: 'padró.txt', filetype: 'text/plain' },
        onChunkComplete: (_, accepted) => {
          sent = accepted;
        },
        onSuccess: () => resolve(),
        onError: (error) => {
          failed = error;
          resolve();
        },
      }).start();
    });
    let kills = 0;
    for (; kills < KILLS && sent < bytes.length; kills++) {
      const before = sent;
      await until('a part has come', () => failed || sent > before || sent >= bytes.length);
      await someTurns(50);
      await server.kill9();
      server = await startServer(options);
    }
    await done;
    expect(failed).toBeNull();
    await server.stop();

    await using town = await openTown({ clock: MORNING, dataDir });
    const there = await town.operate(async ({ documents, offices, database }) => {
      const office = (await offices.find('oac'))!;
      const viewer = coordinatorOf(office);
      const [appointment] = await within(database.kysely, office.id, async (tx) =>
        (await tx.selectFrom('appointment').select('id').execute()).map((each) => each.id),
      );
      await until('it was looked into', async () =>
        (await documents.list(viewer, office, appointment!))?.every(
          (each) => each.state === 'clean',
        ),
      );
      const [entry] = (await documents.list(viewer, office, appointment!)) ?? [];
      const opened = await documents.open(viewer, office, appointment!, entry!.id);
      return { name: entry?.name, bytes: Buffer.concat(await Array.fromAsync(opened!.read())) };
    });
    expect(there.name).toBe('padró.txt');
    expect(there.bytes.equals(bytes)).toBe(true);
    await town.server.stop();
    const clear = filesUnder(dataDir).filter((each) => readFileSync(each).includes(CANARY));
    expect(clear).toEqual([]);
    expect(server.output()).not.toContain('canari');
    console.log(`${kills} kills of the server while ${bytes.length} bytes came`);
  });
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
}

describe.skipIf(!CHROME)('on a telephone', { timeout: 240_000 }, () => {
  let town: Town;
  let browser: Browser;
  const files = temporaryFolder();
  const photo = join(files.path, 'DNI de la Maria.jpg');
  const scan = join(files.path, 'padró.pdf');

  beforeAll(async () => {
    if (!CHROME) throw new Error(NO_CHROME);
    // The size of a photo: pictures may carry comments (ISO 10918-1, COM).
    const remark = segment(0xfe, randomBytes(65_000));
    writeFileSync(photo, jpg(1200, 1600, Buffer.concat(Array.from({ length: 30 }, () => remark))));
    writeFileSync(scan, pdf('', randomBytes(450_000).toString('hex')));
    town = await openTown({ clock: MORNING });
    browser = await openBrowser();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
    files.remove();
  });

  const line = (page: Page, code: string) => page.locator(`[data-live="sent-${code}"]`);

  it('papers are handed over, go on after the connection was lost, and open with the code', async () => {
    const papers = await bookDocuments(town.origin);
    await using visitor = await visit(browser, town.origin, {
      javaScriptEnabled: true,
      hasTouch: true,
      isMobile: true,
    });
    const { context } = visitor;
    const page = await context.newPage();
    await page.goto(papers);
    await page.getByRole('button', { name: 'Fes una foto' }).first().waitFor();
    let [begun, parts, asked] = [0, 0, 0];
    page.on('request', (each) => {
      if (each.method() === 'POST' && each.url().endsWith('/documents/upload')) begun++;
    });
    await page.route('**/documents/upload/*', async (route) => {
      const method = route.request().method();
      // The answer while the database is away, to where it goes on.
      if (method === 'HEAD' && ++asked === 1) return route.fulfill({ status: 423 });
      if (method !== 'PATCH' || ++parts !== 2) return route.continue();
      await context.setOffline(true);
      return route.abort('internetdisconnected');
    });
    await page.setInputFiles('#file-identitat', [photo, scan]);
    await page.getByText('No hi ha connexió').first().waitFor();
    await context.setOffline(false);
    await line(page, 'identitat').getByText('Rebut').nth(1).waitFor();
    await expect.poll(() => page.locator('.hand progress').count()).toBe(0);
    expect([begun, asked > 1]).toEqual([2, true]);
    expect(await page.content()).not.toContain('DNI de la Maria');

    await page.getByRole('link', { name: 'Demana el codi' }).click();
    await page.getByRole('button', { name: 'Envia’m el codi' }).click();
    const sms = await until('the code has come', async () =>
      (await town.server.outbox()).find((each) => each.channel === 'sms' && /Codi/.test(each.text)),
    );
    expect(sms.text).not.toContain('http');
    await page.getByLabel('El codi de sis xifres').fill(/\d{6}/.exec(sms.text)?.[0] ?? '');
    await page.getByRole('button', { name: 'Continua' }).click();
    const loading = page.waitForEvent('download');
    await page.getByRole('link', { name: /Baixa’l DNI de la Maria/ }).click();
    const download = await loading;
    expect(download.suggestedFilename()).toBe('DNI de la Maria.jpg');
    expect(readFileSync(await download.path()).equals(readFileSync(photo))).toBe(true);
    expect(visitor.foreign).toEqual([]);
  });

  it('one is handed over without a script', async () => {
    const papers = await bookDocuments(town.origin, '612 345 679');
    await using visitor = await visit(browser, town.origin);
    const page = await visitor.context.newPage();
    await page.goto(papers);
    await page.setInputFiles('#file-identitat', scan);
    await page.getByRole('button', { name: 'Envia' }).first().click();
    await page.getByText('Ho hem rebut').waitFor();
  });

  it('an agent accepts and returns a document; the citizen fetches it, reads who saw it, and sees its deletion', async () => {
    const papers = await bookDocuments(town.origin, '612 345 680');
    await using citizens = await visit(browser, town.origin, { javaScriptEnabled: true });
    const page = await citizens.context.newPage();
    await page.goto(papers);
    await page.setInputFiles('#file-identitat', photo);
    await line(page, 'identitat').getByText('Rebut').waitFor();

    const reference = await town.look(async (tx) => {
      const rows = await tx.selectFrom('appointment').select(['id', 'phone', 'desk_id']).execute();
      return rows.find((each) => each.phone === '+34612345680')!;
    });
    const access = await town.server.access();
    const nuria = access.staff.find(
      (each) => each.office === 'oac' && each.role === 'coordinator',
    )!;
    const signed = await signedIn(town, access, nuria.email);
    await using desks = await visit(browser, town.origin, {
      javaScriptEnabled: true,
      viewport: { width: 1280, height: 800 },
    });
    await desks.context.addCookies(
      [...signed.cookies].map(([name, value]) => ({ name, value, url: town.origin })),
    );
    const desk = await desks.context.newPage();
    await desk.goto(`/console/oac/appointment/${reference.id}`);
    await desk.getByRole('link', { name: 'DNI de la Maria.jpg' }).click();
    await desk.locator('.viewer').getByRole('status').waitFor();
    await desk.getByRole('button', { name: 'Accepta’l' }).click();
    await desk.getByText('Acceptat').waitFor();
    await desk.setInputFiles('#result', scan);
    await desk.getByRole('button', { name: 'Deixa’l' }).click();
    await desk.getByRole('link', { name: 'padró.pdf' }).waitFor();

    await expect
      .poll(async () => {
        await page.goto(papers);
        return page.getByText('Tens un document per recollir').count();
      })
      .toBe(1);
    await page.getByRole('link', { name: 'Demana el codi' }).first().click();
    await page.getByRole('button', { name: 'Envia’m el codi' }).click();
    const sms = await until('the code has come', async () =>
      (await town.server.outbox()).find(
        (each) => each.to.endsWith('680') && /Codi/.test(each.text),
      ),
    );
    await page.getByLabel('El codi de sis xifres').fill(/\d{6}/.exec(sms.text)?.[0] ?? '');
    await page.getByRole('button', { name: 'Continua' }).click();
    const loading = page.waitForEvent('download');
    await page.getByRole('link', { name: /Baixa’l padró/ }).click();
    const download = await loading;
    expect(readFileSync(await download.path()).equals(readFileSync(scan))).toBe(true);
    await page.getByRole('link', { name: 'Qui ha obert els meus papers' }).click();
    await page.getByText(', de l’oficina').first().waitFor();

    const hours = 24 * 40;
    await town.comeTo(Temporal.Instant.from(MORNING).add({ hours }).toString());
    const kept = () => filesUnder(join(town.server.dataDir, 'documents'));
    await until('everything is destroyed', () => kept().length === 0, 120);
    await page.goto(papers);
    expect(await page.content()).not.toContain('padró');
  });
});
