import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { differenceOf } from '../domain/form/difference.ts';
import type { Form } from '../domain/form/schema.ts';
import { versionOf } from '../domain/form/version.ts';
import { checkFormFile } from '../formats/form/check.ts';
import { differenceLines } from '../formats/form/writing/difference.ts';
import { formPreview } from '../formats/form/writing/preview.tsx';
import type { Remark } from '../formats/town-file/reading/source.ts';
import { isLanguage, LANGUAGES, type Language } from '../lib/i18n/languages.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Checks the files of forms; the exit code is 1 when one has a mistake. */
export async function checkForms({ words, options }: Call): Promise<number> {
  if (words.length === 0) throw new CommandError('Which file? finestreta form check FILE');
  const languages = languagesIn(options['languages']);
  for (const form of await checkAll(words, languages))
    print(`The form is right: ${inShort(form)}.`);
  return 0;
}

/** Writes a page that shows a form to people who read no code. */
export async function previewForm({ words: [file, to], options }: Call): Promise<number> {
  if (!file) throw new CommandError('Which file? finestreta form preview FILE [PAGE]');
  const form = await readForm(file);
  const page = formPreview(form, languageOf(form, options['language']));
  if (to === undefined) {
    process.stdout.write(page);
    return 0;
  }
  try {
    await writeFile(to, page, { flag: options['yes'] ? 'w' : 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new CommandError(`${to} is there already: add --yes to write over it.`);
    throw new CommandError(`${to} can't be written (${code}).`);
  }
  return 0;
}

/** Says what differs between two files of a form. */
export async function compareForms({ words: [first, second], options }: Call): Promise<number> {
  if (!first || !second) throw new CommandError('Which files? finestreta form diff BEFORE AFTER');
  const before = await readForm(first);
  const after = await readForm(second);
  const differences = differenceOf(before, after);
  const language = languageOf(after, options['language']);
  for (const line of differenceLines(differences, before, after, language)) print(line);
  if (differences.length === 0) print('They are the same form.');
  return 0;
}

/**
 * Checks the forms in the folder of a town file. The folder is looked for beside the file, then from here. @throws CommandError with every
 * mistake
 */
export async function checkFolder(
  townFile: string,
  folder: string,
  languages: readonly Language[],
): Promise<Form[]> {
  const { path, names } = await formsIn(townFile, folder);
  return checkAll(
    names.map((each) => join(path, each)),
    languages,
  );
}

/** Returns the checked forms, and prints their warnings. @throws CommandError with every mistake of all files */
async function checkAll(
  files: readonly string[],
  languages?: readonly Language[],
): Promise<Form[]> {
  const forms: Form[] = [];
  const mistakes: string[] = [];
  for (const file of files) {
    const { form, warnings, mistakes: wrong } = await checkFile(file, languages);
    for (const line of warnings) print(`Warning  ${line}`);
    if (form) forms.push(form);
    mistakes.push(...wrong);
  }
  if (mistakes.length === 0) return forms;
  const count = `${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}`;
  throw new CommandError(`${mistakes.join('\n')}\n\n${count}.`);
}

async function formsIn(
  townFile: string,
  folder: string,
): Promise<{ path: string; names: string[] }> {
  for (const path of [resolve(dirname(townFile), folder), resolve(folder)]) {
    try {
      const names = await readdir(path);
      return { path, names: names.filter((each) => each.endsWith('.yaml')).sort() };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') throw new CommandError(`${path} can't be read (${code}).`);
    }
  }
  throw new CommandError(`There is no folder ${folder} beside ${townFile} ("forms").`);
}

/** Returns the form of a file, without its warnings. @throws CommandError with every mistake */
async function readForm(file: string): Promise<Form> {
  const { form, mistakes } = await checkFile(file);
  if (form) return form;
  throw new CommandError(
    `${mistakes.join('\n')}\n\nCorrect it first: finestreta form check ${file}`,
  );
}

/** Returns the form of a file, with its mistakes and warnings as lines. @throws CommandError when it can't be read */
async function checkFile(
  file: string,
  languages?: readonly Language[],
): Promise<{ form: Form | null; mistakes: string[]; warnings: string[] }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file} can't be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  const checked = checkFormFile(text, languages);
  const lines = (remarks: readonly Remark[]) =>
    remarks.map(
      ({ line, column, path, message }) =>
        `${file}:${line}:${column}  ${path ? `${path}: ` : ''}${message}`,
    );
  const warnings = lines(checked.warnings);
  if (!checked.ok) return { form: null, mistakes: lines(checked.mistakes), warnings };
  const { form } = checked;
  if (basename(file) !== `${form.procedure}.yaml`)
    warnings.push(`${file}: the file must be called ${form.procedure}.yaml, as its procedure.`);
  return { form, mistakes: [], warnings };
}

/** Returns a form in a few words: its procedure, size and version. */
export function inShort(form: Form): string {
  const questions = form.steps.flatMap((each) => each.questions).length;
  const count = (amount: number, what: string) => `${amount} ${what}${amount === 1 ? '' : 's'}`;
  const version = versionOf(form).sha256.slice(0, 12);
  return `${form.procedure}, ${count(form.steps.length, 'step')}, ${count(questions, 'question')}, version ${version}`;
}

function languagesIn(option: unknown): Language[] | undefined {
  if (typeof option !== 'string') return undefined;
  return option.split(',').map((each) => checkedLanguage(each.trim()));
}

/** Returns the language of a page about a form: the one that was asked for, or the first in which its title is written. */
function languageOf({ title }: Form, option: unknown): Language {
  if (typeof option === 'string') return checkedLanguage(option);
  return LANGUAGES.find((each) => title?.[each]) ?? LANGUAGES[0];
}

function checkedLanguage(word: string): Language {
  if (isLanguage(word)) return word;
  throw new CommandError(`There is no language "${word}". There are: ${LANGUAGES.join(', ')}.`);
}
