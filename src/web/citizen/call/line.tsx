import type { PlaceInLine } from '../../../features/service/delays/types.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

/** Above this, minutes are rounded up to five: nobody can foresee more exactly. */
const EXACT_MINUTES = 10;
/** Above this, the hour is easier to read than the minutes. */
const MOST_MINUTES = 60;

/** Returns the citizen's place in the line of their desk; null: nothing is known. */
export const placeOf = (
  { delays }: Pick<CitizenDeps, 'delays'>,
  { office, appointment }: AppointmentVisit,
): Promise<PlaceInLine | null> => delays.place(office, appointment);

/**
 * When the citizen is likely to be attended, and how many come before them. The `line` island keeps it true; without it, one looks again
 * at the page's own address. Empty where nothing is known, so that the island can fill it later. `isDelayed`: the page says a later
 * hour, so that only the turn is said here.
 */
export function Line(props: {
  visit: AppointmentVisit;
  place: PlaceInLine | null;
  isDelayed: boolean;
}) {
  const { visit, place, isDelayed } = props;
  return (
    <div id="line" class="stack" role="status">
      {place ? (
        <>
          <p>
            <strong>{formatPlace(visit, place, isDelayed)}</strong>
          </p>
          <noscript>
            <p>
              <a href={visit.c.req.path}>{visit.t('line.again')}</a>
            </p>
          </noscript>
        </>
      ) : null}
    </div>
  );
}

function formatPlace(visit: AppointmentVisit, place: PlaceInLine, isDelayed: boolean): string {
  const { t, appointment } = visit;
  const { before, isUnattended } = place;
  if (isUnattended) return t(`line.unattended.${appointment.channel}`);
  const turn = before === 0 ? t('line.next') : t('line.before', { count: before });
  return isDelayed ? turn : `${formatWait(visit, place)} ${turn}`;
}

function formatWait({ t, dates }: AppointmentVisit, { minutes, at, isBusy }: PlaceInLine): string {
  // Nobody is attended at any moment while the desk is with somebody else: that is said instead.
  if (minutes === 0 && isBusy) return t('line.busy');
  if (minutes > MOST_MINUTES) return t('line.hour', { time: dates.time(at) });
  const count = minutes > EXACT_MINUTES ? 5 * Math.ceil(minutes / 5) : minutes;
  return t('line.minutes', { count });
}
