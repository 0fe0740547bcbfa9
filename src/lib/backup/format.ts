/**
 * The file of a backup: SQL in gzip, encrypted by age to a recipient. `age -d` and `zcat` show it, and in an emergency psql loads it
 * into existing tables. It contains the keys of purposes, wrapped by the root key, but not the root key. Restoring reads its
 * comments:
 *
 *     -- Finestreta backup 2
 *     -- about {"madeAt":…,"migrations":[…],"roots":[…]}
 *     -- table {"schema":"public","name":"office","columns":["id",…]}
 *     COPY "public"."office" ("id",…) FROM stdin;
 *     …rows as PostgreSQL's text format writes them…
 *     \.
 *     -- blob 0b9dbb2e-… AAAA…   (a piece of a document, sealed, in base64)
 *     -- sequences {"public.office_id_seq":"7"}
 *     SELECT setval('public.office_id_seq', 7);
 *     -- end {"rows":{"public.office":7},"sha256":"…"}
 *
 * The sum covers everything before the last line.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { z } from 'zod';
import { PlainError } from '../plain-error.ts';
import { isUuid } from '../uuid.ts';
import { isAge, openedBy } from './age.ts';
import type { BackupSource } from './places/types.ts';

const FORMAT = 2;
const BLOB = '-- blob ';

/** An error whose message the operator sees unchanged. */
export class BackupError extends PlainError {
  override name = 'BackupError';
}

const about = z.object({
  /** RFC 3339. */
  madeAt: z.string(),
  /** The version of Finestreta. */
  version: z.string(),
  /** The migrations that made the tables, in order. */
  migrations: z.array(z.string()).min(1),
  /** Ids of the root keys that wrapped its keys: only these can open it. */
  roots: z.array(z.string()),
});
export type About = z.output<typeof about>;

const table = z.object({ schema: z.string(), name: z.string(), columns: z.array(z.string()) });
export type BackupTable = z.output<typeof table>;

/** Names of sequences, with the last value of each. */
const sequences = z.record(z.string(), z.string().regex(/^\d+$/));
export type Sequences = z.output<typeof sequences>;

const end = z.object({ rows: z.record(z.string(), z.int()), sha256: z.string() });

export const nameOf = ({ schema, name }: Pick<BackupTable, 'schema' | 'name'>): string =>
  `${schema}.${name}`;

const quoted = pg.escapeIdentifier;
export const identifierOf = ({ schema, name }: Pick<BackupTable, 'schema' | 'name'>): string =>
  `${quoted(schema)}.${quoted(name)}`;
const columnsOf = ({ columns }: BackupTable): string => columns.map(quoted).join(', ');

export const copyOutStatement = (each: BackupTable): string =>
  `copy ${identifierOf(each)} (${columnsOf(each)}) to stdout`;
export const copyInStatement = (each: BackupTable): string =>
  `copy ${identifierOf(each)} (${columnsOf(each)}) from stdin`;

const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Returns writers for the lines of a backup; the caller writes the rows between `table` and `endOfTable`. */
export function backupLines() {
  const hash = createHash('sha256');
  const rows: Record<string, number> = {};
  const line = (text: string): Buffer => {
    const bytes = Buffer.from(`${text}\n`);
    hash.update(bytes);
    return bytes;
  };
  return {
    begin: (facts: About) =>
      line(`-- Finestreta backup ${FORMAT}\n-- about ${JSON.stringify(facts)}`),
    table: (each: BackupTable) =>
      line(
        `-- table ${JSON.stringify(each)}\nCOPY ${identifierOf(each)} (${columnsOf(each)}) FROM stdin;`,
      ),
    rows: (bytes: Buffer) => {
      hash.update(bytes);
      return bytes;
    },
    endOfTable: (each: BackupTable, count: number) => {
      rows[nameOf(each)] = count;
      return line('\\.');
    },
    blob: (name: string, bytes: Buffer) => line(`${BLOB}${name} ${bytes.toString('base64')}`),
    sequences: (all: Sequences) =>
      line(
        [
          `-- sequences ${JSON.stringify(all)}`,
          ...Object.entries(all).map(([name, last]) => `SELECT setval(${sqlText(name)}, ${last});`),
        ].join('\n'),
      ),
    end: () => line(`-- end ${JSON.stringify({ rows, sha256: hash.copy().digest('hex') })}`),
    written: rows,
  };
}

export interface BackupReader {
  /** Writes the facts about the file, before anything else. */
  about(facts: About): Promise<void> | void;
  /** Writes one table. Must read all its rows. */
  table(each: BackupTable, rows: AsyncIterable<Buffer>): Promise<void>;
  /** Writes a sealed piece of a document. */
  blob(name: string, bytes: Buffer): Promise<void> | void;
  sequences(all: Sequences): Promise<void> | void;
}

/**
 * Reads a backup to its end and checks its sum. Returns the number of rows of each table by its name.
 * @param identities of age, one of which opens an encrypted file
 * @throws BackupError when it is no backup, another version's, damaged or incomplete
 */
