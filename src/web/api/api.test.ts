import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeToken } from '../../features/foundation/tokens/testing.ts';
import { testEncounter } from '../../features/service/encounter/testing/encounter.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { BOOKING, MONDAY, NINE, type TestApi, type TestClient, testApi } from './testing/api.ts';

const at = (time: string) => `2026-11-30T${time}:00+01:00`;
const NOTHING = {
  ...{ items: [], identity: null, identityNote: '', notes: '', wrapUp: null, points: [] },
};
const NOBODY = '00000000-0000-4000-8000-000000000000';

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

const desks = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`taula-${i}`, {}]));
const trail = (id: string) =>
  within(api.database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('audit')
      .select(['actor', 'action'])
      .where((eb) =>
        eb.or([
          eb('appointment_id', '=', id),
          eb(eb.cast<string>('data', 'text'), 'like', `%${id}%`),
        ]),
      )
      .orderBy('id')
      .execute(),
  );

describe('the catalogue', () => {
  test('contains the office and its procedures, in every language', async () => {
    const body = await client.send('');
    expect(body.status).toBe(200);
    expect(body.json).toMatchObject({
      code: client.office.code,
      timeZone: 'Europe/Madrid',
      languages: ['ca', 'es', 'en', 'eu'],
      walkIn: [{ address: 'Plaça Major, 1' }],
    });
    const { json } = await client.send('/procedures');
    expect(json.procedures).toMatchObject([
      {
        code: 'volant-padro',
        channels: { phone: 15, video: 20 },
        name: { eu: expect.any(String) },
      },
    ]);
  });

  test('is never stored by caches in between', async () => {
    expect((await client.send('')).headers.get('Cache-Control')).toBe('no-store');
  });

  test('is answered to HEAD without an office, and OPTIONS tells the methods', async () => {
    const head = await client.send('', { method: 'HEAD' });
    expect([head.status, head.json]).toEqual([200, null]);
    const options = await client.send('/appointments', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('Allow')]).toEqual([
      204,
      'GET, HEAD, POST, OPTIONS',
    ]);
    expect(options.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });
});

describe('slots', () => {
  const ask = 'procedure=volant-padro&channel=phone&language=ca';

  test("are in order, in the office's own offset", async () => {
    const { status, json } = await client.send(`/slots?${ask}&from=2026-11-30&to=2026-12-01`);
    expect(status).toBe(200);
    expect(json.timeZone).toBe('Europe/Madrid');
    expect(json.slots[0]).toEqual({ start: NINE, end: at('09:15'), capacity: 1 });
    const starts = json.slots.map((each: { start: string }) => each.start);
    expect(starts).toEqual(starts.toSorted());
    expect(starts.at(-1)).toBe('2026-12-01T13:40:00+01:00');
  });

  test.each([
    [`${ask}&from=2026-11-30&to=2027-01-30`, 200, undefined],
    [`${ask}&from=2026-11-30&to=2027-01-31`, 422, 'to bad_span'],
    [`${ask}&from=2026-12-01&to=2026-11-30`, 422, 'to bad_span'],
    [`${ask}&from=2026-11-30`, 422, 'to missing'],
    [`${ask}&from=2026-02-30&to=2026-03-01`, 422, 'from wrong_format'],
    [`${ask}&from=0001-01-01&to=0001-01-02`, 422, 'from out_of_range'],
    [`${ask}&from=2026-11-30&to=2026-11-30&form=x`, 422, 'form unknown_field'],
    [`${ask}&from=2026-11-30&from=2026-11-30&to=2026-11-30`, 422, 'from wrong_type'],
    [ask.replace('ca', 'fr'), 422, 'language not_known'],
    [
      `${ask.replace('volant-padro', 'res')}&from=2026-11-30&to=2026-11-30`,
      422,
      'procedure not_known',
    ],
    [
      `${ask.replace('volant-padro', '__proto__')}&from=2026-11-30&to=2026-11-30`,
      422,
      'procedure not_known',
    ],
  ])('%s answers %i %s', async (query, status, field) => {
    const answer = await client.send(`/slots?${query}`);
    expect(answer.status).toBe(status);
    const first = answer.json.fields?.[0];
    expect(first && `${first.name} ${first.reason}`).toBe(field);
  });

  test('say the offset of the day, not of today', async () => {
    api.clock.set('2026-10-23T07:00:00+02:00');
    const { json } = await client.send(`/slots?${ask}&from=2026-10-23&to=2026-10-26`);
    expect(json.slots[0].start).toBe('2026-10-23T09:00:00+02:00');
    expect(json.slots.at(-1).start).toBe('2026-10-26T13:40:00+01:00');
  });

  test('of a channel or language that the office doesn’t offer are refused by the field', async () => {
    const other = await api.office({
      code: `oac-${++nth}`,
      procedures: { cita: { channels: { phone: 10 } } },
      settings: { languages: ['ca'] },
    });
    const field = async (channel: string, language: string) =>
      (
        await other.send(
          `/slots?procedure=cita&channel=${channel}&language=${language}&from=2026-11-30&to=2026-11-30`,
        )
      ).json.fields[0];
    expect(await field('video', 'ca')).toMatchObject({ name: 'channel', reason: 'not_offered' });
    expect(await field('phone', 'eu')).toMatchObject({ name: 'language', reason: 'not_offered' });
  });
});

