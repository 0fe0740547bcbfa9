import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { staffOf } from '../../features/service/cases/testing.ts';
import { within } from '../../lib/db/database.ts';
import { type Replied, type TestOpen311, testOpen311 } from './testing/open311.ts';

/** The fields of a request, in the order of the specification (wiki.open311.org/GeoReport_v2). */
const REQUEST = [
  ...['service_request_id', 'status', 'status_notes', 'service_name', 'service_code'],
  ...['description', 'agency_responsible', 'service_notice', 'requested_datetime'],
  ...['updated_datetime', 'expected_datetime', 'address', 'address_id', 'zipcode'],
  ...['lat', 'long', 'media_url'],
];

let house: TestOpen311;
let key: string;
let reader: string;
const HERE = { lat: '41.55123456', long: '2.15123456' };
const LIGHT = { service_code: 'fanal', description: 'Light out at no. 7', ...HERE };

beforeAll(async () => {
  house = await testOpen311();
  key = await house.key(['requests:write']);
  reader = await house.key(['requests:read']);
});
afterAll(() => house.close());

let nth = 0;
/** Sends a request that is not the same as any other. Returns its id. */
async function sent(fields: Record<string, string> = {}): Promise<string> {
  nth++;
  const made = await house.post({ api_key: key, ...LIGHT, description: `No. ${nth}`, ...fields });
  expect([made.status, made.text]).toEqual([200, expect.stringContaining('service_request_id')]);
  return made.json[0].service_request_id;
}
const office = () => house.offices['oac']!;
const coordinator = () => staffOf(office(), 'coordinator', 2);
/** Returns the row's id. */
const idOf = (reference: string): Promise<string> =>
  within(house.database.kysely, office().id, async (tx) => {
    const found = tx.selectFrom('request').select('id').where('reference', '=', reference);
    return (await found.executeTakeFirstOrThrow()).id;
  });
const errorsIn = ({ json }: Replied) => json.map((each: { code: number }) => each.code);

describe('what can be reported', () => {
  test('is listed in both formats, as UTF-8, in the language that is asked for', async () => {
    const { json, headers } = await house.get('services.json?locale=en');
    expect(json.map((each: { service_code: string }) => each.service_code)).toEqual([
      ...['fanal', 'clot', 'queixa', 'arbre'],
    ]);
    expect(json[3]).toMatchObject({ metadata: true, group: 'Parks', type: 'realtime' });
    expect(headers.get('Content-Type')).toBe('application/json; charset=utf-8');
    expect(headers.get('Access-Control-Allow-Origin')).toBe('*');
    const xml = await house.get('services.xml');
    expect(xml.headers.get('Content-Type')).toBe('text/xml; charset=utf-8');
    expect(xml.text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<services><service>/);
  });

  test('has a definition by its code', async () => {
    const { json } = await house.get('services/arbre.json');
    expect(json.service_code).toBe('arbre');
    expect(json.attributes).toHaveLength(4);
    expect(errorsIn(await house.get('services/nothing.json'))).toEqual([404]);
    const xml = await house.get('services/nothing.xml');
    expect([xml.status, xml.text]).toEqual([404, expect.stringContaining('<code>404</code>')]);
  });

  test('begins at the discovery document, beside the interface and in it', async () => {
    const [there, here] = await Promise.all([
      house.app.request('/open311/discovery.json'),
      house.app.request('/open311/v2/discovery.json'),
    ]);
    const found = await there.json();
    expect(found).toEqual(await here.json());
    expect(found).toMatchObject({
      endpoints: [{ url: 'https://seu.example/open311/v2', type: 'production' }],
    });
  });
});

