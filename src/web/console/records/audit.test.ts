import { Hono } from 'hono';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { record } from '../../../features/foundation/audit/service.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';
import { auditFile } from './audit.tsx';

let world: ConsoleWorld;
let marta: string;
let nuria: string;
let reference: string;

const get = (path: string, cookie: string) => world.app.request(path, { headers: { cookie } });
const html = async (path: string, cookie = nuria) => {
  const answer = await get(path, cookie);
  expect(answer.status).toBe(200);
  return answer.text();
};
/** Returns the text of the table's rows, one line each. */
const rowsIn = (page: string) =>
  [...(page.split('<tbody>')[1] ?? '').matchAll(/<tr>(.*?)<\/tr>/gs)].map((match) =>
    (match[1] ?? '')
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );

beforeAll(async () => {
  world = await consoleWorld();
  const appointment = await world.book('09:10');
  reference = appointment.reference;
  [marta, nuria] = [await world.signIn(MARTA), await world.signIn(NURIA)];
  await html(`/console/oac/appointment/${appointment.id}`, marta);
  // An agent at another desk.
  await within(world.database.kysely, INSTALLATION, (tx) =>
    sql`insert into audit (office_id, appointment_id, actor, action, at)
     select a.office_id, a.id, 'staff:' || r.staff_id, 'opened', '2026-11-30T07:30:00Z'
     from appointment a join staff_role r on r.office_id = a.office_id and r.desk_id <> a.desk_id limit 1`.execute(
      tx,
    ),
  );
});
afterAll(() => world.close());

