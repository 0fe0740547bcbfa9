import { type Channel, hasRoom, isAtSite, isCalled, isChannel } from '../../domain/channel.ts';
import { busyUntil } from '../../domain/occupancy.ts';
import type { Procedure } from '../../domain/office/types.ts';
import type { RotaDesk } from '../../domain/rota.ts';
import { referenceFrom } from '../../features/booking/appointments/rules.ts';
import { workTimes } from '../../features/booking/slots/rules.ts';
import { isLanguage, type Language } from '../../lib/i18n/languages.ts';
import { uuidOf } from '../../lib/uuid.ts';
import { type Draws, drawsOf } from './draws.ts';
import { encounterOf } from './encounters.ts';
import { personOf, SPOKEN } from './people.ts';
import { busynessAt, busynessOf } from './seasons.ts';
import type { Millis, PlannedAppointment, PlannedAttempt, Seed } from './types.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Starts are on this grid. */
const GRID = 5;

/** How many people choose each channel, where all are offered. */
const CHOSEN: Readonly<Record<Channel, number>> = { phone: 62, video: 26, in_person: 34 };

/** A free stretch of a desk, in epoch minutes. */
export interface Gap {
  desk: RotaDesk;
  from: number;
  to: number;
}

export interface PlannedDay {
  appointments: PlannedAppointment[];
  /** What is left of the desks' time, where people without an appointment can be served. */
  gaps: Gap[];
}

/** Returns the appointments of a day, all of them, however they end; in the order of the desks. */
export function planDay(seed: Seed, day: Temporal.PlainDate): PlannedDay {
  const { office } = seed;
  const busyness = busynessOf(day);
  const planned: PlannedDay = { appointments: [], gaps: [] };
  for (const [id, { work, away }] of workTimes(office.rota, day.toString(), day.toString())) {
    const desk = office.rota.desks.find((each) => each.id === id);
    if (!desk) continue;
    const draws = drawsOf(office.code, day.toString(), desk.code);
    for (const [from, to] of stretchesOn(seed, day, work)) {
      const free = (at: number) => !isWithin(away, at);
      fillStretch({ seed, day, desk, draws, busyness, free, planned }, from, to);
    }
  }
  return planned;
}

/** Returns the stretches of work that begin on a local day. */
function stretchesOn({ office }: Seed, day: Temporal.PlainDate, work: readonly number[]) {
  const startOf = (each: Temporal.PlainDate) =>
    each.toZonedDateTime(office.timeZone).epochMilliseconds / MINUTE;
  const first = startOf(day);
  const end = startOf(day.add({ days: 1 }));
  return pairsOf(work).filter(([from]) => from >= first && from < end);
}

function pairsOf(flat: readonly number[]): [number, number][] {
  return Array.from({ length: flat.length / 2 }, (_, at) => [
    flat[2 * at] ?? 0,
    flat[2 * at + 1] ?? 0,
  ]);
}

const isWithin = (flat: readonly number[], at: number): boolean =>
  pairsOf(flat).some(([from, to]) => at >= from && at < to);

interface Filling {
  seed: Seed;
  day: Temporal.PlainDate;
  desk: RotaDesk;
  draws: Draws;
  busyness: number;
  /** Whether the desk is attended at an epoch minute. */
  free(at: number): boolean;
  planned: PlannedDay;
}

/** Walks through a stretch of a desk's work, and puts an appointment or a gap wherever it is. */
function fillStretch(filling: Filling, from: number, to: number): void {
  const { seed, desk, draws, busyness, free, planned } = filling;
  let at = Math.ceil(from / GRID) * GRID;
  while (at + GRID <= to) {
    const hour = hourOf(seed, at * MINUTE);
    const often = Math.min(0.97, 0.86 * busyness * busynessAt(hour));
    const wanted = draws.chance(often) ? choose(seed, desk, draws) : null;
    const length = wanted?.minutes ?? 15;
    const end = at + length;
    if (end > to || !everFree(free, at, end)) {
      at += GRID;
      continue;
    }
    if (wanted) planned.appointments.push(make(filling, at * MINUTE, wanted));
    else planned.gaps.push({ desk, from: at, to: end });
    at = Math.ceil((end + seed.office.settings.slots.buffer) / GRID) * GRID;
  }
}

