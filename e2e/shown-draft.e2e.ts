import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formSchema } from '../src/domain/form/schema.ts';
import { pdf } from '../src/features/service/documents/checks/testing/files.ts';
import { CHROME, openBrowser } from './support/browser.ts';
import { NURIA } from './support/console.ts';
import {
  fillDetails,
  follow,
  goOnToCheck,
  manageUrl,
  press,
  say,
  signIn,
  takeTime,
} from './support/pages.ts';
import { until } from './support/processes.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const ROSA = { name: 'Rosa Soler Vidal', phone: '612 345 678', email: 'rosa@example.com' };
const asked = (id: string, ca: string) => ({ id, type: 'text', label: { ca }, required: true });

/** A form of two questions, for anybody. */
const form = formSchema.parse({
  procedure: 'volant-padro',
  title: { ca: 'Terrassa' },
  steps: [
    {
      id: 'local',
      title: { ca: 'El local' },
      questions: [asked('rotul', 'Rètol'), asked('carrer', 'Carrer')],
    },
    {
      id: 'papers',
      title: { ca: 'Papers' },
      questions: [
        { id: 'titol', type: 'file', label: { ca: 'El títol' }, accept: ['pdf'], most: 2 },
      ],
    },
  ],
});

/** Keeps pictures of a page, as a telephone and a desk show it, for whoever asks for them. */
async function keep(page: Page, name: string): Promise<void> {
  const at = process.env.PICTURES;
  const before = page.viewportSize();
  if (!at) return;
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: `${at}/${name}-${width}.png`, fullPage: true });
  }
  if (before) await page.setViewportSize(before);
}

