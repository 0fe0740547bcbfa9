import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findEmbedded } from '../../src/lib/db/embedded.ts';
import { ROOT, until } from '../support/processes.ts';
import { MORNING, openTown, type Town } from '../support/town.ts';

/**
 * The story of a database operator who wants the newest entries of the audit trail forgotten. They have the
 * service's login, then the owner's, and never the installation's key.
 */
describe('the database operator', () => {
  let town: Town;
  /** The log of the server, as it was sent to another machine. */
  let log = '';

  const hour = (minutes: number) =>
    Temporal.Instant.from(MORNING).add({ minutes }).toString({ timeZone: 'Europe/Madrid' });

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    // Two bookings by a system of the town hall. The trail is sealed after each, as at a server's start.
    for (const nth of [1, 2]) {
      await book(town, nth);
      await town.comeTo(hour(nth));
      await until('the trail is sealed', () => sealsIn(town.server.output()).length > 0);
      log += town.server.output();
    }
  }, 200_000);
  afterAll(() => town?.[Symbol.asyncDispose]());

  const logins = () => findEmbedded(town.server.dataDir)!.logins;

  const as = async (login: pg.ClientConfig, ...statements: string[]) => {
    const client = new pg.Client(login);
    await client.connect();
    try {
      await client.query("set app.office = '*'");
      for (const each of statements) await client.query(each);
    } finally {
      await client.end();
    }
  };

  const auditCheck = (...options: string[]) => {
    const cli = join(ROOT, 'dist', 'server', 'cli.js');
    const env = { PATH: process.env.PATH, DATA_DIR: town.server.dataDir };
    return spawnSync(process.execPath, [cli, 'audit', 'check', ...options], {
      encoding: 'utf8',
      env,
    });
  };

  const OF_OFFICE = "office_id = (select id from office where code = 'oac')";
  const NEWEST = `${OF_OFFICE} and number = (select max(number) from audit_seal where ${OF_OFFICE})`;

  test('does not come in without a password', async () => {
    const { runtime, superuser } = logins();
    for (const { password: _, ...login } of [runtime, superuser])
      await expect(as(login)).rejects.toThrow(/password/);
  });

  test('can’t change past entries with the service’s login', async () => {
    for (const statement of [
      'alter table audit disable trigger user',
      'alter table audit_seal disable trigger user',
      `delete from audit_seal where ${NEWEST}`,
      'delete from audit',
      'truncate audit, audit_seal, event',
      'set role finestreta',
    ])
      await expect(as(logins().runtime, statement), statement).rejects.toMatchObject({
        code: '42501',
      });
    expect(auditCheck().status).toBe(0);
  });

  test('with the owner’s login deletes the newest seal and its entries, and the log finds it', async () => {
    await as(
      logins().owner,
      'alter table audit disable trigger user',
      'alter table audit_seal disable trigger user',
      `delete from audit where ${OF_OFFICE} and id >
         (select last_id from audit_seal where ${OF_OFFICE} order by number desc offset 1 limit 1)`,
      `delete from audit_seal where ${NEWEST}`,
      'alter table audit enable trigger user',
      'alter table audit_seal enable trigger user',
    );
    // The remaining trail is consistent in itself.
    expect(auditCheck().status).toBe(0);

    const since = auditCheck('--since', sealsIn(log).at(-1) ?? '');
    expect(since.stdout).toMatch(/oac: seal \d+ is broken: .*the trail ends before it/);
    expect(since.status).toBe(1);

    const file = join(town.server.dataDir, 'log-from-elsewhere');
    writeFileSync(file, log);
    expect(auditCheck('--seals', file).status).toBe(1);
  });
});

/** The seals of the office's trail that a log has. */
const sealsIn = (log: string): string[] =>
  [...log.matchAll(/"auditSeal":"(oac:\d+:[0-9a-f]{64})"/g)].map(([, seal = '']) => seal);

async function book({ origin, server }: Town, nth: number): Promise<void> {
  const { tokens } = await server.access();
  const at = `${origin}/api/v1/offices/oac`;
  const headers = { Authorization: `Bearer ${tokens.oac}`, 'Content-Type': 'application/json' };
  const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca' };
  const days = { from: '2026-11-26', to: '2026-12-02' };
  const query = new URLSearchParams({ ...choice, ...days });
  const found = await fetch(`${at}/slots?${query}`, { headers });
  const { slots } = (await found.json()) as { slots: { start: string }[] };
  const citizen = { name: 'Rosa', email: `rosa${nth}@vilaclara.example`, phone: '+34930000010' };
  const body = JSON.stringify({ ...choice, start: slots[nth]?.start, citizen });
  const booked = await fetch(`${at}/appointments`, { method: 'POST', headers, body });
  expect(booked.status).toBe(201);
}
