import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { openDatabase, withSettings } from './database.ts';
import { connectionOf } from './hosts/client.ts';
import { pooledConnection } from './hosts/pooler.ts';
import { confined, type LoginFacts } from './logins.ts';
import { testLogins } from './testing.ts';

test('a connection hears warnings, whatever its address asks for: a commit that no standby confirms is known by one', () => {
  const { options } = withSettings({ options: '-c client_min_messages=error' });
  // PostgreSQL takes the last of two.
  expect(options?.match(/client_min_messages=\S+/g)?.at(-1)).toBe('client_min_messages=warning');
});

/** What the driver makes of it. */
const readBy = (connection: pg.ConnectionConfig) =>
  (new pg.Client(connection) as pg.Client & { connectionParameters: Record<string, unknown> })
    .connectionParameters;

describe('an address with options of its own', () => {
  test.each([
    ['?options=-c%20work_mem%3D8MB', ''],
    ['?options=-c+work_mem%3d8MB&application_name=a%20b', '?application_name=a%20b'],
    ['?a=1&options=-c%20x=1&%6Fptions=-c%20work_mem=8MB&b=%2B', '?a=1&b=%2B'],
    ['?options=-c work_mem=8MB#more', '#more'],
  ])('%s: they are taken out, and nothing else', (query, left) => {
    for (const place of ['postgres://u:p%40%2F&options=1@h:1/d', 'postgres://%2Frun/d'])
      expect(connectionOf(place + query)).toEqual({
        connectionString: place + left,
        options: '-c work_mem=8MB',
      });
  });

  test.each([
    'postgres://u:p@h/d?options=',
    'postgres://u:p@h/d',
    'postgres://u:options=@h/d?x=options',
  ])('%s has none', (address) => {
    expect(connectionOf(address)).not.toHaveProperty('options');
  });

  test('keeps the service’s settings and role beside them, for one server and for several', () => {
    const facts = { actsAs: 'nobody', bypassesRowLevelSecurity: true } as LoginFacts;
    for (const hosts of ['a', 'a,b']) {
      const connection = connectionOf(`postgres://u:p@${hosts}/d?options=-c%20work_mem%3D8MB`);
      const { options, password } = readBy(withSettings(confined(connection, facts)));
      expect(options).toMatch(/^-c work_mem=8MB -c role=nobody .*-c statement_timeout=10s/);
      expect(password).toBe('p');
    }
    const { options } = readBy(pooledConnection('postgres://u@h/d?options=-c%20work_mem%3D8MB'));
    expect(options).toBe('-c work_mem=8MB -c TimeZone=UTC -c DateStyle=ISO');
  });

  test('gives sessions both', async () => {
    const { host, port, user, password, database } = testLogins().runtime;
    const asked = new URLSearchParams({
      host: String(host),
      port: String(port),
      options: '-c work_mem=8MB',
    });
    const connection = connectionOf(`postgres://${user}:${password}@/${database}?${asked}`);
    const { pool, close } = await openDatabase({ connection, pool: 1, onIdleError() {} });
    const { rows } = await pool.query(
      `select current_setting('work_mem') as own, current_setting('statement_timeout') as ours`,
    );
    expect(rows).toEqual([{ own: '8MB', ours: '10s' }]);
    await close();
  });
});
