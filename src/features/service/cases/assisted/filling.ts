import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { mayAttend } from '../../encounter/rules.ts';
import type { Encounter } from '../../encounter/types.ts';
import { readEncounter } from '../../encounter/views.ts';
import type { Case } from '../types.ts';

/** Returns whether an encounter goes on. */
export const isUnderway = ({ endedAt, isForgotten }: Encounter): boolean =>
  !endedAt && !isForgotten;

/**
 * Returns whether a member of staff may see and type answers of a draft: while they serve its applicant in the encounter in which it was begun. What
 * somebody began on-line is theirs alone until they hand it in.
 */
export async function mayFillIn(
  { tx }: Pick<Unit, 'tx'>,
  viewer: StaffViewer,
  { encounter }: Pick<Case, 'encounter'>,
): Promise<boolean> {
  const found = encounter === null ? null : await readEncounter(tx, { encounter });
  return found !== null && isUnderway(found) && mayAttend(viewer, found);
}
