import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { samlKeys } from '../../../../../e2e/support/identity/saml-keys.ts';
import {
  type Behaviour,
  type MuxStandIn,
  muxServer,
} from '../../../../../e2e/support/registry/mux.ts';
import { createMux } from '../../../../connectors/registry/mux/mux.ts';
import { registryAdapter } from '../../../../connectors/registry/registries.ts';
import {
  type MuxSettings,
  type RegistrySettings,
  townRegistry,
} from '../../../../domain/office/connectors/registry.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { handClock } from '../../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { testUnit } from '../../audit/testing.ts';
import { createOffices, type Offices } from '../../offices/service.ts';
import { testOffice } from '../../offices/testing.ts';
import { createRegistry, type Registry } from '../service.ts';
import type { Described } from '../types.ts';
import { createOutsideRegistering, type OutsideDeps, type OutsideRegistering } from './service.ts';
import type { OutsideRegistry } from './types.ts';
import { countOutside } from './views.ts';

const MORNING = '2026-12-01T09:00:00Z';
const MAKE = 'MUX_PROVA';
const CONSULT = 'MUX_CONSULTA';
const keys = samlKeys('vilaclara.example');
const clock = handClock(MORNING);
const PERSON: Described['person'] = {
  id: { scheme: 'dni', country: 'ES', identifier: '12345678Z' },
  ...{ name: 'Núria Vila', given: 'Núria', family: 'Vila' },
};
let database: TestDatabase;
let stand: MuxStandIn;
let offices: Offices;
let office: Office;
let registry: Registry;
let outside: OutsideRegistering;
let deps: OutsideDeps;
let settings: RegistrySettings;

beforeAll(async () => {
  stand = await muxServer({ certificate: keys.certificate, now: () => clock.now() });
});
afterAll(() => stand.close());
beforeEach(async () => {
  clock.set(MORNING);
  database = await testDatabase();
  const db = database.kysely;
  offices = createOffices(db);
  office = await offices.byId(await testOffice(db));
  settings = townRegistry.parse({
    ...{ kind: 'mux', endpoint: stand.endpoint, ine10: '0899990001' },
    ...{ purpose: 'PROVES', modality: MAKE },
  });
  await useRegistry(settings);
  const unit = testUnit(db, clock);
  registry = createRegistry({ db, clock, unit });
  deps = {
    ...{ db, clock, unit, offices },
    adapt: (each, town) => registryAdapter(each, town, { key: keys, clock }),
    describe: async () => ({ subject: 'Llicència de terrassa K7M-2QX', person: PERSON }),
    log: { info: () => {}, warn: () => {} },
    random: () => 0,
  };
  outside = createOutsideRegistering(deps);
});
afterEach(async () => {
  stand.entries.length = 0;
  stand.petitions.length = 0;
  stand.behave(MAKE);
  stand.behave(CONSULT);
  await database.close();
});

const useRegistry = (kept: RegistrySettings) =>
  within(database.kysely, INSTALLATION, async (tx) => {
    const { settings: before } = await tx
      .selectFrom('town')
      .select('settings')
      .executeTakeFirstOrThrow();
    const after = JSON.stringify({ ...(before as object), registry: kept });
    await tx.updateTable('town').set({ settings: after }).execute();
  });

const SYSTEM = { kind: 'system', why: 'test' } as const;
const enter = (about: string, fail = false) =>
  deps.unit(SYSTEM, office.id, async (each) => {
    const content = createHash('sha256').update(about).digest('hex');
    const entry = await registry.register(each, office, { direction: 'entry', about, content });
    if (fail) throw new Error('the deed fails');
    return entry;
  });
const stateOf = (about: string) => outside.of(office, about);
const count = () => within(database.kysely, INSTALLATION, countOutside);
const trail = () =>
  within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('audit')
      .select(['action', 'data'])
      .where('action', 'in', ['registered_outside', 'registry_reconciled'])
      .orderBy('id')
      .execute(),
  );

/** Lets hours pass as the job has them: it looks every minute. */
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    clock.advance({ minutes: 1 });
    await outside.deliver();
  }
}

