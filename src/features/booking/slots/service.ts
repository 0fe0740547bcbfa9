import { hash } from 'node:crypto';
import type pg from 'pg';
import { askOf } from '../../../domain/appointment.ts';
import { isAtSite, isChannel, isSeen } from '../../../domain/channel.ts';
import { busyUntil, minutesTaken } from '../../../domain/occupancy.ts';
import {
  type Bundle,
  type BundleRefusal,
  bookedBundle,
  bundleOf,
  type Extent,
  isSingle,
  minutesOn,
} from '../../../domain/office/bundle.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { sharedReads } from '../../../lib/db/frequent/shared-reads.ts';
import { SIGN_LANGUAGES } from '../../../lib/i18n/languages.ts';
import { keeping, nameOf } from '../../../lib/process/kept.ts';
import { subtract } from './intervals.ts';
import { desksFor, findSlots, instantOf, isQualified, minuteAtOrAfter } from './rules.ts';
import type { Busy, EpochMinute, SlotNeed, SlotPolicy } from './types.ts';
import { type BusyRow, busyOf, readBusy, readBusyRows, readHeld } from './views.ts';

/** A search. All of it may be external input and is checked. */
export interface SlotAsk extends Extent {
  procedure: string;
  channel: string;
  language: string;
  /** Code of the site; absent: any. */
  site?: string | null | undefined;
  /** Whether the appointment is booked already: what the office allows in a new one is not asked. */
  isBooked?: boolean;
}

/** Local days, both included, at most `LONGEST_SPAN` of them. */
export interface DaySpan {
  from: string;
  to: string;
}

export interface OfferedSlot {
  start: Temporal.Instant;
  end: Temporal.Instant;
  /** How many desks could take it. */
  capacity: number;
}

export type AskRefusal = BundleRefusal | 'channel_not_offered' | 'language_not_offered';
export type SlotRefusal = AskRefusal | 'bad_span';

/** A start that can be claimed now: the possible desks and its duration; the arguments of claim_time. */
export interface Claim {
  desks: number[];
  start: Temporal.Instant;
  end: Temporal.Instant;
  /** From when the desk can take another. */
  busyUntil: Temporal.Instant;
  /** The local day, for counting how much an agent has in it. */
  day: { start: Temporal.Instant; end: Temporal.Instant };
  /** Code of the site where all of them stand, where the citizen comes to one. */
  site?: string | null;
}

export interface Slots {
  /** Every start offered in the span, in order. */
  search(
    office: Office,
    ask: SlotAsk,
    span: DaySpan,
    except?: string,
  ): Promise<{ ok: true; slots: OfferedSlot[] } | { ok: false; reason: SlotRefusal }>;
  /**
   * The same starts as epoch minutes and without the rest, for pages that show many. Nobody may change them: while nothing changes, all get the same
   * array.
   */
  starts(
    office: Office,
    ask: SlotAsk,
    span: DaySpan,
    except?: string,
  ): Promise<{ ok: true; starts: readonly EpochMinute[] } | { ok: false; reason: SlotRefusal }>;
  /** Returns the claim of this start; `agents` is empty when it is not offered. `hold`: the SHA-256 of a hold
   * on it. */
  claim(
    office: Office,
    ask: SlotAsk,
    start: Temporal.Instant,
    except?: string,
    hold?: Buffer,
  ): Promise<{ ok: true; claim: Claim } | { ok: false; reason: AskRefusal }>;
}

/** Days that one search may span. */
export const LONGEST_SPAN = 62;

export interface SlotsDeps {
  pool: pg.Pool;
  clock: Clock;
}

type Starts = Awaited<ReturnType<Slots['starts']>>;

/** Starts that were found, for others who ask for the same: of all towns of the process, and with the days that pages make of them. */
const kept = keeping<EpochMinute[]>(8_000_000, (starts) => 100 * starts.length);

