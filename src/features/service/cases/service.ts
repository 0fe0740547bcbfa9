import { levelOf } from '../../../domain/form/online.ts';
import { isEnough } from '../../../domain/identity.ts';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { ApplicantViewer, PersonViewer, Viewer } from '../../../lib/viewer.ts';
import { createThrottledAudit, type Unit } from '../../foundation/audit/service.ts';
import type { IdentificationOf } from '../../foundation/identification/types.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import { isTheirs } from './access.ts';
import { type Amending, createAmending } from './amendment/amending.ts';
import { answer, answerItem, handIn } from './answering.ts';
import { applicantOf, withIdentity } from './applicant.ts';
import { type Assisting, createAssisting } from './assisted/assisting.ts';
import { type HandingIn, handingInOf } from './assisted/confirming.ts';
import { claim } from './by-token/claiming.ts';
import { type HandInPaidResult, handInPaid, handInSigned, prepare } from './handing-in.ts';
import { discard, discardDrafts, passDeadlines } from './jobs.ts';
import { type CasesDeps, findTheirs, formOf } from './keeping.ts';
import { linkSecret } from './link.ts';
import { makeCase } from './making.ts';
import { caseOf, openCase } from './opening.ts';
import { createPapers, type Papers } from './papers/service.ts';
import { createSharing, type Sharing } from './papers/sharing.ts';
import { createHandedIn, type ReadingHandedIn } from './record/handed-in.ts';
import { forWhom } from './represented/acting.ts';
import { openSealed } from './sealing.ts';
import { createTying, type Tying } from './tying/service.ts';
import {
  type AnswerResult,
  type Applicant,
  type Case,
  type CaseEvent,
  type CaseRow,
  type Change,
  type Door,
  DRAFT,
  type HandInResult,
  type ItemChange,
  type ItemResult,
  type OpenedCase,
  type PaidFee,
  type PrepareResult,
} from './types.ts';
import { isOnItsWay, readCase, readCaseEvents, readCaseForUpdate, readCasesOf } from './views.ts';
import { createWithdrawing, type Withdrawing } from './withdrawal/withdrawing.ts';

export { type CaseNews, createCaseNews } from './assisted/following.ts';
export { createDescribing } from './describing.ts';

/** What a case begins with that somebody begins themselves. */
export interface Begin {
  procedure: string;
  door: Door;
  language: Language;
}

/**
 * Cases: the procedure itself, from the first answer to the decision (docs/adr/0091). A case that isn't the viewer's is answered as if it
 * didn't exist.
 */
