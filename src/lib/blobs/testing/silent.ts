import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { S3Settings } from '../settings.ts';

/** A store that takes connections, sends the beginning of an answer to whatever it reads, and then nothing more. */
export interface SilentStore extends AsyncDisposable {
  settings: S3Settings;
  /** The connections that it was asked by. */
  connections(): number;
}

/** Opens one. `answer`: what it sends; empty: nothing at all. */
export async function silentStore(answer = ''): Promise<SilentStore> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.on('data', () => answer && socket.write(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    settings: {
      ...{ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', bucket: 'silent' },
      ...{ accessKey: 'key', secretKey: 'secret' },
    },
    connections: () => sockets.size,
    [Symbol.asyncDispose]: async () => {
      for (const each of sockets) each.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The beginning of an answer. */
export const BEGINNING = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegins and';
