import { createHmac } from 'node:crypto';

/** Where media goes when peers can't meet straight: a TURN server of the town's (RFC 8656). */
export interface RelaySettings {
  /** `turn:`, `turns:` and `stun:` addresses (RFC 7064, 7065). */
  urls: readonly string[];
  /** Shared with the TURN server; null where all addresses are `stun:`. */
  secret: string | null;
}

/** As a browser's RTCPeerConnection takes it. */
export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

const TURN = /^turns?:(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?(\?transport=(udp|tcp))?$/i;
const STUN = /^stuns?:(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i;

export const isTurn = (url: string): boolean => TURN.test(url);
export const isStun = (url: string): boolean => STUN.test(url);

/** A TURN server says, as a STUN server does, from which address it is asked: what `turn:` names answers as `stun:` too. */
export const stunOf = (urls: readonly string[]): string[] => [
  ...new Set(
    urls
      .filter((url) => STUN.test(url) || /^turn:[^?]+(\?transport=udp)?$/i.test(url))
      .map((url) => url.replace(/^turn:/i, 'stun:').replace(/\?.*$/, '')),
  ),
];

/**
 * Credentials that end by themselves, as TURN servers check them with a shared secret (draft-uberti-behave-turn-rest): coturn's
 * `use-auth-secret`. `name` is what the TURN server's log shows.
 */
export function credentials(secret: string, name: string, until: Temporal.Instant) {
  const username = `${Math.floor(until.epochMilliseconds / 1000)}:${name}`;
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  return { username, credential };
}
