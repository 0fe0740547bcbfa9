import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportTown } from '../../../features/booking/administration/service.ts';
import { unitOf } from '../../../features/foundation/audit/service.ts';
import { createPeople } from '../../../features/foundation/people/service.ts';
import { createStaffIdentifiers } from '../../../features/foundation/staff-identifiers/service.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { type KeyMaterial, purposeKey } from '../../../lib/secrets.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { ALBERT, type ConsoleWorld, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';

const OWN = '/staff/account/nif';
const NIF = '23456789D';
const OTHER = 'X1234567L';
let world: ConsoleWorld;
let marta: string;
let albert: string;
let operator: string;

const get = (path: string, cookie: string) =>
  world.app.request(path, { headers: { cookie: `${cookie}; staff_language=en` } });
const enter = (path: string, nif: string, cookie: string) =>
  world.app.request(path, {
    method: 'POST',
    headers: { cookie: `${cookie}; staff_language=en` },
    body: new URLSearchParams({ nif }),
  });
const text = async (path: string, cookie: string) => (await get(path, cookie)).text();
const ids = new Map<string, number>();
const here = (email: string) => `/console/oac/people/${ids.get(email)}/nif`;
const anywhere = (email: string) => `/staff/people/${ids.get(email)}/nif`;
const rows = () =>
  within(world.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('staff_identifier').selectAll().execute(),
  );
const age = (email: string, minutes: number) =>
  world.staff.transaction((client) =>
    client.query(
      `update session set "confirmedAt" = now() - make_interval(mins => $2)
       where "userId" = (select id from "user" where email = $1)`,
      [email, minutes],
    ),
  );

beforeAll(async () => {
  world = await consoleWorld();
  await within(world.database.kysely, INSTALLATION, async (tx) => {
    await tx.updateTable('staff').set({ operator: true }).where('email', '=', NURIA).execute();
    for (const each of await tx.selectFrom('staff').select(['id', 'email']).execute())
      ids.set(each.email, each.id);
  });
  marta = await world.signIn(MARTA);
  albert = await world.signIn(ALBERT);
  operator = await world.signIn(NURIA);
});
afterAll(() => world?.close());

test.each(LANGUAGES)('the page is sound in %s', async (language) => {
  for (const [path, cookie] of [
    [OWN, marta],
    [here(MARTA), albert],
    [anywhere(MARTA), operator],
  ] as const) {
    const headers = { cookie: `${cookie}; staff_language=${language}` };
    const page = await (await world.app.request(path, { headers })).text();
    expect({ path, faults: await faultsOf(page) }).toEqual({ path, faults: [] });
    expect(page).not.toMatch(/undefined|nif\.\w+/);
  }
});

describe('one’s own NIF', () => {
  test('is refused with a wrong letter, and keeps what was typed', async () => {
    for (const typed of ['12345678A', '', 'abc', '1'.repeat(500)]) {
      const answer = await enter(OWN, typed, marta);
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain('href="#nif"');
    }
    expect(await rows()).toEqual([]);
  });

  test('needs a second factor of the last minutes, and goes on after it', async () => {
    await age(MARTA, 11);
    const asked = await enter(OWN, NIF, marta);
    expect(await asked.text()).toContain('name="code"');
    expect(await rows()).toEqual([]);
    await age(MARTA, 0);
  });

  test('is shown masked ever after, and sealed in the database', async () => {
    expect((await enter(OWN, '23.456.789-d', marta)).headers.get('Location')).toBe(
      '/staff/account?done=nif',
    );
    const page = await text('/staff/account?done=nif', marta);
    expect(page).toContain('***5678**');
    for (const each of [page, await text(OWN, marta)]) expect(each).not.toContain('23456789');
    const [row] = await rows();
    expect(row?.sealed.toString('latin1')).not.toContain('23456789');
    expect(await exportTown(world.database.kysely)).not.toMatch(/23456789|5678/);
  });
});

describe('somebody else’s NIF', () => {
  test('is nothing for colleagues and for other offices', async () => {
    const laia = await world.signIn(LAIA); // a coordinator in another office
    for (const cookie of [marta, laia])
      for (const path of [here(ALBERT), anywhere(ALBERT), here(MARTA).replace('oac', 'hisenda')]) {
        expect((await get(path, cookie)).status).toBe(404);
        expect((await enter(path, OTHER, cookie)).status).toBe(404);
      }
    // An administrator of one office, and somebody who works in another one only.
    const elsewhere = [...ids].filter(([, id]) => id).map(([email]) => email);
    const list = await text('/console/oac/people', albert);
    const others = elsewhere.filter((each) => !list.includes(each));
    expect(others.length).toBeGreaterThan(0);
    for (const each of others) {
      expect((await get(here(each), albert)).status).toBe(404);
      expect((await enter(here(each), OTHER, albert)).status).toBe(404);
    }
    expect((await get(anywhere(MARTA), albert)).status).toBe(404);
    expect(await rows()).toHaveLength(1);
  });

  test('is entered once by the administrator, who sees it masked and can’t change it', async () => {
    expect((await enter(here(LAIA), OTHER, albert)).status).toBe(303);
    const page = await text(here(LAIA), albert);
    expect(page).toContain('****4567*');
    expect(page).not.toContain('name="nif"');
    const again = await enter(here(LAIA), NIF, albert);
    expect(again.status).toBe(422);
    expect(await text(here(LAIA), albert)).toContain('****4567*');
  });

  test('is changed by an operator, with a second factor', async () => {
    await age(NURIA, 11);
    expect((await enter(anywhere(LAIA), '00000000T', operator)).status).toBe(200);
    expect(await text(here(LAIA), albert)).toContain('****4567*');
    await age(NURIA, 0);
    expect((await enter(anywhere(LAIA), '00000000T', operator)).status).toBe(303);
    expect(await text(here(LAIA), albert)).toContain('***0000**');
  });

  test('is on the audit trail, without itself', async () => {
    const found = await within(world.database.kysely, INSTALLATION, (tx) =>
      tx
        .selectFrom('audit')
        .select(['actor', 'data'])
        .where('action', '=', 'nif_entered')
        .execute(),
    );
    const actors = new Set(found.map((each) => each.actor));
    const of = (email: string) => `staff:${ids.get(email)}`;
    expect(actors).toEqual(new Set([of(MARTA), of(ALBERT), of(NURIA)]));
    expect(JSON.stringify(found)).not.toMatch(/4567|5678|0000/);
  });
});

describe('for registries', () => {
  let materials: readonly KeyMaterial[] = [
    { version: 1, key: Buffer.alloc(32, 1), isActive: true },
  ];
  const key = purposeKey(() => materials);
  const service = () => {
    const { kysely: db } = world.database;
    const { clock, offices, staff } = world;
    const people = createPeople({ db, clock, offices, staff, sendsMail: true });
    const unit = unitOf({ db, clock, notifier: world.notifier });
    return { ...createStaffIdentifiers({ db, clock, key, staff, people }), unit };
  };

  test('it is opened in the person’s office alone, recorded, and after the key was replaced', async () => {
    const session = await world.staff.session(new Headers({ cookie: marta }));
    const { enterOwn, nifOf, rewrap, unit, own } = service();
    expect(await enterOwn(session!, NIF)).toEqual({ ok: true });
    const use = async (code: string) => {
      const office = (await world.offices.find(code))!.id;
      const viewer = { kind: 'system', why: 'test' } as const;
      return unit(viewer, office, (each) => nifOf(each, session!.staff));
    };
    expect(await use('oac')).toMatchObject({ identifier: NIF });
    expect(await use('hisenda')).toBeNull();
    materials = [...materials, { version: 2, key: Buffer.alloc(32, 2), isActive: true }];
    // The others are sealed by another key, that of the console's world.
    await world.staff.transaction((client) =>
      client.query('delete from public.staff_identifier where staff_id <> $1', [session!.staff]),
    );
    expect(await rewrap()).toBe(1);
    expect(await rewrap()).toBe(0);
    materials = materials.slice(1);
    expect(await own(session!)).toMatchObject({ masked: '***5678**' });
    // Somebody else's row opens nothing.
    await world.staff.transaction((client) =>
      client.query('update public.staff_identifier set staff_id = $1', [ids.get(ALBERT)]),
    );
    const other = await world.staff.session(new Headers({ cookie: albert }));
    await expect(own(other!)).rejects.toThrow();
  });

  test('it is deleted when the person retires', async () => {
    expect(await rows()).toHaveLength(1);
    await world.staff.retire(ALBERT, world.clock.now());
    expect(await rows()).toEqual([]);
  });
});
