import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCOPES } from '../../../domain/scopes.ts';
import { testUnit } from '../../../features/foundation/audit/testing.ts';
import { createTokens } from '../../../features/foundation/tokens/service.ts';
import { makeToken } from '../../../features/foundation/tokens/testing.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { adminWorld } from '../testing.ts';
import { SCOPE_TEXTS } from './list.tsx';

const say = translateTo('ca');
let admin: Awaited<ReturnType<typeof adminWorld>>;

beforeAll(async () => {
  admin = await adminWorld();
});
afterAll(() => admin.world.close());

const listed = () =>
  within(admin.world.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('token').selectAll().orderBy('id').execute(),
  );
const formWith = (fields: Record<string, string>, scopes: readonly string[]) => {
  const form = new URLSearchParams(fields);
  for (const each of scopes) form.append('scopes', each);
  return form;
};

test('asks for scopes, a last day and addresses, with a year as the usual end', async () => {
  const html = await admin.page('/tokens');
  for (const scope of SCOPES) expect(html).toContain(say(SCOPE_TEXTS[scope]));
  expect(html).toContain('value="2027-11-30"');
  expect(html).not.toMatch(/type="checkbox"[^>]*checked/);
});

test('gives a token the chosen values, and shows it in the list', async () => {
  const form = formWith(
    { name: 'Quiosc', lastDay: '2027-06-30', networks: '203.0.113.7, 2001:db8::/32' },
    ['slots:read', 'appointments:write'],
  );
  const { status, html } = await admin.send('/tokens', form);
  expect(status).toBe(200);
  expect(html).toMatch(/fin_[\w-]{32}/);
  const token = (await listed()).at(-1);
  expect(token).toMatchObject({
    ...{ name: 'Quiosc', scopes: ['slots:read', 'appointments:write'] },
    networks: ['203.0.113.7', '2001:db8::/32'],
  });
  expect(token?.expires_at.toString()).toBe('2027-06-30T22:00:00Z');
  expect(html).toContain(`${say('admin.tokens.scope.slots')} · ${say('admin.tokens.scope.write')}`);
  expect(html).toContain(say('admin.tokens.onlyFrom', { networks: '203.0.113.7, 2001:db8::/32' }));
  expect(html).toContain('30/6/2027');
});

test('keeps the typed values when something is wrong, and creates nothing', async () => {
  const before = await listed();
  const form = formWith({ name: 'Quiosc', lastDay: '2031-01-01', networks: 'a la vora' }, [
    'appointments:read',
  ]);
  const { status, html } = await admin.send('/tokens', form);
  expect(status).toBe(422);
  expect(html).toContain('value="Quiosc"');
  expect(html).toContain('value="2031-01-01"');
  expect(html).toContain('value="a la vora"');
  expect(html).toMatch(
    /value="appointments:read"[^>]*checked|checked[^>]*value="appointments:read"/,
  );
  expect(html).toContain(say('admin.tokens.wrong.far', { days: 730 }));
  expect(html).toContain(say('admin.tokens.wrong.network', { text: 'a' }));
  const none = await admin.send('/tokens', formWith({ name: 'Quiosc', lastDay: '' }, []));
  expect(none.html).toContain(say('admin.tokens.wrong.scopes'));
  expect(none.html).toContain(say('admin.slip.empty'));
  expect(await listed()).toEqual(before);
});

test('marks tokens that end soon or have expired; an expired one can’t be ended', async () => {
  const { world } = admin;
  const oac = (await world.offices.find('oac'))!;
  const { kysely: db, pool } = world.database;
  const key = installationKey(Buffer.alloc(32, 1));
  const tokens = createTokens({
    db,
    pool,
    clock: world.clock,
    key,
    unit: testUnit(db, world.clock),
  });
  await makeToken(tokens, oac, { name: 'Ben aviat', lastDay: '2026-12-15' });
  const { id } = await makeToken(tokens, oac, { name: 'Antic' });
  await within(world.database.kysely, INSTALLATION, (tx) =>
    tx
      .updateTable('token')
      .set({ expires_at: '2026-11-29T00:00:00Z' })
      .where('id', '=', id)
      .execute(),
  );
  const html = await admin.page('/tokens');
  expect(html).toContain(say('admin.tokens.endingSoon', { days: 30, names: 'Ben aviat' }));
  expect(html).toContain(say('admin.tokens.ending'));
  expect(html).toContain(say('admin.tokens.expired'));
  expect(html).not.toContain(`/tokens/${id}/end`);
  expect((await admin.ask(`/tokens/${id}/end`)).status).toBe(404);
});
