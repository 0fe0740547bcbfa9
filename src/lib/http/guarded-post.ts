import {
  type GuardedRequest,
  guardedRequest,
  type RequestFailure,
  type RequestGuard,
} from './guarded-request.ts';

/** The result of a request. `refused_address`: its address is not allowed. */
export type PostResult =
  | { ok: true; status: number }
  | { ok: false; reason: Exclude<RequestFailure, 'too_long'> };

export type PostRequest = Omit<GuardedRequest, 'method'>;
export type PostGuard = Omit<RequestGuard, 'mostBytes' | 'mayBeCut'>;

/** Maximum response bytes read before the connection is cut. The response isn't used. */
const MOST_BYTES = 10_000;

/** POSTs to an address that a person typed, as `guardedRequest` does. */
export async function guardedPost(request: PostRequest, guard: PostGuard): Promise<PostResult> {
  const cut = { ...guard, mostBytes: MOST_BYTES, mayBeCut: true };
  const result = await guardedRequest({ ...request, method: 'POST' }, cut);
  if (result.ok) return { ok: true, status: result.status };
  return { ok: false, reason: result.reason as Exclude<RequestFailure, 'too_long'> };
}
