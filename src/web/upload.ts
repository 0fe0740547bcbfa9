import type { Context } from 'hono';
import { FormError } from './form.ts';

/** A form with one file, as a browser without scripts sends it. */
export interface FileForm {
  text(name: string): string;
  /** Null: none was chosen. */
  file: { name: string; type: string; bytes: Uint8Array } | null;
}

/** What a form has beside its file. */
const ROOM_BESIDE = 64 * 1024;
/**
 * What all of one side's together may take of this process's memory, where they are whole until they are sealed; always one of
 * the largest. Citizens who fill theirs don't keep the staff from theirs.
 */
const MOST_AT_ONCE = 128 * 1024 * 1024;
const taken = { citizens: 0, staff: 0 };
/** The addresses whose form is being read: each has one at a time, so that one appointment's link can't fill the memory. */
const underway = new Set<string>();

/**
 * Reads a form with a file of at most `most` bytes. It stays in memory: nothing clear is written anywhere. `too_large`: it has
 * more; `busy`: others fill the memory now, or another is on its way to this
 * address.
 * @throws FormError for what no form of ours sends
 */
export async function readFileForm(
  c: Context,
  most: number,
): Promise<{ ok: true; form: FileForm } | { ok: false; reason: 'too_large' | 'busy' }> {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  const length = Number(c.req.header('Content-Length') ?? Number.NaN);
  if (type !== 'multipart/form-data' || !Number.isSafeInteger(length)) throw new FormError(415);
  if (length > most + ROOM_BESIDE) return { ok: false, reason: 'too_large' };
  const { path } = c.req;
  const side = path.startsWith('/console/') ? 'staff' : 'citizens';
  const room = Math.max(MOST_AT_ONCE, most + ROOM_BESIDE) - taken[side];
  if (underway.has(path) || length > room) return { ok: false, reason: 'busy' };
  taken[side] += length;
  underway.add(path);
  try {
    const data = await c.req.raw.formData().catch(() => {
      throw new FormError(415);
    });
    const text = (name: string): string => {
      const value = data.get(name);
      return typeof value === 'string' ? value.replaceAll('\0', '') : '';
    };
    const found = data.get('file');
    const isChosen = found instanceof File && (found.name !== '' || found.size > 0);
    if (!isChosen) return { ok: true, form: { text, file: null } };
    const bytes = new Uint8Array(await found.arrayBuffer());
    return { ok: true, form: { text, file: { name: found.name, type: found.type, bytes } } };
  } finally {
    taken[side] -= length;
    underway.delete(path);
  }
}
