import { afterAll, beforeAll, expect, test } from 'vitest';
import { staffOf } from '../../../../features/service/cases/testing.ts';
import { faultsOf, type TestTown, testTown } from '../../testing.ts';
import { APPLY, formOf, publish } from '../testing.ts';

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
  const nom = { id: 'nom', type: 'text', label: { ca: 'Nom' } };
  await publish(town, formOf({ steps: [{ id: 'qui', questions: [nom] }] }));
});
afterAll(() => town.close());

/** A case that was handed in: its address, and its row. */
async function handedIn() {
  const { path } = await town.post(APPLY, {});
  await town.post(`${path}/qui/nom`, { 'q-nom_': 'Rosa' });
  const check = await town.get(`${path}/check`);
  const seen = /name="seen" value="([^"]*)"/.exec(check.html)?.[1] ?? '';
  await town.submit(`${path}/check`, { seen });
  const found = (await town.deps.cases.bySecret(path.split('/')[3]!))!;
  return { path, found, office: (await town.deps.offices.find('oac'))! };
}

test('whoever handed a case in writes to the office, and reads the answer', async () => {
  const { path, found, office } = await handedIn();
  const done = await town.get(`${path}/done`);
  expect(done.html).toContain('Escriu a l’oficina');
  const at = `${path}/messages`;
  const empty = await town.submit(at, { messages: ' ' });
  expect([empty.status, empty.html.includes('Escriu el missatge.')]).toEqual([422, true]);
  expect(await faultsOf(empty.html)).toEqual([]);
  const sent = await town.submit(at, { messages: 'Quan <i>ho</i> sabré?\nGràcies' });
  // This form asks for no address.
  expect(sent.html).toContain('torna a aquesta pàgina per llegir la resposta');
  expect(sent.html).toContain('Quan &lt;i>ho&lt;/i> sabré?\nGràcies');
  const official = staffOf(office, 'coordinator');
  await town.deps.caseMessages.write(official, office, found.id, 'Dijous.');
  const after = await town.get(`${path}/done`);
  expect(after.html).toContain('Dijous.');
  expect(after.html).toContain('Mira els missatges i respon');
  expect(await faultsOf(after.html)).toEqual([]);
  const all = await town.get(at);
  expect(all.html).toMatch(/Quan [\s\S]*Dijous\./);
  expect(await faultsOf(all.html)).toEqual([]);
});

test('a draft has no messages, and a long one keeps what was typed', async () => {
  const { path } = await town.post(APPLY, {});
  expect((await town.get(`${path}/messages`)).path).toBe(path);
  const of = await handedIn();
  const long = await town.submit(`${of.path}/messages`, { messages: `Hola ${'a'.repeat(4000)}` });
  expect(long.status).toBe(422);
  expect(long.html).toContain('Hola aaaa');
});
