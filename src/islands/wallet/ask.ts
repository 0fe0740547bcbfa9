/** A request of the Digital Credentials API. */
export interface WalletRequest {
  protocol: string;
  data: unknown;
}

/** What the browser gave: the wallet's encrypted answer, or why there is none. */
export type Asked = { ok: true; response: string } | { ok: false; reason: 'cancelled' | 'failed' };

/** The part of a browser that asks wallets. TypeScript's own library doesn't have it yet. */
export interface Asking {
  DigitalCredential?: { userAgentAllowsProtocol?: (protocol: string) => boolean };
  credentials?: { get?: (options: object) => Promise<unknown> };
}

/** Returns whether a browser can ask a wallet by a protocol (W3C Digital Credentials). */
export const canAsk = ({ DigitalCredential, credentials }: Asking, protocol: string): boolean =>
  DigitalCredential !== undefined &&
  typeof credentials?.get === 'function' &&
  DigitalCredential.userAgentAllowsProtocol?.(protocol) !== false;

/** Asks the wallet. The browser shows what for, and the person may refuse. */
export async function ask(
  { credentials }: Asking,
  request: WalletRequest,
  signal: AbortSignal,
): Promise<Asked> {
  try {
    const credential = await credentials?.get?.({
      mediation: 'required',
      digital: { requests: [request] },
      signal,
    });
    const response = responseIn(credential, request.protocol);
    return response ? { ok: true, response } : { ok: false, reason: 'failed' };
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    const isCancelled = name === 'NotAllowedError' || name === 'AbortError';
    return { ok: false, reason: isCancelled ? 'cancelled' : 'failed' };
  }
}

/** Returns the encrypted answer in a credential. Some browsers give its data as text. */
function responseIn(credential: unknown, protocol: string): string | null {
  const { protocol: used, data } = Object(credential) as { protocol?: unknown; data?: unknown };
  if (used !== protocol) return null;
  const { response } = Object(typeof data === 'string' ? JSON.parse(data) : data);
  return typeof response === 'string' ? response : null;
}
