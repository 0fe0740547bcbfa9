import { lookup as systemLookup } from 'node:dns/promises';
import { type RequestOptions, request as requestOverHttp } from 'node:http';
import { request as requestOverHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type AddressKind, kindOfAddress } from './address-kind.ts';

/** The result of a request. `refused_address`: its address is not allowed. */
export type PostResult =
  | { ok: true; status: number }
  | {
      ok: false;
      reason: 'refused_address' | 'no_such_host' | 'no_connection' | 'bad_certificate' | 'timeout';
    };

export interface PostRequest {
  url: URL;
  headers: Record<string, string>;
  body: string;
}

export interface Resolved {
  address: string;
  family: number;
}

export interface PostGuard {
  /** The allowed kinds of addresses, in addition to public ones. */
  allowed: ReadonlySet<AddressKind>;
  /** The total limit, from resolving the name to the end of the answer. */
  timeoutMs: number;
  resolve?: (host: string) => Promise<Resolved[]>;
}

/** Maximum response bytes read before the connection is cut. The response isn't used. */
const MOST_BYTES = 10_000;

/**
 * POSTs to an address that a person typed, which must not lead into our own network: the name is resolved once, all its addresses are
 * checked, and only those are connected to. Follows no redirect. Never rejects.
 */
export async function guardedPost(
  request: PostRequest,
  { allowed, timeoutMs, resolve = resolveHost }: PostGuard,
): Promise<PostResult> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const addresses = await abortable(addressesOf(request.url, resolve), signal);
    const isAllowed = ({ address }: Resolved) => {
      const kind = kindOfAddress(address);
      return kind === 'public' || allowed.has(kind);
    };
    if (addresses.length === 0 || !addresses.every(isAllowed))
      return { ok: false, reason: 'refused_address' };
    return { ok: true, status: await post(request, addresses, signal) };
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

/** Resolves to the status. */
function post(
  { url, headers, body }: PostRequest,
  addresses: readonly Resolved[],
  signal: AbortSignal,
): Promise<number> {
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
    // A new connection: a kept one could lead to an unchecked address.
    agent: false,
    lookup: pinnedTo(addresses),
    signal,
  };
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? requestOverHttps : requestOverHttp;
    const request = start(url, options, (response) => {
      const { statusCode = 0 } = response;
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= MOST_BYTES) return;
        resolve(statusCode);
        request.destroy();
      });
      response.once('end', () => resolve(statusCode));
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
