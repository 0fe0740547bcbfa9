import { randomInt } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import { type Clock, withoutJumps } from '../../../lib/clock.ts';
import { type Db, ofOneMoment, type Tx, within } from '../../../lib/db/database.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { readChatCounts } from './chats/views.ts';
import { createComments } from './comments/service.ts';
import { readFirstHandedIn, readHandedIn } from './handed-in/views.ts';
import { rollUp } from './jobs.ts';
import { readMonth, readUnpublished } from './months/views.ts';
import { createOpenRequests, type OpenRequests, publishRequests } from './requests/service.ts';
import {
  comparedMonths,
  hasAllCalls,
  isWholeMonth,
  maySeeFigures,
  monthsSince,
  onlineYear,
  opinionOf,
  publishMonth,
  type ReadImport,
  readImport,
  settledUntil,
  untilToday,
} from './rules.ts';
import { createSheets, type Sheets } from './sheet/service.ts';
import { insertMonth, keepOther, lockMark } from './store.ts';
import type {
  ChatGroup,
  Edition,
  Figures,
  OpenComment,
  OpenRow,
  OtherFigure,
  PublishedFigures,
  Span,
  YearOnYear,
} from './types.ts';
import {
  readCalls,
  readCounts,
  readEdition,
  readHours,
  readItems,
  readOpen,
  readOpenLatest,
  readOpinions,
  readOther,
  readOtherChannels,
  readOwnChannels,
} from './views.ts';

/** The changes of an import: each figure with the present one. */
export type Preview = (OtherFigure & { before: number | null })[];

/** The statistics for coordinators and for the public. */
export interface Statistics extends OpenRequests, Sheets {
  /** Updates the figures since the last run, and publishes settled months. @throws ClockJumped */
  pass(): Promise<void>;
  /** While something still writes the past, nothing is published in this process: a publication can't be withdrawn. */
  holdPublication(isHeld: boolean): void;
  /** Returns null for viewers without permission. */
  figures(viewer: StaffViewer, office: Office, span: Span): Promise<Figures | null>;
  /** Returns conversations in writing of a span, by topic and by hour of the day. Null for viewers without permission. */
  chats(
    viewer: StaffViewer,
    office: Office,
    span: Span,
  ): Promise<Record<'topic' | 'hour', ChatGroup[]> | null>;
  /** Returns encounters by channel of a year's past months, beside the same months of the year before. */
  yearOnYear(viewer: StaffViewer, office: Office, year: number): Promise<YearOnYear | null>;
  /** Reads figures of other channels, and stores them when `kept`, recorded. */
  importOther(
    viewer: StaffViewer,
    office: Office,
    text: string,
    isKept: boolean,
  ): Promise<(ReadImport & { ok: false }) | { ok: true; preview: Preview } | null>;
  /** Returns the open comments, including undecided ones, recorded; null for viewers without permission. */
  comments(viewer: StaffViewer, office: Office): Promise<OpenComment[] | null>;
  /** Allows or forbids the publication of a comment, recorded. `of`, `comment`: the values that were read. */
  judge(
    viewer: StaffViewer,
    office: Office,
    on: { of: string; comment: string; passed: boolean },
  ): Promise<boolean>;
  /** Returns the published summary; null: nothing yet. */
  edition(office: Office): Promise<Edition | null>;
  /** Returns all published figures with their summary. */
  open(office: Office): Promise<PublishedFigures<OpenRow>>;
  /** Returns the totals of the last months. */
  openLatest(office: Office, months: number): Promise<OpenRow[]>;
  /** Returns public comments, at most a minute old; decisions in this process take effect at once. */
  openComments(office: Office): Promise<string[]>;
}

export interface StatisticsDeps {
  db: Db;
  /** Where figures are read; `db` by default. */
  reading?: Db;
  clock: Clock;
  offices: Offices;
  /** The key of the comments' ids. */
  key: PurposeKey;
  unit: RunUnit;
}

interface Months {
  year: number;
  /** How many of them, from January. */
  months: number;
}

