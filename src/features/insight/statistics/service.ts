import { randomInt } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import { type Clock, withoutJumps } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import type { KeyVersion, PurposeKey } from '../../../lib/secrets.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import { record } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { judgeComment } from '../../service/survey/service.ts';
import { readComments } from './comments/views.ts';
import { rollUp } from './jobs.ts';
import { readMonth, readUnpublished } from './months/views.ts';
import {
  comparedMonths,
  FEWEST,
  hasAllCalls,
  isWholeMonth,
  maySeeFigures,
  opinionOf,
  publishMonth,
  type ReadImport,
  readImport,
  settledUntil,
  untilToday,
} from './rules.ts';
import { insertMonth, keepOther, lockMark } from './store.ts';
import type {
  Edition,
  Figures,
  OpenComment,
  OpenRow,
  OtherFigure,
  Span,
  YearOnYear,
} from './types.ts';
import {
  readCalls,
  readChannels,
  readCounts,
  readEdition,
  readHours,
  readItems,
  readOpen,
  readOpenLatest,
  readOpinions,
  readOther,
} from './views.ts';

/** What an import would change: each figure with the one that there is. */
export type Preview = (OtherFigure & { before: number | null })[];

/** What it all adds up to: for who coordinates, and for everybody. */
export interface Statistics {
  /** Makes figures of what happened since the last time, and publishes months that are settled. @throws ClockJumped */
  pass(): Promise<void>;
  /** null: not theirs to see. */
  figures(viewer: StaffViewer, office: Office, span: Span): Promise<Figures | null>;
  /** Encounters by channel of a year's months that are over, beside the same months of the year before. */
  yearOnYear(viewer: StaffViewer, office: Office, year: number): Promise<YearOnYear | null>;
  /** Reads figures of other channels, and keeps them where they are `kept`, on record. */
  importOther(
    viewer: StaffViewer,
    office: Office,
    text: string,
    isKept: boolean,
  ): Promise<(ReadImport & { ok: false }) | { ok: true; preview: Preview } | null>;
  /** Open comments, those too that nobody has looked at, on record; null: not theirs to see. */
  comments(viewer: StaffViewer, office: Office): Promise<OpenComment[] | null>;
  /** Lets a comment be shown, or not, on record. `of`, `comment`: as they were read. */
  judge(
    viewer: StaffViewer,
    office: Office,
    on: { of: string; comment: string; passed: boolean },
  ): Promise<boolean>;
  /** What is published; null: nothing yet. */
  edition(office: Office): Promise<Edition | null>;
  /** Everything that is published. */
  open(office: Office): Promise<OpenRow[]>;
  /** Of the last months, what is of everything together. */
  openLatest(office: Office, months: number): Promise<OpenRow[]>;
  /** Comments that may be shown to everybody, as they were a minute ago at most; what is judged in this process counts at once. */
  openComments(office: Office): Promise<string[]>;
}

/** What everybody may ask for is read this often at most, since all of it is sorted. */
const KEPT_SECONDS = 60;

/** Returns the name of a comment, which does not tell whose it is. */
const nameOf = (by: KeyVersion, appointment: string): string => by.derive(`comment ${appointment}`);

