import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { HtmlValidate } from 'html-validate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { createAppointments } from '../../features/booking/appointments/service.ts';
import { testAppointments } from '../../features/booking/appointments/testing.ts';
import { testUnit } from '../../features/foundation/audit/testing.ts';
import { createLinks } from '../../features/foundation/notices/service.ts';
import type { createOffices } from '../../features/foundation/offices/service.ts';
import { testOffice } from '../../features/foundation/offices/testing.ts';
import { createStaffMail } from '../../features/foundation/staff-mail/service.ts';
import { createTokens } from '../../features/foundation/tokens/service.ts';
import { handClock } from '../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../lib/db/testing.ts';
import { LANGUAGES } from '../../lib/i18n/languages.ts';
import { installationKey } from '../../lib/secrets.ts';
import { openAssets } from '../assets.ts';
import { securityHeaders } from '../security.ts';
import { testIdentification } from '../testing/identification.ts';
import { codeNow } from './access.ts';
import type { Mail } from './mailbox.ts';
import { type DemoDeps, demoPages } from './routes.ts';
import { type DemoLife, type DemoTools, NO_TOOLS } from './types.ts';

const BASE = 'http://localhost:3000';
const clock = handClock('2026-12-01T11:00:00Z');
const key = installationKey(Buffer.alloc(32, 7));
const person = {
  email: 'laia@vilaprova.example',
  password: 'demo: obre la finestreta',
  totpSecret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  role: 'agent',
  office: 'oac',
} as const;

let database: TestDatabase;
let app: Hono;
let deps: Omit<DemoDeps, 'config' | 'life' | 'tools'>;
let appointments: ReturnType<typeof createAppointments>;
let offices: ReturnType<typeof createOffices>;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db, pool } = database;
  await testOffice(db);
  ({ offices, appointments } = testAppointments(database, clock, { baseUrl: BASE }));
  deps = {
    database,
    offices,
    links: createLinks({ appointments, keys: { links: key, codes: key }, baseUrl: BASE }),
    clock,
    assets: openAssets('/nowhere'),
    staff: {
      demoAccess: async () => [person],
      enterDemo: async (email) => (email === 'marta.soler@vilaclara.example' ? ['a=1'] : null),
    },
    identification: testIdentification({ db: database.kysely, clock, key, baseUrl: BASE }),
    staffMail: createStaffMail({
      db,
      clock,
      offices,
      baseUrl: BASE,
      setupUrl: (id) => `${BASE}/${id}`,
    }),
    tokens: createTokens({ db, pool, clock, key, unit: testUnit(db, clock) }),
  };
  app = appOf(true, null);
});
afterAll(() => database.close());

const appOf = (demo: boolean, life: DemoLife | null, tools: DemoTools = NO_TOOLS): Hono =>
  new Hono().use(securityHeaders(BASE)).route(
    '/',
    demoPages({
      ...deps,
      config: { demo, trustedProxies: 0, baseUrl: BASE },
      life,
      tools,
    }),
  );

const LIFE: DemoLife = {
  progress: () => ({ done: 7, of: 13, state: 'writing' }),
  isAhead: () => true,
  isClosed: () => false,
  isPassing: () => leaps.length > 0,
  leap: async (by) => void leaps.push(by),
  play: async (scenario) => scenario === 'chat',
};
const leaps: string[] = [];

const send = (to: Hono, path: string, fields: Record<string, string>) =>
  to.request(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  });

async function book() {
  const office = await offices.find('oac');
  if (!office) throw new Error('No office');
  const booked = await appointments.book({ kind: 'citizen' }, office, {
    procedure: 'volant-padro',
    channel: 'phone',
    language: 'ca',
    noticeLanguage: 'es',
    start: Temporal.Instant.from('2026-12-09T08:20:00Z'),
    citizen: { name: 'Marta <b>Puig', email: 'marta@example.org', phone: '+34600000001' },
    onBehalfOf: null,
    needs: [],
    comment: '',
  });
  if (!booked.ok) throw new Error(booked.reason);
  return { office, ...booked };
}

const outbox = async () => (await (await app.request('/demo/outbox.json')).json()) as Mail[];

