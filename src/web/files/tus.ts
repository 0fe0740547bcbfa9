import type { Context } from 'hono';
import type { AppendResult, BeginResult } from '../../features/service/documents/service.ts';
import type { NewDocument } from '../../features/service/documents/types.ts';
import { createShares, type Sender } from '../shares.ts';

/*
 * The server's side of tus 1.0.0, the protocol of resumable uploads: its core, and creation. It is thin:
 * the service stores the progress and the permissions. https://tus.io/protocols/resumable-upload
 */
const VERSION = '1.0.0';
const OFFSET_TYPE = 'application/offset+octet-stream';
const STATUS: Record<string, 400 | 404 | 409 | 413 | 422 | 503 | 507> = {
  not_found: 404,
  conflict: 409,
  not_open: 409,
  too_large: 413,
  full: 413,
  empty: 422,
  not_requested: 422,
  no_room: 507,
  not_now: 503,
};

/** Answers a refusal with a code, for which the page has words. */
function refuse(c: Context, reason: string): Response {
  if (reason === 'not_now' || reason === 'no_room') c.header('Retry-After', '30');
  return answer(c).json({ reason }, STATUS[reason] ?? 400);
}

function answer(c: Context): Context {
  c.header('Tus-Resumable', VERSION);
  c.header('Cache-Control', 'no-store');
  return c;
}

const isTus = (c: Context): boolean => c.req.header('Tus-Resumable') === VERSION;

function wrongVersion(c: Context): Response {
  c.header('Tus-Version', VERSION);
  return answer(c).body(null, 412);
}

/**
 * Returns the announced file of a creation (`Upload-Length`, `Upload-Metadata`); null: it isn't from our
 * page.
 */
function readNew(c: Context): Omit<NewDocument, 'kind'> | null {
  const length = c.req.header('Upload-Length') ?? '';
  if (!/^\d{1,15}$/.test(length)) return null;
  const pairs = (c.req.header('Upload-Metadata') ?? '').split(',').map((each) => {
    const [name = '', value = ''] = each.trim().split(' ');
    return [name, Buffer.from(value, 'base64').toString('utf8').replaceAll('\0', '')] as const;
  });
  const said = new Map(pairs);
  return {
    name: said.get('filename') ?? '',
    type: (said.get('filetype') ?? '').slice(0, 100),
    requested: said.get('requested') || null,
    size: Number(length),
  };
}

/** POST: announces an upload, and returns the address for its parts. */
export async function createUpload(
  c: Context,
  begin: (document: Omit<NewDocument, 'kind'>) => Promise<BeginResult>,
  addressOf: (id: string) => string,
): Promise<Response> {
  if (!isTus(c)) return wrongVersion(c);
  const announced = readNew(c);
  if (!announced) return answer(c).body(null, 400);
  const begun = await begin(announced);
  if (!begun.ok) return refuse(c, begun.reason);
  c.header('Location', addressOf(begun.id));
  return answer(c).body(null, 201);
}

/** HEAD: returns the offset to continue from. */
export function formatProgress(
  c: Context,
  progress: { size: number; received: number } | null,
): Response {
  if (!progress) return refuse(c, 'not_found');
  c.header('Upload-Offset', String(progress.received));
  c.header('Upload-Length', String(progress.size));
  return answer(c).body(null, 200);
}

/** The parts in progress, by their address. Each holds some megabytes of memory. */
const underway = new Set<string>();
/** The limits of parallel parts: in total, for one link (our page sends one), and for one address. */
const parts = createShares(24, { link: 3, address: 8 });

async function* nothing(): AsyncGenerator<Uint8Array> {}

/**
 * PATCH: receives a part, from the present offset. One at a time for each upload: a refused client asks
 * for the offset and continues.
 */
export async function takePart(
  c: Context,
  from: Sender,
  append: (offset: number, bytes: AsyncIterable<Uint8Array>) => Promise<AppendResult>,
): Promise<Response> {
  if (!isTus(c)) return wrongVersion(c);
  if (c.req.header('Content-Type') !== OFFSET_TYPE) return answer(c).body(null, 415);
  const offset = c.req.header('Upload-Offset') ?? '';
  if (!/^\d{1,15}$/.test(offset)) return answer(c).body(null, 400);
  const { path } = c.req;
  if (underway.has(path)) return refuse(c, 'conflict');
  const giveBack = parts.take(from, 1);
  if (!giveBack) return refuse(c, 'not_now');
  underway.add(path);
  const taking = append(Number(offset), c.req.raw.body ?? nothing());
  const appended = await taking.finally(() => {
    underway.delete(path);
    giveBack();
  });
  if (!appended.ok) return refuse(c, appended.reason);
  c.header('Upload-Offset', String(appended.received));
  return answer(c).body(null, 204);
}
