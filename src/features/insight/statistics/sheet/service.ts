import type { Office } from '../../../../domain/office/types.ts';
import type { Clock } from '../../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../../lib/db/database.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { requestFigures } from '../requests/rules.ts';
import { readRequestSums } from '../requests/views.ts';
import { readCounts, readOpinions } from '../views.ts';
import {
  maySeeMonth,
  opinionMonth,
  sheetCounts,
  sheetOpinion,
  sheetRequests,
  yearBefore,
} from './rules.ts';
import type { OfficeSheet, SheetDays } from './types.ts';
import { readFirstMonth } from './views.ts';

/** The month on one sheet. */
export interface Sheets {
  /** Returns the sums of the days of a month of an office, which name nobody; null for viewers without permission. */
  sheet(viewer: StaffViewer, office: Office, days: SheetDays): Promise<OfficeSheet | null>;
}

export const createSheets = ({ db, clock }: { db: Db; clock: Clock }): Sheets => ({
  async sheet(viewer, office, days) {
    if (!maySeeMonth(viewer) || viewer.office !== office.id) return null;
    const today = clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate();
    return within(db, office.id, (tx) => readSheet(tx, office, days, today));
  },
});

async function readSheet(
  tx: Tx,
  office: Office,
  days: SheetDays,
  today: Temporal.PlainDate,
): Promise<OfficeSheet> {
  const counts = async (span: Pick<SheetDays, 'from' | 'to'>) => {
    const all = { ...span, channel: null, procedure: null, language: null };
    const { total, by } = await readCounts(tx, office.id, all);
    return sheetCounts(total, by.channel);
  };
  const asked = opinionMonth(days.from, today);
  const whole = { from: asked, before: asked.add({ months: 1 }) };
  const requests = { from: days.from, before: days.to.add({ days: 1 }) };
  return {
    office: { code: office.code, name: office.name },
    now: await counts(days),
    before: await counts(yearBefore(days)),
    opinion: sheetOpinion(await readOpinions(tx, office.id, whole, 'all'), asked),
    requests: office.settings.requests
      ? sheetRequests(
          requestFigures(await readRequestSums(tx, office, requests)).type.map(
            (each) => each.counts,
          ),
        )
      : null,
    since: await readFirstMonth(tx, office.id),
  };
}
