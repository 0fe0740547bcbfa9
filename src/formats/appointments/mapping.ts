import { z } from 'zod';
import { CHANNELS } from '../../domain/channel.ts';
import { LANGUAGES } from '../../lib/i18n/languages.ts';
import { readSource } from '../town-file/reading/source.ts';

/** What is read of an appointment in another tool's file. `start`: its day, with the hour or without; `time`: the hour, where it is apart. */
export const IMPORT_FIELDS = [
  'id',
  'name',
  'phone',
  'email',
  'start',
  'time',
  'procedure',
  'office',
  'channel',
  'language',
  'comment',
  'status',
] as const;
export type ImportField = (typeof IMPORT_FIELDS)[number];

const text = z.string().trim().min(1).max(300);
const columns = z.union([text, z.array(text).min(1).max(10)]);
const LANGUAGE = z.enum(LANGUAGES);
const CHANNEL = z.enum(CHANNELS);
const sourceSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,29}$/, 'small letters, digits and hyphens');

/**
 * How a file of another tool is read (docs/importing.md). What it does not say is guessed: columns by their usual names, procedures and
 * offices by their own names and codes.
 */
const mappingSchema = z.strictObject({
  /** A tool that is known; its statuses and its channel are then as that tool has them. */
  like: z.enum(['vtramit']).optional(),
  /** What the other tool is called. Two files of one source are compared by the ids in them. */
  source: sourceSchema.optional(),
  separator: z.enum([',', ';', '\t', '|']).optional(),
  encoding: z.enum(['utf-8', 'windows-1252', 'utf-16le', 'utf-16be']).optional(),
  /** Whether 03/04/2027 is in April or in March. */
  dates: z.enum(['day-first', 'month-first']).default('day-first'),
  /** The column of each field; of several columns, the texts are joined by spaces. */
  columns: z.partialRecord(z.enum(IMPORT_FIELDS), columns).default({}),
  /** Their names of things, each with the code of ours. */
  procedures: z.record(text, text).default({}),
  offices: z.record(text, text).default({}),
  channels: z.record(text, CHANNEL).default({}),
  languages: z.record(text, LANGUAGE).default({}),
  /** What holds for a line that says nothing of it. */
  otherwise: z
    .strictObject({
      procedure: text.optional(),
      channel: CHANNEL.optional(),
      language: LANGUAGE.optional(),
    })
    .default({}),
  /** Statuses of appointments that were cancelled there, that are over, and that are open. They come before the usual words. */
  cancelled: z.array(text).default([]),
  over: z.array(text).default([]),
  open: z.array(text).default([]),
});

/** A mapping, complete. */
export type Mapping = Omit<z.output<typeof mappingSchema>, 'like' | 'source'> & { source: string };

export type MappingResult =
  | { ok: true; mapping: Mapping }
  /** `isUnnamed`: nothing says what the other tool is called. */
  | { ok: false; mistakes: string[]; isUnnamed?: boolean };

/** The states of VTramit 1.0: up to 3 open, 4 finished, 5 completed; 6 cancelled, 7 duplicated, 8 expired (github.com/videotramites/vtramit). */
const VTRAMIT = {
  source: 'vtramit',
  cancelled: ['6', '7', '8'],
  over: ['4', '5'],
  open: ['0', '1', '2', '3'],
  otherwise: { channel: 'video' },
} as const;

/** The longest a file of a mapping may be, in characters. */
const LONGEST = 500_000;

/**
 * Reads the YAML of a mapping; empty: everything is guessed but `tool`, which is what the other tool is called where the mapping doesn't say
 * it. Each mistake is a sentence with its line.
 */
export function readMapping(yaml: string, tool = ''): MappingResult {
  if (yaml.length > LONGEST) return { ok: false, mistakes: ['The mapping is too long.'] };
  const { source, mistakes } = readSource(yaml);
  if (!source || mistakes.length > 0)
    return { ok: false, mistakes: mistakes.map(({ line, message }) => `Line ${line}: ${message}`) };
  const parsed = mappingSchema.safeParse(source.value ?? {});
  if (!parsed.success) {
    const found = parsed.error.issues.map(({ path, message }) => {
      const { line } = source.place(path as (string | number)[], 'value');
      return `Line ${line}: ${path.join('.')}: ${message}`;
    });
    return { ok: false, mistakes: found };
  }
  const { source: said = parsed.data.like && VTRAMIT.source } = parsed.data;
  if (said && tool && said !== tool)
    return {
      ok: false,
      mistakes: [`The mapping says that the other tool is ${said}, not ${tool}.`],
    };
  const name = sourceSchema.safeParse(said ?? tool);
  if (!name.success) return { ok: false, mistakes: [UNNAMED], isUnnamed: true };
  return { ok: true, mapping: completed(parsed.data, name.data) };
}

const UNNAMED =
  'What is the other tool called? Small letters, digits and hyphens, the same in each run: appointments are recognised by it.';

/** Returns the mapping of a tool's file for which nothing else is said: everything is guessed. */
export const guessedMapping = (source: string): Mapping =>
  completed(mappingSchema.parse({}), source);

function completed({ like, ...said }: z.output<typeof mappingSchema>, source: string): Mapping {
  const known = like && VTRAMIT;
  return {
    ...said,
    source,
    cancelled: [...said.cancelled, ...(known?.cancelled ?? [])],
    over: [...said.over, ...(known?.over ?? [])],
    open: [...said.open, ...(known?.open ?? [])],
    otherwise: { ...known?.otherwise, ...said.otherwise },
  };
}
