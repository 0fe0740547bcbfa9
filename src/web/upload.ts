import type { Context } from 'hono';
import { FormError } from './form.ts';

/** A form with files, as a browser without scripts sends it. */
export interface FileForm {
  text(name: string): string;
  /** Those that were chosen, in their order. */
  files: SentFile[];
}

export interface SentFile {
  name: string;
  /** Media type, as the browser says. */
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
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
 * Reads a form with files of at most `most` bytes in all. They stay in memory: nothing clear is written anywhere. `too_large`: they
 * have more; `busy`: others fill the memory now, or another is on its way to this
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
    const files: SentFile[] = [];
    for (const each of data.getAll('file')) {
      const isChosen = each instanceof File && (each.name !== '' || each.size > 0);
      if (!isChosen) continue;
      const bytes = new Uint8Array(await each.arrayBuffer());
      files.push({ name: each.name, type: each.type, bytes });
    }
    return { ok: true, form: { text, files } };
  } finally {
    taken[side] -= length;
    underway.delete(path);
  }
}
