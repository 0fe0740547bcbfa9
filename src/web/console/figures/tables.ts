import { CHANNELS } from '../../../domain/channel.ts';
import { growth, isLikeForLike } from '../../../features/insight/statistics/rules.ts';
import type {
  ChannelYear,
  Counts,
  Figures,
  Group,
  Item,
  Side,
  YearOnYear,
} from '../../../features/insight/statistics/types.ts';
import { OTHER_CHANNELS, SIDES } from '../../../features/insight/statistics/types.ts';
import { formatLanguage } from '../../../lib/i18n/format-language.ts';
import { ENCOUNTER_LANGUAGES, textIn } from '../../../lib/i18n/languages.ts';
import { type Numbers, numbersIn } from '../../numbers.ts';
import type { DeskVisit } from '../visit.tsx';
import { nameOf } from '../words.ts';

type How = 'count' | 'percent' | 'days' | 'minutes' | 'number' | 'growth';

/** A raw figure, and its text; null: there is none. */
export interface Figure {
  value: number | null;
  how: How;
  /** A remark about it, in words. */
  note?: string | null;
}

/** Figures in rows, both for the page and for the file. */
export interface FigureTable {
  caption: string;
  /** All columns; the first is the subject of a row. */
  heads: string[];
  rows: { name: string; figures: Figure[] }[];
}

export function write(numbers: Numbers, { value, how }: Figure): string {
  if (value === null) return '–';
  switch (how) {
    case 'percent':
      return numbers.percent(100 * value);
    case 'growth':
      return numbers.growth(value);
    case 'minutes':
      return numbers.minutes(value);
    case 'number':
    case 'days':
      return numbers.number(value);
    default:
      return numbers.count(value);
  }
}

/** Returns a part of a whole; null: there is no whole. */
export const per = (part: number, of: number): number | null => (of > 0 ? part / of : null);

/** The measures of each group; the first is drawn as a bar. */
export const MEASURES = [
  { name: 'booked', how: 'count', of: (c: Counts) => c.booked },
  { name: 'fulfilled', how: 'count', of: (c: Counts) => c.fulfilled },
  { name: 'noshow', how: 'count', of: (c: Counts) => c.noshow },
  { name: 'cancelled', how: 'count', of: (c: Counts) => c.cancelled },
  { name: 'unkept', how: 'count', of: (c: Counts) => c.unkept },
  { name: 'show', how: 'percent', of: (c: Counts) => per(c.fulfilled, c.fulfilled + c.noshow) },
  { name: 'wait', how: 'days', of: (c: Counts) => per(c.waitDays, c.booked - c.cancelled) },
  { name: 'punctual', how: 'percent', of: (c: Counts) => per(c.punctual, c.contacted) },
  { name: 'late', how: 'minutes', of: (c: Counts) => per(c.lateSeconds / 60, c.contacted) },
  { name: 'attempts', how: 'number', of: (c: Counts) => per(c.attempts, c.called) },
  { name: 'length', how: 'minutes', of: (c: Counts) => per(c.talkedSeconds / 60, c.closed) },
  { name: 'procedures', how: 'count', of: (c: Counts) => c.procedures },
  { name: 'queries', how: 'count', of: (c: Counts) => c.queries },
] as const satisfies readonly { name: string; how: How; of(counts: Counts): number | null }[];

const figuresOf = (counts: Counts): Figure[] =>
  MEASURES.map(({ how, of }) => ({ how, value: of(counts) }));

const count = (value: number | null): Figure => ({ how: 'count', value });

const noon = (day: string, { office }: DeskVisit) =>
  Temporal.PlainDate.from(day)
    .toZonedDateTime({ timeZone: office.timeZone, plainTime: '12:00' })
    .toInstant();
/** Any Monday. */
const MONDAY = Temporal.PlainDate.from('2024-01-01');

/** Returns the name of a day of the week, by its ISO number. */
export const weekdayName = (visit: DeskVisit, day: number): string =>
  visit.dates.weekday(noon(MONDAY.add({ days: day - 1 }).toString(), visit));

export const monthName = (visit: DeskVisit, month: string): string =>
  visit.dates.month(noon(month, visit));
export const briefMonth = (visit: DeskVisit, month: string): string =>
  visit.dates.briefMonth(noon(month, visit));

/** Returns the mark of an incomplete month. */
export const partMark = ({ notWhole }: Figures, month: string): string =>
  notWhole.includes(month) ? '*' : '';

function groupName(visit: DeskVisit, side: Side, key: string): string {
  const { t, office } = visit;
  switch (side) {
    case 'channel':
      return channelName(visit, key);
    case 'procedure':
      return textIn(office.procedure(Number(key))?.name, t.language);
    case 'language':
      return languageName(visit, key);
    case 'day':
      return weekdayName(visit, Number(key));
    case 'month':
      return monthName(visit, key);
  }
}

export const CHANNEL_NAMES = [...CHANNELS, 'online', ...OTHER_CHANNELS] as const;

export function channelName({ t }: DeskVisit, channel: string): string {
  const known = CHANNEL_NAMES.find((each) => each === channel);
  return known ? t(`figures.channel.${known}`) : channel;
}

export function languageName({ t }: DeskVisit, language: string): string {
  const known = ENCOUNTER_LANGUAGES.find((each) => each === language);
  return known ? formatLanguage(known, t).name : language;
}