describe('the demo', () => {
  it('shows every notice so far, newest last, in the documented form', async () => {
    expect(await outbox()).toEqual([]);
    const { appointment, secret, office } = await book();
    clock.advance({ minutes: 5 });
    const viewer = { kind: 'citizen', appointment: appointment.id } as const;
    await appointments.cancel(viewer, office, appointment.id, '');
    const [first, second, ...others] = await outbox();
    expect(others).toEqual([]);
    expect(Object.keys(first ?? {}).sort()).toEqual(
      ['id', 'channel', 'to', 'subject', 'text', 'html', 'attachments', 'at', 'appointment'].sort(),
    );
    expect(first).toMatchObject({
      channel: 'email',
      to: 'marta@example.org',
      subject: 'Cita confirmada: miércoles, 9 de diciembre, 9:20',
      at: '2026-12-01T11:00:00Z',
      appointment: appointment.reference,
    });
    expect(first?.text).toContain(`${BASE}/es/appointment/${secret}\n`);
    expect(first?.html).toContain('Marta &lt;b&gt;Puig');
    expect(first?.attachments).toEqual([
      {
        filename: `cita-${appointment.reference}.ics`,
        contentType: 'text/calendar; charset=utf-8; method=PUBLISH',
        text: expect.stringContaining('BEGIN:VCALENDAR'),
      },
    ]);
    expect(second).toMatchObject({
      at: '2026-12-01T11:05:00Z',
      subject: expect.stringContaining('anulada'),
    });
  });

  it('shows a reminder when its time has come, and the language of a mail', async () => {
    const before = (await outbox()).length;
    await book();
    expect(await outbox()).toHaveLength(before + 1);
    clock.set('2026-12-07T09:00:00Z');
    const mails = await outbox();
    expect(mails.at(-1)).toMatchObject({
      subject: expect.stringContaining('Recordatorio'),
      at: '2026-12-07T09:00:00Z',
    });
    const page = await (await app.request(`/demo/mail/${mails.at(-1)?.id}`)).text();
    expect(page).toContain('<h1 lang="es">Recordatorio');
    clock.set('2026-12-01T11:05:00Z');
  });

  it('returns log-ins and tokens in the documented form', async () => {
    const access = (await (await app.request('/demo/access.json')).json()) as {
      staff: unknown;
      tokens: Record<string, string>;
    };
    expect(access.staff).toEqual([person]);
    expect(Object.keys(access.tokens)).toEqual(['oac']);
    expect(access.tokens.oac).toMatch(/.{20}/);
  });

  it.each(LANGUAGES)('has pages in the language of the reader: %s', async (language) => {
    const mails = await outbox();
    const pages = ['/demo', `/demo/mail/${mails[0]?.id}`];
    for (const path of pages) {
      const response = await app.request(path, { headers: { 'Accept-Language': language } });
      expect(response.status).toBe(200);
      const html = await response.text();
      expect(html).toContain(`<html lang="${language}"`);
      const report = await new HtmlValidate({
        extends: ['html-validate:recommended'],
        rules: { 'void-style': 'off', 'no-inline-style': 'error' },
      }).validateString(html);
      expect(
        report.results.flatMap((each) => each.messages.map((m) => `${m.ruleId}: ${m.message}`)),
      ).toEqual([]);
      const policy = response.headers.get('Content-Security-Policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe/);
      expect(response.headers.get('Cache-Control')).toBe('no-store');
    }
  });

  it('shows the code of the second step', async () => {
    const html = await (await app.request('/demo')).text();
    expect(html).toMatch(/<code>\d{6}<\/code>/);
    expect(codeNow(person.totpSecret)).toMatch(/^\d{6}$/);
  });

  it('lets in as a person of the demo with one press, and as nobody else', async () => {
    const entered = await send(app, '/demo/enter', { who: 'marta' });
    expect(entered.status).toBe(303);
    expect(entered.headers.get('Location')).toBe('/console/oac');
    expect(entered.headers.get('Set-Cookie')).toBe('a=1');
    const gone = await send(app, '/demo/enter', { who: 'nuria' });
    expect(gone.headers.get('Location')).toBe('/demo?gone');
    expect((await send(app, '/demo/enter', { who: 'joan.mas@vilaclara.example' })).status).toBe(
      404,
    );
    const citizen = await send(app, '/demo/enter', { who: 'citizen' });
    expect(citizen.headers.get('Location')).toMatch(
      /^\/identify\/demo\/return\?state=.{20,}&person=12345678Z&level=substantial$/,
    );
  });

  it('has no door, and nothing else, where it is no demo', async () => {
    const real = appOf(false, LIFE);
    for (const path of ['/demo', '/demo/access.json', '/demo/outbox.json', '/'])
      expect((await real.request(path)).status, path).toBe(404);
    for (const path of ['/demo/enter', '/demo/clock'])
      expect((await send(real, path, { who: 'marta', by: 'quarter' })).status, path).toBe(404);
    expect(leaps).toEqual([]);
  });

  it('says how far its past is written, and lets time pass, where it lives', async () => {
    const living = appOf(true, LIFE);
    const html = await (
      await living.request('/demo', { headers: { 'Accept-Language': 'en' } })
    ).text();
    expect(html).toContain('The past is being written: 7 of 13 months');
    expect(html).toContain('ahead of yours');
    expect((await living.request('/')).headers.get('Location')).toBe('/demo');
    expect((await send(living, '/demo/clock', { by: 'quarter' })).status).toBe(303);
    expect((await send(living, '/demo/clock', { by: 'year' })).status).toBe(404);
    expect(leaps).toEqual(['quarter']);
    const passing = await living.request('/demo', { headers: { 'Accept-Language': 'en' } });
    expect([passing.headers.get('Refresh'), await passing.text()]).toEqual([
      '3',
      expect.stringContaining('Time is passing'),
    ]);
    const played = await send(living, '/demo/play', { what: 'chat' });
    expect(played.headers.get('Location')).toBe('/demo?played=chat#happens');
    const not = await send(living, '/demo/play', { what: 'silent' });
    expect(not.headers.get('Location')).toBe('/demo?unplayed=silent#happens');
    expect((await send(living, '/demo/play', { what: 'fire' })).status).toBe(404);
    for (const path of ['/demo?played=chat', '/demo?unplayed=silent', '/demo/tour'])
      expect((await living.request(path)).status, path).toBe(200);
    expect((await send(app, '/demo/clock', { by: 'quarter' })).status).toBe(404);
  });

  it('shows what only this machine may do to a browser of this machine alone', async () => {
    const again = {
      seconds: () => 5,
      refusal: async () => null,
      begin: async () => null,
      life: () => 'one',
      endOf: () => null,
    };
    const phone = { link: 'https://192.168.1.20/phone/x', fingerprint: 'AA', isThere: () => true };
    const living = appOf(true, LIFE, { ...NO_TOOLS, again, phone });
    const shown = async (remoteAddress: string) => {
      const socket = { remoteAddress, remotePort: 1, remoteFamily: 'IPv4' };
      const headers = { Host: 'localhost:3000' };
      const page = await living.request('/demo', { headers }, { incoming: { socket } });
      const html = await page.text();
      return ['href="/demo/again"', phone.link].map((each) => html.includes(each));
    };
    expect(await shown('127.0.0.1')).toEqual([true, true]);
    expect(await shown('192.168.1.33')).toEqual([false, false]);
  });

  it('frames a mail in a sandbox without scripts, and no other page may frame it', async () => {
    const [mail] = await outbox();
    const page = await app.request(`/demo/mail/${mail?.id}`);
    expect(page.headers.get('Content-Security-Policy')).toContain("frame-src 'self'");
    expect(await page.text()).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    const framed = await app.request(`/demo/mail/${mail?.id}/html`);
    const policy = framed.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).toContain('sandbox');
    expect(policy).not.toContain('allow-scripts');
    expect(policy).not.toContain('script-src');
  });

  it.each([`/demo/mail/${randomUUID()}`, '/demo/mail/x', `/demo/mail/${randomUUID()}/html`])(
    'has no %s',
    async (path) => {
      expect((await app.request(path)).status).toBe(404);
    },
  );
});
