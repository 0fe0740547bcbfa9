import { BackLink } from '../../../ui/parts.tsx';
import { Reach } from '../reaching.tsx';
import type { OfficeVisit } from '../visit.tsx';

/** Tells that somebody has tried to sign or to pay too often, and whom to call. `back`: where they come from. */
export function showTooMany(visit: OfficeVisit, back: string): Response {
  const { t } = visit;
  const title = t('payment.tooMany.title');
  return visit.show(
    { title, isPersonal: true, status: 409 },
    <>
      <BackLink href={back}>{t('payment.change')}</BackLink>
      <h1>{title}</h1>
      <p class="lead">{t('payment.tooMany.text')}</p>
      <Reach visit={visit} lead={t('citizen.problem.call')} />
    </>,
  );
}
