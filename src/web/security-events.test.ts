import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Appointment } from '../domain/appointment.ts';
import type { Office } from '../domain/office/types.ts';
import { SECURITY_EVENTS, type SecurityEvent } from '../lib/security-events.ts';
import { DEMO_TOWN } from '../paths.ts';
import type { ApiLimits } from './api/gate.ts';
import { apiRoutes } from './api/routes.ts';
import { openAssets } from './assets.ts';
import { codeOf, jar } from './console/testing.ts';
import { type Instance, openInstance } from './testing/instance.ts';

/*
 * Refusals and important actions leave a line in the log and are counted: each kind is caused as in
 * reality, over
 * HTTP where it is refused there. Commands: src/cli/security.test.ts. Infected documents:
 * src/features/service/documents/service.test.ts.
 */

type Line = Record<string, unknown> & { event?: SecurityEvent };

const NURIA = { email: 'nuria@vilaclara.example', name: 'Núria Test', password: 'set below' };
const PHONE = '+34600123456';
const CITIZEN = { name: 'Rosa Soler i Puig', email: 'rosa@vilaclara.example', phone: PHONE };

let house: Instance;
let office: Office;
let appointment: Appointment;
let lines: Line[] = [];
const all: Line[] = [];
let totp: string;

beforeAll(async () => {
  const write = (text: string) => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    all.push(line);
  };
  const log = pino({ level: 'info' }, { write });
  house = await openInstance(await readFile(DEMO_TOWN, 'utf8'), '2026-11-30T08:00:00+01:00', {
    log,
    env: { METRICS_TOKEN: 'the metrics are read with this' },
  });
  const { staff, offices } = house.context;
  office = (await offices.find('oac'))!;
  const roles = [{ office: 'oac', role: 'agent', desk: 'taula-1' } as const];
  const access = await staff.seedDemo([{ ...NURIA, roles }]);
  const found = access.find((each) => each.email === NURIA.email)!;
  NURIA.password = found.password;
  totp = found.totpSecret;
  appointment = await book();
}, 120_000);
afterAll(() => house?.close());
beforeEach(() => {
  lines = [];
});

async function book(): Promise<Appointment> {
  const { slots, appointments } = house.context;
  const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const;
  const days = { from: '2026-12-01', to: '2026-12-10' };
  const found = await slots.search(office, choice, days);
  if (!found.ok) throw new Error(found.reason);
  const booked = await appointments.book({ kind: 'citizen' }, office, {
    ...{ ...choice, start: found.slots[0]!.start, citizen: CITIZEN, noticeLanguage: 'ca' },
    ...{ onBehalfOf: null, needs: [], comment: '' },
  });
  if (!booked.ok) throw new Error(booked.reason);
  return booked.appointment;
}

const events = () => lines.flatMap(({ event }) => event ?? []);
const lineOf = (event: SecurityEvent) => lines.find((each) => each.event === event);
const get = (path: string, headers: Record<string, string> = {}) =>
  house.app.request(path, { headers: { 'Accept-Language': 'ca', ...headers } });
