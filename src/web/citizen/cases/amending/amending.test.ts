import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../../domain/office/types.ts';
import { seenOf } from '../../../../features/service/cases/rules.ts';
import { staffOf, stepTo } from '../../../../features/service/cases/testing.ts';
import { LANGUAGES } from '../../../../lib/i18n/languages.ts';
import { type IdentifiedBrowser, identified, identifyIn } from '../../../testing/identified.ts';
import { faultsOf, type TestTown, testTown, WEDNESDAY } from '../../testing.ts';
import { APPLY, actionIn, formOf, linkTo, publish } from '../testing.ts';

const ROSA = '12345678Z';
const AMINA = 'X0000000T';
let town: TestTown;
let office: Office;

beforeAll(async () => {
  town = await testTown();
  office = (await town.deps.offices.find('oac'))!;
});
afterAll(() => town.close());

const label = (ca: string) => ({ ca, es: `${ca} (es)`, en: `${ca} (en)`, eu: `${ca} (eu)` });
const FORM = formOf({
  title: label('Terrassa petita'),
  steps: [
    {
      id: 'local',
      title: label('El local'),
      questions: [
        { id: 'rotul', type: 'text', required: true, label: label('Com es diu el local?') },
        { id: 'taules', type: 'integer', min: 1, max: 40, required: true, label: label('Taules') },
        {
          id: 'gent',
          type: 'group',
          item: label('persona'),
          label: label('Qui hi treballa?'),
          questions: [{ id: 'nom', type: 'text', required: true, label: label('Nom') }],
        },
      ],
    },
    {
      id: 'qui',
      together: true,
      title: label('Qui ets'),
      questions: [
        { id: 'nom', type: 'text', required: true, label: label('Nom i cognoms') },
        { id: 'nif', type: 'nif', label: label('NIF') },
      ],
    },
  ],
  declarations: [{ id: 'veritat', required: false, text: label('Declaro que és cert.') }],
  decision: { months: 3, silence: 'granted' },
});

beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  await publish(town, FORM);
});

const POINTS = [
  { question: 'local.rotul', text: 'Com surt a la llicència.' },
  { question: 'qui.nif', text: 'No surt al padró.' },
  { question: null, text: 'Explica on aniran les cadires.' },
];
const nuria = () => staffOf(office, 'coordinator');

async function caseAt(at: string) {
  const found = (await town.deps.cases.bySecret(at.split('/')[3] ?? ''))!;
  return (await town.deps.cases.open(nuria(), office, found.id))!;
}

async function askToAmend(at: string, points: readonly (typeof POINTS)[number][] = POINTS) {
  const { cases } = town.deps;
  const { id } = (await caseAt(at)).case;
  await stepTo({ db: town.database.kysely, clock: town.clock }, nuria(), office, id, 'in-review');
  const { case: of } = await caseAt(at);
  const done = await cases.askToAmend(nuria(), office, id, { points, seen: seenOf(of) });
  if (!done.ok) throw new Error(done.reason);
}

type Browser = {
  get(path: string): Promise<{ html: string }>;
  post(
    path: string,
    form?: Record<string, string>,
  ): Promise<{ status: number; path: string; html: string }>;
};
const anybody: Browser = {
  get: (path) => town.get(path),
  post: (path, form = {}) => town.post(path, form),
};

/** Hands in what the check shows. */
async function handIn(at: string, as: Browser = anybody) {
  const [, seen = ''] = /name="seen" value="(\d+)"/.exec((await as.get(`${at}/check`)).html) ?? [];
  return as.post(`${at}/check`, { seen });
}

/** Hands a case in, and asks to amend it. Returns the address under which its pages are. */
async function asked(points = POINTS, as: Browser = anybody): Promise<string> {
  const at = (await as.post(APPLY)).path;
  await as.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar' });
  await as.post(`${at}/local/taules`, { 'q-taules_': '4' });
  await as.post(`${at}/qui`, { 'q-nom_': 'Rosa Soler', 'q-nif_': ROSA });
  expect((await handIn(at, as)).path).toBe(`${at}/done`);
  await askToAmend(at, points);
  return at;
}