describe.skipIf(!CHROME)('a draft that was begun at home', { timeout: 120_000 }, () => {
  let browser: Browser;
  let town: Town;
  let citizen: Page;
  let agent: Page;
  let overview = '';
  let manage = '';

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    await town.operate(async ({ offices, forms }) => {
      const office = (await offices.find('oac'))!;
      await forms.publish({ kind: 'system', why: 'operator' }, office, form);
    });
    browser = await openBrowser();
    const here = { baseURL: town.origin, locale: 'ca-ES', viewport: { width: 1280, height: 900 } };
    citizen = await browser.newPage(here);
    agent = await browser.newPage(here);
    for (const page of [citizen, agent]) page.setDefaultTimeout(25_000);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
  });

  test('has an appointment about it, booked from its page', async () => {
    await citizen.goto('/ca/oac/volant-padro/apply');
    await press(citizen, say('case.apply.begin'));
    overview = new URL(citizen.url()).pathname;
    await follow(citizen, say('case.overview.begin'));
    await citizen.getByRole('textbox', { name: 'Rètol' }).fill('Bar Pi');
    await press(citizen, say('citizen.continue'));
    await citizen.goto(overview);
    expect(await axeFaults(citizen)).toEqual([]);
    await keep(citizen, 'stuck');
    await follow(citizen, say('talking.book.draft'));
    await citizen.getByText(say('talking.about')).waitFor();
    await keep(citizen, 'about-procedure');
    await press(citizen, say('citizen.procedure.seeTimes'));
    const { start } = await takeTime(citizen);
    await fillDetails(citizen, ROSA);
    await goOnToCheck(citizen);
    await citizen.getByText(say('talking.case')).waitFor();
    await keep(citizen, 'about-check');
    await press(citizen, say('citizen.check.confirm'));
    manage = manageUrl(citizen);
    await citizen.goto(manage);
    await citizen.getByText(say('talking.here')).waitFor();
    expect(await axeFaults(citizen)).toEqual([]);
    await keep(citizen, 'about-appointment');
    await town.comeTo(start);
    await signIn(agent, await town.server.access(), NURIA);
  });

  test('is opened in the encounter once its person shows it, and filled in by both', async () => {
    await agent.goto('/console/oac');
    await agent
      .getByRole('link', { name: /Rosa Soler/ })
      .first()
      .click();
    await agent.locator('[data-action="answered"]').click();
    await agent.getByText(say('talking.begun')).waitFor();
    await agent.getByText(say('fourHands.progress', { answered: 1, asked: 2 })).waitFor();
    expect(await axeFaults(agent)).toEqual([]);
    await keep(agent, 'console-begun');
    await citizen.goto(overview);
    await citizen.getByText(say('talking.canShow')).waitFor();
    await keep(citizen, 'can-show');
    await follow(citizen, say('talking.show.link'));
    expect(await axeFaults(citizen)).toEqual([]);
    await keep(citizen, 'show');
    await press(citizen, say('talking.show.button'));
    await citizen.getByText(say('talking.shown')).waitFor();
    await keep(citizen, 'shown');
    // The agent is told, without a press of theirs.
    const opened = agent.locator('#forms a').first();
    await opened.waitFor();
    await keep(agent, 'console-shown');
    await opened.click();
    await agent.getByText('Bar Pi').waitFor();
    await follow(agent, say('fourHands.go'));
    await agent.getByRole('textbox', { name: 'Carrer' }).fill('Carrer Major');
    await press(agent, say('citizen.continue'));
    await until(
      'the citizen sees it',
      async () => (await citizen.locator('main').textContent())?.includes('Carrer Major') === true,
    );
    await citizen.getByText(/^Escrit per Núria, /).waitFor();
    // What stands around the answers is as new as they are.
    await citizen.getByText(say('case.overview.saved', { answered: 2, asked: 2 })).waitFor();
    expect(await axeFaults(citizen)).toEqual([]);
    await keep(citizen, 'typed');
  });

  test('takes a document that was sent for the appointment, once its person has typed the code', async () => {
    const papers = `${manage}/documents`;
    await citizen.goto(papers);
    await citizen
      .locator('input[type="file"]')
      .first()
      .setInputFiles({ name: 'Títol.pdf', mimeType: 'application/pdf', buffer: pdf() });
    await citizen.getByText('Títol.pdf').first().waitFor();
    await until('it was sent', async () =>
      town.look(async (tx) => {
        const [row] = await tx.selectFrom('document').select(['id', 'state']).execute();
        if (row?.state !== 'clean' && row?.state !== 'receiving' && row)
          await tx
            .updateTable('document')
            .set({ state: 'clean', type: 'application/pdf', check_at: null })
            .where('id', '=', row.id)
            .execute();
        return row?.state === 'clean';
      }),
    );
    await citizen.goto(`${manage}/documents/code?next=form`);
    await press(citizen, say('documents.code.send'));
    const sms = await until('the code has come', async () =>
      (await town.server.outbox()).find(
        ({ channel, text }) => channel === 'sms' && /Codi/.test(text),
      ),
    );
    await citizen
      .getByLabel(say('documents.code.label'), { exact: true })
      .fill(/\d{6}/.exec(sms.text)?.[0] ?? '');
    await press(citizen, say('documents.code.button'));
    await citizen.goto(`${overview}/papers/titol`);
    await citizen.getByText('Títol.pdf').first().waitFor();
    expect(await axeFaults(citizen)).toEqual([]);
    await keep(citizen, 'use-paper');
    await citizen.getByRole('button', { name: /^Fes servir aquest/ }).click();
    await citizen.getByRole('button', { name: /^Treu/ }).waitFor();
    expect(await axeFaults(citizen)).toEqual([]);
    await keep(citizen, 'used-paper');
  });

  test('is seen no longer once its person stops it', async () => {
    await citizen.goto(overview);
    await follow(citizen, say('talking.hide.link'));
    await press(citizen, say('talking.hide.button'));
    await citizen.getByText(say('talking.canShow')).waitFor();
    await agent.reload();
    expect(await agent.locator('main').textContent()).not.toContain('Bar Pi');
  });
});
