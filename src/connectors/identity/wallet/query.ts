import type { Transaction } from '../../../features/foundation/identification/types.ts';
import { COSE_ALGORITHMS, JOSE_ALGORITHMS } from './signing.ts';

/** The type of person identification data as SD-JWT VC, and as mobile document (PID Rulebook of the EUDI architecture). */
export const PID_VCT = 'urn:eudi:pid:1';
export const PID_DOC_TYPE = 'eu.europa.ec.eudi.pid.1';

/** The two credentials of the query, of which the wallet presents one. */
export const SD_JWT = 'pid_sd_jwt';
export const MDOC = 'pid_mdoc';

/** What is asked for: who it is and what to call them. */
export const CLAIMS = [
  'given_name',
  'family_name',
  'personal_administrative_number',
  'issuing_country',
] as const;

/**
 * Returns the query for the person's data (DCQL, OpenID4VP 1.0, section 6). With a transaction only the SD-JWT VC is asked for: how a mobile
 * document signs a transaction is not laid down.
 */
export function queryOf(transaction: Transaction | null): object {
  const sdJwt = {
    id: SD_JWT,
    format: 'dc+sd-jwt',
    meta: { vct_values: [PID_VCT] },
    claims: CLAIMS.map((claim) => ({ path: [claim] })),
  };
  if (transaction) return { credentials: [sdJwt] };
  const mdoc = {
    id: MDOC,
    format: 'mso_mdoc',
    meta: { doctype_value: PID_DOC_TYPE },
    claims: CLAIMS.map((claim) => ({ path: [PID_DOC_TYPE, claim], intent_to_retain: true })),
  };
  return { credentials: [sdJwt, mdoc], credential_sets: [{ options: [[SD_JWT], [MDOC]] }] };
}

/** The formats and algorithms that are taken (OpenID4VP 1.0, annex B). */
export const FORMATS = {
  'dc+sd-jwt': { 'sd-jwt_alg_values': JOSE_ALGORITHMS, 'kb-jwt_alg_values': JOSE_ALGORITHMS },
  mso_mdoc: {
    issuerauth_alg_values: COSE_ALGORITHMS,
    deviceauth_alg_values: COSE_ALGORITHMS,
  },
};

/** The type of a transaction that is an act: its hash, and words for the wallet's screen. */
export const ACT = 'urn:finestreta:act:1';

/**
 * Returns the transaction as the request has it (OpenID4VP 1.0, section 8.4). It is the same for the request and for the answer, since the
 * key binding signs a hash of these letters.
 */
export const transactionDataOf = (transaction: Transaction): string =>
  Buffer.from(
    JSON.stringify({
      type: ACT,
      credential_ids: [SD_JWT],
      transaction_data_hashes_alg: ['sha-256'],
      act_hash: transaction.hash,
      act_hash_alg: 'sha-256',
      act: transaction.words,
    }),
  ).toString('base64url');
