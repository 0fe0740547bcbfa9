import type { SealShown } from '../../../lib/seal/types.ts';
import { SummaryList } from '../../../ui/parts.tsx';
import type { OfficeVisit } from '../visit.tsx';

/** The town's seal on an original: who sealed it, when, and by which certificate. */
export function SealPart({ visit, seal }: { visit: OfficeVisit; seal: SealShown }) {
  const { t, dates } = visit;
  const when = (at: Temporal.Instant) => `${dates.longDay(at)}, ${dates.time(at)}`;
  return (
    <section class="stack" aria-labelledby="seal">
      <h2 id="seal">{t('issued.verify.title')}</h2>
      <p>{t(seal.isDemo ? 'issued.verify.demo' : 'issued.verify.text')}</p>
      <SummaryList
        rows={[
          { label: t('issued.verify.holder'), value: seal.holder },
          ...(seal.at ? [{ label: t('issued.verify.at'), value: when(seal.at) }] : []),
          ...(seal.stampedAt
            ? [{ label: t('issued.verify.stamped'), value: when(seal.stampedAt) }]
            : []),
          { label: t('issued.verify.issuer'), value: seal.issuer },
          {
            label: t('issued.verify.valid'),
            value: t('issued.verify.span', {
              from: dates.longDay(seal.validFrom),
              until: dates.longDay(seal.validUntil),
            }),
          },
          { label: t('issued.verify.serial'), value: <code>{seal.serial}</code> },
          { label: t('issued.verify.fingerprint'), value: <code>{seal.fingerprint}</code> },
        ]}
      />
    </section>
  );
}
