import { isUncalled } from '../../../features/booking/appointments/rules.ts';
import type { Offer } from '../../../features/booking/wait-list/types.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { Reach } from '../reaching.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { Card } from './card.tsx';

/**
 * Shows the page of an appointment that no agent can serve at its hour: the reserved time, or the choice
 * of another.
 */
export async function showDisplaced(deps: CitizenDeps, visit: AppointmentVisit): Promise<Response> {
  const { t, dates, appointment, secret, to, now } = visit;
  const { windowMinutes } = visit.office.settings.attempts;
  const why = isUncalled(appointment, windowMinutes) ? 'uncalled' : 'displaced';
  const title = t(`manage.${why}.title`);
  const entry = await deps.waitList.ofAppointment(appointment);
  const offers = entry ? await deps.waitList.offers(entry) : [];
  const open = offers.find((each) => isOpen(each, now));
  const values = { day: dates.day(appointment.start), time: dates.time(appointment.start) };
  return visit.show(
    { title, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t(`manage.${why}.lead`, values)}</p>
      {open && entry ? (
        <section class="stack" aria-labelledby="kept">
          <Notice kind="time">
            <h2 id="kept">
              {t('manage.displaced.kept', {
                day: dates.day(open.start),
                time: dates.time(open.start),
              })}
            </h2>
            <p>
              {t('manage.displaced.until', {
                day: dates.day(open.expiresAt),
                time: dates.time(open.expiresAt),
              })}
            </p>
            <form
              class="row no-print"
              method="post"
              action={to.waiting(deps.waitList.secretOf(entry))}
            >
              <input type="hidden" name="offer" value={open.id} />
              <Button name="answer" value="accept">
                {t('manage.displaced.accept')}
              </Button>
            </form>
          </Notice>
        </section>
      ) : null}
      <p class="no-print">
        <ButtonLink kind={open ? 'quiet' : 'main'} href={to.appointment(secret, 'change')}>
          {t('manage.displaced.choose')}
        </ButtonLink>
      </p>
      {open ? null : <p>{t('manage.displaced.wait')}</p>}
      <p>{t('manage.displaced.end')}</p>
      <Card visit={visit} />
      <p class="no-print">
        <a href={to.appointment(secret, 'cancel')}>{t('citizen.manage.cancel')}</a>
      </p>
      <Reach visit={visit} lead={t('manage.trouble')} />
    </>,
  );
}

const isOpen = (offer: Offer, now: Temporal.Instant): boolean =>
  offer.ended === null && Temporal.Instant.compare(now, offer.expiresAt) < 0;