describe('booking', () => {
  test('returns what the table of answers documents, and no more', async () => {
    const { status, json, headers } = await client.book({ externalId: 'crm-1' });
    expect(status).toBe(201);
    expect(json).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      reference: expect.stringMatching(/^[2-9A-Z]{3}-[2-9A-Z]{3}$/),
      status: 'booked',
      procedure: 'volant-padro',
      procedures: ['volant-padro'],
      people: 1,
      channel: 'phone',
      language: 'ca',
      start: NINE,
      end: at('09:15'),
      externalId: 'crm-1',
    });
    expect(headers.get('Location')).toBe(
      `/api/v1/offices/${client.office.code}/appointments/${json.id}`,
    );
  });

  test('reads a start with any offset, and null as an absent value', async () => {
    const { status, json } = await client.book({
      start: '2026-11-30T08:00:00Z',
      ...{ hold: null, externalId: null, comment: null, onBehalfOf: null, needs: null },
    });
    expect([status, json.start, json.externalId]).toEqual([201, NINE, null]);
  });

  test('a time that is taken or not offered gives slot-taken', async () => {
    await client.book();
    for (const start of [NINE, at('09:07'), at('03:00'), '2199-12-31T23:59:59Z']) {
      const { status, json, headers } = await client.book({ start });
      expect(status).toBe(409);
      expect(headers.get('Content-Type')).toBe('application/problem+json');
      expect(json).toEqual({
        type: '/problems/slot-taken',
        title: 'That time is no longer free',
        status: 409,
        detail: expect.any(String),
      });
    }
  });

  const citizen = BOOKING.citizen;
  test.each<[string, object, string]>([
    ['no name', { citizen: { ...citizen, name: ' ' } }, 'citizen.name missing'],
    ['no citizen', { citizen: undefined }, 'citizen missing'],
    ['a citizen that is a list', { citizen: [] }, 'citizen wrong_type'],
    ['a name that is a list', { citizen: { ...citizen, name: ['x'] } }, 'citizen.name wrong_type'],
    ['a bad e-mail', { citizen: { ...citizen, email: 'rosa@' } }, 'citizen.email not_email'],
    ['no phone to call', { citizen: { ...citizen, phone: null } }, 'citizen.phone missing'],
    [
      'no address for video',
      { channel: 'video', citizen: { ...citizen, email: null } },
      'citizen.email missing',
    ],
    ['half a character', { citizen: { ...citizen, name: 'a\ud800' } }, 'citizen.name not_text'],
    ['a NUL', { comment: 'a\0b' }, 'comment not_text'],
    ['an unknown need', { needs: ['gold'] }, 'needs.0 not_known'],
    ['a field that nobody knows', { externalID: 'x' }, 'externalID unknown_field'],
    ['an empty externalId', { externalId: '' }, 'externalId too_small'],
    ['the id of an import', { externalId: 'import:cites:1' }, 'externalId reserved'],
    ['a start without an offset', { start: '2026-11-30T09:00:00' }, 'start wrong_format'],
    ['a start in another age', { start: '9999-12-31T23:59:59Z' }, 'start out_of_range'],
    [
      'a start finer than nanoseconds',
      { start: '2026-11-30T09:00:00.0000000001Z' },
      'start not_time',
    ],
    ['an unknown procedure', { procedure: 'res' }, 'procedure not_known'],
    ['a long comment', { comment: 'x'.repeat(1001) }, 'comment too_big'],
  ])('with %s is a 422 that names the field', async (_, more, field) => {
    const { status, json } = await client.book(more);
    expect(status).toBe(422);
    expect(json.type).toBe('/problems/invalid');
    expect(
      json.fields.map((each: Record<string, string>) => `${each.name} ${each.reason}`),
    ).toEqual([field]);
  });

  test('for somebody else is refused where the procedure doesn’t allow it', async () => {
    const other = await api.office({
      code: `oac-${++nth}`,
      procedures: { fe: { onBehalf: false } },
    });
    const { json } = await other.book({ procedure: 'fe', onBehalfOf: 'La meva mare' });
    expect(json.fields[0]).toMatchObject({ name: 'onBehalfOf', reason: 'not_offered' });
  });

  test('the last slot fifty times at once: one request gets it, the others are refused', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.book()));
    expect(answers.filter((each) => each.status === 201)).toHaveLength(1);
    expect(
      answers.filter((each) => each.status === 409 && each.json.type === '/problems/slot-taken'),
    ).toHaveLength(49);
  });

  test('records the actor in the event', async () => {
    const { json } = await client.book();
    const appointment = await api.deps.appointments.byId(client.office, json.id);
    const events = appointment && (await api.deps.appointments.events(appointment));
    expect(events).toMatchObject([{ kind: 'booked', actor: `token:${client.tokenId}` }]);
  });
});

