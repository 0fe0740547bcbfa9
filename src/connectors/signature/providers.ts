import type { SignatureSettings } from '../../domain/office/connectors/signature.ts';
import type { SigningProvider } from '../../features/service/signatures/types.ts';
import type { Clock } from '../../lib/clock.ts';
import { isOurs } from '../../lib/http/loopback.ts';
import { createDemoSigning } from './demo.ts';
import { createValidSigning } from './valid/provider.ts';

export interface SignatureAdaptersDeps {
  /** The public address, without a trailing slash. */
  baseUrl: string;
  /** What the AOC gave to the town; null: the environment has none. */
  secret: string | null;
  clock: Clock;
  /** Log of codes only. */
  log: { warn(what: object, message: string): void };
}

/** Returns the adapter for the settings of the town file; null: nothing can be signed here besides by a session. */
export function signatureAdapter({ baseUrl, secret, clock, log }: SignatureAdaptersDeps) {
  return (settings: SignatureSettings | null): SigningProvider | null => {
    switch (settings?.kind) {
      case 'valid':
        return secret === null ? null : createValidSigning(settings, { secret, log });
      case 'demo':
        return isOurs(baseUrl) ? createDemoSigning(baseUrl, clock) : null;
      default:
        return null;
    }
  };
}
