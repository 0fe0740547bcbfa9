import type { MapPoint } from '../../domain/requests/areas.ts';
import { areaAt } from '../../domain/requests/areas.ts';
import { requestRoute } from '../../domain/requests/routing.ts';
import type { RequestType } from '../../domain/requests/schema.ts';
import type { RequestState } from '../../domain/requests/states.ts';
import { requestDue } from '../../domain/requests/terms.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import { uuidOf } from '../../lib/uuid.ts';
import { referenceOf } from './appointments.ts';
import { OFTEN, STREETS, TOLD } from './complaints.ts';
import { type Draws, drawsOf } from './draws.ts';
import { type MadePerson, personOf, SPOKEN } from './people.ts';
import { busynessOf } from './seasons.ts';
import type { Millis, PlannedAnswer, Seed } from './types.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A step of a request from one state to the next. */
export interface PlannedStep {
  at: Millis;
  from: RequestState;
  to: RequestState;
  reason: string | null;
}

/** A request with all that becomes of it in time. */
export interface PlannedRequest {
  id: string;
  reference: string;
  type: RequestType;
  door: 'online' | 'phone' | 'in_person' | 'video';
  language: Language;
  sentAt: Millis;
  text: string;
  answers: Readonly<Record<string, readonly string[]>>;
  point: MapPoint | null;
  address: string;
  area: string | null;
  team: string | null;
  due: Temporal.PlainDate | null;
  /** Null: it stays unnamed. */
  person: MadePerson | null;
  isShown: boolean;
  steps: readonly PlannedStep[];
  answer: PlannedAnswer | null;
}

/** Returns what was told to an office on a day; on Sundays people walk about, and see things. */
export function planRequests(seed: Seed, day: Temporal.PlainDate): PlannedRequest[] {
  const { office } = seed;
  const types = office.settings.requests?.types ?? [];
  if (types.length === 0) return [];
  const draws = drawsOf(office.code, day.toString(), 'requests');
  const often = types.reduce((sum, { code }) => sum + (OFTEN[code] ?? 1), 0) / 11;
  const count = Math.round(busynessOf(day) * often * (0.6 + 0.8 * draws.number()));
  const weights = Object.fromEntries(types.map(({ code }) => [code, OFTEN[code] ?? 1]));
  return Array.from({ length: count }, (_, nth) => {
    const code = draws.weighed(weights);
    return planOne(seed, { day, nth, draws }, types.find((each) => each.code === code)!);
  });
}

function planOne(
  seed: Seed,
  { day, nth, draws }: { day: Temporal.PlainDate; nth: number; draws: Draws },
  type: RequestType,
): PlannedRequest {
  const { office, areas } = seed;
  const told = TOLD[type.code] ?? { ca: ['Us ho volia dir.'] };
  const spoken = Object.keys(told) as Language[];
  const language = draws.weighed<Language>(
    Object.fromEntries(spoken.map((each) => [each, SPOKEN[each]])),
  );
  const minutes = draws.between(7 * 60 + 30, 22 * 60);
  const sentAt =
    day.toZonedDateTime(office.timeZone).add({ minutes }).epochMilliseconds +
    draws.between(0, 59) * 1000;
  const point = type.place === 'none' ? null : pointIn(seed, draws);
  const { team, area } = requestRoute(type, { point }, { areas, teams: office.settings.teams });
  const since = Temporal.Instant.fromEpochMilliseconds(sentAt);
  const due = requestDue(
    { since, days: type.days, asked: [] },
    { timeZone: office.timeZone, holidays: office.settings },
  );
  const steps = stepsOf(seed, draws, { type, sentAt, due });
  return {
    id: uuidOf('demo request', office.code, day.toString(), String(nth)),
    reference: referenceOf(office.id, day, 500 + nth),
    type,
    language,
    sentAt,
    point,
    area,
    team,
    due,
    steps,
    door: draws.weighed({ online: 74, phone: 17, in_person: 7, video: 2 }),
    text: draws.pick(told[language] ?? ['']),
    answers: answersOf(type, draws),
    address: point ? `${draws.pick(STREETS)}, ${draws.between(1, 96)}` : '',
    person: type.anonymous && draws.chance(0.28) ? null : personOf(draws, language),
    isShown: type.public && draws.chance(0.4),
    answer: opinionOf(draws, steps),
  };
}

