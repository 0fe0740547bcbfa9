import { isHeld, mayExtend } from '../../../features/booking/journeys/service.ts';
import { LinkButton } from '../../../ui/buttons.tsx';
import type { CitizenDeps, JourneyVisit } from '../visit.tsx';

/** The state of a journey's hold, in words: for the page, and for the island's announcements near the end. */
export interface HoldState {
  /** Seconds that are left; 0 without a hold. Not an instant: a telephone's clock may be wrong. */
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

/** `…/booking/{journey}/hold`: the time that is left of the hold, for the page's island; POST extends it. */
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

/** Extends the hold, once; returns the journey as it is then. */
export async function extended(
  deps: CitizenDeps,
  { office, journey }: JourneyVisit,
): Promise<JourneyVisit['journey']> {
  const until = await deps.journeys.extend(office, journey);
  const answers = { ...journey.answers, extended: 'yes' };
  return { ...journey, answers, ...(until && { holdUntil: until }) };
}

/**
 * The end of the hold. The island `booking` announces the end in advance, and its button extends the
 * hold without a new page.
 */
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
 * Extends the hold, once. The button sends its form, so nothing typed is lost. It comes after the form's own
 * button, which Enter presses.
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
