import type { Unit } from '../../foundation/audit/service.ts';
import { noticesOfCase } from '../../foundation/notices/rules.ts';
import { dropPendingOfCase, oweNotices } from '../../foundation/notices/service.ts';
import type { CaseNews } from '../../foundation/notices/types.ts';
import type { Keyring } from '../documents/service.ts';
import { applicantOf } from './applicant.ts';
import type { CaseRow } from './types.ts';

/**
 * Tells whoever handed a case in that something is in it. `after`: how long it waits, in which the same news takes its place. Returns whether
 * there is an address of theirs.
 */
export async function tellApplicant(
  keys: Pick<Keyring, 'shelf'>,
  unit: Unit,
  row: CaseRow,
  on: { news: CaseNews; until?: Temporal.PlainDate; after?: Temporal.DurationLike },
): Promise<boolean> {
  const { news, until, after } = on;
  const who = await applicantOf(keys, unit.tx, row);
  if (!who) return false;
  const { id, link, reference, language } = row;
  const notices = noticesOfCase(
    { id, link, reference, language },
    { email: who.email, phone: who.phone },
    after ? unit.now.add(after) : unit.now,
    { news, ...(until && { until: until.toString() }) },
  );
  if (after) await dropPendingOfCase(unit, id, news);
  await oweNotices(unit, { office: unit.office, appointment: null, case: id }, notices);
  return notices.length > 0;
}
