import type { Config } from '../../../config.ts';
import { signatureAdapter } from '../../../connectors/signature/providers.ts';
import type {
  AutofirmaSettings,
  SignatureSettings,
} from '../../../domain/office/connectors/signature.ts';
import { systemClock } from '../../../lib/clock.ts';
import { isOurs } from '../../../lib/http/loopback.ts';
import { certificatesIn, shownOf, validUntil } from '../../../lib/seal/certificate.ts';
import { type Finding, right, wrong } from '../report.ts';

/** Says whether forms can be signed with AutoFirma: its servlets are ours, and must be reached by the program on people's devices. */
export function aboutAutofirma(
  settings: AutofirmaSettings | undefined,
  { baseUrl, autofirmaAuthorities: authorities }: Pick<Config, 'baseUrl' | 'autofirmaAuthorities'>,
  now: Temporal.Instant,
): Finding[] {
  if (!settings) return [];
  if (authorities === null)
    return [
      wrong(
        'Forms can’t be signed with AutoFirma: AUTOFIRMA_AUTHORITIES is not set.',
        'Set AUTOFIRMA_AUTHORITIES_FILE to the certificates of the authorities that issue people’s certificates: docs/operating.md, AutoFirma.',
      ),
    ];
  const all = certificatesIn(authorities);
  const ended = all.filter((each) => Temporal.Instant.compare(validUntil(each), now) <= 0);
  return [
    isOurs(baseUrl)
      ? wrong(
          'Forms can’t be signed with AutoFirma: it refuses servers on the same machine, and BASE_URL is one.',
          'Set BASE_URL to the address by which people reach this server.',
        )
      : right(`Forms are signed with AutoFirma by certificates of ${all.length} authorities.`),
    ...ended.map((each) =>
      wrong(
        `The certificate of an authority for AutoFirma has ended: ${shownOf(each).holder}.`,
        'Take it out of AUTOFIRMA_AUTHORITIES_FILE, and put its successor there.',
      ),
    ),
  ];
}

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
