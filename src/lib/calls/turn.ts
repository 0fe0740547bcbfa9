import { createHmac } from 'node:crypto';

/** The TURN server of the town, for media when peers can't connect directly (RFC 8656). */
export interface RelaySettings {
  /** `turn:`, `turns:` and `stun:` addresses (RFC 7064, 7065). */
  urls: readonly string[];
  /** Shared with the TURN server; null when all addresses are `stun:`. */
  secret: string | null;
}

/** In the form of a browser's RTCPeerConnection. */
export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

const TURN = /^turns?:(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?(\?transport=(udp|tcp))?$/i;
const STUN = /^stuns?:(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i;

export const isTurn = (url: string): boolean => TURN.test(url);
export const isStun = (url: string): boolean => STUN.test(url);

/** Returns the `stun:` addresses of `turn:` servers: a TURN server, like a STUN server, answers with the requester's public address. */
export const stunOf = (urls: readonly string[]): string[] => [
  ...new Set(
    urls
      .filter((url) => STUN.test(url) || /^turn:[^?]+(\?transport=udp)?$/i.test(url))
      .map((url) => url.replace(/^turn:/i, 'stun:').replace(/\?.*$/, '')),
  ),
];

/**
 * Returns credentials that expire, as TURN servers check them with a shared secret (draft-uberti-behave-turn-rest): coturn's
 * `use-auth-secret`. `name` appears in the TURN server's log.
 */
export function credentials(secret: string, name: string, until: Temporal.Instant) {
  const username = `${Math.floor(until.epochMilliseconds / 1000)}:${name}`;
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  return { username, credential };
}
