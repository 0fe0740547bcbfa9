import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuditSeals, record } from '../../features/foundation/audit/service.ts';
import { testOffice } from '../../features/foundation/offices/testing.ts';
import { handClock } from '../clock.ts';
import { installationKey } from '../secrets.ts';
import { INSTALLATION, openDatabase, within } from './database.ts';
import { FUNCTION_GRANTS, grantTo, readTableRights, TABLE_GRANTS } from './grants.ts';
import { couldAlter, readLogin } from './logins.ts';
import { prepareSchema } from './prepare.ts';
import { type TestDatabase, testDatabase, testLogins } from './testing.ts';

let database: TestDatabase;
let office: number;
beforeAll(async () => {
  database = await testDatabase();
  office = await testOffice(database.kysely, { code: 'oac' });
  const clock = handClock('2026-11-30T08:00:00Z');
  await within(database.kysely, office, (tx) =>
    record(tx, {
      viewer: { kind: 'staff', staff: 7, name: 'Anna', role: 'agent', desk: 1, office },
      ...{ office, action: 'read', now: clock.now() },
    }),
  );
  const key = installationKey(Buffer.alloc(32, 7));
  await createAuditSeals({ db: database.kysely, clock, key }).seal(office);
});
afterAll(() => database.close());

const rightsOf = async (role: string) => {
  const client = await database.connectAsOwner();
  const tables = await readTableRights(client, role).finally(() => client.end());
  return Object.fromEntries(tables.map(({ name, rights }) => [name, rights.sort()]));
};

const { user } = testLogins().runtime;

describe('the runtime role', () => {
  test('has the declared rights on every table, and no others', async () => {
    const declared = Object.entries(TABLE_GRANTS).map(([name, rights]) => [
      name,
      [...rights].sort(),
    ]);
    // A new table belongs in src/lib/db/grants.ts, with the service's rights on its rows.
    expect(await rightsOf(user)).toEqual({
      ...Object.fromEntries(declared),
      // The migrator's own.
      'public.kysely_migration_lock': [],
    });
  });

  test('owns nothing, is bound by row-level security, and may create nothing', async () => {
    const login = await readLogin(database.connection);
    expect(login).toMatchObject({
      name: user,
      ...{ bypassesRowLevelSecurity: false, makesRoles: false },
    });
    expect(couldAlter(login)).toBe(false);
    const { rows } = await database.pool.query<{ what: string }>(`
      select relname as what from pg_class where pg_has_role(relowner, 'member')
      union all select proname from pg_proc where pg_has_role(proowner, 'member')
      union all select rolname from pg_roles where rolname <> current_user and pg_has_role(oid, 'member')`);
    expect(rows).toEqual([]);
  });

  test('may call the functions that act with the owner’s rights, and no other role may', async () => {
    const { rows } = await database.pool.query<{
      name: string;
      everybody: boolean;
      path: string[];
    }>(`
      select proname as name, proconfig as path,
        exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) a where a.grantee = 0) as everybody
      from pg_proc where prosecdef and pronamespace in ('public'::regnamespace, 'auth'::regnamespace)
        and has_function_privilege(oid, 'execute') order by proname`);
    expect(rows.map(({ name }) => name)).toEqual([...FUNCTION_GRANTS].sort());
    for (const { everybody, path } of rows) {
      expect(everybody).toBe(false);
      expect(path).toEqual(['search_path=pg_catalog, pg_temp']);
    }
  });

  test.each([
    // The attack on a running server: the triggers off, then the newest seal and its rows.
    'alter table audit disable trigger user',
    'alter table audit_seal disable trigger audit_seal_stays',
    'alter table event disable trigger all',
    'drop trigger audit_stays on audit',
    'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return old; end $$',
    'set session_replication_role = replica',
    'delete from audit_seal where number = (select max(number) from audit_seal)',
    'delete from audit',
    "update audit set actor = 'staff:8'",
    "update audit_seal set seal = '\\x00'",
    'delete from event',
    "update event set data = '{}'",
    'truncate audit',
    'truncate audit_seal, event',
    'truncate appointment cascade',
    // The tables and their row-level security.
    'drop table audit',
    'drop schema auth cascade',
    'alter table appointment disable row level security',
    'alter table appointment no force row level security',
    'drop policy own_office on audit',
    'create policy open on audit using (true)',
    'alter table audit owner to current_user',
    'alter table audit rename to old_audit',
    'alter function sees_office(integer) rename to sees_nobody',
    'create rule quiet as on insert to audit do instead nothing',
    'create trigger quiet before insert on audit for each row execute function refuse_change()',
    'create table public.mine (n integer)',
    'create temporary table audit (n integer)',
    'create schema mine',
    'do $$ begin lock table audit in access exclusive mode; end $$',
    "select setval('audit_id_seq', 1)",
    "delete from kysely_migration where name like '0001%'",
    // Other roles, and objects beside the tables.
    'create role mine superuser login',
    `alter role ${user} superuser`,
    'alter role finestreta password null',
    `grant finestreta to ${user}`,
    'set role finestreta',
    'set session authorization finestreta',
    'set role postgres',
    'select rolpassword from pg_authid',
    "select pg_read_file('postgresql.conf')",
    "copy audit to '/tmp/finestreta-audit'",
    "copy audit from program 'true'",
    "alter system set fsync = 'off'",
    'select pg_reload_conf()',
    'create extension dblink',
    'create database mine',
  ])('is refused: %s', async (statement) => {
    const before = await history();
    await expect(
      within(database.kysely, INSTALLATION, () => database.pool.query(statement)),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^(42501|42809|2F003)$/) });
    expect(await history()).toEqual(before);
  });

  test('can’t extend the effect of a function with the owner’s rights', async () => {
    const client = await database.pool.connect();
    try {
      await client.query("begin; set local app.office = ''");
      // Without an office, no event is visible to be changed.
      await client.query('select forget_reasons(array(select id from appointment))');
      await client.query("set local search_path = pg_temp, public; set local lock_timeout = '1s'");
      await client.query('select pause_audit()');
      await client.query('rollback');
    } finally {
      client.release();
    }
  });
});

