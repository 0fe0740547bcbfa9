import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALBERT, type ConsoleWorld, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let coordinator: string;
let desk: string;
beforeAll(async () => {
  world = await consoleWorld();
  coordinator = await world.signIn(NURIA);
  desk = await world.signIn(MARTA);
  // From now on the other desks have all skills too.
  await world.database.pool.query(
    "begin; select set_config('app.office', '*', true); update desk set skills = null; update office set revision = revision + 1; commit;",
  );
});
afterAll(() => world.close());

const ask = (path: string, cookie = coordinator) =>
  world.app.request(`/console/oac${path}`, { headers: { cookie, 'Accept-Language': 'ca' } });
const read = async (path: string, cookie = coordinator) => (await ask(path, cookie)).text();
const send = (path: string, fields: Record<string, string | string[]>, cookie = coordinator) => {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    for (const each of [value].flat()) body.append(name, each);
  const headers = {
    cookie,
    'Accept-Language': 'ca',
    'Content-Type': 'application/x-www-form-urlencoded',
  };
  return world.app.request(`/console/oac${path}`, {
    method: 'POST',
    headers,
    body: body.toString(),
  });
};
const text = (html: string) =>
  html
    .replaceAll(/<style[\s\S]*?<\/style>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
const hidden = (html: string, name: string) =>
  [...html.matchAll(new RegExp(`name="${name}"[^>]* value="([^"]*)"`, 'g'))].map(
    (each) => each[1] ?? '',
  );
describe('the board', () => {
  test('shows each desk with the citizens, their hours, channels and states', async () => {
    await world.book('09:00', { citizen: person('Rosa Soler') });
    const page = await read('/board');
    expect(text(page)).toContain('Taula 1');
    expect(page).toMatch(/<li class="block plain h-\d+ m-0 lh-0 lm-15">/);
    expect(text(page)).toMatch(/9:00 Rosa Soler ○ Pendent · telèfon/);
    expect(page).toContain('data-from="/console/oac/board?day=2026-11-30"');
  });

  test('every place and length of a day has its class in the stylesheet', async () => {
    const css = await import('node:fs/promises').then((fs) =>
      fs.readFile('src/ui/css/console/board-times.css', 'utf8'),
    );
    for (const each of [0, 23, 24]) expect(css).toContain(`.h-${each} {`);
    for (const each of [0, 5, 55]) expect(css).toContain(`.m-${each} {`);
    for (const each of ['.lh-0 {', '.lh-24 {', '.lm-5 {', '.lm-55 {']) expect(css).toContain(each);
  });

  test('is not found for an agent, nor are its actions', async () => {
    const laia = await world.signIn(LAIA);
    for (const path of ['/board', '/desk-away', '/late', '/desk-away/1'])
      for (const cookie of [desk, laia]) expect((await ask(path, cookie)).status).toBe(404);
    const sent = await send('/board/several', { action: 'cancel', confirmed: 'yes' }, desk);
    expect(sent.status).toBe(404);
  });
});

describe('another desk', () => {
  test('is chosen from the capable desks, and the others show the reason', async () => {
    const { id } = await world.book('09:20', { citizen: person('Pere Vidal') });
    const page = await read(`/appointment/${id}/desk`);
    expect(text(page)).toMatch(/Taula \d · [^:]*: ja la té/);
    const [seen = ''] = hidden(page, 'seen');
    const [to, other] = hidden(page, 'desk');
    const name = (await world.offices.find('oac'))!.desk(Number(to))!.name;
    const given = await send(`/appointment/${id}/desk`, { seen, desk: to! });
    expect(given.headers.get('Location')).toBe(`/console/oac/appointment/${id}?done=reassigned`);
    expect(text(await read(`/appointment/${id}?done=reassigned`))).toContain(`Ara és a ${name}`);
    // The previous page is stale by now.
    const stale = await send(`/appointment/${id}/desk`, { seen, desk: other! });
    expect(stale.status).toBe(409);
    expect(text(await stale.text())).toContain('Mentrestant algú ha canviat aquesta cita');
  });

  test('without a choice nothing happens, and the page says what is missing', async () => {
    const { id } = await world.book('09:40', { citizen: person('Ona') });
    const sent = await send(`/appointment/${id}/desk`, {});
    expect([sent.status, text(await sent.text())]).toEqual([
      422,
      expect.stringContaining('Tria una taula'),
    ]);
  });
});

describe('a desk that is away', () => {
  test('first shows the consequences, then applies them, then the desk returns', async () => {
    const { id } = await world.book('12:20', { citizen: person('Jordi') });
    const at = (await world.appointments.byId((await world.offices.find('oac'))!, id))!.desk;
    const away = { desk: `${at}`, from: '2026-11-30T12:00', to: '2026-11-30T14:00', why: '' };
    const plan = await (await send('/desk-away', away)).text();
    expect(text(plan)).toMatch(/Una cita conserva l’hora.*12:20 Jordi/);
    const [digest = ''] = hidden(plan, 'digest');
    const done = await send('/desk-away', { ...away, digest });
    const where = (done.headers.get('Location') ?? '').replace('/console/oac', '');
    expect(where).toMatch(/^\/desk-away\/\d+$/);
    expect(text(await read(where))).toMatch(/✓ Taula \d.*12:20 Jordi/);
    expect(text(await read('/board'))).toContain('No hi és, 12:00–14:00');
    const again = await send('/desk-away', { ...away, digest });
    expect(again.headers.get('Location')).toBe(done.headers.get('Location'));
    await send(where, {});
    expect((await ask(where)).status).toBe(404);
    expect(text(await read('/board'))).not.toContain('No hi és, 12:00–14:00');
  });

  test.each([
    [{ desk: '' }, 'Tria una taula'],
    [{ from: 'x' }, 'Digues des de quan'],
    [{ to: '2026-11-30T08:00' }, 'El final ha de ser després'],
    [{ from: '2026-11-29T08:00', to: '2026-11-29T09:00' }, 'Això ja ha passat'],
    [{ to: '2027-12-31T14:00' }, 'Com a molt un any'],
    [{ why: 'x'.repeat(201) }, 'El motiu és massa llarg'],
  ])('%j is no absence', async (wrong, said) => {
    const away = { desk: '1', from: '2026-11-30T12:00', to: '2026-11-30T14:00', why: '', ...wrong };
    const sent = await send('/desk-away', away);
    expect(sent.status).toBe(422);
    expect(text(await sent.text())).toContain(said);
  });
});

test('several at once: confirmed once, done one by one, and done once when sent twice', async () => {
  const one = await world.book('13:00', { citizen: person('U') });
  await world.book('13:20', { citizen: person('Dos') });
  const board = await read('/board?choose=1');
  const ticked = hidden(board, 'one').filter((each) => each.startsWith(one.id));
  expect(ticked).toHaveLength(1);
  const ask = { action: 'cancel', day: '2026-11-30', one: ticked };
  const asked = await (await send('/board/several', ask)).text();
  expect(text(asked)).toContain('Anul·la una cita');
  const without = await send('/board/several', { ...ask, confirmed: 'yes', reason: '' });
  expect(without.status).toBe(422);
  const confirmed = { ...ask, confirmed: 'yes', reason: 'Simulacre' };
  expect(text(await (await send('/board/several', confirmed)).text())).toContain('Fet: 1 de 1');
  expect(text(await (await send('/board/several', confirmed)).text())).toContain('Fet: 0 de 1');
  expect((await send('/board/several', { action: 'cancel' })).status).toBe(422);
});

test('running late: the recipients are shown, and get one notice', async () => {
  await world.book('09:00', { citizen: person('Tard') }).catch(() => {});
  world.clock.set('2026-11-30T08:50:00+01:00');
  const page = text(await read('/late?span=day'));
  expect(page).toMatch(/Ho diríem a \d+ person/);
  const late = { desk: '', span: 'day', minutes: '20', own: '' };
  const told = await send('/late', late);
  expect(told.headers.get('Location')).toMatch(/told=[1-9]\d*$/);
  expect((await send('/late', late)).headers.get('Location')).toMatch(/told=0$/);
  expect((await send('/late', { ...late, own: '999' })).status).toBe(422);
});

test('an encounter is taken over by name, and its previous agent learns it on saving', async () => {
  world.clock.set('2026-11-30T09:00:00+01:00');
  const { id } = await world.book('10:40', { citizen: person('Agafada') });
  const at = `/appointment/${id}`;
  await send(`${at}/start`, { anyway: '1' }, desk);
  const page = await read(at, desk);
  const [version = ''] = hidden(page, 'version');
  const mine = text(await read(at));
  expect(mine).toMatch(/La té Marta Soler.* des de les 9:00/);
  const [from = ''] = hidden(await read(`${at}/take-over`), 'from');
  expect((await send(`${at}/take-over`, { from: 'staff:999' })).status).toBe(409);
  expect((await send(`${at}/take-over`, { from })).status).toBe(303);
  const saved = await send(`${at}/save`, { action: 'save', version, notes: 'A mig' }, desk);
  expect(saved.status).toBe(409);
  const said = text(await saved.text());
  expect(said).toMatch(/Núria Roca.* l’ha agafada a les 9:00/);
  expect(said).toContain('A mig');
  const albert = await world.signIn(ALBERT);
  expect((await send(`${at}/take-over`, { from }, albert)).status).toBe(409);
});

test('a person who only views a colleague’s video call doesn’t enter it; a person who takes it over does', async () => {
  world.clock.set('2026-11-30T09:00:00+01:00');
  const { id } = await world.book('11:40', { citizen: person('Vista'), channel: 'video' });
  const at = `/appointment/${id}`;
  await send(`${at}/start`, { anyway: '1' }, desk);
  expect(await read(at, desk)).toMatch(/id="room"[^>]* data-enters="yes"/);
  expect((await send(`${at}/room/seat`, {}, desk)).status).toBe(200);
  const seen = await read(at);
  expect(text(seen)).toContain('La té Marta Soler');
  expect(seen).not.toContain('id="room"');
  expect((await send(`${at}/room/seat`, {})).status).toBe(404);
  const [from = ''] = hidden(await read(`${at}/take-over`), 'from');
  await send(`${at}/take-over`, { from });
  expect(await read(at)).toMatch(/id="room"[^>]* data-enters="yes"/);
  expect((await send(`${at}/room/seat`, {})).status).toBe(200);
  expect((await send(`${at}/room/seat`, {}, desk)).status).toBe(404);
});

function person(name: string) {
  return {
    name,
    email: `${name.replaceAll(' ', '').toLowerCase()}@example.cat`,
    phone: '+34600123456',
  };
}