describe('an entry of ours', () => {
  test('is owed to the registry of the town until it has its number there', async () => {
    await enter('case 1');
    expect(await stateOf('case 1')).toEqual({ state: 'owed', failing: null });
    expect(await count()).toMatchObject({ owed: 1, oldest: clock.now() });
    expect(await outside.deliver()).toBe(1);
    expect(await stateOf('case 1')).toEqual({
      ...{ state: 'registered', number: 'E-2026-33-000001', at: clock.now(), register: 'main' },
    });
    expect(await count()).toMatchObject({ owed: 0, oldest: null });
    expect(await outside.deliver()).toBe(0);
    expect(stand.entries).toMatchObject([
      { subject: 'Llicència de terrassa K7M-2QX (oac E2026000001)' },
    ]);
    expect(await trail()).toMatchObject([
      { data: { number: 'E2026000001', outside: 'E-2026-33-000001', also: [] } },
    ]);
    expect(await registry.verify(office)).toEqual({ ok: true, entries: 1 });
  });

  test('that is not committed is owed to nobody', async () => {
    await expect(enter('case 1', true)).rejects.toThrow('the deed fails');
    await outside.deliver();
    expect(stand.petitions).toEqual([]);
    expect(await stateOf('case 1')).toBeNull();
  });

  test('of a town without another registry is owed to nobody, and those from before stay ours alone', async () => {
    await useRegistry({ kind: 'internal' });
    await enter('case 1');
    await useRegistry(settings);
    await enter('case 2');
    await outside.deliver();
    expect([await stateOf('case 1'), stand.entries.length]).toEqual([null, 1]);
  });

  test('that nobody can describe any more is registered by its number', async () => {
    await enter('case 1');
    await createOutsideRegistering({ ...deps, describe: async () => null }).deliver();
    expect(stand.entries).toMatchObject([{ subject: 'E2026000001 (oac E2026000001)' }]);
  });

  test('waits while a town has gone back to its own book', async () => {
    await enter('case 1');
    await useRegistry({ kind: 'internal' });
    expect(await outside.deliver()).toBe(0);
    expect(await stateOf('case 1')).toEqual({ state: 'owed', failing: null });
  });
});

describe('once, whatever happens', () => {
  test.each<[Behaviour, 'away' | 'refused' | 'unclear']>([
    ['away', 'away'],
    ['lost', 'away'],
    ['unavailable', 'away'],
    ['pending', 'away'],
    ['refused', 'refused'],
    ['error', 'refused'],
    ['fault', 'refused'],
    ['forbidden', 'refused'],
    ['silent', 'unclear'],
    ['page', 'unclear'],
  ])('when the first answer is %s', async (behaviour, failing) => {
    stand.behave(MAKE, behaviour);
    await enter('case 1');
    await outside.deliver();
    expect(await stateOf('case 1')).toEqual({ state: 'owed', failing });
    await pass(10);
    expect(await stateOf('case 1')).toMatchObject({ state: 'registered', register: 'main' });
    expect(stand.entries).toHaveLength(1);
  });

  test('when the answer never comes', async () => {
    const impatient = createMux({
      ...{ settings: settings as MuxSettings, town: 'Vilaclara', key: keys, clock },
      timeoutSeconds: 1,
    });
    stand.behave(MAKE, 'slow');
    await enter('case 1');
    await createOutsideRegistering({ ...deps, adapt: () => impatient }).deliver();
    expect(await stateOf('case 1')).toEqual({ state: 'owed', failing: 'away' });
    await pass(10);
    expect(await stateOf('case 1')).toMatchObject({ state: 'registered' });
    expect(stand.entries).toHaveLength(1);
  });

  test('it is never sent again before it was looked for, nor looked for while it may be on its way', async () => {
    stand.behave(MAKE, 'away', 'lost');
    stand.behave(CONSULT, 'away');
    await enter('case 1');
    await outside.deliver();
    const asked = () => stand.petitions.map(({ modality }) => modality);
    await pass(4);
    expect(asked()).toEqual([MAKE]);
    await pass(1); // looked for, and MUX is away
    expect(asked()).toEqual([MAKE, CONSULT]);
    await pass(20); // not there: sent again, and the answer is lost; looked for again, and found
    expect(asked().slice(2)).toEqual([CONSULT, MAKE, CONSULT, CONSULT]);
    expect(await stateOf('case 1')).toMatchObject({ state: 'registered' });
    expect(stand.entries).toHaveLength(1);
  });

  test('when the worker dies between each pair of steps, fifty times', async () => {
    let step = 0;
    for (let nth = 1; nth <= 50; nth++) {
      const about = `case ${nth}`;
      await enter(about);
      // It dies before its request is noted or sent, after it, or before what it heard is kept: the lease ends, and another one goes on.
      const dying = createOutsideRegistering({
        ...deps,
        adapt: (...of) => mortal(deps.adapt(...of), step++ % 5),
      });
      await dying.deliver().catch(() => {});
      for (let looks = 0; looks < 3; looks++) {
        clock.advance({ minutes: 11 });
        await outside.deliver();
      }
      expect(await stateOf(about)).toMatchObject({ state: 'registered', register: 'main' });
    }
    const numbers = new Set(stand.entries.map(({ transaction }) => transaction));
    expect([numbers.size, stand.entries.length]).toEqual([50, 50]);
    expect(await count()).toMatchObject({ owed: 0, twice: 0 });
  });

  test('when four workers look at once', async () => {
    for (let nth = 1; nth <= 12; nth++) await enter(`case ${nth}`);
    await Promise.all([1, 2, 3, 4].map(() => outside.deliver()));
    expect(stand.entries).toHaveLength(12);
    expect(await count()).toMatchObject({ owed: 0 });
  });
});

