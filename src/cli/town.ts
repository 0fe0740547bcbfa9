import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { checkTownWithAreas } from '../area-files.ts';
import { openContext } from '../context.ts';
import type { TownFile } from '../domain/office/schema.ts';
import type { Area } from '../domain/requests/areas.ts';
import {
  applyTown,
  decidedHere,
  exportAreas,
  exportForms,
  exportTown,
  planTown,
} from '../features/booking/administration/service.ts';
import type { TownPlan } from '../features/booking/administration/types.ts';
import { changeHost, hostsOf } from '../features/foundation/offices/service.ts';
import { besideTownFile } from '../form-files.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';
import { inShort, townForms } from './form.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

export async function checkFile(words: string[]): Promise<number> {
  const { town, areas } = await readTownFile(words);
  const offices = Object.keys(town.offices);
  print(
    `The file is right: ${town.town.name}, ${offices.length} ${offices.length === 1 ? 'office' : 'offices'} (${offices.join(', ')}).`,
  );
  const [file = ''] = words;
  for (const form of await townForms(file, town)) print(`The form is right: ${inShort(form)}.`);
  if (areas.length > 0) print(`The areas are right: ${areas.map(({ code }) => code).join(', ')}.`);
  return 0;
}

/** Returns the checked file, and its areas. @throws CommandError with every mistake */
async function readTownFile([file]: string[]): Promise<{ town: TownFile; areas: Area[] }> {
  if (!file) throw new CommandError('Which file? finestreta town check FILE');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file} can't be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  const { checked, areas, ...beside } = await checkTownWithAreas(file, text);
  const lines = (remarks: typeof checked.warnings) =>
    remarks.map(
      (each) =>
        `${file}:${each.line}:${each.column}  ${each.path ? `${each.path}: ` : ''}${each.message}`,
    );
  for (const line of lines(checked.warnings)) print(`Warning  ${line}`);
  for (const line of beside.warnings) print(`Warning  ${line}`);
  const mistakes = [...(checked.ok ? [] : lines(checked.mistakes)), ...beside.mistakes];
  if (checked.ok && mistakes.length === 0) return { town: checked.town, areas };
  throw new CommandError(
    `${mistakes.join('\n')}\n\n${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}; nothing was changed.`,
  );
}

export async function applyFile({ config, options, words }: Call): Promise<number> {
  const { town, areas } = await readTownFile(words);
  const [file = ''] = words;
  const forms = await townForms(file, town);
  const context = await openContext(config, { join: true });
  try {
    const { kysely } = context.database;
    const how = { takesRotas: options.rota === true, forms, areas };
    for (;;) {
      const now = context.clock.now();
      const { changes, mark } = demandOk(await planTown(kysely, town, now, how));
      const shown = changes.map((each) => each.words);
      for (const kept of await decidedHere(kysely, town, now, how)) print(`  (${kept})`);
      for (const words of shown) print(`  ${words}`);
      if (shown.length === 0 && !how.takesRotas) {
        print('Nothing to change.');
        return 0;
      }
      if (shown.length > 0 && !options.yes && !(await isAgreed(shown.length))) {
        print('Nothing was changed.');
        return 1;
      }
      const applied = await applyTown(kysely, town, context.clock.now(), {
        ...how,
        agreed: mark,
      });
      if (applied.ok || applied.reason !== 'changed') {
        demandOk(applied);
        print(shown.length > 0 ? 'Applied.' : 'Nothing to change.');
        return 0;
      }
      print('Somebody has changed something meanwhile, so nothing was applied. Now it would be:');
    }
  } finally {
    await context.close();
  }
}

export async function exportFile({ config, options, words: [file] }: Call): Promise<number> {
  const context = await openContext(config, { join: true });
  try {
    const { kysely } = context.database;
    const text = await exportTown(kysely);
    if (text === null)
      throw new CommandError('There is nothing to export: no town file was applied yet.');
    if (file === undefined) process.stdout.write(text);
    else {
      const beside = { forms: await exportForms(kysely), areas: await exportAreas(kysely) };
      await writeTown(file, text, beside, options.yes === true);
    }
    return 0;
  } finally {
    await context.close();
  }
}

/** Writes a town file, its forms into the folder that it names, and its areas into their file. Without `overwrites`, nothing is written where one of them is there. */
async function writeTown(
  file: string,
  text: string,
  {
    forms,
    areas,
  }: {
    forms: Awaited<ReturnType<typeof exportForms>>;
    areas: Awaited<ReturnType<typeof exportAreas>>;
  },
  overwrites: boolean,
): Promise<void> {
  const folder = forms && besideTownFile(file, forms.folder)[0];
  const files = [
    { path: file, text },
    ...(areas ? [{ path: besideTownFile(file, areas.file)[0], text: areas.text }] : []),
    ...(forms?.files ?? []).map((each) => ({
      path: join(folder ?? '', each.name),
      text: each.text,
    })),
  ];
  const there = overwrites ? undefined : files.find(({ path }) => existsSync(path));
  if (there) throw new CommandError(`${there.path} is there already: add --yes to write over it.`);
  let writing = folder ?? file;
  try {
    if (folder) await mkdir(folder, { recursive: true });
    for (const { path, text: content } of files) {
      writing = path;
      if (path !== file) await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content, { flag: overwrites ? 'w' : 'wx' });
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('E')) throw error;
    throw new CommandError(`${writing} can't be written (${code}).`);
  }
  const known = new Set(files.map(({ path }) => path));
  for (const name of folder ? await readdir(folder) : [])
    if (name.endsWith('.yaml') && !known.has(join(folder ?? '', name)))
      print(`${join(folder ?? '', name)} is not offered. Take it away, or applying publishes it.`);
}

/** Shows the town's address stored in the database; with --yes, replaces it with BASE_URL. */
export async function formatAddress({ config, options }: Call): Promise<number> {
  const context = await openContext(config, { join: true, ofAnyTown: true });
  try {
    const { kysely } = context.database;
    const { kept, said } = await hostsOf(kysely, config.baseUrl);
    print(
      kept ? `The database is that of ${kept}.` : 'Nobody has noted yet whose the database is.',
    );
    if (said === kept) return 0;
    if (said === null)
      throw new CommandError('BASE_URL is this machine, which is no town: set it.');
    if (!options.yes) {
      print(`BASE_URL says ${said}: with --yes it is that of ${said} from now on.`);
      return 1;
    }
    await changeHost(kysely, config.baseUrl);
    print(`From now on it is that of ${said}.`);
    return 0;
  } finally {
    await context.close();
  }
}

/** @throws CommandError with the appointments that prevent the plan */
function demandOk(plan: TownPlan): Extract<TownPlan, { ok: true }> {
  if (plan.ok) return plan;
  const lines = plan.stranded.map(
    (each) => `  ${each.reference}  ${each.at}  ${each.office}  ${each.why}`,
  );
  throw new CommandError(
    `These appointments would be left without anybody to attend them:\n${lines.join('\n')}\n\n` +
      'Refused: nothing was changed. Move or cancel them first.',
  );
}

async function isAgreed(count: number): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new CommandError('There is nobody to ask here: add --yes to apply these changes.');
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question(
    `Apply ${count === 1 ? 'this change' : `these ${count} changes`}? (yes/no) `,
  );
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}
