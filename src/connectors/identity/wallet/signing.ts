import type { KeyObject } from 'node:crypto';
import { refuse } from './refusal.ts';

/** A curve of keys, with the algorithm of its signatures in JOSE (RFC 7518) and COSE (RFC 9053, and RFC 9864, whose numbers name the curve too). */
interface Curve {
  jose: string;
  cose: readonly number[];
  hash: string;
}

const CURVES = new Map<string, Curve>([
  ['prime256v1', { jose: 'ES256', cose: [-7, -9], hash: 'sha256' }],
  ['secp384r1', { jose: 'ES384', cose: [-35, -51], hash: 'sha384' }],
  ['secp521r1', { jose: 'ES512', cose: [-36, -52], hash: 'sha512' }],
]);

/** The algorithms that are taken, as the request names them. */
export const JOSE_ALGORITHMS = [...CURVES.values()].map((each) => each.jose);
export const COSE_ALGORITHMS = [...CURVES.values()].flatMap((each) => each.cose);

/** Returns the curve of a key. @throws NotIdentified if it is no key of a curve that is taken */
export const curveOf = (key: KeyObject): Curve =>
  CURVES.get(key.asymmetricKeyDetails?.namedCurve ?? '') ?? refuse('key_unsuited');
