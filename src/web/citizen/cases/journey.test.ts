import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import { type IdentifiedBrowser, identified, identifyIn } from '../../testing/identified.ts';
import { faultsOf, type TestTown, testTown, WEDNESDAY } from '../testing.ts';
import { APPLY, actionIn, formOf, linkTo, PROCEDURE, publish } from './testing.ts';

const ROSA = '12345678Z';
const AMINA = 'X0000000T';
let town: TestTown;

beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());

const label = (ca: string) => ({ ca, es: `${ca} (es)`, en: `${ca} (en)`, eu: `${ca} (eu)` });
const STEPS = [
  {
    id: 'local',
    title: label('El local'),
    questions: [
      { id: 'rotul', type: 'text', required: true, label: label('Com es diu el local?') },
      { id: 'taules', type: 'integer', min: 1, max: 40, required: true, label: label('Taules') },
      {
        id: 'ocupa',
        type: 'computed',
        gives: 'integer',
        label: label('Metres'),
        value: { '*': [{ var: 'local.taules' }, 2] },
      },
      {
        id: 'gent',
        type: 'group',
        item: label('persona'),
        most: 3,
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
      {
        id: 'nom',
        type: 'text',
        from: 'identity.name',
        required: true,
        label: label('Nom i cognoms'),
      },
      { id: 'nif', type: 'nif', from: 'identity.nif', required: true, label: label('NIF') },
    ],
  },
];
const DECLARATIONS = [{ id: 'veritat', text: label('Declaro que és cert.') }];
const OPEN = formOf({
  title: label('Terrassa petita'),
  minutes: 7,
  steps: STEPS,
  declarations: DECLARATIONS,
  decision: { months: 3, silence: 'granted' },
});
const IDENTIFIED = { ...OPEN, identity: 'substantial', sign: 'session' } as const;

beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  await publish(town, OPEN);
});

/** Begins a case. Returns the address under which all of its pages are. */
const begin = async () => (await town.post(APPLY, {})).path;
const secretIn = (path: string) => path.split('/')[3] ?? '';

/** Begins a case, and answers everything up to the check. */
async function filled(): Promise<string> {
  const at = await begin();
  await town.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
  await town.post(`${at}/local/taules`, { 'q-taules_': '4' });
  await town.post(`${at}/qui`, { 'q-nom_': 'Rosa Soler', 'q-nif_': ROSA });
  await town.post(`${at}/declarations`, { 'q-veritat_': 'yes' });
  return at;
}

interface Browser {
  get(path: string): Promise<{ html: string }>;
  post(path: string, form: Record<string, string>): Promise<{ path: string }>;
}

/** Opens the check, and hands in what it shows. */
async function handIn(at: string, browser: Browser = town) {
  const { html } = await browser.get(`${at}/check`);
  return browser.post(`${at}/check`, { seen: seenIn(html) });
}
const seenIn = (html: string) => /name="seen" value="(\d+)"/.exec(html)?.[1] ?? '';

async function draftOf(at: string) {
  const office = (await town.deps.offices.find('oac'))!;
  const found = (await town.deps.cases.bySecret(secretIn(at)))!;
  const viewer: ApplicantViewer = { kind: 'applicant', case: found.id, identified: null };
  return (await town.deps.cases.open(viewer, office, found.id))!;
}

describe('on the page of a procedure', () => {
  const page = `/ca/oac/${PROCEDURE}`;

  test('it is offered on-line when it can be finished so today', async () => {
    expect(linkTo((await town.get(page)).html, /Comença per internet/)).toBe(APPLY);
    const asks = (more: object) => publish(town, formOf({ steps: STEPS, ...more }));
    await asks({ sign: 'autofirma', identity: 'low' });
    expect((await town.get(page)).html).not.toContain(APPLY);
    expect((await town.get(APPLY)).status).toBe(404);
    expect((await town.post(APPLY, {})).html).toContain('Encara no es pot fer per internet');
    await asks({ sign: 'valid', identity: 'low' });
    expect((await town.get(page)).html).toContain(APPLY);
  });

  test('the beginning tells what it needs and how long it takes, in four languages', async () => {
    for (const language of LANGUAGES) {
      const { html, status } = await town.get(APPLY.replace('/ca/', `/${language}/`));
      expect(status).toBe(200);
      expect(html).toContain(label('Terrassa petita')[language]);
      expect(html).toContain('7');
      expect(await faultsOf(html)).toEqual([]);
    }
  });
});

