import type { PlaceInLine } from '../../../features/service/delays/types.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

/** Above this, minutes are rounded up to five: nobody can foresee more exactly. */
const EXACT_MINUTES = 10;
/** Above this, the hour is easier to read than the minutes. */
const MOST_MINUTES = 60;

/**
 * When the citizen is likely to be attended, and how many come before them. The `line` island keeps it true; without it, one looks again.
 * Empty where nothing is known, so that the island can fill it later.
 */
export async function lineOf({ delays }: CitizenDeps, visit: AppointmentVisit) {
  const { t, to, secret, office, appointment } = visit;
  const place = await delays.place(office, appointment);
  return (
    <div id="line" class="stack" role="status">
      {place ? (
        <>
          <p>
            <strong>{formatPlace(visit, place)}</strong>
          </p>
          <noscript>
            <p>
              <a href={to.appointment(secret, 'room')}>{t('line.again')}</a>
            </p>
          </noscript>
        </>
      ) : null}
    </div>
  );
}

function formatPlace({ t, dates }: AppointmentVisit, place: PlaceInLine): string {
  const { before, minutes, at, isBusy, isUnattended } = place;
  if (isUnattended) return t('line.unattended');
  const count = minutes > EXACT_MINUTES ? 5 * Math.ceil(minutes / 5) : minutes;
  // Nobody is attended at any moment while the desk is with somebody else: that is said instead.
  const isSoon = minutes === 0 && isBusy;
  const sentences = [
    isSoon ? t('line.busy') : null,
    !isSoon && minutes > MOST_MINUTES ? t('line.hour', { time: dates.time(at) }) : null,
    !isSoon && minutes <= MOST_MINUTES ? t('line.minutes', { count }) : null,
    before === 0 ? t('line.next') : t('line.before', { count: before }),
  ];
  return sentences.filter(Boolean).join(' ');
}
