import { isAtSite, isChannel } from '../../domain/channel.ts';
import type { RotaDesk } from '../../domain/rota.ts';
import { isLanguage, type Language } from '../../lib/i18n/languages.ts';
import { uuidOf } from '../../lib/uuid.ts';
import type { Gap } from './appointments.ts';
import { type Draws, drawsOf } from './draws.ts';
import { encounterOf } from './encounters.ts';
import { SPOKEN } from './people.ts';
import { busynessAt, busynessOf } from './seasons.ts';
import type { Millis, PlannedVisit, Seed } from './types.ts';

const MINUTE = 60_000;

/** How often a free stretch of a desk goes to somebody without an appointment: at a counter more come than ring. */
const AT_A_COUNTER = 0.72;
const BY_TELEPHONE = 0.34;

/** Returns the people without an appointment of a day, served where the desks have nothing booked. */
export function planVisits(seed: Seed, day: Temporal.PlainDate, gaps: readonly Gap[]) {
  const draws = drawsOf(seed.office.code, day.toString(), 'visits');
  return gaps.flatMap(({ desk, from, to }, nth): PlannedVisit[] => {
    const channel = desk.channels.filter(isChannel).find(isAtSite) ?? 'phone';
    const isHere = isAtSite(channel);
    if (!desk.channels.includes(channel)) return [];
    if (!draws.chance(isHere ? AT_A_COUNTER : BY_TELEPHONE)) return [];
    const begins = from * MINUTE + draws.between(0, 3) * MINUTE;
    const id = uuidOf('demo visit', seed.office.code, day.toString(), String(nth));
    return [visitOf(seed, draws, { id, channel, desk, begins, minutes: to - from - 3 })];
  });
}

function visitOf(
  seed: Seed,
  draws: Draws,
  at: Pick<PlannedVisit, 'id' | 'channel'> & { desk: RotaDesk; begins: Millis; minutes: number },
): PlannedVisit {
  const { id, channel, desk, begins, minutes } = at;
  const spoken = desk.languages.filter(isLanguage);
  const language = draws.weighed<Language>(
    Object.fromEntries(spoken.map((each) => [each, SPOKEN[each]])),
  );
  const encounter = encounterOf(seed, draws, {
    id,
    begins,
    minutes,
    language,
    procedureCode: null,
    late: 0,
    isVideo: false,
    isAtCounter: isChannel(channel) && isAtSite(channel),
  });
  // Nobody who has no appointment is asked how it was by a message.
  return { id, channel, language, desk: desk.id, encounter: { ...encounter, answer: null } };
}

/** A call that rang at a desk, from somebody without an appointment. */
export interface PlannedCall {
  id: string;
  desk: number;
  ended: Millis;
  rangSeconds: number;
  /** Null: nobody answered. */
  talkedSeconds: number | null;
  lossPercent: number;
  rttMs: number;
  jitterMs: number;
}

/** Returns the calls that came in at the desks on a day: more in the middle of the morning. */
export function planCalls(seed: Seed, day: Temporal.PlainDate, isOpen: boolean): PlannedCall[] {
  if (!isOpen) return [];
  const { office } = seed;
  const draws = drawsOf(office.code, day.toString(), 'calls');
  const desks = office.rota.desks.filter(({ channels }) =>
    channels.some((each) => each === 'phone'),
  );
  const busyness = busynessOf(day);
  const start = day.toZonedDateTime(office.timeZone);
  return Array.from({ length: 11 }, (_, nth) => nth + 8).flatMap((hour) => {
    const count = Math.round(busyness * busynessAt(hour) * (hour < 14 ? 5 : 2) * draws.number());
    return Array.from({ length: count }, (_, nth): PlannedCall => {
      const talked = draws.chance(0.88) ? draws.between(50, 420) : null;
      const begun = start.add({ hours: hour }).epochMilliseconds + draws.between(0, 3599) * 1000;
      const rangSeconds = talked === null ? draws.between(20, 45) : draws.between(3, 18);
      return {
        id: uuidOf('demo call', office.code, day.toString(), `${hour} ${nth}`),
        desk: draws.pick(desks).id,
        ended: begun + (rangSeconds + (talked ?? 0)) * 1000,
        rangSeconds,
        talkedSeconds: talked,
        lossPercent: Math.round(draws.waiting(0.35) * 10) / 10,
        rttMs: draws.between(14, 70),
        jitterMs: draws.between(1, 9),
      };
    });
  });
}
