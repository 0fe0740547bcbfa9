import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from './config.ts';
import { PlainError } from './lib/plain-error.ts';
import { isLanIn, readTown, readTowns } from './towns.ts';

/** Of an identity that nobody keeps. */
const RECIPIENT = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'finestreta-towns-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, ...lines: string[]) =>
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
const both = () => {
  file('mont.env', 'BASE_URL=https://cita.mont.cat', 'MAIL_FROM="Mont <cita@mont.cat>"');
  file('vall.env', 'BASE_URL=https://cita.vall.cat');
};
const read = (env: Record<string, string> = {}) => readTowns({ TOWNS: folder, ...env });

function mistakes(env: Record<string, string> = {}): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('the towns that are served', () => {
  test('are the one of the environment when there is no folder', () => {
    const [only, ...others] = readTowns({ BASE_URL: 'https://cita.mont.cat' });
    expect(only).toMatchObject({ name: null, config: { baseUrl: 'https://cita.mont.cat' } });
    expect(others).toEqual([]);
  });

  test('are those of the folder, each with the environment’s common settings', () => {
    both();
    file('notes.txt', 'no town');
    const towns = read({
      SMTP_URL: 'smtps://mail.comarca.cat',
      DATABASE_URL: 'postgres://localhost/finestreta_{town}',
      DATA_DIR: '/var/lib/finestreta',
    });
    expect(towns.map(({ name, config }) => [name, config.baseUrl, config.mailFrom])).toEqual([
      ['mont', 'https://cita.mont.cat', 'Mont <cita@mont.cat>'],
      ['vall', 'https://cita.vall.cat', 'finestreta@cita.vall.cat'],
    ]);
    expect(towns.map(({ config }) => [config.smtpUrl, config.databaseUrl, config.dataDir])).toEqual(
      [
        [
          'smtps://mail.comarca.cat',
          'postgres://localhost/finestreta_mont',
          '/var/lib/finestreta/mont',
        ],
        [
          'smtps://mail.comarca.cat',
          'postgres://localhost/finestreta_vall',
          '/var/lib/finestreta/vall',
        ],
      ],
    );
  });

  test('are behind the same proxies, though one has a name of this machine alone', () => {
    both();
    file('aran.env', 'BASE_URL=http://aran.localhost:3000');
    const proxies = (env: Record<string, string>) =>
      read(env).map(({ config }) => [config.trustedProxies, config.declaredProxies]);
    expect(proxies({})).toEqual([1, 2, 3].map(() => [1, 0]));
    expect(proxies({ TOWN: 'aran' })).toEqual([[1, 0]]);
    expect(proxies({ TRUSTED_PROXIES: '2' })).toEqual([1, 2, 3].map(() => [2, 2]));
    expect(proxies({ HOST: '0.0.0.0' })).toEqual([1, 2, 3].map(() => [0, 0]));
  });

  test('have a town file each, named by the environment or by their own file', () => {
    both();
    file('vall.env', 'BASE_URL=https://cita.vall.cat', 'TOWN_FILE=/etc/towns/valley.yaml');
    const towns = read({ TOWN_FILE: '/etc/towns/{town}.yaml' });
    expect(towns.map(({ config }) => config.townFile)).toEqual([
      '/etc/towns/mont.yaml',
      '/etc/towns/valley.yaml',
    ]);
  });

  test('back up at a minute of their own in the hour after the one that was set', () => {
    for (let nth = 0; nth < 40; nth++) file(`t${nth}.env`, `BASE_URL=https://t${nth}.cat`);
    const env = { BACKUP_FOLDER: '/kept/{town}', BACKUP_RECIPIENT: RECIPIENT };
    const minutes = () =>
      read({ ...env, BACKUP_AT: '23:30' }).map(
        ({ config }) => (config.backups!.at.since('23:30').total('minutes') + 1440) % 1440,
      );
    const found = minutes();
    expect(Math.max(...found)).toBeLessThan(60);
    expect(new Set(found).size).toBeGreaterThan(20);
    expect(minutes()).toEqual(found);
    // The only town has the hour that was set.
    expect(readTowns(env)[0]?.config.backups?.at.toString()).toBe('03:30:00');
  });

  test('have a folder each by default', () => {
    both();
    expect(read().map(({ config }) => config.dataDir)).toEqual([
      resolve('data/mont'),
      resolve('data/vall'),
    ]);
    const named = read({ DATA_DIR: '/srv/{town}/finestreta' });
    expect(named[0]?.config.dataDir).toBe('/srv/mont/finestreta');
  });

  test('override settings of the environment by alternative ones', () => {
    file('mont.env', 'BASE_URL=https://cita.mont.cat', 'SMTP_URL=smtp://localhost:25');
    writeFileSync(join(folder, 'smtp'), 'smtps://mail.comarca.cat');
    const [town] = read({ SMTP_URL_FILE: join(folder, 'smtp') });
    expect(town?.config.smtpUrl).toBe('smtp://localhost:25');
  });

  test('are only the requested one, as for a command', () => {
    both();
    expect(read({ TOWN: 'vall' }).map(({ name }) => name)).toEqual(['vall']);
    expect(readTown({ TOWNS: folder, TOWN: 'vall' }).baseUrl).toBe('https://cita.vall.cat');
    expect(() => readTown({ TOWNS: folder })).toThrow('several: say which with --town NAME');
    expect(mistakes({ TOWN: 'riba' })).toEqual([`TOWN is riba, which has no file in ${folder}.`]);
    expect(() => readTowns({ TOWN: 'vall' })).toThrow('TOWNS, which is not set');
  });
});