test('while it is away, it is asked once in a pass', async () => {
  for (let nth = 1; nth <= 3; nth++) await enter(`case ${nth}`);
  stand.behave(MAKE, 'unavailable');
  expect(await outside.deliver()).toBe(1);
  expect(stand.petitions).toHaveLength(1);
  expect(await outside.deliver()).toBe(2);
  await pass(10);
  expect(await count()).toMatchObject({ owed: 0 });
  expect(stand.entries).toHaveLength(3);
});

describe('what is told', () => {
  test('of an entry that the registry has twice is the first number, and the other one is kept', async () => {
    stand.behave(MAKE, 'twice');
    await enter('case 1');
    stand.behave(CONSULT);
    await outside.deliver();
    expect(await stateOf('case 1')).toMatchObject({ number: 'E-2026-33-000001' });
    stand.entries.length = 0;
    await enter('case 2');
    stand.behave(MAKE, 'lost');
    await outside.deliver();
    const [lost] = stand.entries;
    if (lost) stand.entries.push({ ...lost, number: 'E-2026-33-000099' });
    await pass(10);
    expect(await stateOf('case 2')).toMatchObject({ number: 'E-2026-33-000001' });
    expect(await count()).toMatchObject({ twice: 1 });
  });

  test('of an entry of the auxiliary registry is its number, and that of the main one once it took it over', async () => {
    stand.behave(MAKE, 'auxiliary');
    await enter('case 1');
    await outside.deliver();
    const auxiliary = { state: 'registered', number: 'E/000001-2026', register: 'auxiliary' };
    expect(await stateOf('case 1')).toMatchObject(auxiliary);
    clock.advance({ hours: 25 });
    await outside.deliver();
    expect(await stateOf('case 1')).toMatchObject(auxiliary);
    Object.assign(stand.entries[0] ?? {}, { consolidated: 'E-2026-33-000777' });
    clock.advance({ hours: 25 });
    await outside.deliver();
    expect(await stateOf('case 1')).toMatchObject({
      number: 'E-2026-33-000777',
      register: 'main',
    });
    expect((await trail()).map(({ action, data }) => [action, data.consolidated ?? null])).toEqual([
      ['registered_outside', null],
      ['registry_reconciled', null],
      ['registry_reconciled', 'E-2026-33-000777'],
    ]);
    clock.advance({ hours: 25 });
    expect(await outside.deliver()).toBe(0);
  });

  test('of an entry whose registry can’t be asked is its number, and which registry later', async () => {
    stand.behave(CONSULT, 'away', 'unavailable');
    await enter('case 1');
    await outside.deliver();
    expect(await stateOf('case 1')).toMatchObject({ state: 'registered', register: null });
    await pass(10);
    expect(await stateOf('case 1')).toMatchObject({ register: 'main' });
  });

  test('of another office’s entry is nothing', async () => {
    await enter('case 1');
    const other = await offices.byId(await testOffice(database.kysely, { code: 'hisenda' }));
    expect(await outside.of(other, 'case 1')).toBeNull();
  });
});

/** A registry in whose worker the process dies: before a request is noted or sent, after it, or at the second one. */
function mortal(real: OutsideRegistry | null, when: number): OutsideRegistry | null {
  if (!real) return null;
  const die = () => Promise.reject(new Error('the process ends'));
  return {
    enter: async (what, goAhead) => {
      if (when === 4) return die();
      const made = await real.enter(what, async () => {
        const may = await goAhead();
        return when === 0 ? die() : may;
      });
      return when === 1 ? die() : made;
    },
    find: real.find,
    auxiliary: async (span) => {
      if (when === 2) return die();
      const found = await real.auxiliary(span);
      return when === 3 ? die() : found;
    },
  };
}
