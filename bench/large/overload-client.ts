import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * A process that asks whether it is answered or not: `overload-client.ts PORT` reads JSON from its input (`Order`), sends so many requests
 * a second for so long, each from another address, and prints what came of them as JSON (`Result[]`).
 */
export interface Order {
  seconds: number;
  /** By rank. */
  asked: readonly Asked[];
}

export interface Asked {
  name: string;
  /** Requests a second. */
  rate: number;
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  /** Bodies of a request each, in their order; absent: none. */
  bodies?: readonly string[];
  /** All come from this address. Absent: each from another one. */
  from?: string;
}

export interface Result {
  name: string;
  /** How long each took in milliseconds, by what came of it. */
  answered: number[];
  refused: number[];
  /** Answers that must not be, with their number. */
  wrong: Record<string, number>;
}

/** So many requests of a kind are under way at most: what this process can't send is not asked. */
const MOST = 1_000;

const [port = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 6_000, scheduling: 'lifo' });
let asked = 0;

/** Returns the status; 0: no answer. */
function ask({ method, path, headers, from }: Asked, body = ''): Promise<number> {
  const nth = asked++;
  const address = from ?? `10.${(nth >> 16) & 255}.${(nth >> 8) & 255}.${nth & 255}`;
  const sent = request({
    agent,
    host: '127.0.0.1',
    port,
    method,
    path,
    headers: {
      Accept: 'text/html',
      'Accept-Encoding': 'gzip',
      'Accept-Language': 'ca',
      'X-Forwarded-For': address,
      ...headers,
      ...(body && { 'Content-Length': String(Buffer.byteLength(body)) }),
    },
  });
  return new Promise((resolve) => {
    sent.on('response', (answer) => {
      answer.resume();
      answer.on('error', () => resolve(0));
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}

/** Sends requests at their rate for so long, whatever becomes of them. */
async function send(one: Asked, seconds: number): Promise<Result> {
  const result: Result = { name: one.name, answered: [], refused: [], wrong: {} };
  const begun = performance.now();
  const under = new Set<Promise<void>>();
  const askOne = (nth: number) => {
    const asking: Promise<void> = answered(nth).finally(() => under.delete(asking));
    under.add(asking);
  };
  const answered = async (nth: number) => {
    const at = performance.now();
    const status = await ask(one, one.bodies?.[nth % one.bodies.length]);
    const took = performance.now() - at;
    if (status === 503) result.refused.push(took);
    else if (status >= 200 && status < 400) result.answered.push(took);
    else result.wrong[status] = (result.wrong[status] ?? 0) + 1;
  };
  for (let nth = 0; ; ) {
    const elapsed = (performance.now() - begun) / 1_000;
    if (elapsed >= seconds) break;
    for (; nth < elapsed * one.rate; nth++) if (under.size < MOST) askOne(nth);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(under);
  return result;
}

const { seconds, asked: all } = JSON.parse(await text(process.stdin)) as Order;
const results = await Promise.all(all.map((one) => send(one, seconds)));
process.stdout.write(`${JSON.stringify(results)}\n`);
agent.destroy();