describe('mistakes', () => {
  test('are reported for all files at once, with their names', () => {
    file('mont.env', 'BASE_URL=https://cita.mont.cat', 'PORT=80', 'SMTP_URL=mail');
    file('vall.env', 'MAIL_FROM=cita@vall.cat');
    file('Riba.env', 'BASE_URL=https://cita.riba.cat');
    expect(mistakes()).toEqual([
      'Riba.env: a town is called by small letters, digits and hyphens.',
      'mont.env: PORT is said for all towns together, in the environment.',
      expect.stringMatching(/^mont\.env: SMTP_URL must be an address/),
      'vall.env: BASE_URL must say its own address.',
    ]);
  });

  test('a folder that doesn’t exist, or has no town', () => {
    expect(mistakes()).toEqual([`TOWNS names ${folder}, which has no file such as vilaclara.env.`]);
    expect(mistakes({ TOWNS: '/nowhere' })).toEqual([
      "TOWNS names /nowhere, which can't be read (ENOENT).",
    ]);
  });

  test.each([
    ['BASE_URL', { BASE_URL: 'https://cita.mont.cat' }, {}],
    ['DATA_DIR', { DATA_DIR: '/srv/a' }, {}],
    ['DATABASE_URL', {}, { DATABASE_URL: 'postgres://localhost/finestreta' }],
    ['INSTALLATION_KEY', {}, { INSTALLATION_KEY: Buffer.alloc(32, 1).toString('base64') }],
    ['S3_BUCKET', {}, { S3_BUCKET: 'papers', S3_ACCESS_KEY_ID: 'a', S3_SECRET_ACCESS_KEY: 'b' }],
    ['TOWN_FILE', {}, { TOWN_FILE: '/etc/towns/vilaclara.yaml' }],
    ['BOUNCES_URL', {}, { BOUNCES_URL: 'imaps://a:b@mail.comarca.cat/INBOX' }],
  ])('a %s of two towns', (variable, own, common) => {
    const lines = (host: string) =>
      Object.entries({ BASE_URL: `https://${host}`, ...own }).map(
        ([key, text]) => `${key}=${text}`,
      );
    file('mont.env', ...lines('cita.mont.cat'));
    file('vall.env', ...lines('cita.vall.cat'));
    expect(mistakes(common)).toEqual([
      `vall.env: ${variable} is that of mont.env; each town has its own.`,
    ]);
  });

  test('a name that differs only by its port: cookies don’t distinguish ports', () => {
    file('mont.env', 'BASE_URL=https://cita.mont.cat');
    file('vall.env', 'BASE_URL=https://cita.mont.cat:8443');
    expect(mistakes()).toEqual(['vall.env: BASE_URL is that of mont.env; each town has its own.']);
  });

  test('the same database under another user’s name', () => {
    file('mont.env', 'BASE_URL=https://cita.mont.cat', 'DATABASE_URL=postgres://a@localhost/one');
    file(
      'vall.env',
      'BASE_URL=https://cita.vall.cat',
      'DATABASE_URL=postgres://b@127.0.0.1,localhost:5432/one',
    );
    expect(mistakes()).toHaveLength(1);
  });
});

test('the server is asked for the own network, and says what it does not know', () => {
  expect([isLanIn([]), isLanIn(['--lan'])]).toEqual([false, true]);
  for (const args of [['--port=80'], ['serve'], ['--lan=1']])
    expect(() => isLanIn(args)).toThrow(PlainError);
  expect(() => isLanIn(['serve'])).toThrow('not: serve');
});