export async function readBackup(
  source: BackupSource,
  reader: BackupReader,
  identities: readonly string[] = [],
): Promise<Record<string, number>> {
  const { name: path } = source;
  const lines = new Lines(source, identities);
  const title = await lines.next();
  const format = /^-- Finestreta backup (\d+)$/.exec(title)?.[1];
  if (format === undefined) throw new BackupError(`${path} is no backup of Finestreta.`);
  if (Number(format) !== FORMAT) {
    throw new BackupError(
      `${path} is a backup in format ${format}, and this Finestreta reads format ${FORMAT}: restore it with the one that made it, or a newer one.`,
    );
  }
  await reader.about(lines.parse(about, 'about', await lines.next()));
  for (;;) {
    const line = await lines.next();
    if (line.startsWith('-- table ')) {
      const each = lines.parse(table, 'table', line);
      await lines.next();
      await reader.table(each, lines.rows());
    } else if (line.startsWith(BLOB)) {
      const [name = '', text = ''] = line.slice(BLOB.length).split(' ');
      // The name becomes the name of a file.
      if (!isUuid(name)) throw lines.damaged();
      await reader.blob(name, Buffer.from(text, 'base64'));
    } else if (line.startsWith('-- sequences ')) {
      await reader.sequences(lines.parse(sequences, 'sequences', line));
    } else if (line.startsWith('-- end ')) {
      const { rows, sha256 } = lines.parse(end, 'end', line);
      await lines.demandEnd(sha256);
      return rows;
    } else if (!line.startsWith('SELECT ')) {
      throw lines.damaged();
    }
  }
}

const END_OF_ROWS = Buffer.from('\\.\n');
const LAST_LINE = '-- end ';

/** The lines of the unpacked file, read on demand, and the sum of the lines read. */
class Lines {
  private readonly path: string;
  private readonly chunks: AsyncIterator<Buffer>;
  private readonly hash = createHash('sha256');
  private rest: Buffer = Buffer.alloc(0);

  constructor(source: BackupSource, identities: readonly string[]) {
    this.path = source.name;
    const file = Readable.from(clearOf(source, identities), { objectMode: false });
    const text = createGunzip({ chunkSize: 65_536 });
    file.once('error', (error) => text.destroy(error));
    text.once('close', () => file.destroy());
    this.chunks = file.pipe(text)[Symbol.asyncIterator]();
  }

  damaged(): BackupError {
    return new BackupError(`${this.path} is damaged or not whole. Nothing was changed.`);
  }

  parse<T>(schema: z.ZodType<T>, word: string, line: string): T {
    const start = `-- ${word} `;
    try {
      if (line.startsWith(start)) return schema.parse(JSON.parse(line.slice(start.length)));
    } catch {
      // Reported below.
    }
    throw this.damaged();
  }

  async next(): Promise<string> {
    let at = this.rest.indexOf('\n');
    while (at < 0) {
      if (!(await this.fill())) throw this.damaged();
      at = this.rest.indexOf('\n');
    }
    const isLast = this.rest.subarray(0, LAST_LINE.length).toString() === LAST_LINE;
    return this.take(at + 1, !isLast)
      .subarray(0, -1)
      .toString();
  }

  /** Yields whole lines up to the one that ends a table. No row can equal that line: in a row, backslashes are doubled. */
  async *rows(): AsyncGenerator<Buffer> {
    for (;;) {
      if (this.rest.subarray(0, END_OF_ROWS.length).equals(END_OF_ROWS)) {
        this.take(END_OF_ROWS.length);
        return;
      }
      const end = this.rest.indexOf('\n\\.\n');
      const whole = (end < 0 ? this.rest.lastIndexOf('\n') : end) + 1;
      if (whole > 0) yield this.take(whole);
      else if (!(await this.fill())) throw this.damaged();
    }
  }

  /** Checks that nothing follows, and that zlib's own sum is right. */
  async demandEnd(sha256: string): Promise<void> {
    const isRight = this.hash.digest('hex') === sha256;
    if (this.rest.length > 0 || (await this.fill()) || !isRight) throw this.damaged();
  }

  private take(bytes: number, counted = true): Buffer {
    const taken = this.rest.subarray(0, bytes);
    this.rest = this.rest.subarray(bytes);
    if (counted) this.hash.update(taken);
    return taken;
  }

  private async fill(): Promise<boolean> {
    try {
      const { value, done } = await this.chunks.next();
      if (done) return false;
      this.rest = this.rest.length > 0 ? Buffer.concat([this.rest, value]) : value;
      return true;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (error instanceof PlainError) throw error;
      if (message === 'incorrect header check') {
        throw new BackupError(`${this.path} is no backup of Finestreta.`);
      }
      const isSealed = code === undefined;
      throw isSealed || String(code).startsWith('Z_') ? this.damaged() : error;
    }
  }
}

/** Yields the bytes of a file, decrypted when it is encrypted. */
async function* clearOf(
  source: BackupSource,
  identities: readonly string[],
): AsyncGenerator<Uint8Array> {
  const chunks = source.open()[Symbol.asyncIterator]();
  try {
    // The beginning shows whether it is encrypted; a chunk of a network may be shorter.
    let start: Buffer = Buffer.alloc(0);
    let isDone = false;
    while (!isDone && start.length < 32) {
      const { value, done } = await chunks.next();
      isDone = done === true;
      if (value) start = Buffer.concat([start, value]);
    }
    const bytes = startingWith(start, chunks);
    yield* isAge(start) ? openedBy(identities, bytes, source.name) : bytes;
  } finally {
    await chunks.return?.();
  }
}

async function* startingWith(
  start: Buffer,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield start;
  for (;;) {
    const { value, done } = await chunks.next();
    if (done) return;
    yield value;
  }
}
