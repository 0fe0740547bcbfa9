import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Upload } from 'tus-js-client';
import { coordinatorOf } from '../cases/viewers.ts';
import { agentsOf } from '../chat/agents.ts';
import { type Client, openClient, signedIn } from '../client.ts';
import { JORDI, MARTA } from '../console.ts';
import { bookDocuments } from '../document-states.ts';
import { until } from '../processes.ts';
import { eventsIn } from '../proxies/through.ts';
import type { Town } from '../town.ts';

/** Somebody who goes on with something, and says again what was not acknowledged. */
export interface GoingOn {
  /** What was acknowledged, in order. */
  done: string[];
  /** Answers that must not be. */
  wrong: string[];
  stop(): Promise<void>;
}

/** Repeats something with another text each time, after a pause; the same text until it is acknowledged. */
function goOn(
  what: string,
  act: (text: string, nth: number) => Promise<number>,
  pauseAfter: (nth: number) => number = () => 300,
): GoingOn {
  const done: string[] = [];
  const wrong: string[] = [];
  let isStopping = false;
  const working = (async () => {
    for (let each = 1; !isStopping; each++) {
      const text = `${what} ${each}`;
      const isAcknowledged = async () => {
        const status = await act(text, each).catch(() => 0);
        if (![0, 200, 204, 503].includes(status)) wrong.push(`${text}: ${status}`);
        return status === 200 || status === 204;
      };
      await until(`${text} is acknowledged`, isAcknowledged, 240);
      done.push(text);
      await pause(pauseAfter(each));
    }
  })();
  working.catch((error: Error) => wrong.push(error.message));
  return {
    done,
    wrong,
    stop: async () => {
      isStopping = true;
      await working.catch(() => {});
    },
  };
}

/** There may be 60 lines in five minutes, however long all of it takes: the first twenty come quickly, and then one in 7.5 seconds. */
const withinLimit = (nth: number): number => (nth < 20 ? 300 : 7_500);

/**
 * A citizen in a conversation with an official, whose pages are told what is new: one at each of these doors, by which they write in turn.
 * `pauseMs`: after each line; by default the first ones come quickly, and no more than are allowed.
 */
export async function startChat(
  town: Town,
  { pauseMs, doors = [town.origin] }: { pauseMs?: number; doors?: readonly string[] } = {},
) {
  const agents = agentsOf(() => town);
  await agents.come(JORDI);
  const citizen = openClient(town.origin, 'ca');
  const begun = await citizen.post('/ca/oac/chat', {
    key: randomUUID(),
    topic: 'padro',
    in: 'ca',
    name: 'Maria',
    text: 'Bon dia',
  });
  const chat = await agents.take(JORDI);
  const path = begun.path.split('#')[0] ?? '';
  const pages = doors.map((door) => {
    const client = openClient(door, 'ca');
    for (const [name, value] of citizen.cookies) client.cookies.set(name, value);
    return { client, ...listen(client, `${door}${path}/stream`) };
  });
  const keys = new Map<string, string>();
  const write = async (text: string, nth: number) => {
    const key = keys.get(text) ?? randomUUID();
    keys.set(text, key);
    const { client } = pages[nth % pages.length]!;
    return (await client.post(path, { key, text }, { 'X-Refresh': '1' })).status;
  };
  const going = goOn('línia', write, pauseMs ? () => pauseMs : withinLimit);
  return {
    ...going,
    /** All pages are told what the official writes from another process, of which only the database tells them. */
    allAreTold: async () => {
      const before = pages.map(({ heard }) => heard.length);
      await until('all pages are told', async () => {
        await agents.write(JORDI, chat, 'Digui');
        return pages.every(({ heard }, nth) =>
          heard.slice(before[nth]).some((event) => event !== 'hello' && event !== 'line'),
        );
      });
    },
    /** What the citizen has written, as the page shows it. */
    written: async () => {
      const { html } = await citizen.get(`${path}/lines?after=0`);
      return [...html.matchAll(/línia \d+/g)].map(([line]) => line);
    },
    stop: async () => {
      await going.stop();
      for (const { end } of pages) end.abort();
    },
  };
}

