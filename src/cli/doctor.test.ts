import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Config, readConfig } from '../config.ts';
import type { TownState } from '../domain/office/state.ts';
import { changeHost } from '../features/foundation/offices/service.ts';
import { insertVersion } from '../features/foundation/purpose-keys/store.ts';
import { bookingDesk, populate } from '../lib/backup/testing/town.ts';
import { connectDatabase } from '../lib/db/connect.ts';
import { within } from '../lib/db/database.ts';
import { keyFile, makeKeyFile } from '../lib/secrets.ts';
import { MIGRATIONS } from '../paths.ts';
import { aboutSchema, aboutServer } from './doctor/database.ts';
import {
  aboutAccount,
  aboutClock,
  aboutEnvironment,
  aboutFreeSpace,
  aboutKey,
  aboutNode,
  choicesOf,
} from './doctor/machine.ts';
import { aboutMailServer } from './doctor/mail.ts';
import { exitCodeOf, type Finding, reportOf, right, warning, wrong } from './doctor/report.ts';
import { aboutOutbox } from './doctor/standing/outbox.ts';
import { aboutRelease } from './doctor/standing/release.ts';
import { ALONE } from './doctor/standing/replication.ts';
import { aboutStaff, aboutTown } from './doctor/town.ts';
import { examine } from './doctor.ts';

const NOW = Temporal.Instant.from('2026-11-30T08:00:00Z');
const wordsOf = (findings: readonly Finding[], state: Finding['state']) =>
  findings
    .filter((each) => each.state === state)
    .map(({ words }) => words)
    .join('\n');
const configOf = (env: Record<string, string>) => readConfig({ DATA_DIR: '/nowhere', ...env });

describe('the report', () => {
  test('lists what is right, worth attention and wrong, with counts', () => {
    const findings = [
      right('All is well.'),
      warning('Hm.', 'Look.'),
      wrong('Two\nlines.', 'Mend it.'),
    ];
    expect(reportOf(findings)).toBe(
      'ok     All is well.\nlook   Hm.\n       → Look.\nWRONG  Two\n       lines.\n       → Mend it.\n\n' +
        '1 thing is wrong; 1 thing deserves a look.\n',
    );
    expect(reportOf([right('x')])).toContain('Everything is right.');
  });

  test('ends with 1 only when something is wrong', () => {
    expect([[right('')], [warning('')], [wrong('')]].map(exitCodeOf)).toEqual([0, 0, 1]);
  });
});

describe('the environment', () => {
  test('is reported with every mistake at once', () => {
    const { config, findings } = aboutEnvironment(() =>
      readConfig({ PORT: 'many', BASE_URL: 'cita', SMTP_URL: 'mail' }),
    );
    expect(config).toBeNull();
    const words = wordsOf(findings, 'wrong');
    for (const name of ['PORT', 'BASE_URL', 'SMTP_URL']) expect(words).toContain(name);
  });

  test.each([
    [{}, 'warning', 'Demo mode'],
    [{ DEMO: '0' }, 'warning', 'lead nowhere'],
    [{ DEMO: '0' }, 'warning', 'SMTP_URL is not set'],
    [{ DEMO: '0' }, 'warning', 'CLAMD is not set'],
    [
      { SMTP_URL: 'smtp://10.0.0.25', WITHOUT_TLS: 'SMTP_URL' },
      'warning',
      'WITHOUT_TLS: SMTP_URL: mails with secret links',
    ],
    [{ BASE_URL: 'https://cita.example' }, 'right', 'https://cita.example'],
    [{ BASE_URL: 'https://cita.example', HOST: '0.0.0.0' }, 'warning', 'TRUSTED_PROXIES is 0'],
    [
      { BASE_URL: 'https://cita.example', TRUSTED_PROXIES: '1', HOST: '0.0.0.0' },
      'warning',
      'pretend any address',
    ],
  ] as const)('of %o: %s, %s', (env, state, words) => {
    expect(wordsOf(choicesOf(configOf(env)), state)).toContain(words);
  });

  test('of a well configured town has no warnings', () => {
    const config = configOf({
      BASE_URL: 'https://cita.example',
      SMTP_URL: 'smtps://mail.example',
      CLAMD: 'unix:/run/clamav/clamd.ctl',
    });
    expect(wordsOf(choicesOf(config), 'warning')).toBe('');
  });
});

