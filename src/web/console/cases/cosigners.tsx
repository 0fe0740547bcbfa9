import type { Cosigner } from '../../../features/service/cases/service.ts';
import type { DeskVisit } from '../visit.tsx';
import { whenIn } from './words.ts';

/** Who else than the applicant must sign a case, and who has. */
export function CosignersPart(props: { visit: DeskVisit; cosigners: readonly Cosigner[] }) {
  const { visit, cosigners } = props;
  const { t } = visit;
  if (cosigners.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="cosigners">
      <h2 id="cosigners">{t('cosign.desk.title')}</h2>
      <ul class="plain">
        {cosigners.map(({ id, name, masked, answered }) => (
          <li key={id}>
            <strong class="said">{name}</strong> <span class="figures">{masked}</span>
            <span class="line small">
              {answered
                ? t(`cosign.desk.${answered.how}`, {
                    when: whenIn(visit, answered.at),
                    number: answered.number ?? '',
                  })
                : t('cosign.desk.waiting')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
