import { randomUUID } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import { newKey, wrapKey } from '../../../lib/envelope/keys.ts';
import { sealText, unsealText } from '../../../lib/envelope/seal.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { cleanName } from './checks/rules.ts';
import type { Keyring } from './keyring.ts';
import { nameOf, openLocked, openOf } from './reading.ts';
import { type Received, receive } from './receiving.ts';
import { mayRelease } from './rules.ts';
import { hasSame, share, shareableIn } from './sharing.ts';
import { putOnTrail, removeOrLeave, roomRefusal, type SpaceDeps } from './space.ts';
import { deletePapers, insertDocument, setState, shred } from './store.ts';
import type { CasePaper, DocumentKind, DocumentRow, OpenDocument, SpacePaper } from './types.ts';
import { readDocument, readDocumentForUpdate, readPapers } from './views.ts';

/** Where the papers of a case are. */
export interface CaseSpace {
  office: number;
  /** The id of the case. */
  case: string;
}

/** Where the photos of a request are. */
export interface RequestSpace {
  office: number;
  /** The id of the request. */
  request: string;
}

type PaperSpace = CaseSpace | RequestSpace;

/** A paper that is going to be added to a case or to a request. */
export interface NewPaper {
  kind: DocumentKind;
  name: string;
  /** The media type that the browser sent. */
  type: string;
  /** Bytes. */
  size: number;
}

/**
 * The papers of cases and the photos of requests, in the space of each. Whose a case or a request is, and what may be done with it now, its feature
 * decides: it calls these for one that it has found, and has locked where something changes (docs/adr/0096).
 */
export interface CasePapers {
  /** Announces a paper; its bytes follow. Returns its id. */
  announce(unit: Unit, of: PaperSpace, paper: NewPaper): Promise<string>;
  /** Takes all bytes of an announced paper, and seals them. It is checked before anybody opens it. */
  receive(viewer: Viewer, office: number, id: string, bytes: Uint8Array): Promise<Received>;
  /** Returns the papers in the order in which they came. */
  list(tx: Tx, of: PaperSpace): Promise<CasePaper[]>;
  /** Opens a paper, and records it. Null: there is none of this id here, or it can't be opened yet. */
  open(unit: Unit, of: PaperSpace, id: string): Promise<OpenDocument | null>;
  /** Opens a photo that an official passed for everybody. Nobody is named who looks at it, so nothing is recorded. Null: as for `open`. */
  openPassed(tx: Tx, of: RequestSpace, id: string): Promise<OpenDocument | null>;
  /** Releases a paper that could not be checked. Returns whether it was one; null: there is none of this id, or the viewer may not. */
  release(unit: Unit, of: PaperSpace, id: string): Promise<boolean | null>;
  /** Returns the documents of an appointment that can become papers of a case. */
  inSpace(tx: Tx, appointment: string): Promise<SpacePaper[]>;
  /** Opens one of them, to look at its bytes before it becomes a paper; null: there is none of this id. */
  openInSpace(tx: Tx, appointment: string, id: string): Promise<OpenDocument | null>;
  /** Makes a paper of a case with the bytes of a document of an appointment. Returns its id; null: it is gone. */
  share(unit: Unit, id: string, to: { case: string }): Promise<string | null>;
  /** Makes a document of a locked appointment with the bytes of a paper, unless they are there already. `full`: the space takes no more. */
  bring(
    unit: Unit,
    office: Office,
    paper: Pick<CasePaper, 'id' | 'size'>,
    appointment: string,
  ): Promise<{ ok: true } | { ok: false; reason: 'gone' | 'full' }>;
  /** Removes papers, and everything of them. `only`: their ids; absent: all of them. Their bytes go after the commit. */
  remove(unit: Unit, of: PaperSpace, only?: readonly string[]): Promise<void>;
}

type Deps = Pick<SpaceDeps, 'db' | 'blobs' | 'clock' | 'keyring' | 'unit'>;

export function createCasePapers(deps: Deps): CasePapers {
  const { blobs, keyring } = deps;
  return {
    announce: (unit, of, paper) => announce(keyring, unit, of, paper),
    receive: (viewer, office, id, bytes) => receiveAll(deps, viewer, { office, id, bytes }),
    list: (tx, of) => list(keyring, tx, of),

    async open(unit, of, id) {
      const found = await openIn(deps, unit.tx, of, id);
      if (found) await putOnTrail(unit, found.document, 'document_opened');
      return found && openOf(found.document, found.opened);
    },

    openPassed: (tx, of, id) => openPassed(deps, tx, of, id),

    inSpace: (tx, appointment) => shareableIn(keyring, tx, appointment),

    async openInSpace(tx, appointment, id) {
      const document = isUuid(id) ? await readDocument(tx, id) : null;
      if (document?.appointment !== appointment || document.state !== 'clean') return null;
      const opened = document.destroyedAt ? null : await openLocked(deps, tx, document);
      return opened && openOf(document, opened);
    },

    share: (unit, id, to) => share(keyring, unit, id, to),

    bring: (unit, office, paper, appointment) => bring(keyring, unit, office, paper, appointment),

    async release(unit, of, id) {
      const may = mayRelease(unit.viewer) && isUuid(id);
      const document = may ? await readDocumentForUpdate(unit.tx, id) : null;
      if (!document || !isIn(document, of)) return null;
      if (document.state !== 'unscannable') return false;
      await setState(unit.tx, id, 'clean', { now: unit.now, checkAt: null });
      await putOnTrail(unit, document, 'document_released');
      return true;
    },

    async remove(unit, of, only) {
      const all = await readPapers(unit.tx, of);
      const gone = only ? all.filter(({ id }) => only.includes(id)) : all;
      const left: string[] = [];
      for (const document of gone) {
        await putOnTrail(unit, document, 'document_withdrawn');
        left.push(...(await shred(unit.tx, document.id, unit.now)));
      }
      await deletePapers(
        unit.tx,
        gone.map(({ id }) => id),
      );
      if (left.length > 0) unit.afterCommit(() => void removeOrLeave(blobs, left));
    },
  };
}

