import type { Form } from '../../../../domain/form/schema.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { within } from '../../../../lib/db/database.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { ApplicantViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { IdentificationOf } from '../../../foundation/identification/types.ts';
import { stateAt } from '../../representation/rules.ts';
import { whomOf } from '../../representation/service.ts';
import { readOne } from '../../representation/views.ts';
import { whoIs } from '../applicant.ts';
import type { CasesDeps } from '../keeping.ts';
import type { CaseRow, RecordRepresented } from '../types.ts';
import { readCase } from '../views.ts';

type Identified = NonNullable<ApplicantViewer['identified']>;

/** What begins with a case for somebody else. */
export interface ForWhom {
  /** The id of the represented person; of an organisation, of whoever begins it. */
  person: string;
  /** The id of the authorisation; null: it is an organisation's. */
  authorisation: string | null;
  organisation: string | null;
}

/**
 * Returns for whom a case of this form is begun; null: for whoever begins it. `no`: they act for somebody, and can't begin it for them: the form
 * lets nobody act for another, or the authorisation is over, of another office or for other procedures.
 */
export async function forWhom(
  { tx, now, office }: Unit,
  { person, actsFor, organisation }: Identified,
  { procedure, onBehalf }: Pick<Form, 'procedure' | 'onBehalf'>,
): Promise<ForWhom | null | 'no'> {
  if (!actsFor && !organisation) return null;
  if (!onBehalf) return 'no';
  if (!actsFor) return { person, authorisation: null, organisation: organisation ?? null };
  const by = await readOne(tx, actsFor, true);
  const isTheirs =
    by?.representative === person && by.office === office && stateAt(by, now) === 'valid';
  if (!isTheirs || !by.represented) return 'no';
  if (by.procedures.length > 0 && !by.procedures.includes(procedure)) return 'no';
  return { person: by.represented, authorisation: actsFor, organisation: null };
}

/**
 * Returns whether whoever acts by an authorisation in a case may still do so at this moment; true for everybody else to whom it opens. The
 * authorisation can't end meanwhile.
 */
export async function mayStillAct(
  { tx, now, viewer }: Unit<ApplicantViewer>,
  { person, representation: by }: Pick<CaseRow, 'person' | 'representation'>,
): Promise<boolean> {
  const { identified } = viewer;
  if (!by?.id || !identified || identified.person === person) return true;
  return isStillValid({ tx, now }, by.id);
}

/** Returns whether an authorisation is valid at this moment. It can't end meanwhile. */
export async function isStillValid(
  { tx, now }: Pick<Unit, 'tx' | 'now'>,
  authorisation: string,
): Promise<boolean> {
  const found = await readOne(tx, authorisation, true);
  return found !== null && stateAt(found, now) === 'valid';
}

/** Who acts in a case, as their provider says, with for whom. */
export type KnownApplicant = IdentificationOf & { authorisation: string | null };

/** Returns who acts in a case, and for whom they do, before the unit of work: people belong to no office. Null: nobody is identified. */
export async function whoActs(
  deps: Pick<CasesDeps, 'db' | 'identification' | 'clock'>,
  viewer: ApplicantViewer,
  office: Office,
  id: string,
): Promise<KnownApplicant | null> {
  const known = await whoIs(deps.identification, viewer);
  const actsFor = viewer.identified?.actsFor;
  if (!known || !actsFor) return known && { ...known, authorisation: null };
  const by = await within(deps.db, office.id, async (tx) => {
    const row = isUuid(id) ? await readCase(tx, id) : null;
    return row?.representation?.id === actsFor && row.person !== known.person
      ? readOne(tx, actsFor)
      : null;
  });
  const represents = by && (await whomOf(deps, by));
  return represents
    ? { ...known, represents, authorisation: actsFor }
    : { ...known, authorisation: null };
}

/** Returns for whom whoever acts in a case does so, as its record has it; null: for themselves. */
export const representedIn = (
  { representation }: Pick<CaseRow, 'representation'>,
  known: KnownApplicant | null,
): RecordRepresented | null =>
  representation && known?.represents
    ? {
        name: known.represents.name,
        identifier: known.represents.identifier,
        authorisation: known.authorisation,
      }
    : null;
