import type { Context } from 'hono';
import { escaped } from '../../lib/xml/xml.ts';

/** The formats of an answer, by the ending of the address (GeoReport v2, Format Support). */
export const FORMATS = ['json', 'xml'] as const;
export type Format = (typeof FORMATS)[number];

/** The types of content, as the specification writes them. */
const TYPES: Record<Format, string> = {
  json: 'application/json; charset=utf-8',
  xml: 'text/xml; charset=utf-8',
};

/** Data that both formats can say. In XML, a field of an array has an element for each of its items (`ITEMS`), and null is an empty element. */
export type Data = string | number | boolean | null | readonly Data[] | DataFields;
export interface DataFields {
  readonly [field: string]: Data | undefined;
}

/** The names of the items of lists. */
const ITEMS: Readonly<Record<string, string>> = {
  services: 'service',
  attributes: 'attribute',
  values: 'value',
  service_requests: 'request',
  errors: 'error',
  endpoints: 'endpoint',
  formats: 'format',
};

/** Returns data as an XML document without a schema or a namespace. `root`: the name of its first element. */
export const xmlOf = (root: string, data: Data): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${elementOf(root, data)}\n`;

function elementOf(name: string, data: Data): string {
  return `<${name}>${contentOf(name, data)}</${name}>`;
}

function contentOf(name: string, data: Data): string {
  if (data === null) return '';
  if (isList(data)) {
    const item = ITEMS[name];
    if (!item) throw new Error(`The items of ${name} have no name`);
    return data.map((each) => elementOf(item, each)).join('');
  }
  if (typeof data !== 'object') return linesOf(String(data));
  return Object.entries(data)
    .map(([field, value]) => (value === undefined ? '' : elementOf(field, value)))
    .join('');
}

const isList = (data: Data): data is readonly Data[] => Array.isArray(data);

/** Keeps the ends of lines, which `escaped` makes spaces for attributes. */
const linesOf = (text: string): string =>
  text
    .split(/\r\n|[\r\n]/)
    .map(escaped)
    .join('\n');

/** Returns data as JSON, by the Spark convention: the root has no name. Halves of pairs of characters, which are no UTF-8, are replaced. */
export const jsonOf = (data: Data): string =>
  JSON.stringify(data, (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  );

export type Status = 200 | 400 | 403 | 404 | 405 | 413 | 429 | 500 | 503;

/** Sends data in the format that was asked for. */
export function send(
  c: Context,
  format: Format,
  { root, data, status = 200 }: { root: string; data: Data; status?: Status },
): Response {
  c.header('Content-Type', TYPES[format]);
  return c.body(format === 'xml' ? xmlOf(root, data) : jsonOf(data), status);
}

/** A refusal: the HTTP status, which is the code too, and a sentence for people. */
export interface Refusal {
  status: Exclude<Status, 200>;
  description: string;
}

/** Sends a refusal as the specification has it: a list of errors. */
export function refuse(
  c: Context,
  format: Format,
  refusals: Refusal | readonly Refusal[],
): Response {
  const [first, ...others] = 'status' in refusals ? [refusals] : refusals;
  const status = first?.status ?? 400;
  const said = first ? [first, ...others] : [];
  const data = said.map(({ status: code, description }) => ({ code, description }));
  c.header('Cache-Control', 'no-store');
  return send(c, format, { root: 'errors', data, status });
}
