import type { Office } from '../../../domain/office/types.ts';
import type { PersonViewer, StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import { numberText } from '../../foundation/registry/service.ts';
import { kindOf } from '../cases/rules.ts';
import type { OpenDocument, Verified } from '../documents/types.ts';
import { type KeptDocument, openedBy, VERIFIER, verifiedOf } from '../verification/service.ts';
import {
  entered,
  issued,
  openRow,
  type ReceiptsDeps,
  type Registered,
  readRegistered,
} from './issuing.ts';
import { issueMissing } from './jobs.ts';
import type { IssuedReceipt, Receipt, VerifiedReceipt } from './types.ts';
import { readReceiptById } from './views.ts';

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
  /** Issues those that nobody has asked for a minute after the entry. Returns how many. */
  issueMissing(): Promise<number>;
  /** Answers the verification code of a receipt; null: there is none with this code. It names no person. */
  verify(code: string): Promise<(Verified & { receipt: VerifiedReceipt }) | null>;
  /** Opens the receipt with a verification code; null: there is none. */
  openByCode(code: string): Promise<(OpenDocument & { office: number }) | null>;
}

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

    issueMissing: () => issueMissing(deps),

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
