import { maskedIdentifier, nifIn } from '../../../../domain/identity.ts';
import type { Office } from '../../../../domain/office/types.ts';
import type { PersonViewer, Viewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { cosignerSecret } from '../../../foundation/notices/service.ts';
import { readOpened } from '../../../foundation/openings/views.ts';
import type { OpenDocument } from '../../documents/types.ts';
import { applicantOf } from '../applicant.ts';
import { type CasesDeps, findTheirs, tell } from '../keeping.ts';
import { papersNamedIn } from '../papers/handed-in.ts';
import { spaceOf } from '../papers/service.ts';
import { type HandedIn, openHandedIn, withPerson } from '../record/handed-in.ts';
import { aboutCosigner } from '../rules.ts';
import { openSealed } from '../sealing.ts';
import { tellApplicant } from '../telling.ts';
import type { CaseRow } from '../types.ts';
import { readCase } from '../views.ts';
import { openCosigners } from './asking.ts';
import { findOwn, isOpen, type NotTheirs, type On } from './own.ts';
import { canSign, prepareToSign, registerSigned, signBySession } from './signing.ts';
import { setCosignAnswer } from './store.ts';
import type {
  Cosigner,
  CosignerRow,
  CosignLook,
  CosignPrepareResult,
  CosignResult,
  OpenedCosigner,
  ToCosign,
  ToPrepare,
} from './types.ts';
import { readCosigner } from './views.ts';

/** Those who must sign what somebody else handed in: docs/adr/0110. */
export interface Cosigning {
  /** Returns who must sign a case; null: it isn't the viewer's. */
  ofCase(viewer: Viewer, office: Office, id: string): Promise<Cosigner[] | null>;
  /** Returns the link's secret of somebody who must sign. */
  secretOf(id: string): string;
  /** Returns whom a link is for; null: nobody. It says nothing of who may open it. */
  bySecret(secret: string): Promise<CosignerRow | null>;
  /** Opens what somebody must sign, for them alone. The look is on the trail. */
  open(viewer: PersonViewer, office: Office, id: string): Promise<CosignLook>;
  /**
   * Signs by the session of whoever is identified: what they signed is sealed and registered. The last signature takes the case on. `hash`: of what
   * they read.
   */
  sign(viewer: PersonViewer, office: Office, id: string, hash: string): Promise<CosignResult>;
  /**
   * Prepares, in the unit of work of a signature, what whoever must sign signs by more than their session; nobody else can.
   */
  prepare(
    unit: Unit<PersonViewer>,
    office: Office,
    id: string,
    on: ToPrepare,
  ): Promise<CosignPrepareResult>;
  /** Returns whether somebody who must sign a locked case still can, in the unit of work of a signature. */
  isOpen(unit: Unit, row: CaseRow, id: string): Promise<boolean>;
  /** Registers what somebody signed by more than their session, in the unit of work of that signature. The last one takes the locked case on. */
  registerSigned(unit: Unit, office: Office, row: CaseRow, id: string): Promise<void>;
  /** Returns whether somebody is the one who must sign, identified to the level that it takes. */
  isFor(viewer: PersonViewer, office: Office, id: string): Promise<boolean>;
  /** Says that somebody does not sign. The applicant is told. */
  decline(viewer: PersonViewer, office: Office, id: string): Promise<CosignResult>;
  /** Returns the signature of somebody, for them alone; null: it isn't theirs, or they have not signed. The look is on the trail. */
  signed(viewer: PersonViewer, office: Office, id: string): Promise<HandedIn | null>;
  /** Opens a file of what somebody must sign; null: it isn't of that, or can't be opened. */
  openPaper(
    viewer: PersonViewer,
    office: Office,
    id: string,
    document: string,
  ): Promise<OpenDocument | null>;
}

type Deps = Pick<
  CasesDeps,
  'db' | 'unit' | 'forms' | 'keyring' | 'papers' | 'registry' | 'key' | 'identification'
>;

export function createCosigning(deps: Deps): Cosigning {
  const { db, unit, keyring } = deps;
  /** Runs something for the one who must sign; anybody else is refused. */
  const inOwn = async <T>(
    viewer: PersonViewer,
    office: Office,
    id: string,
    work: (each: Unit<PersonViewer>, on: On) => Promise<T>,
  ): Promise<T | { ok: false; reason: NotTheirs }> => {
    const known = await deps.identification.of(viewer.identification);
    return unit(viewer, office.id, async (each) => {
      const on = await findOwn(deps, each, { id, office, known });
      return typeof on === 'string' ? { ok: false, reason: on } : work(each, on);
    });
  };
  return {
    ofCase: (viewer, office, id) =>
      unit(viewer, office.id, async (each) => {
        const row = await findTheirs(each, id, readCase);
        return row && (await openCosigners(keyring, each.tx, row)).map(shownOf);
      }),
    secretOf: (id) => cosignerSecret(deps.key, id),
    bySecret: (secret) => readOpened(db, 'cosigner', secret, readCosigner),
    open: (viewer, office, id) =>
      inOwn(viewer, office, id, async (each, on) => ({
        ok: true,
        found: await open(deps, each, on),
      })),
    sign: (viewer, office, id, hash) =>
      inOwn(viewer, office, id, (each, on) => signBySession(deps, each, on, hash)),
    prepare: (each, office, id, on) => prepareToSign(deps, each, office, { id, ...on }),
    isOpen: (each, row, id) => canSign(deps, each, row, id),
    registerSigned: (each, office, row, id) => registerSigned(deps, each, office, { row, id }),
    isFor: async (viewer, office, id) =>
      (await inOwn(viewer, office, id, async () => null)) === null,
    decline: (viewer, office, id) =>
      inOwn(viewer, office, id, (each, on) => decline(deps, each, on)),
    async signed(viewer, office, id) {
      const opened = await inOwn(viewer, office, id, async (each, { row, cosigner }) => {
        const data = { case: row.id, cosigner: cosigner.id };
        await each.record('case_cosign_read', { data });
        const about = aboutCosigner(row.id, cosigner.nth);
        const all = await openHandedIn(deps, each.tx, row);
        return all.find((one) => one.about === about) ?? null;
      });
      return opened && 'record' in opened ? withPerson(deps, office, opened) : null;
    },
    async openPaper(viewer, office, id, document) {
      const opened = await inOwn(viewer, office, id, async (each, on) => {
        const { papers } = await open(deps, each, on);
        return papers.some((paper) => paper.id === document)
          ? deps.papers.open(each, spaceOf(on.row), document)
          : null;
      });
      return opened && 'read' in opened ? opened : null;
    },
  };
}

const shownOf = ({ nif, email, ...cosigner }: OpenedCosigner): Cosigner => {
  const of = nifIn(nif);
  return { ...cosigner, masked: of ? maskedIdentifier(of) : '', isWritten: email !== null };
};

async function open(deps: Deps, unit: Unit<PersonViewer>, on: On): Promise<ToCosign> {
  const { row, form, cosigner } = on;
  const { tx } = unit;
  const { record } = await openSealed(deps.keyring, tx, row);
  if (!record || !row.recordHash) throw new Error(`Case ${row.id} has nothing to sign`);
  await unit.record('case_cosign_read', { data: { case: row.id, cosigner: cosigner.id } });
  const all = await deps.papers.list(tx, spaceOf(row));
  const named = papersNamedIn(form.form, { record, amendments: [] });
  const applicant = await applicantOf(deps.keyring, tx, row);
  return {
    cosigner,
    form: form.form,
    record,
    hash: row.recordHash,
    papers: all.filter(({ id }) => named.has(id)),
    applicant: applicant?.name ?? '',
    isOpen: isOpen(on),
    isSigned: on.isSigned,
  };
}

async function decline(deps: Deps, unit: Unit<PersonViewer>, on: On): Promise<CosignResult> {
  const { row, cosigner } = on;
  if (!isOpen(on)) return { ok: false, reason: 'over' };
  await setCosignAnswer(unit, cosigner.id, 'declined');
  await tell(unit, row.id, 'cosign_declined', { nth: cosigner.nth });
  await tellApplicant(deps.keyring, unit, row, { news: 'moved' });
  return { ok: true, number: null };
}
