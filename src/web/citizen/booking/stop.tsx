import { askOf, isSameWay, type Way } from '../../../domain/appointment.ts';
import { isCalled } from '../../../domain/channel.ts';
import { meets, needsMetWith, unmetNeeds } from '../../../domain/needs.ts';
import { NEEDS, type Need } from '../../../domain/person.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { Reach } from '../reaching.tsx';
import { wayCode, waysOf, withSite } from '../times/ways.ts';
import type { CitizenDeps, JourneyVisit } from '../visit.tsx';
import { listOf } from './answers.ts';

type StoppingNeed = 'real_time_text' | 'sign_language';

/** A way in which the needs are met, and whether the same time is free in it. */
interface OtherWay {
  way: Way;
  isSameTime: boolean;
}

/**
 * Answers that the chosen channel can't meet a need, and offers the ways that can: each is one press, and everything that was typed stays.
 */
export async function showStop(deps: CitizenDeps, visit: JourneyVisit): Promise<Response> {
  const { t, office, journey, to } = visit;
  const needs = needsOf(visit);
  const [unmet] = unmetNeeds(journey.channel, needs);
  const need = unmet === 'sign_language' ? unmet : 'real_time_text';
  const title = t(`needs.stop.title.${need}`);
  const ways = await waysMeeting(deps, visit, needs);
  return visit.show(
    { title, status: 409, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('needs.stop.text')}</p>
      {ways.map((each) => (
        <Offer key={wayCode(each.way)} visit={visit} need={need} {...each} />
      ))}
      <ByRelay visit={visit} need={need} />
      <p>
        <a href={`${to.booking(office.code, journey.id, 'needs')}#needs`}>{t('needs.stop.back')}</a>
      </p>
      <Reach visit={visit} lead={t('citizen.problem.call')} />
    </>,
  );
}

const needsOf = ({ journey }: JourneyVisit): Need[] => {
  const typed = listOf(journey.answers, 'needs');
  return NEEDS.filter((each) => typed.includes(each));
};

async function waysMeeting(
  { slots }: Pick<CitizenDeps, 'slots'>,
  { office, procedure, journey }: JourneyVisit,
  needs: readonly Need[],
): Promise<OtherWay[]> {
  const ways = waysOf(office, procedure, journey.language).filter(
    (each) => !isSameWay(each, journey) && meets(each.channel, needs),
  );
  const day = journey.start.toZonedDateTimeISO(office.timeZone).toPlainDate().toString();
  return Promise.all(
    ways.map(async (way) => {
      const ask = { ...askOf(journey), site: null, ...way };
      const found = await slots.search(office, ask, { from: day, to: day });
      const isSameTime = found.ok && found.slots.some((each) => each.start.equals(journey.start));
      return { way, isSameTime };
    }),
  );
}

/** One way: why it meets the need, and a press that takes the same time or leads to its times. */
function Offer(props: OtherWay & { visit: JourneyVisit; need: StoppingNeed }) {
  const { visit, need, way, isSameTime } = props;
  const { t, office, journey, to } = visit;
  const { channel } = way;
  const place = `${to.booking(office.code, journey.id, 'time')}?channel=${wayCode(way)}`;
  const word = withSite(
    t,
    office,
    way,
    t(`needs.stop.${isSameTime ? 'same' : 'other'}.${channel}`),
  );
  return (
    <div class="stack">
      <p>{t(`needs.stop.${need}.${channel}`)}</p>
      {isSameTime ? (
        <form action={place} method="post">
          <input type="hidden" name="start" value={journey.start.toString()} />
          <Button>{word}</Button>
        </form>
      ) : (
        <p>
          <ButtonLink href={place}>{word}</ButtonLink>
        </p>
      )}
    </div>
  );
}

/** The same channel with a relay service in place of the need, where that meets it. */
function ByRelay({ visit, need }: { visit: JourneyVisit; need: StoppingNeed }) {
  const { t, office, journey, to } = visit;
  if (!isCalled(journey.channel)) return null;
  return (
    <form class="stack" action={to.booking(office.code, journey.id, 'relay')} method="post">
      <p>{t(`needs.stop.${need}.${journey.channel}`)}</p>
      <div>
        <Button kind="quiet">{t('needs.stop.relay.button')}</Button>
      </div>
    </form>
  );
}

/** `…/booking/{journey}/relay`: takes a relay service in place of the needs that the channel can't meet. */
export function relayPage({ journeys }: Pick<CitizenDeps, 'journeys'>) {
  return async (visit: JourneyVisit): Promise<Response> => {
    const { office, journey, to } = visit;
    const needs = needsMetWith(journey.channel, needsOf(visit));
    await journeys.answer(journey, { anything: 'yes', needs });
    return visit.redirect(to.booking(office.code, journey.id, 'check'));
  };
}
