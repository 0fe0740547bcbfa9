import { randomInt } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getPath } from 'hono/utils/url';
import { inOneTurn } from '../../lib/db/reading/few.ts';
import { createPressure, rankOf } from '../../lib/http/pressure.ts';
import { createRecognised, type Door } from '../../lib/http/recognised.ts';
import { createTurns } from '../../lib/http/turns.ts';
import { addressOfRequest } from '../address.ts';
import type { Assets } from '../assets.ts';
import { shutTown } from './shut.ts';

/** Answers a request, as Hono's applications do. */
type Answer = (request: Request, bindings?: unknown) => Response | Promise<Response>;

/** What Node's server knows of a request; nothing in tests. */
type Wire = { incoming?: IncomingMessage; outgoing?: ServerResponse } | undefined;

/** Seconds after which whoever was refused may come again: not all at the same moment. */
const AGAIN_SECONDS = [2, 8] as const;

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
  const crowded = shutTown(assets, { why: 'crowded', seconds: () => randomInt(...AGAIN_SECONDS) });
  return async (request, bindings) => {
    const rank = rankOf(request.method, getPath(request));
    if (rank === 'always') return fetch(request, bindings);
    const wire = bindings as Wire;
    const endTurn = await turns.take(sender.of(request, wire), rank);
    if (!endTurn) return crowded.fetch(request, bindings as object);
    try {
      if (wire?.outgoing?.destroyed) return new Response(null, { status: 503 });
      if (!pressure.enter(rank, performance.now()))
        return await crowded.fetch(request, bindings as object);
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
