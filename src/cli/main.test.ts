import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { COMMANDS } from './commands.ts';

let said = '';
const before = process.argv;

beforeEach(() => {
  said = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said += text;
      return true;
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.argv = before;
  process.exitCode = undefined;
});

/** Runs the command as a shell would; returns its exit code. */
async function finestreta(...words: string[]): Promise<unknown> {
  process.argv = ['node', 'finestreta', ...words];
  vi.resetModules();
  const { main } = await import('./main.ts');
  await main();
  return process.exitCode;
}

test.each(Object.entries(COMMANDS))('%s --help shows its usage', async (name, command) => {
  expect(await finestreta(...name.split(' '), '--help')).toBe(0);
  expect(said).toBe(`finestreta ${command.usage}\n\n${command.help}\n`);
});

test('without a command the list of commands is shown', async () => {
  expect(await finestreta()).toBe(0);
  for (const { usage } of Object.values(COMMANDS)) expect(said).toContain(usage);
});

test('help all shows the help of every command', async () => {
  expect(await finestreta('help', 'all')).toBe(0);
  for (const { usage, help } of Object.values(COMMANDS))
    expect(said).toContain(`finestreta ${usage}\n\n${help}\n`);
});

test('an unknown command is reported, and ends with 2', async () => {
  expect(await finestreta('bakup')).toBe(2);
  expect(said).toContain('There is no command "bakup"');
  said = '';
  expect(await finestreta('doctor', '--quick')).toBe(2);
  expect(said).toContain("'--quick'");
});

test('the doctor reports a mistake in the environment instead of failing on it', async () => {
  vi.stubEnv('PORT', 'many');
  expect(await finestreta('doctor')).toBe(1);
  expect(said).toMatch(/WRONG {2}PORT must be/);
});

test('the doctor makes one report over several towns, unless one is asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'finestreta-towns-'));
  for (const name of ['mont', 'vall'])
    writeFileSync(join(folder, `${name}.env`), `BASE_URL=http://${name}.localhost:1\n`);
  vi.stubEnv('TOWNS', folder);
  vi.stubEnv('DATA_DIR', join(folder, 'data'));
  await finestreta('doctor');
  expect(said).toContain('2 towns were looked at; in 0 of them everything is right.');
  expect(said).toMatch(/look {3}All towns: TRUSTED_PROXIES is 0/);
  expect(said).toMatch(/look {3}vall: There is no database in .*data\/vall yet/);
  said = '';
  await finestreta('doctor', '--town', 'vall');
  expect(said).toMatch(/look {3}There is no database in .*data\/vall yet/);
  expect(said).not.toContain('mont');
  rmSync(folder, { recursive: true });
});