describe('a case of which something is asked', () => {
  test('shows each point at its question, with the answer of then, the last day and the way to correct it', async () => {
    const at = await asked();
    for (const language of LANGUAGES) {
      const { html, status } = await town.get(`${at.replace('/ca/', `/${language}/`)}/done`);
      expect(status).toBe(200);
      expect(await faultsOf(html)).toEqual([]);
      expect(html).toContain('Com surt a la llicència.');
    }
    const { html } = await town.get(`${at}/done`);
    expect(html).toContain('<h1>Has de corregir alguna cosa</h1>');
    for (const said of ['Vas respondre: Bar', 'No surt al padró.', 'Explica on aniran'])
      expect(html).toContain(said);
    expect(html).toContain('Tens temps fins');
    expect(html).not.toContain('Posa’t en contacte amb l’oficina');
    expect(linkTo(html, /Corregeix-ho/)).toBe(`${at}/local/rotul`);
    expect(linkTo(html, /^Respon$/)).toBe(`${at}/reply`);
  });

  test('is corrected, checked with what was before, and handed in once', async () => {
    const at = await asked();
    const page = await town.get(`${at}/local/rotul`);
    expect(await faultsOf(page.html)).toEqual([]);
    expect(page.html).toContain('value="Bar"');
    expect(page.html).toContain('Com surt a la llicència.');
    // The next question that is asked about; those between are not there.
    const next = await town.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
    expect(next.path).toBe(`${at}/qui`);
    const together = await town.get(next.path);
    expect(together.html).toContain('q-nif_');
    expect(together.html).not.toContain('q-nom_');
    expect((await town.post(next.path, { 'q-nif_': AMINA, 'q-nom_': 'Una altra' })).path).toBe(
      `${at}/check`,
    );
    const missing = await town.get(`${at}/check`);
    expect(missing.html).toContain('Falta que responguis');
    expect(linkTo(missing.html, /primera que falta/)).toBe(`${at}/reply`);
    const reply = await town.get(`${at}/reply`);
    expect(await faultsOf(reply.html)).toEqual([]);
    expect(reply.html).toContain('Explica on aniran les cadires.');
    expect((await town.post(`${at}/reply`, { reply: 'A la vorera.' })).path).toBe(`${at}/check`);
    const check = await town.get(`${at}/check`);
    expect(await faultsOf(check.html)).toEqual([]);
    for (const said of ['Bar', 'Bar Pi', AMINA, ROSA, 'A la vorera.'])
      expect(check.html).toContain(said);
    expect(check.html).not.toContain('Rosa Soler');
    const seen = /name="seen" value="([^"]*)"/.exec(check.html)?.[1] ?? '';
    const both = await Promise.all([1, 2].map(() => town.post(`${at}/check`, { seen })));
    expect(both.map((each) => each.path)).toEqual([`${at}/done`, `${at}/done`]);
    const done = await town.get(`${at}/done`);
    expect(done.html).toContain('Tenim les correccions');
    expect(new Set(done.html.match(/E2026\d{6}/g)).size).toBe(2);
    expect(done.html).toContain('Bar Pi');
    expect(await faultsOf(done.html)).toEqual([]);
    const { case: of, draft, record } = await caseAt(at);
    expect(of.state).toBe('in-review');
    expect(draft.answers).toMatchObject({
      local: { rotul: 'Bar Pi' },
      qui: { nom: 'Rosa Soler', nif: AMINA },
    });
    expect(record?.answers).toMatchObject({ local: { rotul: 'Bar' }, qui: { nif: ROSA } });
    for (const late of ['/local/rotul', '/reply', '/check'])
      expect((await town.post(`${at}${late}`, { 'q-rotul_': 'x', reply: 'x' })).path).toBe(
        `${at}/done`,
      );
  });

  test('has no page for what nobody asks to amend, and neither deletes nor shows the draft of before', async () => {
    const at = await asked();
    expect((await town.get(`${at}/local/taules`)).path).toBe(`${at}/qui`);
    await town.post(`${at}/local/taules`, { 'q-taules_': '9' });
    expect((await town.get(`${at}/declarations`)).path).toBe(`${at}/check`);
    for (const page of ['', '/delete', '/pay'])
      expect((await town.get(`${at}${page}`)).path).toBe(`${at}/done`);
    await town.post(`${at}/delete`, {});
    expect((await caseAt(at)).draft.answers).toMatchObject({ local: { taules: 4 } });
  });

  test('tells mistakes, keeps what was typed, and is left for another day', async () => {
    const at = await asked([{ question: 'local.taules', text: 'No hi caben.' }]);
    const wrong = await town.post(`${at}/local/taules`, { 'q-taules_': '99' });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('value="99"');
    expect(await faultsOf(wrong.html)).toEqual([]);
    expect((await town.get(`${at}/check`)).html).toContain('Encara no està acabat');
    const { version } = (await caseAt(at)).case;
    expect((await town.post(`${at}/check`, { seen: String(version) })).status).toBe(422);
    const later = { 'q-taules_': '3', later: 'yes' };
    const left = await town.post(`${at}/local/taules`, later);
    expect((await town.get(left.path)).path).toBe(`${at}/done`);
    const { html } = await town.get(`${at}/done`);
    expect(html).toContain('encara no ho has presentat');
    expect(html).toContain('Vas respondre: 4');
    expect((await caseAt(at)).draft.answers).toMatchObject({ local: { taules: 4 } });
  });

  test('says so when nothing is corrected, or another tab has corrected more', async () => {
    const at = await asked([POINTS[0]!]);
    const nothing = await handIn(at);
    expect(nothing.status).toBe(422);
    expect(nothing.html).toContain('Encara no has corregit res');
    expect(await faultsOf(nothing.html)).toEqual([]);
    const { html } = await town.get(`${at}/check`);
    const seen = /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? '';
    await town.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
    const again = await town.post(`${at}/check`, { seen });
    expect(again.status).toBe(422);
    expect(again.html).toContain('potser tu en una altra pestanya');
    const long = await town.post(`${at}/reply`, { reply: 'x'.repeat(4001) });
    expect(long.status).toBe(422);
    expect(await faultsOf(long.html)).toEqual([]);
  });

  test('has its groups and declarations corrected too', async () => {
    const at = await asked([
      { question: 'local.gent', text: 'Qui hi treballa?' },
      { question: 'declarations.veritat', text: 'Cal declarar-ho.' },
    ]);
    const list = `${at}/local/gent`;
    const one = (await town.post(list, { add: 'yes' })).path;
    expect(one).toBe(`${list}/1`);
    const key = /name="item" value="([^"]+)"/.exec((await town.get(one)).html)?.[1] ?? '';
    await town.post(one, { item: key, 'q-nom_': 'Pau Vila' });
    expect((await town.post(list, {})).path).toBe(`${at}/declarations`);
    const page = await town.get(`${at}/declarations`);
    expect(page.html).toContain('Cal declarar-ho.');
    await town.post(`${at}/declarations`, { 'q-veritat_': 'yes' });
    const check = await town.get(`${at}/check`);
    expect(check.html).toContain('Pau Vila');
    expect((await handIn(at)).path).toBe(`${at}/done`);
    expect((await caseAt(at)).draft.answers).toMatchObject({
      local: { gent: [{ nom: 'Pau Vila' }] },
      declarations: { veritat: true },
    });
  });
});

