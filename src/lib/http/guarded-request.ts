import { lookup as systemLookup } from 'node:dns/promises';
import {
  type IncomingHttpHeaders,
  type RequestOptions,
  request as requestOverHttp,
} from 'node:http';
import { request as requestOverHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type AddressKind, kindOfAddress } from './address-kind.ts';

/** Why a request has no answer. `refused_address`: its address is not allowed; `too_long`: the answer has too many bytes. */
export type RequestFailure =
  | ('refused_address' | 'no_such_host' | 'no_connection' | 'bad_certificate')
  | ('timeout' | 'too_long');

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export type RequestResult = ({ ok: true } & Answer) | { ok: false; reason: RequestFailure };

export interface GuardedRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  /** Empty: none is sent. */
  body: string;
}

export interface Resolved {
  address: string;
  family: number;
}

export interface RequestGuard {
  /** The allowed kinds of addresses, in addition to public ones. */
  allowed: ReadonlySet<AddressKind>;
  /** The total limit, from resolving the name to the end of the answer. */
  timeoutMs: number;
  /** Maximum bytes of an answer; then the connection is cut. */
  mostBytes: number;
  /** Whether the first bytes of a longer answer are enough. */
  mayBeCut?: boolean;
  resolve?: (host: string) => Promise<Resolved[]>;
}

/**
 * Sends a request to an address that a person typed, which must not lead into our own network: the name is resolved once, all its addresses
 * are checked, and only those are connected to. Follows no redirect. Never rejects.
 */
export async function guardedRequest(
  request: GuardedRequest,
  guard: RequestGuard,
): Promise<RequestResult> {
  const { allowed, timeoutMs, resolve = resolveHost } = guard;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const addresses = await abortable(addressesOf(request.url, resolve), signal);
    const isAllowed = ({ address }: Resolved) => {
      const kind = kindOfAddress(address);
      return kind === 'public' || allowed.has(kind);
    };
    if (addresses.length === 0 || !addresses.every(isAllowed))
      return { ok: false, reason: 'refused_address' };
    const answer = await send(request, guard, addresses, signal);
    return answer ? { ok: true, ...answer } : { ok: false, reason: 'too_long' };
  } catch (error) {
    return { ok: false, reason: signal.aborted ? 'timeout' : reasonOf(error) };
  }
}

const resolveHost = (host: string): Promise<Resolved[]> => systemLookup(host, { all: true });

async function addressesOf(
  { hostname }: URL,
  resolve: (host: string) => Promise<Resolved[]>,
): Promise<Resolved[]> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  return family ? [{ address: host, family }] : resolve(host);
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

/** Resolves to the answer; null: it is too long. */
function send(
  { method, url, headers, body }: GuardedRequest,
  { mostBytes, mayBeCut = false }: RequestGuard,
  addresses: readonly Resolved[],
  signal: AbortSignal,
): Promise<Answer | null> {
  const length = body ? { 'Content-Length': String(Buffer.byteLength(body)) } : {};
  const options: RequestOptions = {
    method,
    headers: { ...headers, ...length },
    // A new connection: a kept one could lead to an unchecked address.
    agent: false,
    lookup: pinnedTo(addresses),
    signal,
  };
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? requestOverHttps : requestOverHttp;
    const request = start(url, options, (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      const parts: Buffer[] = [];
      let bytes = 0;
      const answer = () => ({ status, headers: answered, body: Buffer.concat(parts) });
      response.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes <= mostBytes) {
          parts.push(part);
          return;
        }
        resolve(mayBeCut ? answer() : null);
        request.destroy();
      });
      response.once('end', () => resolve(answer()));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Returns a lookup that always answers the checked addresses. */
const pinnedTo =
  (addresses: readonly Resolved[]): LookupFunction =>
  (_host, { all }, callback) => {
    const [first] = addresses;
    if (all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family ?? 4);
  };

function reasonOf(error: unknown) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no_such_host';
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|ALTNAME/.test(code)
    ? 'bad_certificate'
    : 'no_connection';
}
