import type { Answering } from '../erlang.ts';
import type { ChatAssumptions } from './assumptions.ts';
import { type ChatLoad, chatting, desksForChats, lengthAtOnce } from './model.ts';

/** The chats of past weeks. */
export interface ChatHistory {
  /** How many began at each hour of the day, altogether. */
  hours: { hour: number; chats: number }[];
  /** On how many days any began. */
  days: number;
  /** Minutes from the first answer to the end, on average; null: none was answered. */
  minutes: number | null;
}

/** What so many desks do. */
export interface ChatTeam extends Answering {
  desks: number;
}

/** The desks that an hour needs. */
export interface ChatHour {
  /** An hour of the day, 0 to 23; null: any, of the typed number. */
  hour: number | null;
  perHour: number;
  team: ChatTeam;
  /** Desks that it would take with one chat at once. */
  alone: number;
}

/** The desks that chats need, and the basis. */
export interface ChatPlan {
  known: {
    /** Chats in the busiest hour of the day, on average; null: there were none. */
    perHour: number | null;
    minutes: number | null;
  };
  atOnce: number;
  /** Minutes of a chat that were supposed. */
  minutes: number;
  /** Minutes that one takes at a desk that has as many as it may all the time. */
  minutesAtOnce: number;
  /** Empty: there are no data, and nothing was typed. */
  hours: ChatHour[];
  /** One desk fewer, those of the busiest hour, one and two more. */
  around: ChatTeam[];
}

/** Minutes of a chat that nobody knows. */
const USUAL_MINUTES = 12;
/** Desks beside those of the busiest hour that are shown too. */
const AROUND = [-1, 0, 1, 2];

/** Returns how many desks chats need, by hour of the day. @param atOnce the chats at once of the office's desks */
export function planChats(history: ChatHistory, asked: ChatAssumptions, atOnce: number): ChatPlan {
  const minutes = asked.minutes ?? history.minutes ?? USUAL_MINUTES;
  const most = asked.atOnce ?? Math.max(1, atOnce);
  const seconds = minutes * 60;
  const attention = (seconds * asked.share) / 100;
  const person = seconds - attention;
  const loadOf = (perHour: number): ChatLoad => ({ rate: perHour / 3600, attention, person });
  const promise = { within: asked.seconds, share: asked.answered / 100 };
  const { patience } = asked;
  const teamOf = (perHour: number, desks: number): ChatTeam => ({
    desks,
    ...chatting(loadOf(perHour), { desks, atOnce: most }, promise.within, patience),
  });
  const past = history.hours.map(({ hour, chats }) => ({ hour, perHour: chats / history.days }));
  const wanted = asked.perHour === null ? past : [{ hour: null, perHour: asked.perHour }];
  const hours = wanted.map(({ hour, perHour }): ChatHour => {
    const load = loadOf(perHour);
    return {
      hour,
      perHour,
      team: teamOf(perHour, desksForChats(load, most, promise, patience)),
      alone: desksForChats(load, 1, promise, patience),
    };
  });
  const busiest = hours.toSorted((a, b) => b.perHour - a.perHour)[0];
  return {
    known: {
      perHour: past.length > 0 ? Math.max(...past.map((each) => each.perHour)) : null,
      minutes: history.minutes,
    },
    ...{ atOnce: most, minutes, hours },
    minutesAtOnce: lengthAtOnce({ attention, person }, most) / 60,
    around: busiest
      ? AROUND.map((more) => busiest.team.desks + more)
          .filter((desks) => desks > 0)
          .map((desks) => teamOf(busiest.perHour, desks))
      : [],
  };
}