test('after the last day it says that it has ended, and how to begin again', async () => {
  const at = await asked();
  await town.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
  town.clock.advance({ hours: 24 * 30 });
  await town.deps.cases.passDeadlines();
  const late = await town.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
  expect(late.path).toBe(`${at}/done`);
  const { html } = await town.get(`${at}/done`);
  expect(html).toContain('Ha passat l’últim dia');
  expect(linkTo(html, /Torna a començar/)).toBe(APPLY);
  expect(html).not.toContain('Corregeix-ho');
  expect(await faultsOf(html)).toEqual([]);
});

describe('the case of an identified person', () => {
  let rosa: IdentifiedBrowser;
  let at: string;
  beforeEach(async () => {
    await publish(town, formOf({ ...FORM, identity: 'substantial', sign: 'session' }));
    rosa = await identified(town, ROSA);
    at = await asked(POINTS, rosa);
  });

  test('is corrected by that person alone', async () => {
    const amina = await identified(town, AMINA);
    for (const page of ['/done', '/local/rotul', '/reply', '/check']) {
      expect((await town.get(`${at}${page}`)).path).toMatch(/^\/ca\/identify\?/);
      const other = await amina.get(`${at}${page}`);
      expect(other.status).toBe(403);
      expect(other.html).not.toContain('llicència');
      expect((await rosa.get(`${at}${page}`)).status).toBe(200);
    }
    await amina.post(`${at}/local/rotul`, { 'q-rotul_': 'x' });
    await amina.post(`${at}/reply`, { reply: 'x' });
    await town.post(`${at}/check`, {});
    expect((await caseAt(at)).case.state).toBe('to-amend');
    expect((await rosa.get('/ca/folder')).html).toContain('Has de corregir alguna cosa');
  });

  test('keeps the answer that was typed when the session ended', async () => {
    town.clock.advance({ minutes: 45 });
    const ended = await rosa.post(`${at}/reply`, { reply: 'Això no es perd.' });
    const next = new URL(ended.path, 'http://localhost').searchParams.get('next') ?? '';
    await identifyIn(rosa, ROSA);
    const back = await rosa.get(next);
    expect(back.html).toContain('Això no es perd.');
    expect((await rosa.post(actionIn(back.html), { reply: 'Això no es perd.' })).path).toBe(
      `${at}/check`,
    );
  });
});