describe('sending', () => {
  test('answers the id, a notice and no account, and is a request of the office', async () => {
    const made = await house.post({ api_key: key, ...LIGHT, locale: 'en' });
    expect(Object.keys(made.json[0])).toEqual([
      ...['service_request_id', 'service_notice', 'account_id'],
    ]);
    expect(made.json[0].account_id).toBeNull();
    expect(made.json[0].service_notice).toContain('15 February 2027');
    const look = await house.requests.work(
      coordinator(),
      office(),
      await idOf(made.json[0].service_request_id),
    );
    expect(look?.row).toMatchObject({
      ...{ door: 'api', text: 'Light out at no. 7', state: 'received', team: 'brigada' },
      ...{ isAnonymous: true, area: 'centre', language: 'en' },
      madeBy: expect.stringMatching(/^token:\d+$/),
    });
  });

  test('takes attributes of every kind, and names those that are wrong', async () => {
    const tree = { api_key: key, service_code: 'arbre', email: 'rosa@example.cat', ...HERE };
    const fields = new URLSearchParams(tree);
    fields.append('attribute[mida]', '12');
    fields.append('attribute[mal][]', 'branca');
    fields.append('attribute[mal][]', 'plaga');
    fields.append('attribute[vist]', '2027-01-31T23:30:00Z');
    const made = await house.post(fields);
    const look = await house.requests.work(
      coordinator(),
      office(),
      await idOf(made.json[0].service_request_id),
    );
    // Half past eleven at night in UTC is the day after here.
    expect(look?.row.answers).toEqual({
      mida: ['12'],
      mal: ['branca', 'plaga'],
      vist: ['2027-02-01'],
    });
    const none = await house.post({ ...tree, description: 'a', locale: 'en' });
    expect(none.json).toEqual([{ code: 400, description: 'attribute[mida] is missing.' }]);
    const wrong = { 'attribute[mida]': 'high', 'attribute[mal]': 'foc', 'attribute[vist]': 'x' };
    expect(errorsIn(await house.post({ ...tree, ...wrong }))).toEqual([400, 400, 400]);
    const other = await house.post({ ...tree, 'attribute[pell]': 'x', locale: 'en' });
    expect(other.json[0].description).toContain('pell');
  });

  test('needs a place where its type does, and takes none outside the town', async () => {
    const { lat: _, long: __, ...nowhere } = { api_key: key, ...LIGHT };
    expect((await house.post(nowhere)).status).toBe(400);
    expect((await house.post({ ...nowhere, lat: '41.5' })).status).toBe(400);
    expect((await house.post({ ...nowhere, lat: 'NaN', long: '2' })).status).toBe(400);
    expect((await house.post({ ...nowhere, lat: '0', long: '0' })).status).toBe(400);
    expect((await house.post({ ...nowhere, address_id: '7' })).status).toBe(400);
    expect((await house.post({ ...nowhere, address_string: 'Carrer Major 7' })).status).toBe(200);
  });

  test('needs somebody to answer, where its type is not sent without a contact', async () => {
    const complaint = { api_key: key, service_code: 'queixa', description: 'Late' };
    expect((await house.post(complaint)).status).toBe(400);
    expect((await house.post({ ...complaint, email: 'no address' })).status).toBe(400);
    expect((await house.post({ ...complaint, email: 'rosa@example.cat' })).status).toBe(200);
  });

  test('keeps the address of a photo as words, and fetches nothing', async () => {
    const id = await sent({ description: 'Dark', media_url: 'http://127.0.0.1:1/photo.jpg' });
    const { json } = await house.get(`requests/${id}.json?api_key=${reader}`);
    expect(json[0]).toMatchObject({
      ...{ description: 'Dark\n\nhttp://127.0.0.1:1/photo.jpg', media_url: null },
    });
    for (const media of ['javascript:alert(1)', 'file:///etc/passwd', 'no address'])
      expect((await house.post({ api_key: key, ...LIGHT, media_url: media })).status).toBe(400);
  });

  test('makes one of two that come at the same moment', async () => {
    const form = { api_key: key, ...LIGHT, description: 'At once' };
    const made = await Promise.all(Array.from({ length: 4 }, () => house.post(form)));
    const ids = made.map(({ json }) => json[0].service_request_id);
    expect(new Set(ids).size).toBe(1);
  });

  test('takes forms with files, whose photos are checked as all photos are', async () => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ api_key: key, ...LIGHT, description: 'Photo' }))
      body.set(name, value);
    body.set('media', new Blob(['no photo']), 'photo.jpg');
    const post = () => house.app.request('/open311/v2/requests.json', { method: 'POST', body });
    expect((await post()).status).toBe(400);
    const png =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
    body.set('media', new Blob([Buffer.from(png, 'base64')]), 'photo.png');
    const made = await post();
    expect(made.status).toBe(200);
    const [first] = (await made.json()) as { service_request_id: string }[];
    const look = await house.requests.work(
      ...([coordinator(), office(), await idOf(first?.service_request_id ?? '')] as const),
    );
    expect(look?.photos).toHaveLength(1);
  });
});

