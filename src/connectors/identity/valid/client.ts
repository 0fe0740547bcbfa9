import { z } from 'zod';
import { limitedBody, TooLong } from '../../../lib/http/limited-fetch.ts';
import { isSafeAddress } from '../../../lib/http/loopback.ts';
import { NotIdentified } from '../adapter.ts';

/** What the AOC registered for the town. */
export interface ValidRegistration {
  /** Where VÀLid is, without the paths of its services. */
  endpoint: string;
  clientId: string;
  clientSecret: string;
  timeoutMs: number;
}

/** The answer of a service, whole. */
interface Answer {
  status: number;
  body: Buffer;
}

/** How long VÀLid may take to say that it is there. */
const REACH_MS = 4_000;
const JSON_TYPE = { 'Content-Type': 'application/json' };
const MOST_BYTES = { token: 16 * 1024, info: 128 * 1024, evidence: 4 * 1024 * 1024 };

/**
 * The services of VÀLid 2.0, as its documentation has them (ConsorciAOC/VALid2). They are plain requests and not those of the OpenID library:
 * VÀLid has tokens in the query, revokes with GET, writes errors of its own in capitals and promises no content types. Redirects are not
 * followed. An error has a code alone, never an address, since addresses have the token.
 */
export function createValidClient(registration: ValidRegistration) {
  const { endpoint, clientId, timeoutMs } = registration;
  const at = (path: string, query: Record<string, string> = {}): URL => {
    const url = new URL(`${endpoint.replace(/\/+$/, '')}${path}?${new URLSearchParams(query)}`);
    if (!isSafeAddress(url)) throw new NotIdentified('refused', 'address_not_safe');
    return url;
  };
  const ask = (url: URL, init: RequestInit, mostBytes: number) =>
    asked(url, { ...init, signal: AbortSignal.timeout(timeoutMs) }, mostBytes);

  return {
    /** Returns where the browser goes (2.1). */
    authorization: (redirectUri: string, state: string): URL =>
      at('/o/oauth2/auth', {
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: 'autenticacio_usuari',
        state,
        access_type: 'online',
        approval_prompt: 'auto',
      }),

    /** Asks whether VÀLid is there, so that no browser is sent to a server that doesn't answer. @throws NotIdentified */
    reach: () => reached(at('/o/oauth2/auth'), Math.min(timeoutMs, REACH_MS)),

    /** Returns the access token for a code (2.2). @throws NotIdentified */
    token: async (code: string, redirectUri: string): Promise<string> => {
      const body = exchangeOf(registration, code, redirectUri);
      return tokenIn(await ask(at('/o/oauth2/token'), { method: 'POST', body }, MOST_BYTES.token));
    },

    /** Returns what a service says of the person who has the token (3.1, 3.2). @throws NotIdentified */
    data: (service: 'getUserInfo' | 'getAuthenticationEvidence', token: string) => {
      const url = at(`/serveis-rest/${service}`, { AccessToken: token });
      const isInfo = service === 'getUserInfo';
      const mostBytes = isInfo ? MOST_BYTES.info : MOST_BYTES.evidence;
      return ask(url, {}, mostBytes).then((answer) => dataIn(answer, isInfo ? 'info' : 'evidence'));
    },

    /** Asks a service of the ordinary signature (4.1, 4.2). @throws NotIdentified */
    sign: (service: 'initBasicSignature' | 'getBasicSignature', asked: object) => {
      const init = { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(asked) };
      const answer = ask(at(`/serveis-rest/${service}`), init, MOST_BYTES.evidence);
      return answer.then((each) => dataIn(each, 'signature'));
    },

    /** Returns where the browser goes to sign (4.2). */
    signing: (code: string): URL => at('/o/sign', { signature_code: code }),

    /**
     * Ends the person's session at VÀLid (2.4), and then the token (2.3): without the token the session can't be ended. They answer 200, or
     * 400 when there is nothing to end. @throws NotIdentified
     */
    end: async (token: string): Promise<void> => {
      await ask(at('/o/oauth2/logout', { token }), {}, MOST_BYTES.token);
      await ask(at('/o/oauth2/revoke', { token }), {}, MOST_BYTES.token);
    },
  };
}

/** What is sent to get a token for a code. */
const exchangeOf = (
  { clientId, clientSecret }: ValidRegistration,
  code: string,
  redirectUri: string,
): URLSearchParams =>
  new URLSearchParams({
    code,
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uri: redirectUri,
    grant_type: 'authorization_code',
  });

/** Asks for nothing but an answer, whichever it is. @throws NotIdentified when there is none */
async function reached(url: URL, timeoutMs: number): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  await fetch(url, { method: 'HEAD', redirect: 'manual', signal }).catch(() => {
    throw new NotIdentified('away', 'network');
  });
}

/** Sends a request. @throws NotIdentified when there is no answer that can be read */
async function asked(url: URL, init: RequestInit, mostBytes: number): Promise<Answer> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    const { status } = response;
    if (status >= 500 || status === 429) throw new NotIdentified('away', `http_${status}`);
    if (status >= 300 && status < 400) throw new NotIdentified('refused', 'redirected');
    return { status, body: await limitedBody(response, mostBytes) };
  } catch (error) {
    if (error instanceof NotIdentified) throw error;
    if (error instanceof TooLong) throw new NotIdentified('refused', 'too_long');
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    throw new NotIdentified('away', isLate ? 'timeout' : 'network');
  }
}

/** Returns the JSON of an answer. A page in its place means maintenance. @throws NotIdentified */
function jsonIn({ status, body }: Answer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw status === 200
      ? new NotIdentified('away', 'not_json')
      : new NotIdentified('refused', `http_${status}`);
  }
}

const token = z.object({
  access_token: z.string().min(1).max(2_000),
  token_type: z.string().regex(/^bearer$/i),
});

/** The errors of a token endpoint that are named in the log (RFC 6749, 5.2). */
const TOKEN_ERRORS = ['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client'];

function tokenIn(answer: Answer): string {
  const value = jsonIn(answer);
  const right = token.safeParse(value);
  if (answer.status === 200 && right.success) return right.data.access_token;
  const { error } = z.object({ error: z.string() }).safeParse(value).data ?? {};
  const known = TOKEN_ERRORS.find((each) => each === error);
  throw new NotIdentified('refused', known ?? 'token_wrong');
}

const outcome = z.object({ status: z.enum(['ok', 'ko']), error: z.string().nullish() });

/** Returns the data of an answer that is `ok`, with its bytes. */
function dataIn(answer: Answer, what: string): { value: unknown; bytes: Buffer } {
  const value = jsonIn(answer);
  const said = outcome.safeParse(value).data;
  if (!said) throw new NotIdentified('refused', `${what}_wrong`);
  if (said.status === 'ko') {
    // Its error is free text, which may name the person.
    const isOver = /expir|caduc/i.test(said.error ?? '');
    throw isOver
      ? new NotIdentified('expired', `${what}_expired`)
      : new NotIdentified('denied', `${what}_ko`);
  }
  if (answer.status !== 200) throw new NotIdentified('refused', `http_${answer.status}`);
  return { value, bytes: answer.body };
}
