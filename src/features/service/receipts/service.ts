import { createHash, randomUUID } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { placeData } from '../../../lib/envelope/place.ts';
import { seal, sealText, unseal, unsealText } from '../../../lib/envelope/seal.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import type { PersonViewer, StaffViewer, Viewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import type { Forms } from '../../foundation/forms/service.ts';
import { insertOpening } from '../../foundation/openings/service.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import { numberText } from '../../foundation/registry/service.ts';
import { readEntry } from '../../foundation/registry/views.ts';
import { aboutApplication, kindOf } from '../cases/rules.ts';
import { type Cases, type Cosigning, type HandedIn, keyPlaceOf } from '../cases/service.ts';
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
   * Returns the receipt of what was handed in to a case, issued if nobody asked for it before; null: there is none, or the case isn't the viewer's.
   * `number`: of its entry, as people read it; absent: the application's. Whoever applies has none of the signatures of others.
   */
  of(viewer: Viewer, office: Office, id: string, number?: string): Promise<Receipt | null>;
  /** Returns the receipts of all that was handed in to a case, in the order of its kinds, for those who hand it over; null: the case isn't the viewer's. */
  all(viewer: StaffViewer, office: Office, id: string): Promise<Receipt[] | null>;
  /** Returns the receipt of the signature of somebody else than the applicant, for them alone; null: it isn't theirs, or they have not signed. */
  ofCosigner(viewer: PersonViewer, office: Office, cosigner: string): Promise<Receipt | null>;
  /** Answers the verification code of a receipt; null: there is none with this code. It names no person. */
  verify(code: string): Promise<(Verified & { receipt: VerifiedReceipt }) | null>;
  /** Opens the receipt with a verification code; null: there is none. */
  openByCode(code: string): Promise<(OpenDocument & { office: number }) | null>;
}

export interface ReceiptsDeps {
  db: Db;
  unit: RunUnit;
  keyring: Pick<Keyring, 'make' | 'shelf'>;
  cases: Pick<Cases, 'handedIn'>;
  cosigning: Pick<Cosigning, 'signed'>;
  forms: Pick<Forms, 'version'>;
  issuing: Issuing;
  /** Hears that a receipt can't be issued now. Its page is shown without the document. */
  onUnissued(error: unknown): void;
}

const ISSUE = { kind: 'system', why: 'receipt' } as const;

export function createReceipts(deps: ReceiptsDeps): Receipts {
  const { cases, cosigning } = deps;
  return {
    async of(viewer, office, id, number) {
      const all = (await cases.handedIn(viewer, office, id)) ?? [];
      for (const each of number === undefined ? all.slice(0, 1) : all) {
        const of = await entered(deps, office, each);
        if (of && (number === undefined || numberText(of.entry) === number))
          return { ...of, issued: await issued(deps, office, of) };
      }
      return null;
    },

    async all(viewer, office, id) {
      const found = await cases.handedIn(viewer, office, id);
      if (!found) return null;
      const all: Receipt[] = [];
      for (const each of found) {
        const of = await entered(deps, office, each);
        if (of) all.push({ ...of, issued: await issued(deps, office, of) });
      }
      return all;
    },

    async ofCosigner(viewer, office, cosigner) {
      const signed = await cosigning.signed(viewer, office, cosigner);
      const of = signed && (await entered(deps, office, signed));
      return of && { ...of, issued: await issued(deps, office, of) };
    },

    async verify(code) {
      const found = await readVerified(deps, code, 'told');
      if (!found) return null;
      const { about, at, countsFrom, content } = found.entry;
      const number = numberText(found.entry);
      const { application } = found;
      const receipt = { what: kindOf(about), application, number, at, countsFrom, content };
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

type Registered = Pick<ReceiptOf, 'entry' | 'application'>;

/** Returns the entry of something that was handed in to a case; null: it has none. */
async function readRegistered(
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
async function entered(
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
async function issued(
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
    code: unsealText(key, place, codeOf(row.id), row.code),
    document: unseal(key, placeData(place, documentOf(row.id)), row.document),
  };
}

/** Opens the receipt of a code, and records it on the audit trail. */
async function readVerified(
  { db, unit, keyring }: ReceiptsDeps,
  code: string,
  as: 'told' | 'fetched',
): Promise<(IssuedReceipt & Registered) | null> {
  const found = await readOpened(db, 'receipt', code, async (_, id, office) => ({ id, office }));
  if (!found) return null;
  const { office } = found;
  return unit(VERIFIER, office, async ({ tx, record }) => {
    const row = await readReceiptById(tx, found.id);
    const opened = row && (await openRow(keyring, tx, office, row));
    const registered = row && (await readRegistered(tx, office, row.case_id, row.about));
    if (!opened || !registered) return null;
    const data = { case: row.case_id, fetched: as === 'fetched' };
    await record('case_receipt_verified', { data });
    return { ...opened, ...registered };
  });
}
