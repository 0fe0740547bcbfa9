import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Config, readConfig } from '../config.ts';
import { openContext } from '../context.ts';
import { SCOPES } from '../domain/scopes.ts';
import { testOffice } from '../features/foundation/offices/testing.ts';
import { COMMANDS } from './commands.ts';
import { createToken, listTokens } from './token.ts';

let place: string;
let config: Config;
/** Stays open, so that the commands join its database instead of starting one each. */
let context: Awaited<ReturnType<typeof openContext>>;
let said = '';

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'finestreta-token-'));
  chmodSync(place, 0o755);
  const env = { DATA_DIR: join(place, 'data'), CLOCK: '2026-11-30T08:00:00+01:00', DEMO: '1' };
  config = readConfig({ ...env, LOG_LEVEL: 'silent' });
  context = await openContext(config);
  await testOffice(context.database.kysely, { code: 'oac' });
});
afterAll(async () => {
  await context.close();
  rmSync(place, { recursive: true });
});
beforeEach(() => {
  said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const call = (options: Record<string, string>) => ({
  ...{ config, words: [] },
  options: { office: 'oac', ...options },
});

test('makes a token from the options, and the list shows it', async () => {
  const options = {
    ...{ name: 'CRM', scopes: 'slots:read,appointments:write' },
    ...{ expires: '2026-12-15', from: '203.0.113.0/24, 2001:db8::/32' },
  };
  expect(await createToken(call(options))).toBe(0);
  expect(said).toMatch(/^fin_[\w-]{32}\n$/);
  said = '';
  expect(await listTokens(call({}))).toBe(0);
  expect(said).toContain('never used');
  expect(said).toContain('CRM  (ends soon)');
  expect(said).toContain(
    'until 2026-12-15: slots:read appointments:write, from 203.0.113.0/24 2001:db8::/32',
  );
});

test.each([
  [{ name: 'CRM' }, 'What may it do?'],
  [{ scopes: 'slots:read' }, 'What is it called?'],
  [{ name: 'CRM', scopes: '*' }, '--scopes: there is no scope *'],
  [{ name: 'CRM', scopes: 'slots:read', expires: '2028-12-01' }, 'at most 730 days'],
  [{ name: 'CRM', scopes: 'slots:read', expires: '2026-11-29' }, 'this day is over'],
  [{ name: 'CRM', scopes: 'slots:read', expires: 'never' }, 'write a day as 2027-06-30'],
  [{ name: 'CRM', scopes: 'slots:read', from: 'home' }, 'home is neither an IP address nor'],
])('with the options %j makes none', async (options, words) => {
  await expect(createToken(call(options))).rejects.toThrow(words);
  expect(said).toBe('');
});

test('the help names every scope and every option', () => {
  const command = COMMANDS['token create'];
  for (const scope of SCOPES) expect(command?.help).toContain(scope);
  for (const option of Object.keys(command?.options ?? {}))
    expect(command?.usage).toContain(`--${option}`);
});
