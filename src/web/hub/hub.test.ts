import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type HubStandIn, hubCertificate, hubStandIn } from '../../../e2e/support/identity/hub.ts';
import type { Appointment } from '../../domain/appointment.ts';
import { linkAppointment } from '../../features/foundation/identification/service.ts';
import { identifiedPerson } from '../../features/foundation/identification/testing.ts';
import { handClock } from '../../lib/clock.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { DEMO_TOWN } from '../../paths.ts';
import { type Instance, openInstance } from '../testing/instance.ts';
import type { HubAnswer } from './answer.ts';
import { hubRoutes } from './routes.ts';

const SECRET = 'proxy-secret-'.padEnd(43, 'x');
const MONDAY = '2026-11-30T08:00:00+01:00';
const ROSA = '12345678Z';
const AMINA = 'X0000000T';
const FICTITIOUS = '00000000T';
const ADDRESS = '157.97.64.126';

let hub: HubStandIn;
let house: Instance;
let lines: string[] = [];
const clock = handClock(MONDAY);

const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });

/** Opens Vilaclara with a hub as the town file may declare it. */
async function open(folder: string | null, env: Record<string, string> = {}): Promise<Instance> {
  const text = await readFile(DEMO_TOWN, 'utf8');
  const town = folder ? text.replace('\ntown:\n', `\ntown:\n  folder: ${folder}\n`) : text;
  const at = await openInstance(town, MONDAY, {
    log,
    env: { FOLDER_SECRET: SECRET, TRUSTED_PROXIES: '1', METRICS_TOKEN: 'metrics', ...env },
  });
  vi.spyOn(at.context.clock, 'now').mockImplementation(() => clock.now());
  return at;
}

const ofHub = (more = '') =>
  `{ kind: hub, ine10: "0899990001", certificates: ["${hub.fingerprint}"], addresses: ["${ADDRESS}"]${more} }`;

beforeAll(async () => {
  hub = await hubStandIn(async (path, headers) => house.app.request(path, { headers }), {
    secret: SECRET,
  });
  house = await open(ofHub());
}, 60_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await house?.close();
});
beforeEach(() => {
  lines = [];
  clock.advance({ minutes: 10 }); // so that no test uses up the allowance of the next one
});

const ask = async (nif: string, more: Record<string, string> = {}, shown = {}) => {
  const query = { documentIdentificatiu: nif, tipusDocumentIdentificatiu: 'NIF', ...more };
  const response = await hub.consult(query, shown);
  return { response, status: response.status, answer: (await response.json()) as HubAnswer };
};
const NOTHING = { codiResultat: '404', descripcioResultat: "No s'ha trobat cap informació" };

/** Books the first free time. */
async function book(at: Instance, of: object = {}, code = 'oac'): Promise<Appointment> {
  const { slots, appointments, offices } = at.context;
  const office = (await offices.find(code))!;
  const ask = {
    ...{
      procedure: code === 'oac' ? 'volant-padro' : 'tributs-i-multes',
      channel: 'phone',
      language: 'ca',
    },
    ...of,
  } as { procedure: string; channel: 'phone'; language: 'ca' };
  const found = await slots.search(office, ask, { from: '2026-12-01', to: '2026-12-10' });
  if (!found.ok) throw new Error(found.reason);
  const booked = await appointments.book({ kind: 'citizen' }, office, {
    ...{ ...ask, start: found.slots[0]!.start, noticeLanguage: 'ca', onBehalfOf: null },
    ...{ needs: [], comment: '' },
    citizen: { name: 'Rosa Soler', email: 'rosa@vilaclara.example', phone: '+34600123456' },
    ...of,
  });
  if (!booked.ok) throw new Error(booked.reason);
  return booked.appointment;
}

/** Puts appointments into the folder of a person. */
async function give(at: Instance, nif: string, ...appointments: Appointment[]): Promise<string> {
  const { keys, database } = at.context;
  const known = await identifiedPerson(database.kysely, keys.people, nif, clock.now());
  for (const { id, office } of appointments)
    await within(database.kysely, office, (tx) =>
      linkAppointment(
        { tx, office, now: clock.now() },
        { ...known, appointment: id, how: 'booked' },
      ),
    );
  return known.person;
}

const trail = (at: Instance) =>
  within(at.database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('audit')
      .select(['office_id', 'appointment_id', 'actor', 'data'])
      .where('action', '=', 'hub_read')
      .orderBy('id')
      .execute(),
  );

