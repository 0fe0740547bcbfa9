import { afterAll, beforeAll, expect, test } from 'vitest';
import { formSchema } from '../../../domain/form/schema.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { bookThrough, faultsOf, type TestTown, testTown } from '../testing.ts';

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());

test('an appointment offers to do it on-line while its form can be finished there', async () => {
  const details = {
    name: 'Maria Puig',
    email: '',
    phone: '612 34 56 78',
    whom: 'self',
    anything: 'no',
  };
  const times = '/ca/oac/volant-padro/times?channel=phone&language=ca';
  const { manage } = await bookThrough(town, details, { times });
  const way = 'href="/ca/oac/volant-padro/apply"';
  expect((await town.get(manage)).html).not.toContain(way);
  const office = (await town.deps.offices.find('oac'))!;
  const steps = [{ id: 'qui', questions: [{ id: 'nom', type: 'text', label: { ca: 'Nom' } }] }];
  const publish = (more: object) =>
    town.deps.forms.publish(
      { kind: 'system', why: 'operator' },
      office,
      formSchema.parse({ procedure: 'volant-padro', steps, ...more }),
    );
  await publish({ sign: 'autofirma' });
  expect((await town.get(manage)).html).not.toContain(way);
  await publish({});
  expect((await town.get(manage)).html).toContain(way);
  for (const language of LANGUAGES)
    expect(await faultsOf((await town.get(manage.replace('/ca/', `/${language}/`))).html)).toEqual(
      [],
    );
});
