import {
  callingCode,
  formatPhone,
  isUncalled,
} from '../../../features/booking/appointments/rules.ts';
import type { Board, DisplacedCitizen } from '../../../features/service/coordination/types.ts';
import { dialable } from '../../../features/service/encounter/rules.ts';
import { Tag } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import { bookedName } from '../words.ts';

/** The citizens without an hour, with their telephones, so that the staff can call them. */
export function Without({ visit, board: { displaced } }: { visit: DeskVisit; board: Board }) {
  const { t } = visit;
  if (displaced.length === 0) return null;
  return (
    <section class="without" aria-labelledby="without">
      <h2 id="without">{t('board.without', { count: displaced.length })}</h2>
      <ul class="unmarked">
        {displaced.map((each) => (
          <One key={each.id} visit={visit} citizen={each} />
        ))}
      </ul>
    </section>
  );
}

function One({ visit, citizen }: { visit: DeskVisit; citizen: DisplacedCitizen }) {
  const { t, dates, base, office, now } = visit;
  const { id, name, phone, start, since, offer } = citizen;
  const { attempts, country, phone: exchange } = office.settings;
  const dayOf = (at: Temporal.Instant) => at.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const say = (at: Temporal.Instant) =>
    dayOf(at).equals(dayOf(now)) ? dates.time(at) : `${dates.briefDay(at)} ${dates.time(at)}`;
  return (
    <li>
      <strong>{name}</strong>
      {', '}
      {t('board.had', { when: say(start) })} · {bookedName(t, office, citizen)}
      {isUncalled({ start, displacedAt: since }, attempts.windowMinutes) ? (
        <>
          {' '}
          <Tag kind="bad">{t('board.uncalled')}</Tag>
        </>
      ) : null}
      {phone ? (
        <>
          {' · '}
          <a href={dialable(phone, exchange?.prefix ?? '', callingCode(country))}>
            {formatPhone(phone, country).replaceAll(' ', '\u00a0')}
          </a>
        </>
      ) : null}
      {' · '}
      {offer
        ? t('board.offered', { when: say(offer.start), until: dates.time(offer.expiresAt) })
        : t('board.notOffered')}
      {' · '}
      <a href={`${base}/appointment/${id}/move`}>
        {t('board.moveThem')}
        <span class="hide"> {name}</span>
      </a>
    </li>
  );
}
