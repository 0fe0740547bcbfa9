import { randomInt } from 'node:crypto';
import { createPressure, rankOf } from '../../lib/http/pressure.ts';
import type { Assets } from '../assets.ts';
import { shutTown } from './shut.ts';

/** Answers a request, as Hono's applications do. */
type Answer = (request: Request, bindings?: unknown) => Response | Promise<Response>;

/** Seconds after which whoever was refused may come again: not all at the same moment. */
const AGAIN_SECONDS = [2, 8] as const;

/**
 * Returns what answers like `fetch`, and refuses early what it could answer only late (docs/adr/0142): first figures, then pages, last what
 * somebody is in the middle of. One for a process, over all its towns.
 */
export function keepQuick(fetch: Answer, assets: Assets): Answer {
  const pressure = createPressure();
  const crowded = shutTown(assets, { why: 'crowded', seconds: () => randomInt(...AGAIN_SECONDS) });
  return async (request, bindings) => {
    const rank = rankOf(request.method, new URL(request.url).pathname);
    if (!pressure.enter(rank, performance.now())) return crowded.fetch(request, bindings as object);
    let isWork = false;
    try {
      const answer = await fetch(request, bindings);
      isWork = answer.ok;
      return answer;
    } finally {
      pressure.leave(rank, performance.now(), isWork);
    }
  };
}