describe('a person with appointments', () => {
  let phone: Appointment;
  let there: Appointment;
  let rosa: string;
  beforeAll(async () => {
    phone = await book(house);
    there = await book(house, {
      procedure: 'informe-residencia',
      channel: 'in_person',
      site: 'centre',
    });
    rosa = await give(house, ROSA, phone, there);
  });

  test('is answered as the documentation has it: without what is empty, in local time, with no secret', async () => {
    const { status, response, answer } = await ask(ROSA);
    expect(status).toBe(200);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(answer).toMatchObject({ codiResultat: '200', descripcioResultat: 'OK' });
    const found = Object.fromEntries(answer.citesprevies!.map((each) => [each.idCita, each]));
    const page = 'http://localhost:3000/ca/folder';
    const local = (at: Temporal.Instant) =>
      at.toZonedDateTimeISO('Europe/Madrid').toString().slice(0, 19);
    expect(found[phone.reference]).toEqual({
      idCita: phone.reference,
      assumpteCita: 'Volant de padró',
      codiINE10: '0899990001',
      codiDIR3Organisme: 'L01089999',
      dataActuacio: local(phone.createdAt),
      dataCita: local(phone.start),
      urlCita: page,
      procediment: 'Volant de padró',
      urlEdicio: page,
      urlCancellacio: page,
      puntAtencio: 'Oficina d’Atenció Ciutadana, Trucada telefònica',
      telefonAtencio: '+34 930 100 010',
      contacteAtencio: 'oac@vilaclara.example',
    });
    expect(found[phone.reference]?.dataCita).toMatch(/^2026-12-\d\dT\d\d:\d\d:00$/);
    expect(found[there.reference]).toMatchObject({
      puntAtencio: 'Oficina d’Atenció Ciutadana, OAC Centre',
      adrecaAtencio: 'Plaça de la Vila, 1, Vilaclara',
      coordenadesGPS: '41.5463, 2.1086',
    });
    const text = JSON.stringify(answer);
    for (const each of [phone, there])
      expect(text).not.toContain(house.context.appointments.secretOf(each));
    for (const personal of [ROSA, 'Rosa', 'rosa@', '600123456', rosa, phone.id])
      expect(text).not.toContain(personal);
  });

  test('is recorded with each of the appointments, in its own office', async () => {
    const tax = await book(house, {}, 'hisenda');
    await give(house, ROSA, tax);
    const before = (await trail(house)).length;
    const { answer } = await ask(ROSA);
    expect(answer.citesprevies).toHaveLength(3);
    const added = (await trail(house)).slice(before);
    const of = ({ id, office }: Appointment) => ({
      office_id: office,
      appointment_id: id,
      actor: 'system',
      data: {},
    });
    expect(added).toHaveLength(3);
    expect(added).toEqual(expect.arrayContaining([of(phone), of(there), of(tax)]));
  });

  test('is read from a day to a day, of the town’s time', async () => {
    const day = phone.start.toZonedDateTimeISO('Europe/Madrid').toPlainDate();
    const within = { dataInici: `${day}`, dataFi: `${day}` };
    expect((await ask(ROSA, within)).answer.citesprevies?.length).toBeGreaterThan(0);
    const after = { dataInici: `${day.add({ days: 60 })}` };
    expect((await ask(ROSA, after)).answer).toEqual(NOTHING);
    expect((await ask(ROSA, { dataFi: `${day.subtract({ days: 1 })}` })).answer).toEqual(NOTHING);
  });

  test('is answered in the language that they read', async () => {
    const { identification } = house.context;
    for (const [language, name] of [
      ['es', 'Volante de padrón'],
      ['en', 'Residence certificate'],
      ['eu', 'Errolda-agiria'],
    ] as const) {
      await identification.wish(rosa, { language });
      const { answer } = await ask(ROSA);
      const one = answer.citesprevies!.find((each) => each.idCita === phone.reference)!;
      expect(one.urlCita).toBe(`http://localhost:3000/${language}/folder`);
      expect(one.assumpteCita).toBe(name);
    }
    await identification.wish(rosa, { language: null });
  });

  test('reads nothing of others, of what was cancelled, or of what was forgotten', async () => {
    const others = await book(house);
    const [cancelled, forgotten] = [await book(house), await book(house)];
    await give(house, AMINA, cancelled, forgotten);
    await house.database.asOwner(
      "set app.office = '*'",
      `update appointment set status = 'cancelled' where id = '${cancelled.id}'`,
      `update appointment set forgotten_at = now() where id = '${forgotten.id}'`,
    );
    expect((await ask(AMINA)).answer).toEqual(NOTHING);
    expect(JSON.stringify((await ask(ROSA)).answer)).not.toContain(others.reference);
  });

  test('is told when the hour was taken from them', async () => {
    await house.database.asOwner(
      "set app.office = '*'",
      `update appointment set time_id = null, displaced_at = now() where id = '${there.id}'`,
    );
    const { answer } = await ask(ROSA);
    expect(answer.citesprevies!.find((each) => each.idCita === there.reference)).toMatchObject({
      actuacioCiutada: 'SI',
      assumpteCita:
        'Cal triar una altra hora: Informe de coneixement de residència: estat de la sol·licitud',
    });
  });
});

