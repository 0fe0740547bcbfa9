import type { SignatureShown } from '../../features/service/signatures/types.ts';
import type { Dates } from '../../lib/i18n/dates.ts';
import type { Translate } from '../../lib/i18n/translate.ts';

/** The words of VÀLid for how somebody identified that are told. Others are left out. */
const METHODS = ['idcatmobil', 'certificat', 'clave'] as const;

/** Returns who signed, by what and when, in words. */
export function signatureText(
  { way, signer, decidedAt, begunAt }: SignatureShown,
  { t, dates }: { t: Translate; dates: Dates },
): string {
  const at = decidedAt ?? begunAt;
  const when = { day: dates.longDay(at), time: dates.time(at) };
  if (!signer) return t('signature.by.gone', when);
  const who = [signer.name, signer.masked].filter(Boolean).join(', ');
  if (signer.isDemo) return t('signature.by.demo', { who, ...when });
  if (way === 'autofirma') {
    const issuer = signer.certificate?.issuer ?? '';
    const words = signer.certificate?.isRevocationAsked
      ? 'signature.by.autofirma'
      : 'signature.by.autofirma.unasked';
    return t(words, { who, issuer, ...when });
  }
  const method = METHODS.find((each) => each === signer.method);
  return method
    ? t(`signature.by.${method}`, { who, ...when })
    : t('signature.by.valid', { who, ...when });
}
