import { byChannel, CHANNELS, type Channel } from '../../../domain/channel.ts';
import { minutesTaken, type OccupancyPolicy } from '../../../domain/occupancy.ts';
import { firstKnown, giveOrTake, meanBand, placesPerDay, rateBand, unevenness } from './demand.ts';
import { desksForCalls } from './erlang.ts';
import { noDesks, type OrdinaryWeek } from './rota.ts';
import {
  type Assumptions,
  type Band,
  byKind,
  type HalfHour,
  type History,
  KINDS,
  type Kind,
  type Known,
  type Plan,
  type PlannedHalf,
  type PlannedWeek,
  type RotaHalf,
  type Verdict,
} from './types.ts';

export { mayCoordinate as mayPlan } from '../../service/coordination/rules.ts';
export {
  FIELD_NAMES,
  FIELDS,
  type FieldName,
  type Mistakes,
  readAssumptions,
} from './assumptions.ts';
export {
  CHAT_FIELD_NAMES,
  CHAT_FIELDS,
  type ChatField,
  type ChatMistakes,
  readChatAssumptions,
} from './chats/assumptions.ts';
export type { ChatPlan, ChatTeam } from './chats/plan.ts';

/** The planned minutes of an appointment in the catalogue, including those after it. */
export interface Catalogue {
  place: Record<Channel, number>;
  policy: OccupancyPolicy;
}

/** Minutes of a call without a given or known duration. */
const CALL_MINUTES = 5;
/** The uncertainty of callers' patience: half as long, and half as long again. */
const PATIENCE = [0.5, 1, 1.5] as const;
const NOTHING: Band = { low: 0, high: 0 };

/** The weekly demand of one kind, and its distribution. */
interface Demand {
  /** In an ordinary week. */
  weekly: number;
  band: Band;
  /** By half hour: the share of the week, and the uncertainty of the demand there, as a factor. */
  shape: Map<string, { share: number; factor: Band }>;
}

const keyOf = ({ weekday, half }: HalfHour): string => `${weekday} ${half}`;
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const plus = (...bands: Band[]): Band => ({
  low: sum(bands.map((each) => each.low)),
  high: sum(bands.map((each) => each.high)),
});
const times = (band: Band, by: Band): Band => ({
  low: band.low * by.low,
  high: band.high * by.high,
});
const scaled = (band: Band, by: number): Band => times(band, { low: by, high: by });

/** Returns the known data of the past weeks, as a basis for assumptions. */
export function knownOf(history: History, rota: OrdinaryWeek): Known {
  const days = history.openWeekdays.filter((each) => each > 0).length;
  const perWeek = (kind: Kind) => {
    const { count, perDay } = averageOf(history, kind);
    return count > 0 ? perDay * days : null;
  };
  const calls = perWeek('calls');
  const halves = halvesOf('calls', rota).length;
  const asked = history.came + history.missed;
  const weeksOf = (kind: Kind) => history[kind].weeks.length - firstKnown(history[kind].weeks);
  return {
    weeks: byKind(weeksOf),
    perWeek: byChannel(perWeek),
    callsPerHalfHour: calls === null || halves === 0 ? null : calls / halves,
    callMinutes: history.calls.lengths.count > 0 ? history.calls.lengths.mean : null,
    show: asked > 0 ? (100 * history.came) / asked : null,
  };
}

/** Returns the half hours of an ordinary week with a desk for this kind; typed calls are distributed over them. */
const halvesOf = (kind: Kind, rota: OrdinaryWeek): RotaHalf[] =>
  rota.halves.filter((each) => each.desks[kind] > 0);

/** Returns the demand of the known weeks, and of an open day. */
function averageOf(history: History, kind: Kind): { count: number; perDay: number } {
  const first = firstKnown(history[kind].weeks);
  const count = sum(history[kind].weeks.slice(first));
  const days = sum(history.openDays.slice(first));
  return { count, perDay: days > 0 ? count / days : 0 };
}

/**
 * Returns how many people an ordinary week needs, by half hour, as bands from a low to a high estimate,
 * beside the rota.
 */