test('fifty appointments are one answer, by their date; those long over only when asked for', async () => {
  const like = await book(house);
  const { database } = house;
  await database.asOwner(
    "set app.office = '*'",
    `insert into appointment select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(),
       'reference', 'MANY-' || n, 'status', 'fulfilled', 'time_id', null, 'idempotency_key', null,
       'starts', a.starts - n * interval '2 days', 'ends', a.ends - n * interval '2 days'))).*
       from appointment a, generate_series(1, 60) n where a.id = '${like.id}'`,
  );
  const known = await give(house, '99999999R');
  await database.asOwner(
    "set app.office = '*'",
    `insert into person_appointment (person_id, appointment_id, office_id, identification_id, how, linked_at)
       select '${known}', id, office_id, null, 'link', now() from appointment
       where reference like 'MANY-%'`,
  );
  const recent = (await ask('99999999R')).answer.citesprevies!;
  expect(recent.length).toBeGreaterThan(30);
  expect(recent.length).toBeLessThan(60);
  const dates = recent.map((each) => each.dataCita);
  expect(dates).toEqual(dates.toSorted());
  expect(recent.some((each) => each.urlEdicio || each.urlCancellacio)).toBe(false);
  const all = (await ask('99999999R', { dataInici: '2026-01-01' })).answer.citesprevies!;
  expect(all).toHaveLength(60);
});

test('nobody, an organisation and a passport are answered alike, and recorded nowhere', async () => {
  const before = await trail(house);
  await give(house, '23456789D');
  const query = (nif: string, type = 'NIF') => ({
    tipusDocumentIdentificatiu: type,
    documentIdentificatiu: nif,
  });
  for (const each of [
    query('87654321X'),
    query('23456789D'),
    query('Q0000000J'),
    query('AB123456', 'PASSAPORT'),
  ]) {
    const response = await hub.consult(each);
    expect([response.status, await response.json()]).toEqual([200, NOTHING]);
  }
  expect(await trail(house)).toEqual(before);
});

test('a question for another town finds nothing, and is noted', async () => {
  for (const code of [{ codiINE10: '0801930008' }, { codiDIR3Organisme: 'L01080193' }])
    expect((await ask(ROSA, code)).answer).toEqual(NOTHING);
  expect(lines.filter((each) => each.includes('other_town'))).toHaveLength(2);
  expect((await ask(ROSA, { codiINE10: '0899990001' })).answer.codiResultat).toBe('200');
  expect((await ask(ROSA, { codiINE10: '899990001' })).answer.codiResultat).toBe('200');
});

test('whoever is not the hub is refused, with an event and without a word about anybody', async () => {
  const other = await hubCertificate();
  const over = await hubCertificate('2020-01-01', '2021-01-01');
  for (const [shown, what] of [
    [{ secret: null }, 'not_by_proxy'],
    [{ secret: 'another'.padEnd(43, 'x') }, 'not_by_proxy'],
    [{ certificate: null }, 'no_certificate'],
    [{ certificate: other }, 'other_certificate'],
    [{ certificate: over }, 'other_certificate'],
    [{ address: '192.0.2.7' }, 'other_address'],
  ] as const) {
    lines = [];
    const { status, answer } = await ask(ROSA, {}, shown);
    expect([status, answer]).toEqual([
      403,
      { codiResultat: '403', descripcioResultat: 'No autoritzat' },
    ]);
    expect(JSON.parse(lines.find((each) => each.includes('folder.refused'))!)).toMatchObject({
      what,
    });
  }
  const nginx = await ask(ROSA, {}, { form: 'nginx' });
  expect(nginx.status).toBe(200);
});

