import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import { provedCitizen } from '../../../features/booking/proof/testing.ts';
import { hashOf } from '../../../features/service/consent/rules.ts';
import { within } from '../../../lib/db/database.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, MARTA, NURIA } from '../testing.ts';

const say = translateTo('ca');
const JORDI = 'jordi.puig@vilaclara.example';
let world: ConsoleWorld;
let [marta, nuria, jordi] = ['', '', ''];
let of: Appointment;

beforeAll(async () => {
  world = await consoleWorld();
  [marta, nuria, jordi] = [
    await world.signIn(MARTA),
    await world.signIn(NURIA),
    await world.signIn(JORDI),
  ];
  of = await world.book('09:10');
});
afterAll(() => world.close());

const at = () => `/console/oac/appointment/${of.id}`;
const headersOf = (cookie: string) => ({ cookie, 'Accept-Language': 'ca' });
const get = async (path: string, cookie = marta) => {
  const answer = await world.app.request(path, { headers: headersOf(cookie) });
  return { status: answer.status, html: await answer.text() };
};
const post = async (path: string, form: Record<string, string>, cookie = marta) => {
  const body = new URLSearchParams(form);
  const answer = await world.app.request(path, {
    ...{ method: 'POST', body, headers: headersOf(cookie) },
  });
  const to = answer.headers.get('Location') ?? '';
  return { status: answer.status, to, html: await answer.text() };
};
const identify = async (identity: string) => {
  const { html } = await get(at());
  const version = /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';
  const base = /name="base" value="([^"]*)"/.exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '';
  const form = { action: 'save', version, base, identity, identityNote: '', notes: '' };
  expect((await post(`${at()}/save`, form)).status).toBe(303);
};
const FORM = { template: 'volant', language: 'ca', mayBeAttended: 'yes' };

describe('preparing an act', () => {
  test('is possible only after the call is taken and the person identified', async () => {
    const before = await get(`${at()}/act`);
    expect(before.status).toBe(200);
    expect(before.html).toContain(say('acts.ineligibility.not_open'));
    await post(`${at()}/start`, { anyway: '1' });
    expect((await get(`${at()}/act`)).html).toContain(say('acts.ineligibility.not_identified'));
    expect((await post(`${at()}/act`, FORM)).html).toContain(
      say('acts.ineligibility.not_identified'),
    );
    await identify('shown');
    const now = await get(`${at()}/act`);
    expect(now.html).toContain('Decret d’Alcaldia 2026/112');
    expect(await faultsOf(now.html)).toEqual([]);
  });

  test('is refused at another desk, and for people who aren’t on the register', async () => {
    expect((await get(`${at()}/act`, jordi)).status).toBe(404);
    const other = await get(`${at()}/act`, nuria);
    expect(other.html).toContain('Núria Roca Pons');
    const { oac } = { oac: (await world.offices.find('oac'))! };
    const register = oac.settings.habilitated.splice(0);
    expect((await get(`${at()}/act`)).html).toContain(say('acts.ineligibility.not_habilitated'));
    const tried = await post(`${at()}/act`, FORM);
    expect(tried.html).toContain(say('acts.ineligibility.not_habilitated'));
    oac.settings.habilitated.push(...register);
  });

  test('reports what is missing, and loses nothing typed', async () => {
    const form = { template: 'sollicitud', language: 'es', details: '' };
    const none = await post(`${at()}/act`, form);
    expect(none.status).toBe(422);
    expect(none.html).toContain(say('acts.wrong.details.missing', { max: 1000 }));
    expect(none.html).toContain(say('acts.wrong.mayBeAttended'));
    expect(none.html).toMatch(/value="sollicitud" checked/);
    expect(none.html).toMatch(/value="es" checked/);
    const long = await post(`${at()}/act`, { ...form, details: 'a'.repeat(1001) });
    expect(long.html).toContain(say('acts.wrong.details.long', { max: 1000 }));
    expect(long.html).toContain('a'.repeat(1001));
    const odd = await post(`${at()}/act`, { template: 'x', language: 'xx', documents: 'y' });
    expect(odd.html).toContain(say('acts.wrong.template'));
    expect(odd.html).toContain(say('acts.wrong.documents'));
    expect(await faultsOf(long.html)).toEqual([]);
  });
});