export interface Cases
  extends Amending,
    Assisting,
    ReadingHandedIn,
    Papers,
    Sharing,
    Tying,
    Withdrawing {
  /**
   * Begins a case with the newest version of its procedure's form. Returns its id; null: there is no form, the applicant is not identified
   * to the level that it demands, or acts for somebody for whom they can't begin it. What an identified person begins opens to them alone.
   */
  begin(viewer: ApplicantViewer, office: Office, what: Begin): Promise<string | null>;
  /** Opens a case with its answers; null: it isn't the viewer's. A look of staff is recorded. */
  open(viewer: Viewer, office: Office, id: string): Promise<OpenedCase | null>;
  /**
   * Changes answers: of a draft, and where something is asked to be amended, of that alone. Two pages that change different ones lose nothing:
   * of each question the last answer counts.
   */
  answer(viewer: Viewer, office: Office, id: string, change: Change): Promise<AnswerResult>;
  /** Changes one item of a group. Items are named by keys, so that a page of one that was removed meanwhile changes no other. */
  answerItem(viewer: Viewer, office: Office, id: string, change: ItemChange): Promise<ItemResult>;
  /**
   * Hands a case in: its answers are checked, sealed as a record and registered, in one unit of work. `seen`: the version of the answers that
   * the applicant has checked; absent: any.
   */
  handIn(viewer: ApplicantViewer, office: Office, id: string, seen?: number): Promise<HandInResult>;
  /** Looks up who hands a case in and who helped them, for `prepare`, before its unit of work. */
  whoHandsIn(viewer: ApplicantViewer, office: Office, id: string): Promise<HandingIn>;
  /**
   * Prepares, in the unit of work of a payment or a signature, what is handed in when it is paid or signed: see `handIn`. `by`: the number of the
   * payment, or the id of the signature.
   */
  prepare(
    unit: Unit<ApplicantViewer>,
    office: Office,
    id: string,
    on: { by: string; who: HandingIn; seen?: number | undefined; isToSign?: boolean },
  ): Promise<PrepareResult>;
  /**
   * Hands in what was signed of a locked case that costs nothing; null: nothing of its answers, as they are now, is signed. `known`: who signed, read
   * before the unit of work.
   */
  handInSigned(
    unit: Unit,
    office: Office,
    row: CaseRow,
    known: IdentificationOf | null,
  ): Promise<{ ok: true; number: string } | null>;
  /** Hands in what was prepared for a payment, in its unit of work. `row`: the locked case, with the answers of then. */
  handInPaid(
    unit: Unit,
    office: Office,
    row: CaseRow,
    on: { sealed: Buffer; payment: PaidFee },
  ): Promise<HandInPaidResult>;
  /** Returns what happened to a case; null: it isn't the viewer's. */
  history(viewer: Viewer, office: Office, id: string): Promise<CaseEvent[] | null>;
  /** Returns who handed a case in, as their provider says or as they wrote; null: nobody did, or it isn't the viewer's. */
  applicant(viewer: Viewer, office: Office, id: string): Promise<Applicant | null>;
  /** Returns the case of a link; null: there is none. It says nothing of who may open it. */
  bySecret(secret: string): Promise<Case | null>;
  /** Returns the secret of a case's link, the same each time. */
  secretOf(of: Pick<Case, 'id' | 'link'>): string;
  /** Returns the cases that a person began in all offices, at most 50, those that they worked on last first. */
  ofPerson(viewer: PersonViewer): Promise<Case[]>;
  /**
   * Makes a draft that was begun for somebody an identified person's own: it opens to them alone from now on. Returns whether it is theirs.
   */
  claim(viewer: ApplicantViewer, office: Office, id: string): Promise<boolean>;
  /** Deletes a case that was not handed in, as its applicant wants. Returns whether it was there. */
  discard(viewer: ApplicantViewer, office: Office, id: string): Promise<boolean>;
  /** Deletes drafts that nobody changed for as long as their form says. Returns how many. */
  discardDrafts(): Promise<number>;
  /** Takes the steps that happen by themselves when a state's last day has passed. Returns how many. */
  passDeadlines(): Promise<number>;
}

export function createCases(deps: CasesDeps): Cases {
  const { unit } = deps;
  return {
    ...createReads(deps),
    ...createMore(deps),
    begin: (viewer, office, what) => begin(deps, { viewer, office, what }),

    async answer(viewer, office, id, change) {
      const form = await formOf(deps, office, id);
      if (!form) return { ok: false, reason: 'not_found' };
      return unit(viewer, office.id, (each) => answer(deps, each, { id, office, form, change }));
    },

    async answerItem(viewer, office, id, change) {
      const form = await formOf(deps, office, id);
      if (!form) return { ok: false, reason: 'not_found' };
      return unit(viewer, office.id, (each) =>
        answerItem(deps, each, { id, office, form, change }),
      );
    },

    async handIn(viewer, office, id, seen) {
      const form = await formOf(deps, office, id);
      if (!form) return { ok: false, reason: 'not_found' };
      const who = await handingInOf(deps, viewer, office, id);
      return unit(viewer, office.id, (each) =>
        handIn(deps, each, { id, office, form, seen, ...who }),
      );
    },

    claim: (viewer, office, id) => unit(viewer, office.id, (each) => claim(each, id)),

    discard: (viewer, office, id) =>
      unit(viewer, office.id, async (each) => {
        const row = await findTheirs(each, id, readCaseForUpdate);
        if (row?.state !== DRAFT || (await isOnItsWay(each.tx, id))) return false;
        await discard(deps, each, row);
        return true;
      }),
    discardDrafts: () => discardDrafts(deps),
    passDeadlines: () => passDeadlines(deps),
  };
}

