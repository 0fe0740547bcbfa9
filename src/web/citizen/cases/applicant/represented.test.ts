import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { identified } from '../../../testing/identified.ts';
import { faultsOf, type TestTown, testTown, WEDNESDAY } from '../../testing.ts';
import { APPLY, formOf, publish } from '../testing.ts';
import { acting, type Client, COMPANY, JORDI, LIST, ROSA } from './testing.ts';

/* What somebody begins, fills in and hands in for another person or an organisation: docs/adr/0107. */

const AMINA = 'X0000000T';
let town: TestTown;

const FORM = {
  identity: 'substantial',
  sign: 'session',
  onBehalf: true,
  steps: [
    {
      id: 'local',
      questions: [
        { id: 'rotul', type: 'text', required: true },
        { id: 'nom', type: 'text', required: false, from: 'identity.name' },
        { id: 'nif', type: 'nif', required: false, from: 'identity.nif' },
      ],
    },
  ],
};

beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());
beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  await publish(town, formOf(FORM));
});

/** Rosa begins and fills in a case for Jordi. */
async function begun() {
  const on = await acting(town);
  const at = (await on.rosa.post(APPLY)).path;
  await on.rosa.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
  return { ...on, at };
}

async function handIn(by: Client, at: string): Promise<string> {
  const { html } = await by.get(`${at}/check`);
  const [, seen = ''] = /name="seen" value="(\d+)"/.exec(html) ?? [];
  return (await by.post(`${at}/check`, { seen })).path;
}

const fieldsIn = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')],
    ),
  );

/** Returns who a case says that handed it in, and for whom. */
async function applicantOf(at: string) {
  const found = (await town.deps.cases.bySecret(at.split('/').at(-1) ?? ''))!;
  const office = (await town.deps.offices.find('oac'))!;
  const viewer = { kind: 'system', why: 'test' } as const;
  const opened = (await town.deps.cases.open(viewer, office, found.id))!;
  return { found, opened, who: await town.deps.cases.applicant(viewer, office, found.id) };
}

