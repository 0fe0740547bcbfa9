import type { Procedure } from '../../../features/bodies/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { BackLink, Say } from '../../../ui/parts.tsx';
import type { BodyVisit } from '../visit.tsx';
import { SearchForm } from './find.tsx';

/** A procedure that is no longer offered: its address says so (410), and helps to find what took its place. */
export function gone(visit: BodyVisit, procedure: Procedure): Response {
  const { t, body, to, language } = visit;
  const name = textIn(procedure.name, language);
  return visit.show(
    { title: t('finding.gone.title', { name }), status: 410 },
    <>
      <BackLink href={to.body(body.code)}>
        <Say of={body.name} t={t} />
      </BackLink>
      <h1>{t('finding.gone.title', { name })}</h1>
      <p class="lead">{t('finding.gone.text')}</p>
      <SearchForm visit={visit} action={to.body(body.code)} />
      <p>
        <a href={to.body(body.code)}>{t('citizen.body.all')}</a>
      </p>
    </>,
  );
}
