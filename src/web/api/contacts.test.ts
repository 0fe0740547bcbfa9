import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SCOPES, type Scope } from '../../domain/scopes.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { BOOKING, MONDAY, NINE, type TestApi, type TestClient, testApi } from './testing/api.ts';

/**
 * The rights of a token over a citizen's contact: the contact details, and the link of the citizen's page.
 */

let api: TestApi;
let client: TestClient;
let nth = 0;

beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  api.clock.set(MONDAY);
  client = await api.office({ code: `oac-${++nth}` });
});

const LINK = /^http:\/\/localhost:3000\/ca\/appointment\/\w{22}$/;
const at = (time: string) => `2026-11-30T${time}:00+01:00`;
const without = (scope: Scope) => SCOPES.filter((each) => each !== scope);
const change = (of: TestClient, id: string, json: object) =>
  of.send(`/appointments/${id}`, { method: 'PATCH', json });

const above = <T>(query: ReturnType<typeof sql<T>>) =>
  within(api.database.kysely, INSTALLATION, async (tx) => (await query.execute(tx)).rows);
/** Returns the actions on an appointment in the trail, except reads. */
const deeds = async (id: string) =>
  (
    await above(sql<{ actor: string; action: string }>`
      select actor, action from audit where appointment_id = ${id} and action <> 'read' order by id`)
  ).map(({ actor, action }) => `${actor} ${action}`);

/** Adds a document whose upload the citizen began. */
const addDocument = (office: number, appointment: string) =>
  above(sql`
    insert into document (id, office_id, appointment_id, kind, state, state_at, declared, size, made_at, made_by, shelf)
    values (${randomUUID()}, ${office}, ${appointment}, 'inbox', 'receiving', now(), 'text/plain', 5, now(), 'citizen', 'working')`);
/** Adds an act that waits for the citizen's consent. */
const addAct = (office: number, appointment: string) =>
  above(sql`
    insert into act (id, office_id, appointment_id, template, language, state, prepared_at, prepared_by, expires_at, copy_id, record)
    values (${randomUUID()}, ${office}, ${appointment}, 'volant', 'ca', 'prepared', now(), 'staff:1', now(), ${randomUUID()}, '\\x00')`);

describe('the link of the citizen’s page', () => {
  test('is only in answers to requests for it, and never in the list or the events', async () => {
    const { id } = (await client.book()).json;
    api.clock.advance({ minutes: 1 });
    const answers = [
      await client.book({}, { 'Idempotency-Key': 'again' }),
      await client.send(`/appointments/${id}`),
      await change(client, id, { start: at('10:00'), citizen: { name: 'Rosa' } }),
      await client.send('/appointments'),
      await client.send(`/appointments/${id}/events`),
      await client.send('/events'),
      await client.send(`/appointments/${id}/cancel`, { json: {} }),
    ];
    for (const each of answers)
      expect(JSON.stringify(each.json)).not.toMatch(/manageUrl|\/appointment\//);
    expect(await deeds(id)).not.toContain(`token:${client.tokenId} link_given`);
  });

  test('is returned on request, and recorded each time', async () => {
    const booked = await client.send('/appointments?include=manageUrl', { json: BOOKING });
    expect([booked.status, booked.json.manageUrl]).toEqual([201, expect.stringMatching(LINK)]);
    const { id } = booked.json;
    const read = await client.send(`/appointments/${id}?include=manageUrl`);
    expect(read.json.manageUrl).toBe(booked.json.manageUrl);
    expect(await deeds(id)).toEqual([
      `token:${client.tokenId} booked`,
      `token:${client.tokenId} link_given`,
      `token:${client.tokenId} link_given`,
    ]);
  });

  test('is returned for the repeated booking too, and recorded', async () => {
    const headers = { 'Idempotency-Key': 'once' };
    const send = () => client.send('/appointments?include=manageUrl', { json: BOOKING, headers });
    const first = await send();
    const again = await send();
    expect([again.status, again.json]).toEqual([200, first.json]);
    expect(await deeds(first.json.id)).toHaveLength(3);
  });

  test('needs the scope contacts:write; without it nothing is booked', async () => {
    const narrow = await api.client(client.office, { scopes: without('contacts:write') });
    const refused = await narrow.send('/appointments?include=manageUrl', { json: BOOKING });
    expect([refused.status, refused.json.type]).toEqual([403, '/problems/insufficient-scope']);
    expect(refused.headers.get('WWW-Authenticate')).toContain('scope="contacts:write"');
    const { json } = await client.book();
    expect(json.start).toBe(NINE);
    const read = await narrow.send(`/appointments/${json.id}?include=manageUrl`);
    expect(read.status).toBe(403);
    expect(await deeds(json.id)).toEqual([`token:${client.tokenId} booked`]);
  });

  test('can’t be requested where there is none, nor with another parameter', async () => {
    const { id } = (await client.book()).json;
    for (const path of ['/appointments?include=manageUrl', `/appointments/${id}?include=secret`])
      expect((await client.send(path)).status).toBe(422);
    expect((await client.send(`/appointments/${randomUUID()}?include=manageUrl`)).status).toBe(404);
  });
});

describe('a change of contact', () => {
  test('needs the scope contacts:write; without it the time isn’t changed either', async () => {
    const narrow = await api.client(client.office, { scopes: without('contacts:write') });
    const { id } = (await client.book()).json;
    const refused = await change(narrow, id, {
      start: at('10:00'),
      citizen: { phone: '600 000 009' },
    });
    expect([refused.status, refused.json.type]).toEqual([403, '/problems/insufficient-scope']);
    expect((await client.send(`/appointments/${id}`)).json).toMatchObject({
      start: NINE,
      citizen: { phone: '+34600000001' },
    });
    expect((await change(narrow, id, { start: at('10:00') })).status).toBe(200);
  });

  test.each([
    ['a document', addDocument],
    ['an act', addAct],
  ])('is refused once there is %s, together with the rest of the request', async (_, add) => {
    const { id } = (await client.book()).json;
    expect((await change(client, id, { citizen: { phone: '600 000 002' } })).status).toBe(200);
    await add(client.office.id, id);
    for (const citizen of [{ phone: '600 000 009' }, { email: 'mal@example.org' }, { name: 'X' }]) {
      const refused = await change(client, id, { start: at('10:00'), channel: 'video', citizen });
      expect([refused.status, refused.json.type]).toEqual([409, '/problems/contact-frozen']);
    }
    const { json } = await client.send(`/appointments/${id}`);
    expect(json).toMatchObject({
      ...{ start: NINE, channel: 'phone' },
      citizen: { name: 'Rosa Soler', email: 'rosa@example.cat', phone: '+34600000002' },
    });
    expect((await change(client, id, { start: at('10:00') })).status).toBe(200);
  });

  test('is refused by the service itself, independently of the route', async () => {
    const { id } = (await client.book()).json;
    const { appointments } = api.deps;
    const { office, tokenId: token } = client;
    const viewer = { kind: 'token', token, office: office.id, scopes: new Set(SCOPES) } as const;
    const narrow = { ...viewer, scopes: new Set(without('contacts:write')) };
    const citizen = { name: 'Rosa', email: null, phone: '+34600000009' };
    const by = (of: typeof narrow) => appointments.changeContact(of, office, id, citizen);
    expect(await by(narrow)).toEqual({ ok: false, reason: 'not_allowed' });
    expect(await appointments.giveLink(narrow, office, id)).toMatchObject({
      reason: 'not_allowed',
    });
    await addDocument(office.id, id);
    expect(await by(viewer)).toEqual({ ok: false, reason: 'has_documents' });
  });
});

test('a token that got the link is named in every later proof of the citizen', async () => {
  const { id } = (await client.send('/appointments?include=manageUrl', { json: BOOKING })).json;
  const steps = await above(sql<{ kind: string; actor: string }>`
    select kind, actor from proof_step where appointment_id = ${id} and kind = 'link_given'`);
  expect(steps).toEqual([{ kind: 'link_given', actor: `token:${client.tokenId}` }]);
});

test('a token without the read scope doesn’t get the citizen’s details when it changes an appointment', async () => {
  const narrow = await api.client(client.office, { scopes: without('appointments:read') });
  const { id } = (await client.book({ comment: 'Porto ulleres' })).json;
  for (const answer of [
    await change(narrow, id, { start: at('10:00') }),
    await narrow.send(`/appointments/${id}/cancel`, { json: {} }),
  ]) {
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.json)).not.toMatch(/Rosa|rosa|600000001|ulleres/);
  }
});