export function planWeek(
  history: History,
  rota: OrdinaryWeek,
  assumptions: Assumptions,
  catalogue: Catalogue,
): Plan {
  const known = knownOf(history, rota);
  const demands = byKind((kind) => demandOf(kind, history, rota, assumptions));
  const isAny = KINDS.some((kind) => demands[kind].weekly > 0);
  const show = (assumptions.show ?? known.show ?? 100) / 100;
  const { deskHours } = rota;
  const overbooked = assumptions.overbooking > 0 && (1 + assumptions.overbooking / 100) * show > 1;
  const attending = attendingShare(history, show);
  if (!isAny) return { known, weeks: [], halves: [], deskHours, overbooked, attending };
  const days = Math.max(1, new Set(rota.halves.map((each) => each.weekday)).size);
  const places = byChannel((channel) => placeOf(channel, history, assumptions, catalogue));
  const room = (channels: readonly Channel[]) =>
    headroom(plus(...channels.map((each) => demands[each].band)), days, assumptions);
  const rooms = { ...byChannel((channel) => room([channel])), all: room(CHANNELS) };
  const answering = answerersFor(demands.calls, history, assumptions);
  const present = 1 - assumptions.shrinkage / 100;

  const byHalf = new Map(rota.halves.map((each) => [keyOf(each), each]));
  const keys = new Set([
    ...byHalf.keys(),
    ...KINDS.flatMap((kind) => [...demands[kind].shape.keys()]),
  ]);
  const exact = [...keys].map((key) => {
    const [weekday = 1, half = 0] = key.split(' ').map(Number);
    const load = byChannel((channel) =>
      scaled(desksAt(key, demands[channel], places[channel]), 1 / present),
    );
    const calls = scaled(answering.get(key) ?? NOTHING, 1 / present);
    return {
      at: { weekday, half },
      has: byHalf.get(key)?.desks ?? noDesks(),
      needs: {
        ...byChannel((channel) => times(load[channel], rooms[channel])),
        calls,
        all: plus(times(plus(...Object.values(load)), rooms.all), calls),
      },
    };
  });
  exact.sort((a, b) => a.at.weekday - b.at.weekday || a.at.half - b.at.half);
  return {
    known,
    weeks: weeksOf(demands, places, rooms, exact, present),
    halves: exact.map(({ at, has, needs }) => halfOf(at, has, needs)),
    deskHours,
    overbooked,
    attending,
  };
}

/** Returns the demand of one kind: typed, or else from the past; without known times, evenly over the half hours with a desk. */
function demandOf(
  kind: Kind,
  history: History,
  rota: OrdinaryWeek,
  assumptions: Assumptions,
): Demand {
  const typed = assumptions[kind];
  const seen = history[kind];
  const { count, perDay } = averageOf(history, kind);
  const cells = 'taken' in seen ? seen.taken : seen.begun;
  const weights = cells.map((each) => {
    const weight = 'minutes' in each ? each.minutes : each.calls;
    return {
      key: keyOf(each),
      weight: weight / Math.max(1, history.openWeekdays[each.weekday] ?? 1),
    };
  });
  const open = halvesOf(kind, rota);
  // Assumed calls are distributed evenly over the half hours.
  const even = open.map((each) => ({
    key: keyOf(each),
    weight: kind === 'calls' ? 1 : each.desks[kind],
  }));
  const spread = weights.length > 0 && !(kind === 'calls' && typed !== null) ? weights : even;
  const whole = sum(spread.map((each) => each.weight));
  const days = history.openWeekdays.filter((each) => each > 0).length;
  const weekly = typed === null ? perDay * days : kind === 'calls' ? typed * open.length : typed;
  if (weekly <= 0 || whole <= 0) return { weekly: 0, band: NOTHING, shape: new Map() };
  const uneven = unevenness(
    seen.weeks.slice(firstKnown(seen.weeks)),
    history.openDays.slice(firstKnown(seen.weeks)),
  );
  const factor = (shareOf: number): Band =>
    typed === null ? rateBand(1, uneven + 1 / (count * shareOf)) : giveOrTake(1, assumptions.give);
  return {
    weekly,
    band: scaled(factor(1), weekly),
    shape: new Map(
      spread.map(({ key, weight }) => {
        const share = weight / whole;
        // Appointments can move to other half hours; a call must be answered in its own.
        return [key, { share, factor: factor(kind === 'calls' ? share : 1) }];
      }),
    ),
  };
}

/** Returns the extra capacity for finding a free time soon. */
function headroom(weekly: Band, days: number, { days: within, often }: Assumptions): Band {
  const of = (demand: number) => {
    const perDay = demand / days;
    return perDay > 0 ? placesPerDay(perDay, { days: within, kept: often / 100 }) / perDay : 1;
  };
  return { low: of(weekly.low), high: of(weekly.high) };
}

/** Returns an appointment's minutes of a desk: the planned duration, or the past one when that is longer. */
function placeOf(
  channel: Channel,
  history: History,
  { overbooking }: Assumptions,
  catalogue: Catalogue,
): Band {
  const { place, lengths } = history[channel];
  const planned = place ?? catalogue.place[channel];
  const took =
    lengths.count > 0
      ? minutesTaken(catalogue.policy, { channel, duration: meanBand(lengths).high })
      : 0;
  return scaled({ low: planned, high: Math.max(planned, took) }, 1 / (1 + overbooking / 100));
}

