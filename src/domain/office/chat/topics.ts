import { z } from 'zod';
import type { Rota, RotaDesk } from '../../rota.ts';
import { byCode, code, endTime, listOf, texts, time, url, WEEKDAYS, whole } from '../fields.ts';

/** The most conversations that a desk may have at once. */
const MOST_AT_ONCE = 10;

const topicHours = z
  .strictObject({
    weekdays: listOf(z.enum(WEEKDAYS), 'days of the week', 1),
    from: time.describe('when it begins, local time'),
    to: endTime.describe('when it ends, on the same day'),
  })
  .describe('when questions about a topic are taken; the office must not be closed that day');

const topic = z.strictObject({
  name: texts(120, 'the name that citizens choose it by'),
  procedures: listOf(code, 'codes of procedures', 1).describe(
    'what it is about: a desk that serves one of them can answer',
  ),
  hours: listOf(topicHours, 'hours', 1)
    .describe('when it is open; without it, whenever somebody is there who can answer')
    .exactOptional(),
});

const cannedAnswer = z.strictObject({
  name: texts(120, 'what it is called; only staff see it'),
  text: texts(2000, 'the answer'),
  source: url.describe('the address of the page that it is taken from').exactOptional(),
  procedure: code
    .describe('the procedure that it is taken from, instead of an address')
    .exactOptional(),
  topics: listOf(code, 'codes of topics')
    .describe('the topics that it is for; without any, all of them')
    .default([]),
});

/** How people write to the office and are answered at once. */
export const chat = z
  .strictObject({
    topics: byCode(topic, 'topics').default({}),
    atOnce: whole(1, MOST_AT_ONCE, 'conversations that a desk may have at once').default(3),
    besideCall: whole(
      0,
      MOST_AT_ONCE,
      'conversations that it may have while it is in a call or writes one up',
    ).default(1),
    answerSeconds: whole(
      15,
      300,
      'seconds after which an offered conversation that nobody takes goes back to the head of the line',
    ).default(45),
    silentMinutes: whole(
      2,
      120,
      'minutes without a word after which it goes back to the line (of the agent), or ends (of the person)',
    ).default(10),
    waiting: whole(1, 1000, 'people who wait at most').default(40),
    keepDays: whole(1, 365, 'days after which what was written is destroyed').default(30),
    answers: byCode(cannedAnswer, 'answers').default({}),
  })
  .describe('conversations in writing; without topics there are none');

/** How many conversations a desk may have. */
export const deskChats = whole(
  0,
  MOST_AT_ONCE,
  'conversations that this desk may have at once, instead of chat.atOnce; 0: none',
);

type WrittenChat = z.output<typeof chat>;

/** A topic with its code. */
export interface ChatTopic extends z.output<typeof topic> {
  code: string;
}

/** A prepared answer with its code. */
export interface CannedAnswer extends z.output<typeof cannedAnswer> {
  code: string;
}

/** The chat of an office. Topics and answers are in the file's order. */
export interface OfficeChat extends Omit<WrittenChat, 'topics' | 'answers'> {
  topics: ChatTopic[];
  answers: CannedAnswer[];
}

/** Returns the chat with lists in place of groups by code, since a group kept as jsonb loses its order. */
export const listedChat = ({ topics, answers, ...rest }: WrittenChat): OfficeChat => ({
  ...rest,
  topics: Object.entries(topics).map(([code, each]) => ({ code, ...each })),
  answers: Object.entries(answers).map(([code, each]) => ({ code, ...each })),
});

/** Returns whether a topic is open at a moment: the office isn't closed that day, and its hours say so, where it has any. */
export function isTopicOpen(
  { hours }: Pick<ChatTopic, 'hours'>,
  { timeZone, isClosed }: Pick<Rota, 'timeZone' | 'isClosed'>,
  now: Temporal.Instant,
): boolean {
  const local = now.toZonedDateTimeISO(timeZone);
  if (isClosed(local.toPlainDate().toString())) return false;
  if (!hours) return true;
  const weekday = WEEKDAYS[local.dayOfWeek - 1];
  const minute = local.toPlainTime().toString({ smallestUnit: 'minute' });
  return hours.some(
    (each) =>
      each.weekdays.some((day) => day === weekday) && each.from <= minute && minute < each.to,
  );
}

/** Returns the topics that are open at a moment. */
export const openTopics = (
  { topics }: Pick<OfficeChat, 'topics'>,
  rota: Pick<Rota, 'timeZone' | 'isClosed'>,
  now: Temporal.Instant,
): ChatTopic[] => topics.filter((each) => isTopicOpen(each, rota, now));

/** How far ahead the next opening of a topic is looked for, in days. */
const DAYS_AHEAD = 60;

/** Returns when a topic with hours that is closed opens next; null: it has no hours, or opens on none of the next sixty days. */
export function nextOpeningOf(
  { hours }: Pick<ChatTopic, 'hours'>,
  { timeZone, isClosed }: Pick<Rota, 'timeZone' | 'isClosed'>,
  now: Temporal.Instant,
): Temporal.Instant | null {
  const local = now.toZonedDateTimeISO(timeZone);
  for (let ahead = 0; hours && ahead < DAYS_AHEAD; ahead++) {
    const day = local.toPlainDate().add({ days: ahead });
    const weekday = WEEKDAYS[day.dayOfWeek - 1];
    if (isClosed(day.toString())) continue;
    const starts = hours
      .filter((each) => each.weekdays.some((one) => one === weekday))
      .map(({ from }) => day.toZonedDateTime({ timeZone, plainTime: from }).toInstant())
      .filter((at) => Temporal.Instant.compare(at, now) > 0)
      .toSorted(Temporal.Instant.compare);
    if (starts[0]) return starts[0];
  }
  return null;
}

/** A desk as far as conversations are concerned. */
export type ChatDesk = Pick<RotaDesk, 'skills' | 'languages' | 'chats'>;

/** Returns whether a desk answers about a topic in a language, when somebody sits there and has room. */
export const answersAbout = (
  desk: ChatDesk,
  { procedures }: Pick<ChatTopic, 'procedures'>,
  language: string,
): boolean =>
  desk.chats !== 0 &&
  desk.languages.includes(language) &&
  (desk.skills === 'all' || procedures.some((each) => desk.skills.includes(each)));