describe('a form', () => {
  test('is filled in, checked and handed in, and has a receipt', async () => {
    const at = await filled();
    const check = await town.get(`${at}/check`);
    for (const said of ['Bar Pi', 'Rosa Soler', ROSA, 'Ho declares'])
      expect(check.html).toContain(said);
    expect(await faultsOf(check.html)).toEqual([]);
    const done = await town.submit(`${at}/check`, { seen: seenIn(check.html) });
    expect(done.path).toBe(`${at}/done`);
    expect(done.html).toMatch(/E2026\d{6}/);
    expect(done.html).toContain('com a molt tard');
    expect(done.html).toContain(`http://localhost${at}`);
    expect(done.headers.get('Cache-Control')).toBe('no-store');
    expect(await faultsOf(done.html)).toEqual([]);
    // Nothing of a person stands in an address or in a title.
    expect(/<title>([^<]*)/.exec(done.html)?.[1]).not.toContain('Rosa');
  });

  test('handed in twice shows the receipt, and so does every page of it', async () => {
    const at = await filled();
    const seen = seenIn((await town.get(`${at}/check`)).html);
    const both = await Promise.all([1, 2].map(() => town.post(`${at}/check`, { seen })));
    expect(both.map((each) => each.path)).toEqual([`${at}/done`, `${at}/done`]);
    for (const page of ['', '/check', '/local/rotul', '/qui', '/delete'])
      expect((await town.get(`${at}${page}`)).path).toBe(`${at}/done`);
    const late = await town.post(`${at}/local/rotul`, { 'q-rotul_': 'Altre' });
    expect(late.path).toBe(`${at}/done`);
    const entries = await within(town.database.kysely, INSTALLATION, (tx) =>
      tx.selectFrom('registry_entry').select('id').execute(),
    );
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    expect((await town.get(`${at}/done`)).html).toContain('Bar Pi');
  });

  test('tells a mistake beside the field, and loses nothing that was typed', async () => {
    const at = await begin();
    const wrong = await town.post(`${at}/local/taules`, { 'q-taules_': 'quatre taules' });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('href="#q-taules_"');
    expect(wrong.html).toContain('value="quatre taules"');
    expect(wrong.html).toContain('aria-invalid="true"');
    expect(await faultsOf(wrong.html)).toEqual([]);
    // On another device too.
    expect((await town.get(`${at}/local/taules`)).html).toContain('value="quatre taules"');
    const check = await town.get(`${at}/check`);
    expect(check.html).toContain('Encara no està acabat');
    expect(check.html).not.toContain('name="seen"');
    expect((await town.post(`${at}/check`, {})).status).toBe(422);
    expect((await draftOf(at)).case.state).toBe('draft');
  });

  test('is left for another day from every page, with what was typed', async () => {
    const at = await begin();
    const stopped = await town.submit(`${at}/local/rotul`, { 'q-rotul_': 'Bar', later: 'yes' });
    expect(stopped.path).toBe(at);
    expect(stopped.html).toContain('Continua on ho vas deixar');
    expect(linkTo(stopped.html, /on ho vas deixar/)).toBe(`${at}/local/taules`);
    expect(stopped.html).toContain('divendres, 25 de desembre del 2026');
    expect(stopped.html).toContain('mailto:?subject=');
    town.clock.advance({ hours: 24 * 29 });
    expect((await town.get(`${at}/local/rotul`)).html).toContain('value="Bar"');
  });

  test('that nobody goes on with is gone, and the link says so', async () => {
    const at = await begin();
    town.clock.advance({ hours: 24 * 31 });
    await town.deps.cases.discardDrafts();
    const late = await town.get(at);
    expect(late.status).toBe(404);
    expect(late.html).toContain('s’ha esborrat');
    expect((await town.post(`${at}/local/rotul`, { 'q-rotul_': 'x' })).status).toBe(404);
  });

  test('is deleted by whoever filled it in, after a question', async () => {
    const at = await begin();
    expect(await faultsOf((await town.get(`${at}/delete`)).html)).toEqual([]);
    const gone = await town.submit(`${at}/delete`, {});
    expect(gone.html).toContain('Ho hem esborrat');
    expect((await town.get(at)).status).toBe(404);
  });

  test('is changed from the check, and goes back there', async () => {
    const at = await filled();
    const change = linkTo((await town.get(`${at}/check`)).html, /^Canvia$/) ?? '';
    expect(change).toBe(`${at}/local/rotul?from=check`);
    const page = await town.get(change);
    expect(actionIn(page.html)).toBe(change);
    expect(linkTo(page.html, /Enrere/)).toBe(`${at}/check`);
    expect((await town.post(change, { 'q-rotul_': 'Bar Roure' })).path).toBe(`${at}/check`);
    expect((await town.get(`${at}/check`)).html).toContain('Bar Roure');
  });

  test('whose answers another tab has changed since is checked again', async () => {
    const at = await filled();
    const seen = seenIn((await town.get(`${at}/check`)).html);
    // Nor is it handed in by somebody to whom nothing was shown.
    expect((await town.post(`${at}/check`, {})).status).toBe(422);
    await town.post(`${at}/local/taules`, { 'q-taules_': '5' });
    const again = await town.post(`${at}/check`, { seen });
    expect(again.status).toBe(422);
    expect(again.html).toContain('potser tu en una altra pestanya');
    expect((await draftOf(at)).case.state).toBe('draft');
  });

  test('with two tabs keeps what both typed', async () => {
    const at = await begin();
    await Promise.all([
      town.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' }),
      town.post(`${at}/local/taules`, { 'q-taules_': '4' }),
    ]);
    expect((await draftOf(at)).draft.answers).toEqual({ local: { rotul: 'Bar Pi', taules: 4 } });
  });

  test('stays on the version with which it was begun, and says that there is another', async () => {
    const at = await filled();
    await publish(
      town,
      formOf({
        steps: [
          {
            id: 'nou',
            questions: [{ id: 'x', type: 'text', required: true, label: label('Nova') }],
          },
        ],
      }),
    );
    const check = await town.get(`${at}/check`);
    expect(check.html).toContain('El formulari ha canviat');
    expect(check.html).toContain('Bar Pi');
    expect((await handIn(at)).path).toBe(`${at}/done`);
    expect((await town.get(`${at}/done`)).html).toContain('Terrassa petita');
  });

  test('shows what it has worked out, and leads on from an address that is not there', async () => {
    const at = await begin();
    await town.post(`${at}/local/taules`, { 'q-taules_': '4' });
    const computed = await town.get(`${at}/local/ocupa`);
    expect(computed.html).toMatch(/class="result figures">8</);
    expect(computed.html).toContain('<h1>Metres</h1>');
    expect((await town.get(`${at}/local/no-hi-es`)).path).toBe(`${at}/local/rotul`);
    expect((await town.get(`${at}/start`)).path).toBe(`${at}/local/rotul`);
    expect((await town.get(`${at}/local/gent/7`)).path).toBe(`${at}/local/gent`);
    expect((await town.get(`${at}/sign`)).status).toBe(303);
  });

  test('needs its declarations', async () => {
    const at = await begin();
    const wrong = await town.post(`${at}/declarations`, {});
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('href="#q-veritat_"');
    expect(await faultsOf(wrong.html)).toEqual([]);
  });
});

