import { randomInt } from 'node:crypto';
import { type SecretConfig, symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { Secret, TOTP } from 'otpauth';
import { systemClock } from '../../../lib/clock.ts';
import { RECOVERY_ALPHABET } from './rules.ts';

/** The library's mark of a secret that is base32 and not plain text. */
const BASE32 = 'base32:';
const RECOVERY_CODES = 10;

/** Returns 160 random bits in base32, the format of authenticators. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32;

/** Returns the secret in the library's stored form, encrypted. */
export const keptSecret = (key: string | SecretConfig, secret: string): Promise<string> =>
  symmetricEncrypt({ key, data: BASE32 + secret });

/** Returns a stored secret in base32. @throws when another key encrypted it */
export async function secretIn(key: string | SecretConfig, kept: string): Promise<string> {
  return (await symmetricDecrypt({ key, data: kept })).replace(BASE32, '');
}

export const totpOf = (issuer: string, email: string, secret: string): TOTP =>
  new TOTP({ issuer, label: email, secret: Secret.fromBase32(secret) });

/** Returns whether the authenticator shows this code now, or half a minute before or after. It doesn't check earlier uses. */
export const isRight = (totp: TOTP, code: string): boolean =>
  totp.validate({ token: code, window: 1, timestamp: systemClock.now().epochMilliseconds }) !==
  null;

/** Makes ten one-time recovery codes, of 49 bits each. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => {
    const letters = Array.from(
      { length: 10 },
      () => RECOVERY_ALPHABET[randomInt(RECOVERY_ALPHABET.length)],
    ).join('');
    return `${letters.slice(0, 5)}-${letters.slice(5)}`;
  });
