import type { Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer, type Server as NetServer } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Config } from './config.ts';
import { writeDirectly } from './lib/http/direct.ts';
import { STOPPING } from './lib/http/stopping.ts';
import { PlainError } from './lib/plain-error.ts';
import {
  applyTimeouts,
  connectionLimits,
  cutUnread,
  limitConnections,
  oneByOne,
  TIMEOUTS,
} from './timeouts.ts';

/** Answers a request; `bindings` are the additional values for Hono's applications. */
export type Fetch = (request: Request, bindings?: unknown) => Response | Promise<Response>;

type Address = Pick<Config, 'host' | 'port'>;
type Listening = Address & Pick<Config, 'trustedProxies'>;

/**
 * Reserves the address for a server that begins later, perhaps as a user without the right to it. Connections before that are refused.
 * @throws PlainError when the address isn't available
 */
export function reserve(address: Address): Promise<NetServer> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => reject(explain(error, address)));
    // After a failed start, the reserved port alone must not keep the process running.
    server.listen(address.port, address.host, () => resolve(server.unref()));
  });
}

interface Variables {
  host: string;
  port: string;
}

export interface ListenOptions {
  /** The result of `reserve()`, if the address was reserved before. */
  reserved?: NetServer | undefined;
  /** Key and certificate in PEM, for https; without them it is http. */
  tls?: { key: string; cert: string };
  /** The variables that say the address. */
  variables?: Variables;
  /** Called, once a minute at most, when a connection can't be taken. The server goes on. */
  onTrouble?: (error: Error) => void;
}

/**
 * Accepts connections from now on.
 * @throws PlainError when the address isn't available
 */
export function listen(
  fetch: Fetch,
  address: Listening,
  { reserved, tls, variables, onTrouble = () => {} }: ListenOptions = {},
): Promise<Server> {
  const inOrder = oneByOne(writeDirectly(fetch));
  return new Promise((resolve, reject) => {
    const server = createAdaptorServer(
      tls
        ? {
            fetch: inOrder,
            createServer: createSecureServer,
            serverOptions: { ...TIMEOUTS, ...tls },
          }
        : { fetch: inOrder, serverOptions: TIMEOUTS },
    ) as Server;
    applyTimeouts(server);
    cutUnread(server);
    limitConnections(server, connectionLimits(address));
    const failed = (error: Error) => reject(explain(error, address, variables));
    server.once('error', failed);
    const started = () => {
      server.off('error', failed);
      server.on('error', atMostOnceAMinute(onTrouble));
      resolve(server);
    };
    if (reserved) server.listen(reserved.ref(), started);
    else server.listen(address.port, address.host, started);
  });
}

function atMostOnceAMinute(tell: (error: Error) => void): (error: Error) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (performance.now() - told < 60_000) return;
    told = performance.now();
    tell(error);
  };
}

function explain(
  error: NodeJS.ErrnoException,
  { host, port }: Address,
  variables: Variables = { host: 'HOST', port: 'PORT' },
): Error {
  const words: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use: stop what uses it, or choose another with ${variables.port}.`,
    EACCES: `Port ${port} may not be opened by this user: choose one above 1023 with ${variables.port}.`,
    EADDRNOTAVAIL: `This machine doesn't have the address ${host}: set ${variables.host} to one of its own.`,
  };
  const known = words[error.code ?? ''];
  return known ? new PlainError(known) : error;
}

/** Stops accepting connections, lets requests finish for a while, then ends the rest. */
export async function stopListening(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const enough = setTimeout(() => server.closeAllConnections(), STOPPING.finishMs);
  await done;
  clearTimeout(enough);
}
