import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from './support/processes.ts';
import { lacks, openSeveral } from './support/proxies/proxy.ts';

it.skipIf(lacks('haproxy'))(
  'while two versions serve, a file of the newer one’s pages is found, wherever the request goes',
  async () => {
    const stub = async (hasFile: boolean) => {
      const server = createServer((asked, answer) => {
        answer.statusCode = asked.url === '/assets/newer.css' && !hasFile ? 404 : 200;
        answer.end();
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    };
    const [older, newer] = [await stub(false), await stub(true)];
    const port = await freePort();
    const ports = [older, newer].map((each) => (each.address() as AddressInfo).port);
    await using _ = await openSeveral(port, ports);
    const statuses = [];
    for (let times = 0; times < 20; times++)
      statuses.push((await fetch(`http://127.0.0.1:${port}/assets/newer.css`)).status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    for (const each of [older, newer]) {
      each.closeAllConnections();
      each.close();
    }
  },
);