test('a prepared act is read, heard and confirmed, and its evidence downloaded as it is sealed', async () => {
  const details = '<b>Alta</b> al carrer Nou';
  const made = await post(`${at()}/act`, { ...FORM, template: 'sollicitud', details });
  expect(made.status).toBe(303);
  const act = made.to.replace('#acts', '');
  expect(made.to).toBe(`${act}#acts`);
  const page = await get(act);
  expect(page.html).toContain('Jo, Rosa Soler i Puig');
  expect(page.html).toContain('&lt;b>Alta&lt;/b> al carrer Nou');
  expect(page.html).toContain(say('acts.state.prepared'));
  expect(await faultsOf(page.html)).toEqual([]);
  const others = await get(act, nuria);
  expect(others.html).toContain(say('acts.desk.others'));
  expect((await get(at())).html).toContain(act);

  const wrong = await post(act, { do: 'code', code: '123' });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain(say('acts.code.ended'));
  const sent = await post(act, { do: 'send' });
  expect(sent.to).toBe(`${act}?sent=1#acts`);
  const told = await get(`${act}?sent=1`);
  for (const word of ['acts.desk.sent', 'acts.desk.more'] as const)
    expect(told.html).toContain(say(word));
  const again = await post(act, { do: 'send' });
  expect(again.status).toBe(409);
  expect((await post(act, { do: 'hear' })).status).toBe(303);
  expect((await get(act)).html).toContain(say('acts.desk.heardTwo'));
  expect((await get(`${act}/record`)).status).not.toBe(200);

  const office = (await world.offices.find('oac'))!;
  const citizen = provedCitizen(of.id);
  const id = act.split('/').at(-1) ?? '';
  expect(await world.consent.confirm(citizen, office, of.id, id)).toMatchObject({ ok: true });
  await world.consent.pass();
  const done = await get(act);
  expect(done.html).toContain(say('acts.method.spoken'));
  expect(done.html).toContain(say('acts.desk.copy'));
  const { settledAt } = (await world.consent.read(citizen, office, of.id, id))!;
  const dates = datesIn('ca', office.timeZone);
  const when = { day: dates.longDay(settledAt!), time: dates.time(settledAt!) };
  expect(done.html).toContain(say('acts.desk.consented', when));
  const record = await get(`${act}/record`);
  expect(JSON.parse(record.html)).toMatchObject({ version: 3, consent: { method: 'spoken' } });
  expect(done.html).toContain(hashOf(record.html));
  expect((await get(`${act}/record`, jordi)).status).toBe(404);
  const over = await post(act, { do: 'withdraw' });
  expect(over.status).toBe(409);
  expect(over.html).toContain(say('acts.desk.over'));
  const read = await within(world.database.kysely, office.id, (tx) =>
    tx.selectFrom('audit').select('action').where('action', '=', 'act_read').execute(),
  );
  expect(read.length).toBeGreaterThan(5);
});

test('a withdrawn act is not kept', async () => {
  const made = await post(`${at()}/act`, FORM);
  expect((await post(made.to, { do: 'withdraw' }, nuria)).status).toBe(303);
  const gone = await get(made.to);
  expect(gone.html).toContain(say('acts.state.withdrawn'));
  expect(gone.html).toContain(say('acts.desk.gone'));
  expect(gone.html).not.toContain('que m’he identificat');
});

test('a coordinator reads the register, including past entries', async () => {
  const register = await get('/console/oac/register', nuria);
  expect(register.html).toContain('Pere Vidal Costa');
  expect(register.html).toContain(say('acts.register.over'));
  expect(await faultsOf(register.html)).toEqual([]);
  expect((await get('/console/oac/register', marta)).status).toBe(404);
});