const spanOf = ({ year, months }: Months) => {
  const from = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  return { from, before: from.add({ months }) };
};

async function readYears(
  { db, reading = db }: Pick<StatisticsDeps, 'db' | 'reading'>,
  office: Office,
  months: Months,
): Promise<YearOnYear> {
  const lastYear = { ...months, year: months.year - 1 };
  // Whoever imported figures looks for them at once: a standby may not have them yet.
  const imported = await within(db, office.id, async (tx) => ({
    now: await readOtherChannels(tx, office.id, spanOf(months)),
    before: await readOtherChannels(tx, office.id, spanOf(lastYear)),
  }));
  return within(reading, office.id, async (tx) => {
    const first = await readFirstHandedIn(tx, office);
    const ours = await readOwnChannels(tx, office.id, {
      now: spanOf(months),
      before: spanOf(lastYear),
    });
    const of = async (which: Months, when: 'now' | 'before') => {
      const handedIn = await readHandedIn(tx, office, spanOf(which));
      const online = onlineYear(handedIn, first, which);
      const own = ours.map((each) => ({
        channel: each.channel,
        encounters: each[when],
        months: monthsSince(each.begun, which),
      }));
      const channels = [...own.filter((each) => each.months.length > 0), ...imported[when]].sort(
        (a, b) => (a.channel < b.channel ? -1 : 1),
      );
      return { handedIn, channels: online ? [...channels, online] : channels };
    };
    const now = await of(months, 'now');
    const before = await of(lastYear, 'before');
    return {
      ...{ ...months, now: now.channels, before: before.channels },
      handedIn: { now: now.handedIn, before: before.handedIn },
    };
  });
}

export function createStatistics(deps: StatisticsDeps): Statistics {
  const { db, reading = db, clock, key, unit } = deps;
  const today = (office: Office) => clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate();
  const comments = createComments({ db, clock, key, unit });

  return {
    ...createOpenRequests({ db: reading, clock }),
    ...createSheets({ db: reading, clock }),

    ...createPassing(deps),

    async figures(viewer, office, asked) {
      if (!isTheirs(viewer, office)) return null;
      const open = await comments.open(office);
      return within(reading, office.id, (tx) =>
        readFigures(tx, office, asked, today(office), open),
      );
    },

    async chats(viewer, office, asked) {
      if (!isTheirs(viewer, office)) return null;
      const span = untilToday(asked, today(office));
      return within(reading, office.id, (tx) => readChatCounts(tx, office, span));
    },

    async yearOnYear(viewer, office, year) {
      if (!isTheirs(viewer, office)) return null;
      return readYears(deps, office, { year, months: comparedMonths(year, today(office)) });
    },

    async importOther(viewer, office, text, isKept) {
      if (!isTheirs(viewer, office)) return null;
      const read = readImport(text, today(office));
      if (!read.ok) return read;
      return unit(viewer, office.id, async (each) => {
        const preview = await previewOf(each.tx, office.id, read.figures);
        if (isKept) await keepImport(each, preview);
        return { ok: true, preview };
      });
    },

    comments: async (viewer, office) =>
      isTheirs(viewer, office) ? comments.all(viewer, office) : null,
    judge: async (viewer, office, on) =>
      isTheirs(viewer, office) ? comments.judge(viewer, office, on) : false,
    edition: (office) => within(reading, office.id, (tx) => readEdition(tx, office.id)),
    open: (office) =>
      ofOneMoment(reading, office.id, async (tx) => ({
        edition: await readEdition(tx, office.id),
        rows: await readOpen(tx, office.id),
      })),
    openLatest: (office, months) =>
      within(reading, office.id, (tx) => readOpenLatest(tx, office.id, months)),
    openComments: comments.open,
  };
}

