import type { Reading } from '../../../lib/db/reading/reading.ts';
import type { Dates } from '../../../lib/i18n/dates.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Notice } from '../../../ui/parts.tsx';
import { csvOf } from '../../files/csv.ts';
import type { DeskVisit } from '../visit.tsx';

/** Says of which moment the figures are, where a copy of the database is behind. */
export function AsOf({ t, dates, reading }: { t: Translate; dates: Dates; reading: Reading }) {
  const moment = reading.momentToSay();
  return moment && <Notice kind="plain">{t('figures.asOf', { time: dates.time(moment) })}</Notice>;
}

/** Sends figures as a file. Its name ends with the moment of which they are, where a copy of the database is behind. */
export function sendFiguresFile(
  { c, office }: Pick<DeskVisit, 'c' | 'office'>,
  { momentToSay }: Pick<Reading, 'momentToSay'>,
  { name, rows }: { name: string; rows: readonly (readonly string[])[] },
): Response {
  const at = momentToSay()?.toZonedDateTimeISO(office.timeZone).toPlainDateTime();
  const asOf = at ? `-as-of-${at.toString({ smallestUnit: 'minute' }).replace(':', '')}` : '';
  c.header('Content-Disposition', `attachment; filename="${name}${asOf}.csv"`);
  c.header('Content-Type', 'text/csv; charset=utf-8');
  c.header('Cache-Control', 'no-store');
  return c.body(csvOf(rows));
}
