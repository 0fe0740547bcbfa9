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
  await import('./main.ts');
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
