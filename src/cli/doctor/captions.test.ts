import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TownState } from '../../domain/office/state.ts';
import { aboutCaptions } from './captions.ts';

const SECRET = 'a secret of more than two hundred and fifty-six bits';
const NOW = Temporal.Now.instant();

/** Two offices share an engine, and a third has none. */
const townWith = (url: string): TownState =>
  ({
    offices: new Map(
      Object.entries({
        oac: { settings: { video: { captions: { provider: 'V', engines: { ca: url } } } } },
        hisenda: { settings: { video: { captions: { provider: 'V', engines: { es: url } } } } },
        arxiu: { settings: {} },
      }),
    ),
  }) as unknown as TownState;

/** An engine behind a proxy that checks passes, by RFC 7515 with nothing of the library that signs them. */
const server = createServer();
let url: string;

const mayIn = (request: IncomingMessage): boolean => {
  const token = new URL(request.url ?? '', url).searchParams.get('token') ?? '';
  const [head = '', claims = '', signature] = token.split('.');
  const { aud, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}');
  const signed = createHmac('sha256', SECRET).update(`${head}.${claims}`).digest('base64url');
  return signature === signed && aud === url && exp * 1000 > Date.now();
};

beforeAll(async () => {
  server.on('upgrade', (request, socket) => {
    if (!mayIn(request)) return socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    return socket.on('data', () => socket.destroy()).on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  url = `ws://127.0.0.1:${port}/ca`;
});
afterAll(() => server.close());

test('an engine that takes our pass is right, and is tried once', async () =>
  expect(await aboutCaptions(townWith(url), SECRET, NOW)).toEqual([
    { state: 'right', words: `The speech-to-text engine ${url} answers.` },
  ]));

test('another secret, or an engine that is away, is wrong', async () => {
  const other = await aboutCaptions(townWith(url), `${SECRET}!`, NOW);
  expect(other).toMatchObject([
    { state: 'wrong', todo: expect.stringContaining('CAPTIONS_SECRET') },
  ]);
  const away = await aboutCaptions(townWith('ws://127.0.0.1:9/ca'), SECRET, NOW);
  expect(away).toMatchObject([{ state: 'wrong' }]);
});

test('engines without a secret are worth a look; a town without engines needs nothing', async () => {
  expect(await aboutCaptions(townWith(url), null, NOW)).toMatchObject([{ state: 'warning' }]);
  const none = { offices: new Map([['arxiu', { settings: {} }]]) } as unknown as TownState;
  expect(await aboutCaptions(none, SECRET, NOW)).toEqual([]);
});
