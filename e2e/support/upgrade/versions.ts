import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../processes.ts';

/**
 * Makes a version of the built program in a folder: the same code, with another number and further migrations.
 * @param migrations texts of SQL by name, such as `9001_more`
 * @returns its folder
 */
export function makeVersion(
  folder: string,
  version: string,
  migrations: Readonly<Record<string, string>> = {},
): string {
  const program = join(folder, version);
  mkdirSync(join(program, 'dist'), { recursive: true });
  for (const each of ['node_modules', 'towns', 'publiccode.yml', 'package-lock.json'])
    symlinkSync(join(ROOT, each), join(program, each));
  for (const each of readdirSync(join(ROOT, 'dist')).filter((name) => name !== 'server'))
    symlinkSync(join(ROOT, 'dist', each), join(program, 'dist', each));
  // Not a link: a program looks for its migrations around its own file.
  cpSync(join(ROOT, 'dist', 'server'), join(program, 'dist', 'server'), { recursive: true });
  cpSync(join(ROOT, 'migrations'), join(program, 'migrations'), { recursive: true });
  const facts = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  writeFileSync(join(program, 'package.json'), JSON.stringify({ ...facts, version }));
  for (const [name, text] of Object.entries(migrations))
    writeFileSync(join(program, 'migrations', `${name}.sql`), text);
  return program;
}
