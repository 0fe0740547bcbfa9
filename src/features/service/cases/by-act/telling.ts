import type { Unit } from '../../../foundation/audit/service.ts';
import { addressOf } from '../../../foundation/notices/rules.ts';
import { applicantOf } from '../applicant.ts';
import type { CasesDeps } from '../keeping.ts';
import { tellApplicant } from '../telling.ts';
import type { CaseRow } from '../types.ts';
import { readCasesOf } from '../views.ts';

/** The most cases, the newest first, whose address is told. */
const MOST = 50;

/**
 * Tells a person that an official handed in a case for them, at each address that the office knows from what they handed in themselves: an official
 * who made it up does not do so in silence. What an official typed is no address of theirs.
 */
export async function tellPerson(
  { keyring }: Pick<CasesDeps, 'keyring'>,
  unit: Unit,
  { id, person }: { id: string; person: string },
): Promise<void> {
  const told = new Set<string>();
  for (const row of await readCasesOf(unit.tx, person, MOST)) {
    if (row.id === id || !isByThemselves(row, person)) continue;
    const who = await applicantOf(keyring, unit.tx, row);
    const to = who && addressOf(who)?.recipient;
    if (!to || told.has(to)) continue;
    told.add(to);
    await tellApplicant(keyring, unit, row, { news: 'by_act' });
  }
}

/** Returns whether a person handed a case in by themselves, alone. */
const isByThemselves = (
  { handedInAt, handedInBy, encounter, representation, person: of }: CaseRow,
  person: string,
): boolean =>
  handedInAt !== null &&
  of === person &&
  handedInBy === null &&
  encounter === null &&
  representation === null;
