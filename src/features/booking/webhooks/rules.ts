import { Webhook as Signer } from 'standardwebhooks';
import { can } from '../../../domain/roles.ts';
import { isLoopback } from '../../../lib/http/loopback.ts';
import type { KeyVersion, PurposeKey } from '../../../lib/secrets.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { PauseReason, Webhook } from './types.ts';

/** Returns whether the viewer manages the office's webhooks. */
export const mayManageWebhooks = (viewer: StaffViewer): boolean => can(viewer, 'manage_webhooks');

/** Maximum active webhooks of an office. */
export const MOST_WEBHOOKS = 20;
const LONGEST_URL = 2000;

/** The addresses that this installation may send to, beside https ones of the whole network. */
export interface Reach {
  /** https addresses in the town hall's private network (WEBHOOKS_PRIVATE). */
  privately: boolean;
  /** This machine, also by http (demo mode). */
  loopback: boolean;
}

export type UrlMistake = 'missing' | 'too_long' | 'not_url' | 'not_https' | 'has_password';

/** Returns a webhook's normalised address, or its error. Its target is checked at each sending. */
export function readUrl(typed: string, { loopback }: Pick<Reach, 'loopback'>): URL | UrlMistake {
  const text = typed.trim();
  if (text === '') return 'missing';
  if (text.length > LONGEST_URL) return 'too_long';
  if (!URL.canParse(text)) return 'not_url';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'not_url';
  if (url.protocol === 'http:' && !(loopback && isLoopback(url.href))) return 'not_https';
  if (url.username || url.password) return 'has_password';
  url.hash = '';
  return url;
}

/** How long the former secret also signs after a new one was made, so that the receiver has time to change it. */
const OLD_SECRET_HOURS = 24;

/** A webhook's secret as the standard writes it. The same each time; the database doesn't hold it. */
export function secretOf(key: KeyVersion, id: string, number: number): string {
  const bytes = Buffer.from(key.derive(`webhook ${id} ${number}`), 'base64url');
  return `whsec_${bytes.toString('base64')}`;
}

/** Returns a webhook's newest secret. */
export const newestSecret = (key: PurposeKey, { id, keyNumber, keyVersion }: Webhook): string =>
  secretOf(key.at(keyVersion), id, keyNumber);

/** Returns until when the former secret also signs, and no new one can be made; null: it doesn't sign. */
export function oldSecretUntil(
  { keyNumber, keySince }: Pick<Webhook, 'keyNumber' | 'keySince'>,
  now: Temporal.Instant,
): Temporal.Instant | null {
  const until = keySince.add({ hours: OLD_SECRET_HOURS });
  return keyNumber > 1 && Temporal.Instant.compare(now, until) < 0 ? until : null;
}

/** The secrets that sign now: the newest first. */
export function signingSecrets(key: PurposeKey, webhook: Webhook, now: Temporal.Instant): string[] {
  const { id, keyNumber } = webhook;
  const newest = newestSecret(key, webhook);
  if (!oldSecretUntil(webhook, now)) return [newest];
  return [newest, secretOf(key.at(webhook.keyVersionBefore), id, keyNumber - 1)];
}

/**
 * The headers of a message (Standard Webhooks): its id, when it was sent, a signature by each secret.
 * @param sentAt by the machine's clock, which the receiver compares with its own
 */
export function signedHeaders(
  secrets: readonly string[],
  id: string,
  sentAt: Temporal.Instant,
  payload: string,
): Record<string, string> {
  const seconds = Math.floor(sentAt.epochMilliseconds / 1000);
  const at = new Date(seconds * 1000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': secrets.map((each) => new Signer(each).sign(id, at, payload)).join(' '),
  };
}

const [MINUTE, HOUR] = [60, 3600];
/** Seconds between a try and the next, as Standard Webhooks advises: three days in all. */
const WAITS = [
  ...[5, 5 * MINUTE, 30 * MINUTE],
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR),
] as const;

/**
 * Seconds until the next try after `attempts` failures, lengthened by up to a tenth so that what failed together doesn't come
 * back together; null: it isn't tried any more. `random` is in [0, 1).
 */
export function waitAfter(attempts: number, random: number): number | null {
  const wait = WAITS[attempts - 1];
  return wait === undefined ? null : wait * (1 + random / 10);
}

/** After this long without a success, the webhook is paused. */
const PAUSES_AFTER_DAYS = 5;

/** Returns whether a webhook is paused after a failed try. */
export function pauseAfter(
  status: number | null,
  failingSince: Temporal.Instant,
  now: Temporal.Instant,
): Exclude<PauseReason, 'asked'> | null {
  if (status === 410) return 'gone';
  return now.since(failingSince).total('hours') >= PAUSES_AFTER_DAYS * 24 ? 'failing' : null;
}

export const isTaken = (status: number | null): boolean =>
  status !== null && status >= 200 && status < 300;
