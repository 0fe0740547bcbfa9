import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readConfig } from '../../src/config.ts';
import { chartSum, RENDERED } from './rendered.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** The variables of docs/operating.md, which a test compares with those that the program reads. */
const KNOWN = new Set(
  [...read('docs/operating.md').matchAll(/^\| (`[A-Z][^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name = '']) => name),
  ),
);
const unknown = (names: readonly string[]) =>
  names.filter((name) => !KNOWN.has(name.replace(/_FILE$/, '')));

interface Service {
  image: string;
  environment?: Record<string, string>;
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  networks?: string[];
  ports?: string[];
  privileged?: boolean;
  secrets?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}

test.each(['nginx.conf', 'Caddyfile', 'haproxy.cfg'])('the page shows the whole %s', (name) => {
  expect(read('docs/web-server.md')).toContain(`\n${read(`deploy/proxies/${name}`)}\`\`\`\n`);
});

test.each([
  ...['archive.conf', 'pgbackrest.conf'],
  ...['certificates.sh', 'etcd', 'patroni.yml', 'haproxy.cfg'],
])('the page of the database shows the whole %s', (name) => {
  expect(read('docs/database.md')).toContain(`\n${read(`deploy/postgres/${name}`)}\`\`\`\n`);
});

test('the crontab of the database’s page runs the commands that its test runs, at a server that the page names', () => {
  const page = read('docs/database.md');
  const commands = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, words]) => words);
  const scheduled = commands(/^[\d*/ -]+ postgres (pgbackrest .*)$/gm);
  expect(scheduled).toHaveLength(2);
  expect(commands(/^sudo -u postgres (pgbackrest .*)$/gm)).toEqual(
    expect.arrayContaining(scheduled),
  );
  const archived = [read('deploy/postgres/archive.conf'), read('deploy/postgres/pgbackrest.conf')];
  const [clusters, stopped] = [/postgresql\/17\/(\w+)/g, /pg_ctlcluster 17 (\w+) stop/g].map(
    (pattern) =>
      [...`${archived.join('')}${page.split('\n## Patroni\n')[0]}`.matchAll(pattern)].map(
        ([, name]) => name,
      ),
  );
  expect(new Set([...(clusters ?? []), ...(stopped ?? [])])).toEqual(new Set(['main']));
});

describe('the script of the database’s certificates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'finestreta-certificates-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (program: string, ...words: string[]) =>
    spawnSync(program, words, { cwd: folder, encoding: 'utf8' });
  const make = () =>
    run('/bin/sh', join(ROOT, 'deploy/postgres/certificates.sh'), 'db1.town.cat=10.0.0.1');
  const kept = (name: string) => readFileSync(join(folder, name), 'utf8');

  test.skipIf(!existsSync('/usr/bin/openssl'))(
    'renews certificates by the same authority, and makes none by half of one',
    () => {
      expect(make().status).toBe(0);
      const [authority, first] = [kept('ca.crt'), kept('db1.town.cat.crt')];
      expect(make()).toMatchObject({ status: 0, stdout: expect.stringContaining('notAfter=') });
      expect(kept('ca.crt')).toBe(authority);
      expect(kept('db1.town.cat.crt')).not.toBe(first);
      const verified = run(
        'openssl',
        'verify',
        '-x509_strict',
        '-CAfile',
        'ca.crt',
        'db1.town.cat.crt',
      );
      expect(verified.stderr).toBe('');
      expect(statSync(join(folder, 'ca.key')).mode & 0o777).toBe(0o600);
      const second = kept('db1.town.cat.crt');
      rmSync(join(folder, 'ca.key'));
      expect(make()).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('one is missing'),
      });
      expect([kept('ca.crt'), kept('db1.town.cat.crt')]).toEqual([authority, second]);
    },
  );

  test.skipIf(!existsSync('/usr/bin/openssl'))(
    'makes none that would outlive its authority',
    () => {
      const words = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.crt'];
      run('openssl', 'req', '-x509', '-days', '824', '-subj', '/CN=Old', ...words);
      expect(make()).toMatchObject({ status: 1, stderr: expect.stringContaining('825 days') });
    },
  );
});

