import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { officialOf } from '../../../features/service/cases/testing.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { type IdentifiedBrowser, identified } from '../../testing/identified.ts';
import { formOf, publish } from '../cases/testing.ts';
import { faultsOf, type TestTown, testTown, WEDNESDAY } from '../testing.ts';
import { decide, handIn } from './testing.ts';

const ROSA = '12345678Z';
const AMINA = 'X0000000T';
const LIST = '/ca/folder/notifications';
let town: TestTown;
let nuria: StaffViewer;
let coordinator: StaffViewer;
let rosa: IdentifiedBrowser;

beforeAll(async () => {
  town = await testTown();
  const office = (await town.deps.offices.find('oac'))!;
  const db = town.database.kysely;
  nuria = await officialOf({ db }, office, 'agent');
  coordinator = await officialOf({ db }, office, 'coordinator');
});
afterAll(() => town.close());
beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  rosa = await identified(town, ROSA);
  const question = { id: 'nom', type: 'text', label: { ca: 'Nom' } };
  const steps = [{ id: 'qui', questions: [question] }];
  await publish(town, formOf({ steps, identity: 'substantial', sign: 'session' }));
});

/** Hands in and decides a case of somebody. Returns the addresses of the case and of its notification. */
async function notified(browser = rosa, way = 'electronic') {
  await browser.post(`${LIST}/choice`, { way });
  const at = await handIn(browser);
  await decide(town, at, { nuria, coordinator });
  const { html } = await browser.get(`${at}/done`);
  const [, one = ''] = /href="(\/ca\/folder\/notifications\/[\da-f-]{36})"/.exec(html) ?? [];
  return { at, one };
}

const words = (html: string) =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&#39;', "'");

