import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { nifIn } from '../../../domain/identity.ts';
import type { Extent, Resident } from '../../../domain/residence/resident.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { purposeKey } from '../../../lib/secrets.ts';
import { testUnit } from '../audit/testing.ts';
import { testOffice } from '../offices/testing.ts';
import { createResidents, type Residents } from './service.ts';
import { type OutsideRegister, RegisterSilent } from './types.ts';

const MORNING = '2026-11-30T09:00:00+01:00';
const clock = handClock(MORNING);
const asOf = Temporal.PlainDate.from('2026-11-29');
const CASE = { case: '00000000-0000-4000-8000-000000000001' };
const ROSA = nifIn('12345678Z')!;

const versions = [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }];
const opened: TestDatabase[] = [];
let database: TestDatabase;
let residents: Residents;
let office: number;

beforeEach(async () => {
  clock.set(MORNING);
  versions.splice(1);
  database = await testDatabase();
  opened.push(database);
  const db = database.kysely;
  office = await testOffice(db);
  const key = purposeKey(() => versions.toReversed());
  residents = createResidents({ db, clock, key, unit: testUnit(db, clock) });
});
afterAll(() => Promise.all(opened.map((each) => each.close())));

const resident = (given: string, dwelling: string, change: Partial<Resident> = {}): Resident => ({
  id: null,
  given,
  family: 'Soler',
  born: Temporal.PlainDate.from('1990-05-05'),
  dwelling,
  address: 'Carrer Major, 1',
  place: '08999 Vilaclara',
  since: null,
  isProtected: false,
  ...change,
});
const FEW = [
  resident('Rosa', 'a', { id: ROSA }),
  resident('Pau', 'b', { id: nifIn('X1234567L') }),
  resident('Nil', 'a'),
];

async function* each(all: readonly Resident[]) {
  yield* all;
}
const bring = (all: readonly Resident[], more: Partial<Parameters<Residents['bring']>[1]> = {}) =>
  residents.bring(() => each(all), { asOf, anyway: false, ...more });

const find = (id = ROSA, extent: Extent = 'household') =>
  residents.find({ kind: 'system', why: 'test' }, office, { ...CASE, extent, isAsked: true }, id);

const rows = () =>
  within(database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('resident').select(['number', 'sealed']).orderBy('number').execute(),
  );

