import { X509Certificate } from 'node:crypto';
import type { Config } from '../../config.ts';
import { identityAdapters } from '../../connectors/identity/providers.ts';
import type { ProviderSettings } from '../../domain/office/identity.ts';
import { addressesOf, levelsOf } from '../../features/foundation/identification/rules.ts';
import type { Attempt } from '../../features/foundation/identification/types.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Finding, right, warning, wrong } from './report.ts';

/** Days before the end of a certificate from which on it is reported. */
const WARNED_DAYS = 30;

/** Begins with each provider of citizens' identities as a browser would, without anybody identifying, and looks at the certificates. */
export async function aboutIdentity(
  config: Pick<Config, 'baseUrl' | 'identitySecrets'>,
  declared: readonly ProviderSettings[],
  clock: Clock,
): Promise<Finding[]> {
  const { baseUrl, identitySecrets: secrets } = config;
  const adapt = identityAdapters({ baseUrl, secrets, clock, log: { warn: () => {} } });
  const findings = declared.map(async (settings) => {
    const provider = adapt(settings);
    if (!provider)
      return [
        warning(`The provider ${settings.code} is for demonstrations, and is not offered here.`),
      ];
    const begun = await provider.start(nobodysAttempt(settings, baseUrl));
    const found = begun.ok
      ? right(`The provider ${settings.code} can be used.`)
      : refused(settings, begun);
    return [
      found,
      ...aboutCertificate(settings, secrets.get(settings.code)?.certificate, clock.now()),
    ];
  });
  return (await Promise.all(findings)).flat();
}

function refused(
  { code }: ProviderSettings,
  { reason, code: why }: { reason: string; code: string },
): Finding {
  const words = `The provider ${code} can't be used: ${why}.`;
  return reason === 'away'
    ? wrong(
        words,
        'Does it run, and do both firewalls let this machine through? Are its secrets in the environment?',
      )
    : wrong(
        words,
        `Compare ${code} in the town file, and IDENTITY_${code.toUpperCase().replaceAll('-', '_')}_…, with what the provider gave you.`,
      );
}

/** Warns of our own certificate at a provider that ends soon. */
function aboutCertificate(
  { code }: ProviderSettings,
  certificate: string | null | undefined,
  now: Temporal.Instant,
): Finding[] {
  if (!certificate) return [];
  const ends = Temporal.Instant.fromEpochMilliseconds(
    new X509Certificate(certificate).validToDate.getTime(),
  );
  const days = Math.floor(now.until(ends).total('hours') / 24);
  if (days >= WARNED_DAYS) return [];
  const todo =
    'Make another one, give it to the provider, and set it here: docs/operating.md, Identity providers.';
  return [
    days < 0
      ? wrong(`Our certificate for the provider ${code} has ended.`, todo)
      : warning(`Our certificate for the provider ${code} ends in ${days} days.`, todo),
  ];
}

/** Returns an attempt of nobody, whose answer nobody waits for. */
const nobodysAttempt = (settings: ProviderSettings, baseUrl: string): Attempt => ({
  ...addressesOf(baseUrl, settings.code),
  id: '00000000-0000-4000-8000-000000000000',
  checks: { state: 'x'.repeat(32), nonce: 'x'.repeat(32), verifier: 'x'.repeat(64) },
  level: levelsOf(settings)[0] ?? 'low',
  isFresh: false,
  language: 'ca',
  kept: null,
  transaction: null,
});
