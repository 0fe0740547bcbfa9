import { createHash } from 'node:crypto';
import { levelOf } from '../../../../domain/form/online.ts';
import { statesOf } from '../../../../domain/form/states.ts';
import {
  highestOf,
  isEnough,
  type Level,
  maskedIdentifier,
  nifIn,
} from '../../../../domain/identity.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { canonicalJson } from '../../../../lib/envelope/canonical-json.ts';
import { sealText } from '../../../../lib/envelope/seal.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { PersonViewer, Viewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import { holdIdentification } from '../../../foundation/identification/service.ts';
import type { IdentificationOf } from '../../../foundation/identification/types.ts';
import { cosignerSecret } from '../../../foundation/notices/service.ts';
import { readOpened } from '../../../foundation/openings/views.ts';
import { numberText } from '../../../foundation/registry/service.ts';
import type { OpenDocument } from '../../documents/types.ts';
import { applicantOf } from '../applicant.ts';
import { type CasesDeps, findTheirs, tell } from '../keeping.ts';
import { enter } from '../moving.ts';
import { namedIn as papersNamedIn } from '../papers/handed-in.ts';
import { spaceOf } from '../papers/service.ts';
import { type HandedIn, namedIn, openHandedIn } from '../record/handed-in.ts';
import { aboutCosigner } from '../rules.ts';
import { openSealed, placeOf } from '../sealing.ts';
import { tellApplicant } from '../telling.ts';
import type { CaseRow } from '../types.ts';
import { readCase, readCaseForUpdate } from '../views.ts';
import { openCosigner, openCosigners } from './asking.ts';
import { setCosignAnswer } from './store.ts';
import type {
  Cosigner,
  CosignerRow,
  CosignLook,
  CosignRecord,
  CosignResult,
  OpenedCosigner,
  ToCosign,
} from './types.ts';
import { isUnsigned, readCosigner } from './views.ts';

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

/** The level of the form, and at least that with which the law lets people sign (Ley 39/2015, art. 10). */
export const cosignLevel = (form: Parameters<typeof levelOf>[0]): Level =>
  highestOf([levelOf(form), 'substantial']);

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
      inOwn(viewer, office, id, (each, on) => sign(deps, each, on, hash)),
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
      return opened && 'record' in opened ? namedIn(deps, office, opened) : null;
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

/** Why something is not for whoever is identified: see `CosignLook`. */
type NotTheirs = 'other' | 'level' | 'not_found';

/** What somebody must sign, who is identified and the one who must. */
interface On {
  cosigner: OpenedCosigner;
  /** Locked. */
  row: CaseRow;
  office: Office;
  form: PublishedForm;
}

async function findOwn(
  { keyring, forms }: Pick<Deps, 'keyring' | 'forms'>,
  unit: Unit<PersonViewer>,
  { id, office, known }: { id: string; office: Office; known: IdentificationOf | null },
): Promise<On | NotTheirs> {
  const { tx, viewer } = unit;
  const found = isUuid(id) ? await readCosigner(tx, id) : null;
  const row = found && (await readCaseForUpdate(tx, found.case));
  const key = row && (await keyring.shelf(tx, placeOf(row)));
  if (!found || !row || !key) return 'not_found';
  // What was answered while the case was waited for.
  const cosigner = openCosigner(key, row, (await readCosigner(tx, id)) ?? found);
  const isThem = known?.of.identifier === cosigner.nif && known.represents === null;
  if (!isThem) return 'other';
  const form = await forms.version(office.id, row.form);
  return isEnough(viewer.level, cosignLevel(form.form)) ? { cosigner, row, office, form } : 'level';
}

const isOpen = ({ cosigner, row, form }: On): boolean =>
  cosigner.answered === null && row.state === form.form.cosigners?.state;

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
  };
}

async function sign(
  deps: Deps,
  unit: Unit<PersonViewer>,
  on: On,
  hash: string,
): Promise<CosignResult> {
  const { row, office, cosigner } = on;
  if (!isOpen(on)) return { ok: false, reason: 'over' };
  const { record } = await openSealed(deps.keyring, unit.tx, row);
  if (!record || row.recordHash !== hash) return { ok: false, reason: 'changed' };
  const { identification, level } = unit.viewer;
  if (!(await holdIdentification(unit, identification))) return { ok: false, reason: 'other' };
  const { version, case: of, reference, office: at, procedure, name, language } = record;
  const signed: CosignRecord = {
    ...{ version, case: of, reference, office: at, procedure, name, language },
    what: 'signature',
    of: hash,
    signer: { identification, level },
    at: unit.now.toString(),
  };
  const text = canonicalJson(signed);
  const content = createHash('sha256').update(text).digest('hex');
  const about = aboutCosigner(row.id, cosigner.nth);
  const entry = await deps.registry.register(unit, office, { direction: 'entry', about, content });
  const number = numberText(entry);
  const key = await deps.keyring.make(unit.tx, placeOf(row));
  const sealed = sealText(key, placeOf(row), `cosigned ${cosigner.id}`, text);
  await setCosignAnswer(unit, cosigner.id, 'signed', {
    number,
    record: sealed,
    hash: content,
    identification,
  });
  await tell(unit, row.id, 'cosigned', { nth: cosigner.nth, number });
  await goOn(deps, unit, on);
  return { ok: true, number };
}

/** Takes a case on when everybody has signed, and tells its applicant. */
async function goOn(deps: Deps, unit: Unit<PersonViewer>, on: On): Promise<void> {
  const { row, office, form } = on;
  const next = statesOf(form.form).transitions.find(
    ({ from, who }) => who === 'cosigners' && from === row.state,
  );
  if (next && !(await isUnsigned(unit.tx, row.id)))
    await enter(unit, row, { office, form, to: next.to });
  await tellApplicant(deps.keyring, unit, row, { news: 'moved' });
}

async function decline(deps: Deps, unit: Unit<PersonViewer>, on: On): Promise<CosignResult> {
  const { row, cosigner } = on;
  if (!isOpen(on)) return { ok: false, reason: 'over' };
  await setCosignAnswer(unit, cosigner.id, 'declined');
  await tell(unit, row.id, 'cosign_declined', { nth: cosigner.nth });
  await tellApplicant(deps.keyring, unit, row, { news: 'moved' });
  return { ok: true, number: null };
}
