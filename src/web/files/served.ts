import { Readable } from 'node:stream';
import type { Context } from 'hono';
import type { OpenDocument } from '../../features/service/documents/types.ts';

/**
 * Sends a document as a file to keep: never shown as a page of ours, whatever it says that it is. The policy takes from it,
 * should a browser open it all the same, every script, form and request.
 */
export async function sendFile(
  c: Context,
  document: Pick<OpenDocument, 'name' | 'type' | 'size' | 'read'>,
): Promise<Response> {
  const bytes = document.read();
  // What was spoilt at its very beginning is said before anything is sent.
  const first = await bytes[Symbol.asyncIterator]().next();
  const headers = {
    'Content-Type': document.type,
    'Content-Length': String(document.size),
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

/** A file's name in a header, for old browsers and new (RFC 6266, 5; RFC 8187). */
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
