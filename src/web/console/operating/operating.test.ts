import { afterAll, beforeAll, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { ALBERT, type ConsoleWorld, consoleWorld, NURIA } from '../testing.ts';

const PAGE = '/staff/operation';
let world: ConsoleWorld;
let operator: string;
let administrator: string;

const get = (cookie: string, language = 'en') =>
  world.app.request(PAGE, { headers: { cookie: `${cookie}; staff_language=${language}` } });
const send = (cookie: string, sent: Record<string, string>) =>
  world.app.request(PAGE, {
    method: 'POST',
    headers: { cookie: `${cookie}; staff_language=en` },
    body: new URLSearchParams(sent),
  });

beforeAll(async () => {
  world = await consoleWorld();
  await within(world.database.kysely, INSTALLATION, (tx) =>
    tx.updateTable('staff').set({ operator: true }).where('email', '=', NURIA).execute(),
  );
  operator = await world.signIn(NURIA);
  administrator = await world.signIn(ALBERT);
  // A citizen with a name and addresses, and a notice that waits.
  await world.book('10:10');
});
afterAll(() => world?.close());

test.each(LANGUAGES)('the page is sound in %s', async (language) => {
  const page = await (await get(operator, language)).text();
  expect(await faultsOf(page)).toEqual([]);
  expect(page).not.toMatch(/undefined|operating\.\w+/);
});

test('it says how the installation runs, and nothing of a citizen', async () => {
  const page = await (await get(operator)).text();
  expect(page).toContain('Finestreta 0.1.0');
  expect(page).toContain('None has worked yet');
  expect(page).toContain('None yet');
  expect(page).toMatch(/This needs a look: Worker, (Mails to citizens, )?(and )?Last backup/);
  expect(page).toContain('Mails to citizens');
  expect(page).toContain('Certificate of the seal');
  const rows = await within(world.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('appointment').select(['name', 'email']).execute(),
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const { name, email } of rows) {
    expect(page).not.toContain(name);
    if (email) expect(page).not.toContain(email);
  }
});

test('only whoever runs the installation sees it, not even an administrator', async () => {
  expect((await get(administrator)).status).toBe(404);
  expect((await send(administrator, { channel: 'email', email: 'x@example.cat' })).status).toBe(
    404,
  );
});

test('a test message says what the server answered', async () => {
  const taken = await send(operator, { channel: 'email', email: 'it@vilaclara.example' });
  expect(taken.status).toBe(200);
  expect(await taken.text()).toContain('250 2.0.0 Ok: queued for it@vilaclara.example');
  const wrong = await send(operator, { channel: 'email', email: 'nobody' });
  expect(wrong.status).toBe(422);
  const page = await wrong.text();
  expect(page).toContain('Type an e-mail address');
  expect(page).toContain('value="nobody"');
  expect(await faultsOf(page)).toEqual([]);
  const none = await send(operator, { channel: 'sms', sms: '+34600123456' });
  expect(await none.text()).toContain('None is configured');
});

test('three SMS an hour, whatever is left for mails', async () => {
  const sms = { channel: 'sms', sms: '+34600123456' };
  const often = async () => (await (await send(operator, sms)).text()).includes('often enough');
  // One was tried before.
  expect([await often(), await often(), await often()]).toEqual([false, false, true]);
  const mail = await send(operator, { channel: 'email', email: 'it@vilaclara.example' });
  expect(mail.status).toBe(200);
});

test('it needs a second factor of the last minutes, and ends after ten in a row', async () => {
  const fresh = await world.signIn(NURIA);
  for (let nth = 0; nth < 12; nth++)
    await send(fresh, { channel: 'email', email: 'x@example.cat' });
  const last = await send(fresh, { channel: 'email', email: 'x@example.cat' });
  expect(await last.text()).toContain('often enough');
  await world.staff.transaction((client) =>
    client.query(`update session set "confirmedAt" = now() - interval '11 minutes'`),
  );
  const asked = await send(fresh, { channel: 'email', email: 'x@example.cat' });
  expect(await asked.text()).toContain('name="code"');
});
