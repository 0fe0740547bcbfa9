import type {
  AutofirmaSettings,
  SignatureSettings,
} from '../../domain/office/connectors/signature.ts';
import type { SigningProgram, SigningProvider } from '../../features/service/signatures/types.ts';
import type { Clock } from '../../lib/clock.ts';
import { mayPretend } from '../../lib/http/loopback.ts';
import { certificatesIn } from '../../lib/seal/certificate.ts';
import { createDemoAutofirma } from './autofirma/demo.ts';
import { createAutofirma } from './autofirma/program.ts';
import { createDemoSigning } from './demo.ts';
import { createValidSigning } from './valid/provider.ts';

export interface SignatureAdaptersDeps {
  /** The public address, without a trailing slash. */
  baseUrl: string;
  /** Where a demo is served to the own network. */
  lan?: { url: string } | null;
  /** What the AOC gave to the town; null: the environment has none. */
  secret: string | null;
  clock: Clock;
  /** Log of codes only. */
  log: { warn(what: object, message: string): void };
}

/** Returns the adapter for the settings of the town file; null: nothing can be signed here besides by a session. */
export function signatureAdapter({ baseUrl, lan, secret, clock, log }: SignatureAdaptersDeps) {
  return (settings: SignatureSettings | null): SigningProvider | null => {
    switch (settings?.kind) {
      case 'valid':
        return secret === null ? null : createValidSigning(settings, { secret, log });
      case 'demo':
        return mayPretend(baseUrl, lan) ? createDemoSigning(baseUrl, clock) : null;
      default:
        return null;
    }
  };
}

/** Returns the adapter of AutoFirma; null: the town has none, or the environment names no authority whose certificates count. */
export function autofirmaAdapter({
  authorities,
  ...deps
}: Omit<SignatureAdaptersDeps, 'secret' | 'baseUrl' | 'lan'> & { authorities: string | null }) {
  const trusted = authorities === null ? null : certificatesIn(authorities);
  return (settings: AutofirmaSettings | null): SigningProgram | null =>
    settings && trusted && createAutofirma(settings, { ...deps, authorities: trusted });
}

/** Returns the stand-in for AutoFirma in demonstrations; null: BASE_URL is another machine. */
export const demoAutofirma = ({
  baseUrl,
  lan,
  ...deps
}: Omit<SignatureAdaptersDeps, 'secret'>): SigningProgram | null =>
  mayPretend(baseUrl, lan) ? createDemoAutofirma(deps) : null;
