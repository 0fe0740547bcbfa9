import type { Rota, RotaDesk } from '../../../domain/rota.ts';
import type { Busy, EpochMinute, SlotPolicy, SlotQuery } from './types.ts';

/**
 * A second implementation of the slot rules, for tests only: it checks for each minute
 * whether an appointment could start then. It shares no code with the real engine and is simple, so
 * equal results are probably right. It only caches its results.
 */
export function plainSlots(
  rota: Rota,
  policy: SlotPolicy,
  query: SlotQuery,
  busy: Busy,
  now: Temporal.Instant,
): { start: EpochMinute; end: EpochMinute; desks: number[] }[] {
  const zone = rota.timeZone;
  const today = now.toZonedDateTimeISO(zone).toPlainDate();
  const lastDay = today.add({ days: policy.horizonDays }).toString();
  const earliest = firstMinuteFrom(now.add({ minutes: policy.leadMinutes }));
  const towns = rota.desks
    .filter((desk) =>
      [query.procedure, ...(query.further ?? [])].every(
        (each) => desk.skills === 'all' || desk.skills.indexOf(each) >= 0,
      ),
    )
    .filter((desk) => desk.channels.includes(query.channel))
    .filter((desk) => desk.languages.includes(query.language))
    .filter((desk) => query.site === undefined || query.site === null || desk.site === query.site)
    .map((desk) => plainDesk(rota, desk, busy.get(desk.id) ?? [], policy, query, now));
  const found = [];
  // Two days more on either side than any zone could need.
  const from = minuteOf(Temporal.PlainDate.from(query.from).toZonedDateTime('UTC')) - 2 * 1440;
  const to = minuteOf(Temporal.PlainDate.from(query.to).toZonedDateTime('UTC')) + 3 * 1440;
  for (let start = Math.max(from, earliest); start < to; start++) {
    const day = wall(zone, start).slice(0, 10);
    if (day < query.from || day > query.to || day > lastDay) continue;
    const desks = towns.filter((desk) => desk.couldStart(start)).map(({ id }) => id);
    if (desks.length > 0) found.push({ start, end: start + query.duration, desks });
  }
  return found;
}

function plainDesk(
  rota: Rota,
  desk: RotaDesk,
  busy: readonly number[] | Int32Array,
  policy: SlotPolicy,
  query: SlotQuery,
  now: Temporal.Instant,
) {
  const zone = rota.timeZone;
  const { duration } = query;
  const { buffer } = policy;
  const step = policy.step ?? duration + buffer;
  const first = Temporal.PlainDate.from(query.from).subtract({ days: 4 });
  const last = Temporal.PlainDate.from(query.to).add({ days: 4 });
  const shifts = plainShifts(zone, desk, first, last);
  const absences = desk.absences.map(({ from, to }) => ({
    start: firstShowing(zone, from),
    end: firstShowing(zone, to),
  }));

  const inShift = (t: EpochMinute) => shifts.some(({ start, end }) => start <= t && t < end);
  const isAway = (t: EpochMinute) =>
    rota.isClosed(wall(zone, t).slice(0, 10)) ||
    absences.some(({ start, end }) => start <= t && t < end) ||
    isElsewhere(desk, t);
  const isBusy = (t: EpochMinute) => isWithin(busy, t);
  const isFree = remembering((t) => inShift(t) && !isAway(t) && !isBusy(t));
  const nowMinute = firstMinuteFrom(now);
  const isPast = (t: EpochMinute) => t < nowMinute;

  const isOnGrid = (t: EpochMinute) =>
    shifts.some(
      ({ start, end, from }) =>
        start <= t && t < end && wallMinutesBetween(from, wall(zone, t)) % step === 0,
    );
  const isPacked = (t: EpochMinute) => {
    let base = t;
    while (isFree(base - 1) && !isPast(base)) base--;
    if (isPast(base)) {
      while (isPast(base) || base % 5 !== 0) base++;
    }
    return t >= base && (t - base) % step === 0;
  };

  const couldStart = (t: EpochMinute) => {
    if (!isFree(t) || firstShowing(zone, wall(zone, t)) !== t) return false;
    for (let d = 0; d < duration; d++) {
      if (!isFree(t + d)) return false;
    }
    for (let d = duration; d < duration + buffer; d++) {
      if (isBusy(t + d) || (inShift(t + d) && isAway(t + d))) return false;
    }
    return policy.starts === 'grid' ? isOnGrid(t) : isPacked(t);
  };
  return { id: desk.id, couldStart };
}

