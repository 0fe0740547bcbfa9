import { isTopicOpen } from '../../domain/office/chat/topics.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import { uuidOf } from '../../lib/uuid.ts';
import { drawsOf } from './draws.ts';
import { encounterOf } from './encounters.ts';
import { SPOKEN } from './people.ts';
import { busynessAt, busynessOf } from './seasons.ts';
import type { Millis, PlannedEncounter, Seed } from './types.ts';

const MINUTE = 60_000;

/** A conversation in writing that is over. Its words are destroyed: what is left is for the figures. */
export interface PlannedChat {
  id: string;
  topic: string;
  language: Language;
  began: Millis;
  ended: Millis;
  desk: number | null;
  /** Null: whoever waited went away. */
  taken: Millis | null;
  /** Whether nobody was there, so that it was left as a message. */
  isMessage: boolean;
  encounter: PlannedEncounter | null;
}

/** Returns the conversations that began on a day. */
export function planChats(seed: Seed, day: Temporal.PlainDate): PlannedChat[] {
  const { office } = seed;
  const { topics } = office.settings.chat;
  const desks = office.rota.desks.filter(({ chats }) => chats !== 0);
  const draws = drawsOf(office.code, day.toString(), 'chats');
  if (topics.length === 0 || desks.length === 0) return [];
  const count = Math.round(busynessOf(day) * draws.between(7, 15));
  const start = day.toZonedDateTime(office.timeZone);
  return Array.from({ length: count }, (_, nth) => {
    const topic = draws.pick(topics);
    const minute = draws.chance(0.88)
      ? draws.between(9 * 60, 14 * 60)
      : draws.between(15 * 60, 21 * 60);
    const began = start.add({ minutes: minute }).epochMilliseconds + draws.between(0, 59) * 1000;
    const isOpen = isTopicOpen(topic, office.rota, Temporal.Instant.fromEpochMilliseconds(began));
    const id = uuidOf('demo chat', office.code, day.toString(), String(nth));
    const language = draws.weighed<Language>(SPOKEN);
    const made = { id, topic: topic.code, language, began };
    const isLeft = isOpen && draws.chance(0.07 * busynessAt(Math.floor(minute / 60)));
    if (isLeft) {
      const ended = began + draws.between(2, 7) * MINUTE;
      return { ...made, ended, desk: null, taken: null, isMessage: false, encounter: null };
    }
    // A message that was left is answered on the next working day.
    const taken = isOpen
      ? began + Math.round(draws.waiting(1.6) * MINUTE)
      : nextMorning(seed, began, draws.between(5, 90));
    const encounter = encounterOf(seed, draws, {
      id,
      begins: taken,
      minutes: 14,
      language,
      procedureCode: null,
      late: 0,
      isVideo: false,
      isAtCounter: true,
    });
    const desk = draws.pick(desks).id;
    return { ...made, ended: encounter.ended, desk, taken, isMessage: !isOpen, encounter };
  });
}

/** Some minutes after nine of the next day that is open. */
function nextMorning({ office }: Seed, from: Millis, minutes: number): Millis {
  let day = Temporal.Instant.fromEpochMilliseconds(from)
    .toZonedDateTimeISO(office.timeZone)
    .toPlainDate();
  do day = day.add({ days: 1 });
  while (day.dayOfWeek > 5 || office.rota.isClosed(day.toString()));
  return day.toZonedDateTime(office.timeZone).add({ hours: 9, minutes }).epochMilliseconds;
}