test('an address that a proxy passes on which nobody declared permits nothing', async () => {
  const own = house;
  const config = { ...own.context.config, trustedProxies: 1, declaredProxies: 0 };
  try {
    const app = hubRoutes({ ...own.context, config, addressOf: () => ADDRESS });
    house = { ...own, app };
    expect((await ask(ROSA)).status).toBe(403);
    expect(lines.some((each) => each.includes('other_address'))).toBe(true);
  } finally {
    house = own;
  }
});

test('other methods and addresses are not there', async () => {
  for (const [path, method] of [
    ['/hub/consultaCitesPrevies', 'POST'],
    ['/hub/consultaActuacions', 'GET'],
    ['/hub', 'GET'],
  ] as const)
    expect((await house.app.request(path, { method })).status).toBe(404);
});

test('the NIF is in no log, no metric and no error', async () => {
  await ask(ROSA);
  await ask('12345678A');
  await ask(ROSA, {}, { certificate: null });
  await ask(ROSA, { dataInici: ROSA });
  const broken = vi.spyOn(house.context.offices, 'byId').mockRejectedValue(new Error('broken'));
  const failed = await ask(ROSA);
  broken.mockRestore();
  expect([failed.status, failed.answer.codiResultat]).toEqual([500, '500']);
  const headers = { Authorization: 'Bearer metrics' };
  const metrics = await (await house.app.request('/metrics', { headers })).text();
  expect(metrics).toContain('/hub/consultaCitesPrevies');
  const everything = `${lines.join('')}${metrics}${JSON.stringify(failed.answer)}`;
  expect(everything).toContain('A question of the hub of folders failed');
  for (const each of ['12345678', 'documentIdentificatiu=', ROSA.toLowerCase()])
    expect(everything).not.toContain(each);
});

test('too many questions about one person, or refused ones, must wait', async () => {
  const tries = async (count: number, act: () => Promise<Response>) => {
    for (let n = 0; n < count; n++) {
      const response = await act();
      if (response.status === 429) return response;
    }
    throw new Error('Nobody had to wait');
  };
  for (const shown of [{}, { certificate: null }]) {
    const response = await tries(60, async () => (await ask(FICTITIOUS, {}, shown)).response);
    expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
  }
  // Others are answered meanwhile.
  expect((await ask(ROSA)).status).toBe(200);
});

test('a town without a hub has no such address, and one without a secret answers nobody', async () => {
  const own = house;
  try {
    for (const [folder, env, status] of [
      [null, {}, 404],
      [ofHub(), { FOLDER_SECRET: '' }, 403],
    ] as const) {
      house = await open(folder, env);
      expect(
        (await hub.consult({ documentIdentificatiu: ROSA, tipusDocumentIdentificatiu: 'NIF' }))
          .status,
      ).toBe(status);
      await house.close();
    }
  } finally {
    house = own;
  }
}, 60_000);

test('two towns answer for their own people, each for its own certificate and secret', async () => {
  const own = house;
  const others = await hubStandIn(async (path, headers) => house.app.request(path, { headers }), {
    secret: 'of-another-town'.padEnd(43, 'y'),
  });
  const folder = `{ kind: hub, ine10: "0801930008", certificates: ["${others.fingerprint}"] }`;
  try {
    house = await open(folder, { FOLDER_SECRET: 'of-another-town'.padEnd(43, 'y') });
    const query = { documentIdentificatiu: ROSA, tipusDocumentIdentificatiu: 'NIF' };
    expect((await hub.consult(query)).status).toBe(403);
    // The same person is at home in the first town only.
    expect(await (await others.consult(query)).json()).toEqual(NOTHING);
    const appointment = await book(house);
    await give(house, ROSA, appointment);
    const answer = (await (await others.consult(query)).json()) as HubAnswer;
    expect(answer.citesprevies?.map((each) => each.idCita)).toEqual([appointment.reference]);
    await house.close();
  } finally {
    house = own;
  }
}, 60_000);

test('a trial answers for the fictitious person alone, without a certificate', async () => {
  const own = house;
  try {
    house = await open('{ kind: hub, ine10: "0899990001", isTrial: true }', { FOLDER_SECRET: '' });
    await give(house, ROSA, await book(house));
    await give(house, FICTITIOUS, await book(house));
    const bare = { certificate: null, secret: null };
    expect((await ask(ROSA, {}, bare)).answer).toEqual(NOTHING);
    expect((await ask(FICTITIOUS, {}, bare)).answer.citesprevies).toHaveLength(1);
    await house.close();
  } finally {
    house = own;
  }
}, 60_000);
