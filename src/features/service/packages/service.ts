import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { ZipEntry } from '../../../lib/zip/zip.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import type { Identification } from '../../foundation/identification/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import type { OutsideRegistering } from '../../foundation/registry/service.ts';
import type { CaseDesk, CaseMessages, Cases, Cosigning } from '../cases/service.ts';
import type { Notifications } from '../notifications/service.ts';
import type { Receipts } from '../receipts/service.ts';
import type { Signatures } from '../signatures/service.ts';
import type { Sealing } from '../verification/service.ts';
import { entriesOf } from './bag.ts';
import { contentOf } from './content.ts';
import { obstacleOf, type Packed, pack } from './packing.ts';
import { MOST_BYTES, MOST_CASES, mayHandOver } from './rules.ts';
import { type PackedCase, sent } from './sending.ts';
import { createTurn } from './turn.ts';
import type { DuePackages, LeftOut, PackageRefusal, PackageResult } from './types.ts';
import { readForGood, readUnpacked, type Unpacked } from './views.ts';

/** Packages of closed cases that are kept for good, for the archive of the town: docs/adr/0112. */
export interface Packages {
  /** Returns which closed cases are kept for good, those that nobody has packed first; null: the viewer may not see it. */
  due(viewer: StaffViewer, office: Office): Promise<DuePackages | null>;
  /** Packs a closed case that is kept for good, as often as somebody asks. */
  make(viewer: StaffViewer, office: Office, id: string): Promise<PackageResult>;
  /**
   * Packs those that nobody has packed, as many as fit; the others wait for the next time. What can't be packed is left out, and told in a text beside
   * the packages.
   */
  makeDue(
    viewer: StaffViewer,
    office: Office,
    tell: (leftOut: readonly LeftOut[]) => ToldLeftOut,
  ): Promise<PackageResult>;
}

/** A text about cases that were left out, and what its file is called. */
export interface ToldLeftOut {
  name: string;
  text: string;
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
  notifications: Pick<Notifications, 'evidence' | 'theirEvidence'>;
  outsideRegistering: Pick<OutsideRegistering, 'of'>;
  identification: Pick<Identification, 'of' | 'evidence'>;
  /** Returns the names of accounts. */
  officials: { namesOf(staff: readonly number[]): Promise<ReadonlyMap<number, string>> };
  issuing: Sealing;
  log: { error(what: object, message: string): void };
}

/** Cases that the page of the archive lists. */
const ON_A_PAGE = 100;

/** Cases that can't be packed, after which packing ends: something that all of them need may be away. */
const MOST_FAILED = 100;

/** `atOnce`: cases that are read at once. `mostFailed`: cases that can't be packed, after which packing ends. */
export function createPackages(
  deps: PackagesDeps,
  { atOnce = ON_A_PAGE, mostFailed = MOST_FAILED }: { atOnce?: number; mostFailed?: number } = {},
): Packages {
  const { db, clock } = deps;
  const turn = createTurn(clock);
  const refused = new Map<string, PackageRefusal>();
  const may = (viewer: StaffViewer, office: Office) =>
    mayHandOver(viewer) && viewer.office === office.id;
  const packOne = async (
    viewer: StaffViewer,
    office: Office,
    on: { id: string; room?: number },
  ) => {
    const done = await pack(deps, viewer, { office, ...on });
    if (done.ok) refused.delete(on.id);
    else if (isOfCase(done.reason)) refused.set(on.id, done.reason);
    return done;
  };
  return {
    async due(viewer, office) {
      if (!may(viewer, office)) return null;
      const { cases, more } = await within(db, office.id, (tx) =>
        readForGood(tx, office.id, atOnce),
      );
      return { cases: cases.map((of) => ({ ...of, refused: refused.get(of.id) ?? null })), more };
    },

    async make(viewer, office, id) {
      if (!may(viewer, office)) return refusal('not_found');
      return turn.take(async (end) => {
        const done = await packOne(viewer, office, { id });
        if (!done.ok) return refusal(done.reason === 'waits' ? 'too_large' : done.reason);
        const entries = entriesOf([done.made]);
        return sent(deps, viewer, { office, name: done.made.name, packed: [done], entries, end });
      });
    },

    async makeDue(viewer, office, tell) {
      if (!may(viewer, office)) return refusal('not_found');
      const obstacle = obstacleOf(deps, office);
      if (obstacle) return refusal(obstacle);
      return turn.take(async (end) => {
        const readSome = (after: Unpacked | null) =>
          within(db, office.id, (tx) => readUnpacked(tx, office.id, { after, most: atOnce }));
        const all = unpacked(readSome, (id) => refused.has(id));
        const packIt = (on: { id: string; room: number }) => packOne(viewer, office, on);
        const { packed, leftOut } = await packAll(all, packIt, mostFailed);
        if (packed.length === 0) return refusal(leftOut[0]?.reason ?? 'not_due', leftOut);
        const day = clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate();
        const told = leftOut.length > 0 ? [entryOf(tell(leftOut))] : [];
        const entries = [...told, ...entriesOf(packed.map(({ made }) => made))];
        const name = `${office.code}-${day.toString()}`;
        return sent(deps, viewer, { office, name, packed, entries, end });
      });
    },
  };
}

/** Reads the cases that nobody has packed, page by page; those that were refused before come last. */
async function* unpacked(
  readSome: (after: Unpacked | null) => Promise<Unpacked[]>,
  wasRefused: (id: string) => boolean,
): AsyncGenerator<Unpacked> {
  const others: Unpacked[] = [];
  for (let after: Unpacked | null = null; ; ) {
    const due = await readSome(after);
    for (const each of due) {
      if (wasRefused(each.id)) others.push(each);
      else yield each;
    }
    after = due.at(-1) ?? null;
    if (!after) break;
  }
  yield* others;
}

/** Packs those that nobody has packed, as many as fit. What can't be packed is left out, and keeps no room from those that follow. */
async function packAll(
  all: AsyncIterable<Unpacked>,
  packOne: (on: { id: string; room: number }) => Promise<Packed>,
  mostFailed: number,
): Promise<{ packed: PackedCase[]; leftOut: LeftOut[] }> {
  const packed: PackedCase[] = [];
  const leftOut: LeftOut[] = [];
  let room = MOST_BYTES;
  let failed = 0;
  for await (const { id, reference } of all) {
    const done = await packOne({ id, room });
    if (done.ok) {
      packed.push(done);
      room -= done.made.size;
    } else {
      failed++;
      if (done.reason !== 'waits') leftOut.push({ reference, reason: done.reason });
    }
    if (packed.length === MOST_CASES || failed === mostFailed) break;
  }
  return { packed, leftOut };
}

/** Returns whether a case by itself can't be packed, not the office now. */
const isOfCase = (reason: PackageRefusal | 'waits'): reason is PackageRefusal =>
  ['broken', 'unready', 'too_large', 'alone'].includes(reason);

const refusal = (reason: PackageRefusal, leftOut: readonly LeftOut[] = []): PackageResult => ({
  ok: false,
  reason,
  leftOut,
});

/** A text that stands beside the packages. */
const entryOf = ({ name, text }: ToldLeftOut): ZipEntry => ({
  name,
  read: contentOf(Buffer.from(text)).read,
});
