import { randomUUID } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { lockAppointment } from '../../booking/appointments/service.ts';
import { mayCoordinate } from '../../service/coordination/rules.ts';
import { findEncounter } from '../../service/encounter/views.ts';
import { FEWEST, settledUntil } from '../statistics/rules.ts';
import { readReport } from './reading.ts';
import { wordOfCall } from './rules.ts';
import { keepReport } from './store.ts';
import type { HowCallsGo, Period, QualityReport, Reporter, ReportResult } from './types.ts';
import { readBad, readCall, readHeard, readPhone, readReporter, readVideo } from './views.ts';

/** The quality of calls: browsers' measurements and their statistics. */
export interface CallQuality {
  /** Stores a page's report, `text`, in place of its earlier report of the same connection. */
  report(by: Reporter, text: string): Promise<ReportResult>;
  /** Returns the figures of the last weeks or months; null for viewers without permission. */
  figures(viewer: StaffViewer, office: Office, by: Period): Promise<HowCallsGo | null>;
}

/** Maximum per appointment: four people who each reconnect a few times. */
const MOST_REPORTS = 100;
/** How far back figures go, unless their data is destroyed before. */
const BACK: Record<Period, number> = { week: 12, month: 12 };
const MOST_BAD = 20;

/** `reading`: where figures are read; `db` by default. */
export function createCallQuality({
  db,
  reading = db,
  clock,
}: {
  db: Db;
  reading?: Db;
  clock: Clock;
}): CallQuality {
  return {
    async report(by, text) {
      const report = readReport(text);
      if (!report || !canSee(by, report)) return { ok: false, reason: 'invalid' };
      return within(db, by.office, async (tx) => {
        // Sequential, since the first report of a call creates its id for all.
        if (!(await lockAppointment(tx, by.appointment))) return { ok: false, reason: 'not_found' };
        const encounter = await findEncounter(tx, by.appointment);
        if (!encounter) return { ok: false, reason: 'not_found' };
        const known = await readCall(tx, encounter);
        const before = await readReporter(tx, report.id);
        if (before && (before.encounter !== encounter || before.side !== by.side))
          return { ok: false, reason: 'not_found' };
        if (!before && (known?.reports ?? 0) >= MOST_REPORTS)
          return { ok: false, reason: 'too_often' };
        const call = known?.call ?? randomUUID();
        const from = { office: by.office, side: by.side, encounter, call };
        await keepReport(tx, from, report, wordOfCall(report), clock.now());
        return { ok: true };
      });
    },

    async figures(viewer, office, by) {
      if (!mayCoordinate(viewer) || viewer.office !== office.id) return null;
      const { timeZone } = office;
      const today = clock.now().toZonedDateTimeISO(timeZone).toPlainDate();
      const first =
        by === 'week'
          ? today.subtract({ days: today.dayOfWeek - 1, weeks: BACK.week })
          : today.with({ day: 1 }).subtract({ months: BACK.month });
      const span = {
        office: office.id,
        from: first.toZonedDateTime(timeZone).toInstant(),
        by,
        timeZone,
      };
      const settled = settledUntil(today);
      const whole = { from: settled.subtract({ months: BACK.month }), before: settled };
      return within(reading, office.id, async (tx) => ({
        video: await readVideo(tx, span),
        phone: await readPhone(tx, span),
        heard: await readHeard(tx, { office: office.id, timeZone, fewest: FEWEST, ...whole }),
        bad: await readBad(tx, span, MOST_BAD),
      }));
    },
  };
}

/** Returns whether the report's direction is possible: people don't receive their own picture; there may be several companions. */
const canSee = ({ side }: Reporter, { from }: QualityReport): boolean =>
  side !== from || side === 'companion';
