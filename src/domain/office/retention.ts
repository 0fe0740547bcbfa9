import type { OfficeSettings } from './types.ts';

/** The periods after which personal data of an office is destroyed. */
export type Retention = OfficeSettings['retention'];
export type Period = keyof Retention;

/** The settings that decide when data is destroyed: the periods, and the time zone in which their days and months end. */
export type Periods = Pick<OfficeSettings, 'timeZone' | 'retention'>;

/** A period that becomes shorter: older data is destroyed within a minute. */
export interface Shorter {
  period: Period;
  from: number;
  to: number;
}

const PERIODS: readonly Period[] = [
  'documentsHours',
  'contactDays',
  'notesDays',
  'evidenceDays',
  'paymentDays',
];

/** Returns the periods that become shorter. */
export const shorterPeriods = (before: Retention, after: Retention): Shorter[] =>
  PERIODS.map((period) => ({ period, from: before[period], to: after[period] })).filter(
    ({ from, to }) => to < from,
  );

/** Returns the local day before which the reasons of ended absences are no longer kept (`retention`). */
export const reasonsKeptFrom = ({ timeZone, retention }: Periods, now: Temporal.Instant): string =>
  now
    .subtract({ hours: 24 * retention.contactDays })
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
