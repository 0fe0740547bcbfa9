import type { PrefillName } from '../../../domain/form/prefills.ts';
import type { Form } from '../../../domain/form/schema.ts';
import { maskedIdentifier } from '../../../domain/identity.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { sealText, unsealText } from '../../../lib/envelope/seal.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import type { Identification } from '../../foundation/identification/service.ts';
import type { IdentificationOf } from '../../foundation/identification/types.ts';
import type { Keyring } from '../documents/service.ts';
import { placeOf } from './sealing.ts';
import type { Applicant, CaseRow } from './types.ts';

/** Returns who hands a case in, as their provider says; null: nobody was identified. */
export const whoIs = async (
  identification: Pick<Identification, 'of'>,
  { identified }: Pick<ApplicantViewer, 'identified'>,
): Promise<IdentificationOf | null> =>
  identified && (await identification.of(identified.identification));

/**
 * Returns what whoever hands a case in is called, and where they are told: by their identification first, and by the answers to questions that ask
 * for what is known of oneself (`from`).
 */
export function applicantIn(
  form: Pick<Form, 'steps'>,
  answers: Readonly<Record<string, unknown>>,
  known: Pick<IdentificationOf, 'name' | 'of' | 'represents'> | null,
): Applicant {
  const said = (...names: PrefillName[]) => textOf(form, answers, names);
  return {
    name: known?.name.full || (said('identity.name') ?? ''),
    masked: known ? maskedIdentifier(known.of) : null,
    represents: known?.represents?.name ?? said('represented.name'),
    email: said('contact.email'),
    phone: said('contact.phone'),
  };
}

/** Returns the answer to the first question that asks for one of these. */
function textOf(
  { steps }: Pick<Form, 'steps'>,
  answers: Readonly<Record<string, unknown>>,
  names: readonly PrefillName[],
): string | null {
  for (const { id, questions } of steps)
    for (const question of questions) {
      if (!('from' in question) || !question.from || !names.includes(question.from)) continue;
      const group = answers[id];
      const given =
        typeof group === 'object' && group !== null
          ? (group as Record<string, unknown>)[question.id]
          : null;
      if (typeof given === 'string' && given !== '') return given;
    }
  return null;
}

type Which = Pick<CaseRow, 'id' | 'office'>;

/** Seals who handed a case in, under the case's key. */
export async function sealApplicant(
  keys: Pick<Keyring, 'make'>,
  tx: Tx,
  of: Which,
  who: Applicant,
): Promise<Buffer> {
  const key = await keys.make(tx, placeOf(of));
  return sealText(key, placeOf(of), 'applicant', JSON.stringify(who));
}

/** Opens who handed a case in, by the case's key. @throws Broken where it was changed or moved since */
export const openApplicant = (key: Buffer, of: Which, sealed: Buffer): Applicant =>
  JSON.parse(unsealText(key, placeOf(of), 'applicant', sealed)) as Applicant;

/** Returns who handed a case in; null: it was not handed in, or is destroyed. */
export async function applicantOf(
  keys: Pick<Keyring, 'shelf'>,
  tx: Tx,
  row: Which & Pick<CaseRow, 'sealedApplicant'>,
): Promise<Applicant | null> {
  const key = row.sealedApplicant && (await keys.shelf(tx, placeOf(row)));
  return key && row.sealedApplicant && openApplicant(key, row, row.sealedApplicant);
}