describe('a list of residents', () => {
  test('is asked for one identifier: the person, and who lives there', async () => {
    expect((await find()).kind).toBe('no_list');
    const brought = await bring(FEW);
    expect(brought).toMatchObject({ ok: true, list: { people: 3, findable: 2, asOf } });
    const found = await find();
    expect(found).toMatchObject({ kind: 'found', registered: { asOf, resident: FEW[0] } });
    expect(found.kind === 'found' && found.registered.household.map(({ given }) => given)).toEqual([
      'Rosa',
      'Nil',
    ]);
    expect((await find(nifIn('87654321X')!)).kind).toBe('unknown');
  });

  test('two people with one identifier are nobody', async () => {
    await bring([...FEW, resident('Laia', 'c', { id: ROSA })]);
    expect((await find()).kind).toBe('several');
  });

  test('a look is on the trail with its case, without the identifier', async () => {
    await bring(FEW);
    await find();
    const trail = await within(database.kysely, office, (tx) =>
      tx
        .selectFrom('audit')
        .select(['action', 'data'])
        .where('action', '=', 'residents_read')
        .execute(),
    );
    expect(trail).toEqual([{ action: 'residents_read', data: CASE }]);
  });

  test('nothing of a person is in clear, nor readable once the list is replaced', async () => {
    await bring(FEW);
    const [first] = await rows();
    expect(first?.sealed.includes('Rosa')).toBe(false);
    await bring([resident('Pau', 'b'), ...FEW]);
    const after = await rows();
    expect(after.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(after.some(({ sealed }) => sealed.equals(first!.sealed))).toBe(false);
    expect(await find()).toMatchObject({ kind: 'found' });
  });

  test('a row that is moved in the database opens for nobody', async () => {
    await bring(FEW);
    await within(database.kysely, INSTALLATION, async (tx) => {
      const nil = await tx
        .selectFrom('resident')
        .select('sealed')
        .where('number', '=', 3)
        .executeTakeFirstOrThrow();
      await tx.deleteFrom('resident').where('number', '=', 1).execute();
      await tx
        .insertInto('resident')
        .columns(['list_id', 'number', 'lookup', 'dwelling', 'sealed'])
        .expression(
          tx
            .selectFrom('resident')
            .select(({ val }) => [
              'list_id',
              val(9).as('number'),
              'lookup',
              'dwelling',
              val(nil.sealed).as('sealed'),
            ])
            .where('number', '=', 2),
        )
        .execute();
      await tx.deleteFrom('resident').where('number', '=', 2).execute();
    });
    await expect(find(nifIn('X1234567L')!)).rejects.toThrow(/changed, or moved/);
  });
});

describe('an import', () => {
  const refused = async (...args: Parameters<typeof bring>) => {
    const result = await bring(...args);
    return result.ok ? null : result.reason;
  };
  const many = Array.from({ length: 20 }, (_, index) => resident(`P${index}`, String(index)));

  test('of more people than one statement adds has them all', async () => {
    const all = Array.from({ length: 4321 }, (_, index) => resident(`P${index}`, String(index)));
    expect(await bring(all)).toMatchObject({ ok: true, list: { people: 4321 } });
    expect(await rows()).toHaveLength(4321);
  });

  test('that ends in an error changes nothing', async () => {
    await bring(FEW);
    async function* torn() {
      yield resident('Laia', 'c');
      throw new Error('torn');
    }
    await expect(residents.bring(torn, { asOf, anyway: false })).rejects.toThrow('torn');
    expect(await rows()).toHaveLength(3);
    expect((await find()).kind).toBe('found');
  });

  test('of nobody, of a day to come, or of long ago is refused', async () => {
    expect(await refused([])).toBe('empty');
    expect(await refused(FEW, { asOf: asOf.add({ days: 2 }) })).toBe('future');
    expect(await refused(FEW, { asOf: asOf.subtract({ days: 40 }) })).toBe('too_old');
    expect(await residents.list()).toBeNull();
    expect(await rows()).toEqual([]);
  });

  test('that is older or has far fewer people asks first, and leaves nothing', async () => {
    await bring(many);
    expect(await refused(many.slice(0, 18))).toBeNull();
    expect(await refused(many.slice(0, 16))).toBe('shorter');
    expect(await refused(many, { asOf: asOf.subtract({ days: 1 }) })).toBe('older');
    expect(await rows()).toHaveLength(18);
    expect(await refused(many.slice(0, 16), { anyway: true })).toBeNull();
    expect(await rows()).toHaveLength(16);
  });

  test('two at once leave one list, whole', async () => {
    const results = await Promise.all([bring(many), bring([...many, ...FEW])]);
    const kept = await residents.list();
    expect(results.filter(({ ok }) => ok).length).toBeGreaterThan(0);
    expect(await residents.sweep()).toBe(0);
    expect(await rows()).toHaveLength(kept!.people);
  });
});

describe('the end of a list', () => {
  test('thirty days after its day nobody is kept any more', async () => {
    await bring(FEW);
    clock.set('2026-12-28T23:00:00+01:00');
    expect(await residents.sweep()).toBe(0);
    clock.set('2026-12-30T12:00:00+01:00');
    expect(await residents.sweep()).toBe(3);
    expect(await residents.list()).toBeNull();
  });

  test('an operator removes it', async () => {
    await bring(FEW);
    expect(await residents.remove()).toBe(true);
    expect(await residents.remove()).toBe(false);
    expect((await find()).kind).toBe('no_list');
  });

  test('its key is wrapped again when the key of people changes', async () => {
    await bring(FEW);
    versions.push({ version: 2, key: Buffer.alloc(32, 2), isActive: true });
    expect(await residents.rewrap()).toBe(1);
    expect(await residents.rewrap()).toBe(0);
    versions.shift();
    expect((await find()).kind).toBe('found');
    versions.unshift({ version: 1, key: Buffer.alloc(32, 1), isActive: true });
  });

  test('whoever acts for an office reads none of it', async () => {
    await bring(FEW);
    const seen = await within(database.kysely, office, async (tx) => [
      await tx.selectFrom('resident').selectAll().execute(),
      await tx.selectFrom('resident_list').selectAll().execute(),
    ]);
    expect(seen).toEqual([[], []]);
  });
});

test('a town that asks its register elsewhere has no list asked; each look is on the trail before', async () => {
  await bring(FEW);
  const asked: { extent: Extent; about: string }[] = [];
  let answer: Awaited<ReturnType<OutsideRegister['find']>> = {
    ok: true,
    value: { kind: 'several' },
  };
  const register: OutsideRegister = {
    find: async (_, on) => {
      asked.push(on);
      return answer;
    },
  };
  const unit = testUnit(database.kysely, clock);
  const key = purposeKey(() => versions.toReversed());
  const elsewhere = createResidents({
    ...{ db: database.kysely, clock, unit, key, outside: async () => register },
  });
  const looks = async () =>
    within(database.kysely, INSTALLATION, async (tx) => {
      const rows = await tx
        .selectFrom('audit')
        .select('id')
        .where('action', '=', 'residents_read')
        .execute();
      return rows.length;
    });
  const before = await looks();
  const look = (isAsked = true) =>
    elsewhere.find(
      { kind: 'system', why: 'test' },
      office,
      { ...CASE, extent: 'person', isAsked },
      ROSA,
    );
  expect(await look()).toEqual({ kind: 'several' });
  expect(asked).toEqual([{ extent: 'person', about: CASE.case, isAsked: true }]);
  answer = { ok: false, reason: 'away', code: 'timeout' };
  await expect(look()).rejects.toThrow(RegisterSilent);
  expect(await looks()).toBe(before + 2);
  // For a minute, no page waits for it again; what was asked for does.
  await expect(look(false)).rejects.toThrow(RegisterSilent);
  expect(asked).toHaveLength(2);
  await expect(look()).rejects.toThrow(RegisterSilent);
  clock.advance({ minutes: 2 });
  answer = { ok: true, value: { kind: 'unknown' } };
  expect(await look(false)).toEqual({ kind: 'unknown' });
});