describe('the things of a group', () => {
  test('are added, changed and removed, in two tabs too', async () => {
    const at = await begin();
    const list = `${at}/local/gent`;
    const one = (await town.post(list, { add: 'yes' })).path;
    expect(one).toBe(`${list}/1`);
    const page = await town.get(one);
    expect(page.html).toContain('<h1>Persona 1</h1>');
    expect(await faultsOf(page.html)).toEqual([]);
    const key = /name="item" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    expect((await town.post(one, { item: key, 'q-nom_': 'Rosa' })).path).toBe(list);
    await town.post(list, { add: 'yes' });
    const incomplete = await town.post(list, {});
    expect(incomplete.status).toBe(422);
    expect(incomplete.html).toContain(`href="${list}/2"`);
    expect(await faultsOf(incomplete.html)).toEqual([]);
    const second =
      /name="item" value="([^"]+)"/.exec((await town.get(`${list}/2`)).html)?.[1] ?? '';
    // One tab removes the first. The other still has the second one open at the second place.
    await town.post(list, { remove: key });
    expect((await town.post(`${list}/2`, { item: second, 'q-nom_': 'Amina' })).path).toBe(list);
    expect((await town.post(`${list}/1`, { item: key, 'q-nom_': 'x' })).html).toContain(
      'ja no hi és',
    );
    const { answers } = (await draftOf(at)).draft;
    expect(answers).toMatchObject({ local: { gent: [{ nom: 'Amina' }] } });
    expect((await town.post(list, {})).path).toBe(`${at}/qui`);
  });
});

