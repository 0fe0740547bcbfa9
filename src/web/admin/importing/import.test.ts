import { afterAll, beforeAll, expect, test } from 'vitest';
import { within } from '../../../lib/db/database.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { ALBERT, type ConsoleWorld, consoleWorld } from '../../console/testing.ts';

const say = translateTo('ca');
const PAGE = '/console/oac/admin/import';
let world: ConsoleWorld;
let headers: Record<string, string>;
beforeAll(async () => {
  world = await consoleWorld();
  headers = { cookie: await world.signIn(ALBERT), 'Accept-Language': 'ca' };
}, 60_000);
afterAll(() => world?.close());

/** Sends the page's form as a browser does, with a file or none chosen. */
async function send(fields: Record<string, string>, file?: string) {
  const body = new FormData();
  for (const [name, text] of Object.entries({ source: 'cites', ...fields }))
    body.append(name.split(':')[0]!, text);
  body.append('file', new Blob([file ?? '']), file === undefined ? '' : 'cites.csv');
  const encoded = new Response(body);
  const bytes = Buffer.from(await encoded.arrayBuffer());
  const sent = {
    ...headers,
    'Content-Type': encoded.headers.get('Content-Type') ?? '',
    'Content-Length': String(bytes.length),
  };
  const response = await world.app.request(PAGE, { method: 'POST', headers: sent, body: bytes });
  const html = await response.text();
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1];
  return { response, html, plan: { kept: hidden('kept') ?? '', code: hidden('code') ?? '' } };
}
const brought = async () => {
  const { id } = (await world.offices.find('oac'))!;
  return within(world.database.kysely, id, (tx) =>
    tx
      .selectFrom('appointment')
      .select(['id', 'name', 'status'])
      .where('external_id', 'like', 'import:%')
      .orderBy('name')
      .execute(),
  );
};
const names = async () => (await brought()).map(({ name }) => name);

const FILE =
  'id;nom;telèfon;correu;data;hora;tràmit;canal\n' +
  '1;Rosa <b>;612345678;;01/12/2027;10:00;Padró - alta;telèfon\n' +
  '2;=Pau;;;01/12/2027;10:30;volant-padro;telèfon\n';
const MAPPING = 'procedures: { "Padró - alta": volant-padro }';

test('a file is looked at, changed, and brought as it was read', async () => {
  const first = await send({ act: 'look' }, FILE);
  expect(first.html).toContain('1 línia té el tràmit «Padró - alta»');
  expect(first.html).toContain('Sense telèfon');
  expect(first.html).toContain('nom = nom; telèfon = telèfon; correu electrònic = correu;');
  expect(first.html).not.toContain('value="do"');
  expect(await faultsOf(first.html)).toEqual([]);
  // The mapping is typed, and the file goes along.
  const second = await send({ act: 'look', kept: first.plan.kept, mapping: MAPPING });
  expect(second.html).toContain(say('imports.page.do', { count: 1, gone: 0 }));
  expect(await faultsOf(second.html)).toEqual([]);
  expect(await names()).toEqual([]);

  const report = await send({ act: 'report', ...second.plan, mapping: MAPPING });
  expect(report.response.headers.get('Content-Disposition')).toContain('import-oac.csv');
  expect(report.html).toContain("'=Pau");

  const other = await send({ act: 'do', ...second.plan, code: first.plan.code, mapping: MAPPING });
  expect(other.html).toContain(say('imports.page.changed'));
  expect(await names()).toEqual([]);
  const done = await send({ act: 'do', ...second.plan, mapping: MAPPING });
  expect(done.html).toContain(say('imports.done', { count: 2 }));
  expect(await faultsOf(done.html)).toEqual([]);
  expect(await names()).toEqual(['Rosa <b>']);
  const [one] = await brought();
  const card = await world.app.request(`/console/oac/appointment/${one?.id}`, { headers });
  expect(await card.text()).toContain(say('staff.event.brought', { source: 'cites' }));
  const again = await send({ act: 'do', ...second.plan, mapping: MAPPING });
  expect(again.html).toContain(say('imports.verdict.there'));
  expect(await names()).toEqual(['Rosa <b>']);
});

test('what can’t be used is said beside the field', async () => {
  for (const [fields, file, text] of [
    [{}, undefined, say('imports.page.noFile')],
    [{ mapping: 'colums: {}' }, FILE, 'Line 1:'],
    [{ source: '' }, FILE, say('imports.page.noSource')],
    [{ source: 'Cita prèvia' }, FILE, say('imports.page.noSource')],
    [{}, 'data;Data\n1;2', say('imports.mistake.two_columns', { name: 'data' })],
    [{}, 'nom;correu\nA;b', say('imports.mistake.no_column')],
    [{}, 'x'.repeat(1024 * 1024 + 1), say('imports.page.tooLarge')],
    [{}, `data\n${'1/12/2027 9:00\n'.repeat(2001)}`, say('imports.page.tooMany', { most: 2000 })],
  ] as [Record<string, string>, string | undefined, string][]) {
    const { response, html } = await send({ act: 'look', ...fields }, file);
    expect([response.status, text]).toEqual([422, text]);
    expect(html).toContain(text);
    expect(await faultsOf(html)).toEqual([]);
  }
  const page = await world.app.request(PAGE, { headers });
  expect(await faultsOf(await page.text())).toEqual([]);
});

test('many are cancelled only by whoever types how many', async () => {
  const lines = (count: number) =>
    Array.from(
      { length: count },
      (_, at) => `c${at};Veí;61234567${at};;02/12/2027;1${at}:00;volant-padro;telèfon\n`,
    );
  const file = (texts: string[]) =>
    `id;nom;telèfon;correu;data;hora;tràmit;canal\n${texts.join('')}`;
  const of = { source: 'altra' };
  const all = lines(4);
  const { plan } = await send({ ...of, act: 'look' }, file(all));
  await send({ ...of, act: 'do', ...plan });
  const less = file([all[0]!, all[3]!]);
  const page = await send({ ...of, act: 'look' }, less);
  expect(page.html).not.toContain(say('imports.verdict.gone_there'));
  const body = { ...of, 'options:whole': 'whole' };
  const asked = await send({ ...body, act: 'look' }, less);
  expect(asked.html).toContain(say('imports.verdict.gone_there'));
  expect(asked.html).not.toContain('name="cancelling"');
  const cancel = { ...body, 'options:cancel': 'cancel' };
  const wanted = await send({ ...cancel, act: 'look' }, less);
  expect(wanted.html).toContain('name="cancelling"');
  expect(await faultsOf(wanted.html)).toEqual([]);
  const open = async () => (await brought()).filter(({ status }) => status === 'booked').length;
  const before = await open();
  for (const cancelling of ['', '3', 'x']) {
    const refused = await send({ ...cancel, act: 'do', ...wanted.plan, cancelling });
    expect(refused.html).toContain(say('imports.page.unsaid', { count: 2 }));
    expect(refused.response.status).toBe(422);
    expect(await faultsOf(refused.html)).toEqual([]);
  }
  expect(await open()).toBe(before);
  await send({ ...cancel, act: 'do', ...wanted.plan, cancelling: '2' });
  expect(await open()).toBe(before - 2);
});
