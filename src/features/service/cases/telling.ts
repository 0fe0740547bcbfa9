import type { Unit } from '../../foundation/audit/service.ts';
import { noticesOfCase } from '../../foundation/notices/rules.ts';
import { oweNotices } from '../../foundation/notices/service.ts';
import type { CaseNews } from '../../foundation/notices/types.ts';
import type { Keyring } from '../documents/service.ts';
import { applicantOf } from './applicant.ts';
import type { CaseRow } from './types.ts';

/** Tells whoever handed a case in that something is in it. Returns whether there is an address of theirs. */
export async function tellApplicant(
  keys: Pick<Keyring, 'shelf'>,
  unit: Unit,
  row: CaseRow,
  on: { news: CaseNews; until?: Temporal.PlainDate },
): Promise<boolean> {
  const { news, until } = on;
  const who = await applicantOf(keys, unit.tx, row);
  if (!who) return false;
  const { id, link, reference, language } = row;
  const notices = noticesOfCase(
    { id, link, reference, language },
    { email: who.email, phone: who.phone },
    unit.now,
    { news, ...(until && { until: until.toString() }) },
  );
  await oweNotices(unit, { office: unit.office, appointment: null, case: id }, notices);
  return notices.length > 0;
}
