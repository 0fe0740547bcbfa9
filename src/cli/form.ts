import { writeFile } from 'node:fs/promises';
import { differenceOf } from '../domain/form/difference.ts';
import type { Form } from '../domain/form/schema.ts';
import { versionOf } from '../domain/form/version.ts';
import type { TownFile } from '../domain/office/schema.ts';
import { type FormFiles, readFormFiles, readTownForms } from '../form-files.ts';
import { differenceLines } from '../formats/form/writing/difference.ts';
import { formPreview } from '../formats/form/writing/preview.tsx';
import { isLanguage, LANGUAGES, type Language } from '../lib/i18n/languages.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Checks the files of forms; the exit code is 1 when one has a mistake. */
export async function checkForms({ words, options }: Call): Promise<number> {
  if (words.length === 0) throw new CommandError('Which file? finestreta form check FILE');
  const languages = languagesIn(options['languages']);
  for (const form of demandRight(await readFormFiles(words, { languages })))
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

/** Returns the checked forms of a town file's folder, and prints their warnings. @throws CommandError with every mistake */
export async function townForms(townFile: string, town: TownFile): Promise<Form[]> {
  return demandRight(await readTownForms(townFile, town));
}

function demandRight({ forms, mistakes, warnings }: FormFiles): Form[] {
  for (const line of warnings) print(`Warning  ${line}`);
  if (mistakes.length === 0) return forms;
  const count = `${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}`;
  throw new CommandError(`${mistakes.join('\n')}\n\n${count}.`);
}

/** Returns the form of a file, without its warnings. @throws CommandError with every mistake */
async function readForm(file: string): Promise<Form> {
  const {
    forms: [form],
    mistakes,
  } = await readFormFiles([file]);
  if (form) return form;
  throw new CommandError(
    `${mistakes.join('\n')}\n\nCorrect it first: finestreta form check ${file}`,
  );
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