function everFree(free: (at: number) => boolean, from: number, to: number): boolean {
  for (let at = from; at < to; at += GRID) if (!free(at)) return false;
  return true;
}

const hourOf = ({ office }: Seed, at: Millis): number =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(office.timeZone).hour;

interface Wanted {
  procedure: Procedure;
  channel: Channel;
  minutes: number;
}

/** Returns what somebody wants of a desk; null: nothing of what is offered can be done there. */
function choose({ office }: Seed, desk: RotaDesk, draws: Draws): Wanted | null {
  const { skills } = desk;
  const offered = office.procedures.filter(({ code }) => skills === 'all' || skills.includes(code));
  // The first of the catalogue are asked for most.
  const weights = Object.fromEntries(offered.map(({ code }, nth) => [code, 1 / (nth + 2)]));
  if (offered.length === 0) return null;
  const procedure = office.procedure(draws.weighed(weights));
  const channels = Object.entries(procedure?.channels ?? {}).filter(
    ([channel]) => isChannel(channel) && desk.channels.includes(channel),
  );
  if (!procedure || channels.length === 0) return null;
  const chosen = draws.weighed<Channel>(
    Object.fromEntries(channels.map(([channel]) => [channel, CHOSEN[channel as Channel]])),
  );
  return { procedure, channel: chosen, minutes: procedure.channels[chosen] ?? 15 };
}

/** Makes an appointment at a desk, with all that becomes of it. */
function make({ seed, day, desk, draws, planned }: Filling, starts: Millis, wanted: Wanted) {
  const { office } = seed;
  const { procedure, channel, minutes } = wanted;
  const nth = planned.appointments.length;
  const id = uuidOf('demo', office.code, day.toString(), String(nth));
  const language = languageAt(seed, desk, draws);
  const ends = starts + minutes * MINUTE;
  const until = busyUntil(
    office.settings.slots,
    { channel, duration: minutes },
    Temporal.Instant.fromEpochMilliseconds(ends),
  );
  const made = {
    id,
    reference: referenceOf(office.id, day, nth),
    procedure: { id: procedure.id, code: procedure.code },
    channel,
    language,
    site: isAtSite(channel) ? (desk.site ?? null) : null,
    desk: desk.id,
    starts,
    ends,
    busyUntil: until.epochMilliseconds,
    ...asked(seed, desk, draws, starts),
    person: personOf(draws, language),
  };
  const at = { ...made, procedureCode: procedure.code, minutes };
  return { ...made, ...fateOf(seed, draws, at) };
}

function languageAt({ office }: Seed, { languages }: RotaDesk, draws: Draws): Language {
  const spoken = languages.filter(isLanguage).filter((each) => office.languages.includes(each));
  return draws.weighed<Language>(Object.fromEntries(spoken.map((each) => [each, SPOKEN[each]])));
}

const LETTERS = 31;
/** How many references there are, and a number without a common divisor: multiplied by it, each number has its own reference. */
const REFERENCES = LETTERS ** 6;
const SPREAD = 387_420_489;

/** Returns the reference of the `nth` of a day. Two have never the same. */
export function referenceOf(office: number, day: Temporal.PlainDate, nth: number): string {
  const days = Temporal.PlainDate.from('2025-01-01').until(day).days + 1000;
  const number = (days * 8 + (office % 8)) * 1000 + nth;
  let rest = Number((BigInt(number) * BigInt(SPREAD)) % BigInt(REFERENCES));
  const digits = Array.from({ length: 6 }, () => {
    const digit = rest % LETTERS;
    rest = Math.floor(rest / LETTERS);
    return digit;
  });
  return referenceFrom(Uint8Array.from(digits));
}

