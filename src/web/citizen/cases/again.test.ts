import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { faultsOf, type TestTown, testTown, WEDNESDAY } from '../testing.ts';
import { APPLY, formOf, linkTo, publish } from './testing.ts';

let town: TestTown;
let at: string;

beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());

const isTrue = (name: string) => ({ '==': [{ var: name }, true] });
const FORM = formOf({
  steps: [
    { id: 'local', questions: [{ id: 'taules', type: 'integer', max: 40, required: true }] },
    {
      id: 'gent',
      questions: [
        {
          id: 'qui',
          type: 'group',
          questions: [
            { id: 'nom', type: 'text', required: true },
            { id: 'nif', type: 'nif' },
          ],
        },
      ],
    },
    {
      id: 'obres',
      together: true,
      questions: [
        { id: 'nom', type: 'text', required: true },
        { id: 'fan', type: 'yesno', required: true },
        { id: 'quines', type: 'text', when: isTrue('obres.fan') },
        { id: 'quan', type: 'text', required: true, when: isTrue('obres.fan') },
      ],
    },
  ],
});

beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  await publish(town, FORM);
  at = (await town.post(APPLY, {})).path;
});

test('a wrong value that was left for another day is marked when its page is opened again', async () => {
  const here = `${at}/local/taules`;
  await town.post(here, { 'q-taules_': 'quatre', later: 'yes' });
  const go = linkTo((await town.get(`${at}/check`)).html, /primera que falta/) ?? '';
  expect(go).toBe(here);
  const page = await town.get(go);
  expect(page.status).toBe(200);
  expect(page.html).toContain('aria-invalid="true"');
  expect(page.html).toContain('href="#q-taules_"');
  expect(await faultsOf(page.html)).toEqual([]);
  // What was not answered is no mistake yet.
  for (const other of ['/obres', '/gent/qui'])
    expect((await town.get(`${at}${other}`)).html).not.toContain('aria-invalid');
  await town.post(here, { later: 'yes' });
  expect((await town.get(here)).html).not.toContain('aria-invalid');
});

test('so is one of a thing of a group', async () => {
  const list = `${at}/gent/qui`;
  const one = (await town.post(list, { add: 'yes' })).path;
  const page = await town.get(one);
  expect(page.html).not.toContain('aria-invalid');
  const [, item = ''] = /name="item" value="([^"]+)"/.exec(page.html) ?? [];
  await town.post(one, { item, 'q-nom_': 'Rosa', 'q-nif_': '1', later: 'yes' });
  const problems = (await town.post(list, {})).html;
  expect(problems).toContain(`href="${one}"`);
  const again = await town.get(one);
  expect(again.html).toContain('href="#q-nif_"');
  expect(again.html).toContain('aria-invalid="true"');
});

test('what was typed for a thing that another tab has removed can be read', async () => {
  const list = `${at}/gent/qui`;
  const one = (await town.post(list, { add: 'yes' })).path;
  const [, item = ''] = /name="item" value="([^"]+)"/.exec((await town.get(one)).html) ?? [];
  await town.post(list, { remove: item });
  const gone = await town.post(one, { item, 'q-nom_': 'Amina' });
  expect(gone.html).toContain('ja no hi és');
  expect(gone.html).toContain('Amina');
  expect(await faultsOf(gone.html)).toEqual([]);
});

test('a page whose answers ask for more on it is shown again, without mistakes', async () => {
  const here = `${at}/obres`;
  expect((await town.get(here)).html).not.toContain('q-quan_');
  const more = await town.post(here, { 'q-nom_': 'Bar Pi', 'q-fan_': 'yes' });
  expect(more.status).toBe(200);
  expect(more.html).toContain('et fem 2 preguntes més');
  expect(more.html).toMatch(
    /<p class="note" id="more"[^>]* autofocus[^>]*>[^<]*<\/p><div[^>]*><label for="q-quines_"/,
  );
  expect(more.html).toContain('name="q-quan_"');
  expect(more.html).not.toContain('aria-invalid');
  expect(await faultsOf(more.html)).toEqual([]);
  // The first has no answer, which is right; the second needs one.
  const answers = { 'q-nom_': 'Bar Pi', 'q-fan_': 'yes', 'q-quines_': '' };
  const wrong = await town.post(here, { ...answers, 'q-quan_': '' });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('href="#q-quan_"');
  expect((await town.post(here, { ...answers, 'q-quan_': 'demà' })).path).toBe(`${at}/check`);
});

test('its mistakes are told first, beside what it asks for besides', async () => {
  const more = await town.post(`${at}/obres`, { 'q-nom_': '', 'q-fan_': 'yes' });
  expect(more.status).toBe(422);
  expect(more.html).toContain('href="#q-nom_"');
  expect(more.html).not.toContain('href="#q-quan_"');
  expect(more.html).toContain('name="q-quan_"');
});
