/** Thrown where an answer is longer than what is read of it. */
export class TooLong extends Error {
  readonly code = 'TOO_LONG';
}

/** Returns the body of an answer. @throws TooLong when it has more than `mostBytes`, after decompression; then the rest is not read */
export async function limitedBody(response: Response, mostBytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > mostBytes) throw new TooLong('The answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Returns a `fetch` whose answers have at most `mostBytes`, for libraries that take one. Its answers are whole when it resolves. */
export const limitedFetch =
  (mostBytes: number) =>
  async (url: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(url, init);
    const body = await limitedBody(response, mostBytes);
    const { status, headers } = response;
    // The length and the coding were those of the bytes on the wire.
    const kept = new Headers(headers);
    kept.delete('content-encoding');
    kept.delete('content-length');
    const hasBody = ![204, 205, 304].includes(status);
    return new Response(hasBody ? new Uint8Array(body) : null, { status, headers: kept });
  };
