import { createReadStream, existsSync } from 'node:fs';
import { type Context, openContext } from '../context.ts';
import { GOOD_FOR_DAYS } from '../domain/residence/certify.ts';
import type { Resident } from '../domain/residence/resident.ts';
import type { Imported, ResidentList } from '../features/foundation/residents/types.ts';
import {
  COLUMNS,
  NEEDED,
  type ResidentsMistake,
  readResidents,
} from '../formats/residents/read.ts';
import { isAge, openedBy, readIdentities } from '../lib/backup/age.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** How many mistakes of a file are printed. */
const SHOWN = 20;

/** Puts the residents of a file in the place of those that are here. */
export function importResidents({ config, options, words }: Call): Promise<number> {
  const path = words[0];
  if (!path) throw new CommandError('Which file? finestreta residents import FILE --as-of DAY');
  if (!existsSync(path)) throw new CommandError(`There is no file ${path}.`);
  const asOf = dayOf(options['as-of']);
  const identities = typeof options.identity === 'string' ? readIdentities(options.identity) : [];
  return onTown(config, async ({ residents }) => {
    const count = { badDocuments: 0 };
    const read = () => residentsIn(path, identities, count);
    const result = await residents.bring(read, { asOf, anyway: options.yes === true });
    if (!result.ok) throw new CommandError(refusalOf(result));
    const { people, findable } = result.list;
    print(`${people} people, as of ${asOf}. ${findable} have a document, by which they are found.`);
    if (count.badDocuments > 0) {
      print(
        `${count.badDocuments} have a document that can't be right (its letter, or its form): these people are not found by it.`,
      );
    }
    return 0;
  });
}

/** Prints of which day the list is, and how many people are in it. */
export function residentsStatus({ config }: Call): Promise<number> {
  return onTown(config, async ({ residents, clock }) => {
    const list = await residents.list();
    print(list ? statusOf(list, clock.now()) : 'There is no list of residents.');
    return 0;
  });
}

/** Deletes the list. */
export function removeResidents({ config, options }: Call): Promise<number> {
  if (options.yes !== true)
    throw new CommandError(
      'No certificate is issued at once then. If that is what you want, add --yes.',
    );
  return onTown(config, async ({ residents }) => {
    print((await residents.remove()) ? 'Removed.' : 'There was no list of residents.');
    return 0;
  });
}

function statusOf({ asOf, importedAt, people, findable }: ResidentList, now: Temporal.Instant) {
  const brought = importedAt.toString().slice(0, 16).replace('T', ' ');
  const last = asOf.add({ days: GOOD_FOR_DAYS });
  const today = now.toZonedDateTimeISO('UTC').toPlainDate();
  const until =
    Temporal.PlainDate.compare(today, last) > 0
      ? `It is too old: no certificate is issued from it since ${last}.`
      : `Certificates are issued from it until ${last}.`;
  return `${people} people as of ${asOf}, ${findable} of them with a document. Brought here ${brought} UTC.\n${until}`;
}

/** @throws CommandError when it is missing, or no day */
function dayOf(given: unknown): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(String(given ?? ''), { overflow: 'reject' });
  } catch {
    throw new CommandError('Of which day is the register in it? --as-of 2026-11-30');
  }
}

/** Reads the people of a file. @throws CommandError with the mistakes of the file, when it has any */
async function* residentsIn(
  path: string,
  identities: readonly string[],
  count: { badDocuments: number },
): AsyncGenerator<Resident> {
  count.badDocuments = 0;
  const mistakes: string[] = [];
  let more = 0;
  for await (const each of readResidents(clearOf(path, identities))) {
    if (!each.ok && mistakes.length < SHOWN) mistakes.push(lineOf(each.mistake));
    else if (!each.ok) more += 1;
    else if (mistakes.length === 0) {
      if (each.isDocumentBad) count.badDocuments += 1;
      yield each.resident;
    }
  }
  if (mistakes.length === 0) return;
  if (more > 0) mistakes.push(`… and ${more} more.`);
  throw new CommandError([`${path} can't be imported:`, ...mistakes].join('\n'));
}

/** Returns the bytes of a file, decrypted when it is encrypted. */
async function* clearOf(path: string, identities: readonly string[]): AsyncGenerator<Uint8Array> {
  const file = () => createReadStream(path);
  for await (const first of file()) {
    yield* isAge(first) ? openedBy(identities, file(), path) : file();
    return;
  }
}

const KNOWN = `The columns are ${COLUMNS.join(', ')}.`;

function lineOf({ line, reason, column }: ResidentsMistake): string {
  switch (reason) {
    case 'not_utf8':
      return '  It is not in UTF-8. Save it as "CSV UTF-8".';
    case 'empty':
      return `  It has no first line with the names of columns. ${KNOWN}`;
    case 'column_missing':
      return `  Line 1: the column ${column} is missing. These are needed: ${NEEDED.join(', ')}.`;
    case 'column_unknown':
      return `  Line 1: there is no column "${column}". ${KNOWN}`;
    case 'column_twice':
      return `  Line 1: the column ${column} is there twice.`;
    case 'not_a_row':
      return `  Line ${line}: it has more or fewer cells than there are columns, or a quotation mark isn't closed. Nothing after it was read.`;
    case 'missing':
      return `  Line ${line}: ${column} is empty.`;
    case 'not_a_day':
      return `  Line ${line}: ${column} is not a day such as 1948-03-02 or 02/03/1948.`;
    case 'too_long':
      return `  Line ${line}: ${column} has more than 200 characters.`;
  }
}

function refusalOf(result: Exclude<Imported, { ok: true }>): string {
  switch (result.reason) {
    case 'future':
      return 'This day is yet to come: --as-of is the day on which the register was as the file has it.';
    case 'too_old':
      return 'The file is too old: a list is kept for thirty days.';
    case 'empty':
      return 'Nobody is in the file.';
    case 'older':
      return `The list that is here is newer, of ${result.before.asOf}. If that is what you want, add --yes.`;
    case 'shorter':
      return `The file has ${result.people} people; the list that is here has ${result.before.people}. If so many left, add --yes.`;
  }
}

async function onTown(
  config: Call['config'],
  work: (context: Context) => Promise<number>,
): Promise<number> {
  const context = await openContext(config, { join: true });
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}