describe('holding', () => {
  const hold = { procedure: 'volant-padro', channel: 'phone', language: 'ca', start: NINE };

  test('keeps the time for the owner of the hold', async () => {
    const held = await client.send('/holds', { json: hold });
    expect([held.status, held.json]).toEqual([
      201,
      { hold: expect.any(String), expiresAt: at('07:10') },
    ]);
    expect((await client.send('/holds', { json: hold })).json.type).toBe('/problems/slot-taken');
    expect((await client.book()).status).toBe(409);
    expect((await client.book({ hold: held.json.hold })).status).toBe(201);
  });

  test('refuses a procedure that the office doesn’t have', async () => {
    const answer = await client.send('/holds', { json: { ...hold, procedure: 'res' } });
    expect(answer.json.fields[0]).toMatchObject({ name: 'procedure', reason: 'not_known' });
  });
});

describe('the same request again', () => {
  test.each([
    ['externalId', { externalId: 'x' }, {}],
    ['Idempotency-Key', {}, { 'Idempotency-Key': 'k' }],
  ])(
    'by its %s gives the same appointment, and with other content a conflict',
    async (_, more, headers) => {
      const first = await client.book(more, headers);
      const again = await client.book(more, headers);
      expect([first.status, again.status]).toEqual([201, 200]);
      expect(again.json).toEqual(first.json);
      const other = await client.book({ ...more, start: at('10:00') }, headers);
      expect([other.status, other.json.type]).toEqual([409, '/problems/idempotency-conflict']);
    },
  );

  test('sent twenty times at once creates one appointment', async () => {
    const many = await api.office({ code: `oac-${++nth}`, desks: desks(20) });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => many.book({}, { 'Idempotency-Key': 'once' })),
    );
    expect(answers.filter((each) => each.status === 201)).toHaveLength(1);
    expect(answers.filter((each) => each.status === 200)).toHaveLength(19);
    expect(new Set(answers.map((each) => each.json.id)).size).toBe(1);
  });

  test('by another token with the same key is another request', async () => {
    const many = await api.office({ code: `oac-${++nth}`, desks: desks(2) });
    const first = await many.book({}, { 'Idempotency-Key': '1' });
    const { token } = await makeToken(api.tokens, many.office);
    const second = await many.book(
      {},
      { 'Idempotency-Key': '1', Authorization: `Bearer ${token}` },
    );
    expect(second.status).toBe(201);
    expect(second.json.id).not.toBe(first.json.id);
  });

  test('with an invalid key is refused', async () => {
    const { json } = await client.book({}, { 'Idempotency-Key': 'x'.repeat(256) });
    expect(json.fields[0]).toMatchObject({ name: 'Idempotency-Key', reason: 'wrong_format' });
  });
});