const post = (
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  Promise.resolve(
    house.app.request(path, { method: 'POST', body: new URLSearchParams(form), headers }),
  );

async function signIn(): Promise<string> {
  const first = await post('/staff/sign-in', { email: NURIA.email, password: NURIA.password });
  const cookie = jar(first.headers.getSetCookie());
  const second = await post('/staff/code', { code: codeOf(totp) }, { cookie });
  return jar(second.headers.getSetCookie());
}

test('a thousand bad tokens leave a few lines, and all are counted', async () => {
  const api = (limits: ApiLimits) =>
    apiRoutes({ ...house.context, assets: openAssets('/nowhere'), limits });
  const many = { burst: 2_000, perMinute: 1 };
  const app = api({ token: many, stranger: many });
  const before = house.context.security.counts().get('api.token_refused') ?? 0;
  const headers = { Authorization: `Bearer fin_${'x'.repeat(32)}` };
  for (let count = 0; count < 1050; count++)
    expect((await app.request('/api/v1/offices/oac/slots', { headers })).status).toBe(401);
  const written = events().filter((each) => each === 'api.token_refused').length;
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThan(20);
  expect(lineOf('api.token_refused')).toMatchObject({ level: 40, source: expect.any(String) });
  const metrics = await get('/metrics', {
    Authorization: 'Bearer the metrics are read with this',
  });
  const text = await metrics.text();
  expect(text).toContain(
    `finestreta_security_events_total{event="api.token_refused"} ${before + 1050}`,
  );
  for (const event of Object.keys(SECURITY_EVENTS)) expect(text).toContain(`{event="${event}"}`);

  const made = await house.context.tokens.create(office, {
    ...{ name: 'Reads the catalogue', scopes: ['catalogue:read'], lastDay: null, networks: '' },
  });
  if (!made.ok) throw new Error('no token');
  const bearer = { Authorization: `Bearer ${made.token}` };
  const scoped = await app.request('/api/v1/offices/oac/events', {
    headers: bearer,
  });
  expect(scoped.status).toBe(403);
  expect(lineOf('api.scope_refused')).toMatchObject({
    office: office.id,
    route: 'GET /api/v1/offices/:office/events',
    what: expect.stringMatching(/:/),
  });

  const one = api({ token: many, stranger: { burst: 1, perMinute: 1 } });
  await one.request('/api/v1/offices/oac/slots', { headers });
  const limited = await one.request('/api/v1/offices/oac/slots', { headers });
  expect(limited.status).toBe(429);
  expect(lineOf('web.rate_limited')).toMatchObject({ route: 'GET /api/v1/offices/:office/slots' });
}, 60_000);

test('a wrong password and a wrong code, and both right', async () => {
  await post('/staff/sign-in', { email: NURIA.email, password: 'not the password at all' });
  expect(lineOf('auth.password_refused')).toMatchObject({ what: 'sign_in' });
  const first = await post('/staff/sign-in', { email: NURIA.email, password: NURIA.password });
  const cookie = jar(first.headers.getSetCookie());
  await post('/staff/code', { code: '000000' }, { cookie });
  expect(lineOf('auth.second_factor_refused')).toMatchObject({ what: 'code' });
  const { staff } = (await house.context.staff.session(new Headers({ cookie: await signIn() })))!;
  expect(lineOf('auth.signed_in')).toMatchObject({ level: 30, staff, what: 'code' });
});

test('an invalid passkey', async () => {
  await post('/staff/passkey', { answer: '{}' });
  expect(lineOf('auth.second_factor_refused')).toMatchObject({ what: 'passkey' });
});

test('a locked sign-in', async () => {
  const wrong = { email: 'nobody@vilaclara.example', password: 'not the password at all' };
  for (let count = 0; count < 11; count++) await post('/staff/sign-in', wrong);
  expect(lineOf('auth.locked_out')).toMatchObject({ what: 'password' });
});

test('a page of another person, a missing page, and signing out', async () => {
  const { staff } = house.context;
  const caller = { address: '192.0.2.9', userAgent: 'test' };
  const opened = await staff.signIn(NURIA.email, NURIA.password, { ...caller, cookie: '' });
  if (!opened.ok) throw new Error(opened.reason);
  let cookie = jar(opened.cookies);
  const entered = await staff.enterCode(codeOf(totp, 1), { ...caller, cookie });
  if (!entered.ok) throw new Error(entered.reason);
  cookie = jar(entered.cookies);
  await get('/console/oac/audit', { cookie });
  expect(lineOf('access.refused')).toMatchObject({
    ...{ staff: expect.any(Number), route: 'GET /console/:office/audit', status: 404 },
  });
  lines = [];
  await get(`/console/oac/appointment/${crypto.randomUUID()}`, { cookie });
  expect(lineOf('access.refused')).toMatchObject({ route: 'GET /console/:office/appointment/:id' });
  const papers = `finestreta_papers_abc123=${'x'.repeat(32)}`;
  const out = await post('/staff/sign-out', {}, { cookie: `${cookie}; ${papers}` });
  // The data for the next person at this browser is cleared, but not the other hosts' cookies.
  expect(out.headers.get('Clear-Site-Data')).toBe('"cache", "storage"');
  const ended = out.headers.getSetCookie().filter((each) => each.includes('Max-Age=0'));
  const names = ended.map((each) => each.split('=')[0]);
  expect(names).toContain('finestreta.session_token');
  expect(names).toContain('finestreta_papers_abc123');
  expect(lineOf('auth.signed_out')).toMatchObject({ level: 30, staff: expect.any(Number) });
});

test('links that open nothing', async () => {
  const secret = 'x'.repeat(32);
  await get(`/ca/appointment/${secret}`);
  expect(lineOf('link.unknown')).toMatchObject({
    ...{ what: 'appointment', route: 'GET /:language/appointment/:secret' },
  });
  lines = [];
  await get(`/ca/notices/${'x'.repeat(22)}.${secret}`);
  expect(lineOf('link.unknown')).toMatchObject({ what: 'notice' });
  lines = [];
  await get(`/ca/appointment/${house.context.appointments.secretOf(appointment)}`);
  expect(events()).toEqual([]);
});

test('wrong one-time codes, and the last of them', async () => {
  const { appointments, oneTimeCodes } = house.context;
  await oneTimeCodes.send(appointment, 'documents');
  const page = `/ca/appointment/${appointments.secretOf(appointment)}/documents/code`;
  await post(page, { code: '000000' });
  expect(lineOf('code.refused')).toMatchObject({ appointment: appointment.id, office: office.id });
  expect(lineOf('code.exhausted')).toBeUndefined();
  for (let count = 1; count < 5; count++) await post(page, { code: '000000' });
  expect(lineOf('code.exhausted')).toMatchObject({ appointment: appointment.id });
});

test('a form from the page of another site', async () => {
  await post(
    '/ca/lost-link',
    {},
    { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
  );
  expect(lineOf('web.cross_site_refused')).toMatchObject({ route: 'POST /:language/lost-link' });
});

test('two Host headers, over a socket', async () => {
  const env = { incoming: { rawHeaders: ['Host', 'a.example', 'host', 'b.example'] } };
  const answer = await house.app.request('/ca', {}, env);
  expect(answer.status).toBe(400);
  expect(lineOf('web.host_refused')).toMatchObject({ what: 'two' });
});

test('a role that is given and removed', async () => {
  const { people } = house.context;
  const draft = { email: 'pere@vilaclara.example', name: 'Pere', role: 'agent', desk: '' };
  const viewer = { kind: 'staff', staff: 1, name: '', office: office.id, desk: null } as const;
  const administrator = { ...viewer, role: 'administrator' } as const;
  const invited = await people.invite(administrator, draft);
  if (!invited.ok) throw new Error(invited.reason);
  expect(lineOf('staff.role_changed')).toMatchObject({
    ...{ staff: invited.staff, by: 1, office: office.id, what: 'invited' },
  });
  lines = [];
  await people.end({ ...viewer, role: 'coordinator' }, invited.staff);
  expect(events()).toEqual([]);
  await people.end(administrator, invited.staff);
  expect(lineOf('staff.role_changed')).toMatchObject({ what: 'ended' });
});

test('no line contains a secret, an address or a name', () => {
  const { appointments } = house.context;
  const sensitive = [
    ...[NURIA.email, NURIA.password, NURIA.name, totp, 'nobody@', 'pere@', 'Pere'],
    ...[CITIZEN.name, CITIZEN.email, PHONE, '192.0.2.9', '000000', 'x'.repeat(32)],
    appointments.secretOf(appointment),
  ];
  const written = all.filter((each) => each.event).map((each) => JSON.stringify(each));
  expect(written.length).toBeGreaterThan(15);
  for (const text of sensitive)
    expect(
      written.filter((each) => each.includes(text)),
      text,
    ).toEqual([]);
});