describe('the compose file', () => {
  const compose: {
    services: Record<string, Service>;
    networks: Record<string, { internal?: boolean }>;
    secrets: Record<string, { file: string }>;
  } = parse(read('deploy/compose/compose.yaml'), { merge: true });
  const services = Object.entries(compose.services);
  const ours = compose.services['finestreta']!;

  test.skipIf(!existsSync('/usr/bin/compose-spec'))(
    'is what the Compose Specification allows',
    () => {
      const folder = join(ROOT, 'deploy', 'compose');
      const check = (file: string) =>
        execFileSync('compose-spec', ['-no-interpolation', file], { cwd: folder, stdio: 'pipe' });
      expect(() => check('compose.yaml')).not.toThrow();
    },
  );

  test('sets variables that there are', () => {
    const names = Object.keys(ours.environment ?? {});
    expect(names.length).toBeGreaterThan(5);
    expect(unknown(names)).toEqual([]);
  });

  test('gives rights to no service that it does not need', () => {
    for (const [, each] of services) {
      expect(each.read_only).toBe(true);
      expect(each.cap_drop).toEqual(['ALL']);
      expect(each.security_opt).toEqual(['no-new-privileges:true']);
      expect(each.privileged).toBeUndefined();
    }
    expect(ours.cap_add).toBeUndefined();
  });

  test('keeps the database and the antivirus away from everybody else', () => {
    const members = (network: string) =>
      services.filter(([, each]) => each.networks?.includes(network)).map(([name]) => name);
    expect(members('database')).toEqual(['finestreta', 'database']);
    expect(members('antivirus')).toEqual(['finestreta', 'clamd']);
    expect(compose.networks['database']?.internal).toBe(true);
    for (const way of ['public', 'mail', 'signatures']) expect(members(way)).toHaveLength(1);
    expect(services.filter(([, each]) => each.ports).map(([name]) => name)).toEqual(['caddy']);
  });

  test('names no secret in a variable, and waits until what it needs is healthy', () => {
    const values = services.flatMap(([, each]) => Object.entries(each.environment ?? {}));
    expect(
      values.filter(([name, value]) => /PASSWORD|SECRET|KEY|URL/.test(name) && /:.*@/.test(value)),
    ).toEqual([]);
    const secret = values.filter(([name]) => /PASSWORD|SECRET|KEY/.test(name));
    expect(
      secret.every(([name, value]) => name.endsWith('_FILE') && value.startsWith('/run/secrets/')),
    ).toBe(true);
    expect(ours.depends_on?.['database']?.condition).toBe('service_healthy');
    expect(ours.healthcheck?.test).toEqual(['CMD', '/usr/bin/finestreta', 'health']);
  });

  test('has all its secrets made by its script, readable by nobody else, once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'finestreta-compose-'));
    try {
      cpSync(join(ROOT, 'deploy', 'compose'), folder, { recursive: true });
      const make = () =>
        execFileSync('sh', [join(folder, 'secrets.sh')], {
          stdio: 'pipe',
          env: { PATH: process.env['PATH'], SMTP_URL: 'smtps://u:p@mail.example' },
        });
      make();
      const names = readdirSync(join(folder, 'secrets')).sort();
      const wanted = Object.values(compose.secrets).map(({ file }) =>
        file.replace('./secrets/', ''),
      );
      expect(names).toEqual(wanted.sort());
      for (const name of names) {
        expect(statSync(join(folder, 'secrets', name)).mode & 0o007).toBe(0);
        expect(readFileSync(join(folder, 'secrets', name), 'utf8')).not.toBe('');
      }
      // Whose secrets they are: Finestreta (60999), PostgreSQL (999), which makes the logins as its own user, and coturn (nobody).
      const groups = Object.fromEntries(
        names.map((name) => [name, statSync(join(folder, 'secrets', name)).gid]),
      );
      if (process.getuid?.() === 0)
        expect(groups).toEqual({
          ...{ 'database-owner-url': 60999, 'database-url': 60999, 'installation-key': 60999 },
          ...{ 'turn-secret': 60999, 'smtp-url': 60999, 'turnserver.conf': 65534 },
          ...{ 'database-owner-password': 999, 'database-runtime-password': 999 },
          'database-password': 0,
        });
      const secret = (name: string) => readFileSync(join(folder, 'secrets', name), 'utf8');
      const before = names.map(secret);
      make();
      expect(names.map(secret)).toEqual(before);
      const config = readConfig({
        BASE_URL: 'https://cita.vilaclara.cat',
        DATABASE_URL: secret('database-url'),
        DATABASE_OWNER_URL: secret('database-owner-url'),
        INSTALLATION_KEY: secret('installation-key'),
        TURN_URLS: 'turn:turn.vilaclara.cat:3478',
        TURN_SECRET: secret('turn-secret'),
        CLAMD: ours.environment?.['CLAMD'],
        WITHOUT_TLS: ours.environment?.['WITHOUT_TLS'],
      });
      expect(config.databaseOwnerUrl).toContain('finestreta_owner:');
      expect(secret('database-url')).toContain(secret('database-runtime-password'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the chart', () => {
  const validate = new Ajv({ strict: false }).compile(
    JSON.parse(read('deploy/chart/values.schema.json')),
  );
  const base = parse(read('deploy/chart/values.yaml'));
  const example = parse(read('deploy/chart/values.example.yaml'));
  const merged = (own: Record<string, unknown>): Record<string, unknown> => deep(base, own);

  test('takes the example, and asks for what has no default', () => {
    expect(validate(merged(example)) || validate.errors).toBe(true);
    expect(validate(base)).toBe(false);
    const missing = validate.errors?.map(({ instancePath }) => instancePath) ?? [];
    expect(missing).toContain('/baseUrl');
  });

  test.each([
    ['an address without encryption', { baseUrl: 'http://cita.vilaclara.cat' }],
    ['a misspelled setting', { replica: 3 }],
    ['a secret in a value', { secrets: { smtp: { value: 'smtps://u:p@mail' } } }],
  ])('refuses %s', (_, change) => {
    expect(validate(deep(merged(example), change))).toBe(false);
  });

  test('is what was rendered last (scripts/package/rendered.ts renders it anew)', () => {
    expect(`${readFileSync(RENDERED, 'utf8').split('\n')[0]}\n`).toBe(chartSum());
  });

  const documents = parseAllDocuments(readFileSync(RENDERED, 'utf8')).map((each) => each.toJS());
  const deployments = documents.filter(({ kind }) => kind === 'Deployment');

  test('has pods of web and of worker, without rights, each with variables that there are', () => {
    expect(deployments.map(({ metadata }) => metadata.name)).toEqual([
      'finestreta-web',
      'finestreta-worker',
    ]);
    for (const { spec } of deployments) {
      const pod = spec.template.spec;
      expect(pod.securityContext.runAsNonRoot).toBe(true);
      expect(pod.automountServiceAccountToken).toBe(false);
      for (const each of [...pod.initContainers, ...pod.containers]) {
        expect(each.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(unknown(each.env.map(({ name }: { name: string }) => name))).toEqual([]);
      }
    }
  });

  test('gives the owner of the tables to the step that migrates, and to nothing that serves', () => {
    for (const { spec } of deployments) {
      const { initContainers, containers } = spec.template.spec;
      expect(JSON.stringify(initContainers)).toContain('DATABASE_OWNER_URL_FILE');
      expect(JSON.stringify(containers)).not.toContain('owner');
    }
  });

  test('replaces pods one by one, and takes none away before another is ready', () => {
    for (const { spec } of deployments)
      expect(spec.strategy).toEqual({
        type: 'RollingUpdate',
        rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
      });
  });
});

/** Values over values, as Helm lays them. */
function deep(
  base: Record<string, unknown>,
  own: Record<string, unknown>,
): Record<string, unknown> {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const pairs = Object.entries(own).map(([key, value]) => {
    const below = base[key];
    return [key, isObject(below) && isObject(value) ? deep(below, value) : value];
  });
  return { ...base, ...Object.fromEntries(pairs) };
}
