import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { networkOf } from './web/address.ts';

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
/** 25 MB at 14 kB a second, the speed of an old telephone in the mountains. Announced pieces of a document are kept for twice as long. */
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
  connectionsCheckingInterval: 5_000,
};

/** For so long, in milliseconds, an answer of which nothing is taken is kept for its reader. */
const UNREAD_MS = 120_000;

const TOO_SLOW = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * Disconnects whoever takes nothing of an answer for `afterMs`: it would be kept in memory for as long as they like. Whoever waits for an answer isn't
 * disconnected, however late it is. `keepAliveTimeout` holds for connections without a request.
 */
export function cutUnread(server: Server, afterMs = UNREAD_MS): void {
  const answering = new WeakMap<Socket, number>();
  const change = (socket: Socket, by: 1 | -1) =>
    answering.set(socket, (answering.get(socket) ?? 0) + by);
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    change(socket, 1);
    // Not `once`, here and below: it keeps another function as long as a stream lasts.
    response.on('close', () => change(socket, -1));
  });
  // Node calls it when nothing was read or sent for so long, and no part of what is being sent was taken.
  server.setTimeout(afterMs, (socket: Socket) => {
    const isAwaited = (answering.get(socket) ?? 0) > 0 && socket.writableLength === 0;
    if (!isAwaited) socket.destroy();
  });
}

/** What Node knows of a request. */
interface Wire {
  incoming?: IncomingMessage;
  outgoing?: ServerResponse;
}

type Fetch = (request: Request, bindings?: unknown) => Response | Promise<Response>;

/** Requests of one connection that are sent without waiting for an answer. Browsers and proxies send none. */
const MOST_AHEAD = 16;

/**
 * Returns what answers like `fetch`, the requests of a connection one after the other: Node starts all that arrive together, and buffers the answers for a client
 * that reads none. A connection with too many requests is ended.
 */
export function oneByOne(fetch: Fetch): Fetch {
  const lines = new WeakMap<Socket, { last: Promise<void> | null; many: number }>();
  const gone = () => new Response(null, { status: 503 });
  return (request, bindings) => {
    const { incoming, outgoing } = (bindings ?? {}) as Wire;
    if (!incoming || !outgoing) return fetch(request, bindings);
    const { socket } = incoming;
    const line = lines.get(socket) ?? { last: null, many: 0 };
    lines.set(socket, line);
    const before = line.last;
    const { promise, resolve } = Promise.withResolvers<void>();
    line.last = promise;
    line.many++;
    outgoing.on('close', () => {
      line.many--;
      if (line.last === promise) line.last = null;
      resolve();
    });
    if (line.many > MOST_AHEAD) socket.destroy();
    if (socket.destroyed) return gone();
    if (!before) return fetch(request, bindings);
    return before.then(() => (socket.destroyed ? gone() : fetch(request, bindings)));
  };
}

/** This part of the files that a process may have open isn't for connections of clients, but for the database, files and other servers. */
const KEPT_PART = 4;
const LEAST_KEPT = 256;

/** Returns how many connections of clients a process has at most, by what `/proc/self/limits` says; null: it says nothing. Pure. */
export function mostConnections(limits: string): number | null {
  const files = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]);
  if (!files) return null;
  return files - Math.min(Math.max(LEAST_KEPT, Math.floor(files / KEPT_PART)), files >> 1);
}

/** One address has at most so many connections, and half of what the process has: 250 agents in one town hall, each with eight. */
const MOST_EACH = 2_000;

/** How many connections of clients there may be. */
export interface ConnectionLimits {
  /** Null: any number. */
  most: number | null;
  /** Of one address; null: any number. */
  mostEach: number | null;
}

/** Returns the limits of this process. `trustedProxies`: behind some all connections are those of proxies, which limit their clients. */
export function connectionLimits({ trustedProxies }: { trustedProxies: number }): ConnectionLimits {
  const most = mostConnections(readLimits());
  const mostEach = Math.min(MOST_EACH, (most ?? Number.POSITIVE_INFINITY) / 2);
  return { most, mostEach: trustedProxies > 0 ? null : mostEach };
}

/**
 * Refuses connections before there are too many for the process, or of one address, and then makes room: it ends the older half of those on which nothing was
 * ever sent; where the process has none, those that wait for a next request, as those of proxies and browsers do.
 */
export function limitConnections(server: Server, { most, mostEach }: ConnectionLimits): void {
  if (most !== null) server.maxConnections = most;
  const silent = createSilent();
  const clients = new Map<string, Client>();
  server.on('connection', (socket) => {
    const address = networkOf(socket.remoteAddress ?? '');
    const client = clients.get(address) ?? { open: 0, silent: createSilent() };
    if (mostEach !== null && client.open >= mostEach && !client.silent.endOlderHalf())
      return socket.destroy();
    clients.set(address, client);
    client.open++;
    for (const each of [silent, client.silent]) each.sockets.add(socket);
    socket.on('close', () => {
      for (const each of [silent, client.silent]) each.sockets.delete(socket);
      if (--client.open === 0) clients.delete(address);
    });
  });
  server.on('drop', () => {
    if (!silent.endOlderHalf()) server.closeIdleConnections();
  });
}

/** The connections of one address. */
interface Client {
  open: number;
  silent: Silent;
}

/** Connections on which nothing was ever sent, in the order in which they were opened. Node doesn't count them as idle. */
interface Silent {
  sockets: Set<Socket>;
  /** Returns whether there were any. Leaves out those on which something was sent by now, so that each is looked at once however often it is called. */
  endOlderHalf(): boolean;
}

function createSilent(): Silent {
  const sockets = new Set<Socket>();
  const endOlderHalf = () => {
    for (const each of sockets) if (each.bytesRead > 0 || each.destroyed) sockets.delete(each);
    const older = [...sockets].slice(0, Math.ceil(sockets.size / 2));
    for (const each of older) {
      sockets.delete(each);
      each.destroy();
    }
    return older.length > 0;
  };
  return { sockets, endOlderHalf };
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return ''; // not on Linux
  }
}

/** Ends requests that arrive too slowly, so that a client that sends single bytes doesn't block others. */
export function applyTimeouts(
  server: Server,
  isWaited: (coming: Coming) => boolean = isWaitedFor,
  everySeconds = LOOK_EVERY_SECONDS,
): void {
  server.on('request', (request: IncomingMessage) => {
    const { socket, method = '', url = '', headers } = request;
    // Without a body it has come (RFC 9112, 6.3).
    if (!headers['content-length'] && !headers['transfer-encoding']) return;
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
    request.on('close', () => clearInterval(timer));
  });
}