describe('an appointment', () => {
  const booked = async (more = {}) => (await client.book(more)).json;

  test('is returned completely, and the read is on the trail', async () => {
    const { id, ...summary } = await booked({ comment: 'Porto ulleres', needs: ['companion'] });
    const { status, json } = await client.send(`/appointments/${id.toUpperCase()}`);
    expect(status).toBe(200);
    expect(json).toEqual({
      id,
      ...summary,
      citizen: { name: 'Rosa Soler', email: 'rosa@example.cat', phone: '+34600000001' },
      ...{ onBehalfOf: null, needs: ['companion'], interpreter: null },
      ...{ comment: 'Porto ulleres', noticesBy: null, displaced: false },
      ...{ createdAt: at('07:00'), updatedAt: at('07:00') },
    });
    const actor = `token:${client.tokenId}`;
    expect(await trail(id)).toEqual([
      { actor, action: 'booked' },
      { actor, action: 'read' },
    ]);
  });

  test('has the way of notices that its citizen chose', async () => {
    const { id } = await booked({ noticesBy: 'sms' });
    expect((await client.send(`/appointments/${id}`)).json.noticesBy).toBe('sms');
    const refused = await client.book({ noticesBy: 'pigeon' });
    expect(refused.json.fields).toMatchObject([{ name: 'noticesBy' }]);
  });

  test('is not booked or moved on a channel that cannot meet a need', async () => {
    const needs = ['real_time_text'];
    const refused = await client.book({ needs });
    expect(refused.status).toBe(422);
    expect(refused.json.fields).toMatchObject([{ name: 'needs', reason: 'not_on_channel' }]);
    const { id } = await booked({ needs, channel: 'video', start: at('10:15') });
    const moved = await client.send(`/appointments/${id}`, {
      method: 'PATCH',
      json: { channel: 'phone' },
    });
    expect(moved.status).toBe(422);
    expect(moved.json.fields).toMatchObject([{ name: 'channel', reason: 'not_on_channel' }]);
    expect((await client.book({ needs: [...needs, 'relay_service'] })).status).toBe(201);
  });

  test('is moved, also to another channel, and read back', async () => {
    const { id } = await booked();
    const moved = await client.send(`/appointments/${id}`, {
      method: 'PATCH',
      json: { start: at('10:15'), channel: 'video' },
    });
    expect(moved.status).toBe(200);
    expect(moved.json).toMatchObject({ start: at('10:15'), end: at('10:35'), channel: 'video' });
    expect((await client.send(`/appointments/${id}`)).json).toEqual(moved.json);
    expect((await client.book()).status).toBe(201);
  });

  test('keeps the contact fields that a change omits', async () => {
    const { id } = await booked();
    const change = (citizen: object) =>
      client.send(`/appointments/${id}`, { method: 'PATCH', json: { citizen } });
    expect((await change({ name: 'Rosa Soler Puig' })).json.citizen).toEqual({
      name: 'Rosa Soler Puig',
      email: 'rosa@example.cat',
      phone: '+34600000001',
    });
    expect((await change({ email: null })).json.citizen.email).toBeNull();
    expect((await change({ phone: null })).json.fields[0]).toMatchObject({
      name: 'citizen.phone',
      reason: 'missing',
    });
    const toVideo = await client.send(`/appointments/${id}`, {
      method: 'PATCH',
      json: { channel: 'video' },
    });
    expect(toVideo.json.fields[0]).toMatchObject({ name: 'citizen.email', reason: 'missing' });
  });

  test('stays unchanged when the new time is taken', async () => {
    const { id } = await booked();
    await booked({ start: at('10:00') });
    const moved = await client.send(`/appointments/${id}`, {
      method: 'PATCH',
      json: { start: at('10:00'), citizen: { name: 'Altri' } },
    });
    expect([moved.status, moved.json.type]).toEqual([409, '/problems/slot-taken']);
    expect((await client.send(`/appointments/${id}`)).json).toMatchObject({
      start: NINE,
      citizen: { name: 'Rosa Soler' },
    });
  });

  test('is cancelled once, with a reason, and can’t be changed afterwards', async () => {
    const { id } = await booked();
    const cancel = () => client.send(`/appointments/${id}/cancel`, { json: { reason: 'Tancat' } });
    expect((await cancel()).json).toMatchObject({ id, status: 'cancelled' });
    const again = await cancel();
    expect([again.status, again.json.type]).toEqual([409, '/problems/not-open']);
    const moved = await client.send(`/appointments/${id}`, {
      method: 'PATCH',
      json: { start: at('10:00') },
    });
    expect([moved.status, moved.json.type]).toEqual([409, '/problems/not-open']);
    expect((await client.book()).status).toBe(201);
  });

  test('without any change is an invalid request', async () => {
    const { id } = await booked();
    const answer = await client.send(`/appointments/${id}`, { method: 'PATCH', json: {} });
    expect([answer.status, answer.json.fields[0].name]).toEqual([422, 'body']);
  });

  test.each([['/appointments/'], ['/appointments/x-']])(
    'with an unknown id is not found',
    async (path) => {
      const json = { start: NINE };
      for (const each of [
        await client.send(`${path}${NOBODY}`),
        await client.send(`${path}${NOBODY}`, { method: 'PATCH', json }),
        await client.send(`${path}${NOBODY}/cancel`, { json: {} }),
      ])
        expect([each.status, each.json.type]).toEqual([404, '/problems/not-found']);
    },
  );
});

