import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { ALBERT, type ConsoleWorld, codeOf, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';

const LIST = '/console/oac/people';
const EVERYWHERE = '/staff/people';
let world: ConsoleWorld;
let albert: string;
let operator: string;

const get = (path: string, cookie = albert) => world.app.request(path, { headers: { cookie } });
const send = (path: string, fields: Record<string, string> = {}, cookie = albert) =>
  world.app.request(path, {
    method: 'POST',
    headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
const html = async (path: string, cookie = albert) => {
  const answer = await get(path, `${cookie}; staff_language=en`);
  expect(answer.status, path).toBe(200);
  return answer.text();
};
const invitation = (email: string, more = {}) => ({
  ...{ email, name: 'Anna Puig', role: 'agent', desk: '' },
  ...more,
});

async function idOf(email: string): Promise<number> {
  const row = await within(world.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('staff').select('id').where('email', '=', email).executeTakeFirst(),
  );
  if (!row) throw new Error(email);
  return row.id;
}

async function invited(email: string): Promise<string> {
  const answer = await send(LIST, invitation(email));
  expect(answer.status).toBe(303);
  return `${LIST}/${await idOf(email)}`;
}

beforeAll(async () => {
  world = await consoleWorld();
  albert = await world.signIn(ALBERT);
  operator = await world.signIn(NURIA);
  await within(world.database.kysely, INSTALLATION, (tx) =>
    tx.updateTable('staff').set({ operator: true }).where('email', '=', NURIA).execute(),
  );
});
afterAll(() => world.close());

describe('the staff of an office', () => {
  test('is managed by its administrator, visible to coordinators, and not found for the others', async () => {
    const one = await invited('matrix@vilaprova.example');
    const writes: [string, Record<string, string>][] = [
      [LIST, invitation('x@vilaprova.example')],
      [one, { role: 'coordinator', desk: '', was: 'agent:' }],
      [`${one}/again`, {}],
      [`${one}/end`, {}],
    ];
    for (const [email, seesList] of [
      [MARTA, false],
      [LAIA, false], // an agent here, a coordinator in another office
      [NURIA, true],
    ] as const) {
      const cookie = await world.signIn(email);
      expect((await get(LIST, cookie)).status, email).toBe(seesList ? 200 : 404);
      for (const path of [one, `${one}/again`, `${one}/end`])
        expect((await get(path, cookie)).status, `${email} ${path}`).toBe(404);
      for (const [path, fields] of writes)
        expect((await send(path, fields, cookie)).status, `${email} ${path}`).toBe(404);
      const list = await (await get(LIST, cookie)).text();
      expect(list).not.toContain(`${LIST}/`);
    }
    const laia = await world.signIn(LAIA);
    expect((await get('/console/hisenda/people', laia)).status).toBe(200);
    expect((await get(LIST, '')).status).toBe(303);
    expect((await send(LIST, {}, '')).status).toBe(401);
  });

  test.each(['0', '999999', 'x', '1e3', '99999999999'])('can’t include %s', async (id) => {
    for (const path of [`${LIST}/${id}`, `${LIST}/${id}/end`, `${LIST}/${id}/again`]) {
      expect((await get(path)).status).toBe(404);
      expect((await send(path, { role: 'agent', desk: '' })).status).toBe(404);
    }
  });

  test('learns nothing of other offices', async () => {
    const elsewhere = (await world.offices.find('hisenda'))?.desks[0];
    expect(await html(LIST)).not.toMatch(/hisenda/i);
    expect(await html(`${LIST}/${await idOf(LAIA)}`)).not.toMatch(/hisenda/i);
    const answer = await send(
      LIST,
      invitation('desk@vilaprova.example', { desk: `${elsewhere?.id}` }),
    );
    expect(answer.status).toBe(422);
  });

  test('keeps the typed values after a mistake, and names it', async () => {
    const answer = await send(LIST, invitation('anna', { name: '', role: '' }), albert);
    expect(answer.status).toBe(422);
    const page = await answer.text();
    expect(page).toContain('value="anna"');
    for (const field of ['email', 'name', 'role']) expect(page).toContain(`href="#${field}"`);
    const already = await send(LIST, invitation(MARTA));
    expect(already.status).toBe(422);
  });

  test('loses a role at once, in the middle of an action', async () => {
    const cookie = await world.signIn(LAIA);
    expect((await get('/console/oac', cookie)).status).toBe(200);
    const one = `${LIST}/${await idOf(LAIA)}`;
    expect(await html(`${one}/end`)).toContain('grave');
    expect((await send(`${one}/end`)).headers.get('Location')).toBe(`${LIST}?done=ended`);
    expect((await get('/console/oac', cookie)).status).toBe(404);
    expect((await get('/console/hisenda', cookie)).status).toBe(200);
    expect((await send(`${one}/end`)).status).toBe(404); // sent twice
  });

  test('isn’t changed over another person’s change', async () => {
    const one = await invited('stale@vilaprova.example');
    const first = await send(one, { role: 'coordinator', desk: '', was: 'agent:' });
    expect(first.status).toBe(303);
    const second = await send(one, { role: 'administrator', desk: '', was: 'agent:' });
    expect(second.status).toBe(409);
    expect(await second.text()).toContain('value="coordinator:"');
  });

  test('always has an administrator', async () => {
    const one = `${LIST}/${await idOf(ALBERT)}`;
    expect((await send(`${one}/end`)).status).toBe(409);
    const down = await send(one, { role: 'agent', desk: '', was: 'administrator:' });
    expect(down.status).toBe(409);
    expect((await get(LIST)).status).toBe(200);
  });
});

describe('another e-mail address', () => {
  test('is set by the administrator before there is an account, by an operator after', async () => {
    const one = await invited('slip@vilaprova.example');
    expect(await html(one)).toContain(`${one}/email`);
    expect(await html(`${one}/email`)).toContain('value="slip@vilaprova.example"');
    const wrong = await send(`${one}/email`, { email: MARTA });
    expect(wrong.status).toBe(422);
    expect(await faultsOf(await wrong.text())).toEqual([]);
    const done = await send(`${one}/email`, { email: 'right@vilaprova.example' });
    expect(done.headers.get('Location')).toBe(`${LIST}?done=email`);
    expect(await html(LIST)).toContain('right@vilaprova.example');

    const marta = await idOf(MARTA);
    expect(await html(`${LIST}/${marta}`)).not.toContain('/email"');
    expect((await send(`${LIST}/${marta}/email`, { email: 'm@vilaprova.example' })).status).toBe(
      422,
    );
    const anywhere = `${EVERYWHERE}/${marta}/email`;
    expect(await html(EVERYWHERE, operator)).toContain(anywhere);
    expect((await send(anywhere, { email: 'm@vilaprova.example' }, operator)).status).toBe(303);
    expect(await html(LIST)).toContain('m@vilaprova.example');
    expect((await send(anywhere, { email: MARTA }, operator)).status).toBe(303);
    // A coordinator, and the administrator of one office.
    for (const [path, cookie] of [
      [`${one}/email`, operator],
      [anywhere, albert],
    ] as const) {
      expect((await get(path, cookie)).status, path).toBe(404);
      expect((await send(path, { email: 'x@vilaprova.example' }, cookie)).status, path).toBe(404);
    }
  });
});

describe('ending the sessions of a colleague', () => {
  const age = (email: string, minutes: number) =>
    world.staff.transaction((client) =>
      client.query(
        `update session set "confirmedAt" = now() - make_interval(mins => $2)
         where "userId" = (select id from "user" where email = $1)`,
        [email, minutes],
      ),
    );
  const codeNow = async (email: string) => {
    await world.staff.transaction((client) => client.query('delete from used_code'));
    return codeOf(world.access.find((each) => each.email === email)?.totpSecret ?? '');
  };
  const oneOf = async (email: string) => `${LIST}/${await idOf(email)}/sessions`;

  test('asks the administrator for a second factor, then signs the colleague out everywhere', async () => {
    const marta = await world.signIn(MARTA);
    const path = await oneOf(MARTA);
    expect(await html(path)).toContain('grave');
    await age(ALBERT, 11);
    const asked = await send(path);
    expect(await asked.text()).toContain('name="code"');
    expect((await get('/console/oac', marta)).status).toBe(200);
    const done = await send(path, { code: await codeNow(ALBERT) });
    expect(done.headers.get('Location')).toBe(`${LIST}?done=signedOut`);
    expect((await get('/console/oac', marta)).status).toBe(303);
    expect((await get(LIST)).status).toBe(200);
    await age(ALBERT, 0);
  });

  test('is refused for lower roles, for the own account, and for a person of another office', async () => {
    const path = await oneOf(MARTA);
    for (const email of [MARTA, LAIA, NURIA]) {
      const cookie = await world.signIn(email);
      expect((await get(path, cookie)).status, email).toBe(404);
      expect((await send(path, {}, cookie)).status, email).toBe(404);
    }
    const own = await oneOf(ALBERT);
    expect((await get(own)).status).toBe(404);
    expect((await send(own)).status).toBe(404);
    const invitee = `${await invited('not-yet@vilaprova.example')}/sessions`;
    expect((await send(invitee)).status).toBe(404);
    const list = (await world.staff.list()).find(
      (each) => each.state === 'ready' && each.roles.every((role) => role.office !== 'oac'),
    );
    const foreign = await oneOf(list?.email ?? '');
    expect((await get(foreign)).status).toBe(404);
    expect((await send(foreign)).status).toBe(404);
  });

  test('is allowed to an operator everywhere', async () => {
    const marta = await world.signIn(MARTA);
    const path = `${EVERYWHERE}/${await idOf(MARTA)}/sessions`;
    expect((await send(path)).status).toBe(404);
    expect(await html(EVERYWHERE, operator)).toContain(path);
    operator = await world.signIn(NURIA);
    const done = await send(path, {}, operator);
    expect(done.headers.get('Location')).toBe(`${EVERYWHERE}?done=signedOut`);
    expect((await get('/console/oac', marta)).status).toBe(303);
  });
});

describe('everybody, for an operator', () => {
  test('is not found for other people', async () => {
    const one = `${EVERYWHERE}/${await idOf(MARTA)}`;
    for (const path of [EVERYWHERE, `${one}/again`, `${one}/retire`]) {
      expect((await get(path)).status, path).toBe(404);
      const answer = await send(path, { ...invitation('y@vilaprova.example'), office: 'oac' });
      expect(answer.status, path).toBe(404);
    }
    expect(await html('/console/oac')).not.toContain(EVERYWHERE);
    expect(await html('/console/oac', operator)).toContain(EVERYWHERE);
  });

  test('lists people with their offices, invites, and retires at once and permanently', async () => {
    expect(await html(EVERYWHERE, operator)).toContain(LAIA);
    const fields = { ...invitation('nova@vilaprova.example'), office: 'hisenda' };
    expect((await send(EVERYWHERE, fields, operator)).status).toBe(303);
    expect((await send(EVERYWHERE, { ...fields, office: 'x' }, operator)).status).toBe(422);
    const marta = await world.signIn(MARTA);
    const one = `${EVERYWHERE}/${await idOf(MARTA)}`;
    expect(await html(`${one}/retire`, operator)).toContain('grave');
    expect((await send(`${one}/retire`, {}, operator)).status).toBe(303);
    expect((await get('/console/oac', marta)).status).toBe(303); // to sign in
    expect((await send(`${one}/retire`, {}, operator)).status).toBe(404);
    expect((await get(`${EVERYWHERE}/${await idOf(NURIA)}/retire`, operator)).status).toBe(404);
  });
});

test.each(LANGUAGES)('the pages are valid HTML: %s', async (language) => {
  const one = `${LIST}/${await idOf(ALBERT)}`;
  const mistaken = await send(LIST, invitation('x'), `${albert}; staff_language=${language}`);
  expect(await faultsOf(await mistaken.text())).toEqual([]);
  for (const [path, cookie] of [
    [LIST, albert],
    [one, albert],
    [`${one}/end`, albert],
    [`${one}/again`, albert],
    [`${one}/email`, albert],
    [`${LIST}/${await idOf(NURIA)}/sessions`, albert],
    [EVERYWHERE, operator],
  ] as const) {
    const page = await (await get(path, `${cookie}; staff_language=${language}`)).text();
    expect(page).toContain(`<html lang="${language}"`);
    expect(await faultsOf(page), path).toEqual([]);
  }
});

test('a person’s chosen language is also the language of their mails', async () => {
  await send('/staff/language', { language: 'eu', back: LIST });
  const { kysely } = world.database;
  const row = await within(kysely, INSTALLATION, (tx) =>
    tx.selectFrom('staff').select('language').where('email', '=', ALBERT).executeTakeFirst(),
  );
  expect(row?.language).toBe('eu');
});

test('without a provider there is no sign-in through one', async () => {
  for (const path of ['/staff/sso', '/staff/sso/callback', '/staff/sso/out', '/staff/signed-out'])
    expect((await get(path, '')).status).toBe(404);
  expect(await (await get('/staff/sign-in', '')).text()).not.toContain('/staff/sso');
});
