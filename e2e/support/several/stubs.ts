import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A machine in the place of one of ours, behind a proxy. */
export interface Stub extends AsyncDisposable {
  port: number;
  /** Method and path of each request, except those about its health. */
  asked: string[];
  /** What `/readyz` says. */
  isReady: boolean;
  /** Answers what it is asked. */
  answer(asked: IncomingMessage, answer: ServerResponse): void;
}

/** Starts a machine that answers everything with 200, until it is told otherwise. */
export async function openStub(): Promise<Stub> {
  const stub: Omit<Stub, 'port' | typeof Symbol.asyncDispose> = {
    asked: [],
    isReady: true,
    answer: (_, answer) => answer.end(),
  };
  const server = createServer((asked, answer) => {
    if (asked.url === '/readyz' || asked.url === '/healthz') {
      const isWell = stub.isReady || asked.url === '/healthz';
      // Ours answers nobody who doesn't say which host they want.
      answer.statusCode = !asked.headers.host ? 400 : isWell ? 200 : 503;
      answer.end();
      return;
    }
    stub.asked.push(`${asked.method} ${asked.url}`);
    stub.answer(asked, answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(stub, {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}
