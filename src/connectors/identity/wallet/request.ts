import { CompactSign } from 'jose';
import { ATTEMPT_MINUTES } from '../../../domain/identity.ts';
import type { Attempt } from '../../../features/foundation/identification/types.ts';
import type { Access } from './access.ts';
import { keyOf, type Way } from './keys.ts';
import { FORMATS, queryOf, transactionDataOf } from './query.ts';
import { refuse } from './refusal.ts';

/** How long a request is valid, in seconds. The attempt itself ends earlier, since it began before. */
const VALID_FOR = ATTEMPT_MINUTES * 60;

const LONGEST_NONCE = 1000;

/** Where a wallet posts its answer for an attempt. */
export const responseUriOf = ({ answerUrl, id }: Pick<Attempt, 'answerUrl' | 'id'>): string =>
  `${answerUrl}/${id}`;

/** Where a wallet fetches the request of an attempt. */
export const requestUriOf = ({ answerUrl, id }: Pick<Attempt, 'answerUrl' | 'id'>): string =>
  `${answerUrl.replace(/\/answer$/, '')}/request/${id}`;

/**
 * Returns the signed request of an attempt (OpenID4VP 1.0, section 5; RFC 9101), compact. `walletNonce`: what the wallet posted so that it
 * recognises the answer to its own question; null: it posted none.
 */
export function requestObject(
  attempt: Attempt,
  { access, now }: { access: Access; now: Temporal.Instant },
  way: Way,
  walletNonce: string | null,
): Promise<string> {
  if (walletNonce !== null && walletNonce.length > LONGEST_NONCE) refuse('wallet_nonce_too_long');
  const { checks, kept, transaction } = attempt;
  const at = Math.floor(now.epochMilliseconds / 1000);
  const request = {
    response_type: 'vp_token',
    client_id: access.clientId,
    ...whereTo(attempt, way),
    aud: 'https://self-issued.me/v2',
    nonce: checks.nonce,
    iat: at,
    exp: at + VALID_FOR,
    dcql_query: queryOf(transaction),
    client_metadata: {
      jwks: { keys: [keyOf(kept, way).public] },
      vp_formats_supported: FORMATS,
      encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
    },
    ...(transaction && { transaction_data: [transactionDataOf(transaction)] }),
    ...(walletNonce !== null && { wallet_nonce: walletNonce }),
  };
  return new CompactSign(Buffer.from(JSON.stringify(request)))
    .setProtectedHeader({
      typ: 'oauth-authz-req+jwt',
      alg: access.algorithm,
      x5c: access.chain,
    })
    .sign(access.key);
}

/** Where the answer goes: the wallet posts it, or the browser hands it to a page of our origin (annex A), which needs no state. */
const whereTo = (attempt: Attempt, way: Way): object =>
  way === 'direct'
    ? {
        response_mode: 'direct_post.jwt',
        response_uri: responseUriOf(attempt),
        state: attempt.checks.state,
      }
    : { response_mode: 'dc_api.jwt', expected_origins: [attempt.baseUrl] };
