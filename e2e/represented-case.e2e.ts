import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formSchema } from '../src/domain/form/schema.ts';
import { CHROME, openBrowser } from './support/browser.ts';
import { type Client, openClient } from './support/client.ts';
import { arriving, follow, press, say, seen } from './support/pages.ts';
import { until } from './support/processes.ts';
import { axeFaults } from './support/scan.ts';
import { officialsOf } from './support/scanning/case-states.ts';
import { identifyAs } from './support/scanning/folder-states.ts';
import { decide } from './support/scanning/notification-states.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const LIST = '/ca/folder/representations';
const APPLY = '/ca/oac/volant-padro/apply';
const JORDI = '99999999R';
const ROSA = { name: 'Rosa Soler', identifier: '12345678Z' };

const form = formSchema.parse({
  procedure: 'volant-padro',
  identity: 'substantial',
  sign: 'valid',
  onBehalf: true,
  title: { ca: 'Terrassa' },
  steps: [
    {
      id: 'local',
      title: { ca: 'El local' },
      questions: [{ id: 'rotul', type: 'text', label: { ca: 'Rètol' }, required: true }],
    },
  ],
});

/** Keeps a picture of a page, on a telephone and on a desk, for whoever asks for it. */
async function keep(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES;
  if (!folder) return;
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true });
  }
}

/** The decision is notified to Jordi, and Rosa opens it for him. `at`: the address of the case. */
async function opensNotification(
  town: Town,
  { at, jordi, rosa }: { at: string; jordi: Client; rosa: Page },
): Promise<void> {
  const list = '/ca/folder/notifications';
  await jordi.post(`${list}/choice`, { way: 'electronic' });
  const [viewer] = await officialsOf(town);
  await town.operate(async ({ offices, cases, caseDesk }) => {
    const office = (await offices.find('oac'))!;
    const { id } = (await cases.bySecret(at.split('/')[3] ?? ''))!;
    const { seen: version } = (await caseDesk.work(viewer, office, id))!;
    await caseDesk.step(viewer, office, id, { to: 'in-review', seen: version });
  });
  await decide(town, at);
  await rosa.goto(list);
  await rosa.getByText(/^És per a Jordi Pons/).waitFor();
  expect(await axeFaults(rosa)).toEqual([]);
  await keep(rosa, 'represented-notifications');
  await rosa.getByRole('link', { name: /Volant/ }).click();
  await rosa.getByText(/compta com a notificada a Jordi Pons/).waitFor();
  await keep(rosa, 'represented-notification');
  await press(rosa, say('notification.open'));
  await rosa.getByText(say('notification.done.accepted')).waitFor();
  expect(await axeFaults(rosa)).toEqual([]);
  await keep(rosa, 'represented-notified');
  const one = new URL(rosa.url()).pathname;
  expect((await jordi.get(one)).html).toContain(`${one}/document`);
}

describe.skipIf(!CHROME)('a form for another person', { timeout: 180_000 }, () => {
  let town: Town;
  let browser: Browser;
  let jordi: Client;
  let rosa: Page;

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    await town.operate(async ({ offices, forms }) => {
      const office = (await offices.find('oac'))!;
      await forms.publish({ kind: 'system', why: 'operator' }, office, form);
    });
    browser = await openBrowser();
    jordi = openClient(town.origin, 'ca');
    await identifyAs(jordi, 'ca', { person: JORDI });
    const given = { ...ROSA, scope: 'all', opens: 'yes', until: '2027-11-20' };
    await jordi.post(`${LIST}/give?office=oac`, given);
    rosa = await browser.newPage({ baseURL: town.origin, locale: 'ca-ES' });
    await rosa.goto(`/ca/identify?next=${encodeURIComponent(LIST)}&level=substantial`);
    await rosa.getByRole('button', { name: /demostració/ }).click();
    await rosa.getByLabel(/Rosa Soler Vidal/).check();
    await press(rosa, say('identify.demo.button'));
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
  });

  test('is begun, handed in, in both folders, and closed when the authorisation ends', async () => {
    await arriving(rosa, rosa.getByRole('button', { name: /^Actua en nom de Jordi Pons/ }).click());
    await rosa.goto(APPLY);
    await rosa.getByText(/^Ho fas en nom de Jordi Pons/).waitFor();
    expect(await axeFaults(rosa)).toEqual([]);
    await keep(rosa, 'represented-apply');
    await press(rosa, say('case.apply.begin'));
    await until('it is begun', async () => /\/case\/[^/]+$/.test(rosa.url()));
    await keep(rosa, 'represented-overview');
    await rosa.goto(`${rosa.url()}/local/rotul`);
    await rosa.getByRole('textbox', { name: 'Rètol' }).fill('Bar Pi');
    await press(rosa, say('citizen.continue'));
    await rosa.getByText(/^Ho fas en nom de Jordi Pons/).waitFor();
    expect(await axeFaults(rosa)).toEqual([]);
    await keep(rosa, 'represented-check');
    await press(rosa, say('signature.check.button'));
    await rosa.getByText(say('signature.title')).first().waitFor();
    expect(await axeFaults(rosa)).toEqual([]);
    await keep(rosa, 'represented-sign');
    await rosa.getByRole('button', { name: say('signature.go.demo') }).click();
    await press(rosa, say('signature.demo.sign'));
    await until('it is handed in', async () => rosa.url().endsWith('/done'));
    const at = new URL(rosa.url()).pathname;
    await follow(rosa, say('receipt.open'));
    const receipt = await seen(rosa);
    expect(receipt).toContain('Rosa Soler Vidal, ***4567**');
    expect(receipt).toContain('Jordi Pons Riba, ***9999**');
    await keep(rosa, 'represented-receipt');
    await rosa.goto('/ca/folder');
    await rosa
      .getByText(/En nom de Jordi Pons/)
      .first()
      .waitFor();
    await keep(rosa, 'represented-folder');
    expect((await jordi.get(at)).status).toBe(200);
    await opensNotification(town, { at, jordi, rosa });
    const { html } = await jordi.get(LIST);
    const which = /name="which" value="([^"]+)"/.exec(html)?.[1] ?? '';
    await jordi.post(LIST, { do: 'end', which });
    await rosa.goto(at);
    await rosa.getByText(say('citizen.problem.represented_over.title')).waitFor();
    expect(await axeFaults(rosa)).toEqual([]);
    await keep(rosa, 'represented-over');
    expect((await jordi.get(at)).status).toBe(200);
  });
});