async function bring(
  keyring: Keyring,
  unit: Unit,
  office: Office,
  { id, size }: Pick<CasePaper, 'id' | 'size'>,
  appointment: string,
): ReturnType<CasePapers['bring']> {
  if (await hasSame(unit.tx, appointment, id)) return { ok: true };
  if (await roomRefusal(unit.tx, office, { appointment, kind: 'inbox', size }))
    return { ok: false, reason: 'full' };
  const made = await share(keyring, unit, id, { appointment });
  return made === null ? { ok: false, reason: 'gone' } : { ok: true };
}

/** The place of the key of all that a case or a request has. */
const placeOf = (of: PaperSpace) =>
  'case' in of
    ? ({ office: of.office, space: of.case, shelf: 'case' } as const)
    : ({ office: of.office, space: of.request, shelf: 'request' } as const);

const isIn = (document: DocumentRow, of: PaperSpace): boolean =>
  'case' in of ? document.case === of.case : document.request === of.request;

/** What a paper is of, as its row says. */
const ownerOf = (of: PaperSpace) => ('case' in of ? { case: of.case } : { request: of.request });

async function openPassed(deps: Deps, tx: Tx, of: RequestSpace, id: string) {
  const found = await openIn(deps, tx, of, id);
  return found && openOf(found.document, found.opened);
}

/** Opens a paper that is in a space and was found clean; null: there is none. */
async function openIn(deps: Deps, tx: Tx, of: PaperSpace, id: string) {
  const document = isUuid(id) ? await readDocument(tx, id) : null;
  if (!document || !isIn(document, of) || document.state !== 'clean') return null;
  const opened = await openLocked(deps, tx, document);
  return opened && { document, opened };
}

async function announce(
  keyring: Keyring,
  unit: Unit,
  of: PaperSpace,
  paper: NewPaper,
): Promise<string> {
  const id = randomUUID();
  const place = placeOf(of);
  const key = await keyring.make(unit.tx, place);
  const wrapped = wrapKey(key, { ...place, document: id }, newKey());
  const sealedName = sealText(key, place, nameOf({ id }), cleanName(paper.name));
  const at = { id, ...ownerOf(of), shelf: place.shelf, wrapped, sealedName, code: null };
  const { kind, type, size } = paper;
  await insertDocument(unit, at, { kind, type, size, requested: null });
  const row = { id, appointment: null, case: null, request: null, ...ownerOf(of) };
  await putOnTrail(unit, row, 'document_handed', { kind });
  return id;
}

async function receiveAll(
  deps: Deps,
  viewer: Viewer,
  { office, id, bytes }: { office: number; id: string; bytes: Uint8Array },
): Promise<Received> {
  const going = await within(deps.db, office, async (tx) => {
    const document = await readDocumentForUpdate(tx, id);
    const of = document && spaceIn(document);
    if (!of) return null;
    const place = { ...placeOf(of), document: id };
    const key = await deps.keyring.document(tx, place);
    return key && { document, key, place };
  });
  if (!going) return { ok: false, reason: 'conflict', received: 0 };
  const whole = async function* () {
    yield bytes;
  };
  return receive(deps, viewer, going, whole());
}

/** The space of a document that is of a case or of a request. */
function spaceIn({ office, case: of, request }: DocumentRow): PaperSpace | null {
  if (of !== null) return { office, case: of };
  return request === null ? null : { office, request };
}

async function list(keyring: Keyring, tx: Tx, of: PaperSpace): Promise<CasePaper[]> {
  const rows = await readPapers(tx, of);
  const key = rows.length > 0 ? await keyring.shelf(tx, placeOf(of)) : null;
  return rows.map((row) => paperOf(row, nameIn(row)));

  function nameIn(row: DocumentRow): string {
    return key && row.sealedName ? unsealText(key, placeOf(of), nameOf(row), row.sealedName) : '';
  }
}

const paperOf = (row: DocumentRow, name: string): CasePaper => ({
  id: row.id,
  kind: row.kind,
  name,
  type: row.type,
  size: row.size,
  state: row.state,
  stateAt: row.stateAt,
  why: row.why,
  madeAt: row.madeAt,
  madeBy: row.madeBy,
});
