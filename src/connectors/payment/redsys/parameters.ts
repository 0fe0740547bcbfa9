import { SIGNATURES } from '../../../domain/office/connectors/payment.ts';
import type { BankResult, Sent } from '../../../features/service/payments/types.ts';
import { isSigned, type SignatureVersion, sign } from './signature.ts';

/** Euros, in ISO 4217. */
export const EUROS = '978';

/** The types of operations that are used: a payment, and giving one back. */
export const TYPES = { payment: '0', refund: '3' } as const;

/** Returns parameters as they travel: JSON in base64. */
export const encode = (parameters: Readonly<Record<string, string>>): string =>
  Buffer.from(JSON.stringify(parameters)).toString('base64url');

/** Returns the parameters of a message, with their names in capitals; null: they can't be read. Redsys writes the values percent-encoded. */
export function decode(text: string): Record<string, string> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    if (typeof value !== 'object' || value === null) return null;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, given]) =>
        typeof given === 'string' || typeof given === 'number'
          ? [[name.toUpperCase(), plain(String(given))]]
          : [],
      ),
    );
  } catch {
    return null;
  }
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Returns signed parameters. */
export function signed(
  version: SignatureVersion,
  secret: string,
  order: string,
  values: Readonly<Record<string, string>>,
): { Ds_SignatureVersion: string; Ds_MerchantParameters: string; Ds_Signature: string } {
  const parameters = encode(values);
  return {
    Ds_SignatureVersion: version,
    Ds_MerchantParameters: parameters,
    Ds_Signature: sign(version, { secret, order, parameters }),
  };
}

const isVersion = (text: string): text is SignatureVersion =>
  (SIGNATURES as readonly string[]).includes(text);

/** Returns the parameters of a message of Redsys, if it is signed with the secret. */
export function openMessage(
  { version, parameters, signature }: Sent,
  secret: string,
):
  | { ok: true; order: string; values: Record<string, string> }
  | { ok: false; reason: 'unsigned' | 'unreadable'; order: string | null } {
  const values = decode(parameters);
  const order = values?.['DS_ORDER'] ?? '';
  if (!values || !isOrder(order) || !isVersion(version))
    return { ok: false, reason: 'unreadable', order: null };
  if (!isSigned(version, { secret, order, parameters, signature }))
    return { ok: false, reason: 'unsigned', order };
  return { ok: true, order, values };
}

/** Four to twelve characters, the first four of them digits. */
export const isOrder = (text: string): boolean => /^\d{4}[\dA-Za-z]{0,8}$/.test(text);

/**
 * Answers that decide nothing: the order was used before, so what became of it is said elsewhere (0913, 9051), or the person is still at it
 * (9998, 9999).
 */
const UNDECIDED = new Set(['0913', '9051', '9998', '9999']);

/** Returns what an answer of Redsys means: 0000 to 0099 a payment that was authorised, 0900 a refund. */
export function resultOf(
  what: 'payment' | 'refund',
  code: string,
  authorization: string | undefined,
): BankResult {
  const number = /^\d{1,4}$/.test(code) ? Number(code) : Number.NaN;
  const isDone = what === 'payment' ? number >= 0 && number <= 99 : number === 900;
  const written = code.padStart(4, '0').slice(0, 8);
  const outcome = isDone
    ? 'done'
    : Number.isNaN(number) || UNDECIDED.has(written)
      ? 'none'
      : 'failed';
  return { outcome, code: written, authorization: authorization?.trim() || null };
}
