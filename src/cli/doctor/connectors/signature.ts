import type { Config } from '../../../config.ts';
import { signatureAdapter } from '../../../connectors/signature/providers.ts';
import type { SignatureSettings } from '../../../domain/office/connectors/signature.ts';
import { systemClock } from '../../../lib/clock.ts';
import { isOurs } from '../../../lib/http/loopback.ts';
import { type Finding, right, wrong } from '../report.ts';

/** Asks whether forms can be signed on-line, and whether the provider is there. Nothing is signed. */
export async function aboutSignature(
  settings: SignatureSettings | undefined,
  { baseUrl, signatureSecret: secret }: Pick<Config, 'baseUrl' | 'signatureSecret'>,
): Promise<Finding[]> {
  if (!settings) return [];
  if (settings.kind === 'demo')
    return isOurs(baseUrl)
      ? [right('Forms are signed on the stand-in of a demonstration.')]
      : [
          wrong(
            'Forms can’t be signed on-line: the stand-in for demonstrations is refused where BASE_URL is another machine.',
            'Write VÀLid into signature in the town file, or take signature out.',
          ),
        ];
  const log = { warn: () => {} };
  const provider = signatureAdapter({ baseUrl, secret, clock: systemClock, log })(settings);
  if (!provider)
    return [
      wrong(
        'Forms can’t be signed on-line: SIGNATURE_SECRET is not set.',
        'Set it to the client-secret that the AOC gave for VÀLid: docs/operating.md, Signatures.',
      ),
    ];
  const there = await provider.reach();
  return [
    there
      ? right('VÀLid is there for signatures.')
      : wrong(
          'VÀLid can’t be reached for signatures.',
          `Does the firewall let this machine through to ${new URL(settings.endpoint).host}?`,
        ),
  ];
}
