import type { Context } from 'hono';
import { PHOTO_BYTES } from '../../features/service/requests/service.ts';
import { createShares } from '../shares.ts';
import type { Field } from './posting.ts';

/** The most bytes of a form without files. */
const FORM_BYTES = 64 * 1024;
/** The most bytes of a form with photos. */
const FILES_BYTES = 2 * PHOTO_BYTES;
/** The most bytes of such forms in memory at once; a quarter of it for one address. */
const MOST_AT_ONCE = 4 * FILES_BYTES;
const forms = createShares(MOST_AT_ONCE, { link: MOST_AT_ONCE, address: FILES_BYTES });
/** The most photos of a form that are read. */
const MOST_FILES = 10;

export interface Body {
  fields: readonly Field[];
  /** What was sent as files, under any name: clients call them `media`. */
  files: readonly Uint8Array[];
}

/** What was sent; `type`: it is no form; `large`: it is too large; `busy`: too much is being read. */
export type BodyRead = { ok: true; body: Body } | { ok: false; why: 'type' | 'large' | 'busy' };

/** Reads a form, by its bytes: what it says of its length may be wrong. Photos count in memory until the reader has finished with them (`using`). `address`: of who sends it. */
export async function bodyOf(c: Context, address: string): Promise<BodyRead & Disposable> {
  const type = c.req.header('Content-Type') ?? '';
  const isPlain = type.toLowerCase().startsWith('application/x-www-form-urlencoded');
  const giveBack = isPlain ? () => {} : forms.take({ link: '', address }, FILES_BYTES);
  if (!giveBack) return { ok: false, why: 'busy', [Symbol.dispose]() {} };
  try {
    return { ...(await readBody(c)), [Symbol.dispose]: giveBack };
  } catch (error) {
    giveBack();
    throw error;
  }
}

async function readBody(c: Context): Promise<BodyRead> {
  const type = (c.req.header('Content-Type') ?? '').toLowerCase();
  const isForm = type.startsWith('application/x-www-form-urlencoded');
  if (!isForm && !type.startsWith('multipart/form-data')) return { ok: false, why: 'type' };
  const bytes = await bytesOf(c, isForm ? FORM_BYTES : FILES_BYTES);
  if (!bytes) return { ok: false, why: 'large' };
  if (isForm) {
    const fields = [...new URLSearchParams(new TextDecoder().decode(bytes))];
    return { ok: true, body: { fields, files: [] } };
  }
  return readParts(bytes, c.req.header('Content-Type') ?? '');
}

async function bytesOf(c: Context, most: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(c.req.header('Content-Length') ?? 0) > most) return null;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of c.req.raw.body ?? []) {
    size += part.byteLength;
    if (size > most) return null;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

async function readParts(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<BodyRead> {
  const form = await new Response(bytes, { headers: { 'Content-Type': type } })
    .formData()
    .catch(() => null);
  if (!form) return { ok: false, why: 'type' };
  const fields: Field[] = [];
  const files: Uint8Array[] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') fields.push([name, value]);
    else if (value.size > PHOTO_BYTES) return { ok: false, why: 'large' };
    else if (value.size > 0 && files.length < MOST_FILES) files.push(await value.bytes());
  }
  return { ok: true, body: { fields, files } };
}