export function createStatistics(deps: {
  db: Db;
  clock: Clock;
  offices: Offices;
  /** Makes the names by which comments are chosen. */
  key: PurposeKey;
}): Statistics {
  const { db, clock } = deps;
  // A clock that jumped ahead mustn't publish months that aren't over: nothing takes them back.
  const steady = withoutJumps(clock);
  const today = (office: Office) => clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate();
  const isTheirs = (viewer: StaffViewer, office: Office) =>
    maySeeFigures(viewer) && viewer.office === office.id;
  /** In no order that tells when they were written, or by whom. */
  const commentsOf = async (tx: Tx, office: Office, which: 'passed' | 'all') => {
    const { id, timeZone } = office;
    const before = settledUntil(today(office));
    const rows = await readComments(tx, { office: id, timeZone, before, fewest: FEWEST }, which);
    const found = rows.map((row) => ({
      ...row,
      of: nameOf(deps.key, row.appointment),
    }));
    return found.sort((a, b) => (a.of < b.of ? -1 : 1));
  };

  // The reading itself is kept: who asks meanwhile waits for the same.
  const kept = new Map<number, { at: Temporal.Instant; comments: Promise<string[]> }>();
  const openComments = (office: Office): Promise<string[]> => {
    const at = clock.now();
    const known = kept.get(office.id);
    const age = known ? at.since(known.at).total('seconds') : KEPT_SECONDS;
    if (known && age >= 0 && age < KEPT_SECONDS) return known.comments;
    const reading = {
      at,
      comments: within(db, office.id, async (tx) =>
        (await commentsOf(tx, office, 'passed')).map((each) => each.comment),
      ),
    };
    kept.set(office.id, reading);
    reading.comments.catch(() => {
      if (kept.get(office.id) === reading) kept.delete(office.id);
    });
    return reading.comments;
  };

  return {
    async pass() {
      steady();
      const failures: unknown[] = [];
      for (const office of await deps.offices.list())
        await rollUp(deps, office.id)
          .then(() => publishSettled(db, office, today(office), clock.now()))
          .catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
    },

    async figures(viewer, office, asked) {
      if (!isTheirs(viewer, office)) return null;
      const span = untilToday(asked, today(office));
      const [from, before] = [
        span.from.with({ day: 1 }),
        span.to.with({ day: 1 }).add({ months: 1 }),
      ];
      const settled = settledUntil(today(office));
      const until = Temporal.PlainDate.compare(before, settled) < 0 ? before : settled;
      const comments = await openComments(office);
      return within(db, office.id, async (tx) => {
        const { total, by } = await readCounts(tx, office.id, span);
        const isPart = (month: string) => !isWholeMonth(month, span, today(office));
        return {
          ...{ total, by, notWhole: by.month.map(({ key }) => key).filter(isPart) },
          hours: await readHours(tx, office.id, span),
          items: await readItems(tx, office.id, span),
          calls: hasAllCalls(span) ? await readCalls(tx, office.id, span) : null,
          opinion: opinionOf(
            await readOpinions(tx, office.id, from, until),
            from.until(before, { largestUnit: 'months' }).months,
          ),
          comments,
        };
      });
    },

    async yearOnYear(viewer, office, year) {
      if (!isTheirs(viewer, office)) return null;
      const months = comparedMonths(year, today(office));
      return within(db, office.id, async (tx) => {
        const of = (which: number) => {
          const from = Temporal.PlainDate.from({ year: which, month: 1, day: 1 });
          return readChannels(tx, office.id, from, from.add({ months }));
        };
        return { year, months, now: await of(year), before: await of(year - 1) };
      });
    },

    async importOther(viewer, office, text, isKept) {
      if (!isTheirs(viewer, office)) return null;
      const read = readImport(text, today(office));
      if (!read.ok) return read;
      return within(db, office.id, async (tx) => {
        const months = [...new Set(read.figures.map((each) => each.month))];
        const there = await readOther(tx, office.id, months);
        const preview = read.figures.map((each) => ({
          ...each,
          before:
            there.find(({ month, channel }) => month === each.month && channel === each.channel)
              ?.encounters ?? null,
        }));
        if (isKept) await keepImport(tx, viewer, office.id, preview, clock.now());
        return { ok: true, preview };
      });
    },

    async comments(viewer, office) {
      if (!isTheirs(viewer, office)) return null;
      return within(db, office.id, async (tx) => {
        const found = await commentsOf(tx, office, 'all');
        const data = { count: found.length };
        if (found.length > 0)
          await record(tx, {
            ...{ viewer, office: office.id, action: 'comments_read', now: clock.now(), data },
          });
        return found.map(({ appointment: _, ...each }) => each);
      });
    },

    async judge(viewer, office, { of, comment, passed }) {
      if (!isTheirs(viewer, office)) return false;
      const isJudged = await within(db, office.id, async (tx) => {
        const found = (await commentsOf(tx, office, 'all')).find((each) =>
          deps.key.live().some((by) => nameOf(by, each.appointment) === of),
        );
        if (!found || !(await judgeComment(tx, found.appointment, comment, passed))) return false;
        const action = passed ? 'comment_passed' : 'comment_kept_back';
        // Without its appointment, which would tell whose it is.
        await record(tx, { viewer, office: office.id, action, now: clock.now() });
        return true;
      });
      kept.delete(office.id);
      return isJudged;
    },

    edition: (office) => within(db, office.id, (tx) => readEdition(tx, office.id)),
    open: (office) => within(db, office.id, (tx) => readOpen(tx, office.id)),
    openLatest: (office, months) =>
      within(db, office.id, (tx) => readOpenLatest(tx, office.id, months)),
    openComments,
  };
}

/** Keeps what was imported and records each figure that changes, as it was and as it is. */
async function keepImport(
  tx: Tx,
  viewer: StaffViewer,
  office: number,
  preview: Preview,
  now: Temporal.Instant,
): Promise<void> {
  const changes = preview.flatMap(({ month, channel, before, encounters: after }) =>
    before === after ? [] : [{ month, channel, before, after }],
  );
  if (changes.length === 0) return;
  const figures = preview.map(({ before: _, ...each }) => each);
  await keepOther(tx, office, figures, { actor: actorOf(viewer), now });
  await record(tx, { viewer, office, action: 'figures_imported', now, data: { changes } });
}

/** Publishes the months that are settled and weren't published, one after the other; of several processes too. */
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
      const counts = await readMonth(tx, office.id, Temporal.PlainDate.from(month), codeOf);
      const rows = publishMonth(counts, randomInt).map(({ at, value }) => ({ ...at, value }));
      await insertMonth(tx, office.id, month, rows, now);
      return false;
    });
}