function isWithin(stretches: readonly number[] | Int32Array, t: EpochMinute): boolean {
  for (let i = 0; i < stretches.length; i += 2) {
    if (Number(stretches[i]) <= t && t < Number(stretches[i + 1])) return true;
  }
  return false;
}

const isElsewhere = ({ elsewhere = [] }: RotaDesk, t: EpochMinute): boolean =>
  elsewhere.some(
    ({ from, to }) =>
      from.epochMilliseconds < (t + 1) * 60_000 && t * 60_000 < to.epochMilliseconds,
  );

function plainShifts(
  zone: string,
  desk: RotaDesk,
  first: Temporal.PlainDate,
  last: Temporal.PlainDate,
) {
  const found: { start: EpochMinute; end: EpochMinute; from: string }[] = [];
  for (const shift of desk.shifts) {
    for (let day = first; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
      if (!shift.weekdays.includes(day.dayOfWeek) || day.toString() < shift.since) continue;
      if (shift.until !== undefined && day.toString() > shift.until) continue;
      if (shift.except?.some((each) => each === day.toString())) continue;
      const endsNextDay = shift.to === '24:00' || shift.to <= shift.from;
      const endDay = endsNextDay ? day.add({ days: 1 }) : day;
      const endTime = shift.to === '24:00' ? '00:00' : shift.to;
      const from = `${day}T${shift.from}`;
      const start = firstShowing(zone, from);
      found.push({ start, end: firstShowing(zone, `${endDay}T${endTime}`), from });
    }
  }
  return found;
}

const walls = new Map<string, Map<EpochMinute, string>>();

/** Returns the wall-clock time: `YYYY-MM-DDTHH:MM`. */
function wall(zone: string, t: EpochMinute): string {
  let known = walls.get(zone);
  if (!known) {
    known = new Map();
    walls.set(zone, known);
  }
  let shown = known.get(t);
  if (shown === undefined) {
    shown = instant(t).toZonedDateTimeISO(zone).toPlainDateTime().toString().slice(0, 16);
    known.set(t, shown);
  }
  return shown;
}

/** The first minute at which the clock shows that time, or, if it skips it, a later one. */
function firstShowing(zone: string, local: string): EpochMinute {
  const plain = Temporal.PlainDateTime.from(local);
  let t = minuteOf(plain.toZonedDateTime(zone, { disambiguation: 'earlier' }));
  while (wall(zone, t) < local) t++;
  return t;
}

function wallMinutesBetween(from: string, to: string): number {
  return Temporal.PlainDateTime.from(from)
    .until(Temporal.PlainDateTime.from(to))
    .total({ unit: 'minutes', relativeTo: '2000-01-01' });
}

function firstMinuteFrom(now: Temporal.Instant): EpochMinute {
  let t = Math.floor(now.epochMilliseconds / 60_000);
  while (Temporal.Instant.compare(instant(t), now) < 0) t++;
  return t;
}

function remembering(ask: (t: EpochMinute) => boolean): (t: EpochMinute) => boolean {
  const answers = new Map<EpochMinute, boolean>();
  return (t) => {
    const known = answers.get(t);
    if (known !== undefined) return known;
    const answer = ask(t);
    answers.set(t, answer);
    return answer;
  };
}

function minuteOf(time: Temporal.ZonedDateTime): EpochMinute {
  return time.epochMilliseconds / 60_000;
}

function instant(t: EpochMinute): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(t * 60_000);
}
