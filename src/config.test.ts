import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const mistakesOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
};

describe('the environment', () => {
  it('needs nothing: a demo on this machine', () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      baseUrl: 'http://localhost:3000',
      databaseUrl: null,
      townFile: null,
      demo: true,
      clock: null,
      smtpUrl: null,
      roles: new Set(['web', 'worker']),
      trustedProxies: 0,
    });
  });

  it.each([
    ['DATABASE_URL', 'postgres://me@db/finestreta?sslmode=verify-full'],
    ['DATABASE_URL', 'postgres://me@127.0.0.1:5432,[::1]:5433/x?target_session_attrs=read-write'],
    ['SMTP_URL', 'smtp://mail.example'],
    ['SMS_URL', 'https://sms.example/send'],
    ['TOWN_FILE', 'town.yaml'],
    ['BASE_URL', 'https://cita.vilaclara.cat'],
  ])('is no demo any more once %s is set', (name, value) => {
    expect(readConfig({ [name]: value }).demo).toBe(false);
  });

  it('closes the citizen’s side until an instant, or until it is opened again', () => {
    expect(readConfig({}).closed).toBeNull();
    expect(readConfig({ CLOSED_UNTIL: '1' }).closed).toEqual({ until: null });
    const { closed } = readConfig({ CLOSED_UNTIL: '2026-11-30T08:00:00+01:00' });
    expect(closed?.until?.toString()).toBe('2026-11-30T07:00:00Z');
    expect(mistakesOf({ CLOSED_UNTIL: 'tomorrow' })).toEqual([
      'CLOSED_UNTIL must be an instant such as 2026-11-30T08:00:00+01:00, or 1 when nobody knows until when; it is "tomorrow".',
    ]);
  });

  it('offers the offline page by default', () => {
    expect(readConfig({}).offlinePage).toBe(true);
    expect(readConfig({ OFFLINE_PAGE: '0' }).offlinePage).toBe(false);
  });

  it('has no identity provider unless OIDC_ISSUER names one, which needs an id and a secret', () => {
    expect(readConfig({ OIDC_CLIENT_ID: 'x' }).oidc).toBeNull();
    const OIDC_ISSUER = 'https://login.vilaclara.cat/realms/town';
    const client = { OIDC_CLIENT_ID: 'finestreta', OIDC_CLIENT_SECRET: 'x' };
    expect(readConfig({ OIDC_ISSUER, ...client }).oidc).toEqual({
      issuer: OIDC_ISSUER,
      clientId: 'finestreta',
      clientSecret: 'x',
      name: 'login.vilaclara.cat',
      secondFactor: ['mfa'],
    });
    const more = { OIDC_NAME: 'Vilaclara', OIDC_SECOND_FACTOR: 'otp, hwk' };
    expect(readConfig({ OIDC_ISSUER, ...client, ...more }).oidc).toMatchObject({
      name: 'Vilaclara',
      secondFactor: ['otp', 'hwk'],
    });
    expect(mistakesOf({ OIDC_ISSUER })).toEqual([
      'OIDC_ISSUER is set, so OIDC_CLIENT_ID must be too.',
      'OIDC_ISSUER is set, so OIDC_CLIENT_SECRET must be too.',
    ]);
    expect(mistakesOf({ ...client, OIDC_ISSUER: 'http://login.vilaclara.cat' })[0]).toContain(
      'OIDC_ISSUER must begin with https',
    );
    expect(readConfig({ ...client, OIDC_ISSUER: 'http://127.0.0.1:4000' }).oidc).not.toBeNull();
  });

  it('has no Microsoft 365 unless GRAPH_TENANT names a directory of the town’s own', () => {
    const client = { GRAPH_CLIENT_ID: 'finestreta', GRAPH_CLIENT_SECRET: 'x' };
    expect(readConfig(client).graph).toBeNull();
    expect(readConfig({ GRAPH_TENANT: 'vilaclara.cat', ...client }).graph).toEqual({
      tenant: 'vilaclara.cat',
      clientId: 'finestreta',
      clientSecret: 'x',
      loginUrl: 'https://login.microsoftonline.com',
      graphUrl: 'https://graph.microsoft.com',
    });
    const other = { GRAPH_LOGIN_URL: 'https://login.example/', GRAPH_URL: 'https://graph.example' };
    expect(readConfig({ GRAPH_TENANT: 'x', ...client, ...other }).graph).toMatchObject({
      loginUrl: 'https://login.example',
      graphUrl: 'https://graph.example',
    });
    expect(mistakesOf({ GRAPH_TENANT: 'common', ...client })[0]).toContain('own directory');
    expect(mistakesOf({ GRAPH_TENANT: 'a/b', ...client })).toHaveLength(1);
    expect(mistakesOf({ GRAPH_TENANT: 'x' })).toHaveLength(2);
    for (const GRAPH_URL of ['http://graph.example', 'https://graph.example/v1.0'])
      expect(mistakesOf({ GRAPH_TENANT: 'x', ...client, GRAPH_URL })).toHaveLength(1);
  });

  const SMS_URL = 'https://sms.example/send';

  it('has no SMS gateway unless SMS_URL names one, which gets JSON by default', () => {
    expect(readConfig({ SMS_SENDER: 'Ajuntament' }).sms).toBeNull();
    expect(readConfig({ SMS_URL }).sms).toEqual({
      url: SMS_URL,
      method: 'POST',
      headers: {},
      body: '{"to":"{to}","text":"{text}"}',
      sender: '',
      accepted: null,
    });
  });

  it('has a secret for the exchange, passwords, or neither', () => {
    expect(readConfig({}).sip).toEqual({ secret: null, passwords: {} });
    const SIP_PASSWORDS = '{"103@sip.vilaclara.cat":"ease"}';
    expect(readConfig({ SIP_SECRET: 'north', SIP_PASSWORDS }).sip).toEqual({
      secret: 'north',
      passwords: { '103@sip.vilaclara.cat': 'ease' },
    });
    for (const wrong of ['ease', '["ease"]', '{"103":"ease"}', '{"103@sip":1}']) {
      const mistakes = mistakesOf({ SIP_PASSWORDS: wrong });
      expect(mistakes).toHaveLength(1);
      expect(mistakes[0]).toContain('SIP_PASSWORDS must be passwords in JSON');
      expect(mistakes[0]).not.toContain('ease');
    }
  });

  it('limits SMS by number and by day, with any gateway', () => {
    expect(readConfig({}).smsLimits).toEqual({ prefixes: [], perDay: 2000 });
    const env = { SMS_PREFIXES: '+34, +376', SMS_PER_DAY: '50' };
    expect(readConfig(env).smsLimits).toEqual({ prefixes: ['+34', '+376'], perDay: 50 });
  });

  it.each([
    ['SMS_URL', 'sms.example'],
    ['SMS_PREFIXES', '34'],
    ['SMS_PREFIXES', '+34;+376'],
    ['SMS_PREFIXES', '+34,'],
    ['SMS_PER_DAY', 'few'],
    ['SMS_HEADERS', 'Authorization: Bearer x'],
    ['SMS_HEADERS', '["a"]'],
    ['SMS_HEADERS', '{"A b":"c"}'],
    ['SMS_HEADERS', '{"A":1}'],
    ['SMS_BODY', '{"text":"{text}"}'],
    ['SMS_BODY', 'key=Bearer x&to={to}&msg={text}&from={from}'],
    ['SMS_BODY', '{"to":{digits},"text":"{text}"}'],
    ['SMS_BODY', 'to={to}&text={text}&from={sender}'],
    ['SMS_METHOD', 'GET'],
    ['SMS_ACCEPTED', '('],
  ])('reports the mistake in %s=%s, and shows no key', (name, value) => {
    const mistakes = mistakesOf({ SMS_URL, [name]: value });
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain(name);
    expect(mistakes[0]).not.toContain('Bearer x');
  });

  it('has no antivirus unless CLAMD gives its address', () => {
    expect(readConfig({}).clamd).toBeNull();
    expect(readConfig({ CLAMD: 'unix:/run/clamav/clamd.ctl' }).clamd).toEqual({
      path: '/run/clamav/clamd.ctl',
    });
    expect(readConfig({ CLAMD: 'tcp:[::1]:3310' }).clamd).toEqual({ host: '::1', port: 3310 });
    expect(mistakesOf({ CLAMD: '/run/clamav/clamd.ctl' })).toEqual([
      'CLAMD must be where clamd listens: unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310; it is "/run/clamav/clamd.ctl".',
    ]);
  });

  it('has a relay for video calls when it has its address and the shared secret', () => {
    expect(readConfig({ TURN_SECRET: 'x' }).turn).toBeNull();
    const TURN_URLS = 'turn:turn.vilaclara.cat:3478, turns:turn.vilaclara.cat:5349';
    const urls = ['turn:turn.vilaclara.cat:3478', 'turns:turn.vilaclara.cat:5349'];
    expect(readConfig({ TURN_URLS, TURN_SECRET: 'x' }).turn).toEqual({ urls, secret: 'x' });
    expect(readConfig({ TURN_URLS: 'stun:a' }).turn).toEqual({ urls: ['stun:a'], secret: null });
    expect(mistakesOf({ TURN_URLS })[0]).toContain('TURN_SECRET');
    expect(mistakesOf({ TURN_URLS: 'turn.vilaclara.cat' })[0]).toContain('TURN_URLS');
  });

  it('uses PORT in the address of its links', () => {
    expect(readConfig({ PORT: '8080' }).baseUrl).toBe('http://localhost:8080');
  });

  it('treats an empty variable as missing', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ', SMTP_URL: '' })).toEqual(readConfig({}));
  });

  it.each([
    ['postgres://me@localhost/x', 'postgres://me@127.0.0.1:5433/x?target_session_attrs=standby', 0],
    ['postgres://me@localhost/x', 'postgres:///x?host=/run/standby&user=me', 0],
    ['postgres://me@localhost/x', 'postgres://you@localhost:5433/x', 1],
    ['postgres://me@localhost/x', 'postgres://me@localhost:5433/y', 1],
    ['', 'postgres://me@localhost:5433/x', 1],
  ])('reads at a standby of %s only: %s', (DATABASE_URL, DATABASE_READ_URL, mistakes) => {
    const found = mistakesOf({ DATABASE_URL, DATABASE_READ_URL });
    expect(found).toHaveLength(mistakes);
    if (mistakes > 0) expect(found[0]).toContain('DATABASE_READ_URL names a standby');
  });

  it.each([
    ['postgres://me@localhost/x', 0],
    ['postgres://me@localhost,127.0.0.1:5433/x', 1],
    ['', 1],
  ])('goes through a pooler to one server, not to %s', (DATABASE_URL, mistakes) => {
    const DATABASE_POOLER_URL = 'postgres://me@localhost:6432/x';
    const found = mistakesOf({ DATABASE_URL, DATABASE_POOLER_URL });
    expect(found).toHaveLength(mistakes);
    if (mistakes > 0) expect(found[0]).toContain('DATABASE_POOLER_URL goes with');
  });

  it.each([
    ['PORT', 'many'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['BASE_URL', 'cita.vilaclara.cat'],
    ['BASE_URL', 'ftp://cita.vilaclara.cat'],
    ['BASE_URL', 'https://vilaclara.cat/cita'],
    ['BASE_URL', 'https://vilaclara.cat?a=b'],
    ['DATABASE_URL', 'localhost'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_URL', 'postgres://localhost,127.0.0.1/x?target_session_attrs=standby'],
    ['DATABASE_URL', 'postgres://localhost:1,127.0.0.1:x/x'],
    ['DATABASE_POOL', '1'],
    ['DATABASE_POOL', 'lots'],
    ['S3_BUCKET', 'Els Documents'],
    ['S3_ENDPOINT', 's3.vilaclara.cat'],
    ['SMTP_URL', 'mail.vilaclara.cat'],
    ['SMTP_URL', 'http://mail.vilaclara.cat'],
    ['MAIL_FROM', 'Vilaclara'],
    ['MAIL_FROM', 'a b@c'],
    ['DEMO', 'yes'],
    ['CLOCK', 'tomorrow'],
    ['CLOCK', '2026-11-30T08:00'],
    ['ROLES', 'web,cook'],
    ['ROLES', ','],
    ['INSTALLATION_KEY', 'c2hvcnQ='],
    ['TRUSTED_PROXIES', '-1'],
    ['TRUSTED_PROXIES', 'all'],
    ['LOG_LEVEL', 'loud'],
  ])('%s=%s: the one mistake names it', (name, value) => {
    const mistakes = mistakesOf({ [name]: value });
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatch(new RegExp(`^${name} `));
  });

  it.each([
    ['a web server on this machine', { BASE_URL: 'https://cita.example' }, 1, 0],
    ['what the operator says', { BASE_URL: 'https://cita.example', TRUSTED_PROXIES: '0' }, 0, 0],
    ['the proxies that are declared', { TRUSTED_PROXIES: '2' }, 2, 2],
    ['nobody at an open port', { BASE_URL: 'https://cita.example', HOST: '0.0.0.0' }, 0, 0],
    ['nobody on a machine of one’s own', { BASE_URL: 'http://vall.localhost:3000' }, 0, 0],
    ['nobody in a demo', {}, 0, 0],
  ])('trusts %s', (_, env, trustedProxies, declaredProxies) => {
    expect(readConfig(env)).toMatchObject({ trustedProxies, declaredProxies });
  });

  it('reports every mistake at once', () => {
    const mistakes = mistakesOf({ PORT: 'x', ROLES: 'cook', LOG_LEVEL: 'loud' });
    expect(mistakes.map((each) => each.split(' ')[0])).toEqual(['PORT', 'ROLES', 'LOG_LEVEL']);
  });

  it.each([
    ['DATABASE_URL', 'postgre://me:hunter2@db/x'],
    ['SMTP_URL', 'smpt://me:hunter2@mail'],
    ['INSTALLATION_KEY', 'hunter2'],
  ])('a wrong %s is not printed: it may contain a secret', (name, value) => {
    expect(mistakesOf({ [name]: value }).join()).not.toContain('hunter2');
  });

  it.each(['https://cita.vilaclara.cat', 'https://192.168.1.7', 'https://localhost.vilaclara.cat'])(
    'DEMO=1 with BASE_URL=%s is refused',
    (address) => {
      const [mistake, ...others] = mistakesOf({ DEMO: '1', BASE_URL: address });
      expect(others).toEqual([]);
      expect(mistake).toMatch(/^DEMO=1 .*BASE_URL/);
    },
  );

  it.each(['http://localhost:81', 'http://127.0.0.1', 'http://[::1]:3000'])(
    'DEMO=1 with BASE_URL=%s is accepted',
    (address) => expect(readConfig({ DEMO: '1', BASE_URL: address }).demo).toBe(true),
  );

  it('a demo lives in the demo town alone', () => {
    expect(readConfig({ DEMO: '1', DEMO_LIFE: '1' }).demoLife).toBe(true);
    const own = { DEMO: '1', DEMO_LIFE: '1', TOWN_FILE: 'ours.yaml' };
    expect(readConfig(own).demoLife).toBe(false);
  });

  it('CLOCK is only for the demo', () => {
    const clock = '2026-11-30T08:00:00+01:00';
    expect(readConfig({ CLOCK: clock }).clock?.toString()).toBe('2026-11-30T07:00:00Z');
    expect(mistakesOf({ CLOCK: clock, DEMO: '0' })[0]).toMatch(/^CLOCK .*DEMO=1/);
  });
});

describe('a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'finestreta-config-'));
  const file = join(folder, 'url');
  writeFileSync(file, 'postgres://me:hunter2@localhost/finestreta\n');

  it('is read', () => {
    expect(readConfig({ DATABASE_URL_FILE: file }).databaseUrl).toBe(
      'postgres://me:hunter2@localhost/finestreta',
    );
  });

  it('beside the variable itself is a mistake', () => {
    const [mistake] = mistakesOf({ DATABASE_URL_FILE: file, DATABASE_URL: 'postgres://db/x' });
    expect(mistake).toMatch(/^DATABASE_URL and DATABASE_URL_FILE are both set/);
  });

  it('that doesn’t exist is a mistake', () => {
    rmSync(folder, { recursive: true });
    expect(mistakesOf({ DATABASE_URL_FILE: file })).toEqual([
      `DATABASE_URL_FILE names ${file}, which can't be read (ENOENT).`,
    ]);
  });
});