/** Returns the desks that appointments need at a half hour with even distribution. */
function desksAt(key: string, { weekly, shape }: Demand, place: Band): Band {
  const cell = shape.get(key);
  return cell ? scaled(times(cell.factor, place), (weekly * cell.share) / 30) : NOTHING;
}

/** Returns the people needed for calls at each half hour, for the low and the high estimate. */
function answerersFor(
  demand: Demand,
  history: History,
  assumptions: Assumptions,
): Map<string, Band> {
  const { callMinutes, patience, seconds, answered } = assumptions;
  const { lengths } = history.calls;
  const typed = callMinutes ?? (lengths.count > 0 ? null : CALL_MINUTES);
  const minutes = typed === null ? meanBand(lengths) : giveOrTake(typed, assumptions.give);
  const promise = { within: seconds, share: answered / 100 };
  const fewest = (calls: number, length: number): number[] =>
    PATIENCE.map((each) =>
      desksForCalls({ rate: calls / 1800, length: length * 60 }, promise, patience * each),
    );
  const found = new Map<string, Band>();
  // With typed calls, all half hours are equal.
  const known = new Map<string, Band>();
  for (const [key, { share, factor }] of demand.shape) {
    const calls = scaled(factor, demand.weekly * share);
    const same = `${calls.low} ${calls.high}`;
    const band = known.get(same) ?? {
      low: Math.min(...fewest(calls.low, minutes.low)),
      high: Math.max(...fewest(calls.high, minutes.high)),
    };
    known.set(same, band);
    found.set(key, band);
  }
  return found;
}

/** Returns whole people. An appointment can be half an hour later, so only half a desk or more is certainly needed. */
function wholeBand({ low, high }: Band): Band {
  const most = Math.max(0, Math.ceil(high - 1e-9));
  return { low: Math.min(most, Math.round(low)), high: most };
}

function halfOf(
  at: HalfHour,
  has: RotaHalf['desks'],
  exact: Record<Kind | 'all', Band>,
): PlannedHalf {
  const needs = {
    ...byKind((kind) => wholeBand(exact[kind])),
    all: wholeBand(exact.all),
  };
  const verdicts = ([...KINDS, 'all'] as const).map((kind) => verdictOf(needs[kind], has[kind]));
  const verdict = (['short', 'tight'] as const).find((each) => verdicts.includes(each)) ?? 'enough';
  return { ...at, has, needs, verdict };
}

/** A twentieth of a desk is one absence within four weeks. */
function verdictOf(needed: Band, has: number): Verdict {
  if (has >= needed.high * 0.95) return 'enough';
  return has >= needed.low * 0.95 ? 'tight' : 'short';
}

function weeksOf(
  demands: Record<Kind, Demand>,
  places: Record<Channel, Band>,
  rooms: Record<Channel | 'all', Band>,
  exact: readonly { has: RotaHalf['desks']; needs: Record<Kind | 'all', Band> }[],
  present: number,
): PlannedWeek[] {
  // Over a week, errors of single half hours cancel out, so its band is narrower than their sum.
  const even = byChannel((channel) =>
    scaled(times(demands[channel].band, places[channel]), 1 / 60 / present),
  );
  const calls = scaled(plus(...exact.map((each) => each.needs.calls)), 1 / 2);
  const hours = {
    ...byChannel((channel) => times(even[channel], rooms[channel])),
    calls,
    all: plus(times(plus(...Object.values(even)), rooms.all), calls),
  };
  const some = KINDS.filter((kind) => demands[kind].weekly > 0);
  const rows: (Kind | 'all')[] = some.length > 1 ? [...some, 'all'] : some;
  return rows.map((kind) => {
    const rota = sum(exact.map((each) => each.has[kind])) / 2;
    return {
      kind,
      demand: kind === 'all' ? plus(...some.map((each) => demands[each].band)) : demands[kind].band,
      hours: hours[kind],
      rota,
      verdict: verdictOf(hours[kind], rota),
    };
  });
}

/** Returns the share of appointments' time that is spent with citizens who came. */
function attendingShare(history: History, show: number): number | null {
  const all = CHANNELS.map((channel) => history[channel]);
  const count = sum(all.map(({ lengths }) => lengths.count));
  if (count === 0) return null;
  const spent = sum(all.map(({ lengths }) => lengths.count * lengths.mean));
  const taken = sum(all.map(({ lengths, place }) => lengths.count * (place ?? 0)));
  return taken > 0 ? Math.min(1, (show * spent) / taken) : null;
}
