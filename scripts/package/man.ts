import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Version } from './version.ts';

/** What the manual says beside the commands, whose words are those of `finestreta help`. */
const FILES = [
  ['/etc/finestreta/finestreta.env', 'the settings, which root and the service can read'],
  ['/etc/finestreta/town.yaml', 'the town file; the service starts only when it is there'],
  ['/etc/finestreta/towns', 'or a folder with a file for each of several towns'],
  ['/var/lib/finestreta', 'the database, documents and the root key; purging the package keeps it'],
  ['/usr/share/doc/finestreta/operating.md', 'the guide for who runs it'],
];

/** Returns what the built command says of all its commands: `finestreta help all`. */
export const helpOf = (root: string): string =>
  execFileSync(process.execPath, [join(root, 'dist', 'server', 'cli.js'), 'help', 'all'], {
    encoding: 'utf8',
  });

/** Returns the commands in that text, each with its usage and its help. */
export const commandsIn = (help: string): { usage: string; help: string }[] =>
  help
    .split(/(?:^|\n)(?=finestreta \S.*\n\n)/)
    .filter(Boolean)
    .map((part) => {
      const [usage = '', ...words] = part.split('\n\n');
      return { usage: usage.replace('finestreta ', ''), help: words.join('\n\n').trim() };
    });

/**
 * Returns the manual page of the command, in the macros of man(7).
 * @param help as `helpOf` returns it
 */
export function manualPage(help: string, { name, time }: Pick<Version, 'name' | 'time'>): string {
  const day = new Date(time * 1000).toISOString().slice(0, 10);
  return `${[
    `.TH FINESTRETA 1 ${day} "Finestreta ${escaped(name)}" "Finestreta"`,
    '.SH NAME',
    'finestreta \\- serves a town hall to its citizens, and administers that',
    '.SH SYNOPSIS',
    '.B finestreta',
    '.I command',
    '[\\fIoptions\\fR]',
    '.SH DESCRIPTION',
    'The service reads its settings from /etc/finestreta/finestreta.env, and so does this command. Variables of the environment win.',
    'Commands work beside the running service. Each has \\-\\-help.',
    '.SH COMMANDS',
    '.TP',
    '.B demo',
    'Serves the demo town on http://localhost:3000, without the settings. Its data is in ~/.local/state/finestreta\\-demo.',
    ...commandsIn(help).flatMap((each) => [
      '.TP',
      `.B ${escaped(each.usage)}`,
      escaped(each.help.replaceAll('\n', ' ')),
    ]),
    '.SH FILES',
    ...FILES.flatMap(([path = '', what = '']) => ['.TP', `.I ${escaped(path)}`, escaped(what)]),
    '.SH EXIT STATUS',
    '0: done. 1: it failed, and the message says why. 2: it was called wrongly. 77: the settings can\\(aqt be read.',
    '.SH SEE ALSO',
    '.BR systemctl (1),',
    '.BR age (1)',
  ].join('\n')}\n`;
}

/** Returns a line of text as roff needs it: nothing in it is a request, an escape or a hyphen that a program would break at. */
const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('’', '\\(cq')
    .replaceAll('…', '\\[u2026]')
    .replace(/^\./, '\\&.');
