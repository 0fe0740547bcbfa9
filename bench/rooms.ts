import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Media, Signal } from '../src/features/service/room/types.ts';
import { temporaryFolder } from './lib/database.ts';
import { cpuOf, endedCpuOf, fineCpuOf, tree } from './lib/processes.ts';
import { type RoomPage, sitDown } from './lib/room-page.ts';
import { ensureBuilt, type Server, startServer } from './lib/server.ts';
import type { Bench, Row } from './lib/table.ts';
import { FIRST_DAY } from './lib/town.ts';
import { beginCalls, type Call, signInStaff, videoClock, videoTown } from './lib/video.ts';
import { bareStreams, collectGarbage, weigh } from './lib/weigh.ts';

const ROOMS = 100;
/** The number of rooms that are there first, for the cost of a join in an empty server. */
const FEW = 5;
const JOINS = 100;
const JOINS_A_SECOND = 2;
const IDLE_MS = 30_000;

/** The size of Chromium's, for sound, a camera, a screen and text. */
const SDP = 'a=rtpmap:96 VP8/90000\r\n'.repeat(250);
const CANDIDATES = 10;

export const rooms: Bench = {
  name: 'rooms',
  about: `What the signalling of ${ROOMS} rooms costs the server, and how soon a signal is told`,
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const town = join(folder.path, 'town.yaml');
    writeFileSync(town, videoTown());
    const env = {
      TOWN_FILE: town,
      TRUSTED_PROXIES: '1',
      CLOCK: videoClock(FIRST_DAY),
      NODE_OPTIONS: '--inspect=127.0.0.1:0',
    };
    const start = () => startServer(join(folder.path, 'data'), env);
    let server = await start();
    try {
      print(`${ROOMS} appointments, begun`);
      const staff = await signInStaff(`http://localhost:${server.port}`);
      const calls = await beginCalls(server, staff, FIRST_DAY, ROOMS);
      // Restarted, so that memory left by the bookings isn't measured.
      await server.stop();
      server = await start();
      return await measure(server, calls, staff.cookie, print);
    } finally {
      await server.stop();
      folder.remove();
    }
  },
};

/** The participants of a room. */
interface Pair {
  citizen: RoomPage;
  agent: RoomPage;
}

async function measure(
  server: Server & { output(): string },
  calls: readonly Call[],
  cookie: string,
  print: (line: string) => void,
): Promise<Row[]> {
  const { port } = server;
  const sit = (nth: number, side: 'citizen' | 'agent') =>
    sitDown({
      port,
      room: calls[nth]?.[side] ?? '',
      cookie: side === 'agent' ? cookie : '',
      from: `198.51.${side === 'agent' ? 100 : 101}.${nth}`,
    });
  const pairs: Pair[] = [];
  const fill = async (upTo: number) => {
    for (let nth = pairs.length; nth < upTo; nth++) {
      const pair = { citizen: await sit(nth, 'citizen'), agent: await sit(nth, 'agent') };
      await exchange(pair);
      pairs.push(pair);
    }
  };
  const measured = async (joins: number): Promise<Joined> => {
    const cost = costs(server);
    const delays: number[] = [];
    const began = performance.now();
    const underWay = Array.from({ length: joins }, async (_, n) => {
      await wait(Math.max(0, began + (n * 1000) / JOINS_A_SECOND - performance.now()));
      const pair = pairs[n % pairs.length];
      if (!pair) return;
      await pair.agent.leave();
      pair.agent = await sit(n % pairs.length, 'agent');
      delays.push(...(await exchange(pair)));
    });
    await Promise.all(underWay);
    return { ...cost(joins), delays: delays.sort((a, b) => a - b) };
  };

  await fill(FEW);
  print('warming up');
  await measured(JOINS / 4);
  print(`joins where ${FEW} rooms are`);
  const few = await measured(JOINS / 2);
  print(`${ROOMS} rooms`);
  const seats = 2 * (ROOMS - FEW);
  const tidy = () => collectGarbage(server.output());
  const weight = await weigh(server.pid, seats, () => fill(ROOMS), tidy);
  const resting = costs(server);
  await wait(IDLE_MS);
  const idle = resting(IDLE_MS / 1000);
  print(`joins where ${ROOMS} rooms are`);
  const many = await measured(JOINS);
  const bare = await bareStreams(seats, cookie);
  return rowsOf({ weight, bare, idle, few, many });
}

