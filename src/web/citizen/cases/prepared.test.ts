import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCOPES } from '../../../domain/scopes.ts';
import { testAppointments } from '../../../features/booking/appointments/testing.ts';
import { createCasesByToken } from '../../../features/service/cases/by-token/service.ts';
import { testCasesOf, testMeans } from '../../../features/service/cases/testing.ts';
import type { TokenViewer } from '../../../lib/viewer.ts';
import { faultsOf, type TestTown, testTown } from '../testing.ts';
import { formOf, PROCEDURE, publish } from './testing.ts';

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());

const asked = (id: string) => ({ id, type: 'text', required: true, label: { ca: id } });

/** Begins a case by a token, with one answer of two. Returns the address of its pages. */
async function prepared(): Promise<string> {
  const { deps, database, clock } = town;
  const { key } = testAppointments(database, clock);
  const byToken = createCasesByToken(testCasesOf(database, clock, { ...deps, key }), testMeans);
  const office = (await deps.offices.find('oac'))!;
  const scopes = new Set<string>(SCOPES);
  const viewer: TokenViewer = { kind: 'token', token: 7, office: office.id, scopes };
  const request = { procedure: PROCEDURE, language: 'ca', answers: { qui: { nom: 'Bar Pi' } } };
  const done = await byToken.begin(viewer, office, { ...request, language: 'ca' }, {});
  if (!done.ok) throw new Error(done.reason);
  return `/ca/case/${await byToken.giveLink(viewer, office, done.made.id)}`;
}

test('whoever checks what another system prepared sees which answers are of its hand', async () => {
  await publish(town, formOf({ steps: [{ id: 'qui', questions: ['nom', 'ofici'].map(asked) }] }));
  const at = await prepared();
  const theirs = /Bar Pi<\/div><p class="hand[^"]*">Escrit per un altre sistema de l’ajuntament, /;
  await town.post(`${at}/qui/ofici`, { 'q-ofici_': 'Fuster' });
  const { html } = await town.get(`${at}/check`);
  expect(html).toMatch(theirs);
  expect(html).toMatch(/Fuster<\/div><p class="hand[^"]*">Escrit a la teva pàgina, /);
  expect(html).toContain('ha començat aquest formulari');
  expect((await town.get(`${at}/qui/nom`)).html).toContain('Escrit per un altre sistema');
  expect(await faultsOf(html)).toEqual([]);
  await town.post(`${at}/qui/nom`, { 'q-nom_': 'Bar Roca' });
  expect((await town.get(`${at}/check`)).html).toMatch(
    /Bar Roca<\/div><p class="hand[^"]*">Escrit a la/,
  );
});

test('what the applicant alone fills in says of no hand', async () => {
  const { path } = await town.post(`/ca/oac/${PROCEDURE}/apply`, {});
  await town.post(`${path}/qui/nom`, { 'q-nom_': 'Bar Pi' });
  expect((await town.get(`${path}/check`)).html).not.toContain('Escrit ');
});