describe('keys', () => {
  test('that are missing, mistaken or too narrow are refused with 403', async () => {
    const narrow = await house.key(['appointments:write', 'requests:read']);
    for (const api_key of ['', 'xyz', `fin_${'A'.repeat(32)}`, narrow]) {
      const refused = await house.post({ api_key, ...LIGHT });
      expect([refused.status, errorsIn(refused)]).toEqual([403, [403]]);
    }
    expect((await house.get('requests.json?api_key=xyz')).status).toBe(403);
    const bearer = { headers: { Authorization: `Bearer ${key}` } };
    expect((await house.post({ ...LIGHT, description: 'Bearer' }, bearer)).status).toBe(200);
  });

  test('that are good for more than requests are refused in an address, which stands in logs', async () => {
    const broad = await house.key(['requests:read', 'cases:read']);
    expect((await house.get(`requests.json?api_key=${broad}`)).status).toBe(403);
    const bearer = { Authorization: `Bearer ${broad}` };
    expect((await house.get('requests.json', bearer)).status).toBe(200);
  });

  test('that send alone read what everybody reads, and no more', async () => {
    const id = await sent({ service_code: 'queixa', email: 'rosa@example.cat', lat: '', long: '' });
    expect((await house.get(`requests/${id}.json?api_key=${key}`)).status).toBe(404);
    expect((await house.get(`requests/${id}.json`)).status).toBe(404);
    const { json } = await house.get(`requests/${id}.json?api_key=${reader}`);
    expect(json[0].description).toBe(`No. ${nth}`);
  });

  test('that read are told nothing of who wrote', async () => {
    const rosa = { first_name: 'Rosa', last_name: 'Soler', email: 'rosa.soler@example.cat' };
    const id = await sent({ ...rosa, phone: '+34600111222' });
    const { text } = await house.get(`requests/${id}.json?api_key=${reader}`);
    for (const said of ['Rosa', 'Soler', 'example.cat', '600111222', 'token'])
      expect(text).not.toContain(said);
  });
});

