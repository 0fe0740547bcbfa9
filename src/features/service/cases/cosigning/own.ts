import { levelOf, signingWaysOf } from '../../../../domain/form/online.ts';
import type { Form } from '../../../../domain/form/schema.ts';
import { highestOf, isEnough, type Level } from '../../../../domain/identity.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { PersonViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import type { IdentificationOf } from '../../../foundation/identification/types.ts';
import type { CasesDeps } from '../keeping.ts';
import { placeOf } from '../sealing.ts';
import type { CaseRow } from '../types.ts';
import { readCaseForUpdate, readCosigned } from '../views.ts';
import { openCosigner } from './asking.ts';
import type { OpenedCosigner } from './types.ts';
import { readCosigner } from './views.ts';

/** The level of the form, and at least that with which the law lets people sign (Ley 39/2015, art. 10). */
export const cosignLevel = (form: Parameters<typeof levelOf>[0]): Level =>
  highestOf([levelOf(form), 'substantial']);

/** Returns whether those who must sign do so by more than their session: by the ways by which the applicant does. */
export const isSignedElsewhere = (form: Pick<Form, 'sign'>): boolean =>
  signingWaysOf(form).length > 0;

/** Why something is not for whoever is identified: see `CosignLook`. */
export type NotTheirs = 'other' | 'level' | 'not_found';

/** What somebody must sign, who is identified and the one who must. */
export interface On {
  cosigner: OpenedCosigner;
  /** Locked. */
  row: CaseRow;
  office: Office;
  form: PublishedForm;
  /** Whether they have signed by more than their session, and it is to be registered. */
  isSigned: boolean;
}

/** Finds what somebody must sign, for them alone. The case is locked. */
export async function findOwn(
  { keyring, forms }: Pick<CasesDeps, 'keyring' | 'forms'>,
  unit: Unit<PersonViewer>,
  { id, office, known }: { id: string; office: Office; known: IdentificationOf | null },
): Promise<On | NotTheirs> {
  const { tx, viewer } = unit;
  const found = isUuid(id) ? await readCosigner(tx, id) : null;
  const row = found && (await readCaseForUpdate(tx, found.case));
  const key = row && (await keyring.shelf(tx, placeOf(row)));
  if (!found || !row || !key) return 'not_found';
  // What was answered while the case was waited for.
  const cosigner = openCosigner(key, row, (await readCosigner(tx, id)) ?? found);
  const isThem = known?.of.identifier === cosigner.nif && known.represents === null;
  if (!isThem) return 'other';
  const form = await forms.version(office.id, row.form);
  if (!isEnough(viewer.level, cosignLevel(form.form))) return 'level';
  const isSigned = cosigner.answered === null && (await readCosigned(tx, id)) !== null;
  return { cosigner, row, office, form, isSigned };
}

/** Returns whether somebody can sign now: nothing is answered, and the case waits for it. */
export const isOpen = ({ cosigner, row, form, isSigned }: Omit<On, 'office'>): boolean =>
  cosigner.answered === null && !isSigned && row.state === form.form.cosigners?.state;
