import type { Server } from 'node:http';
import { serve as listenWith } from '@hono/node-server';
import type { Config } from './config.ts';
import { PlainError } from './lib/plain-error.ts';
import { losePatience, PATIENCE } from './patience.ts';

/** Answers a request; what comes with it is what Hono's applications take beside it. */
export type Fetch = (request: Request, bindings?: unknown) => Response | Promise<Response>;

/** Takes connections from now on. @throws PlainError where the address can't be had */
export function listen(
  fetch: Fetch,
  { host, port }: Pick<Config, 'host' | 'port'>,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = listenWith({ fetch, hostname: host, port, serverOptions: PATIENCE }, () =>
      resolve(server as Server),
    ) as Server;
    losePatience(server);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const words: Record<string, string> = {
        EADDRINUSE: `Port ${port} is in use: stop what uses it, or choose another with PORT.`,
        EACCES: `Port ${port} may not be opened by this user: choose one above 1023 with PORT.`,
        EADDRNOTAVAIL: `This machine doesn't have the address ${host}: set HOST to one of its own.`,
      };
      reject(words[error.code ?? ''] ? new PlainError(words[error.code ?? '']) : error);
    });
  });
}

/** Stops taking connections, lets requests finish for a while, then ends the rest. */
export async function stopListening(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const enough = setTimeout(() => server.closeAllConnections(), 5_000);
  await done;
  clearTimeout(enough);
}
