import type { IncomingMessage, Server } from 'node:http';

/** What a request that still comes is like. */
export interface Coming {
  method: string;
  /** Path and query. */
  url: string;
  /** Since it began. */
  seconds: number;
  /** Bytes in the last `LOOK_EVERY_SECONDS`. */
  bytes: number;
}

/** How often it is looked at. */
export const LOOK_EVERY_SECONDS = 15;
/** A form has come by then, over any line. */
const FORM_SECONDS = 60;
/** 25 MB at 14 kB in a second, as an old telephone's line in the hills has it. */
const FILE_SECONDS = 1_800;
/** Less than this is no line, but somebody who holds one. */
const LEAST_BYTES_A_SECOND = 1_000;
/** Where files come, whole or in parts. */
const FILE = /\/documents(\/upload\/[^/?]+)?(\?|$)/;

/** Whether a request is waited for: for a minute, or for files as long as their bytes flow, half an hour at most. Pure. */
export function isWaitedFor({ method, url, seconds, bytes }: Coming): boolean {
  const isFile = (method === 'POST' || method === 'PATCH') && FILE.test(url);
  if (!isFile) return seconds < FORM_SECONDS;
  return seconds < FILE_SECONDS && bytes >= LEAST_BYTES_A_SECOND * LOOK_EVERY_SECONDS;
}

/** What Node is told: headers come soon, and nothing is waited for longer than a file is. */
export const TIMEOUTS = { headersTimeout: 20_000, requestTimeout: FILE_SECONDS * 1_000 };

const TOO_SLOW = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Ends requests of a server that nobody waits for: who sends theirs a byte at a time keeps nobody else waiting. */
export function applyTimeouts(
  server: Server,
  isWaited: (coming: Coming) => boolean = isWaitedFor,
  everySeconds = LOOK_EVERY_SECONDS,
): void {
  server.on('request', (request: IncomingMessage) => {
    const { socket, method = '', url = '' } = request;
    let seconds = 0;
    let before = socket.bytesRead;
    const timer = setInterval(() => {
      if (request.complete || socket.destroyed) return clearInterval(timer);
      seconds += everySeconds;
      // What has come and wasn't taken yet waits for us, not we for it.
      if (request.readableLength > 0) return;
      const bytes = socket.bytesRead - before;
      before = socket.bytesRead;
      if (isWaited({ method, url, seconds, bytes })) return;
      clearInterval(timer);
      socket.end(TOO_SLOW, () => socket.destroy());
    }, everySeconds * 1_000);
    timer.unref();
    request.once('close', () => clearInterval(timer));
  });
}
