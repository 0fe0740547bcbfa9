import type { Context } from 'hono';
import { type Form, FormError, formOf } from '../form.ts';
import { createShares, type Sender, type Shares } from '../shares.ts';

/** A form with files, as a browser without scripts sends it. */
export interface FileForm extends Form {
  /** The files that were chosen in the field `file`, in their order. */
  files: SentFile[];
  /** Returns those that were chosen in another field. */
  filesOf(name: string): SentFile[];
}

export interface SentFile {
  name: string;
  /** Media type, as declared by the browser. */
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** The space for the other fields of a form. */
const ROOM_BESIDE = 64 * 1024;
/**
 * The limit of this process's memory for each side: files are whole in memory until they are sealed. One
 * of the largest
 * files always fits. Citizens, staff, and forms of the console that are sent without a session have
 * separate limits. One link has one form at a time, and one address with many
 * links leaves three quarters to the others.
 */
const MOST_AT_ONCE = 128 * 1024 * 1024;
const SPACE = { citizens: MOST_AT_ONCE, staff: MOST_AT_ONCE, signedOut: MOST_AT_ONCE / 8 };
type Side = keyof typeof SPACE;
const share = { link: 0, address: MOST_AT_ONCE / 4 };
const forms: Record<Side, Shares> = {
  citizens: createShares(SPACE.citizens, share),
  staff: createShares(SPACE.staff, share),
  signedOut: createShares(SPACE.signedOut, share),
};

/** Returns whether a form was sent as one with files. */
export const isFileForm = (c: Context): boolean =>
  c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase() === 'multipart/form-data';

type FormRead = ({ ok: true; form: FileForm } | { ok: false; reason: 'too_large' | 'busy' }) &
  Disposable;

/**
 * Reads a form with files of at most `most` bytes in all. They stay in memory, unencrypted data are
 * never written anywhere, and they count until
 * the reader has finished with them (`using`). `too_large`: the files are larger; `busy`: the memory is
 * used up, or the sender's
 * share of it. `side`: whose memory it is.
 * @throws FormError for a form that none of our pages sends
 */
export async function readFileForm(
  c: Context,
  most: number,
  from: Sender,
  side: Side = c.req.path.startsWith('/console/') ? 'staff' : 'citizens',
): Promise<FormRead> {
  const refused = (reason: 'too_large' | 'busy'): FormRead => ({
    ok: false,
    reason,
    [Symbol.dispose]() {},
  });
  const length = Number(c.req.header('Content-Length') ?? Number.NaN);
  if (!isFileForm(c) || !Number.isSafeInteger(length)) throw new FormError(415);
  if (length > most + ROOM_BESIDE) return refused('too_large');
  const room = Math.max(SPACE[side], most + ROOM_BESIDE);
  const giveBack = forms[side].take(from, length, room);
  if (!giveBack) return refused('busy');
  try {
    const data = await c.req.raw.formData().catch(() => {
      throw new FormError(415);
    });
    const texts = [...data].flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name, value]] : [],
    );
    const byField = await filesIn(data);
    const filesOf = (name: string) => byField.get(name) ?? [];
    const form = { ...formOf(texts), files: filesOf('file'), filesOf };
    return { ok: true, form, [Symbol.dispose]: giveBack };
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** Returns the chosen files of a form, by field. */
async function filesIn(data: FormData): Promise<Map<string, SentFile[]>> {
  const byField = new Map<string, SentFile[]>();
  for (const [field, each] of data) {
    if (!(each instanceof File) || (each.name === '' && each.size === 0)) continue;
    const bytes = new Uint8Array(await each.arrayBuffer());
    const file = { name: each.name, type: each.type, bytes };
    byField.set(field, [...(byField.get(field) ?? []), file]);
  }
  return byField;
}