describe('the access record', () => {
  test('is for people with the permission: the others find no such page', async () => {
    expect((await get('/console/oac/audit', marta)).status).toBe(404);
    expect((await get('/console/oac/audit.csv', marta)).status).toBe(404);
    expect((await get('/console/imh/audit', nuria)).status).toBe(404);
    expect((await get('/console/oac/audit', '')).status).toBe(303);
    expect(await html('/console/oac', nuria)).toContain('/console/oac/audit');
    expect(await html('/console/oac', marta)).not.toContain('/console/oac/audit');
  });

  test('says who opened what and when, and that it was read', async () => {
    const cookie = `${nuria}; staff_language=en`;
    await html('/console/oac/audit', cookie);
    const rows = rowsIn(await html('/console/oac/audit', cookie));
    expect(rows[0]).toMatch(/^7:00 Núria Roca.* Looked at this record$/);
    expect(rows).toContainEqual(
      expect.stringMatching(new RegExp(`^7:00 Marta Soler.* Opened the appointment ${reference}$`)),
    );
  });

  test('marks access by an agent of another desk', async () => {
    const cookie = `${nuria}; staff_language=en`;
    const rows = rowsIn(await html('/console/oac/audit?foreign=1', cookie));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatch(/^8:30 .* Opened the appointment ▲ Another desk’s/);
    expect(rows[0]).not.toContain('Marta');
  });

  test('is filtered by one appointment and one day', async () => {
    const rows = rowsIn(await html(`/console/oac/audit?reference=${reference.toLowerCase()}`));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toContain(reference);
    expect(rowsIn(await html('/console/oac/audit?day=2026-11-29'))).toEqual([]);
  });

  test('names the kind of actor where it isn’t staff, and can show those alone', async () => {
    const { id: office } = (await world.offices.find('oac'))!;
    const deed = { office, now: world.clock.now() };
    await within(world.database.kysely, office, async (tx) => {
      const citizen = { kind: 'citizen', appointment: '' } as const;
      await record(tx, { ...deed, viewer: citizen, action: 'act_declined' });
      const system = { kind: 'system', why: 'retention' } as const;
      await record(tx, { ...deed, viewer: system, action: 'document_destroyed' });
    });
    for (const actor of ['citizen', 'system'] as const) {
      const rows = rowsIn(await html(`/console/oac/audit?who=${actor}`));
      expect(rows.length).toBeGreaterThan(0);
      for (const each of rows) expect(each).toContain(translateTo('ca')(`staff.actor.${actor}`));
    }
  });

  test('is downloaded as a file with the page’s content', async () => {
    const answer = await get('/console/oac/audit.csv?foreign=1', nuria);
    expect(answer.headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('Content-Disposition')).toBe(
      'attachment; filename="audit-oac-2026-11-30.csv"',
    );
    const lines = (await answer.text()).trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`opened,${reference},1,`);
  });

  test('has sign-ins with their method, and given and removed roles', async () => {
    const { staff, clock } = world;
    const person = { email: 'nova@vilaclara.example', name: 'Nova Riera' };
    const agent = { office: 'oac', role: 'agent' as const, desk: 'taula-2' };
    await staff.invite({ ...person, roles: [agent] }, clock.now());
    await staff.invite({ ...person, roles: [{ office: 'oac', role: 'coordinator' }] }, clock.now());
    await staff.retire(person.email, clock.now());
    const caller = { address: '192.0.2.77', userAgent: 'test', cookie: '' };
    for (let nth = 0; nth < 11; nth++) await staff.signIn(MARTA, 'wrong wrong wrong', caller);
    const rows = rowsIn(await html('/console/oac/audit', `${nuria}; staff_language=en`)).join('');
    for (const words of [
      'Signed in with password and code',
      'Invited Nova Riera',
      'Gave Nova Riera a role: agent',
      'Removed a role from Nova Riera: agent',
      'Gave Nova Riera a role: coordinator',
      'Retired Nova Riera',
      'Too many wrong passwords (Marta Soler): whoever tries must wait',
    ])
      expect(rows).toContain(words);
    expect(rows.split('Too many wrong').length).toBe(2);
    const file = await (await get('/console/oac/audit.csv', `${nuria}; staff_language=en`)).text();
    expect(file).toContain('Retired Nova Riera,retired,');
  });

  test('has in every office the entries of people without an office, such as an operator', async () => {
    const { staff, clock, database } = world;
    const person = { email: 'operadora@vilaclara.example', name: 'Olga Pi', operator: true };
    await staff.invite({ ...person, roles: [] }, clock.now());
    const caller = { address: '192.0.2.78', userAgent: 'test', cookie: '' };
    for (let nth = 0; nth < 11; nth++) await staff.signIn(person.email, 'wrong wrong', caller);
    await staff.retire(person.email, clock.now());
    const { rows } = await within(database.kysely, INSTALLATION, (tx) =>
      sql`select b.code, string_agg(a.action, ' ' order by a.id) as told
       from audit a join office b on b.id = a.office_id join staff s on s.id = (a.data ->> 'staff')::integer
       where s.email = ${person.email} group by b.code order by b.code`.execute(tx),
    );
    const told = 'invited sign_in_locked retired';
    expect(rows).toEqual([
      { code: 'hisenda', told },
      { code: 'oac', told },
    ]);
  });

  test('comes in pages', async () => {
    for (let nth = 0; nth < 101; nth++) await html('/console/oac/audit?day=2026-11-29', nuria);
    const first = await html('/console/oac/audit');
    const older = /href="([^"]*before=\d+[^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(rowsIn(first)).toHaveLength(100);
    const rest = rowsIn(await html(older));
    expect(rest.length).toBeGreaterThan(0);
    expect(rest.length).toBeLessThan(100);
  });

  test('is complete as a file, however long the day', async () => {
    await within(world.database.kysely, INSTALLATION, (tx) =>
      sql`insert into audit (office_id, actor, action, at)
       select b.id, 'citizen', 'of long ago', '2026-11-28T10:00:00Z'
       from office b, generate_series(1, 10001) where b.code = 'oac'`.execute(tx),
    );
    const answer = await get('/console/oac/audit.csv?day=2026-11-28', nuria);
    const file = Buffer.from(await answer.arrayBuffer()).toString(); // with the byte order mark that text() removes
    expect(file.split(',of long ago,')).toHaveLength(10_002);
    expect(file.split('\uFEFF')).toHaveLength(2);
  });

  test.each(LANGUAGES)('is valid HTML in %s', async (language) => {
    const page = await html('/console/oac/audit', `${nuria}; staff_language=${language}`);
    expect(await faultsOf(page)).toEqual([]);
    expect(page).not.toMatch(/undefined|audit\.\w+\./);
  });
});

test('a file breaks off when the rest can’t be read', async () => {
  const pages = [{ entries: [], before: 1 }, null];
  const deps = { auditTrail: { read: async () => pages.shift() } } as never;
  const now = world.clock.now();
  const visit = { now, t: translateTo('en'), office: { code: 'oac', timeZone: 'Europe/Madrid' } };
  const app = new Hono().get('/', async (c) => auditFile(deps)({ ...visit, c } as never));
  const answer = await app.request('/?day=2026-11-28');
  await expect(answer.text()).rejects.toThrow('no longer');
});

test('another office’s staff can’t read it', async () => {
  const laia = await world.signIn(LAIA);
  expect((await get('/console/oac/audit', laia)).status).toBe(404);
});