describe('for another person, by an authorisation', () => {
  test('a case is begun, filled in and handed in, with both on record, and is in both folders', async () => {
    const { jordi, rosa, at } = await begun();
    // What is known of the represented person, and nothing of whoever acts for them.
    const page = await rosa.get(`${at}/local/nom`);
    expect(page.html).toContain('value="Jordi Pons');
    expect((await rosa.get(`${at}/local/nif`)).html).not.toContain(`value="${ROSA}"`);
    const check = await rosa.get(`${at}/check`);
    expect(check.html).toContain('Ho presentes com a Rosa Soler Vidal (***4567**)');
    expect(check.html).toMatch(/Ho fas en nom de Jordi Pons/);
    expect(await faultsOf(check.html)).toEqual([]);
    expect(await handIn(rosa, at)).toBe(`${at}/done`);
    const { found, opened, who } = await applicantOf(at);
    expect(who).toMatchObject({
      name: 'Rosa Soler Vidal',
      masked: '***4567**',
      represents: { name: expect.stringMatching(/^Jordi Pons/), identifier: '***9999**' },
    });
    expect(opened.record?.represents).toMatchObject({
      identifier: JORDI,
      authorisation: found.representation?.id,
    });
    const receipt = await rosa.get(`${at}/receipt`);
    expect(receipt.html).toContain('Rosa Soler Vidal, ***4567**');
    expect(receipt.html).toMatch(/Jordi Pons[^<]*, \*\*\*9999\*\*/);
    expect((await rosa.get('/ca/folder')).html).toMatch(/En nom de Jordi Pons/);
    const folder = await jordi.get('/ca/folder');
    expect(folder.html).toContain(at);
    expect((await jordi.get(`${at}/done`)).status).toBe(200);
    expect(await faultsOf((await rosa.get('/ca/folder')).html)).toEqual([]);
  });

  test('opens to nobody else, and to the representative only while they act', async () => {
    const { rosa, which, at } = await begun();
    const stranger = await identified(town, AMINA);
    expect((await stranger.get(at)).status).toBe(403);
    expect((await town.get(at)).path).toMatch(/^\/ca\/identify\?/);
    expect((await rosa.get(APPLY)).html).toContain(at);
    await rosa.post(LIST, { do: 'stop' });
    expect((await rosa.get(APPLY)).html).not.toContain(at);
    const page = await rosa.get(at);
    expect(page.status).toBe(403);
    expect(page.html).not.toContain('Bar Pi');
    expect(page.html).toContain('Ho vas començar en nom de Jordi Pons');
    expect(await faultsOf(page.html)).toEqual([]);
    expect((await rosa.post(LIST, { do: 'act', which, back: at })).path).toBe(at);
    expect((await rosa.get(`${at}/check`)).html).toContain('Bar Pi');
  });

  test('stops when the authorisation ends, and nothing is lost for the represented person', async () => {
    const { jordi, rosa, which, at } = await begun();
    const { html } = await rosa.get(`${at}/check`);
    const [, seen = ''] = /name="seen" value="(\d+)"/.exec(html) ?? [];
    await jordi.post(LIST, { do: 'end', which });
    const sent = await rosa.post(`${at}/check`, { seen });
    expect(sent.path).not.toContain('/done');
    const page = await rosa.get(at);
    expect(page.status).toBe(403);
    expect(page.html).toContain('Ja no ho pots fer en nom seu');
    expect((await rosa.get('/ca/folder')).html).not.toContain(at);
    expect((await jordi.get(`${at}/check`)).html).toContain('Bar Pi');
    expect(await handIn(jordi, at)).toBe(`${at}/done`);
    const { who, opened } = await applicantOf(at);
    expect(who).toMatchObject({ represents: null });
    expect(opened.record).not.toHaveProperty('represents');
    expect((await rosa.get(`${at}/done`)).status).toBe(403);
    expect((await rosa.get(`${at}/receipt`)).status).toBe(403);
  });

  test('is refused at the moment of handing in, by the authorisation as it is then', async () => {
    const { at, which } = await begun();
    const { found } = await applicantOf(at);
    const office = (await town.deps.offices.find('oac'))!;
    const person = found.representation?.representative ?? '';
    const session = await within(town.database.kysely, INSTALLATION, (tx) =>
      tx
        .selectFrom('identification')
        .select('id')
        .where('person_id', '=', person)
        .executeTakeFirstOrThrow(),
    );
    const viewer = {
      ...({ kind: 'applicant', case: found.id } as const),
      identified: {
        ...({ person, level: 'substantial', actsFor: which } as const),
        identification: session.id,
      },
    };
    // The request came while it was valid; its last day has passed since, and the job has not ended it yet.
    await within(town.database.kysely, INSTALLATION, (tx) =>
      tx
        .updateTable('representation')
        .set({ ends_at: town.clock.now().toString() })
        .where('id', '=', which)
        .execute(),
    );
    expect(await town.deps.cases.handIn(viewer, office, found.id)).toEqual({
      ok: false,
      reason: 'not_found',
    });
    // Nor does anything open to a request that came before it was ended.
    expect(await town.deps.cases.open(viewer, office, found.id)).not.toBeNull();
    await within(town.database.kysely, INSTALLATION, (tx) =>
      tx
        .updateTable('representation')
        .set({ state: 'ended', ended_by: 'system' })
        .where('id', '=', which)
        .execute(),
    );
    expect(await town.deps.cases.open(viewer, office, found.id)).toBeNull();
  });

  test('is paid by the representative, and both are on the receipt that the payment brings', async () => {
    const on = await acting(town);
    await publish(town, formOf({ ...FORM, fee: 12.5 }));
    const { rosa } = on;
    const at = (await rosa.post(APPLY)).path;
    await rosa.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
    expect(await handIn(rosa, at)).toBe(`${at}/pay`);
    const pay = await rosa.get(`${at}/pay`);
    const bank = await rosa.post('/ca/payment/demo', fieldsIn(pay.html));
    await rosa.post('/ca/payment/demo', { ...fieldsIn(bank.html), answer: 'pay' });
    expect((await rosa.get(`${at}/pay`)).path).toBe(`${at}/done`);
    const receipt = await rosa.get(`${at}/receipt`);
    expect(receipt.html).toContain('Rosa Soler Vidal, ***4567**');
    expect(receipt.html).toMatch(/Jordi Pons[^<]*, \*\*\*9999\*\*/);
    const { who } = await applicantOf(at);
    expect(who?.represents).toMatchObject({ identifier: '***9999**' });
  });

  test('is not handed in when it is paid after the authorisation ended, and the fee is given back', async () => {
    const { jordi, rosa, which } = await acting(town);
    await publish(town, formOf({ ...FORM, fee: 12.5 }));
    const at = (await rosa.post(APPLY)).path;
    await rosa.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
    expect(await handIn(rosa, at)).toBe(`${at}/pay`);
    const pay = await rosa.get(`${at}/pay`);
    const bank = await rosa.post('/ca/payment/demo', fieldsIn(pay.html));
    await jordi.post(LIST, { do: 'end', which });
    await rosa.post('/ca/payment/demo', { ...fieldsIn(bank.html), answer: 'pay' });
    const { found } = await applicantOf(at);
    expect(found.state).toBe('draft');
    const [paid] = await within(town.database.kysely, INSTALLATION, (tx) =>
      tx.selectFrom('payment').selectAll().where('case_id', '=', found.id).execute(),
    );
    expect(paid).toMatchObject({ state: 'paid', refund: 'ended', settled_at: expect.anything() });
  });

  test('can’t be begun where everybody does it themselves', async () => {
    const { rosa } = await acting(town);
    await publish(town, formOf({ ...FORM, onBehalf: false }));
    const page = await rosa.get((await rosa.post(APPLY)).path);
    expect(page.status).toBe(409);
    expect(page.html).toContain('Això no ho pots fer en nom d’una altra persona');
  });

  test('is amended and withdrawn by the representative too', async () => {
    const { rosa, at } = await begun();
    await handIn(rosa, at);
    expect((await rosa.post(`${at}/withdraw`)).path).toBe(`${at}/done`);
    const { found } = await applicantOf(at);
    expect(found.state).toBe('withdrawn');
  });
});

describe('for an organisation, by its certificate', () => {
  test('a case is handed in for it, and opens to whoever acts for it alone', async () => {
    const company = await identified(town, COMPANY);
    const at = (await company.post(APPLY)).path;
    await company.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
    expect((await company.get(`${at}/check`)).html).toContain('Ho fas en nom de');
    expect(await handIn(company, at)).toBe(`${at}/done`);
    const { who, found, opened } = await applicantOf(at);
    expect(found.representation).toMatchObject({ id: null, organisation: expect.any(String) });
    expect(who?.represents?.identifier).toBe(found.representation?.organisation);
    expect(opened.record?.represents?.authorisation).toBeNull();
    const low = await identified(town, COMPANY, 'low');
    expect((await low.get(`${at}/done`)).path).toMatch(/^\/ca\/identify\?/);
    const rosa = await identified(town, ROSA);
    const page = await rosa.get(at);
    expect(page.status).toBe(403);
    expect(page.html).toContain('Es va començar en nom d’una organització');
  });
});
