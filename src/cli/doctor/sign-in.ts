import type { OidcSettings } from '../../config.ts';
import { createProvider } from '../../features/foundation/sso/service.ts';
import { type Finding, right, wrong } from './report.ts';

const ADVICE = {
  away: 'Is OIDC_ISSUER right, does the provider run, and do both firewalls let us through?',
  refused:
    'OIDC_ISSUER must be the issuer exactly as the provider writes it: see issuer at that address with /.well-known/openid-configuration.',
};

/** Fetches the metadata of the town's identity provider. Doesn't sign in. */
export async function aboutProvider(settings: OidcSettings, baseUrl: string): Promise<Finding> {
  const provider = createProvider({ settings, baseUrl, log: { warn: () => {} } });
  const nobody = { state: 'x', nonce: 'x', verifier: 'x'.repeat(43) };
  const asked = await provider.authorizationUrl(nobody);
  if (asked.ok) return right(`The provider of sign-in answers: ${settings.issuer}`);
  const { reason } = asked;
  return wrong(
    `The provider of sign-in (${settings.issuer}) ${reason === 'away' ? 'does not answer.' : 'is not what it says.'}`,
    reason === 'away' ? ADVICE.away : ADVICE.refused,
  );
}
