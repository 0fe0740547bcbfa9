import { afterAll, beforeAll, expect, test } from 'vitest';
import { formSchema } from '../../../domain/form/schema.ts';
import { type ConsoleWorld, consoleWorld, MARTA } from '../testing.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.close());

test('an official opens no form in an encounter that nobody could finish', async () => {
  const cookie = await world.signIn(MARTA);
  const { id } = await world.book('08:30');
  const at = `/console/oac/appointment/${id}`;
  const post = (path: string, fields: Record<string, string>) =>
    world.app.request(`${at}${path}`, {
      method: 'POST',
      headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
  await post('/start', { anyway: '1' });
  const office = (await world.offices.find('oac'))!;
  const steps = [{ id: 'qui', questions: [{ id: 'nom', type: 'text', label: { ca: 'Nom' } }] }];
  const publish = (more: object) =>
    world.forms.publish(
      { kind: 'system', why: 'operator' },
      office,
      formSchema.parse({ procedure: 'volant-padro', steps, ...more }),
    );
  const open = () => post('/form', { procedure: 'volant-padro' });
  const panel = async () => {
    const html = await (await world.app.request(at, { headers: { cookie } })).text();
    return html.includes('<option value="volant-padro">');
  };
  await publish({ sign: 'autofirma' });
  expect(await panel()).toBe(false);
  const refused = await open();
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain('no es pot acabar per internet');
  await publish({});
  expect(await panel()).toBe(true);
  expect((await open()).status).toBe(303);
});
