import { isEnough } from '../../../../domain/identity.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { ApplicantViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { isUnclaimed } from '../access.ts';
import { setPerson } from '../store.ts';
import { readCaseForUpdate } from '../views.ts';

/** Makes a draft that was begun for somebody the viewer's own. Returns whether it is theirs. */
export async function claim(unit: Unit<ApplicantViewer>, id: string): Promise<boolean> {
  const { tx, viewer, office, record } = unit;
  const row = isUuid(id) && viewer.case === id ? await readCaseForUpdate(tx, id) : null;
  const who = viewer.identified;
  if (row?.office !== office || !who || !isEnough(who.level, row.level)) return false;
  if (!isUnclaimed(row)) return row.person === who.person;
  await setPerson(tx, id, who.person);
  await record('case_claimed', { data: { case: id } });
  return true;
}
