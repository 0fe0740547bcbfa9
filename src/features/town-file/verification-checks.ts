import type { Tellers } from './references.ts';
import type { Spot } from './spot.ts';
import { nameOf } from './words.ts';

/** Five years, with as many leap days as they may have. */
const FIVE_YEARS_DAYS = 5 * 365 + 2;
/** What the schema has where nothing is written. */
const DEFAULT_EVIDENCE_DAYS = 1825;

/** What a body that gives verification codes owes to who will type them (RD 203/2021, art. 21). */
export function checkVerification(body: Spot, { warning }: Tellers): void {
  const verification = body.get('verification');
  if (!['asked', 'usual'].includes(verification.get('codes').text() ?? '')) return;
  const name = nameOf(body.path);
  const written = body.get('retention').get('evidenceDays');
  const days = written.exists() ? written.number() : DEFAULT_EVIDENCE_DAYS;
  if (days !== undefined && days < FIVE_YEARS_DAYS) {
    warning(
      written.exists() ? written.path : verification.path,
      `${name} gives verification codes but keeps their documents for ${days} days (retention: evidenceDays): five years, which are ${FIVE_YEARS_DAYS} days, is the State's rule (RD 203/2021, art. 21).`,
      written.exists() ? 'value' : 'key',
    );
  }
  const missing = [
    ...(body.get('dir3').exists() ? [] : ['dir3']),
    ...(verification.get('regulation').exists() ? [] : ['verification: regulation']),
  ];
  if (missing.length > 0) {
    warning(
      verification.path,
      `${name} gives verification codes, but its documents can't be exported for other public bodies (ENI) without ${missing.join(' and ')}.`,
      'key',
    );
  }
}
