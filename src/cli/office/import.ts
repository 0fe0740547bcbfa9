import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { Context } from '../../context.ts';
import type { Office } from '../../domain/office/types.ts';
import type { ImportFile } from '../../features/booking/imports/service.ts';
import type { ImportOptions, PlannedRow } from '../../features/booking/imports/types.ts';
import { type Mapping, readMapping } from '../../formats/appointments/mapping.ts';
import { MOST_BYTES, type ReadColumn, readAppointments } from '../../formats/appointments/read.ts';
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
    const { file, columns } = fileOf(bytes, mapping, { office, context, words });
    const options = {
      isConfirmed: call.options.confirmation === true,
      isWithdrawn: call.options.cancel === true,
      isWhole: call.options.whole === true,
      isTold: call.options.told === true,
    };
    const { confirm, cancelling } = call.options;
    const reporting = { call, words, columns };
    if (typeof confirm !== 'string' || call.options['dry-run'] === true)
      return plan(context, office, file, options, reporting);
    const said = Number(cancelling ?? 0);
    return carryOut(context, office, file, { ...options, code: confirm, said }, reporting);
  });
}

interface Reporting {
  call: Call;
  words: ReportWords;
  columns: readonly ReadColumn[];
}

async function plan(
  { imports }: Context,
  office: Office,
  file: ImportFile,
  options: ImportOptions,
  reporting: Reporting,
): Promise<number> {
  const { rows, code, mustSay } = await imports.plan(OPERATOR, office, file, options);
  report(rows, office, { ...reporting, isDone: false });
  const codes = office.procedures.map(({ code }) => code).join(', ');
  if (rows.some(({ verdict }) => verdict === 'unknown_procedure'))
    print(`\nThe codes of our procedures: ${codes}\n`);
  print(
    `\nNothing was changed. To do exactly this, run the command again with --confirm ${code}${sayingOf(mustSay)}\n`,
  );
  return 0;
}

const sayingOf = (mustSay: number): string => (mustSay > 0 ? ` --cancelling ${mustSay}` : '');

async function carryOut(
  { imports }: Context,
  office: Office,
  file: ImportFile,
  options: ImportOptions & { code: string; said: number },
  reporting: Reporting,
): Promise<number> {
  const done = await imports.carryOut(OPERATOR, office, file, options);
  if (done.ok) {
    report(done.rows, office, { ...reporting, isDone: true });
    return done.rows.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
  }
  const { rows, code, mustSay } = done.plan;
  report(rows, office, { ...reporting, isDone: false });
  if (done.reason === 'unsaid')
    throw new CommandError(
      `Nothing was changed: this cancels ${mustSay} appointments, more than a tenth of what was brought. Is it the right file, and is it whole? If so, say the number: --confirm ${code}${sayingOf(mustSay)}`,
    );
  throw new CommandError(
    `Nothing was changed: since you read what would be done, something changed in the file, in the office or in the options. Read it again above, and then: --confirm ${code}${sayingOf(mustSay)}`,
  );
}

/** Prints the report, and writes the one of every line to the file of --report. */
function report(
  rows: readonly PlannedRow[],
  { timeZone }: Office,
  { call, words, columns, isDone }: Reporting & { isDone: boolean },
): void {
  print(textReport(rows, words, { isWhole: false, isDone, columns }));
  const to = call.options.report;
  if (typeof to !== 'string') return;
  const isText = to.endsWith('.txt');
  const text = isText
    ? textReport(rows, words, { isWhole: true, isDone, columns })
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

function mappingOf({ mapping, source }: Call['options']): Mapping {
  const isGiven = typeof mapping === 'string';
  if (isGiven && !existsSync(mapping)) throw new CommandError(`There is no file ${mapping}.`);
  const tool = typeof source === 'string' ? source : '';
  const read = readMapping(isGiven ? readFileSync(mapping, 'utf8') : '', tool);
  if (read.ok) return read.mapping;
  if (read.isUnnamed) throw new CommandError(`${read.mistakes.join('\n')} --source NAME`);
  const head = isGiven ? [`${mapping} can't be used:`] : [];
  throw new CommandError([...head, ...read.mistakes].join('\n'));
}

function fileOf(
  bytes: Uint8Array,
  mapping: Mapping,
  { office, context, words }: { office: Office; context: Context; words: ReportWords },
): { file: ImportFile; columns: readonly ReadColumn[] } {
  const how = { timeZone: office.timeZone, now: context.clock.now() };
  const read = readAppointments(bytes, mapping, how);
  if (!read.ok) throw new CommandError(fileMistakeIn(read.mistake, words.t));
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { file: { rows: read.rows, mapping, digest }, columns: read.columns };
}

function wordsOf({ language }: Call['options'], office: Office): ReportWords {
  const wanted = language ?? office.languages[0];
  if (!isLanguage(wanted))
    throw new CommandError(`--language: one of ${LANGUAGES.join(', ')}, of the report.`);
  return { t: translateTo(wanted), dates: datesIn(wanted, office.timeZone) };
}
