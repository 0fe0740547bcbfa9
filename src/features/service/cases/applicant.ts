import type { PrefillName } from '../../../domain/form/prefills.ts';
import type { Form } from '../../../domain/form/schema.ts';
import { companyIn, maskedIdentifier, nifIn } from '../../../domain/identity.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { sealText, unsealText } from '../../../lib/envelope/seal.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import type { Identification } from '../../foundation/identification/service.ts';
import type { IdentificationOf } from '../../foundation/identification/types.ts';
import type { Keyring } from '../documents/service.ts';
import { placeOf } from './sealing.ts';
import type { Applicant, CaseRecord, CaseRow } from './types.ts';

/** Returns who hands a case in, as their provider says; null: nobody was identified. */
export const whoIs = async (
  identification: Pick<Identification, 'of'>,
  { identified }: Pick<ApplicantViewer, 'identified'>,
): Promise<IdentificationOf | null> =>
  identified && (await identification.of(identified.identification));

type Known = Pick<IdentificationOf, 'name' | 'of' | 'represents'>;

/** Returns somebody as their identification has them, in place of what they typed. */
function withKnown(typed: Applicant, { name, of, represents }: Known): Applicant {
  return {
    ...typed,
    name: name.full,
    masked: maskedIdentifier(of),
    represents: represents && {
      name: represents.name,
      identifier: shownIdentifier(represents.identifier),
    },
    claims: typed.claims === represents?.name ? null : typed.claims,
  };
}

/** The NIF of an organisation is no personal data, and is shown whole. */
const shownIdentifier = (identifier: string): string =>
  companyIn(identifier) ?? maskedIdentifier(nifIn(identifier) ?? { scheme: 'other', identifier });

/** Returns whoever applies with for whom they did so, as it was recorded: an identification has organisations alone. */
export const asRecorded = <K extends Known>(
  known: K,
  { represents }: Pick<CaseRecord, 'represents'>,
): K => (represents ? { ...known, represents } : known);

/**
 * Returns what whoever hands a case in is called, and where they are told. Who they are and for whom they act comes from their identification
 * alone; of whom was not identified, the name is the answer to the question that asks for it (`from`).
 */
export function applicantIn(
  form: Pick<Form, 'steps'>,
  answers: Readonly<Record<string, unknown>>,
  known: Known | null,
): Applicant {
  const said = (...names: PrefillName[]) => textOf(form, answers, names);
  const typed: Applicant = {
    name: said('identity.name', 'contact.name') ?? '',
    masked: null,
    represents: null,
    claims: said('represented.name'),
    email: said('contact.email'),
    phone: said('contact.phone'),
  };
  return known ? withKnown(typed, known) : typed;
}

/** Returns whom a case is about: whoever is acted for, by the identification, else who handed it in. */
export const concernedIn = ({
  name,
  masked,
  represents,
}: Applicant): { name: string; identifier: string | null } =>
  represents ?? { name, identifier: masked };

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

/**
 * Returns who handed a case in, with their identification. What was registered by its payment was sealed with what they typed only, so their
 * identification is read here.
 */
export async function withIdentity(
  identification: Pick<Identification, 'of'>,
  applicant: Applicant | null,
  record: Pick<CaseRecord, 'applicant' | 'represents'> | null,
): Promise<Applicant | null> {
  const by = record?.applicant;
  if (!applicant || !by || applicant.masked !== null) return applicant;
  const known = await identification.of(by.identification);
  return known ? withKnown(applicant, asRecorded(known, record)) : applicant;
}
