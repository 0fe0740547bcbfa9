import { isHeld, mayExtend } from '../../../features/booking/journeys/service.ts';
import { LinkButton } from '../../../ui/buttons.tsx';
import type { CitizenDeps, JourneyVisit } from '../visit.tsx';

/** How a journey's time is kept, in words: what the page says, and what the island tells when the end is near. */
export interface HoldState {
  /** Seconds that are left; 0 when it isn't kept. Not an instant: a telephone's clock may be wrong. */
  seconds: number;
  mayExtend: boolean;
  said: string;
  /** Two minutes before the end. */
  soon: string;
  /** At the end. */
  ended: string;
}

function holdState(visit: JourneyVisit): HoldState {
  const { t, journey, dates, now } = visit;
  const start = { day: dates.day(journey.start), time: dates.time(journey.start) };
  const ended = t('citizen.hold.ended', start);
  if (!journey.holdUntil || !isHeld(journey, now))
    return { seconds: 0, mayExtend: false, said: ended, soon: '', ended };
  const until = dates.time(journey.holdUntil);
  const more = mayExtend(journey, now);
  const soon = t('details.hold.soon', { ...start, until });
  return {
    seconds: Math.floor(now.until(journey.holdUntil).total('seconds')),
    mayExtend: more,
    said: t('citizen.hold.kept', { ...start, until }),
    soon: `${soon} ${t(more ? 'details.hold.soonMore' : 'details.hold.soonLast')}`,
    ended,
  };
}

/** `…/booking/{journey}/hold`: how long the time is kept, for the page's island; POST keeps it for longer. */
export function holdAnswer(deps: CitizenDeps) {
  const answer = (visit: JourneyVisit): Response => {
    visit.c.header('Cache-Control', 'no-store');
    return visit.c.json(holdState(visit));
  };
  return {
    get: answer,
    post: async (visit: JourneyVisit): Promise<Response> =>
      answer({ ...visit, journey: await extended(deps, visit) }),
  };
}

/** Keeps the time for longer, once; answers the journey as it is then. */
export async function extended(
  deps: CitizenDeps,
  { office, journey }: JourneyVisit,
): Promise<JourneyVisit['journey']> {
  const until = await deps.journeys.extend(office, journey);
  const answers = { ...journey.answers, extended: 'yes' };
  return { ...journey, answers, ...(until && { holdUntil: until }) };
}

/** Until when the time is kept. The island `booking` tells the end before it comes, and its button keeps it in place. */
export function Kept({ visit }: { visit: JourneyVisit }) {
  const { t, office, journey, to } = visit;
  const state = holdState(visit);
  return (
    <div
      class={state.seconds > 0 ? 'notice time' : 'notice warn'}
      id="hold"
      tabIndex={-1}
      data-url={to.booking(office.code, journey.id, 'hold')}
      data-state={JSON.stringify(state)}
    >
      <p role="status">{state.said}</p>
      {state.mayExtend ? (
        <p hidden>
          <button type="button" class="button quiet">
            {t('citizen.hold.extend')}
          </button>
        </p>
      ) : null}
    </div>
  );
}

/**
 * Keeps the time for longer, once. It sends the form it stands in, so nothing typed is lost, and stands after the
 * form's own button, which is the one that Enter presses.
 */
export function Extend({ visit }: { visit: JourneyVisit }) {
  const { t, journey, now } = visit;
  if (!mayExtend(journey, now)) return null;
  return (
    <p class="soft" id="extend">
      {t('citizen.hold.more')}{' '}
      <LinkButton name="extend" value="1">
        {t('citizen.hold.extend')}
      </LinkButton>
    </p>
  );
}
