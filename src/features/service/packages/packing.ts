import type { Office } from '../../../domain/office/types.ts';
import { formatError } from '../../../lib/format-error.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { packageOf } from './bag.ts';
import {
  handedInDocuments,
  officeDocuments,
  type Packing,
  paperDocuments,
  peopleDocument,
  registryDocument,
  signatureDocuments,
  Unready,
} from './documents.ts';
import { isForGood, MOST_BYTES, MOST_BYTES_ALONE } from './rules.ts';
import type { PackagesDeps } from './service.ts';
import type { MadePackage, PackageFacts, PackageRefusal } from './types.ts';

/** A case that is packed, or why it can't be; `waits`: it has no room beside the others. */
export type Packed =
  | { ok: true; id: string; made: MadePackage }
  | { ok: false; reason: PackageRefusal | 'waits' };

/** Returns what keeps an office from packing any case; null: nothing does. */
export function obstacleOf({ issuing }: Pick<PackagesDeps, 'issuing'>, office: Office) {
  if (!office.settings.dir3) return 'no_code';
  return issuing.sealDigest ? null : 'no_seal';
}

/** Packs a case for whoever may, and records only the looks that it takes. Its files are read once, and again when it is sent. `room`: bytes of its files. */
export async function pack(
  deps: PackagesDeps,
  viewer: StaffViewer,
  { office, id, room = MOST_BYTES_ALONE }: { office: Office; id: string; room?: number },
): Promise<Packed> {
  try {
    const work = await deps.caseDesk.work(viewer, office, id);
    if (!work) return { ok: false, reason: 'not_found' };
    if (!isForGood(work.opened.case)) return { ok: false, reason: 'not_due' };
    const { sealDigest } = deps.issuing;
    const { dir3 } = office.settings;
    if (!dir3 || !sealDigest) return { ok: false, reason: dir3 ? 'no_seal' : 'no_code' };
    const size = work.opened.papers.reduce((sum, each) => sum + (each.size ?? 0), 0);
    if (size > room) return { ok: false, reason: withoutRoom(size) };
    const handedIn = (await deps.receipts.all(viewer, office, id)) ?? [];
    const packing = { viewer, office, work, handedIn, at: deps.clock.now() };
    const { documents, facts } = await gather(deps, packing, dir3);
    return { ok: true, id, made: await packageOf(documents, facts, sealDigest) };
  } catch (error) {
    // Whatever is wrong with one case must not stop the others.
    deps.log.error(formatError(error), `Case ${id} was not packed`);
    return { ok: false, reason: error instanceof Unready ? 'unready' : 'broken' };
  }
}

/** Returns why files of a size have no room. */
function withoutRoom(size: number): 'too_large' | 'alone' | 'waits' {
  if (size > MOST_BYTES_ALONE) return 'too_large';
  return size > MOST_BYTES ? 'alone' : 'waits';
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
    ...(await registryDocument(deps, packing)),
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