export function createSlots(deps: SlotsDeps): Slots {
  const startsNow = sharedReads<Starts>();
  return {
    async search(office, ask, span, except) {
      const read = await readSearch(deps, office, ask, span, except);
      if (!read.ok) return read;
      const slots = slotsOf(office, read).map(({ start, end, capacity }) => ({
        start: instantOf(start),
        end: instantOf(end),
        capacity,
      }));
      return { ok: true, slots };
    },

    starts: (office, ask, span, except) => {
      // An office is another object at each revision, and in each town.
      const key = JSON.stringify([nameOf(office), ask, span, except]);
      return startsNow(key, async () => {
        const read = await readSearch(deps, office, ask, span, except);
        if (!read.ok) return read;
        const at = [Math.floor(read.now.epochMilliseconds / MINUTE_MS), minuteAtOrAfter(read.now)];
        const starts = kept.get(`${key} ${at} ${hashOf(read.rows)}`, () =>
          slotsOf(office, read).map((each) => each.start),
        );
        return { ok: true, starts };
      });
    },

    claim: (office, ask, start, except, hold) => claim(deps, office, ask, start, except, hold),
  };
}

const MINUTE_MS = 60_000;
const hashOf = (rows: readonly BusyRow[]): string =>
  hash('sha256', rows.map((row) => `${row.desk_id} ${row.busy}`).join('\n'), 'base64');

/** What a search follows from, besides its office. */
interface SearchRead {
  need: SlotNeed;
  policy: SlotPolicy;
  span: DaySpan;
  now: Temporal.Instant;
  rows: BusyRow[];
}

async function readSearch(
  { pool, clock }: SlotsDeps,
  office: Office,
  ask: SlotAsk,
  span: DaySpan,
  except?: string,
): Promise<({ ok: true } & SearchRead) | { ok: false; reason: SlotRefusal }> {
  const asked = readAsk(office, { isBooked: except !== undefined, ...ask });
  if (!asked.ok) return asked;
  if (!isSpan(span)) return { ok: false, reason: 'bad_span' } as const;
  const now = clock.now();
  const { need, policy } = asked;
  const minutes = busySpan(office, policy, span, now);
  const rows = await readBusyRows(pool, office.id, qualified(office, need), minutes, now, except);
  return { ok: true, need, policy, span, now, rows };
}

const slotsOf = (office: Office, { need, policy, span, now, rows }: SearchRead) =>
  findSlots(office.rota, policy, { ...need, ...span }, busyOf(rows), now);

async function claim(
  { pool, clock }: SlotsDeps,
  office: Office,
  ask: SlotAsk,
  start: Temporal.Instant,
  except: string | undefined,
  hold: Buffer | undefined,
): ReturnType<Slots['claim']> {
  const asked = readAsk(office, { isBooked: except !== undefined, ...ask });
  if (!asked.ok) return asked;
  const { need, policy } = asked;
  const now = clock.now();
  const minute = minuteAtOrAfter(start);
  const end = start.add({ minutes: need.duration });
  // On a grid, starts don't depend on busy time, and the database decides whether the time is free.
  const busy: Busy =
    policy.starts === 'grid'
      ? new Map()
      : await readBusy(
          pool,
          office.id,
          qualified(office, need),
          busySpan(office, policy, null, now),
          now,
          except,
        );
  const whole = instantOf(minute).equals(start);
  // Packed starts are counted from free intervals, and a held time is not free. The holder may use it anyway.
  const own =
    hold && policy.starts === 'packed' ? await readHeld(pool, office.id, start, now, hold) : null;
  const desks = (): number[] => {
    if (!whole) return [];
    if (!own) return desksFor(office.rota, policy, need, minute, busy, now);
    const free = new Map([[own.desk, subtract(busy.get(own.desk) ?? [], own.minutes)]]);
    const any = { ...policy, step: 1 };
    return desksFor(office.rota, any, need, minute, free, now).filter((id) => id === own.desk);
  };
  const day = localDay(start, office.timeZone);
  return {
    ok: true,
    claim: {
      ...atOneSite(office, ask, desks()),
      start,
      end,
      busyUntil: busyUntil(policy, need, end),
      day,
    },
  };
}

