import { randomInt } from 'node:crypto';
import { type SecretConfig, symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { Secret, TOTP } from 'otpauth';
import { systemClock } from '../../../lib/clock.ts';
import { RECOVERY_ALPHABET } from './rules.ts';

/** How the library marks a secret that is base32 and not plain text. */
const BASE32 = 'base32:';
const RECOVERY_CODES = 10;

/** 160 bits in base32, as authenticators take them. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32;

/** The secret as the library keeps it, encrypted. */
export const keptSecret = (key: string | SecretConfig, secret: string): Promise<string> =>
  symmetricEncrypt({ key, data: BASE32 + secret });

/** The other way round, in base32. @throws when another key encrypted it */
export async function secretIn(key: string | SecretConfig, kept: string): Promise<string> {
  return (await symmetricDecrypt({ key, data: kept })).replace(BASE32, '');
}

export const totpOf = (issuer: string, email: string, secret: string): TOTP =>
  new TOTP({ issuer, label: email, secret: Secret.fromBase32(secret) });

/** Whether the authenticator shows this code now, or half a minute before or after. Whether it was used is another question. */
export const isRight = (totp: TOTP, code: string): boolean =>
  totp.validate({ token: code, window: 1, timestamp: systemClock.now().epochMilliseconds }) !==
  null;

/** Ten codes, of 49 bits each, that open once. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => {
    const letters = Array.from(
      { length: 10 },
      () => RECOVERY_ALPHABET[randomInt(RECOVERY_ALPHABET.length)],
    ).join('');
    return `${letters.slice(0, 5)}-${letters.slice(5)}`;
  });
