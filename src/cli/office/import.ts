import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { Context } from '../../context.ts';
import type { Office } from '../../domain/office/types.ts';
import type { ImportFile } from '../../features/booking/imports/service.ts';
import type { ImportOptions, PlannedRow } from '../../features/booking/imports/types.ts';
import { guessedMapping, type Mapping, readMapping } from '../../formats/appointments/mapping.ts';
import { MOST_BYTES, readAppointments } from '../../formats/appointments/read.ts';
import { datesIn } from '../../lib/i18n/dates.ts';
import { isLanguage, LANGUAGES } from '../../lib/i18n/languages.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import { OPERATOR } from '../../lib/viewer.ts';
import {
  csvReport,
  fileMistakeIn,
  type ReportWords,
  textReport,
} from '../../web/importing/report.ts';
import type { Call } from '../commands.ts';
import { CommandError } from '../error.ts';
import { onOffice } from './on-office.ts';

const print = (text: string) => process.stdout.write(text);

/** Says what would come of a file of another tool's appointments, and does it with the code that this says. */
export function importAppointments(call: Call): Promise<number> {
  const [path] = call.words;
  if (!path)
    throw new CommandError('Which file? finestreta import appointments FILE --office CODE');
  const bytes = bytesOf(path);
  const mapping = mappingOf(call.options);
  return onOffice(call, async (context, office) => {
    const words = wordsOf(call.options, office);
    const file = fileOf(bytes, mapping, { office, context, words });
    const options = {
      isConfirmed: call.options.confirmation === true,
      isWithdrawn: call.options.cancel === true,
    };
    const { confirm } = call.options;
    return typeof confirm === 'string' && call.options['dry-run'] !== true
      ? carryOut(context, office, file, { ...options, code: confirm }, { call, words })
      : plan(context, office, file, options, { call, words });
  });
}

interface Reporting {
  call: Call;
  words: ReportWords;
}

async function plan(
  { imports }: Context,
  office: Office,
  file: ImportFile,
  options: ImportOptions,
  { call, words }: Reporting,
): Promise<number> {
  const { rows, code } = await imports.plan(OPERATOR, office, file, options);
  report(rows, words, { call, isDone: false, timeZone: office.timeZone });
  const codes = office.procedures.map(({ code }) => code).join(', ');
  if (rows.some(({ verdict }) => verdict === 'unknown_procedure'))
    print(`\nThe codes of our procedures: ${codes}\n`);
  print(
    `\nNothing was changed. To do exactly this, run the command again with --confirm ${code}\n`,
  );
  return 0;
}

async function carryOut(
  { imports }: Context,
  office: Office,
  file: ImportFile,
  options: ImportOptions & { code: string },
  { call, words }: Reporting,
): Promise<number> {
  const done = await imports.carryOut(OPERATOR, office, file, options);
  if (done.ok) {
    report(done.rows, words, { call, isDone: true, timeZone: office.timeZone });
    return 0;
  }
  report(done.plan.rows, words, { call, isDone: false, timeZone: office.timeZone });
  throw new CommandError(
    `Nothing was changed: since you read what would be done, something changed in the file, in the office or in the options. Read it again above, and then: --confirm ${done.plan.code}`,
  );
}

/** Prints the report, and writes the one of every line to the file of --report. */
function report(
  rows: readonly PlannedRow[],
  words: ReportWords,
  { call, isDone, timeZone }: { call: Call; isDone: boolean; timeZone: string },
): void {
  print(textReport(rows, words, { isWhole: false, isDone }));
  const to = call.options.report;
  if (typeof to !== 'string') return;
  const isText = to.endsWith('.txt');
  const text = isText
    ? textReport(rows, words, { isWhole: true, isDone })
    : csvReport(rows, words, timeZone);
  try {
    // It has names of citizens.
    writeFileSync(to, text, { mode: 0o600 });
  } catch (error) {
    throw new CommandError(`${to} can't be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function bytesOf(path: string): Uint8Array {
  if (!existsSync(path)) throw new CommandError(`There is no file ${path}.`);
  if (statSync(path).size > MOST_BYTES)
    throw new CommandError(
      `${path} has more than ${MOST_BYTES / 1e6} MB. Export fewer days at once.`,
    );
  return readFileSync(path);
}

function mappingOf({ mapping }: Call['options']): Mapping {
  if (typeof mapping !== 'string') return guessedMapping();
  if (!existsSync(mapping)) throw new CommandError(`There is no file ${mapping}.`);
  const read = readMapping(readFileSync(mapping, 'utf8'));
  if (read.ok) return read.mapping;
  throw new CommandError([`${mapping} can't be used:`, ...read.mistakes].join('\n'));
}

function fileOf(
  bytes: Uint8Array,
  mapping: Mapping,
  { office, context, words }: { office: Office; context: Context; words: ReportWords },
): ImportFile {
  const how = { timeZone: office.timeZone, now: context.clock.now() };
  const read = readAppointments(bytes, mapping, how);
  if (!read.ok) throw new CommandError(fileMistakeIn(read.mistake, words.t));
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { rows: read.rows, mapping, digest };
}

function wordsOf({ language }: Call['options'], office: Office): ReportWords {
  const wanted = language ?? office.languages[0];
  if (!isLanguage(wanted))
    throw new CommandError(`--language: one of ${LANGUAGES.join(', ')}, of the report.`);
  return { t: translateTo(wanted), dates: datesIn(wanted, office.timeZone) };
}
