import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { compactVerify, decodeProtectedHeader } from 'jose';
import { guardedRequest } from '../../../lib/http/guarded-request.ts';
import { isRecord } from './answer.ts';
import { SKEW, type Trust } from './binding.ts';
import { signerOf } from './chain.ts';
import { refuse } from './refusal.ts';
import { curveOf } from './signing.ts';

/** The place in a list where an authority says whether a person's data still count. */
export interface StatusReference {
  uri: string;
  index: number;
}

/** Fetches a list; null: it can't be had now. */
export type FetchList = (url: URL) => Promise<string | null>;

/** A list of a million people is about a hundred kilobytes. */
const MOST_BYTES = 5_000_000;

const inflated = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate);

/** Fetches a list over the internet, and from public addresses alone. */
export const fetchingWithin =
  (timeoutSeconds = 10): FetchList =>
  async (url) => {
    const answer = await guardedRequest(
      { method: 'GET', url, headers: { Accept: 'application/statuslist+jwt' }, body: '' },
      { allowed: new Set(), timeoutMs: timeoutSeconds * 1000, mostBytes: MOST_BYTES },
    );
    return answer.ok && answer.status === 200 ? answer.body.toString() : null;
  };

/**
 * Returns where it is said whether data still count. `status`: what they say of it; null: they say nothing, and count until they end.
 *
 * @throws NotIdentified if it is said in a way that isn't known here
 */
export function statusIn(status: unknown): StatusReference | null {
  if (status === undefined) return null;
  const list = isRecord(status) ? status.status_list : null;
  if (!isRecord(list)) return refuse('status_unknown');
  const { uri, idx: index } = list;
  if (typeof uri !== 'string' || !URL.canParse(uri)) return refuse('status_unknown');
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0)
    return refuse('status_unknown');
  return { uri, index };
}

/**
 * Checks that an authority has not taken data back (IETF Token Status List). Data whose list can't be had now are not taken.
 *
 * @throws NotIdentified
 */
export async function checkStatus(
  { uri, index }: StatusReference,
  country: string,
  trust: Trust,
  fetchList: FetchList,
): Promise<void> {
  const url = new URL(uri);
  if (url.protocol !== 'https:') refuse('status_unknown');
  const text = (await fetchList(url)) ?? refuse('status_unavailable', 'away');
  const list = await listIn(text.trim(), trust);
  if (list.country !== country) refuse('status_of_other_authority');
  if (list.claims.sub !== uri) refuse('status_of_other_list');
  const at = trust.now.epochMilliseconds / 1000;
  const { iat, exp } = list.claims;
  if (typeof iat !== 'number' || iat > at + SKEW) refuse('status_time');
  if (exp !== undefined && !(typeof exp === 'number' && exp > at)) refuse('status_old', 'away');
  const status = await valueAt(index, list.claims.status_list);
  if (status === 1) refuse('pid_revoked', 'denied');
  if (status === 2) refuse('pid_suspended', 'denied');
  if (status !== 0) refuse('pid_status', 'denied');
}

/** Checks who signed a list: an authority that the town trusts. */
async function listIn(
  jwt: string,
  trust: Trust,
): Promise<{ claims: Record<string, unknown>; country: string }> {
  const { typ, x5c = [] } = decodeProtectedHeader(jwt);
  if (typ !== 'statuslist+jwt') return refuse('status_type');
  const chain = x5c.map((each) => Buffer.from(each, 'base64'));
  const { key, country } = signerOf(chain, trust.anchors, trust.now);
  const { payload } = await compactVerify(jwt, key, { algorithms: [curveOf(key).jose] }).catch(() =>
    refuse('status_signature'),
  );
  const claims: unknown = JSON.parse(Buffer.from(payload).toString());
  return { claims: isRecord(claims) ? claims : refuse('status_list'), country };
}

/** Returns the value at a place of a list, whose bits are packed from the lowest. */
async function valueAt(index: number, list: unknown): Promise<number> {
  const { bits, lst } = isRecord(list) ? list : refuse('status_list');
  if (typeof bits !== 'number' || ![1, 2, 4, 8].includes(bits)) return refuse('status_list');
  if (typeof lst !== 'string') return refuse('status_list');
  const bytes = await inflated(Buffer.from(lst, 'base64url'), { maxOutputLength: 16_000_000 });
  const perByte = 8 / bits;
  const byte = bytes[Math.floor(index / perByte)] ?? refuse('status_index');
  return (byte >> ((index % perByte) * bits)) & (2 ** bits - 1);
}
