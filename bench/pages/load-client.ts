import { connect, type Socket } from 'node:net';

/**
 * A process that asks for one page again and again: `load-client.ts PORT PATH CONNECTIONS REQUESTS` prints, as JSON, the requests a second and
 * how long each took. It reads no more of the answers than it must, since it shares the machine with what it measures.
 */
const [port, path, connections, requests] = process.argv.slice(2);
let left = Number(requests);
const taken: number[] = [];
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** Another browser each time: one address alone is limited (src/web/limiter.ts). */
function requestOf(nth: number): string {
  const from = `10.${nth >> 16}.${(nth >> 8) & 255}.${nth & 255}`;
  return (
    `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: text/html\r\nAccept-Language: ca\r\n` +
    `Accept-Encoding: gzip, deflate, br, zstd\r\nX-Forwarded-For: ${from}\r\n\r\n`
  );
}

/** Returns the length of the first answer in these bytes; 0 while it isn't complete. */
function lengthOf(received: Buffer): number {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const head = received.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  if (status !== 200) throw new Error(`${path} answered ${status}`);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const whole = end + 4 + Number(length);
    return received.length >= whole ? whole : 0;
  }
  return received.subarray(-5).equals(LAST_CHUNK) ? received.length : 0;
}

function client(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket: Socket = connect(Number(port), '127.0.0.1').setNoDelay(true);
  let received: Buffer = Buffer.alloc(0);
  let began = 0;
  const ask = () => {
    if (left <= 0) {
      socket.destroy();
      return resolve();
    }
    began = performance.now();
    socket.write(requestOf(left--));
  };
  socket.on('connect', ask);
  socket.on('error', reject);
  socket.on('end', () => reject(new Error('The server closed the connection')));
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const length = lengthOf(received);
    if (length === 0) return;
    received = received.subarray(length);
    taken.push(performance.now() - began);
    ask();
  });
  return promise;
}

const start = performance.now();
await Promise.all(Array.from({ length: Number(connections) }, client));
const rate = (Number(requests) * 1000) / (performance.now() - start);
console.log(JSON.stringify({ rate, taken }));
