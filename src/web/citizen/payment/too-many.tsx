import { BackLink } from '../../../ui/parts.tsx';
import { Reach } from '../reaching.tsx';
import type { CaseVisit } from '../visit.tsx';

/** Tells that somebody has tried to sign or to pay too often, and whom to call. */
export function showTooMany(visit: CaseVisit): Response {
  const { t, to, secret } = visit;
  const title = t('payment.tooMany.title');
  return visit.show(
    { title, isPersonal: true, status: 409 },
    <>
      <BackLink href={to.case(secret, 'check')}>{t('payment.change')}</BackLink>
      <h1>{title}</h1>
      <p class="lead">{t('payment.tooMany.text')}</p>
      <Reach visit={visit} lead={t('citizen.problem.call')} />
    </>,
  );
}