describe('what everybody reads', () => {
  test('has the fields of the specification, days for times, and a coarse place', async () => {
    const id = await sent({ address_string: 'Carrer Major 7, 2n 1a', locale: 'en' });
    const { json, headers } = await house.get(`requests/${id}.json?locale=en`);
    expect(Object.keys(json[0])).toEqual(REQUEST);
    expect(json[0]).toEqual({
      ...{ service_request_id: id, status: 'open', status_notes: 'Received' },
      ...{ service_name: 'fanal', service_code: 'fanal', description: null },
      ...{ agency_responsible: expect.any(String), service_notice: null },
      requested_datetime: '2027-02-01T00:00:00+01:00',
      updated_datetime: '2027-02-01T00:00:00+01:00',
      expected_datetime: '2027-02-15T23:59:59+01:00',
      ...{ address: expect.stringMatching(/^Centre, /), address_id: null, zipcode: null },
      ...{ lat: 41.551, long: 2.151, media_url: null },
    });
    expect(headers.get('Cache-Control')).toContain('public');
  });

  test('is only what was public when it was sent', async () => {
    const id = await sent();
    await within(house.database.kysely, office().id, async (tx) => {
      await tx
        .updateTable('request')
        .set({ is_public: false })
        .where('reference', '=', id)
        .execute();
    });
    expect((await house.get(`requests/${id}.json`)).status).toBe(404);
  });

  test('has words once an official passed them', async () => {
    const id = await sent({ description: 'It is dark' });
    const row = await idOf(id);
    const show = (text: boolean) =>
      within(house.database.kysely, office().id, async (tx) => {
        await tx.updateTable('request').set({ shown_text: text }).where('id', '=', row).execute();
      });
    await show(true);
    const { json } = await house.get(`requests/${id}.json`);
    expect(json[0]).toMatchObject({ description: 'It is dark', lat: 41.551 });
    await show(false);
    expect((await house.get(`requests/${id}.json`)).json[0].description).toBeNull();
  });

  test('loses what its person takes back', async () => {
    const id = await sent();
    const row = await idOf(id);
    const person = { kind: 'requester', request: row, identified: null } as const;
    await house.requests.withdraw(person, office(), row);
    expect((await house.get(`requests/${id}.json`)).status).toBe(404);
    expect((await house.get(`requests.json?service_request_id=${id}`)).json).toEqual([]);
  });

  test('is found by ids, type, state and day, and never by the hour', async () => {
    const [one, two] = [await sent(), await sent({ service_code: 'clot' })];
    const ids = async (query: string) =>
      (await house.get(`requests.json?${query}`)).json.map(
        (each: { service_request_id: string }) => each.service_request_id,
      );
    expect((await ids(`service_request_id=${one},${two},XXX-XXX`)).sort()).toEqual(
      [one, two].sort(),
    );
    expect(await ids('service_code=clot')).toContain(two);
    expect(await ids('service_code=clot')).not.toContain(one);
    expect(await ids('service_code=queixa')).toEqual([]);
    expect(await ids('status=closed')).not.toContain(one);
    // It came at 12:34:56; its day began at midnight.
    expect(await ids('start_date=2027-02-01T00:00:00%2B01:00')).toContain(one);
    expect(await ids('start_date=2027-02-01T00:00:01%2B01:00')).not.toContain(one);
    expect(await ids('start_date=2027-01-31T23:00:00Z&end_date=2027-01-31T23:00:01Z')).toContain(
      one,
    );
    expect((await house.get('requests.json?start_date=x')).status).toBe(400);
    const first = await ids('page_size=1');
    expect([first.length, (await ids('page_size=1&page=2'))[0] === first[0]]).toEqual([1, false]);
  });

  test('is the same in XML', async () => {
    const id = await sent();
    const { text } = await house.get(`requests/${id}.xml`);
    for (const name of REQUEST) expect(text).toContain(`<${name}>`);
    expect((await house.get(`tokens/${id}.xml`)).text).toContain(
      `<service_request_id>${id}</service_request_id><token>${id}</token>`,
    );
    expect((await house.get('tokens/nothing.json')).status).toBe(404);
    expect((await house.get('requests.yaml')).status).toBe(404);
    expect((await house.get('requests')).status).toBe(404);
  });
});

/* Later days: the clock of the limits never goes back. */
describe('sending once more', () => {
  test('is the same request again with the same key of idempotency, or within a minute', async () => {
    const first = await sent({ description: 'Twice' });
    expect(await sent({ description: 'Twice' })).toBe(first);
    house.clock.set('2027-02-01T12:40:00+01:00');
    expect(await sent({ description: 'Twice' })).not.toBe(first);
    const headers = { 'Idempotency-Key': 'a-1' };
    const form = { api_key: key, ...LIGHT, description: 'Keyed' };
    const keyed = await house.post(form, { headers });
    house.clock.set('2027-02-03T12:40:00+01:00');
    expect((await house.post(form, { headers })).json).toEqual(keyed.json);
    expect((await house.post({ ...form, description: 'Other' }, { headers })).status).toBe(400);
    // Another token's keys are its own.
    const another = await house.key(['requests:write']);
    const theirs = await house.post({ ...form, api_key: another }, { headers });
    expect(theirs.json[0].service_request_id).not.toBe(keyed.json[0].service_request_id);
  });
});

test('nothing failed on our side meanwhile', () => {
  expect(house.errors).toEqual([]);
});
