import type { Context } from 'hono';
import type { Office, Town } from '../../domain/office/types.ts';
import { FEWEST } from '../../features/insight/statistics/rules.ts';
import type { OpenRow, PublishedFigures } from '../../features/insight/statistics/types.ts';
import { COLUMNS, DESCRIBED_IN, dictionary, inEach, known, unitOf } from './dictionary.ts';

/** The sign for a suppressed figure. */
export const KEPT_BACK = '..';
export const LICENCE = 'https://creativecommons.org/licenses/by/4.0/';

const yearOf = ({ month }: OpenRow) => Number(month.slice(0, 4));
const monthOf = ({ month }: OpenRow) => Number(month.slice(5, 7));

/** Returns one figure per line, in UTF-8 without a byte order mark, with commas (RFC 4180): for programs. */
export function figuresCsv(rows: readonly OpenRow[]): string {
  const lines = rows.map((row) =>
    [
      yearOf(row),
      monthOf(row),
      row.channel ?? '',
      row.procedure ?? '',
      row.language ?? '',
      row.indicator,
      row.value ?? KEPT_BACK,
      unitOf(known(row.indicator)),
    ].join(','),
  );
  return `${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

/** Returns the same with its dictionary. */
export function figuresJson(
  town: Town,
  office: Office,
  { edition, rows }: PublishedFigures<OpenRow>,
): object {
  return {
    title: inEach((t) => t('open.dataset.title', { office: nameIn(office, t.language) })),
    description: inEach((t) => t('open.dataset.text', { office: nameIn(office, t.language) })),
    publisher: town.mailFrom ?? town.name,
    licence: LICENCE,
    issued: edition?.at.toString() ?? null,
    fewest: FEWEST,
    ...dictionary(),
    topics: topicsIn(office, rows),
    figures: rows.map((row) => ({
      Any: yearOf(row),
      Mes: monthOf(row),
      Canal: row.channel,
      Tema: row.procedure,
      Idioma: row.language,
      Indicador: row.indicator,
      Valor: row.value,
      Unitat: unitOf(known(row.indicator)),
    })),
  };
}

/** Returns the procedures of the figures, including retired ones. */
const topicsIn = (office: Office, rows: readonly OpenRow[]) =>
  [...new Set(rows.map((row) => row.procedure ?? ''))].sort().flatMap((each) => {
    const known = office.procedure(each);
    return known ? [{ code: known.code, name: known.name }] : [];
  });

/** Returns an office's name in a language, or in one that it has. */
export const nameIn = (office: Office, language: keyof Office['name']): string =>
  office.name[language] ??
  DESCRIBED_IN.map((each) => office.name[each]).find(Boolean) ??
  office.code;

/** A file's text, with a tag that changes with it (an `ETag`, RFC 9110, 8.8.3). */
export interface Tagged {
  tag: string;
  text: string;
  /** When what it says was published; null: nothing was yet, or it isn't known. */
  at: Temporal.Instant | null;
}

/** What is sent of a file. */
export interface Served {
  type: string;
  /** The tag that the file has now. */
  tag: string;
  /** Makes the file. Its tag may be a newer one. */
  make(): Tagged | Promise<Tagged>;
  /** The moment of which the copy of the data is; null: it is of now. */
  moment: Temporal.Instant | null;
}

/**
 * Sends an answer that may be stored for an hour, and is revalidated by its tag. `Last-Modified` says when its data were published, and `Age`
 * (RFC 9111, 5.1) how old the copy is from which they were read, where it is behind.
 */
export async function serve(
  c: Context,
  now: Temporal.Instant,
  { type, tag, make, moment }: Served,
): Promise<Response> {
  const quoted = (name: string) => `"${name}"`;
  c.header('Cache-Control', 'public, max-age=3600');
  // The clock may have been set back since: RFC 9111 has no negative age.
  if (moment) c.header('Age', String(Math.max(0, Math.floor(now.since(moment).total('seconds')))));
  const asked = (c.req.header('If-None-Match') ?? '').split(',').map((each) => each.trim());
  if (asked.some((each) => each.replace(/^W\//, '') === quoted(tag))) {
    c.header('ETag', quoted(tag));
    return c.body(null, 304);
  }
  const made = await make();
  c.header('ETag', quoted(made.tag));
  if (made.at) c.header('Last-Modified', new Date(made.at.epochMilliseconds).toUTCString());
  c.header('Content-Type', type);
  c.header('Access-Control-Allow-Origin', '*');
  return c.body(made.text);
}
