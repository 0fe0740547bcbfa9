import { setTimeout as pause } from 'node:timers/promises';
import type { Fetch } from './listening.ts';

/** How a process that serves pages comes to its end (docs/adr/0134). */
export interface Draining {
  /** Returns what answers like `fetch`, and says while it drains that it takes no more work. */
  of(fetch: Fetch): Fetch;
  /**
   * Says to whoever sends requests here that this process ends, and goes on answering for so long. At once without a time, or after a
   * signal that a person sends from a terminal.
   */
  drain(seconds: number, why: string): Promise<void>;
}

/** Returns a draining that has not begun. */
export function createDraining(): Draining {
  let isDraining = false;
  return {
    of: (fetch) => async (request, bindings) => {
      if (!isDraining) return fetch(request, bindings);
      if (new URL(request.url).pathname === '/readyz')
        return new Response('Not ready: it is being stopped\n', { status: 503, headers: LAST });
      const answer = await fetch(request, bindings);
      // A proxy that keeps its connections would send the next request into a closed one.
      const headers = new Headers(answer.headers);
      headers.set('Connection', 'close');
      return new Response(answer.body, { status: answer.status, headers });
    },
    drain: async (seconds, why) => {
      isDraining = true;
      if (why === 'SIGTERM' && seconds > 0) await pause(seconds * 1_000);
    },
  };
}

const LAST = { Connection: 'close', 'Cache-Control': 'no-store', 'Content-Type': 'text/plain' };