test('names the account of the server', () => {
  const config = configOf({ DATA_DIR: join(tmpdir(), 'finestreta-none', 'data'), RUN_AS: 'root' });
  expect(aboutAccount(config, true)).toMatchObject({
    state: 'warning',
    words: expect.stringContaining('runs as root: RUN_AS says so'),
  });
  expect(aboutAccount({ ...config, runAs: 'no-such-user' }, true).state).toBe('wrong');
  expect(aboutAccount(config, false).state).toBe('right');
});

test('Node, disk and clock are reported with their figures', () => {
  expect(aboutNode('20.19.0').state).toBe('wrong');
  expect(aboutNode('26.1.0').state).toBe('right');
  const disk = (megabytes: number) => ({ bavail: megabytes * 256, bsize: 4096 });
  expect([100, 500, 5_000].map((each) => aboutFreeSpace(disk(each), '/x').state)).toEqual([
    'wrong',
    'warning',
    'right',
  ]);
  expect(aboutFreeSpace(statfsSync('/'), '/').words).toMatch(/\d+ (MB|GB)/);
  expect(aboutClock(NOW, NOW.add({ seconds: 2 })).state).toBe('right');
  expect(aboutClock(NOW, NOW.subtract({ seconds: 90 })).words).toContain('90 seconds apart');
  expect(aboutClock(Temporal.Instant.from('1970-01-01T00:00:00Z'), NOW).state).toBe('wrong');
});

test('the database server is reported with version, extension and schema', () => {
  const facts = {
    ...({ version: 170_010, now: NOW, extension: 'installed', applied: null } as const),
    ...{ replication: ALONE, standings: null },
  };
  expect(wordsOf(aboutServer(facts, MIGRATIONS, 'here'), 'right')).toContain('PostgreSQL 17.10');
  const old = { ...facts, version: 140_009, extension: 'missing' } as const;
  expect(wordsOf(aboutServer(old, MIGRATIONS, 'here'), 'wrong')).toMatch(
    /14\.9 \(here\); 15.*btree_gist/s,
  );
  const declared = { tables: ['a', 'b'], functions: { f: '1' } };
  expect(aboutSchema({ ...declared }, declared).state).toBe('right');
  const older = aboutSchema({ tables: ['a'], functions: {} }, declared);
  expect(older).toMatchObject({ state: 'warning' });
  expect(older.words).toContain('(b, functions/f)');
  const changed = aboutSchema({ ...declared, functions: { f: '0' } }, declared);
  expect(changed).toMatchObject({ state: 'warning' });
  expect(changed.words).toContain('(functions/f)');
  expect(aboutSchema({ tables: ['a', 'c'], functions: {} }, declared).state).toBe('wrong');
  expect(aboutSchema(null, declared).state).toBe('warning');
  const mine = { ...declared, release: { version: '0.1.0', after: '0.0.0' } };
  const newer = (after: string) => ({
    ...{ tables: ['a', 'b', 'c'], functions: { f: '2' } },
    release: { version: '0.2.0', after },
  });
  const working = aboutSchema(newer('0.0.9'), mine);
  expect(working.words).toContain('of Finestreta 0.2.0, which is newer; this 0.1.0 works with it');
  expect(working.state).toBe('warning');
  expect(aboutSchema(newer('0.1.0'), mine)).toMatchObject({
    state: 'wrong',
    words: expect.stringContaining('only versions after 0.1.0 work'),
  });
});

