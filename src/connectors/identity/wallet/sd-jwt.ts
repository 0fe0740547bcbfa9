import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { compactVerify, decodeProtectedHeader, type JWK } from 'jose';
import { ATTEMPT_MINUTES } from '../../../domain/identity.ts';
import { isRecord } from './answer.ts';
import { type Binding, type Claims, checkValidity, SKEW, type Trust } from './binding.ts';
import { signerOf } from './chain.ts';
import { disclosed, hashOf } from './disclosures.ts';
import { PID_VCT } from './query.ts';
import { refuse } from './refusal.ts';
import { curveOf } from './signing.ts';
import { statusIn } from './status.ts';

/** A key binding is made for the request, so it is as old as an attempt at most, in seconds. */
const OLDEST_BINDING = ATTEMPT_MINUTES * 60 + SKEW;

/**
 * Returns the person's data in a presentation of an SD-JWT VC (RFC 9901; SD-JWT VC; HAIP 1.0): signed by an authority that the town trusts,
 * valid now, presented by whoever has the holder's key, for this attempt.
 *
 * @throws NotIdentified
 */
export async function claimsInSdJwt(text: string, binding: Binding, trust: Trust): Promise<Claims> {
  const [jwt = '', ...parts] = text.split('~');
  if (parts.length === 0) return refuse('sd_jwt');
  const keyBinding = parts.pop();
  const { payload, country } = await issued(jwt, trust);
  const values = disclosed(payload, parts);
  if (!keyBinding) return refuse('key_binding_missing');
  const presented = text.slice(0, text.length - keyBinding.length);
  await checkKeyBinding(keyBinding, payload, presented, binding, trust);
  return {
    values: new Map(Object.entries(values)),
    country,
    status: statusIn(payload.status),
  };
}

/** Checks what the authority signed. What counts of it is never taken from a disclosure. */
async function issued(
  jwt: string,
  trust: Trust,
): Promise<{ payload: Record<string, unknown>; country: string }> {
  const { typ, x5c } = decodeProtectedHeader(jwt);
  if (typ !== 'dc+sd-jwt') return refuse('sd_jwt_type');
  if (!Array.isArray(x5c)) return refuse('chain_missing');
  const chain = x5c.map((each) => Buffer.from(String(each), 'base64'));
  const { key, country } = signerOf(chain, trust.anchors, trust.now);
  const payload = await verified(jwt, key, 'issuer_signature');
  if (payload.vct !== PID_VCT) return refuse('pid_type');
  checkValidity(trust, latest(payload.iat, payload.nbf), secondsIn(payload.exp));
  return { payload, country };
}

async function checkKeyBinding(
  jwt: string,
  payload: Record<string, unknown>,
  presented: string,
  binding: Binding,
  trust: Trust,
): Promise<void> {
  if (decodeProtectedHeader(jwt).typ !== 'kb+jwt') refuse('key_binding_type');
  const signed = await verified(jwt, holderOf(payload), 'key_binding_signature');
  if (signed.sd_hash !== hashOf(payload._sd_alg, presented)) refuse('key_binding_hash');
  if (signed.nonce !== binding.nonce) refuse('key_binding_nonce');
  if (signed.aud !== audienceOf(binding)) refuse('key_binding_audience');
  const at = trust.now.epochMilliseconds / 1000;
  const iat = secondsIn(signed.iat) ?? refuse('key_binding_time');
  if (iat > at + SKEW) refuse('key_binding_ahead', 'clock');
  if (iat < at - OLDEST_BINDING) refuse('key_binding_old', 'expired');
  checkTransaction(signed, binding);
}

/** Checks that the holder signed the transaction of the request, and no other (OpenID4VP 1.0, annex B.3.3). */
function checkTransaction(signed: Record<string, unknown>, { transactionData }: Binding): void {
  const { transaction_data_hashes: hashes, transaction_data_hashes_alg: algorithm } = signed;
  if (transactionData === null) {
    if (hashes !== undefined) refuse('transaction_unasked');
    return;
  }
  if (!Array.isArray(hashes)) refuse('transaction_not_signed');
  if (algorithm !== undefined && algorithm !== 'sha-256') refuse('transaction_hash_unknown');
  const hash = createHash('sha256').update(transactionData, 'ascii').digest('base64url');
  if (hashes.length !== 1 || hashes[0] !== hash) refuse('transaction_of_other_act');
}

/** Returns the audience of a presentation: ourselves, or where a browser hands it over, our origin (OpenID4VP 1.0, annex A.4). */
const audienceOf = ({ way, clientId, origin }: Binding): string =>
  way === 'direct' ? clientId : `origin:${origin}`;

/** Returns the key of the holder, to which the authority bound the data. */
function holderOf({ cnf }: Record<string, unknown>): KeyObject {
  if (!isRecord(cnf) || !isRecord(cnf.jwk)) return refuse('holder_key_missing');
  const { kty, crv, x, y } = cnf.jwk;
  return createPublicKey({ key: { kty, crv, x, y } as JWK, format: 'jwk' });
}

async function verified(
  jwt: string,
  key: KeyObject,
  code: string,
): Promise<Record<string, unknown>> {
  const { payload } = await compactVerify(jwt, key, { algorithms: [curveOf(key).jose] }).catch(() =>
    refuse(code),
  );
  const read: unknown = JSON.parse(Buffer.from(payload).toString());
  return isRecord(read) ? read : refuse('malformed');
}

const secondsIn = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** Returns the later of two moments from which data are valid. */
const latest = (...values: unknown[]): number | null => {
  const moments = values.map(secondsIn).filter((each) => each !== null);
  return moments.length > 0 ? Math.max(...moments) : null;
};
