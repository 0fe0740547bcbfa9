import { parseArgs } from 'node:util';
import { nameSourcesWhenEnding, withSourcePlaces } from '../lib/log/source-places.ts';
import { PlainError } from '../lib/plain-error.ts';
import { handBackFolders } from '../run-as.ts';
import { askedForLan, readTown, readTowns } from '../towns.ts';
import { type Call, COMMANDS, type Command } from './commands.ts';
import { noteDone } from './security.ts';

/** The operator's command. */
export async function main(): Promise<void> {
  nameSourcesWhenEnding();
  const [name = '', second = ''] = process.argv.slice(2);
  process.exitCode = await run(name, second);
}

async function run(first: string, next: string): Promise<number> {
  const command = COMMANDS[`${first} ${next}`] ?? COMMANDS[first];
  if (!command && first === 'help' && next === 'all') return print(describeAll());
  if (!command) return help(first);
  const words = `${first} ${next}` in COMMANDS ? 2 : 1;
  try {
    const { values, positionals } = parseArgs({
      args: process.argv.slice(2 + words),
      options: {
        ...command.options,
        town: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
    });
    if (values.help) return print(describe(command));
    const named = { ...process.env, ...(values.town && { TOWN: String(values.town) }) };
    const env = askedForLan(named, 'lan' in values && values.lan === true);
    const handBack = () => handBackFolders(() => readTowns(env), first === 'restore');
    const call = {
      // Read on demand: checking a town file doesn't need it, and the doctor reports on it.
      get config() {
        return readTown(env);
      },
      get towns() {
        return readTowns(env);
      },
      options: values as Call['options'],
      words: positionals,
    };
    const code = await command.run(call).finally(handBack);
    if (code === 0) noteDone(words === 2 ? `${first} ${next}` : first);
    return code;
  } catch (error) {
    return explain(error, command);
  }
}

function explain(error: unknown, command: Command): number {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code.startsWith('ERR_PARSE_ARGS')) {
    process.stderr.write(`${(error as Error).message}\n\n${describe(command)}`);
    return 2;
  }
  const text =
    error instanceof PlainError
      ? error.message
      : withSourcePlaces((error as Error).stack ?? String(error));
  process.stderr.write(`${text}\n`);
  return 1;
}

function describe({ usage, help }: Command): string {
  return `finestreta ${usage}\n\n${help}\n`;
}

/** Returns the help of every command, from which the manual page is made. */
function describeAll(): string {
  return Object.values(COMMANDS).map(describe).join('\n');
}

function help(asked: string): number {
  const all = Object.values(COMMANDS)
    .map((each) => `  ${each.usage}\n      ${each.help.split('\n')[0]}`)
    .join('\n');
  const text = `finestreta: the operator's command\n\n${all}\n\nEach has --help; help all shows them all. Where several towns are served, --town NAME says which one it is about. The environment is described in docs/operating.md.\n`;
  const isAsked = ['', 'help', '--help', '-h'].includes(asked);
  if (!isAsked) process.stderr.write(`There is no command "${asked}".\n\n`);
  return print(text, isAsked ? 0 : 2);
}

function print(text: string, code = 0): number {
  (code === 0 ? process.stdout : process.stderr).write(text);
  return code;
}