test('a release is supported for a year at most, and a version between releases is no release', () => {
  const release = (revision: string | null, day: string) =>
    aboutRelease(
      { version: '0.1.0', revision, releaseDate: Temporal.PlainDate.from(day) },
      Temporal.Instant.from('2026-11-30T08:00:00Z'),
    );
  expect(release('v0.1.0', '2025-12-01')).toEqual(
    right('This is release 0.1.0 of 2025-12-01, supported until 2026-12-01 at most.'),
  );
  expect(release('v0.1.0', '2025-11-30')).toMatchObject({
    state: 'warning',
    words: expect.stringContaining('no fixes since 2026-11-30'),
  });
  expect(release('v0.1.0-dev-gabc1234', '2020-01-01').words).toContain('between releases');
  expect(release(null, '2020-01-01').state).toBe('right');
});

test('the outbox is wrong once a notice or a mail to staff waits too long', () => {
  const box = (waiting: number, minutes = 0, failed = 0) => ({
    waiting,
    oldest: waiting ? NOW.subtract({ minutes }) : null,
    failed,
  });
  const about = (notices = box(0), staffMail = box(0), canSend = true) =>
    aboutOutbox({ notices, staffMail }, NOW, canSend);
  expect(about().map(({ state }) => state)).toEqual(['right']);
  expect(about(box(3, 2))[0]?.state).toBe('warning');
  expect(about(box(3, 20))[0]).toMatchObject({
    state: 'wrong',
    words: '3 notices wait to be sent, the oldest for 20 minutes.',
  });
  expect(about(box(1, 60 * 24 * 3))[0]?.words).toContain('3 days');
  // A missing mail server is reported once, elsewhere.
  expect(about(box(3, 500), box(1, 500), false).map(({ state }) => state)).toEqual([
    'warning',
    'warning',
  ]);
  expect(about(box(0, 0, 2))[1]?.words).toContain('2 notices');

  expect(about(box(0), box(1, 20))).toMatchObject([
    { state: 'wrong', words: '1 mail to staff waits to be sent, the oldest for 20 minutes.' },
  ]);
  expect(about(box(0), box(0, 0, 1))[1]?.words).toContain('1 mail to staff');
});

