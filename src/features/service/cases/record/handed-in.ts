import type { Answers } from '../../../../domain/form/applied.ts';
import type { Form } from '../../../../domain/form/schema.ts';
import type { Office } from '../../../../domain/office/types.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { unsealText } from '../../../../lib/envelope/seal.ts';
import type { Viewer } from '../../../../lib/viewer.ts';
import { openAmendments } from '../amendment/opened.ts';
import { applicantIn, applicantOf, asRecorded } from '../applicant.ts';
import type { CosignRecord } from '../cosigning/types.ts';
import { readSignatures } from '../cosigning/views.ts';
import { type CasesDeps, findTheirs } from '../keeping.ts';
import { aboutAmendment, aboutApplication, aboutCosigner, aboutWithdrawal } from '../rules.ts';
import { openSealed, placeOf } from '../sealing.ts';
import type {
  AmendmentRecord,
  Applicant,
  CaseRecord,
  CaseRow,
  WithdrawalRecord,
} from '../types.ts';
import { readCase } from '../views.ts';
import { readWithdrawals } from '../withdrawal/views.ts';

/** What is kept of something that was handed in, as it was registered. */
export type HandedInRecord = CaseRecord | AmendmentRecord | WithdrawalRecord | CosignRecord;

/** Something that was handed in to a case. Each has an entry of its own in the registry. */
export interface HandedIn {
  /** What the registry calls it. */
  about: string;
  record: HandedInRecord;
  /** What was answered with it, or what is signed; null: it has no answers. */
  answers: Answers | null;
  /** The id of the form's version that these are of. */
  form: number;
  /** When the case was handed in: limits such as "today" are those of that day. */
  asOf: Temporal.Instant;
  /** Who handed it in; null: nobody was identified or gave a name. */
  by: Applicant | null;
}

/** What was handed in to a case. */
export interface ReadingHandedIn {
  /**
   * Returns what was handed in to a case: the application, then what amends it, its withdrawal and the signatures of others; null: the case isn't the
   * viewer's. The signatures of others are left out for whoever applies: they are those people's own. A look of staff is recorded.
   */
  handedIn(viewer: Viewer, office: Office, id: string): Promise<HandedIn[] | null>;
}

type Deps = Pick<CasesDeps, 'unit' | 'keyring' | 'identification' | 'forms'>;

export const createHandedIn = (deps: Deps): ReadingHandedIn => ({
  async handedIn(viewer, office, id) {
    const found = await deps.unit(viewer, office.id, async (unit) => {
      const row = await findTheirs(unit, id, readCase);
      if (!row) return null;
      if (viewer.kind === 'staff') await unit.record('case_read', { data: { case: id } });
      const all = await openHandedIn(deps, unit.tx, row);
      return viewer.kind === 'applicant' ? all.filter((each) => !isCosigned(each)) : all;
    });
    return found && Promise.all(found.map((each) => withPerson(deps, office, each)));
  },
});

const isCosigned = ({ record }: Opened): boolean => 'what' in record && record.what === 'signature';

/** What was handed in, before its people are looked up. */
export type Opened = Omit<HandedIn, 'by'> & {
  /** Who handed the application in, as it was sealed. */
  applicant: Applicant | null;
};

/** Opens what was handed in to a case, in the order of its kinds; empty: nothing was. @throws Broken where it was changed or moved since */
export async function openHandedIn(
  { keyring }: Pick<Deps, 'keyring'>,
  tx: Tx,
  row: CaseRow,
): Promise<Opened[]> {
  const key = await keyring.shelf(tx, placeOf(row));
  const { record } = await openSealed(keyring, tx, row);
  if (!key || !record || !row.handedInAt) return [];
  const amendments = await openAmendments(keyring, tx, row);
  const withdrawals = await readWithdrawals(tx, row.id);
  const signatures = await readSignatures(tx, row.id);
  const open = <R extends HandedInRecord>(what: string, sealed: Buffer): R =>
    JSON.parse(unsealText(key, placeOf(row), what, sealed)) as R;
  const of = { form: row.form, asOf: row.handedInAt };
  const rest = { ...of, applicant: await applicantOf(keyring, tx, row) };
  const { answers } = record;
  return [
    { about: aboutApplication(row.id), record, answers, ...rest },
    ...amendments.toReversed().flatMap(({ answered }, nth) =>
      answered
        ? {
            about: aboutAmendment(row.id, nth + 1),
            record: answered.record,
            answers: answered.record.answers,
            ...rest,
          }
        : [],
    ),
    ...withdrawals.map(({ id, sealed }) => ({
      about: aboutWithdrawal(row.id),
      record: open<WithdrawalRecord>(`withdrawal ${id}`, sealed),
      answers: null,
      ...rest,
    })),
    ...signatures.map(({ id, nth, sealed }) => ({
      about: aboutCosigner(row.id, nth),
      record: open<CosignRecord>(`cosigned ${id}`, sealed),
      answers,
      ...rest,
    })),
  ];
}

/** Looks up who handed something in, after the unit of work: people belong to no office. */
export async function withPerson(
  { identification, forms }: Pick<Deps, 'identification' | 'forms'>,
  office: Office,
  { applicant, ...of }: Opened,
): Promise<HandedIn> {
  const { record } = of;
  const { form } = await forms.version(office.id, of.form);
  const by = 'signer' in record ? record.signer : record.applicant;
  const known = by && (await identification.of(by.identification));
  return { ...of, by: byIn(form, record, { known: known ?? null, applicant }) };
}

/** Returns who handed something in, as their identification says; else, of whoever applies, as they wrote or as it was sealed. */
function byIn(
  form: Form,
  record: HandedInRecord,
  on: { known: Parameters<typeof applicantIn>[2]; applicant: Applicant | null },
): Applicant | null {
  const { known, applicant } = on;
  if ('signer' in record) return known && applicantIn(form, {}, known);
  if (!('answers' in record)) return known && applicantIn(form, {}, asRecorded(known, record));
  if (known) return applicantIn(form, record.answers, asRecorded(known, record));
  // What was sealed is renewed when it is amended.
  const isTyped = !record.applicant && !record.handedInFor;
  return isTyped ? applicantIn(form, record.answers, null) : applicant;
}
