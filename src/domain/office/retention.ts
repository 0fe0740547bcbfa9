import type { OfficeSettings } from './types.ts';

/** After how long what an office keeps of people is destroyed. */
export type Retention = OfficeSettings['retention'];
export type Period = keyof Retention;

/** What says when something is destroyed: the periods, and the zone in whose days and months they end. */
export type Periods = Pick<OfficeSettings, 'timeZone' | 'retention'>;

/** A period that ends sooner: what is older by then is destroyed within a minute. */
export interface Shorter {
  period: Period;
  from: number;
  to: number;
}

const PERIODS: readonly Period[] = ['documentsHours', 'contactDays', 'notesDays', 'evidenceDays'];

/** Which periods become shorter. */
export const shorterPeriods = (before: Retention, after: Retention): Shorter[] =>
  PERIODS.map((period) => ({ period, from: before[period], to: after[period] })).filter(
    ({ from, to }) => to < from,
  );

/** The local day: why desks were away that were back before it is known no longer (`retention`). */
export const reasonsKeptFrom = ({ timeZone, retention }: Periods, now: Temporal.Instant): string =>
  now
    .subtract({ hours: 24 * retention.contactDays })
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
