import type { Office } from '../../../../domain/office/types.ts';
import type { Clock } from '../../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../../lib/db/database.ts';
import type { KeyVersion, PurposeKey } from '../../../../lib/secrets.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { RunUnit } from '../../../foundation/audit/service.ts';
import { judgeComment } from '../../../service/survey/service.ts';
import { FEWEST, settledUntil } from '../rules.ts';
import type { OpenComment } from '../types.ts';
import { readComments } from './views.ts';

/** Cache time of public comments, since a read sorts them all. */
const KEPT_SECONDS = 60;

/** Returns the id of a comment, which doesn't reveal its author. */
const nameOf = (by: KeyVersion, answer: number): string => by.derive(`comment ${answer}`);

export interface CommentsDeps {
  db: Db;
  clock: Clock;
  /** The key of the comments' ids. */
  key: PurposeKey;
  unit: RunUnit;
}

/** Survey comments that may be published. */
export function createComments({ db, clock, key, unit }: CommentsDeps) {
  const today = (office: Office) => clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate();
  const read = (tx: Tx, office: Office, which: 'passed' | 'all') =>
    readNamed(tx, key, office, today(office), which);

  // The promise is cached, so that concurrent requests share it.
  const kept = new Map<number, { at: Temporal.Instant; comments: Promise<string[]> }>();

  return {
    /** Returns the public comments, at most a minute old. */
    open(office: Office): Promise<string[]> {
      const at = clock.now();
      const known = kept.get(office.id);
      const age = known ? at.since(known.at).total('seconds') : KEPT_SECONDS;
      if (known && age >= 0 && age < KEPT_SECONDS) return known.comments;
      const comments = within(db, office.id, async (tx) =>
        (await read(tx, office, 'passed')).map((each) => each.comment),
      );
      const reading = { at, comments };
      kept.set(office.id, reading);
      comments.catch(() => {
        if (kept.get(office.id) === reading) kept.delete(office.id);
      });
      return comments;
    },

    /** Returns all of them, recorded on the audit trail. */
    all: (viewer: StaffViewer, office: Office): Promise<OpenComment[]> =>
      unit(viewer, office.id, async ({ tx, record }) => {
        const found = await read(tx, office, 'all');
        if (found.length > 0) await record('comments_read', { data: { count: found.length } });
        return found.map(({ answer: _, ...each }) => each);
      }),

    /** Allows or forbids the publication of a comment, recorded. Returns false when there is no such comment. */
    async judge(
      viewer: StaffViewer,
      office: Office,
      { of, comment, passed }: { of: string; comment: string; passed: boolean },
    ): Promise<boolean> {
      const isJudged = await unit(viewer, office.id, async (each) => {
        const { tx, record } = each;
        const found = (await read(tx, office, 'all')).find(({ answer }) =>
          key.live().some((by) => nameOf(by, answer) === of),
        );
        if (!found || !(await judgeComment(each, found.answer, comment, passed))) return false;
        // Without its appointment, which would identify the citizen.
        await record(passed ? 'comment_passed' : 'comment_kept_back');
        return true;
      });
      kept.delete(office.id);
      return isJudged;
    },
  };
}

/** Sorts in an order that doesn't reveal time or author. */
async function readNamed(
  tx: Tx,
  key: PurposeKey,
  { id, timeZone }: Office,
  today: Temporal.PlainDate,
  which: 'passed' | 'all',
) {
  const before = settledUntil(today);
  const rows = await readComments(tx, { office: id, timeZone, before, fewest: FEWEST }, which);
  const found = rows.map((row) => ({ ...row, of: nameOf(key, row.answer) }));
  return found.sort((a, b) => (a.of < b.of ? -1 : 1));
}