/** Returns the catalogue's data of a search: the need with its length, and the policy with the step of its procedures. */
export function readAsk(
  office: Office,
  ask: SlotAsk,
):
  | { ok: true; procedure: Bundle; need: SlotNeed; policy: SlotPolicy }
  | { ok: false; reason: AskRefusal } {
  const made = ask.isBooked ? readBooked(office, ask) : bundleOf(office, ask);
  if (!made.ok) return made;
  const { bundle } = made;
  const duration = minutesOn(bundle, ask.channel);
  if (!duration) return { ok: false, reason: 'channel_not_offered' };
  if (!isOffered(office, ask)) {
    return { ok: false, reason: 'language_not_offered' };
  }
  const step = stepOf(office, bundle, ask.channel);
  const policy = { ...office.settings.slots, ...(step && { step }) };
  return { ok: true, procedure: bundle, need: { ...askOf(ask), duration }, policy };
}

function readBooked(office: Office, ask: SlotAsk): ReturnType<typeof bundleOf> {
  const bundle = bookedBundle(office, ask);
  return bundle?.parts.every((each) => !each.retired)
    ? { ok: true, bundle }
    : { ok: false, reason: 'unknown_procedure' };
}

/**
 * Returns the minutes between starts where the procedures set them; undefined: the office's. Several procedures start where the one with the
 * closest starts would.
 */
function stepOf(office: Office, bundle: Bundle, channel: string): number | undefined {
  const { parts, step } = bundle;
  if (isSingle(bundle)) return step;
  const { slots } = office.settings;
  const steps = parts.map((each) => {
    const duration = minutesOn(each, channel) ?? 0;
    return each.step ?? slots.step ?? minutesTaken(slots, { channel, duration });
  });
  return Math.min(...steps);
}

const siteOfDesk = (office: Office, id: number): string | null =>
  office.rota.desks.find((each) => each.id === id)?.site ?? null;

/** The desks that could take it at one site: the one asked for, else that of the first of them. Elsewhere: all of them. */
function atOneSite(office: Office, ask: SlotAsk, able: number[]): Pick<Claim, 'desks' | 'site'> {
  const [first] = able;
  if (!isChannel(ask.channel) || !isAtSite(ask.channel) || first === undefined)
    return { desks: able, site: null };
  const site = ask.site ?? siteOfDesk(office, first);
  return { desks: able.filter((id) => siteOfDesk(office, id) === site), site };
}

/** Returns whether it is a spoken language of the office; or, by video, a signed one in which a desk serves this procedure. */
function isOffered(office: Office, ask: SlotAsk): boolean {
  if ((office.languages as readonly string[]).includes(ask.language)) return true;
  const isSigned = (SIGN_LANGUAGES as readonly string[]).includes(ask.language);
  return (
    isSigned &&
    isChannel(ask.channel) &&
    isSeen(ask.channel) &&
    office.rota.desks.some((each) => isQualified(each, ask))
  );
}

const qualified = (office: Office, need: SlotNeed): number[] =>
  office.rota.desks.filter((desk) => isQualified(desk, need)).map((desk) => desk.id);

function isSpan({ from, to }: DaySpan): boolean {
  try {
    const days = Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days;
    return (
      /^\d{4}-\d{2}-\d{2}$/.test(from) &&
      /^\d{4}-\d{2}-\d{2}$/.test(to) &&
      days >= 0 &&
      days < LONGEST_SPAN
    );
  } catch {
    return false;
  }
}

/**
 * Returns the span of busy time to read. For packed starts it is unlimited: they are counted from the start of a
 * free interval, which an appointment long before may set.
 */
function busySpan(office: Office, policy: SlotPolicy, span: DaySpan | null, now: Temporal.Instant) {
  const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const all = policy.starts === 'packed' || span === null;
  const first = all ? today : Temporal.PlainDate.from(span.from);
  const last = all ? today.add({ days: policy.horizonDays }) : Temporal.PlainDate.from(span.to);
  const midnight = (day: Temporal.PlainDate) =>
    minuteAtOrAfter(day.toZonedDateTime(office.timeZone).toInstant());
  return { from: midnight(first), to: midnight(last.add({ days: 1 })) };
}

function localDay(at: Temporal.Instant, timeZone: string): Claim['day'] {
  const start = at.toZonedDateTimeISO(timeZone).startOfDay();
  return { start: start.toInstant(), end: start.add({ days: 1 }).toInstant() };
}
