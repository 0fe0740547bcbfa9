import type { Context } from 'hono';

/** A sent form: one text, or all texts, of a name. */
export interface Form {
  text(name: string): string;
  /** Trimmed, on one line. */
  line(name: string): string;
  /** Trimmed, with normalised line ends. */
  lines(name: string): string;
  all(name: string): string[];
  has(name: string): boolean;
  /** Every name with each of its texts, unchanged. */
  fields(): [name: string, text: string][];
}

/** A citizen's form is a few hundred bytes; a long comment in UTF-8, percent-encoded, stays below this. */
const MOST_BYTES = 64 * 1024;
const TYPE = 'application/x-www-form-urlencoded';

/** Thrown for a form that none of our pages sends; `status` is the HTTP status for it. */
export class FormError extends Error {
  readonly status: 413 | 415;
  constructor(status: 413 | 415) {
    super(status === 413 ? 'The form is too long' : `A form must be ${TYPE}`);
    this.status = status;
  }
}

/** Reads a posted form, of at most `most` bytes. @throws FormError */
export async function readForm(c: Context, most = MOST_BYTES): Promise<Form> {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  if (type && type !== TYPE) throw new FormError(415);
  if (Number(c.req.header('Content-Length') ?? 0) > most) throw new FormError(413);
  const form = formOf([...new URLSearchParams(await readText(c.req.raw.body, most))]);
  formsRead.set(c.req.raw, form);
  return form;
}

/** The form of each request that is being answered. */
const formsRead = new WeakMap<Request, Form>();

/** Returns the form that a request sent, although its handler failed, before or after reading it; null: none that can be read. */
export async function readSentForm(c: Context): Promise<Form | null> {
  const known = formsRead.get(c.req.raw);
  if (known || c.req.method !== 'POST' || c.req.raw.bodyUsed) return known ?? null;
  return readForm(c).catch(() => null);
}

/** A form with just these fields. */
export function formOf(fields: readonly [name: string, text: string][]): Form {
  const values = new URLSearchParams([...fields]);
  const text = (name: string) => withoutNul(values.get(name) ?? '');
  return {
    text,
    line: (name) => onOneLine(text(name)),
    lines: (name) => text(name).replaceAll(/\r\n?/g, '\n').trim(),
    all: (name) => values.getAll(name).map(withoutNul),
    has: (name) => values.has(name),
    fields: () => [...values].map(([name, text]) => [withoutNul(name), withoutNul(text)]),
  };
}

/** Returns what was typed into a parameter of the address, as `line` does, of at most `most` characters; empty when it isn't given. */
export const askedText = (c: Context, name: string, most: number): string =>
  onOneLine(withoutNul(c.req.query(name) ?? ''))
    .slice(0, most)
    .trim();

export const onOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** Typed texts have no NUL, and PostgreSQL can't store it. */
const withoutNul = (text: string): string => text.replaceAll('\0', '');

async function readText(body: ReadableStream<Uint8Array> | null, most: number): Promise<string> {
  return new TextDecoder().decode(await readAll(body, most));
}

/** Reads a posted body unchanged, of this media type and at most `most` bytes. @throws FormError */
export async function readBytes(c: Context, type: string, most: number): Promise<Buffer> {
  if (c.req.header('Content-Type') !== type) throw new FormError(415);
  if (Number(c.req.header('Content-Length') ?? 0) > most) throw new FormError(413);
  return readAll(c.req.raw.body, most);
}

async function readAll(body: ReadableStream<Uint8Array> | null, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > most) throw new FormError(413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
