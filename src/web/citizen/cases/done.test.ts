import { afterAll, beforeAll, expect, test } from 'vitest';
import { chanceFrom } from '../../../domain/form/testing/random-form.ts';
import { testUnit } from '../../../features/foundation/audit/testing.ts';
import { createOutsideRegistering } from '../../../features/foundation/registry/service.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf, type TestTown, testTown } from '../testing.ts';
import { formOf, publish, walk } from './testing.ts';

const FORM = formOf({
  steps: [
    {
      id: 'local',
      questions: [{ id: 'taules', type: 'integer', label: { ca: 'Taules' }, min: 1 }],
    },
  ],
});
let town: TestTown;

beforeAll(async () => {
  town = await testTown();
  await publish(town, FORM);
});
afterAll(() => town.close());

const useRegistry = async (kind: 'mux' | 'internal') => {
  const settings = JSON.stringify({ ...(await town.deps.offices.town()), registry: { kind } });
  await within(town.database.kysely, INSTALLATION, (tx) =>
    tx.updateTable('town').set({ settings }).execute(),
  );
};

/** Has what is owed registered elsewhere, by a registry that gives this number. */
const deliver = (number: string, isAuxiliary: boolean) => {
  const { database, clock } = town;
  const made = { number, at: null, subject: null, consolidated: null };
  return createOutsideRegistering({
    ...town.deps,
    db: database.kysely,
    unit: testUnit(database.kysely, clock),
    log: console,
    describe: async () => null,
    adapt: () => ({
      enter: async (_, goAhead) => ((await goAhead()) ? { ok: true, value: made } : null),
      find: async () => ({ ok: true, value: [] }),
      auxiliary: async () => ({ ok: true, value: isAuxiliary ? [made] : [] }),
    }),
  }).deliver();
};

const handedIn = async () => (await walk(town, FORM, chanceFrom(1))).secret;
const receipt = (secret: string, language = 'ca') => town.get(`/${language}/case/${secret}/done`);
const OWED = /El registre de l’ajuntament també hi posarà/;
const NUMBER = /Número al registre de l’ajuntament:/;

test('a receipt has our number alone where the town has no other registry', async () => {
  await useRegistry('internal');
  const { html } = await receipt(await handedIn());
  expect(html).toMatch(/E2026\d{6}/);
  expect([OWED.test(html), NUMBER.test(html)]).toEqual([false, false]);
});

test('a receipt says that the number of the town’s registry follows, and has it when it is there', async () => {
  await useRegistry('mux');
  const secret = await handedIn();
  for (const language of LANGUAGES)
    expect(await faultsOf((await receipt(secret, language)).html)).toEqual([]);
  const before = await receipt(secret);
  expect(before.html).toMatch(OWED);
  expect(before.html).toMatch(/E2026\d{6}/);
  await deliver('E-2026-33-000001', false);
  const after = await receipt(secret);
  expect(after.html).toContain('E-2026-33-000001');
  expect([OWED.test(after.html), /registre auxiliar/.test(after.html)]).toEqual([false, false]);
});

test('a receipt says that the number is that of the auxiliary registry', async () => {
  await useRegistry('mux');
  const secret = await handedIn();
  await deliver('E/000001-2026', true);
  const { html } = await receipt(secret);
  expect(html).toContain('E/000001-2026');
  expect(html).toMatch(/registre auxiliar/);
  expect(await faultsOf(html)).toEqual([]);
});
