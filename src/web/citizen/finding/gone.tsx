import type { Procedure } from '../../../domain/office/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { BackLink, Say } from '../../../ui/parts.tsx';
import type { OfficeVisit } from '../visit.tsx';
import { SearchForm } from './find.tsx';

/** Answers 410 for a procedure that is no longer offered, and helps to find its successor. */
export function gone(visit: OfficeVisit, procedure: Procedure): Response {
  const { t, office, to, language } = visit;
  const name = textIn(procedure.name, language);
  return visit.show(
    { title: t('finding.gone.title', { name }), status: 410 },
    <>
      <BackLink href={to.office(office.code)}>
        <Say of={office.name} t={t} />
      </BackLink>
      <h1>{t('finding.gone.title', { name })}</h1>
      <p class="lead">{t('finding.gone.text')}</p>
      <SearchForm visit={visit} action={to.office(office.code)} />
      <p>
        <a href={to.office(office.code)}>{t('citizen.office.all')}</a>
      </p>
    </>,
  );
}
