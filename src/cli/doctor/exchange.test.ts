import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import type { TownState } from '../../domain/office/state.ts';
import { aboutExchanges } from './exchange.ts';

const townWith = (url: string): TownState =>
  ({
    offices: new Map([
      [
        'oac',
        { settings: { phone: { exchange: { url, domain: 'sip.example', desks: { a: '101' } } } } },
      ],
      ['hisenda', { settings: {} }],
    ]),
  }) as unknown as TownState;

test('an exchange with WebSockets is right, one that is away or without a password is reported', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.on('upgrade', (request, socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: sip\r\n\r\n`,
    );
    socket.on('data', () => socket.destroy()).on('error', () => {});
  });
  const { port } = server.address() as { port: number };
  const url = `ws://127.0.0.1:${port}`;
  const secrets = { secret: 'x', passwords: {} };
  expect(await aboutExchanges(townWith(url), secrets)).toMatchObject([{ state: 'right' }]);
  expect(await aboutExchanges(townWith(url), { secret: null, passwords: {} })).toMatchObject([
    { state: 'wrong', words: expect.stringContaining('101') },
  ]);
  const own = { secret: null, passwords: { '101@sip.example': 'y' } };
  expect(await aboutExchanges(townWith(url), own)).toMatchObject([{ state: 'right' }]);
  server.close();
  await once(server, 'close');
  expect(await aboutExchanges(townWith(url), secrets)).toMatchObject([{ state: 'wrong' }]);
});
