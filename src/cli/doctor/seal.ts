import { randomBytes, verify, type X509Certificate } from 'node:crypto';
import { PlainError } from '../../lib/plain-error.ts';
import { dayOf, faultOf, organisationOf, validUntil } from '../../lib/seal/certificate.ts';
import { acceptedBy, keyOf } from '../../lib/seal/seal.ts';
import type { SealSettings } from '../../lib/seal/settings.ts';
import { stampOf } from '../../lib/seal/stamp.ts';
import { type Finding, right, warning, wrong } from './report.ts';

/** Days before the end of a certificate at which the operator hears of it: another one takes weeks to get. */
const SOON_DAYS = 60;

/** Checks the town's seal: the key signs, its certificate is that of the key, of this town and valid, and the authority stamps. */
export async function aboutSeal(
  settings: SealSettings,
  town: string | null,
  now: Temporal.Instant,
): Promise<Finding[]> {
  const [own] = settings.certificates;
  if (!own) return [];
  const { stampUrl } = settings;
  return [
    await aboutKey(settings, own),
    aboutTime(own, now),
    ...(town ? [aboutHolder(own, town)] : []),
    ...(stampUrl ? await aboutStamps(stampUrl, settings.stampAuthorities) : []),
  ];
}

async function aboutKey(settings: SealSettings, { publicKey }: X509Certificate): Promise<Finding> {
  const probe = randomBytes(32);
  try {
    const signature = await keyOf(settings).sign(probe);
    return verify('sha256', probe, publicKey, signature)
      ? right('The key of the seal signs, and its certificate is its own.')
      : wrong(
          'SEAL_CERTIFICATE is the certificate of another key than that of the seal.',
          'Take the certificate that was issued for this key.',
        );
  } catch (error) {
    if (error instanceof PlainError) return wrong(error.message);
    throw error;
  }
}

function aboutTime(own: X509Certificate, now: Temporal.Instant): Finding {
  const fault = faultOf(own, now);
  if (fault)
    return wrong(
      `The certificate of the seal ${fault}: no document can be issued.`,
      'Install a new one (docs/operating.md, The seal).',
    );
  const until = validUntil(own);
  const days = Math.floor(now.until(until).total('hours') / 24);
  return days < SOON_DAYS
    ? warning(
        `The certificate of the seal is valid for ${days} more days, until ${dayOf(until)}.`,
        'Ask for a new one now; documents that are sealed stay valid.',
      )
    : right(`The certificate of the seal is valid until ${dayOf(until)}.`);
}

/** Returns a name without what is written differently: accents, case, spaces. */
const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();

function aboutHolder(own: X509Certificate, town: string): Finding {
  const holder = organisationOf(own);
  return holder && plain(holder).includes(plain(town))
    ? right(`The seal is that of ${holder}.`)
    : warning(
        `The certificate of the seal is of ${holder ?? 'no organisation'}, and the town is ${town}.`,
        'Is it the town’s own? Citizens see that name.',
      );
}

async function aboutStamps(
  url: string,
  authorities: SealSettings['stampAuthorities'],
): Promise<Finding[]> {
  const { host } = new URL(url);
  try {
    await stampOf(randomBytes(32), { url, accepts: acceptedBy(authorities) });
    const found = right(`The authority ${host} stamps.`);
    return authorities ? [found] : [found, UNKNOWN_AUTHORITY];
  } catch (error) {
    return [
      warning(
        `The authority ${host} does not stamp (${(error as Error).message}): documents are issued without its time.`,
        'Is SEAL_STAMP_URL right, with its user and password, may this machine reach it, and has SEAL_STAMP_AUTHORITIES_FILE the authority above its certificate?',
      ),
    ];
  }
}

const UNKNOWN_AUTHORITY = warning(
  'Whose time stamps count is not said: one of anybody who answers at SEAL_STAMP_URL is taken.',
  'Set SEAL_STAMP_AUTHORITIES_FILE to the certificates of the authorities that issue the one of the stamps (docs/operating.md, The seal).',
);
