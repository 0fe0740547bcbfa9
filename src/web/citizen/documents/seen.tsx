import { BackLink } from '../../../ui/parts.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { askForCode } from './code.tsx';

/**
 * `…/documents/seen`: the log of opened documents, from the same record that the office uses in its answers.
 */
export function documentsSeen(deps: CitizenDeps) {
  return async (visit: AppointmentVisit): Promise<Response> => {
    const { t, to, secret, office, appointment, dates, viewer } = visit;
    const seen = viewer.proof ? await deps.documents.seen(viewer, office, appointment.id) : null;
    if (!seen) return askForCode(visit, 'documents/seen');
    const title = t('documents.seen.title');
    return visit.show(
      { title, isPersonal: true },
      <>
        <BackLink href={to.appointment(secret, 'documents')}>{t('documents.title')}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t('documents.seen.lead')}</p>
        {seen.length === 0 ? <p>{t('documents.seen.none')}</p> : null}
        {seen.length === 0 ? null : (
          <ul class="sent">
            {seen.map((each) => (
              <li key={`${each.at} ${each.document}`}>
                <strong>{formatWho(each)}</strong>
                <p>
                  {each.name ? <span class="said">{each.name}</span> : t('documents.seen.gone')}
                  <br />
                  <span class="soft">
                    {dates.longDay(each.at)}, {dates.time(each.at)}
                  </span>
                </p>
              </li>
            ))}
          </ul>
        )}
      </>,
    );

    function formatWho({ by, who }: { by: string; who: string | null }): string {
      if (by === 'citizen') return t('documents.seen.you');
      if (by === 'verifier') return t('documents.seen.verifier');
      return who ? t('documents.seen.staff', { name: who }) : t('documents.seen.somebody');
    }
  };
}