/** What a payment or a signature does with its case, in its own unit of work. */
function createPaidHandIn(deps: CasesDeps): Pick<Cases, Prepared> {
  const { forms } = deps;
  return {
    whoHandsIn: (viewer, office, id) => handingInOf(deps, viewer, office, id),

    async prepare(unitOfIt, office, id, on) {
      const row = isUuid(id) ? await readCase(unitOfIt.tx, id) : null;
      if (!row) return { ok: false, reason: 'not_found' };
      const form = await forms.version(office.id, row.form);
      const { who, ...asked } = on;
      return prepare(deps, unitOfIt, { id, office, form, ...who, ...asked });
    },

    async handInPaid(unitOfIt, office, row, on) {
      const form = await forms.version(office.id, row.form);
      return handInPaid(deps, unitOfIt, row, { office, form, ...on });
    },

    async handInSigned(unitOfIt, office, row, known) {
      const form = await forms.version(office.id, row.form);
      return handInSigned(deps, unitOfIt, row, { office, form, known });
    },
  };
}

type Prepared = 'whoHandsIn' | 'prepare' | 'handInPaid' | 'handInSigned';

type More = Amending & Assisting & ReadingHandedIn & Papers & Sharing & Tying & Withdrawing;

/** What has files of its own. */
const createMore = (deps: CasesDeps): More & Pick<Cases, Prepared> => ({
  ...createHandedIn(deps),
  ...createAssisting(deps),
  ...createAmending(deps),
  ...createPapers(deps),
  ...createSharing(deps),
  ...createTying(deps),
  ...createWithdrawing(deps),
  ...createPaidHandIn(deps),
});

/** What is read of cases. */
function createReads(
  deps: CasesDeps,
): Pick<Cases, 'open' | 'history' | 'applicant' | 'bySecret' | 'secretOf' | 'ofPerson'> {
  const { db, unit, keyring, identification } = deps;
  const throttled = createThrottledAudit();
  return {
    open: (viewer, office, id) =>
      unit(viewer, office.id, async (each) => {
        const row = await findTheirs(each, id, readCase);
        if (!row) return null;
        const look = () => each.record('case_read', { data: { case: id } });
        // A form that is filled in together is looked at again at each change.
        const isTogether = row.state === DRAFT;
        if (viewer.kind === 'staff')
          await (isTogether ? throttled.within(each, `${viewer.staff} ${id}`, look) : look());
        const form = await deps.forms.version(office.id, row.form);
        return openCase(deps, each, row, form);
      }),

    history: (viewer, office, id) =>
      within(db, office.id, async (tx) => {
        const row = isUuid(id) ? await readCase(tx, id) : null;
        return row && isTheirs(viewer, row) ? readCaseEvents(tx, id) : null;
      }),

    async applicant(viewer, office, id) {
      const [who, record] = await within(db, office.id, async (tx) => {
        const row = isUuid(id) ? await readCase(tx, id) : null;
        if (!row || !isTheirs(viewer, row)) return [null, null];
        const { record: handedIn } = await openSealed(keyring, tx, row);
        return [await applicantOf(keyring, tx, row), handedIn];
      });
      return withIdentity(identification, who, record);
    },

    bySecret: async (secret) => {
      const row = await readOpened(db, 'case', secret, readCase);
      return row && caseOf(row);
    },
    secretOf: (of) => linkSecret(deps.key, of),
    ofPerson: ({ person }) =>
      within(db, { person }, async (tx) => (await readCasesOf(tx, person, MOST_SHOWN)).map(caseOf)),
  };
}

/** The most cases of a person that are shown. */
const MOST_SHOWN = 50;