/** When it was asked for and by whom; most ask some days before, on the web, by day. */
function asked({ office, staffAt }: Seed, desk: RotaDesk, draws: Draws, starts: Millis) {
  const { leadMinutes, horizonDays } = office.settings.slots;
  const days = Math.min(draws.waiting(4.2), horizonDays - 1);
  const around =
    starts - Math.max(days * DAY, leadMinutes * MINUTE + draws.between(1, 90) * MINUTE);
  // At night few people ask: those who would, do so in the evening before.
  const hour = hourOf({ office } as Seed, around);
  const createdAt = hour < 7 ? around - (hour + draws.between(2, 9)) * HOUR : around;
  const staff = staffAt.get(desk.id);
  // Drawn in any case: who is at the desk changes nothing else.
  const isByStaff = draws.chance(0.16);
  const createdBy = staff && isByStaff ? `staff:${staff}` : 'citizen';
  const isMoved = draws.chance(0.035) && starts - createdAt > 2 * DAY;
  const moved = isMoved
    ? movedBetween(createdAt, starts - draws.between(-2, 3) * DAY - HOUR, starts)
    : null;
  return { createdAt: Math.round(createdAt), createdBy, moved };
}

/** Moved a third of the way from the booking to its time, from a time that was still to come. */
function movedBetween(createdAt: Millis, from: Millis, starts: Millis) {
  const at = Math.round(createdAt + (starts - createdAt) / 3);
  return { at, from: Math.max(from, Math.ceil((at + 3 * HOUR) / HOUR) * HOUR) };
}

/** How often nobody answers or comes, by where they meet. */
const MISSES: Readonly<Record<Channel, number>> = { phone: 0.062, video: 0.048, in_person: 0.041 };

interface Facts {
  id: string;
  channel: Channel;
  language: Language;
  starts: Millis;
  ends: Millis;
  createdAt: Millis;
  createdBy: string;
  procedureCode: string;
  minutes: number;
}

type Fate = Pick<PlannedAppointment, 'cancelled' | 'arrived' | 'attempts' | 'encounter' | 'missed'>;

const NOBODY_MET = { cancelled: null, arrived: null, attempts: [], encounter: null, missed: null };

/** What becomes of an appointment. */
function fateOf(seed: Seed, draws: Draws, facts: Facts): Fate {
  const { channel, starts, createdAt, createdBy, minutes } = facts;
  if (draws.chance(0.072)) {
    const at = Math.round(createdAt + (starts - createdAt) * (0.3 + 0.65 * draws.number()));
    return { ...NOBODY_MET, cancelled: { at, by: draws.chance(0.9) ? 'citizen' : createdBy } };
  }
  const isMissed = draws.chance(MISSES[channel]);
  // Desks run late as the morning goes on, and the calls before were long.
  const late = Math.round(
    (draws.chance(0.13) ? draws.between(5, 17) : draws.between(0, 4)) * MINUTE,
  );
  const attempts = isCalled(channel) ? callsOf(seed, draws, starts + late, isMissed) : [];
  if (isMissed) {
    const wait = isCalled(channel) ? seed.office.settings.attempts.windowMinutes : 15;
    const over = Math.max(starts + wait * MINUTE, (attempts.at(-1)?.at ?? 0) + MINUTE);
    return { ...NOBODY_MET, attempts, missed: over };
  }
  const begins = attempts.at(-1)?.at ?? starts + late;
  const early = starts - draws.between(1, 9) * MINUTE;
  const encounter = encounterOf(seed, draws, {
    ...facts,
    begins,
    minutes,
    late: begins - starts,
    isVideo: hasRoom(channel),
  });
  return { ...NOBODY_MET, attempts, arrived: isCalled(channel) ? null : early, encounter };
}

/** The calls until somebody answers, or the last one in vain. */
function callsOf({ office }: Seed, draws: Draws, first: Millis, isMissed: boolean) {
  const { max, spacingMinutes } = office.settings.attempts;
  const answered = draws.chance(0.85) ? 1 : draws.between(2, max);
  const count = isMissed ? max : Math.min(answered, max);
  return Array.from({ length: count }, (_, nth): PlannedAttempt => {
    const isLast = nth === count - 1 && !isMissed;
    const vain = draws.weighed({ no_answer: 70, voicemail: 22, busy: 8 } as const);
    return {
      number: nth + 1,
      outcome: isLast ? 'answered' : vain,
      at: first + nth * spacingMinutes * MINUTE,
      rangSeconds: isLast ? draws.between(4, 19) : draws.between(20, 32),
    };
  });
}
