import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import type { Issued } from '../../../../e2e/support/identity/certificates.ts';
import { testLogins } from '../testing.ts';

/** A way to the server of the tests by TCP, on which everything can be held. */
export interface Gate {
  port: number;
  /** Nothing passes any more, and nothing ends: as when a machine has vanished. */
  freeze(): void;
  /** Nobody can connect any more; connections go on. */
  refuse(): void;
  close(): void;
}

const gates: Gate[] = [];

/** Closes all gates of a test file. */
export function closeGates(): void {
  for (const each of gates.splice(0)) each.close();
}

/** Answers the wish for TLS (PostgreSQL 17, 54.2.10) as a server with this certificate. */
function secured(socket: Socket, { pem, keyPem }: Issued): Promise<Socket> {
  return new Promise((resolve) => {
    socket.once('data', () => {
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, cert: pem, key: keyPem });
      resolve(secure.on('error', () => {}));
    });
  });
}

/** The server is ready for the first question (PostgreSQL 17, 54.7: ReadyForQuery outside a transaction). */
const READY = Buffer.from('Z\0\0\0\u0005I', 'latin1');

/**
 * @param own the certificate of a gate that takes connections by TLS only
 * @param onAsked called at the first question on each connection, to which nothing is answered; absent: everything passes
 */
export async function openGate(own?: Issued, onAsked?: () => void): Promise<Gate> {
  const { host, port } = testLogins().runtime;
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const server = createServer(async (socket) => {
    sockets.add(socket.on('error', () => {}));
    if (isFrozen) return;
    const from = own ? await secured(socket, own) : socket;
    const to = connect(join(String(host), `.s.PGSQL.${port}`)).on('error', () => {});
    sockets.add(to);
    from.pipe(to).pipe(from);
    if (!onAsked) return;
    to.on('data', (bytes: Buffer) => {
      if (!bytes.includes(READY)) return;
      from.unpipe(to);
      from.once('data', onAsked).resume();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const gate: Gate = {
    port: (server.address() as AddressInfo).port,
    freeze: () => {
      isFrozen = true;
      for (const each of sockets) each.unpipe().pause();
    },
    refuse: () => void server.close(),
    close: () => {
      for (const each of sockets) each.destroy();
      server.close();
    },
  };
  gates.push(gate);
  return gate;
}
