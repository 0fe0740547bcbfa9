import type { X509Certificate } from 'node:crypto';
import type { Attempt } from '../../../features/foundation/identification/types.ts';
import type { Way } from './keys.ts';
import { refuse } from './refusal.ts';
import { responseUriOf } from './request.ts';
import type { StatusReference } from './status.ts';

/** What a presentation must be bound to, so that it counts for this attempt alone. */
export interface Binding {
  way: Way;
  clientId: string;
  nonce: string;
  /** Where a wallet posts. */
  responseUri: string;
  /** The origin of the page to which a browser hands an answer. */
  origin: string;
  /** SHA-256 of the key for which the answer is encrypted. */
  thumbprint: Buffer;
  /** The transaction as the request has it; null: there is none. */
  transactionData: string | null;
}

/** What counts: the authorities, and the time. */
export interface Trust {
  anchors: readonly X509Certificate[];
  now: Temporal.Instant;
}

export const bindingOf = (
  attempt: Attempt,
  answer: Pick<Binding, 'way' | 'thumbprint' | 'clientId' | 'transactionData'>,
): Binding => ({
  ...answer,
  nonce: attempt.checks.nonce,
  responseUri: responseUriOf(attempt),
  origin: attempt.baseUrl,
});

/** The person's data, and the country of the authority that signed them. */
export interface Claims {
  values: ReadonlyMap<string, unknown>;
  country: string;
  /** Where it is said whether the data still count; null: nowhere. */
  status: StatusReference | null;
}

/** How much the clock of an authority or a wallet may differ, in seconds. */
export const SKEW = 60;

/** Checks that data are valid now. Times in seconds since 1970; null: not given. @throws NotIdentified */
export function checkValidity({ now }: Trust, from: number | null, until: number | null): void {
  const at = now.epochMilliseconds / 1000;
  if (until === null) refuse('pid_without_end');
  if (from !== null && from > at + SKEW) refuse('pid_not_yet_valid', 'denied');
  if (until <= at) refuse('pid_expired', 'denied');
}