describe('whoever must be identified', () => {
  let rosa: IdentifiedBrowser;
  beforeEach(async () => {
    await publish(town, formOf(IDENTIFIED));
    rosa = await identified(town, ROSA);
  });
  const beginAs = async (browser: IdentifiedBrowser) => (await browser.post(APPLY)).path;

  test('identifies first, and comes back to the beginning', async () => {
    const page = await town.get(APPLY);
    expect(page.html).not.toContain(`action="${APPLY}"`);
    const asked = linkTo(page.html, /Identifica’t/);
    expect(asked).toContain('level=substantial');
    expect(asked).toContain(encodeURIComponent(APPLY));
    expect((await town.post(APPLY, {})).path).toBe(asked);
    const low = await identified(town, ROSA, 'low');
    expect((await low.post(APPLY)).path).toBe(asked);
  });

  test('finds what is known filled in, and where it is from', async () => {
    const at = await beginAs(rosa);
    const page = await rosa.get(`${at}/qui`);
    expect(page.html).toContain(`value="${ROSA}"`);
    expect(page.html.match(/de la teva identificació/g)).toHaveLength(2);
    // What they emptied stays empty, and what they changed stays changed.
    await rosa.post(`${at}/qui`, { 'q-nom_': 'Rosa S.', 'q-nif_': '' });
    const again = await rosa.get(`${at}/qui`);
    expect(again.html).toContain('value="Rosa S."');
    expect(again.html).not.toContain(`value="${ROSA}"`);
    expect(again.html).not.toContain('de la teva identificació');
  });

  test('has it to themselves: neither the link nor another person opens it, to read or to write', async () => {
    const at = await beginAs(rosa);
    await rosa.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Secret' });
    const amina = await identified(town, AMINA);
    const low = await identified(town, ROSA, 'low');
    for (const page of ['', '/local/rotul', '/check', '/done', '/delete']) {
      const link = await town.get(`${at}${page}`);
      expect(link.status).toBe(303);
      expect(link.path).toMatch(/^\/ca\/identify\?.*level=substantial/);
      expect((await low.get(`${at}${page}`)).path).toMatch(/^\/ca\/identify\?/);
      const other = await amina.get(`${at}${page}`);
      expect(other.status).toBe(403);
      expect(other.html).not.toContain('Bar Secret');
      expect((await rosa.get(`${at}${page}`)).status).toBeLessThan(400);
    }
    for (const page of ['/local/rotul', '/check', '/delete']) {
      await town.post(`${at}${page}`, { 'q-rotul_': 'x' });
      expect((await amina.post(`${at}${page}`, { 'q-rotul_': 'x' })).status).toBe(403);
    }
    expect((await rosa.get(`${at}/local/rotul`)).html).toContain('value="Bar Secret"');
  });

  test('whose session ends in the middle identifies again, and has what was typed on the same page', async () => {
    const at = await beginAs(rosa);
    const here = `${at}/local/rotul`;
    town.clock.advance({ minutes: 45 });
    const ended = await rosa.post(here, { 'q-rotul_': 'Bar que no es perd' });
    expect(ended.status).toBe(303);
    const asked = new URL(ended.path, 'http://localhost');
    expect(asked.searchParams.get('ended')).toBe('1');
    const next = asked.searchParams.get('next') ?? '';
    expect(next).toMatch(/\/local\/rotul\?kept=/);
    expect(ended.path).not.toContain('perd');
    town.clock.advance({ minutes: 15 });
    // Somebody else who gets hold of that address has nothing of it.
    expect((await (await identified(town, AMINA)).get(next)).html).not.toContain('no es perd');
    await identifyIn(rosa, ROSA);
    const back = await rosa.get(next);
    expect(back.html).toContain('value="Bar que no es perd"');
    expect(back.html).toContain('La sessió s’havia tancat');
    const on = await rosa.post(actionIn(back.html), { 'q-rotul_': 'Bar que no es perd' });
    expect(on.path).toBe(`${at}/local/taules`);
  });

  test('goes on from the beginning or the folder, and hands it in as themselves', async () => {
    const at = await beginAs(rosa);
    for (const page of [APPLY, '/ca/folder'])
      expect((await rosa.get(page)).html).toContain(`href="${at}"`);
    expect((await (await identified(town, AMINA)).get('/ca/folder')).html).not.toContain(at);
    await rosa.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
    await rosa.post(`${at}/local/taules`, { 'q-taules_': '4' });
    await rosa.post(`${at}/qui`, { 'q-nom_': 'Rosa Soler', 'q-nif_': ROSA });
    await rosa.post(`${at}/declarations`, { 'q-veritat_': 'yes' });
    expect((await rosa.get(`${at}/check`)).html).toContain('Ho presentes com a');
    expect((await handIn(at, rosa)).path).toBe(`${at}/done`);
    expect((await rosa.get('/ca/folder')).html).toContain('Presentat');
    // Years later the evidence of who handed it in is still there, and so is the person.
    town.clock.advance({ hours: 24 * 500 });
    await town.deps.folder.tidy();
    const kept = await within(town.database.kysely, INSTALLATION, (tx) =>
      tx
        .selectFrom('case_file')
        .innerJoin('identification as i', 'i.id', 'identification_id')
        .select('i.person_id')
        .execute(),
    );
    expect(kept.length).toBeGreaterThan(0);
  });
});

