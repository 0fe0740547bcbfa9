import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  clamdAddress,
  createClamd,
  EICAR,
  nameOf,
  type Scan,
  type Timeouts,
  versionOf,
} from './clamd.ts';
import { MARK, NO_CLAMD, openClamd, type RealClamd } from './testing/clamd.ts';
import { contentOf } from './testing/content.ts';

const MB = 1 << 20;
const clean: Scan = { verdict: 'clean' };
const failed = (reason: string) => ({ verdict: 'error', reason });

describe('an address', () => {
  test.each(['unix:/run/clamav/clamd.ctl', 'tcp:127.0.0.1:3310', 'tcp:clamd.vilaclara.cat:3310'])(
    '%s is valid',
    (text) => expect(nameOf(clamdAddress(text)!)).toBe(text),
  );
  test('of version 6 of the protocol is in brackets', () =>
    expect(clamdAddress('tcp:[::1]:3310')).toEqual({ host: '::1', port: 3310 }));
  test.each(['/run/clamd.ctl', 'unix:clamd.ctl', 'tcp:host', 'tcp:host:0', 'tcp:host:70000', 'x'])(
    '%s is invalid',
    (text) => expect(clamdAddress(text)).toBeNull(),
  );
});

test('a version is the engine’s, with the signatures’ where there are official ones', () => {
  expect(versionOf('ClamAV 1.4.6/27815/Wed Nov 25 09:24:11 2026\0')).toEqual({
    engine: '1.4.6',
    signatures: { number: 27815, day: Temporal.PlainDate.from('2026-11-25') },
  });
  expect(versionOf('ClamAV 1.4.6/27815/Tue Dec  1 09:24:11 2026\0')?.signatures?.day.day).toBe(1);
  expect(versionOf('ClamAV 1.4.6\0')).toEqual({ engine: '1.4.6', signatures: null });
  expect(versionOf('PONG\0')).toBeNull();
});

describe.skipIf(NO_CLAMD)('a real clamd', () => {
  let real: RealClamd;
  beforeAll(async () => {
    real = await openClamd(['StreamMaxLength 40M', 'MaxFileSize 40M']);
  });
  afterAll(() => real[Symbol.asyncDispose]());
  const scan = (bytes: Uint8Array | string) => createClamd(real.address).scan(contentOf(bytes));

  test('accepts clean content of any length', async () => {
    for (const bytes of ['', 'hola', randomBytes(65_536), randomBytes(3 * MB + 1)])
      expect(await scan(bytes)).toEqual(clean);
  });

  test('finds harmful content, plain, deep inside, and packed', async () => {
    expect(await scan(EICAR)).toEqual({ verdict: 'infected', name: 'Prova.Eicar.UNOFFICIAL' });
    const far = Buffer.concat([randomBytes(2 * MB), Buffer.from(MARK), randomBytes(MB)]);
    expect(await scan(far)).toMatchObject({ verdict: 'infected' });
    const gzip = Buffer.concat([
      Buffer.from('1f8b0800000000000003', 'hex'),
      deflateRawSync(`és ${MARK}.`.repeat(100)),
      Buffer.alloc(8),
    ]);
    expect(await scan(gzip)).toMatchObject({ verdict: 'infected' });
  });

  test('gives its version', async () => {
    const clamd = createClamd(real.address);
    expect(await clamd.isThere()).toBe(true);
    expect(await clamd.version()).toMatchObject({ engine: expect.stringMatching(/^\d+\.\d+/) });
  });

  test('refuses content longer than its limit', async () => {
    for (let round = 0; round < 5; round++)
      expect(await scan(Buffer.alloc(41 * MB))).toEqual(failed('size'));
  });

  test('answers several requests at a time, each with its own result', async () => {
    const all = await Promise.all([scan('bé'), scan(EICAR), scan(randomBytes(MB)), scan(MARK)]);
    expect(all.map(({ verdict }) => verdict)).toEqual(['clean', 'infected', 'clean', 'infected']);
  });

  test('content that breaks off, or is shorter or longer than its size, is not clean', async () => {
    const clamd = createClamd(real.address);
    const cut = async function* () {
      yield Buffer.from('a bit');
      throw new Error('the disk is gone');
    };
    expect(await clamd.scan({ size: 9, read: cut })).toEqual(failed('content'));
    for (const size of [3, 5])
      expect(await clamd.scan({ ...contentOf('four'), size })).toEqual(failed('content'));
  });

  test('killed while it reads or scans, 30 times, never answers clean', async () => {
    const bytes = randomBytes(24 * MB);
    const clamd = createClamd(real.address);
    for (let round = 0; round < 30; round++) {
      await real.start();
      // At any moment of reading; every third time after everything has arrived.
      const when = round % 3 === 0 ? Number.POSITIVE_INFINITY : Math.random() * bytes.length;
      let killed: Promise<void> | null = null;
      const kill = () => {
        killed ??= real.kill();
      };
      const content = contentOf(bytes, {
        onRead: (total) => total >= when && kill(),
        onEnd: () => setImmediate(kill),
      });
      expect(await clamd.scan(content), `killed after ${when} of ${bytes.length} bytes`).toEqual(
        failed('away'),
      );
      await killed;
    }
    expect(await clamd.isThere()).toBe(false);
    expect(await clamd.version()).toBeNull();
    await real.start();
    expect(await clamd.scan(contentOf(bytes))).toEqual(clean);
  });
});

