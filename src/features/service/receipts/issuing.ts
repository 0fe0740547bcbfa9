import { createHash, randomUUID } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { placeData } from '../../../lib/envelope/place.ts';
import { seal, sealText, unseal, unsealText } from '../../../lib/envelope/seal.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import type { Forms } from '../../foundation/forms/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { insertOpening } from '../../foundation/openings/service.ts';
import { numberText } from '../../foundation/registry/service.ts';
import { readEntry } from '../../foundation/registry/views.ts';
import { aboutApplication, kindOf } from '../cases/rules.ts';
import { type Cases, type Cosigning, type HandedIn, keyPlaceOf } from '../cases/service.ts';
import type { Keyring } from '../documents/service.ts';
import { type Issuing, newCode } from '../verification/service.ts';
import { receiptDocument } from './rules.ts';
import { insertReceipt } from './store.ts';
import type { IssuedReceipt, ReceiptOf } from './types.ts';
import { type ReceiptRow, readReceipt } from './views.ts';

export interface ReceiptsDeps {
  db: Db;
  clock: Clock;
  offices: Pick<Offices, 'byId'>;
  unit: RunUnit;
  keyring: Pick<Keyring, 'make' | 'shelf'>;
  cases: Pick<Cases, 'handedIn'>;
  cosigning: Pick<Cosigning, 'signed'>;
  forms: Pick<Forms, 'version'>;
  issuing: Issuing;
  /** Hears that a receipt can't be issued now. Its page is shown without the document. */
  onUnissued(error: unknown): void;
}

export const ISSUE = { kind: 'system', why: 'receipt' } as const;

export type Registered = Pick<ReceiptOf, 'entry' | 'application'>;

/** Returns the entry of something that was handed in to a case; null: it has none. */
export async function readRegistered(
  tx: Tx,
  office: number,
  of: string,
  about: string,
): Promise<Registered | null> {
  const application = aboutApplication(of);
  const entry = await readEntry(tx, office, about);
  const first = about === application ? null : await readEntry(tx, office, application);
  return entry && { entry, application: first && numberText(first) };
}

/** Returns something that was handed in with its entry in the registry; null: it has none. */
export async function entered(
  { db }: Pick<ReceiptsDeps, 'db'>,
  office: Office,
  of: HandedIn,
): Promise<ReceiptOf | null> {
  const { about, record } = of;
  const registered = await within(db, office.id, (tx) =>
    readRegistered(tx, office.id, record.case, about),
  );
  return registered && { ...of, ...registered };
}

/** Returns the receipt as it was issued, or issues it; null: that is not possible now. */
export async function issued(
  deps: ReceiptsDeps,
  office: Office,
  of: ReceiptOf,
): Promise<IssuedReceipt | null> {
  const { db, forms, issuing } = deps;
  const read = () =>
    within(db, office.id, async (tx) => {
      const row = await readReceipt(tx, office.id, of.about);
      return row ? openRow(deps.keyring, tx, office.id, row) : null;
    });
  const before = await read();
  if (before) return before;
  const { form } = await forms.version(office.id, of.form);
  const code = newCode();
  // An authority of time may take seconds: nothing is locked meanwhile.
  const document = await issuing
    .issue(receiptDocument(of, { form, office, code }))
    .catch((error: unknown) => {
      deps.onUnissued(error);
      return null;
    });
  if (!document) return null;
  await keep(deps, office, of, { document, code });
  return read();
}

/** Keeps a receipt, unless another request has kept one meanwhile. */
function keep(
  { unit, keyring }: ReceiptsDeps,
  office: Office,
  { about, record: { case: of } }: ReceiptOf,
  { document, code }: { document: Buffer; code: string },
): Promise<void> {
  return unit(ISSUE, office.id, async (each) => {
    const place = keyPlaceOf({ id: of, office: office.id });
    const key = await keyring.make(each.tx, place);
    const id = randomUUID();
    const isFirst = await insertReceipt(each, {
      ...{ case: of, about, id },
      document: seal(key, placeData(place, documentOf(id)), document),
      code: sealText(key, place, codeOf(id), code),
    });
    if (!isFirst) return;
    await insertOpening(each, { opens: 'receipt', subject: id }, hashSecret(code));
    const hash = createHash('sha256').update(document).digest('hex');
    await each.record('case_receipt_issued', { data: { case: of, of: kindOf(about), hash } });
  });
}

/** The labels under which the parts of a receipt are sealed. */
const documentOf = (id: string): string => `receipt ${id} document`;
const codeOf = (id: string): string => `receipt ${id} code`;

/** Opens a receipt; null: its case is destroyed. @throws Broken where it was changed or moved since */
export async function openRow(
  keyring: ReceiptsDeps['keyring'],
  tx: Tx,
  office: number,
  row: ReceiptRow,
): Promise<IssuedReceipt | null> {
  const place = keyPlaceOf({ id: row.case_id, office });
  const key = await keyring.shelf(tx, place);
  if (!key) return null;
  return {
    ...{ id: row.id, office, issuedAt: row.issued_at },
    code: unsealText(key, place, codeOf(row.id), row.code),
    document: unseal(key, placeData(place, documentOf(row.id)), row.document),
  };
}
