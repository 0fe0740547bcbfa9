import { createHash } from 'node:crypto';
import type { FileAnswer } from '../../../../domain/form/answers/things.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { type Tx, within } from '../../../../lib/db/database.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { ApplicantViewer } from '../../../../lib/viewer.ts';
import { isSpaceOpen } from '../../../booking/appointments/rules.ts';
import { lockAppointment } from '../../../booking/appointments/service.ts';
import { readById } from '../../../booking/appointments/views.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import { kindLike } from '../../documents/rules.ts';
import type { SpacePaper } from '../../documents/types.ts';
import { type CasesDeps, findTheirs, formOf } from '../keeping.ts';
import { readHeldShown, readTies } from '../tying/views.ts';
import { type Case, DRAFT } from '../types.ts';
import { readCase, readCaseForUpdate } from '../views.ts';
import { bringsPapers } from './rules.ts';
import { keepPaper, roomFor } from './service.ts';
import type { BringResult, PaperAt, PaperResult } from './types.ts';

/** The documents of an appointment about a case that its person can answer with. */
export interface SpaceShelf {
  appointment: string;
  start: Temporal.Instant;
  /** Whether papers of the case can be brought to it now, by the viewer. */
  takesPapers: boolean;
  papers: readonly SpacePaper[];
}

/** Papers that go from an appointment's space to a case, and back, without a copy of their bytes (docs/adr/0108). */
export interface Sharing {
  /** Returns the appointments about a case whose documents its person may open, with these. */
  inSpaces(viewer: ApplicantViewer, office: Office, id: string): Promise<SpaceShelf[]>;
  /** Answers a question with a document of an appointment about the case. */
  usePaper(
    viewer: ApplicantViewer,
    office: Office,
    id: string,
    at: PaperAt,
    of: { appointment: string; document: string },
  ): Promise<PaperResult>;
  /** Brings a paper of a case to the space of an appointment about it, where those who attend see it. It counts as any document there. */
  bringPaper(
    viewer: ApplicantViewer,
    office: Office,
    id: string,
    of: { appointment: string; document: string },
  ): Promise<BringResult>;
}

type Deps = Pick<CasesDeps, 'db' | 'clock' | 'unit' | 'forms' | 'keyring' | 'papers'>;

export function createSharing(deps: Deps): Sharing {
  const { db, clock, papers, unit } = deps;
  return {
    inSpaces: (viewer, office, id) =>
      within(db, office.id, async (tx) => {
        const shelves: SpaceShelf[] = [];
        const row = await findTheirs({ tx, viewer, office: office.id }, id, readCase);
        if (!row) return [];
        for (const appointment of await spacesOf(tx, viewer, row)) {
          const booked = await readById(tx, appointment);
          const found = await papers.inSpace(tx, appointment);
          if (!booked) continue;
          const isOpen = isSpaceOpen(booked, office.settings.retention, clock.now());
          const takesPapers = isOpen && bringsPapers(viewer, row, appointment);
          shelves.push({ appointment, start: booked.start, takesPapers, papers: found });
        }
        return shelves;
      }),

    async usePaper(viewer, office, id, at, of) {
      const form = await formOf(deps, office, id);
      const file = form && (await fileOf(deps, viewer, office, id, of));
      if (!form || !file) return { ok: false, reason: 'not_found' };
      return unit(viewer, office.id, (each) => use(deps, each, { office, id, at, form, of, file }));
    },

    bringPaper: (viewer, office, id, of) =>
      unit(viewer, office.id, (each) => bring(deps, each, office, id, of)),
  };
}

/**
 * Returns the appointments about a case whose documents the viewer may open: they have typed a code for it in this browser, or something shows that
 * the identified person is its citizen (docs/adr/0040, 0084).
 */
async function spacesOf(
  tx: Tx,
  viewer: ApplicantViewer,
  row: Pick<Case, 'id' | 'citizenOf'>,
): Promise<string[]> {
  const tied = await readTies(tx, row.id);
  const person = viewer.identified?.person;
  const shown = person ? await readHeldShown(tx, person, tied) : [];
  const proved = viewer.proof ? row.citizenOf : null;
  return tied.filter((each) => each === proved || shown.includes(each));
}

/** Returns a document of an appointment as an answer has it, with the SHA-256 of its bytes; null: it is not there for the viewer. */
async function fileOf(
  { db, papers }: Pick<Deps, 'db' | 'papers'>,
  viewer: ApplicantViewer,
  office: Office,
  id: string,
  { appointment, document }: { appointment: string; document: string },
): Promise<Omit<FileAnswer, 'document'> | null> {
  const opened = await within(db, office.id, async (tx) => {
    const row = await findTheirs({ tx, viewer, office: office.id }, id, readCase);
    return row && (await spacesOf(tx, viewer, row)).includes(appointment)
      ? papers.openInSpace(tx, appointment, document)
      : null;
  });
  if (!opened) return null;
  const hash = createHash('sha256');
  let head: Buffer | null = null;
  for await (const part of opened.read()) {
    head ??= Buffer.from(part.subarray(0, HEAD_BYTES));
    hash.update(part);
  }
  const { name, size: bytes } = opened;
  return { name, bytes, kind: kindLike(head ?? Buffer.alloc(0), name), sha256: hash.digest('hex') };
}

/** The bytes that tell the kind of a file. */
const HEAD_BYTES = 64;

interface Using {
  office: Office;
  id: string;
  at: PaperAt;
  form: PublishedForm;
  of: { appointment: string; document: string };
  file: Omit<FileAnswer, 'document'>;
}

async function use(
  deps: Deps,
  unit: Unit<ApplicantViewer>,
  { office, id, at, form, of, file }: Using,
): Promise<PaperResult> {
  const on = { viewer: unit.viewer, office, id, at, form };
  const refusal = await roomFor(deps, unit, on, { ...file, document: 'new' });
  if (refusal) return refusal;
  // It may have been taken back since its bytes were read.
  const row = await findTheirs(unit, id, readCase);
  const isTheirs = row && (await spacesOf(unit.tx, unit.viewer, row)).includes(of.appointment);
  const document = isTheirs ? await deps.papers.share(unit, of.document, { case: id }) : null;
  if (document === null) return { ok: false, reason: 'gone' };
  return keepPaper(deps, unit, on, { ...file, document });
}

async function bring(
  { papers }: Pick<Deps, 'papers'>,
  unit: Unit<ApplicantViewer>,
  office: Office,
  id: string,
  { appointment, document }: { appointment: string; document: string },
): Promise<BringResult> {
  const { tx, viewer, now } = unit;
  const booked = isUuid(appointment) ? await lockAppointment(tx, appointment) : null;
  const row = await findTheirs(unit, id, readCaseForUpdate);
  if (!booked || row?.state !== DRAFT || !bringsPapers(viewer, row, appointment))
    return { ok: false, reason: 'not_found' };
  if (!(await spacesOf(tx, viewer, row)).includes(appointment))
    return { ok: false, reason: 'not_found' };
  if (!isSpaceOpen(booked, office.settings.retention, now))
    return { ok: false, reason: 'not_open' };
  const paper = (await papers.list(tx, { office: office.id, case: id })).find(
    (each) => each.id === document && each.state === 'clean',
  );
  return paper ? papers.bring(unit, office, paper, appointment) : { ok: false, reason: 'gone' };
}
