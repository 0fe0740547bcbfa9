import { randomInt } from 'node:crypto';
import type { Office } from '../../../../domain/office/types.ts';
import type { Clock } from '../../../../lib/clock.ts';
import { type Db, ofOneMoment, within } from '../../../../lib/db/database.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { Offices } from '../../../foundation/offices/service.ts';
import { maySeeFigures, opinionOf } from '../rules.ts';
import { lockMark } from '../store.ts';
import type { Edition, PublishedFigures, Span } from '../types.ts';
import { publishRequestMonth, requestFigures, wholeMonths } from './rules.ts';
import { insertRequestMonth } from './store.ts';
import type { OpenRequestRow, RequestFigures } from './types.ts';
import {
  readOpenRequests,
  readRequestEdition,
  readRequestMonth,
  readRequestOpinions,
  readRequestSums,
  readUnpublishedRequests,
} from './views.ts';

/** What everybody may know of an office's requests, by month. */
export interface OpenRequests {
  /** Returns the published summary; null: nothing yet. */
  requestEdition(office: Office): Promise<Edition | null>;
  /** Returns the figures of requests of a span of days; null: the viewer may not see figures, or the office takes no requests. */
  requests(
    viewer: StaffViewer,
    office: Office,
    span: Pick<Span, 'from' | 'to'>,
  ): Promise<RequestFigures | null>;
  /** Returns all published figures with their summary. */
  openRequests(office: Office): Promise<PublishedFigures<OpenRequestRow>>;
}

/** Days after which a month is published: a clock that was wrong for an hour changes nothing of it. */
const SETTLED_DAYS = 3;

export const createOpenRequests = ({ db, clock }: { db: Db; clock: Clock }): OpenRequests => ({
  requestEdition: (office) => within(db, office.id, (tx) => readRequestEdition(tx, office.id)),
  async requests(viewer, office, { from, to }) {
    const isTheirs = maySeeFigures(viewer) && viewer.office === office.id;
    if (!isTheirs || !office.settings.requests) return null;
    const before = to.add({ days: 1 });
    const months = wholeMonths(
      { from, before },
      clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate(),
    );
    return within(db, office.id, async (tx) => ({
      ...requestFigures(await readRequestSums(tx, office, { from, before })),
      opinion: opinionOf(
        await readRequestOpinions(tx, office, months),
        Math.max(0, months.from.until(months.before, { largestUnit: 'months' }).months),
      ),
    }));
  },
  openRequests: (office) =>
    ofOneMoment(db, office.id, async (tx) => ({
      edition: await readRequestEdition(tx, office.id),
      rows: await readOpenRequests(tx, office.id),
    })),
});

/** Publishes the months of an office that are over and were not published. What happened to requests doesn't change afterwards. */
export async function publishRequests(
  { db, offices }: { db: Db; offices: Pick<Offices, 'areas'> },
  office: Office,
  today: Temporal.PlainDate,
  now: Temporal.Instant,
): Promise<void> {
  const before = today.subtract({ days: SETTLED_DAYS }).with({ day: 1 });
  const areas = (await offices.areas()).map(({ code }) => code);
  const types = office.settings.requests?.types ?? [];
  const known = types.map(({ code, kind, public: isPublic }) => ({ code, kind, isPublic }));
  for (let isDone = false; !isDone; )
    isDone = await within(db, office.id, async (tx) => {
      // One process at a time; the mark is that of all figures.
      await lockMark(tx, office.id);
      const month = await readUnpublishedRequests(tx, office, before);
      if (month === null) return true;
      const from = Temporal.PlainDate.from(month);
      const rows = await readRequestMonth(tx, office, { from, before: from.add({ months: 1 }) });
      const published = publishRequestMonth({ rows, types: known, areas }, randomInt);
      await insertRequestMonth(tx, office.id, month, published, now);
      return false;
    });
}