async function history() {
  const { rows } = await within(database.kysely, INSTALLATION, async (tx) => ({
    rows: [
      await tx.selectFrom('audit').selectAll().orderBy('id').execute(),
      await tx.selectFrom('audit_seal').selectAll().orderBy('number').execute(),
      await tx.selectFrom('event').selectAll().orderBy('id').execute(),
    ],
  }));
  return rows;
}

describe('rights', () => {
  test('given by hand are removed, and missing ones are restored', async () => {
    await database.asOwner(
      `grant delete, truncate on audit to ${user}`,
      `revoke insert on notice from ${user}`,
      `grant trigger on event to ${user}`,
    );
    const client = await database.connectAsOwner();
    await grantTo(client, user);
    await client.end();
    const rights = await rightsOf(user);
    expect(rights['public.audit']).toEqual(['INSERT', 'SELECT']);
    expect(rights['public.event']).toEqual(['INSERT', 'SELECT']);
    expect(rights['public.notice']).toContain('INSERT');
  });

  test('of a single login that is a superuser: it acts as a role of this database only', async () => {
    const { superuser } = testLogins(database.connection.database);
    await prepareSchema(superuser, superuser, 'migrations');
    const alone = await openDatabase({ connection: superuser, pool: 1, onIdleError: () => {} });
    try {
      const { actsAs } = alone.login;
      expect(actsAs).toMatch(/^finestreta_confined_\d+$/);
      expect(couldAlter(alone.login)).toBe(true);
      await expect(alone.pool.query('delete from audit')).rejects.toThrow('permission denied');
      await expect(alone.pool.query('alter table audit disable trigger user')).rejects.toThrow(
        'must be owner',
      );
      expect((await alone.pool.query('select from appointment')).rowCount).toBe(0);
    } finally {
      await alone.close();
      const client = new pg.Client(superuser);
      await client.connect();
      await client.query(`drop owned by ${alone.login.actsAs}; drop role ${alone.login.actsAs}`);
      await client.end();
    }
  });
});
