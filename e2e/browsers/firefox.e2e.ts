import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jpg, segment } from '../../src/features/service/documents/checks/testing/files.ts';
import { type Visitor, visit } from '../support/browser.ts';
import { openClient } from '../support/client.ts';
import { bookDocuments } from '../support/document-states.ts';
import { book, heading, press, say } from '../support/pages.ts';
import { temporaryFolder, until } from '../support/processes.ts';
import { MORNING, openTown, type Town } from '../support/town.ts';
import { bookVideo } from '../support/video.ts';
import { launchFirefox, NO_FIREFOX, NO_SCRIPTS } from './support/firefox.ts';
import { bookByKeyboard } from './support/pages.ts';

const ROSA = { name: 'Rosa Foc', phone: '612 345 678', email: 'rosa@example.com' };

describe.skipIf(NO_FIREFOX)('Firefox', () => {
  const files = temporaryFolder();
  let town: Town;
  let browser: Browser;

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    browser = await launchFirefox();
  });
  afterAll(async () => {
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
    files.remove();
  });

  /** The status of a font whose page was left before it had arrived (NS_BINDING_ABORTED). */
  const LEFT = 'status=2152398850';

  /** Opens a page of a telephone with scripts. Nothing may be loaded from elsewhere, and no script may fail. */
  async function onPhone(use: (page: Page) => Promise<void>): Promise<void> {
    await using visitor: Visitor = await visit(browser, town.origin, { javaScriptEnabled: true });
    const faults: string[] = [];
    visitor.context.on('weberror', (fault) => {
      const { message } = fault.error();
      if (!message.includes(LEFT)) faults.push(message);
    });
    await use(await visitor.context.newPage());
    expect({ foreign: visitor.foreign, faults }).toEqual({ foreign: [], faults: [] });
  }

  test('books an appointment', async () => {
    await onPhone(async (page) => {
      await book(page, ROSA);
      expect(await heading(page)).toBe(say('citizen.confirmed.title'));
    });
  });

  test('books an appointment without scripts', async () => {
    const plain = await launchFirefox(NO_SCRIPTS);
    try {
      const page = await plain.newPage({ baseURL: town.origin, locale: 'ca-ES' });
      await bookByKeyboard(page, ROSA);
      expect(await heading(page)).toBe(say('citizen.confirmed.title'));
    } finally {
      await plain.close();
    }
  });

  test('hands over a document, and fetches it with the code', async () => {
    const photo = join(files.path, 'DNI de la Rosa.jpg');
    writeFileSync(photo, jpg(1200, 1600, segment(0xfe, randomBytes(60_000))));
    const papers = await bookDocuments(town.origin, '612 345 681', ROSA.email);
    await onPhone(async (page) => {
      await page.goto(papers);
      await page.setInputFiles('#file-identitat', photo);
      await page.locator('[data-live="sent-identitat"]').getByText('Rebut').waitFor();
      await page.goto(`${papers}/code`);
      await press(page, 'Envia’m el codi');
      const sms = await until('the code has come', async () =>
        (await town.server.outbox()).find(
          ({ to, text }) => to.endsWith('681') && /Codi/.test(text),
        ),
      );
      await page.getByLabel('El codi de sis xifres').fill(/\d{6}/.exec(sms.text)?.[0] ?? '');
      await press(page, 'Continua');
      const loading = page.waitForEvent('download');
      await page.getByRole('link', { name: /Baixa’l DNI de la Rosa/ }).click();
      const download = await loading;
      expect(download.suggestedFilename()).toBe('DNI de la Rosa.jpg');
      expect(readFileSync(await download.path()).equals(readFileSync(photo))).toBe(true);
    });
  });

  test('tests the camera, and says how it went', async () => {
    const { manage } = await bookVideo(openClient(town.origin, 'ca'));
    await onPhone(async (page) => {
      await page.goto(`${manage}/device`);
      await press(page, say('device.start'));
      const found = (part: string) => page.locator(`[data-part="${part}"] [data-found]`);
      await found('camera').getByText(say('device.found.works')).waitFor();
      // Firefox hears nothing on a machine without a sound card, as most that run tests are.
      await found('microphone').locator('.tag').waitFor();
      await press(page, say('device.stop'));
      await page.locator('#outcome').getByText(say('device.stopped')).waitFor();
    });
  });
});
