import type { Reading } from '../../../lib/db/reading/reading.ts';
import type { Dates } from '../../../lib/i18n/dates.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Notice } from '../../../ui/parts.tsx';

/** Says of which moment the figures are, where a copy of the database is behind. */
export function AsOf({ t, dates, reading }: { t: Translate; dates: Dates; reading: Reading }) {
  const moment = reading.momentToSay();
  return moment && <Notice kind="plain">{t('figures.asOf', { time: dates.time(moment) })}</Notice>;
}