describe('what was handed in', () => {
  test('has its history, and is withdrawn after a question, once', async () => {
    const at = await filled();
    const done = (await handIn(at)).path;
    const page = await town.get(done);
    expect(page.html).toContain('Què ha passat fins ara');
    expect(linkTo(page.html, /Vull retirar/)).toBe(`${at}/withdraw`);
    const rosa = await identified(town, ROSA, 'low');
    const asked = await rosa.get(`${at}/withdraw`);
    expect(asked.html).toContain('Vols retirar la sol·licitud?');
    expect(await faultsOf(asked.html)).toEqual([]);
    expect((await town.get(done)).html).not.toContain('Ho vas retirar');
    expect((await rosa.post(`${at}/withdraw`)).path).toBe(done);
    const after = await town.get(done);
    expect(after.html).toContain('Ho vas retirar');
    expect(after.html).toMatch(/Vas retirar la sol·licitud\. Entrada E2026\d{6}/);
    expect(after.html).not.toContain('/withdraw');
    expect(await faultsOf(after.html)).toEqual([]);
    expect((await town.post(`${at}/withdraw`, {})).path).toBe(done);
    expect((await town.get(`${at}/withdraw`)).path).toBe(done);
  });

  test('is not withdrawn by its link alone: it leads to identifying, and back', async () => {
    const at = await filled();
    const done = (await handIn(at)).path;
    const page = await town.get(`${at}/withdraw`);
    expect(page.html).toContain('L’enllaç sol no és prou');
    expect(page.html).toContain('demana-ho a l’oficina');
    expect(page.html).not.toContain('<form class="form"');
    expect(await faultsOf(page.html)).toEqual([]);
    const identify = linkTo(page.html, /Identifica’t/);
    expect(identify).toContain(encodeURIComponent(`${at}/withdraw`));
    expect((await town.post(`${at}/withdraw`, {})).path).toBe(identify);
    expect((await town.get(done)).html).not.toContain('Ho vas retirar');
  });

  test('a draft has nothing to withdraw', async () => {
    const at = await begin();
    expect((await town.get(`${at}/withdraw`)).path).toBe(at);
  });
});