function itemName({ t, office }: DeskVisit, { kind, procedure, query }: Item): string {
  const what =
    procedure !== null
      ? textIn(office.procedure(procedure)?.name, t.language)
      : query !== null
        ? nameOf(t, office.settings.queries, query)
        : t('figures.item.other');
  return kind === 'query' ? t('figures.item.query', { what }) : what;
}

export const TABLES = [...SIDES, 'hours', 'items', 'calls', 'scores', 'solved'] as const;
export type TableName = (typeof TABLES)[number];

/** The tables of a span. */
export function tableOf(visit: DeskVisit, found: Figures, name: TableName): FigureTable {
  const { t } = visit;
  const caption = t(`figures.table.${name}`);
  const table = (heads: string[], rows: FigureTable['rows']): FigureTable => ({
    caption,
    heads: [t(`figures.head.${name}`), ...heads],
    rows,
  });
  const { calls, opinion } = found;
  switch (name) {
    case 'hours':
      return table(hoursOf(found).map(String), rowsOfHours(visit, found));
    case 'items':
      return table(
        [t('figures.measure.items')],
        found.items.map((each) => ({ name: itemName(visit, each), figures: [count(each.items)] })),
      );
    case 'calls':
      return table(
        [t('figures.measure.calls')],
        (['connected', 'good', 'fair', 'poor'] as const).map((each) => ({
          name: t(`quality.column.${each}`),
          figures: [count(calls?.[each] ?? null)],
        })),
      );
    case 'scores':
      return table(
        [t('figures.measure.people')],
        (opinion.scores ?? []).map((people, score) => ({
          name: String(score),
          figures: [count(people)],
        })),
      );
    case 'solved':
      return table(
        [t('figures.measure.people')],
        (['yes', 'partly', 'no'] as const).flatMap((each, at) =>
          opinion.solved
            ? [{ name: t(`citizen.survey.${each}`), figures: [count(opinion.solved[at] ?? 0)] }]
            : [],
        ),
      );
    default:
      return table(
        MEASURES.map((each) => t(`figures.measure.${each.name}`)),
        inOrder(name, found.by[name]).map(({ key, counts }) => ({
          name: groupName(visit, name, key),
          figures: figuresOf(counts),
        })),
      );
  }
}

/** Sorts days and months by time, all other groups by size. */
const inOrder = (side: Side, groups: readonly Group[]): Group[] =>
  side === 'day' || side === 'month'
    ? [...groups]
    : [...groups].sort((a, b) => b.counts.booked - a.counts.booked);

/** Returns the hours from the first to the last with a start. */
export function hoursOf({ hours }: Pick<Figures, 'hours'>): number[] {
  const used = [...hours.values()].flatMap((counts) =>
    counts.flatMap((each, hour) => (each > 0 ? [hour] : [])),
  );
  const first = Math.min(...used);
  const last = Math.max(...used);
  return used.length === 0 ? [] : Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

function rowsOfHours(visit: DeskVisit, found: Figures): FigureTable['rows'] {
  return [...found.hours].map(([day, counts]) => ({
    name: weekdayName(visit, day),
    figures: hoursOf(found).map((hour) => count(counts[hour] ?? 0)),
  }));
}

/** Returns the figures of a span without a breakdown. */
export function sumsOf(visit: DeskVisit, { total }: Figures): { name: string; figure: Figure }[] {
  const { t } = visit;
  return MEASURES.map(({ name, how, of }) => ({
    name: t(`figures.measure.${name}`),
    figure: { how, value: of(total) },
  }));
}

/** Encounters by channel, beside the year before. */
export function yearTable(visit: DeskVisit, found: YearOnYear): FigureTable {
  const { t } = visit;
  const { year, now, before } = found;
  const of = (all: YearOnYear['now'], channel: string) =>
    all.filter((each) => each.channel === channel);
  const channels = CHANNEL_NAMES.filter((each) => of([...now, ...before], each).length > 0);
  const sum = (all: YearOnYear['now']) =>
    all.length === 0 ? null : all.reduce((total, each) => total + each.encounters, 0);
  const monthsOf = ([only]: readonly ChannelYear[]) => only?.months.length ?? null;
  const partOf = (months: number | null) =>
    months === null || months === found.months
      ? null
      : t('figures.year.part', { months, of: found.months });
  const row = (name: string, one: YearOnYear['now'], other: YearOnYear['now']) => {
    const figures = [count(sum(one)), count(sum(other))];
    const value = isLikeForLike(one, other) ? growth(sum(one) ?? 0, sum(other) ?? 0) : null;
    return { name, figures, growth: { how: 'growth' as const, value } };
  };
  const rows = channels.map((each) => {
    const years = [of(now, each), of(before, each)] as const;
    const { name, figures, growth } = row(channelName(visit, each), ...years);
    const months = years.map(monthsOf);
    const noted = figures.map((figure, at) => ({ ...figure, note: partOf(months[at] ?? null) }));
    return { name, figures: [...noted, ...months.map(count), growth] };
  });
  const all = row(t('figures.all'), now, before);
  return {
    caption: t('figures.table.year', { year, before: year - 1 }),
    heads: [
      t('figures.head.channel'),
      ...[year, year - 1].map(String),
      ...[year, year - 1].map((each) => t('figures.measure.months', { year: each })),
      t('figures.measure.growth'),
    ],
    rows: [
      ...rows,
      { name: all.name, figures: [...all.figures, count(null), count(null), all.growth] },
    ],
  };
}

/** Returns the number formats of this person. */
export const numbersOf = ({ t }: DeskVisit): Numbers => numbersIn(t.language);
