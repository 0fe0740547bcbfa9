import { Readable } from 'node:stream';
import type { Context } from 'hono';
import type { OpenDocument } from '../../features/service/documents/types.ts';

/**
 * Sends a document as a download: never shown as a page of ours, whatever its declared type. If a
 * browser opens it
 * nevertheless, the policy blocks every script, form and request. Without a size it is sent as long as it is read.
 */
export async function sendFile(
  c: Context,
  document: Pick<OpenDocument, 'name' | 'type'> & {
    size?: number;
    read(): AsyncIterable<Uint8Array>;
  },
): Promise<Response> {
  const bytes = document.read();
  // A file that is corrupt at its beginning is refused before anything is sent.
  const first = await bytes[Symbol.asyncIterator]().next();
  const headers = {
    'Content-Type': document.type,
    ...(document.size !== undefined && { 'Content-Length': String(document.size) }),
    'Content-Disposition': dispositionOf(document.name),
    'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    'X-Robots-Tag': 'noindex',
  };
  const whole = async function* () {
    if (!first.done) yield first.value;
    yield* bytes;
  };
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  return c.body(Readable.toWeb(Readable.from(whole())) as ReadableStream<Uint8Array>);
}

/** Sends a small file as a download: see `sendFile`. */
export const sendBytes = (
  c: Context,
  { bytes, ...named }: { name: string; type: string; bytes: Buffer },
): Promise<Response> =>
  sendFile(c, {
    ...named,
    size: bytes.length,
    async *read() {
      yield bytes;
    },
  });

/** Returns a file's name in a header, for old and new browsers (RFC 6266, 5; RFC 8187). */
export function dispositionOf(name: string): string {
  const plain = name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\w .-]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
