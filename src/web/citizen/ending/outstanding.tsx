import type { Outstanding } from '../../../features/service/documents/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Mark } from '../../../ui/mark.tsx';
import { Notice } from '../../../ui/parts.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

/** Returns what the documents of the appointment ask of its citizen. */
export const outstandingOf = (
  { documents }: Pick<CitizenDeps, 'documents'>,
  { viewer, office, appointment }: AppointmentVisit,
): Promise<Outstanding | null> => documents.outstanding(viewer, office, appointment.id);

/** What the citizen must not miss, first on the page: results to fetch, lit, and files that they must send otherwise. */
export function Waiting(props: { visit: AppointmentVisit; outstanding: Outstanding | null }) {
  const { visit, outstanding } = props;
  const { t, to, secret } = visit;
  if (!outstanding) return null;
  const { toFetch, coming, toSendAgain } = outstanding;
  return (
    <>
      {toFetch > 0 ? <ToFetch visit={visit} outstanding={outstanding} /> : null}
      {coming > 0 ? (
        <Notice>
          <p>{t('ending.coming', { count: coming })}</p>
        </Notice>
      ) : null}
      {toSendAgain > 0 ? (
        <Notice kind="warn">
          <p>
            <strong>{t('ending.again', { count: toSendAgain })}</strong>
          </p>
          <p class="no-print">
            <a href={to.appointment(secret, 'documents')}>{t('ending.again.link')}</a>
          </p>
        </Notice>
      ) : null}
    </>
  );
}

function ToFetch({ visit, outstanding }: { visit: AppointmentVisit; outstanding: Outstanding }) {
  const { t, to, secret, dates } = visit;
  const { toFetch: count, until } = outstanding;
  return (
    <section class="lit stack" aria-labelledby="fetch">
      <div class="lit-title">
        <Mark lit />
        <h2 id="fetch">{t('ending.fetch', { count })}</h2>
      </div>
      {until ? (
        <p>{t('ending.fetch.until', { day: dates.day(until), time: dates.time(until) })}</p>
      ) : null}
      <p class="no-print">
        <ButtonLink href={to.appointment(secret, 'documents')}>
          {t('ending.fetch.button', { count })}
        </ButtonLink>
      </p>
    </section>
  );
}
