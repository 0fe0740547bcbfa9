import { afterAll, beforeAll, expect, test } from 'vitest';
import { stopToken } from '../../features/foundation/notices/links.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { installationKey } from '../../lib/secrets.ts';
import { bookThrough, MARIA, type TestTown, TIMES, testTown } from './testing.ts';

let town: TestTown;
let manage: string;
let secret: string;
beforeAll(async () => {
  town = await testTown();
  const times = TIMES.replace('/ca/', '/es/');
  ({ manage } = await bookThrough(town, MARIA, { times, nth: -1 }));
  secret = manage.split('/').at(-1) ?? '';
});
afterAll(() => town.close());

const count = () =>
  within(town.database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('event')
      .select((eb) => eb.fn.countAll().as('n'))
      .executeTakeFirst(),
  );

test('the secret of a link has 22 letters and digits', () => {
  expect(secret).toMatch(/^[A-Za-z0-9]{22}$/);
});

test.each(['', '/contact', '/documents', '/survey'])(
  'a short link leads to %j of the same secret, in the language of the notices, and is kept nowhere',
  async (page) => {
    const before = await count();
    const answer = await town.get(`/s/${secret}${page}`, { 'Accept-Language': 'eu' });
    expect([answer.status, answer.path]).toEqual([303, `/es/appointment/${secret}${page}`]);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(await count()).toEqual(before);
  },
);

test('other pages, other secrets and other kinds have no short link', async () => {
  for (const path of [
    `/s/${secret}/cancel`,
    `/s/${'x'.repeat(22)}`,
    `/w/${secret}`,
    `/n/${secret}`,
  ])
    expect([path, (await town.get(path)).status]).toEqual([path, 404]);
});

test('the wait list has its own, with its own secret', async () => {
  const waiting = await town.submit(`${manage}/earlier`, { part: 'any' });
  const its = waiting.path.split('/').at(-1) ?? '';
  expect(its).toMatch(/^[A-Za-z0-9]{22}$/);
  expect((await town.get(`/w/${its}`)).path).toBe(`/es/waiting/${its}`);
  expect((await town.get(`/s/${its}`)).status).toBe(404);
});

test('an address that was corrected ends the short link with the long one', async () => {
  await town.submit(`${manage}/contact`, { ...MARIA, email: 'maria.puig@example.cat' });
  expect((await town.get(`/s/${secret}`)).status).toBe(404);
  expect((await town.get(manage)).status).toBe(404);
  const rows = await within(town.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('notice').select(['id', 'kind', 'recipient']).execute(),
  );
  const told = rows.find((each) => each.kind === 'contact' && each.recipient === MARIA.email);
  const token = stopToken(installationKey(Buffer.alloc(32, 7)), told?.id ?? '');
  expect((await town.get(`/n/${token}`)).path).toBe(`/es/notices/${token}/not-me`);
});

test('a corrected mobile without an e-mail address does so too; one beside an address leaves the link', async () => {
  const change = async (details: Partial<typeof MARIA>, mended: Partial<typeof MARIA>) => {
    const booked = await bookThrough(town, { ...MARIA, ...details });
    const form = { ...MARIA, ...details, ...mended };
    const changed = await town.submit(`${booked.manage}/contact`, form);
    const old = booked.manage.split('/').at(-1) ?? '';
    return [(await town.get(`/s/${old}`)).status, changed.status];
  };
  const alone = { email: '', phone: '612 000 001' };
  expect(await change(alone, { phone: '612 000 002' })).toEqual([404, 200]);
  expect(await change({ email: '', phone: '612 000 003' }, { email: 'new@example.cat' })).toEqual([
    303, 200,
  ]);
  const both = { email: 'other@example.cat', phone: '612 000 004' };
  expect(await change(both, { phone: '612 000 005' })).toEqual([303, 200]);
});
