import { afterAll, beforeAll, expect, test } from 'vitest';
import { RegisterSilent } from '../../../../features/foundation/residents/types.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { identified } from '../../../testing/identified.ts';
import { faultsOf, type TestTown, testTown } from '../../testing.ts';
import { APPLY, formOf, publish } from '../testing.ts';

const ROSA = '12345678Z';
/** Somebody whom the register has by another name. */
const JORDI = '99999999R';
const FROM_REGISTER = 'Ho hem agafat del padró';
let town: TestTown;

beforeAll(async () => {
  town = await testTown();
  const one = { born: null, dwelling: '1', place: '08999 Vilaclara', since: null } as const;
  const resident = (identifier: string, given: string, family: string) => ({
    ...one,
    ...{
      id: { scheme: 'dni', country: 'ES', identifier } as const,
      given,
      family,
      isProtected: false,
    },
    address: 'Carrer Major, 12, 2n 1a',
  });
  const list = [resident(ROSA, 'Rosa', 'Soler Vidal'), resident(JORDI, 'Pere', 'Mas')];
  const read = async function* () {
    yield* list;
  };
  const asOf = town.clock.now().toZonedDateTimeISO('Europe/Madrid').toPlainDate();
  await town.deps.residents.bring(read, { asOf, anyway: false });
  await publish(town, formOf(FORM));
});
afterAll(() => town.close());

const FORM = {
  identity: 'low',
  sign: 'session',
  steps: [
    {
      id: 'on',
      together: true,
      questions: [
        { id: 'paper', type: 'yesno' },
        {
          id: 'adreca',
          type: 'address',
          from: 'padro.address',
          required: true,
          when: { var: 'on.paper' },
        },
      ],
    },
    { id: 'casa', questions: [{ id: 'adreca', type: 'address', from: 'padro.address' }] },
  ],
};

const looks = () =>
  within(town.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('audit').select('id').where('action', '=', 'residents_read').execute(),
  );

test('what the register has is filled in where the form asks for it, says so, and each look is on the trail', async () => {
  const rosa = await identified(town, ROSA);
  const at = (await rosa.post(APPLY)).path;
  const before = (await looks()).length;
  const page = await rosa.get(`${at}/casa/adreca`);
  expect(page.html).toContain('value="Carrer Major"');
  expect(page.html).toContain('value="08999"');
  expect(page.html).toContain(FROM_REGISTER);
  expect(await faultsOf(page.html)).toEqual([]);
  expect(await looks()).toHaveLength(before + 1);
  // What they change, or take out, stays as they left it, and the register isn't asked again.
  await rosa.post(`${at}/casa/adreca`, { 'q-adreca_-street': 'Carrer Nou' });
  const after = await rosa.get(`${at}/casa/adreca`);
  expect(after.html).toContain('value="Carrer Nou"');
  expect(after.html).not.toContain(FROM_REGISTER);
  expect(await looks()).toHaveLength(before + 1);
});

test('a question that an answer makes appear is filled in, too', async () => {
  const rosa = await identified(town, ROSA);
  const at = (await rosa.post(APPLY)).path;
  expect((await rosa.get(`${at}/on`)).html).not.toContain('Carrer Major');
  const page = await rosa.get((await rosa.post(`${at}/on`, { 'q-paper_': 'yes' })).path);
  expect(page.html).toContain('value="Carrer Major"');
});

test.each([
  ['at a level that is too low', () => identified(town, ROSA, 'low')],
  ['by another name', () => identified(town, JORDI)],
])('nothing is filled in of whoever is identified %s', async (_, browser) => {
  const somebody = await browser();
  const at = (await somebody.post(APPLY)).path;
  const page = await somebody.get(`${at}/casa/adreca`);
  expect(page.status).toBe(200);
  expect(page.html).not.toContain('Carrer Major');
  expect(page.html).not.toContain(FROM_REGISTER);
});

test('a page that looks for what is new by itself does not ask the register again', async () => {
  const rosa = await identified(town, ROSA);
  const at = `${(await rosa.post(APPLY)).path}/casa/adreca`;
  const before = (await looks()).length;
  const { html } = await rosa.send(at, { headers: { 'X-Refresh': '1' } });
  expect(html).not.toContain('Carrer Major');
  expect(await looks()).toHaveLength(before);
});

test('while the register is away, they write it themselves', async () => {
  const { residents } = town.deps;
  const { find } = residents;
  residents.find = () => Promise.reject(new RegisterSilent({ reason: 'away', code: 'timeout' }));
  try {
    const rosa = await identified(town, ROSA);
    const page = await rosa.get(`${(await rosa.post(APPLY)).path}/casa/adreca`);
    expect(page.status).toBe(200);
    expect(page.html).not.toContain('Carrer Major');
    expect(page.html).not.toContain(FROM_REGISTER);
  } finally {
    residents.find = find;
  }
});
