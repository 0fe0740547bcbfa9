import type { GraphSettings } from '../../../../lib/graph/settings.ts';
import { askServer, headerOf, type Reach } from '../asking.ts';
import { Trouble, troubleOfStatus } from '../trouble.ts';
import { type Json, jsonIn } from './json.ts';
import { refreshTokens, type Tokens } from './tokens.ts';

/** What the requests of one connection need. */
export interface TalkDeps {
  settings: GraphSettings;
  reach: Omit<Reach, 'origin'>;
  now(): Temporal.Instant;
  tokens: Tokens;
  /** Keeps new tokens, before they are used: the former refresh token may have ended with them. */
  keep(tokens: Tokens): Promise<void>;
}

/** A request to Graph. */
export interface GraphRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** A path below `/v1.0`, or a whole address that Graph gave. */
  to: string;
  body?: Json;
  /** More wishes of the header Prefer. */
  prefer?: readonly string[];
  /** Statuses of an error that the caller handles. */
  handles?: readonly number[];
}

export interface GraphAnswer {
  status: number;
  body: Json;
}

/** Talks to Graph for one person. Rejects with `Trouble`. */
export type Talk = (request: GraphRequest) => Promise<GraphAnswer>;

/** Ids that stay when an event is moved to another folder, and times in UTC (Microsoft Learn: "Obtain immutable identifiers"). */
const PREFERRED = ['IdType="ImmutableId"', 'outlook.timezone="UTC"'];
/** A token that ends sooner is not used any more. */
const LEAST_SECONDS = 60;
/** After so long no further request is sent: other calendars wait, and the rest is done the next time. */
const LONGEST_MS = 5 * 60_000;

/** Returns how to talk to Graph with a person's tokens. Those that ended are replaced, and a refused one once. */
export function graphTalk({ settings, reach, now, tokens: first, keep }: TalkDeps): Talk {
  const at = { ...reach, origin: new URL(settings.graphUrl).origin };
  const signIn = { ...reach, origin: new URL(settings.loginUrl).origin };
  let tokens = first;
  const renew = async () => {
    tokens = await refreshTokens({ settings, reach: signIn, now }, tokens);
    await keep(tokens);
  };
  const send = ({ method, to, body, prefer = [] }: GraphRequest) =>
    askServer(
      {
        method,
        url: new URL(to.startsWith('/') ? `${settings.graphUrl}/v1.0${to}` : to),
        headers: {
          Authorization: `Bearer ${tokens.access}`,
          Accept: 'application/json',
          'User-Agent': 'Finestreta',
          Prefer: [...PREFERRED, ...prefer].join(', '),
          ...(body && { 'Content-Type': 'application/json' }),
        },
        body: body ? JSON.stringify(body) : '',
      },
      at,
    );
  const end = performance.now() + LONGEST_MS;
  return async (request) => {
    if (performance.now() > end) throw new Trouble('away');
    const left = now().until(tokens.until).total('seconds');
    if (left < LEAST_SECONDS) await renew();
    let answer = await send(request);
    if (answer.status === 401) {
      await renew();
      answer = await send(request);
    }
    const { status } = answer;
    const trouble = troubleOf(status, headerOf(answer, 'retry-after'), now());
    if (trouble && !request.handles?.includes(status)) throw trouble;
    return { status, body: jsonIn(answer.body) };
  };
}

/** Returns the trouble of a status of Graph (Microsoft Learn: "Microsoft Graph error responses", "Throttling guidance"); null: none. */
function troubleOf(
  status: number,
  retryAfter: string | null,
  now: Temporal.Instant,
): Trouble | null {
  if (status === 401) return new Trouble('signed_out');
  if (status === 403) return new Trouble('forbidden');
  return troubleOfStatus(status, retryAfter, now);
}
