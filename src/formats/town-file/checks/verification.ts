import type { Tellers } from '../reading/references.ts';
import type { Spot } from '../reading/spot.ts';
import { nameOf } from '../reading/words.ts';

/** Five years, with the largest number of leap days. */
const FIVE_YEARS_DAYS = 5 * 365 + 2;
/** Checks the duties of an office that gives verification codes to the people who verify them (RD 203/2021, art. 21). */
export function checkVerification(office: Spot, tellers: Tellers): void {
  const verification = office.get('verification');
  const hasResults = ['asked', 'usual'].includes(verification.get('codes').text() ?? '');
  // The copy of a consent always carries a code, even when results carry none.
  if (hasResults || office.get('acts').entries().length > 0) checkYears(office, tellers);
  if (hasResults) checkExport(office, tellers);
}

function checkYears(office: Spot, { warning }: Tellers): void {
  const written = office.get('retention').get('evidenceDays');
  const days = written.number();
  if (days === undefined || days >= FIVE_YEARS_DAYS) return;
  warning(
    written.path,
    `${nameOf(office.path)} gives verification codes but keeps their documents for ${days} days (retention: evidenceDays): five years, which are ${FIVE_YEARS_DAYS} days, is the State's rule (RD 203/2021, art. 21).`,
    'value',
  );
}

function checkExport(office: Spot, { warning }: Tellers): void {
  const verification = office.get('verification');
  const missing = [
    ...(office.get('dir3').exists() ? [] : ['dir3']),
    ...(verification.get('regulation').exists() ? [] : ['verification: regulation']),
  ];
  if (missing.length > 0) {
    warning(
      verification.path,
      `${nameOf(office.path)} gives verification codes, but its documents can't be exported for other public offices (ENI) without ${missing.join(' and ')}.`,
      'key',
    );
  }
}
