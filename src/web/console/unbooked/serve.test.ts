import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { type ConsoleWorld, consoleWorld, MARTA } from '../testing.ts';

/* Somebody who comes or calls without an appointment: docs/adr/0115. */

let world: ConsoleWorld;
let office: Office;
let marta: string;
let keys = 0;

beforeAll(async () => {
  world = await consoleWorld();
  office = (await world.offices.find('oac'))!;
  const steps = [{ id: 'qui', questions: [{ id: 'nom', type: 'text', label: { ca: 'Nom' } }] }];
  const form = formSchema.parse({ procedure: 'volant-padro', steps });
  await world.forms.publish({ kind: 'system', why: 'operator' }, office, form);
  marta = await world.signIn(MARTA);
});
afterAll(() => world.close());
beforeEach(() => {
  keys++;
});

const AT = '/console/oac/serve';
const key = () => `key-of-test-${keys}`;
const person = (more: Record<string, string> = {}) => ({
  ...{ key: key(), procedure: 'volant-padro', channel: 'in_person.centre', language: 'ca' },
  ...{ name: 'Rosa Soler', phone: '', email: '', action: 'form' },
  ...more,
});

const send = (fields: Record<string, string>, cookie = marta) =>
  world.app.request(AT, {
    method: 'POST',
    headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
const html = async (path: string, cookie = marta) =>
  (await world.app.request(path, { headers: { cookie } })).text();
const rows = () =>
  within(world.database.kysely, office.id, (tx) =>
    tx
      .selectFrom('appointment')
      .select(['id', 'name', 'status', 'time_id', 'channel', 'site', 'phone', 'starts', 'ends'])
      .orderBy('created_at')
      .execute(),
  );
const notices = (appointment: string) =>
  within(world.database.kysely, office.id, (tx) =>
    tx
      .selectFrom('notice')
      .select(['kind', 'recipient'])
      .where('appointment_id', '=', appointment)
      .execute(),
  );

test('one page opens the form of somebody who came without an appointment', async () => {
  const page = await html(AT);
  expect(page).toContain('name="procedure"');
  expect(page.indexOf('in_person.centre')).toBeGreaterThan(0);
  const answer = await send(person());
  expect(answer.status).toBe(303);
  const form = answer.headers.get('Location') ?? '';
  expect(form).toMatch(/^\/console\/oac\/form\/[\w-]+$/);
  expect((await world.app.request(form, { headers: { cookie: marta } })).status).toBe(200);
  const last = (await rows()).at(-1)!;
  expect(last).toMatchObject({
    ...{ name: 'Rosa Soler', status: 'in_progress', channel: 'in_person', site: 'centre' },
    phone: null,
  });
  expect(last.time_id).not.toBeNull();
  expect(await notices(last.id)).toEqual([]);
});

test('a form that is sent twice serves once, and goes on with its form', async () => {
  const before = (await rows()).length;
  const first = await send(person({ phone: '612 345 678', channel: 'phone' }));
  world.clock.advance({ minutes: 2 });
  const again = await send(person({ phone: '612 345 678', channel: 'phone' }));
  expect(again.headers.get('Location')).toBe(first.headers.get('Location'));
  expect(await rows()).toHaveLength(before + 1);
  const other = await send(person({ name: 'Pau Vidal' }));
  expect(other.status).toBe(409);
  expect(await rows()).toHaveLength(before + 1);
});

test('sent again with another telephone it serves nobody anew, and says what stands', async () => {
  const first = await send(person({ phone: '612 345 678', channel: 'phone' }));
  const form = first.headers.get('Location');
  const before = await rows();
  const again = await send(person({ phone: '699 999 999', channel: 'phone' }));
  expect(again.status).toBe(409);
  const page = await again.text();
  expect(page).toContain('+34612345678');
  expect(page).toContain(`href="/console/oac/appointment/${before.at(-1)!.id}"`);
  expect(page).toContain('value="699 999 999"');
  expect(await rows()).toHaveLength(before.length);
  const key = /name="key" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const other = await send(person({ key, phone: '699 999 999', channel: 'phone' }));
  expect(other.status).toBe(303);
  expect(other.headers.get('Location')).not.toBe(form);
  expect((await rows()).at(-1)?.phone).toBe('+34699999999');
});

test('whoever leaves a telephone gets the link, and no confirmation of an hour', async () => {
  await send(person({ phone: '612 345 678', channel: 'phone' }));
  const { id } = (await rows()).at(-1)!;
  expect(await notices(id)).toEqual([{ kind: 'link', recipient: '+34612345678' }]);
});

test('a desk whose time is another’s serves all the same, and takes no time of it', async () => {
  const cookie = marta;
  await send(person());
  const answer = await send(person({ key: `${key()}-2`, name: 'Pau Vidal' }), cookie);
  expect(answer.status).toBe(303);
  expect((await rows()).at(-1)).toMatchObject({ name: 'Pau Vidal', time_id: null });
  expect(await html(AT)).toContain('#forms');
});

test('says what is missing, keeps what was typed, and serves nobody', async () => {
  const before = (await rows()).length;
  const answer = await send(person({ procedure: '', name: '', phone: '12' }));
  expect(answer.status).toBe(422);
  const page = await answer.text();
  for (const field of ['procedure', 'name', 'phone']) expect(page).toContain(`href="#${field}"`);
  expect(page).toContain('value="12"');
  const none = await send(person({ procedure: 'multes' }));
  expect(none.status).toBe(422);
  expect(await rows()).toHaveLength(before);
});

test('without a form only the encounter is begun', async () => {
  const answer = await send(person({ procedure: 'cens-electoral', action: 'without' }));
  expect(answer.headers.get('Location')).toMatch(/\/appointment\//);
  const refused = await send(person({ key: `${key()}-3`, procedure: 'cens-electoral' }));
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain('name="action" value="without"');
});
