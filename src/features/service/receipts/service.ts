import { createHash, randomUUID } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { placeData } from '../../../lib/envelope/place.ts';
import { seal, sealText, unseal, unsealText } from '../../../lib/envelope/seal.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import type { Forms } from '../../foundation/forms/service.ts';
import { insertOpening } from '../../foundation/openings/service.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import { numberText } from '../../foundation/registry/service.ts';
import type { RegistryEntry } from '../../foundation/registry/types.ts';
import { readEntry } from '../../foundation/registry/views.ts';
import { aboutApplication } from '../cases/rules.ts';
import { type Cases, keyPlaceOf } from '../cases/service.ts';
import type { Keyring } from '../documents/service.ts';
import type { OpenDocument, Verified } from '../documents/types.ts';
import {
  type Issuing,
  type KeptDocument,
  newCode,
  openedBy,
  VERIFIER,
  verifiedOf,
} from '../verification/service.ts';
import { receiptDocument } from './rules.ts';
import { insertReceipt } from './store.ts';
import type { IssuedReceipt, Receipt, ReceiptOf, VerifiedReceipt } from './types.ts';
import { type ReceiptRow, readReceipt, readReceiptById } from './views.ts';

/** Receipts of what was handed in: Ley 39/2015, art. 16.3; RD 203/2021, art. 40 (docs/adr/0093). */
export interface Receipts {
  /**
   * Returns the receipt of a case, issued if nobody asked for it before; null: nothing was handed in, or the case isn't the viewer's.
   */
  of(viewer: Viewer, office: Office, id: string): Promise<Receipt | null>;
  /** Answers the verification code of a receipt; null: there is none with this code. It names no person. */
  verify(code: string): Promise<(Verified & { receipt: VerifiedReceipt }) | null>;
  /** Opens the receipt with a verification code; null: there is none. */
  openByCode(code: string): Promise<(OpenDocument & { office: number }) | null>;
}

export interface ReceiptsDeps {
  db: Db;
  unit: RunUnit;
  keyring: Pick<Keyring, 'make' | 'shelf'>;
  cases: Pick<Cases, 'open' | 'applicant'>;
  forms: Pick<Forms, 'version'>;
  issuing: Issuing;
  /** Hears that a receipt can't be issued now. Its page is shown without the document. */
  onUnissued(error: unknown): void;
}

const ISSUE = { kind: 'system', why: 'receipt' } as const;

export function createReceipts(deps: ReceiptsDeps): Receipts {
  const { db, cases } = deps;
  return {
    async of(viewer, office, id) {
      const opened = await cases.open(viewer, office, id);
      const record = opened?.record;
      if (!record) return null;
      const about = aboutApplication(id);
      const entry = await within(db, office.id, (tx) => readEntry(tx, office.id, about));
      if (!entry) return null;
      const of = { record, entry, by: await cases.applicant(viewer, office, id) };
      return { ...of, issued: await issued(deps, office, of, opened.case.form) };
    },

    async verify(code) {
      const found = await readVerified(deps, code, 'told');
      if (!found) return null;
      const { at, countsFrom, content } = found.entry;
      const receipt = { number: numberText(found.entry), at, countsFrom, content };
      return { ...verifiedOf(keptOf(found)), receipt };
    },

    async openByCode(code) {
      const found = await readVerified(deps, code, 'fetched');
      return found && openedBy(code, keptOf(found), `${numberText(found.entry)}.pdf`);
    },
  };
}

const keptOf = ({
  id,
  office,
  issuedAt: madeAt,
  document: bytes,
}: IssuedReceipt): KeptDocument => ({
  id,
  office,
  madeAt,
  bytes,
});

/** Returns the receipt as it was issued, or issues it; null: that is not possible now. `version`: of the form with which the case began. */
async function issued(
  deps: ReceiptsDeps,
  office: Office,
  of: ReceiptOf,
  version: number,
): Promise<IssuedReceipt | null> {
  const { db, forms, issuing } = deps;
  const id = of.record.case;
  const read = () => within(db, office.id, (tx) => openReceipt(deps, tx, office.id, id));
  const before = await read();
  if (before) return before;
  const { form } = await forms.version(office.id, version);
  const code = newCode();
  // An authority of time may take seconds: nothing is locked meanwhile.
  const document = await issuing
    .issue(receiptDocument(of, { form, office, code }))
    .catch((error: unknown) => {
      deps.onUnissued(error);
      return null;
    });
  if (!document) return null;
  await keep(deps, office, id, { document, code });
  return read();
}

/** Keeps a receipt, unless another request has kept one meanwhile. */
function keep(
  { unit, keyring }: ReceiptsDeps,
  office: Office,
  of: string,
  { document, code }: { document: Buffer; code: string },
): Promise<void> {
  return unit(ISSUE, office.id, async (each) => {
    const place = keyPlaceOf({ id: of, office: office.id });
    const key = await keyring.make(each.tx, place);
    const id = randomUUID();
    const isFirst = await insertReceipt(each, {
      ...{ case: of, id },
      document: seal(key, placeData(place, DOCUMENT), document),
      code: sealText(key, place, CODE, code),
    });
    if (!isFirst) return;
    await insertOpening(each, { opens: 'receipt', subject: id }, hashSecret(code));
    const hash = createHash('sha256').update(document).digest('hex');
    await each.record('case_receipt_issued', { data: { case: of, hash } });
  });
}

/** The labels under which the parts of a receipt are sealed. */
const DOCUMENT = 'receipt document';
const CODE = 'receipt code';

async function openReceipt(
  { keyring }: Pick<ReceiptsDeps, 'keyring'>,
  tx: Tx,
  office: number,
  of: string,
): Promise<IssuedReceipt | null> {
  const row = await readReceipt(tx, of);
  return row ? openRow(keyring, tx, office, row) : null;
}

/** Opens a receipt; null: its case is destroyed. @throws Broken where it was changed or moved since */
async function openRow(
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
    code: unsealText(key, place, CODE, row.code),
    document: unseal(key, placeData(place, DOCUMENT), row.document),
  };
}

/** Opens the receipt of a code, and records it on the audit trail. */
async function readVerified(
  { db, unit, keyring }: ReceiptsDeps,
  code: string,
  as: 'told' | 'fetched',
): Promise<(IssuedReceipt & { entry: RegistryEntry }) | null> {
  const found = await readOpened(db, 'receipt', code, async (_, id, office) => ({ id, office }));
  if (!found) return null;
  const { office } = found;
  return unit(VERIFIER, office, async ({ tx, record }) => {
    const row = await readReceiptById(tx, found.id);
    const opened = row && (await openRow(keyring, tx, office, row));
    const entry = row && (await readEntry(tx, office, aboutApplication(row.case_id)));
    if (!opened || !entry) return null;
    const data = { case: row.case_id, fetched: as === 'fetched' };
    await record('case_receipt_verified', { data });
    return { ...opened, entry };
  });
}