interface Measured {
  weight: Awaited<ReturnType<typeof weigh>>;
  /** kB a stream of a bare server. */
  bare: number;
  /** ms of processor a second. */
  idle: Omit<Joined, 'delays'>;
  few: Joined;
  many: Joined;
}

function rowsOf({ weight, bare, idle, few, many }: Measured): Row[] {
  const p95 = (each: Joined) => each.delays[Math.floor(each.delays.length * 0.95)] ?? Number.NaN;
  const half = (each: Joined) => each.delays[each.delays.length >> 1] ?? Number.NaN;
  return [
    {
      measure: `${ROOMS} rooms: memory of each seat`,
      value: `${weight.each.toFixed(0)} kB; the server grows from ${weight.before.toFixed(0)} to ${weight.after.toFixed(0)} MB`,
      against: `bare node:http, as many streams: ${bare.toFixed(0)} kB`,
    },
    {
      measure: '… idle, a second',
      value: `${idle.server.toFixed(1)} ms CPU of the server, ${idle.database.toFixed(1)} of the database`,
    },
    {
      measure: `… a join, ${JOINS_A_SECOND} a second`,
      value: `${many.server.toFixed(1)} ms CPU of the server, ${many.database.toFixed(1)} of the database`,
      against: `where ${FEW} rooms are: ${few.server.toFixed(1)} and ${few.database.toFixed(1)} ms`,
      ratio: `${(many.server / few.server).toFixed(2)}, ${(many.database / few.database).toFixed(2)}`,
    },
    {
      measure: '… signals until they are told, sending included',
      value: `p95 ${p95(many).toFixed(0)} ms, half ${half(many).toFixed(0)} ms`,
      against: `where ${FEW} rooms are: p95 ${p95(few).toFixed(0)} ms, half ${half(few).toFixed(0)} ms`,
      aim: 'p95 ≤ 200 ms',
      met: p95(many) <= 200,
    },
  ];
}

/** The cost of a join in ms, and the duration of its signals. */
interface Joined {
  server: number;
  database: number;
  delays: number[];
}

/** Begins to count; the returned function gives the amount for each. */
function costs(server: Server) {
  const now = () => {
    const database = tree(server.pid).filter((pid) => pid !== server.pid);
    // Connections come and go with the load, and their processes with them.
    return [cpuOf(server.pid), fineCpuOf(database) + endedCpuOf(database)] as const;
  };
  const [ours, theirs] = now();
  return (each: number) => {
    const [oursNow, theirsNow] = now();
    return { server: (oursNow - ours) / each, database: (theirsNow - theirs) / each };
  };
}

/** Exchanges the signals with which two pages connect. Returns the duration of each batch, in ms. */
async function exchange({ citizen, agent }: Pair): Promise<number[]> {
  const call = Math.random().toString(36).slice(2);
  const candidates: Signal[] = Array.from({ length: CANDIDATES }, (_, n) => ({
    type: 'candidate',
    call,
    mid: '0',
    line: 0,
    candidate: `candidate:${n} 1 udp 2122260223 192.0.2.${n} 54321 typ host generation 0 ufrag abcd network-id 1`,
  }));
  const media: Media = {
    camera: true,
    microphone: true,
    screen: false,
    hold: false,
    away: false,
    signing: false,
    captions: false,
    captioned: false,
    saving: false,
  };
  const hello: Signal = { type: 'media', ...media };
  return [
    await pass(agent, citizen, [hello, { type: 'offer', call, sdp: SDP }]),
    await pass(citizen, agent, [hello, hello, { type: 'answer', call, sdp: SDP }]),
    ...(await Promise.all([pass(agent, citizen, candidates), pass(citizen, agent, candidates)])),
  ];
}

async function pass(from: RoomPage, to: RoomPage, signals: readonly Signal[]): Promise<number> {
  const began = performance.now();
  const told = to.told(signals.length);
  await from.send(to, signals);
  return (await told) - began;
}