describe('the trail', () => {
  test('has each write of the API, with its token', async () => {
    const { id } = (await client.send('/appointments?include=manageUrl', { json: BOOKING })).json;
    await change(client, id, { start: at('10:00') });
    await change(client, id, {
      ...{ start: at('10:15'), channel: 'video' },
      citizen: { phone: '600 000 002' },
    });
    await client.send(`/appointments/${id}/cancel`, { json: {} });
    const by = `token:${client.tokenId}`;
    expect(await deeds(id)).toEqual(
      ['booked', 'link_given', 'moved', 'moved', 'contact_changed', 'cancelled'].map(
        (each) => `${by} ${each}`,
      ),
    );
  });

  test('when it can’t be written, nothing is done and nothing returned', async () => {
    const { id } = (await client.book()).json;
    const before = await everything();
    await api.database.asOwner(
      `create function no_trail() returns trigger language plpgsql as $$ begin raise exception 'no trail'; end $$`,
      'create trigger no_trail before insert on audit for each row execute function no_trail()',
    );
    try {
      for (const answer of [
        await client.book({ start: at('11:00') }),
        await client.send('/appointments?include=manageUrl', {
          json: { ...BOOKING, start: at('11:00') },
        }),
        await change(client, id, { start: at('10:00') }),
        await change(client, id, { citizen: { phone: '600 000 002' } }),
        await client.send(`/appointments/${id}/cancel`, { json: {} }),
        await client.send(`/appointments/${id}?include=manageUrl`),
        await client.send(`/appointments/${id}`),
        await client.send('/appointments'),
      ]) {
        expect(answer.status).toBe(500);
        expect(JSON.stringify(answer.json)).not.toMatch(/Rosa|\/appointment\//);
      }
    } finally {
      await api.database.asOwner('drop function no_trail cascade');
    }
    expect(await everything()).toEqual(before);
  });
});

/** Returns all rows that the API's writes could change. */
const everything = () =>
  above(sql`
    select 'appointment' as of, t::text as row from appointment t
    union all select 'event', t::text from event t
    union all select 'desk_time', t::text from desk_time t
    union all select 'notice', t::text from notice t
    union all select 'audit', t::text from audit t
    order by 1, 2`);
