import { compactDecrypt, decodeProtectedHeader } from 'jose';
import type { Attempt, FailureReason } from '../../../features/foundation/identification/types.ts';
import { type AnswerKey, keyOf, WAYS } from './keys.ts';
import { MDOC, SD_JWT } from './query.ts';
import { refuse } from './refusal.ts';

/** A presentation with data of a person is some kilobytes. */
const LONGEST = 200_000;

/** What a wallet answered: one presentation, and the key for which it was encrypted. */
export interface Presentation {
  format: typeof SD_JWT | typeof MDOC;
  text: string;
  key: AnswerKey;
}

/**
 * Returns the presentation in a wallet's answer (OpenID4VP 1.0, section 8), which must be encrypted for a key of this attempt.
 *
 * @throws NotIdentified
 */
export async function presentationIn(
  posted: URLSearchParams | null,
  attempt: Attempt,
): Promise<Presentation> {
  if (!posted) return refuse('answer_missing');
  if (posted.has('error')) return failed(posted.get('error'), posted.get('state'), attempt);
  const [jwe, ...more] = posted.getAll('response');
  if (!jwe) return refuse(posted.has('vp_token') ? 'answer_not_encrypted' : 'answer_missing');
  if (more.length > 0) return refuse('answer_twice');
  if (jwe.length > LONGEST) return refuse('answer_too_long');
  const key = keyFor(jwe, attempt);
  const answer = await decrypted(jwe, key);
  if (answer.error !== undefined) return failed(answer.error, answer.state, attempt);
  if (key.way === 'direct' && answer.state !== attempt.checks.state) return refuse('state');
  return { ...presented(answer.vp_token), key };
}

/** Returns the key for which an answer is encrypted. Another attempt has other keys. */
function keyFor(jwe: string, attempt: Attempt): AnswerKey {
  if (jwe.split('.').length !== 5) return refuse('answer_not_encrypted');
  const { kid, zip } = decodeProtectedHeader(jwe);
  if (zip !== undefined) return refuse('answer_compressed');
  const keys = WAYS.map((way) => keyOf(attempt.kept, way));
  return keys.find((each) => each.public.kid === kid) ?? refuse('answer_for_other_key');
}

async function decrypted(jwe: string, key: AnswerKey): Promise<Record<string, unknown>> {
  const { plaintext } = await compactDecrypt(jwe, key.private, {
    keyManagementAlgorithms: ['ECDH-ES'],
    contentEncryptionAlgorithms: ['A128GCM', 'A256GCM'],
  }).catch(() => refuse('decryption'));
  const answer: unknown = JSON.parse(Buffer.from(plaintext).toString());
  return isRecord(answer) ? answer : refuse('malformed');
}

/** Takes one presentation of one credential of the query. */
function presented(token: unknown): Pick<Presentation, 'format' | 'text'> {
  if (!isRecord(token)) return refuse('presentation_missing');
  const [entry, ...more] = Object.entries(token);
  if (!entry) return refuse('presentation_missing');
  const [format, list] = entry;
  if (format !== SD_JWT && format !== MDOC) return refuse('presentation_unasked');
  if (more.length > 0 || !Array.isArray(list) || list.length > 1)
    return refuse('presentation_several');
  const [text] = list;
  return typeof text === 'string' ? { format, text } : refuse('presentation_missing');
}

/** The errors of a wallet (OpenID4VP 1.0, section 8.5; RFC 6749, section 4.1.2.1); any other: the wallet can't answer. */
const REASONS = new Map<unknown, [FailureReason, string]>([
  ['access_denied', ['cancelled', 'wallet_access_denied']],
  ['temporarily_unavailable', ['away', 'wallet_unavailable']],
  ['wallet_unavailable', ['away', 'wallet_unavailable']],
  ['invalid_client', ['denied', 'wallet_does_not_trust_us']],
  ['invalid_request', ['denied', 'wallet_invalid_request']],
  ['invalid_transaction_data', ['denied', 'wallet_unknown_transaction']],
  ['vp_formats_not_supported', ['denied', 'wallet_other_formats']],
]);

/** The state keeps somebody who knows the attempt's id only from ending it with an error. */
function failed(error: unknown, state: unknown, attempt: Attempt): never {
  if (state !== attempt.checks.state) return refuse('state');
  const [reason, code] = REASONS.get(error) ?? (['denied', 'wallet_error'] as const);
  return refuse(code, reason);
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
