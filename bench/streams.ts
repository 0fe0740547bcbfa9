import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';
import { temporaryFolder } from './lib/database.ts';
import { Connection } from './lib/http.ts';
import { startOf, WORKING_DAYS } from './lib/pgbench.ts';
import { cpuOf, pssOf } from './lib/processes.ts';
import { ensureBuilt, type Server, startServer } from './lib/server.ts';
import type { Bench, Row } from './lib/table.ts';
import { BODY, STARTS_A_DAY, townText } from './lib/town.ts';

/** Each has as many streams as one person may. */
const PEOPLE = 50;
const STREAMS_EACH = 10;
const STREAMS = PEOPLE * STREAMS_EACH;
/** The desks of whom this procedure's appointments fall to; those of our people are among them. */
const PROCEDURE = 'volant-padro';
const BOOKINGS = 600;
const PAUSE_MS = 20;
const REST_MS = 5_000;
/** Two beats, in which half of the sessions are looked at. */
const IDLE_MS = 30_000;

interface Access {
  staff: { email: string; password: string; totpSecret: string }[];
  tokens: Record<string, string>;
}

export const streams: Bench = {
  name: 'streams',
  about: `Memory and CPU of ${STREAMS} idle streams of the console, and how soon a booking is told`,
  run: async (say) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const town = join(folder.path, 'town.yaml');
    const desks = Array.from({ length: PEOPLE }, (_, index) => `taula-${index + 1}`);
    const staff = desks.map((agent) => ({
      email: `${agent}@example.org`,
      name: agent,
      bodies: { [BODY]: { roles: ['agent'], agent } },
    }));
    const text = townText({ horizonDays: 100, always: true });
    writeFileSync(town, JSON.stringify({ ...JSON.parse(text), staff }));
    const server = await startServer(join(folder.path, 'data'), {
      TOWN_FILE: town,
      TRUSTED_PROXIES: '1',
    });
    try {
      return await measure(server, say);
    } finally {
      await server.stop();
      folder.remove();
    }
  },
};

async function measure(server: Server, say: (line: string) => void): Promise<Row[]> {
  const origin = `http://localhost:${server.port}`;
  const access = (await (await fetch(`${origin}/demo/access.json`)).json()) as Access;
  say(`${PEOPLE} people sign in`);
  const cookies: string[] = [];
  for (const person of access.staff) cookies.push(await signIn(origin, person));

  await wait(REST_MS);
  const before = pssOf([server.pid]);
  const told = new Map<string, number[]>();
  say(`${STREAMS} streams`);
  const listeners = await Promise.all(
    cookies.flatMap((cookie) =>
      Array.from({ length: STREAMS_EACH }, () => listen(origin, cookie, told)),
    ),
  );
  await wait(REST_MS);
  const busy = cpuOf(server.pid);
  await wait(IDLE_MS);
  const idle = (cpuOf(server.pid) - busy) / (IDLE_MS / 1000);
  const each = ((pssOf([server.pid]) - before) * 1024) / STREAMS;

  say(`${BOOKINGS} bookings`);
  const { sent, rate } = await bookSome(server.port, access.tokens[BODY] ?? '');
  await wait(REST_MS);
  for (const listener of listeners) listener.destroy();
  const took = [...sent].flatMap(([id, at]) => (told.get(id) ?? []).map((when) => when - at));
  took.sort((a, b) => a - b);
  const at = (part: number) => took[Math.floor(took.length * part)] ?? Number.NaN;
  return [
    {
      measure: `Streams of the console: memory of each of ${STREAMS}`,
      value: `${each.toFixed(1)} kB of the server's`,
      aim: '≤ 40 kB',
      met: each <= 40,
    },
    {
      measure: `${STREAMS} streams, idle: CPU of the server`,
      value: `${idle.toFixed(1)} ms a second`,
    },
    {
      measure: `A booking until it is told, at ${rate.toFixed(0)} a second`,
      value: `p95 ${at(0.95).toFixed(0)} ms, half ${at(0.5).toFixed(0)} ms, most ${at(1 - 1e-9).toFixed(0)} ms`,
      against: `${took.length} told, booking itself included`,
      aim: 'p95 ≤ 200 ms',
      met: at(0.95) <= 200,
    },
  ];
}

async function signIn(
  origin: string,
  { email, password, totpSecret }: Access['staff'][number],
): Promise<string> {
  const post = (path: string, form: Record<string, string>, cookie = '') =>
    fetch(`${origin}${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
      // From an address of their own: one alone may not sign in so often.
      headers: { cookie, 'X-Forwarded-For': `198.51.100.${/\d+/.exec(email)?.[0]}` },
      redirect: 'manual',
    });
  const jar = (answer: Response) =>
    answer.headers
      .getSetCookie()
      .map((each) => each.split(';')[0] ?? '')
      .filter((each) => !each.endsWith('='))
      .join('; ');
  const first = await post('/staff/sign-in', { email, password });
  const code = new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate();
  const second = await post('/staff/code', { code }, jar(first));
  const to = second.headers.get('Location') ?? String(second.status);
  if (!to.startsWith('/console')) throw new Error(`${email} can't sign in: ${to}`);
  return jar(second);
}

/** Opens a stream, and notes when which appointment was told of. Answers after the hello. */
function listen(origin: string, cookie: string, told: Map<string, number[]>) {
  return new Promise<{ destroy(): void }>((resolve, reject) => {
    const headers = { cookie, Accept: 'text/event-stream' };
    const request = get(`${origin}/console/${BODY}/stream`, { headers, agent: false }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`The stream answered ${answer.statusCode}`));
      answer.setEncoding('utf8').on('error', () => {});
      answer.on('data', (text: string) => {
        if (text.includes('event: hello')) resolve(request);
        const now = performance.now();
        for (const [, id = ''] of text.matchAll(/"appointment":"([^"]+)"/g))
          told.set(id, [...(told.get(id) ?? []), now]);
      });
    });
    request.on('error', reject);
  });
}

/** Books one after the other at random starts. Answers when each was asked for, by its id. */
async function bookSome(port: number, token: string) {
  const connection = await Connection.open(port);
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const random = (below: number) => Math.floor(Math.random() * below);
  const sent = new Map<string, number>();
  const began = performance.now();
  for (let n = 0; n < BOOKINGS; n++) {
    const start = startOf(random(WORKING_DAYS), random(STARTS_A_DAY)).toString();
    const citizen = { name: 'Maria Puig', email: `maria-${n}@example.org`, phone: '+34600111222' };
    const booking = { procedure: PROCEDURE, channel: 'phone', language: 'ca', start, citizen };
    const at = performance.now();
    const path = `/api/v1/bodies/${BODY}/appointments`;
    const answer = await connection.request('POST', path, headers, JSON.stringify(booking));
    if (answer.status !== 201) throw new Error(`Booking answered ${answer.status}`);
    sent.set((JSON.parse(answer.body.toString()) as { id: string }).id, at);
    await wait(PAUSE_MS);
  }
  connection.close();
  return { sent, rate: (BOOKINGS * 1000) / (performance.now() - began) };
}
