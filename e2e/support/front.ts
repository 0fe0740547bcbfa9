import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A front of several processes: one address that leads to any process that accepts the connection. */
export interface Front extends AsyncDisposable {
  port: number;
  /** The processes' ports; asked in turn. */
  behind: number[];
}

/** At a free port of this machine, unless where it is open already. */
export async function openFront(at?: Server): Promise<Front> {
  const open = new Set<Socket>();
  const behind: number[] = [];
  let turn = 0;
  /** Tries them one after the other; what is dead takes no connection. */
  const lead = async (): Promise<Socket | null> => {
    for (let tries = 0; tries < behind.length; tries++) {
      const socket = connect(behind[turn++ % behind.length] ?? 0, '127.0.0.1');
      const isThere = await once(socket, 'connect').then(
        () => true,
        () => false,
      );
      if (isThere) return socket;
    }
    return null;
  };
  const server = createServer({ pauseOnConnect: true }, async (client) => {
    client.on('error', () => client.destroy());
    open.add(client);
    const process = await lead();
    if (!process) return client.destroy();
    open.add(process);
    process.on('error', () => client.destroy());
    process.on('close', () => client.destroy());
    client.on('close', () => process.destroy());
    client.pipe(process).pipe(client);
    client.resume();
  });
  if (at) server.listen(at);
  else server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    behind,
    [Symbol.asyncDispose]: async () => {
      for (const each of open) each.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
