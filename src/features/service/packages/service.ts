import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { formatError } from '../../../lib/format-error.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { zipOf } from '../../../lib/zip/zip.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import type { Identification } from '../../foundation/identification/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import type { CaseDesk, CaseMessages, Cases, Cosigning } from '../cases/service.ts';
import type { Notifications } from '../notifications/service.ts';
import type { Receipts } from '../receipts/service.ts';
import type { Signatures } from '../signatures/service.ts';
import type { Sealing } from '../verification/service.ts';
import { entriesOf, packageOf } from './bag.ts';
import {
  handedInDocuments,
  officeDocuments,
  type Packing,
  paperDocuments,
  peopleDocument,
  signatureDocuments,
  Unready,
} from './documents.ts';
import { isForGood, MOST_BYTES, MOST_CASES, mayHandOver } from './rules.ts';
import { insertPackage } from './store.ts';
import type {
  DuePackages,
  MadePackage,
  PackageFacts,
  PackageRefusal,
  PackageResult,
} from './types.ts';
import { readForGood } from './views.ts';

/** Packages of closed cases that are kept for good, for the archive of the town: docs/adr/0112. */
export interface Packages {
  /** Returns which closed cases are kept for good, those that nobody has packed first; null: the viewer may not see it. */
  due(viewer: StaffViewer, office: Office): Promise<DuePackages | null>;
  /** Packs a closed case that is kept for good, and records it. */
  make(viewer: StaffViewer, office: Office, id: string): Promise<PackageResult>;
  /** Packs those that nobody has packed, as many as fit; the others wait for the next time. Each is recorded. */
  makeDue(viewer: StaffViewer, office: Office): Promise<PackageResult>;
}

export interface PackagesDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  offices: Pick<Offices, 'town'>;
  cases: Pick<Cases, 'openPaper'>;
  caseDesk: Pick<CaseDesk, 'work' | 'decisionFile'>;
  caseMessages: Pick<CaseMessages, 'ofCase'>;
  cosigning: Pick<Cosigning, 'ofCase'>;
  receipts: Pick<Receipts, 'all'>;
  signatures: Pick<Signatures, 'file'>;
  notifications: Pick<Notifications, 'evidence'>;
  identification: Pick<Identification, 'of'>;
  /** Returns the names of accounts. */
  officials: { namesOf(staff: readonly number[]): Promise<ReadonlyMap<number, string>> };
  issuing: Sealing;
  log: { error(what: object, message: string): void };
}

/** Cases that the page of the archive lists. */
const ON_A_PAGE = 100;

export function createPackages(deps: PackagesDeps): Packages {
  const { db, clock } = deps;
  const due = (office: Office, most: number) =>
    within(db, office.id, (tx) => readForGood(tx, office.id, most));
  const zipped = (office: Office, name: string, made: readonly MadePackage[]): PackageResult => {
    const at = clock.now().toZonedDateTimeISO(office.timeZone).toPlainDateTime();
    return { ok: true, name: `${name}.zip`, bytes: zipOf(entriesOf(made), at) };
  };
  return {
    due: async (viewer, office) =>
      mayHandOver(viewer) && viewer.office === office.id ? due(office, ON_A_PAGE) : null,

    async make(viewer, office, id) {
      const made = await pack(deps, viewer, { office, id });
      return typeof made === 'string'
        ? { ok: false, reason: made }
        : zipped(office, made.name, [made]);
    },

    async makeDue(viewer, office) {
      if (!mayHandOver(viewer) || viewer.office !== office.id)
        return { ok: false, reason: 'not_found' };
      const made: MadePackage[] = [];
      let left = MOST_BYTES;
      let refused: PackageRefusal = 'not_due';
      const { cases } = await due(office, MOST_CASES);
      for (const { id, packedAt } of cases) {
        if (packedAt) break;
        const one = await pack(deps, viewer, { office, id, most: left });
        if (typeof one === 'string') refused = one;
        else {
          made.push(one);
          left -= sizeOf(one);
        }
      }
      if (made.length === 0) return { ok: false, reason: refused };
      const day = clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate();
      return zipped(office, `${office.code}-${day.toString()}`, made);
    },
  };
}

const sizeOf = ({ files }: Pick<MadePackage, 'files'>): number =>
  files.reduce((sum, { bytes }) => sum + bytes.length, 0);

/** Packs a case and records it, or returns why it can't be. `most`: bytes of its files. */
async function pack(
  deps: PackagesDeps,
  viewer: StaffViewer,
  { office, id, most = MOST_BYTES }: { office: Office; id: string; most?: number },
): Promise<MadePackage | PackageRefusal> {
  if (!mayHandOver(viewer) || viewer.office !== office.id) return 'not_found';
  const work = await deps.caseDesk.work(viewer, office, id);
  if (!work) return 'not_found';
  if (!isForGood(work.opened.case)) return 'not_due';
  const { sealDigest } = deps.issuing;
  if (!office.settings.dir3) return 'no_code';
  if (!sealDigest) return 'no_seal';
  const size = work.opened.papers.reduce((sum, each) => sum + (each.size ?? 0), 0);
  if (size > most) return 'too_large';
  try {
    const handedIn = (await deps.receipts.all(viewer, office, id)) ?? [];
    const packing = { viewer, office, work, handedIn, at: deps.clock.now() };
    const { documents, facts } = await gather(deps, packing, office.settings.dir3);
    const made = await packageOf(documents, facts, sealDigest);
    await deps.unit(viewer, office.id, async (each) => {
      await insertPackage(each, id, made);
      const { manifest, documents: count } = made;
      await each.record('case_packaged', { data: { case: id, hash: manifest, documents: count } });
    });
    return made;
  } catch (error) {
    if (!(error instanceof Unready)) throw error;
    deps.log.error(formatError(error), `Case ${id} was not packed`);
    return 'unready';
  }
}

/** Gathers what a package has, and what it says of itself. */
async function gather(deps: PackagesDeps, packing: Packing, dir3: string) {
  const { office, work, at } = packing;
  const { opened, form } = work;
  const { id, reference, openedAt, closedAt } = opened.case;
  const papers = await paperDocuments(deps, packing);
  const people = await peopleDocument(deps, packing);
  const documents = [
    ...handedInDocuments(packing),
    ...papers.documents,
    ...(await signatureDocuments(deps, packing)),
    ...people.documents,
    ...(await officeDocuments(deps, packing, papers.missing)),
  ];
  const town = await deps.offices.town();
  const facts: PackageFacts = {
    ...{ case: id, reference, dir3, timeZone: office.timeZone, at, openedAt },
    closedAt: closedAt ?? at,
    town: town.name,
    office: textIn(office.name, opened.case.language),
    classification: form.form.retention.schedule ?? form.form.procedure,
    interested: people.interested,
  };
  return { documents, facts };
}
