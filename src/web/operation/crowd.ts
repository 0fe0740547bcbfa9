import { randomInt } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hono } from 'hono';
import { getPath } from 'hono/utils/url';
import { inOneTurn } from '../../lib/db/reading/few.ts';
import { createPressure, rankOf } from '../../lib/http/pressure.ts';
import { createRecognised, type Door } from '../../lib/http/recognised.ts';
import { createTurns } from '../../lib/http/turns.ts';
import { escaped } from '../../lib/xml/xml.ts';
import { addressOfRequest } from '../address.ts';
import type { Assets } from '../assets.ts';
import { shutTown } from './shut.ts';
import { crowdedLike, pathOf } from './unavailable.tsx';

/** Answers a request, as Hono's applications do. */
type Answer = (request: Request, bindings?: unknown) => Response | Promise<Response>;

/** What Node's server knows of a request; nothing in tests. */
type Wire = { incoming?: IncomingMessage; outgoing?: ServerResponse } | undefined;

/** Seconds after which whoever was refused may come again: not all at the same moment. */
const AGAIN_SECONDS = [2, 3, 4, 5, 6, 7] as const;

/**
 * Returns what answers like `fetch`, and refuses early what it could answer only late (docs/adr/0142): first figures, then pages, last what
 * somebody is in the middle of. No address, and no member of the staff, has more than a share of what is under way. One for a process, over all its towns.
 */
export function keepQuick(
  fetch: Answer,
  assets: Assets,
  { trustedProxies }: { trustedProxies: number },
): Answer {
  const pressure = createPressure();
  const turns = createTurns();
  const sender = createSenders(trustedProxies);
  const refuse = createRefusal(assets);
  return async (request, bindings) => {
    const rank = rankOf(request.method, getPath(request));
    if (rank === 'always') return fetch(request, bindings);
    const wire = bindings as Wire;
    const endTurn = await turns.take(sender.of(request, wire), rank);
    if (!endTurn) return refuse(request, bindings);
    try {
      if (wire?.outgoing?.destroyed) return new Response(null, { status: 503 });
      if (!pressure.enter(rank, performance.now())) return await refuse(request, bindings);
      let isWork = false;
      try {
        const recognise = sender.learning(request);
        const aside = <T>(wait: Promise<T>) => wait.finally(pressure.pause(rank));
        const door = { ...wire, recognise, aside } satisfies Door;
        const answer = await inOneTurn(() => fetch(request, door));
        isWork = answer.ok;
        return answer;
      } finally {
        pressure.leave(rank, performance.now(), isWork);
      }
    } finally {
      endTurn();
    }
  };
}

/** A page around the link to what was asked for. */
interface Refusal {
  before: string;
  after: string;
  headers: Record<string, string>;
}

/** Returns what answers whoever is refused. Pages are made once: a refusal that costs as much as an answer leaves no time for answers. */
function createRefusal(assets: Assets): Answer {
  const doors = AGAIN_SECONDS.map((after) => {
    const town = shutTown(assets, { why: 'crowded', seconds: () => after });
    return { town, kept: new Map<string, Promise<Refusal>>() };
  });
  return async (request, bindings) => {
    const { town, kept } = doors[randomInt(doors.length)]!;
    const path = getPath(request);
    const isPage = request.method === 'GET' && !path.startsWith('/api/') && !assets.has(path);
    if (!isPage) return town.fetch(request, bindings as object);
    const like = crowdedLike(path, request.headers.get('Accept-Language'));
    const key = `${like.path} ${like.language}`;
    const page = kept.get(key) ?? made(town, like);
    kept.set(key, page);
    const { before, after, headers } = await page;
    const body = `${before}"${escaped(pathOf(request.url))}"${after}`;
    return new Response(body, { status: 503, headers });
  };
}

async function made(
  town: Hono,
  { path, language }: ReturnType<typeof crowdedLike>,
): Promise<Refusal> {
  const headers = { 'Accept-Language': language };
  const answer = await town.fetch(new Request(`http://localhost${path}`, { headers }));
  const [before = '', after = ''] = (await answer.text()).split(`"${path}"`);
  return { before, after, headers: Object.fromEntries(answer.headers) };
}

/**
 * Returns who sends a request: a member of the staff whose session was seen to be valid, else an address, for IPv6 a network of 64 bits. So
 * hundreds of agents behind one address don't wait for each other, and nobody gets more by a cookie that they made up, nor by several sessions.
 */
function createSenders(trustedProxies: number) {
  const sessions = createRecognised('finestreta.session_token');
  const cookiesOf = ({ headers }: Request) => headers.get('Cookie') ?? '';
  return {
    of: (request: Request, wire: Wire): string =>
      sessions.find(cookiesOf(request), performance.now()) ??
      addressOfRequest(request, wire?.incoming, trustedProxies),
    learning: (request: Request) => (account: string) => {
      const town = new URL(request.url).hostname;
      sessions.learn(cookiesOf(request), `${town} ${account}`, performance.now());
    },
  };
}