/** Follows a stream as browsers do: from the start again when it ends. */
export function listen(client: Client, url: string) {
  const heard: string[] = [];
  const end = new AbortController();
  const Cookie = [...client.cookies].map((each) => each.join('=')).join('; ');
  void (async () => {
    while (!end.signal.aborted) {
      try {
        const stream = await fetch(url, { headers: { Cookie }, signal: end.signal });
        if (stream.ok) for await (const { event } of eventsIn(stream)) heard.push(event);
      } catch {
        // Asked for again.
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  return { heard, end };
}

/** An official who writes an encounter, and saves it again and again. */
export async function startEncounter(town: Town) {
  const agent = await signedIn(town, await town.server.access(), MARTA);
  await agent.post('/console/oac/serve', {
    key: randomUUID(),
    procedure: 'volant-padro',
    channel: 'in_person.centre',
    language: 'ca',
    name: 'Rosa Soler',
    action: 'encounter',
  });
  const { id } = await town.look((tx) =>
    tx
      .selectFrom('appointment')
      .select('id')
      .where('status', '=', 'in_progress')
      .executeTakeFirstOrThrow(),
  );
  const here = `/console/oac/appointment/${id}`;
  const going = goOn('nota', async (notes) => {
    const page = await agent.get(here);
    if (page.status !== 200) return page.status;
    const version = /name="version"[^>]*value="(\d+)"/.exec(page.html)?.[1] ?? '';
    const saved = await agent.post(`${here}/save`, { version, notes, rows: '0', action: 'save' });
    return saved.path === here ? saved.status : saved.status === 200 ? 0 : saved.status;
  });
  /** Every note that the database has of it. */
  const written = async () =>
    (
      await town.look((tx) =>
        tx.selectFrom('encounter').select('notes').where('notes', '!=', '').execute(),
      )
    ).map(({ notes }) => notes);
  return { ...going, written };
}

/** A citizen who hands over a large file in parts. Answers where, and when it has arrived. `pauseMs`: before each part. */
export async function startUpload(
  origin: string,
  bytes: Buffer,
  { pauseMs = 0, phone }: { pauseMs?: number; phone?: string } = {},
) {
  const papers = await bookDocuments(origin, phone);
  const state = { sent: 0, failed: null as Error | null };
  const { promise, resolve } = Promise.withResolvers<void>();
  new Upload(bytes, {
    endpoint: `${origin}${papers}/upload`,
    chunkSize: 100_000,
    retryDelays: Array.from({ length: 3000 }, () => 100),
    metadata: { filename: 'padró.txt', filetype: 'text/plain' },
    onBeforeRequest: () => pause(pauseMs),
    onChunkComplete: (_, accepted) => {
      state.sent = accepted;
    },
    onSuccess: () => resolve(),
    onError: (error) => {
      state.failed = error;
      resolve();
    },
  }).start();
  return { papers, state, arrived: promise };
}

/** Opens the one document that a citizen of the office handed over at this address, when it has been looked into. */
export const uploaded = (town: Town, { papers }: { papers: string }): Promise<Buffer> =>
  town.operate(async ({ appointments, documents, offices }) => {
    const office = (await offices.find('oac'))!;
    const viewer = coordinatorOf(office);
    const { id } = (await appointments.bySecret(papers.split('/').at(-2)!))!;
    const [entry] = await until('it was looked into', async () => {
      const all = await documents.list(viewer, office, id);
      return all?.every(({ state }) => state !== 'checking') && all;
    });
    if (entry?.state !== 'clean') throw new Error(`It is ${entry?.state}: ${entry?.why}`);
    const opened = await documents.open(viewer, office, id, entry.id);
    return Buffer.concat(await Array.fromAsync(opened!.read()));
  });
