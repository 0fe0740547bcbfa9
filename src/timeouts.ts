import type { IncomingMessage, Server } from 'node:http';

/** The state of a request that is still arriving. */
export interface Coming {
  method: string;
  /** Path and query. */
  url: string;
  /** Seconds since it began. */
  seconds: number;
  /** Bytes in the last `LOOK_EVERY_SECONDS`. */
  bytes: number;
}

/** The interval of the check. */
export const LOOK_EVERY_SECONDS = 15;
/** The time in which a form arrives over any connection. */
const FORM_SECONDS = 60;
/** 25 MB at 14 kB a second, the speed of an old telephone in the mountains. */
const FILE_SECONDS = 1_800;
/** A slower request is not a slow connection but an attack. */
const LEAST_BYTES_A_SECOND = 1_000;
/** The paths of file uploads, whole or in parts. */
const FILE = /\/documents(\/upload\/[^/?]+)?(\?|$)/;

/**
 * Returns whether the server continues to wait for a request: one minute, or for files up to half an hour while their bytes arrive. Pure.
 */
export function isWaitedFor({ method, url, seconds, bytes }: Coming): boolean {
  const isFile = (method === 'POST' || method === 'PATCH') && FILE.test(url);
  if (!isFile) return seconds < FORM_SECONDS;
  return seconds < FILE_SECONDS && bytes >= LEAST_BYTES_A_SECOND * LOOK_EVERY_SECONDS;
}

/**
 * Node's limits: headers must arrive soon, and no request may take longer than a file. An idle connection stays for longer than proxies keep
 * theirs (nginx 60 s, Traefik 90, Caddy 120): a form that is sent by one that is just being closed would get 502.
 */
export const TIMEOUTS = {
  headersTimeout: 20_000,
  requestTimeout: FILE_SECONDS * 1_000,
  keepAliveTimeout: 125_000,
};

const TOO_SLOW = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Ends requests that arrive too slowly, so that a client that sends single bytes doesn't block others. */
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
      // Data that has arrived and wasn't read yet is the server's delay, not the client's.
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
