import type { Context } from 'hono';
import { readBearer } from '../../features/foundation/tokens/rules.ts';
import { createLimiter } from '../../lib/limiter.ts';
import type { TokenViewer } from '../../lib/viewer.ts';
import { exactAddress } from '../address.ts';
import type { Refusal } from './answers.ts';
import type { Open311Deps } from './deps.ts';

/** Requests of a holder of a key. */
const OF_KEY = { burst: 600, perMinute: 300 };
/** What a holder of a key sends: a town's own app in a busy hour; a loop that runs away is stopped. */
const SENT = { burst: 120, perMinute: 30 };
/** What is sent for one address by mail, or for one number: each has a message sent there. */
const TO_ONE = { burst: 6, perMinute: 0.2 };
/** Reading without a key, from one address. */
const READ = { burst: 120, perMinute: 120 };
/** Keys that open nothing, from one address. */
const REFUSED = { burst: 20, perMinute: 10 };

/** Whoever asks: nobody in particular, or the holder of a key of an office. */
export interface Caller {
  viewer: TokenViewer | null;
  /** The code of the key's office; null: no key. */
  own: string | null;
}

export interface CallerRefused {
  ok: false;
  refusal: Refusal;
  /** Seconds. */
  wait?: number;
}

export type CallerFound = { ok: true; caller: Caller } | CallerRefused;

const tooMany = (wait: number): CallerRefused => ({
  ok: false,
  wait,
  refusal: { status: 429, description: `Too many requests: wait ${wait} seconds.` },
});

const NO_KEY: CallerRefused = {
  ok: false,
  refusal: { status: 403, description: 'Missing or invalid api_key.' },
};

const BROAD_KEY: CallerRefused = {
  ok: false,
  refusal: {
    status: 403,
    description:
      'This api_key is good for more than requests: send it in the header Authorization.',
  },
};

/** Returns how callers are known, by the keys that they send: tokens of the API (docs/open311.md). */
export function createCallers({ clock, config, tokens, security, addressOf }: Open311Deps) {
  const [ofKey, sent, toOne] = [OF_KEY, SENT, TO_ONE].map((each) => createLimiter(clock, each));
  const [read, refused] = [READ, REFUSED].map((each) => createLimiter(clock, each));
  return {
    /**
     * Returns who asks. A key that is given must be a good one: nobody reads less than they expect without being told. One in an address stands in logs, so it
     * must be good for nothing but requests.
     */
    async find(c: Context, inForm: string | null): Promise<CallerFound> {
      const header = readBearer(c.req.header('Authorization'));
      const key = header ?? inForm ?? '';
      if (key === '') {
        const wait = read?.take(addressOf(c)) ?? 0;
        return wait > 0 ? tooMany(wait) : { ok: true, caller: { viewer: null, own: null } };
      }
      const found = await tokens.find(key, exactAddress(c, config.declaredProxies));
      if (!found.ok) {
        const token = 'token' in found ? found.token : null;
        security.note('api.token_refused', { token, what: found.why }, addressOf(c));
        const wait = refused?.take(addressOf(c)) ?? 0;
        return wait > 0 ? tooMany(wait) : NO_KEY;
      }
      const { token, office, scopes, code } = found.access;
      const isInAddress = header === null && key === c.req.query('api_key')?.trim();
      if (isInAddress && scopes.some((each) => !each.startsWith('requests:'))) {
        security.note('api.token_refused', { token, what: 'address' }, addressOf(c));
        return BROAD_KEY;
      }
      const wait = ofKey?.take(String(token)) ?? 0;
      if (wait > 0) return tooMany(wait);
      const viewer = { kind: 'token', token, office, scopes: new Set(scopes) } as const;
      return { ok: true, caller: { viewer, own: code } };
    },

    /** Takes one from what a key may send, and from what may be sent for one person. Returns the seconds to wait; 0: none. */
    takeSent: (token: number, person: string): number =>
      (sent?.take(String(token)) ?? 0) || (person === '' ? 0 : (toOne?.take(person) ?? 0)),

    missing: NO_KEY,
  };
}