describe('a fake clamd', () => {
  const HURRIED = { connect: 200, stall: 200, answer: 200 };
  const PATIENT = { connect: 30_000, stall: 30_000, answer: 30_000 };
  /** Scans with a server that reads everything (or doesn't) and then does this. */
  async function scanWith(
    act: (socket: Socket, read: Promise<void>) => void,
    bytes = randomBytes(1000),
    timeouts: Timeouts = PATIENT,
  ): Promise<Scan> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => {}));
      const read = new Promise<void>((resolve) => {
        let last = '';
        socket.on('data', (part) => {
          last = (last + part.toString('latin1')).slice(-4);
          if (last === '\0\0\0\0') resolve();
        });
      });
      act(socket, read);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const answer = await createClamd({ host: '127.0.0.1', port }, timeouts).scan(contentOf(bytes));
    for (const socket of sockets) socket.destroy();
    server.close();
    return answer;
  }
  const says = (text: string) => (socket: Socket, read: Promise<void>) =>
    void read.then(() => socket.end(text));

  test('that behaves like clamd is accepted', async () => {
    expect(await scanWith(says('stream: OK\0'))).toEqual(clean);
    expect(await scanWith(says('stream: Win.Test FOUND\0'))).toEqual({
      verdict: 'infected',
      name: 'Win.Test',
    });
  });

  test.each([
    ['nothing', '', 'away'],
    ['half an answer', 'stream: O', 'answer'],
    ['an answer without its end', 'stream: OK', 'answer'],
    ['another end of the line', 'stream: OK\n', 'answer'],
    ['more after it', 'stream: OK\0stream: OK\0', 'answer'],
    ['something before it', '\0stream: OK\0', 'answer'],
    ['small letters', 'stream: ok\0', 'answer'],
    ['of another question', '1: stream: OK\0', 'answer'],
    ['an error', 'stream: Can’t allocate memory ERROR\0', 'answer'],
    ['a web page', 'HTTP/1.1 200 OK\r\n\r\n', 'answer'],
    ['a name with spaces', 'stream: a b FOUND\0', 'answer'],
    ['no end of words', 'stream: OK'.padEnd(100_000, ' '), 'answer'],
  ])('that answers %s is not accepted', async (_, text, reason) => {
    expect(await scanWith(says(text))).toEqual(failed(reason));
  });

  test('that hangs up at once, or in the middle, is away', async () => {
    expect(await scanWith((socket) => socket.destroy())).toEqual(failed('away'));
    const hangsUp = (socket: Socket) => socket.once('data', () => socket.resetAndDestroy());
    expect(await scanWith(hangsUp, randomBytes(8 * MB))).toEqual(failed('away'));
  });

  test('that hangs up in the middle each time is asked whether the length is too much', async () => {
    const LENGTH_ALONE = 'zINSTREAM\0'.length + 4;
    const answers = (answer: string) => (socket: Socket) =>
      void socket.once('data', ({ length }) =>
        length > LENGTH_ALONE ? socket.resetAndDestroy() : socket.end(answer),
      );
    const tooLong = answers('INSTREAM size limit exceeded. ERROR\0');
    expect(await scanWith(tooLong, randomBytes(8 * MB))).toEqual(failed('size'));
    expect(await scanWith(answers('stream: OK\0'), randomBytes(8 * MB))).toEqual(failed('away'));
  });

  test('that answers clean before it has everything is not accepted', async () => {
    const tooEarly = (socket: Socket) => socket.once('data', () => socket.end('stream: OK\0'));
    expect(await scanWith(tooEarly, randomBytes(8 * MB))).toEqual(failed('answer'));
  });

  test('that never answers, never reads, or never ends its answer is slow', async () => {
    const hurried = (act: Parameters<typeof scanWith>[0], bytes = randomBytes(1000)) =>
      scanWith(act, bytes, HURRIED);
    expect(await hurried(() => {})).toEqual(failed('slow'));
    expect(await hurried((socket) => socket.pause(), randomBytes(8 * MB))).toEqual(failed('slow'));
    const stays = (socket: Socket, read: Promise<void>) =>
      void read.then(() => socket.write('stream: OK\0'));
    expect(await hurried(stays)).toEqual(failed('slow'));
    // Single bytes now and then must not extend the timeout.
    const drips = (socket: Socket) => {
      const timer = setInterval(() => socket.write(' '), 20);
      socket.once('close', () => clearInterval(timer));
    };
    expect(await hurried(drips)).toEqual(failed('slow'));
  });

  test('is disconnected when the content never comes', async () => {
    const never = async function* () {
      await new Promise(() => {});
      yield Buffer.from('');
    };
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const clamd = createClamd({ host: '127.0.0.1', port }, HURRIED);
    expect(await clamd.scan({ size: 9, read: never })).toEqual(failed('slow'));
    server.close();
  });

  test('that doesn’t exist is away', async () => {
    for (const address of [{ path: '/nowhere/clamd.ctl' }, { host: '127.0.0.1', port: 1 }]) {
      const clamd = createClamd(address);
      expect(await clamd.scan(contentOf('x'))).toEqual(failed('away'));
      expect(await clamd.isThere()).toBe(false);
    }
  });
});