describe('the town', () => {
  const desk = (more = {}) => ({
    name: 'Taula',
    skills: 'all' as const,
    languages: ['ca' as const],
    channels: ['phone' as const],
    retired: false,
    ...more,
  });
  const shift = (code: string, until?: string) => ({
    desk: code,
    weekdays: ['mon' as const],
    from: '09:00',
    to: '14:00',
    since: '2026-01-01',
    ...(until && { until }),
  });
  const procedure = (channels: object, retired = false) => ({
    position: 0,
    retired,
    settings: { channels },
  });
  const stateOf = (body: object, timeZone = 'Europe/Madrid'): TownState =>
    ({
      town: { name: 'Vilaprova' },
      offices: new Map([
        [
          'oac',
          {
            retired: false,
            settings: { timeZone, holidays: 'none' },
            procedures: new Map(),
            desks: new Map(),
            shifts: [],
            ...body,
          },
        ],
      ]),
      staff: new Map(),
    }) as unknown as TownState;

  test('that wasn’t applied is wrong', () => {
    expect(aboutTown({ ...stateOf({}), town: null }, NOW)[0]?.state).toBe('wrong');
  });

  test('with desks that never work and procedures without a desk', () => {
    const findings = aboutTown(
      stateOf({
        desks: new Map([
          ['taula-1', desk()],
          ['taula-2', desk({ skills: ['padro'], channels: ['video'] })],
          ['taula-3', desk({ retired: true })],
        ]),
        shifts: [shift('taula-1'), shift('taula-2', '2026-11-29')],
        procedures: new Map([
          ['padro', procedure({ phone: 10, video: 15 })],
          ['bodes', procedure({ video: 15 })],
          ['vell', procedure({ video: 15 }, true)],
        ]),
      }),
      NOW,
    );
    expect(wordsOf(findings, 'warning').split('\n')).toEqual([
      'oac: taula-2 has no shift, now or later, so attends nobody.',
      'oac: nobody attends padro by video.',
      'oac: nobody attends bodes, so it never has free times.',
    ]);
  });

  test.each([
    ['2026-06-01', ['2026'], []],
    ['2026-06-01', [], ['2026']],
    ['2026-10-31', ['2026'], []],
    ['2026-11-01', ['2026'], ['2027']],
    ['2026-11-15', ['2026'], ['2027']],
    ['2026-11-15', ['2026', '2027'], []],
    ['2026-11-15', [], ['2026', '2027']],
  ])('on %s with local feasts of %o: a warning about %o', (day, declared, missing) => {
    const feastDays = declared.map((year) => ({ from: `${year}-02-12`, to: `${year}-02-12` }));
    const now = Temporal.Instant.from(`${day}T12:00:00Z`);
    const about = (holidays: string) =>
      wordsOf(
        aboutTown(stateOf({ settings: { timeZone: 'Europe/Madrid', holidays, feastDays } }), now),
        'warning',
      );
    const years = [...about('ES-CT').matchAll(/no local feasts of (\d+)/g)].map(([, year]) => year);
    expect(years).toEqual(missing);
    expect(about('none')).toBe('');
  });

  test('in a time zone that this machine doesn’t have', () => {
    expect(wordsOf(aboutTown(stateOf({}, 'Europe/Vilaprova'), NOW), 'wrong')).toContain(
      'Europe/Vilaprova',
    );
  });

  test('with people who haven’t set up their accounts', () => {
    expect(aboutStaff({ total: 2, withoutAccount: [] })[0]?.state).toBe('right');
    expect(aboutStaff({ total: 2, withoutAccount: ['a@b.cat'] })[0]?.words).toContain(
      '1 of 2 haven’t set themselves up: a@b.cat'.replace('’', "'"),
    );
    expect(aboutStaff({ total: 0, withoutAccount: [] })[0]?.state).toBe('warning');
  });
});

describe('a mail server', () => {
  const listen = async (server: {
    listen(port: number, host: string, done: () => void): unknown;
  }) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  test('that accepts our mails, one that refuses the password, one that doesn’t exist', async () => {
    const mailer = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      onAuth: ({ password }, _session, done) =>
        password === 'right' ? done(null, { user: 'u' }) : done(new Error('no')),
    });
    await listen(mailer);
    const { port } = mailer.server.address() as AddressInfo;
    expect((await aboutMailServer(`smtp://127.0.0.1:${port}`)).state).toBe('right');
    expect((await aboutMailServer(`smtp://u:right@127.0.0.1:${port}`)).state).toBe('right');
    const refused = await aboutMailServer(`smtp://u:wrong@127.0.0.1:${port}`);
    expect(refused).toMatchObject({ state: 'wrong', todo: expect.stringContaining('password') });
    expect(JSON.stringify(refused)).not.toContain('u:wrong');
    await new Promise<void>((resolve) => mailer.close(() => resolve()));
    expect((await aboutMailServer(`smtp://127.0.0.1:${port}`)).state).toBe('wrong');
  });
});