async function begin(
  deps: CasesDeps,
  on: { viewer: ApplicantViewer; office: Office; what: Begin },
): Promise<string | null> {
  const { viewer, office } = on;
  const { procedure, door, language } = on.what;
  const form = await deps.forms.current(office, procedure);
  const { identified } = viewer;
  if (!form || !isEnough(identified?.level ?? 'none', levelOf(form.form))) return null;
  const id = deps.key.newId();
  return deps.unit({ ...viewer, case: id }, office.id, async (unit) => {
    const whom = identified && (await forWhom(unit, identified, form.form));
    if (whom === 'no') return null;
    const owner = identified && { ...identified, ...(whom && { person: whom.person }) };
    await makeCase(deps, unit, { id, form, door, language, owner, encounter: null, whom });
    return id;
  });
}

// What other parts of the product need, which is in folders of its own.
export {
  amendDays,
  amendedTo,
  MOST_POINTS,
  openTo,
  POINT_LENGTH,
  REPLY_LENGTH,
} from './amendment/rules.ts';
// What the notification of decisions needs.
export { concernedIn, withIdentity } from './applicant.ts';
export { HOLD_LENGTH, mayHoldCases } from './archive/rules.ts';
export { type Archive, createArchive } from './archive/service.ts';
export type { ArchivePage, Keeping } from './archive/types.ts';
export { type AtOnce, createAtOnce } from './at-once/service.ts';
export { LONGEST_NAME } from './by-act/rules.ts';
export { type ByAct, createByAct } from './by-act/service.ts';
export {
  type ActField,
  type ActMistakes,
  type AskedAct,
  type HandInForResult,
  type PrepareActResult,
  SHOWN_DOCUMENTS,
} from './by-act/types.ts';
export {
  type CasesByToken,
  createCasesByToken,
} from './by-token/service.ts';
export type {
  CaseRefusal,
  TokenAnswers,
  TokenCase,
  TokenCaseWithSteps,
} from './by-token/types.ts';
export { type Cosigning, createCosigning } from './cosigning/service.ts';
export type { Cosigner, CosignerRow, ToCosign } from './cosigning/types.ts';
export { letterOf, peopleIn } from './desk/letter.ts';
export { handedInBy, issuedDecision } from './desk/notified.ts';
export {
  DECISION_LENGTH,
  type DecisionMistake,
  decisionMistakes,
  isOutcome,
  mayGive,
  mayHandleCases,
  NOTE_LENGTH,
  type Outcome,
  whyNotIssue,
  whyNotWrite,
} from './desk/rules.ts';
export { type CaseDesk, createCaseDesk } from './desk/service.ts';
export { templateOf } from './desk/templates.ts';
export {
  type CaseWork,
  type Decision,
  type DecisionText,
  type DeskResult,
  type DeskStep,
  GROUPS,
  type Group,
  type InboxFilter,
  type InboxPage,
  type InboxRow,
  type IssueObstacle,
  type Notifying,
  type WriteObstacle,
} from './desk/types.ts';
export { applicationToSign, signedContent } from './handing-in.ts';
export { findTheirs, tell as tellCase } from './keeping.ts';
export {
  type CaseMessages,
  createCaseMessages,
  MESSAGE_LENGTH,
  MESSAGES_SHOWN,
} from './messages/service.ts';
export type { CaseMessage, Conversation } from './messages/types.ts';
export { finishableForm, finishableForms } from './offering/service.ts';
export { paperNews } from './papers/refused.ts';
export { opensPapers, paperMistakes } from './papers/rules.ts';
export type { HandedIn, HandedInRecord } from './record/handed-in.ts';
export type { Addressees } from './reports/asking.ts';
export {
  isOwnRequest,
  MOST_REPORT_DAYS,
  REPORT_DAYS,
  REPORT_LENGTH,
  REPORT_QUESTION_LENGTH,
} from './reports/rules.ts';
export { createReports, type Reports } from './reports/service.ts';
export {
  type AskedReport,
  type AskMistake,
  OPINIONS,
  type Opinion,
  type Report,
  type ReportRow,
  type ReportToAnswer,
} from './reports/types.ts';
export { mayStillAct } from './represented/acting.ts';
export { placeOf as keyPlaceOf } from './sealing.ts';
export { tellApplicant } from './telling.ts';
export { createServeUnbooked } from './unbooked/service.ts';