function createPassing(deps: StatisticsDeps): Pick<Statistics, 'pass' | 'holdPublication'> {
  const { clock } = deps;
  // A clock that jumped ahead must not publish unfinished months: a publication can't be withdrawn.
  const steady = withoutJumps(clock);
  let isHeld = false;
  const publish = async (office: Office) => {
    const now = clock.now();
    const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
    if (!isHeld) await publishAll(deps, office, today, now);
  };
  return {
    async pass() {
      steady();
      const failures: unknown[] = [];
      for (const office of await deps.offices.list())
        await rollUp(deps, office.id)
          .then(() => publish(office))
          .catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
    },
    holdPublication: (held) => {
      isHeld = held;
    },
  };
}

const isTheirs = (viewer: StaffViewer, office: Office): boolean =>
  maySeeFigures(viewer) && viewer.office === office.id;

async function readFigures(
  tx: Tx,
  office: Office,
  asked: Span,
  today: Temporal.PlainDate,
  comments: string[],
): Promise<Figures> {
  const span = untilToday(asked, today);
  const from = span.from.with({ day: 1 });
  const before = span.to.with({ day: 1 }).add({ months: 1 });
  const settled = settledUntil(today);
  const until = Temporal.PlainDate.compare(before, settled) < 0 ? before : settled;
  const { total, by } = await readCounts(tx, office.id, span);
  const isPart = (month: string) => !isWholeMonth(month, span, today);
  return {
    total,
    by,
    notWhole: by.month.map(({ key }) => key).filter(isPart),
    hours: await readHours(tx, office.id, span),
    items: await readItems(tx, office.id, span),
    calls: hasAllCalls(span) ? await readCalls(tx, office.id, span) : null,
    opinion: opinionOf(
      await readOpinions(tx, office.id, { from, before: until }, 'all'),
      from.until(before, { largestUnit: 'months' }).months,
    ),
    comments,
  };
}

/** Returns the figures of an import, each with the present one. */
async function previewOf(
  tx: Tx,
  office: number,
  figures: readonly OtherFigure[],
): Promise<Preview> {
  const months = [...new Set(figures.map((each) => each.month))];
  const there = await readOther(tx, office, months);
  return figures.map((figure) => ({
    ...figure,
    before:
      there.find(({ month, channel }) => month === figure.month && channel === figure.channel)
        ?.encounters ?? null,
  }));
}

/** Stores an import and records each changed figure, with its old and new value. */
async function keepImport(
  { tx, viewer, office, now, record }: Unit,
  preview: Preview,
): Promise<void> {
  const changes = preview.flatMap(({ month, channel, before, encounters: after }) =>
    before === after ? [] : [{ month, channel, before, after }],
  );
  if (changes.length === 0) return;
  const figures = preview.map(({ before: _, ...each }) => each);
  await keepOther(tx, office, figures, { actor: actorOf(viewer), now });
  await record('figures_imported', { data: { changes } });
}

/** Publishes settled months that aren't published yet, one after the other; safe in several processes. */
async function publishAll(
  deps: StatisticsDeps,
  office: Office,
  today: Temporal.PlainDate,
  now: Temporal.Instant,
): Promise<void> {
  await publishSettled(deps.db, office, today, now);
  await publishRequests(deps, office, today, now);
}

async function publishSettled(
  db: Db,
  office: Office,
  today: Temporal.PlainDate,
  now: Temporal.Instant,
): Promise<void> {
  const codeOf = (procedure: number) => office.procedure(procedure)?.code ?? String(procedure);
  for (let isDone = false; !isDone; )
    isDone = await within(db, office.id, async (tx) => {
      await lockMark(tx, office.id);
      const month = await readUnpublished(tx, office.id, settledUntil(today));
      if (month === null) return true;
      const first = Temporal.PlainDate.from(month);
      const span = { from: first, before: first.add({ months: 1 }) };
      const cases = (await readHandedIn(tx, office, span)).map((each) => ({
        isOnline: each.door === 'online',
        procedure: codeOf(each.procedure),
        cases: each.cases,
      }));
      const counts = { ...(await readMonth(tx, office.id, first, codeOf)), cases };
      const rows = publishMonth(counts, randomInt).map(({ at, value }) => ({ ...at, value }));
      await insertMonth(tx, office.id, month, rows, now);
      return false;
    });
}