describe('notifications of a folder', () => {
  test('ask whoever is not identified to identify, and lead back', async () => {
    const answer = await town.get(`${LIST}/choice`);
    expect(answer.status).toBe(303);
    expect(decodeURIComponent(answer.path)).toContain(`next=${LIST}/choice`);
  });

  test('are right while there are none, and go by paper until somebody chooses otherwise', async () => {
    const amina = await identified(town, AMINA);
    for (const language of LANGUAGES)
      for (const page of ['', '/choice']) {
        const { status, html } = await amina.get(`/${language}/folder/notifications${page}`);
        expect(status).toBe(200);
        expect(await faultsOf(html)).toEqual([]);
      }
    expect(words((await amina.get(LIST)).html)).toContain('Te les notifiquem en paper');
    const none = await amina.get((await amina.post(`${LIST}/choice`, {})).path);
    expect(none.status).toBe(422);
    expect(none.html).toContain('href="#way"');
    const done = await amina.post(`${LIST}/choice`, { way: 'electronic' });
    expect(words((await amina.get(done.path)).html)).toContain('Desat.');
    expect(words((await amina.get(LIST)).html)).toContain('Te les notifiquem aquí');
  });

  test('are moved to the folder at a substantial level alone', async () => {
    const low = await identified(town, AMINA, 'low');
    for (const language of LANGUAGES)
      expect(
        await faultsOf((await low.get(`/${language}/folder/notifications/choice`)).html),
      ).toEqual([]);
    const page = await low.get(`${LIST}/choice`);
    expect(words(page.html)).toContain('Per canviar-ho cal un nivell substancial');
    expect(page.html).toContain('level=substantial');
    expect(page.html).not.toContain('name="way"');
    await low.post(`${LIST}/choice`, { way: 'paper' });
    expect(words((await low.get(LIST)).html)).toContain('Te les notifiquem aquí');
  });

  test('wait in the folder, and nothing is opened by looking', async () => {
    const { at, one } = await notified();
    expect(words((await rosa.get('/ca/folder')).html)).toContain('notificaci');
    const list = await rosa.get(LIST);
    expect(list.html).toContain(`href="${one}"`);
    expect(words(list.html)).toContain('fins al dissabte, 5 de desembre');
    for (const language of LANGUAGES) {
      const page = await rosa.get(one.replace('/ca/', `/${language}/`));
      expect(await faultsOf(page.html)).toEqual([]);
    }
    const page = words((await rosa.get(one)).html);
    for (const each of [
      'Abans d’obrir-la',
      'avui, dimecres, 25 de novembre',
      'Rebutja-la',
      'més tard',
    ])
      expect(page).toContain(each);
    expect(page).not.toContain('alcaldia');
    // The case tells nothing of what was decided.
    const done = words((await rosa.get(`${at}/done`)).html);
    expect(done).toContain('Tens una notificació');
    for (const language of LANGUAGES) {
      const { html } = await rosa.get(`${at.replace('/ca/', `/${language}/`)}/done`);
      const t = translateTo(language);
      const told = words(html);
      for (const each of [t('case.page.refused'), t('form.state.refused'), t('case.next.title')])
        expect(told).not.toContain(each);
    }
    await rosa.post(`${one}/open`);
    const after = words((await rosa.get(`${at}/done`)).html);
    for (const each of ['case.page.refused', 'form.state.refused', 'case.next.title'] as const)
      expect(after).toContain(translateTo('ca')(each));
  });

  test('keep their document until they are opened', async () => {
    const { at, one } = await notified();
    // Neither the document, nor that of the case.
    expect((await rosa.get(`${one}/document`)).path).toBe(one);
    expect((await rosa.get(`${at}/decision`)).status).toBe(303);
    expect((await rosa.get(`${one}/reject`)).status).toBe(200);
    expect(words((await rosa.get(one)).html)).toContain('Abans d’obrir-la');
  });

  test('are opened by a button, and then have the document, its code and the appeal', async () => {
    const { at, one } = await notified();
    const opened = await rosa.post(`${one}/open`);
    expect(opened.path).toBe(`${one}?done=accepted`);
    const page = await rosa.get(opened.path);
    expect(await faultsOf(page.html)).toEqual([]);
    const text = words(page.html);
    for (const each of [
      'L’has oberta: compta com a notificada avui',
      'Compta com a notificada el dimecres, 25 de novembre',
      'Un mes, davant l’alcaldia.',
    ])
      expect(text).toContain(each);
    expect(page.html).toMatch(/<code class="csv">[A-Z\d]{4}-/);
    const file = await rosa.get(`${one}/document`);
    expect(file.headers.get('Content-Type')).toBe('application/pdf');
    expect((await rosa.get(`${at}/decision`)).headers.get('Content-Type')).toBe('application/pdf');
    // Again, in another tab, changes nothing.
    const again = await rosa.post(`${one}/reject`);
    expect(words((await rosa.get(again.path)).html)).toContain('No s’ha canviat res');
    expect(words((await rosa.get(`${one}?done=rejected`)).html)).not.toContain('L’has rebutjada');
  });

  test('are rejected after a question, and can be read then', async () => {
    const { one } = await notified();
    const ask = await rosa.get(`${one}/reject`);
    expect(await faultsOf(ask.html)).toEqual([]);
    const done = await rosa.post(`${one}/reject`);
    const page = words((await rosa.get(done.path)).html);
    expect(page).toContain('L’has rebutjada');
    expect(page).toContain('Un mes, davant l’alcaldia.');
  });

  test('on paper can be opened, and not rejected', async () => {
    const { one } = await notified(rosa, 'paper');
    const page = words((await rosa.get(one)).html);
    expect(page).toContain('També te l’enviem en paper');
    expect(page).not.toContain('Rebutja-la');
    expect((await rosa.get(`${one}/reject`)).path).toBe(one);
    await rosa.post(`${one}/open`);
    expect(words((await rosa.get(LIST)).html)).toContain('Oberta. Compta com a notificada');
  });

  test('tell whoever was not found at home that it will be published', async () => {
    const { at, one } = await notified(rosa, 'paper');
    const { cases, notifications, offices } = town.deps;
    const office = (await offices.find('oac'))!;
    const { id } = (await cases.bySecret(at.split('/')[3] ?? ''))!;
    town.clock.advance({ hours: 72 });
    const [first, second] = ['2026-11-25T17:00', '2026-11-26T10:00'].map((each) =>
      Temporal.PlainDateTime.from(each),
    );
    const given = { result: 'failed', first: first!, second: second! } as const;
    expect(await notifications.record(nuria, office, id, given)).toEqual({ ok: true });
    rosa = await identified(town, ROSA);
    for (const page of [LIST, one]) {
      const text = words((await rosa.get(page)).html);
      expect(text).toContain('La publicarem al butlletí oficial');
    }
    expect(words((await rosa.get(one)).html)).not.toContain('També te l’enviem');
  });

  test('are nobody else’s, and need the level of the case', async () => {
    const { at, one } = await notified();
    const amina = await identified(town, AMINA);
    for (const page of ['', '/reject', '/document'])
      expect((await amina.get(`${one}${page}`)).status).toBe(404);
    for (const page of ['open', 'reject'])
      expect((await amina.get((await amina.post(`${one}/${page}`)).path)).status).toBe(404);
    expect((await town.get(one)).status).toBe(303);
    expect((await town.post(`${one}/open`, {})).status).toBe(303);
    expect((await town.get(`${at}/decision`)).status).toBe(303);
    const low = await identified(town, ROSA, 'low');
    const page = await low.get(one);
    expect(words(page.html)).toContain('cal un nivell substancial');
    expect(page.html).not.toContain('/open"');
    expect(await faultsOf(page.html)).toEqual([]);
    await low.post(`${one}/open`);
    expect(words((await rosa.get(one)).html)).toContain('Abans d’obrir-la');
    expect((await rosa.get(`${LIST}/unknown`)).status).toBe(404);
  });
});
