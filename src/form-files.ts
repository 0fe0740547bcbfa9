import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Form } from './domain/form/schema.ts';
import type { TownFile } from './domain/office/schema.ts';
import { checkFormFile } from './formats/form/check.ts';
import type { Remark } from './formats/town-file/reading/source.ts';
import type { Language } from './lib/i18n/languages.ts';

/** What was found in files of forms: the right ones, and lines for the operator. */
export interface FormFiles {
  forms: Form[];
  mistakes: string[];
  warnings: string[];
}

/**
 * Reads the forms in the folder that a town file names, and compares them with it. The folder is looked for beside the file, then from here. A
 * town file that names no folder has no forms.
 */
export async function readTownForms(townFile: string, town: TownFile): Promise<FormFiles> {
  const { forms: folder, languages } = town.town;
  if (folder === undefined) return { forms: [], mistakes: [], warnings: [] };
  for (const path of besideTownFile(townFile, folder)) {
    const names = await readdir(path).catch((error: NodeJS.ErrnoException) => error);
    if (Array.isArray(names)) {
      const files = names.filter((each) => each.endsWith('.yaml')).sort();
      const found = await readFormFiles(
        files.map((each) => join(path, each)),
        { languages, town },
      );
      return { ...found, warnings: [...found.warnings, ...withoutBank(found.forms, town)] };
    }
    if (names.code !== 'ENOENT')
      return { forms: [], mistakes: [`${path} can't be read (${names.code}).`], warnings: [] };
  }
  const mistakes = [`There is no folder ${folder} beside ${townFile} ("forms").`];
  return { forms: [], mistakes, warnings: [] };
}

/** Returns a warning for each form with a fee in a town where nothing can be paid: outside a demonstration it is not offered on-line. */
const withoutBank = (forms: readonly Form[], { town }: TownFile): string[] =>
  town.payment === undefined
    ? forms
        .filter(({ fee }) => fee !== undefined)
        .map(
          ({ procedure }) =>
            `${procedure}: the form has a fee, and the town has no "payment". Outside a demonstration it can't be finished on-line.`,
        )
    : [];

/** Returns where a file or folder that a town file names may be: beside that file, and from here. */
export const besideTownFile = (townFile: string, named: string): [string, string] => [
  resolve(dirname(townFile), named),
  resolve(named),
];

/** Reads files of forms. `town`: the files are those of its folder. */
export async function readFormFiles(
  files: readonly string[],
  { languages, town }: { languages?: readonly Language[] | undefined; town?: TownFile } = {},
): Promise<FormFiles> {
  const found: FormFiles = { forms: [], mistakes: [], warnings: [] };
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => error);
    if (typeof text !== 'string') {
      found.mistakes.push(`${file} can't be read (${text.code}).`);
      continue;
    }
    const checked = checkFormFile(text, languages, town);
    found.warnings.push(...linesOf(file, checked.warnings));
    if (!checked.ok) {
      found.mistakes.push(...linesOf(file, checked.mistakes));
      continue;
    }
    const { form } = checked;
    // In a town's folder the name decides: two files can't be of one procedure.
    if (basename(file) !== `${form.procedure}.yaml`)
      found[town ? 'mistakes' : 'warnings'].push(
        `${file}: the file must be called ${form.procedure}.yaml, as its procedure.`,
      );
    found.forms.push(form);
  }
  return found;
}

/** Returns remarks on a file as lines, each with its place. */
export const linesOf = (file: string, remarks: readonly Remark[]): string[] =>
  remarks.map(
    ({ line, column, path, message }) =>
      `${file}:${line}:${column}  ${path ? `${path}: ` : ''}${message}`,
  );