describe('the course of an appointment', () => {
  test('lists each change and each call with the kind of actor, but not the member of staff', async () => {
    const { id } = (await client.book()).json;
    await client.send(`/appointments/${id}`, { method: 'PATCH', json: { start: at('09:20') } });
    const encounter = testEncounter(api.database, api.clock);
    const { office } = client;
    const desk = office.desks[0]!.id;
    const viewer = { kind: 'staff', staff: 7, name: 'Marta', office: office.id, desk } as const;
    const marta = { ...viewer, role: 'agent' } as const;
    const call = (number: number, outcome: 'busy' | 'answered') =>
      encounter.logAttempt(marta, office, id, { number, outcome, note: 'Una nota' });
    api.clock.set(at('09:20'));
    await call(1, 'busy');
    api.clock.set(at('09:30'));
    await call(2, 'answered');
    await encounter.save(marta, office, { appointment: id }, 1, { ...NOTHING, notes: 'Una altra' });
    const { status, json } = await client.send(`/appointments/${id}/events`);
    expect(status).toBe(200);
    const told = json.events.map(({ event: _, ...each }: { event: number }) => each);
    expect(told).toEqual([
      { type: 'booked', timestamp: at('07:00'), by: 'token' },
      { type: 'moved', timestamp: at('07:00'), by: 'token' },
      {
        ...{ type: 'attempt', timestamp: at('09:20'), by: 'staff' },
        attempt: { number: 1, outcome: 'busy' },
      },
      {
        ...{ type: 'attempt', timestamp: at('09:30'), by: 'staff' },
        attempt: { number: 2, outcome: 'answered' },
      },
      { type: 'started', timestamp: at('09:30'), by: 'staff' },
    ]);
    expect(await trail(id)).toContainEqual({ actor: `token:${client.tokenId}`, action: 'read' });
    expect((await client.send(`/appointments/${NOBODY}/events`)).status).toBe(404);
  });
});

describe('the list', () => {
  test('continues from page to page, whatever the order of booking', async () => {
    const many = await api.office({ code: `oac-${++nth}`, desks: desks(3) });
    const times = [at('11:00'), NINE, NINE, at('10:00'), NINE, '2026-12-01T09:00:00+01:00'];
    const made: { id: string; start: string }[] = [];
    for (const start of times) made.push((await many.book({ start })).json);
    const seen: { id: string; start: string }[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null; pages++) {
      expect(pages).toBeLessThan(4);
      const page = await many.send(`/appointments?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(page.status).toBe(200);
      seen.push(...page.json.appointments);
      cursor = page.json.nextCursor;
    }
    const order = made.toSorted(
      (a, b) => a.start.localeCompare(b.start) || a.id.localeCompare(b.id),
    );
    expect(seen).toEqual(order);
  });

  test('filters by days and by status, and is on the trail', async () => {
    const { json: first } = await client.book();
    const { json: second } = await client.book({ start: '2026-12-01T09:00:00+01:00' });
    await client.send(`/appointments/${first.id}/cancel`, { json: {} });
    const ids = async (query: string) =>
      (await client.send(`/appointments?${query}`)).json.appointments.map(
        (each: { id: string }) => each.id,
      );
    expect(await ids('from=2026-12-01')).toEqual([second.id]);
    expect(await ids('to=2026-11-30')).toEqual([first.id]);
    expect(await ids('from=2026-11-30&to=2026-12-01')).toEqual([first.id, second.id]);
    expect(await ids('status=cancelled')).toEqual([first.id]);
    expect(await ids('channel=video')).toEqual([]);
    expect(await ids('channel=phone&from=2026-12-01')).toEqual([second.id]);
    expect(await ids('procedure=volant-padro&from=2026-12-01')).toEqual([second.id]);
    expect(await ids('procedure=cap')).toEqual([]);
    const { json: known } = await client.book({ start: at('09:40'), externalId: 'crm-1' });
    expect(await ids('externalId=crm-1')).toEqual([known.id]);
    expect(await ids('externalId=crm-2')).toEqual([]);
    const looks = (await trail(second.id)).map((each) => each.action);
    expect(looks).toEqual(['booked', 'listed', 'listed', 'listed', 'listed']);
  });

  test.each(['x', '', Buffer.from('1 2').toString('base64url'), '%00', '%F0%9F%92%A9'])(
    'refuses the cursor %j',
    async (cursor) => {
      const { status, json } = await client.send(`/appointments?cursor=${cursor}`);
      expect([status, json.fields[0].name]).toEqual([422, 'cursor']);
    },
  );

  test.each(['0', '201', '1.5', 'x', ''])('refuses the limit %j', async (limit) => {
    expect((await client.send(`/appointments?limit=${limit}`)).status).toBe(422);
  });
});