/** A whole cluster with its tables is made, on the disk: three quarters of a minute beside other work. */
describe('an installation', { timeout: 180_000 }, () => {
  let place: string;
  let config: Config;
  let web: Server;
  let ready = 200;

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'finestreta-doctor-'));
    chmodSync(place, 0o755);
    web = createServer((_request, response) => {
      response.statusCode = ready;
      response.end();
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    config = readConfig({
      DATA_DIR: join(place, 'data'),
      BASE_URL: `http://127.0.0.1:${(web.address() as AddressInfo).port}`,
    });
  });
  afterAll(async () => {
    await new Promise((resolve) => web.close(resolve));
    rmSync(place, { recursive: true });
  });
  const look = () => examine(() => config);
  const open = () =>
    connectDatabase({
      databaseUrl: null,
      databaseOwnerUrl: null,
      dataDir: config.dataDir,
      pool: 2,
      migrations: MIGRATIONS,
      log: { info: () => {}, warn: () => {}, error: () => {} },
    });

  test('that never ran is reported, and stays unchanged', async () => {
    const findings = await look();
    expect(wordsOf(findings, 'warning')).toContain('There is no database');
    expect(wordsOf(findings, 'wrong')).toBe('');
  });

  test('whose root key is missing, before the first appointment', async () => {
    const server = await open();
    await within(server.kysely, '*', (tx) =>
      insertVersion(tx, {
        ...{ purpose: 'links', version: 900, wrapped: Buffer.alloc(60), root: 'file gone' },
        activeAfter: 0,
      }),
    );
    await server.close();
    const findings = await look();
    expect(wordsOf(findings, 'wrong')).toContain('is gone');
    expect(reportOf(findings)).toContain('that key export made');
  });

  test('that runs has one warning, about the demo', async () => {
    const server = await open();
    try {
      await populate(server);
      makeKeyFile(config.dataDir);
      await within(server.kysely, '*', async (tx) => {
        await sql`update notice set sent_at = created_at`.execute(tx);
        await sql`update staff_mail set sent_at = created_at`.execute(tx);
      });
      const findings = await look();
      expect(wordsOf(findings, 'wrong')).toBe('');
      expect(wordsOf(findings, 'right')).toMatch(
        new RegExp(
          `run by process ${process.pid}.*tables and functions are up to date.*Row-level security keeps`,
          's',
        ),
      );
      expect(exitCodeOf(findings)).toBe(0);
      await changeHost(server.kysely, 'https://cita.vall.cat');
      expect(wordsOf(await look(), 'right')).toContain('The database is that of cita.vall.cat.');
      const mont = { ...config, baseUrl: 'https://cita.mont.invalid' };
      expect(wordsOf(await examine(() => mont), 'wrong')).toContain(
        'The database is that of cita.vall.cat, and BASE_URL says',
      );
      await changeHost(server.kysely, null);
    } finally {
      await server.close();
    }
  });

  test('with every possible fault', async () => {
    const server = await open();
    const desk = await bookingDesk(server, 'oac');
    await desk.book();
    await within(server.kysely, '*', async (tx) => {
      await sql`update notice set not_before = '2020-01-01' where sent_at is null`.execute(tx);
      await sql`delete from auth.invitation`.execute(tx);
      await sql`update staff set user_id = null`.execute(tx);
    });
    const owner = new pg.Client(server.embedded!.logins.owner);
    await owner.connect();
    await owner.query('alter table survey_answer disable row level security');
    await owner.end();
    await server.close();
    chmodSync(keyFile(config.dataDir), 0o644);
    ready = 503;
    const findings = await look();
    const words = wordsOf(findings, 'wrong');
    expect(words).toContain('no row-level security: survey_answer');
    expect(words).toContain('Others can read');
    expect(words).toMatch(/2 notices wait to be sent, the oldest for \d+ days/);
    expect(words).toContain('answers 503');
    expect(wordsOf(findings, 'warning')).toContain("2 of 2 haven't set themselves up");
    expect(exitCodeOf(findings)).toBe(1);
    rmSync(keyFile(config.dataDir));
    expect(wordsOf(await look(), 'wrong')).toContain('is gone');
  });

  test('whose database can’t be reached', async () => {
    const away = readConfig({
      DATA_DIR: config.dataDir,
      DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/x',
    });
    const findings = await examine(() => away);
    expect(wordsOf(findings, 'wrong')).toContain('no PostgreSQL can be reached');
    expect(JSON.stringify(findings)).not.toContain('secret');
  });

  test('without a key and without data under a key needs none yet', () => {
    expect(aboutKey({ ...config, dataDir: join(place, 'new') }, false).state).toBe('right');
  });
});
