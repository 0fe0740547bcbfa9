import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findEmbedded } from '../../src/lib/db/embedded.ts';
import { ROOT, until } from '../support/processes.ts';
import { MORNING, openTown, type Town } from '../support/town.ts';

/**
 * The story of somebody who operates the database and wants the newest entries of the audit trail forgotten. They have the
 * login that the service runs as, then the owner's, and never the installation's key.
 */
describe('the database operator', () => {
  let town: Town;
  /** The log of the server, as it was sent to another machine. */
  let log = '';

  const hour = (minutes: number) =>
    Temporal.Instant.from(MORNING).add({ minutes }).toString({ timeZone: 'Europe/Madrid' });

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    // Two bookings by a system of the town hall. The trail is sealed after each, as it is when a server starts.
    for (const nth of [1, 2]) {
      await book(town, nth);
      await town.comeTo(hour(nth));
      const seal = `"auditSeal":"oac:${nth}:`;
      await until('the trail is sealed', () => town.server.output().includes(seal));
      log += town.server.output();
    }
  }, 200_000);
  afterAll(() => town?.[Symbol.asyncDispose]());

  const logins = () => findEmbedded(town.server.dataDir)!.logins;

  const as = async (login: pg.ClientConfig, ...statements: string[]) => {
    const client = new pg.Client(login);
    await client.connect();
    try {
      await client.query("set app.body = '*'");
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

  const LAST = "(select id from body where code = 'oac') and number = 2";

  test('does not come in without a password', async () => {
    const { runtime, superuser } = logins();
    for (const { password: _, ...login } of [runtime, superuser])
      await expect(as(login)).rejects.toThrow(/password/);
  });

  test('with the service’s login changes nothing that has happened', async () => {
    for (const statement of [
      'alter table audit disable trigger user',
      'alter table audit_seal disable trigger user',
      `delete from audit_seal where body_id = ${LAST}`,
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
      `delete from audit where id > (select last_id from audit_seal where body_id = (select id from body where code = 'oac') and number = 1)
         and body_id = (select id from body where code = 'oac')`,
      `delete from audit_seal where body_id = ${LAST}`,
      'alter table audit enable trigger user',
      'alter table audit_seal enable trigger user',
    );
    // What is left is sound in itself.
    expect(auditCheck().status).toBe(0);

    const [, seal = ''] = /"auditSeal":"(oac:2:[0-9a-f]{64})"/.exec(log) ?? [];
    const since = auditCheck('--since', seal);
    expect(since.stdout).toMatch(/oac: seal 2 is broken: .*the trail ends before it/);
    expect(since.status).toBe(1);

    const file = join(town.server.dataDir, 'log-from-elsewhere');
    writeFileSync(file, log);
    expect(auditCheck('--seals', file).status).toBe(1);
  });
});

async function book({ origin, server }: Town, nth: number): Promise<void> {
  const { tokens } = await server.access();
  const at = `${origin}/api/v1/bodies/oac`;
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