function answersOf(type: RequestType, draws: Draws): Record<string, string[]> {
  return Object.fromEntries(
    type.questions.flatMap((question) => {
      if ('options' in question && question.options?.length)
        return [[question.id, [draws.pick(question.options).id]]];
      return question.type === 'number' ? [[question.id, [String(draws.between(1, 5))]]] : [];
    }),
  );
}

/** Returns a point in one of the districts; null: the town has none. */
function pointIn({ areas }: Seed, draws: Draws): MapPoint | null {
  const corners = areas.flatMap(({ polygons }) => polygons.flat(2));
  if (corners.length === 0) return null;
  const lons = corners.map(([lon]) => lon);
  const lats = corners.map(([, lat]) => lat);
  const along = (all: number[]) =>
    Math.min(...all) + draws.number() * (Math.max(...all) - Math.min(...all));
  for (let tries = 0; tries < 50; tries++) {
    const point = { lat: rounded(along(lats)), lon: rounded(along(lons)) };
    if (areaAt(areas, point)) return point;
  }
  return null;
}

const rounded = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;

/** What becomes of a request. Most are answered in time; some take longer than they may, and a few stay open for weeks. */
function stepsOf(
  { office }: Seed,
  draws: Draws,
  { type, sentAt, due }: { type: RequestType; sentAt: Millis; due: Temporal.PlainDate | null },
): PlannedStep[] {
  const last =
    due?.add({ days: 1 }).toZonedDateTime(office.timeZone).epochMilliseconds ?? sentAt + 8 * DAY;
  const term = Math.max(last - sentAt, 2 * DAY);
  const share = draws.chance(0.86) ? 0.1 + 0.8 * draws.number() : 1.05 + draws.waiting(0.5);
  const closedAt = working(sentAt + term * share);
  const steps: PlannedStep[] = [];
  let state: RequestState = 'received';
  const move = (part: number, to: RequestState, reason: string | null = null) => {
    const at = working(sentAt + (closedAt - sentAt) * part);
    // Each step comes after the one before it.
    const after = Math.max(at, (steps.at(-1)?.at ?? sentAt) + HOUR / 2);
    steps.push({ at: after, from: state, to, reason });
    state = to;
  };
  const reasons = (office.settings.requests?.reasons ?? []).map(({ code }) => code);
  if (type.kind === 'incident' && draws.chance(0.55)) move(0.15, 'planned');
  if (draws.chance(0.8)) move(0.35, 'in_progress');
  if (draws.chance(0.08)) {
    const before: RequestState = state;
    move(0.5, 'asked');
    move(0.75, before);
  }
  if (reasons.length > 0 && draws.chance(0.07)) move(1, 'refused', draws.pick(reasons));
  else move(1, 'answered');
  return steps;
}

/** At an hour at which somebody works; weekends wait until Monday. */
function working(at: Millis): Millis {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(
    'Europe/Madrid',
  );
  const ahead = local.dayOfWeek === 6 ? 2 : local.dayOfWeek === 7 ? 1 : 0;
  const day = local.add({ days: ahead });
  const hour = Math.min(13, Math.max(9, day.hour));
  return day.with({ hour }).epochMilliseconds;
}

/** What its person says of it in the end. */
function opinionOf(draws: Draws, steps: readonly PlannedStep[]): PlannedAnswer | null {
  const last = steps.at(-1);
  if (!last || !draws.chance(0.22)) return null;
  const isDone = last.to === 'answered';
  const score = isDone ? draws.between(6, 10) : draws.between(0, 6);
  return {
    at: last.at + Math.round(draws.waiting(20) * HOUR) + HOUR / 4,
    score,
    heard: null,
    comment: '',
    solved: isDone
      ? draws.weighed({ yes: 86, partly: 9, no: 5 })
      : draws.weighed({ no: 7, partly: 3 }),
  };
}
