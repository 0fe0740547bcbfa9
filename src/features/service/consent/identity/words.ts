import type { Dates } from '../../../../lib/i18n/dates.ts';
import type { Translate } from '../../../../lib/i18n/translate.ts';
import type { ProofOfIdentity } from '../types.ts';

/** Returns how somebody identified to consent to an act: the provider, its method, the level and the instant. */
export function formatProvider(
  { name, method, level, at }: ProofOfIdentity,
  t: Translate,
  dates: Dates,
): string {
  const when = Temporal.Instant.from(at);
  return t('acts.identified.by', {
    provider: name,
    method,
    level: t(`identify.level.${level}`),
    day: dates.longDay(when),
    time: dates.time(when),
  });
}

/** Returns a hash as all others are written. */
const inHex = (hash: string): string => Buffer.from(hash, 'base64url').toString('hex');

/** Returns all that is kept of the identification by which somebody consented to an act, for those who may see the person. */
export function formatIdentity(proof: ProofOfIdentity, t: Translate, dates: Dates): string[] {
  const { person, represents, shownBy, transaction, evidence } = proof;
  const { hash, isSigned } = transaction;
  return [
    formatProvider(proof, t, dates),
    t('acts.identified.who', { who: [person.name, person.masked].filter(Boolean).join(', ') }),
    ...(represents ? [t('acts.identified.represents', { name: represents })] : []),
    ...(shownBy === 'name' ? [t('acts.identified.name')] : []),
    t(isSigned ? 'acts.identified.signed' : 'acts.identified.asked', { hash: inHex(hash) }),
    t('acts.identified.evidence', { hash: evidence }),
  ];
}
