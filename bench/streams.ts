import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryFolder } from './lib/database.ts';
import { Connection } from './lib/http.ts';
import { listen } from './lib/listener.ts';
import { startOf, WORKING_DAYS } from './lib/pgbench.ts';
import { cpuOf } from './lib/processes.ts';
import { ensureBuilt, type Server, startServer } from './lib/server.ts';
import { type Access, signIn } from './lib/sign-in.ts';
import type { Bench, Row } from './lib/table.ts';
import { FOR_ALL, OFFICE, STARTS_A_DAY, townText } from './lib/town.ts';
import { collectGarbage, type Retained, weighBareStreams, weighStreams } from './lib/weigh.ts';

/** Each has as many streams as one person may. */
const PEOPLE = 200;
const STREAMS_EACH = 10;
/** What a stream may take, as a multiple of a bare one. */
const MOST = 1.4;
const STREAMS = PEOPLE * STREAMS_EACH;
/** A procedure of all desks, so that bookings go to all of them. */
const PROCEDURE = FOR_ALL;
const BOOKINGS = 1_000;
const BOOKINGS_A_SECOND = 50;
const CLIENTS = 4;
const REST_MS = 5_000;
/** Two beats, in which half of the sessions are looked at. */
const IDLE_MS = 30_000;

export const streams: Bench = {
  name: 'streams',
  about: `Memory and CPU of ${STREAMS} idle streams of the console, and how soon a booking is told`,
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const town = join(folder.path, 'town.yaml');
    const desks = Array.from({ length: PEOPLE }, (_, index) => `taula-${index + 1}`);
    const staff = desks.map((desk) => ({
      email: `${desk}@example.org`,
      name: desk,
      offices: { [OFFICE]: { roles: ['agent'], desk } },
    }));
    const text = townText({ horizonDays: 100, always: true });
    writeFileSync(town, JSON.stringify({ ...JSON.parse(text), staff }));
    const start = () =>
      startServer(join(folder.path, 'data'), {
        TOWN_FILE: town,
        TRUSTED_PROXIES: '1',
        NODE_OPTIONS: '--inspect=0',
      });
    let server = await start();
    try {
      print(`${PEOPLE} people sign in`);
      const access = await signInAll(`http://localhost:${server.port}`);
      // Restarted, so that memory left by two hundred sign-ins isn't measured.
      await server.stop();
      server = await start();
      return await measure(server, access, print);
    } finally {
      await server.stop();
      folder.remove();
    }
  },
};

/** Everybody's cookie, and a token with which to book. */
interface SignedIn {
  cookies: string[];
  token: string;
}

async function signInAll(origin: string): Promise<SignedIn> {
  const access = (await (await fetch(`${origin}/demo/access.json`)).json()) as Access;
  const cookies: string[] = [];
  for (const person of access.staff) cookies.push(await signIn(origin, person));
  return { cookies, token: access.tokens[OFFICE] ?? '' };
}

async function measure(
  server: Server & { output(): string },
  { cookies, token }: SignedIn,
  print: (line: string) => void,
): Promise<Row[]> {
  const told = new Map<string, number[]>();
  const hear = (id: string) => told.set(id, [...(told.get(id) ?? []), performance.now()]);
  const path = `/console/${OFFICE}/stream`;
  print(`${STREAMS} streams`);
  const open = (nth: number) =>
    listen(server.port, { path, cookie: cookies[nth % PEOPLE] ?? '', told: hear });
  const ours = await weighStreams(server.pid, STREAMS, open, () => collectGarbage(server.output()));
  const busy = cpuOf(server.pid);
  await wait(IDLE_MS);
  const idle = (cpuOf(server.pid) - busy) / (IDLE_MS / 1000);

  print(`${BOOKINGS} bookings`);
  const working = cpuOf(server.pid);
  const { sent, seconds } = await bookSome(server.port, token);
  const perSecond = (cpuOf(server.pid) - working) / seconds;
  await wait(REST_MS);
  for (const listener of ours.listeners) listener.close();
  const bare = await weighBareStreams(STREAMS, cookies[0] ?? '');
  const took = [...sent].flatMap(([id, at]) => (told.get(id) ?? []).map((when) => when - at));
  took.sort((a, b) => a - b);
  const at = (part: number) => took[Math.floor(took.length * part)] ?? Number.NaN;
  return [
    {
      measure: `Streams of the console: memory of each of ${STREAMS}`,
      value: `${ours.each.toFixed(1)} kB, its garbage collected`,
      against: `bare node:http, likewise: ${bare.each.toFixed(1)} kB`,
      ratio: (ours.each / bare.each).toFixed(2),
      aim: `≤ ${MOST}`,
      met: ours.each / bare.each <= MOST,
    },
    {
      measure: '… what it really grows by: while they are opened; a minute later',
      value: grown(ours),
      against: `bare node:http: ${grown(bare)}`,
    },
    {
      measure: `${STREAMS} streams, idle: CPU of the server`,
      value: `${idle.toFixed(1)} ms a second`,
    },
    {
      measure: `A booking until it is told, at ${(BOOKINGS / seconds).toFixed(0)} a second`,
      value: `p95 ${at(0.95).toFixed(0)} ms, half ${at(0.5).toFixed(0)} ms, most ${at(1 - 1e-9).toFixed(0)} ms`,
      against: `${took.length} told of ${BOOKINGS * STREAMS_EACH}, booking itself included; CPU of the server ${perSecond.toFixed(0)} ms a second`,
      aim: 'p95 ≤ 200 ms',
      met: at(0.95) <= 200 && took.length === BOOKINGS * STREAMS_EACH,
    },
  ];
}

function grown({ before, soon, later }: Retained): string {
  const each = (now: number) => (((now - before) * 1024) / STREAMS).toFixed(1);
  return `${each(soon)}; ${each(later)} kB: from ${before.toFixed(0)} to ${soon.toFixed(0)}; ${later.toFixed(0)} MB`;
}

/** Books at random starts, at a rate per second. Returns the time of each request, by its id. */
async function bookSome(port: number, token: string) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const random = (below: number) => Math.floor(Math.random() * below);
  const sent = new Map<string, number>();
  const began = performance.now();
  let next = 0;
  const client = async () => {
    const connection = await Connection.open(port);
    for (let n = next++; n < BOOKINGS; n = next++) {
      await wait(Math.max(0, began + (n * 1000) / BOOKINGS_A_SECOND - performance.now()));
      const start = startOf(random(WORKING_DAYS), random(STARTS_A_DAY)).toString();
      const citizen = {
        name: 'Maria Puig',
        email: `maria-${n}@example.org`,
        phone: '+34600111222',
      };
      const booking = { procedure: PROCEDURE, channel: 'phone', language: 'ca', start, citizen };
      const at = performance.now();
      const path = `/api/v1/offices/${OFFICE}/appointments`;
      const answer = await connection.request('POST', path, headers, JSON.stringify(booking));
      if (answer.status !== 201) throw new Error(`Booking answered ${answer.status}`);
      sent.set((JSON.parse(answer.body.toString()) as { id: string }).id, at);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { sent, seconds: (performance.now() - began) / 1000 };
}
