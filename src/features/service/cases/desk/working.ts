import { randomUUID } from 'node:crypto';
import { statesOf } from '../../../../domain/form/states.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { rolesThatCan } from '../../../../domain/roles.ts';
import { isSaidAgain } from '../../../../domain/said-again.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { sealText, unsealText } from '../../../../lib/envelope/seal.ts';
import { actorOf, type StaffViewer, staffIn } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import { openAmendments } from '../amendment/opened.ts';
import { mayExtend, mostMore } from '../amendment/rules.ts';
import { applicantOf, withIdentity } from '../applicant.ts';
import { type CasesDeps, findTheirs, formOf, isHabilitated, tell } from '../keeping.ts';
import { move, stateOf } from '../moving.ts';
import { entryIn, openedOf } from '../opening.ts';
import { papersSeen } from '../papers/handed-in.ts';
import { openReports } from '../reports/opened.ts';
import { mayAskReports } from '../reports/rules.ts';
import { isAsSeen, isOver, seenOf } from '../rules.ts';
import { openSealed, placeOf } from '../sealing.ts';
import { setAssignee, setState, setTeam } from '../store.ts';
import { tellApplicant } from '../telling.ts';
import { type Amendment, type CaseEvent, type CaseRow, DRAFT, type Seen } from '../types.ts';
import { handlesIn, readCase, readCaseEvents, readCaseForUpdate, readLeft } from '../views.ts';
import { openDecision } from './decided.ts';
import {
  cameTo,
  deskSteps,
  isGrantedBySilence,
  mayGive,
  NOTE_LENGTH,
  undoableIn,
} from './rules.ts';
import { insertNote } from './store.ts';
import type { CaseNote, CaseWork, Decision, DeskResult } from './types.ts';
import { readDecision, readNotes, readStaffWith } from './views.ts';

/** What an official does with one case. Each change names the case as it was seen, and is refused when somebody changed it since. */
export interface Working {
  /** Returns a case with all that an official works with; null: it isn't theirs, or was not handed in. The look is recorded. */
  work(viewer: StaffViewer, office: Office, id: string): Promise<CaseWork | null>;
  /** Takes a case to another state. What asks to amend it or decides it has its own way. */
  step(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: { to: string; seen: Seen },
  ): Promise<DeskResult>;
  /** Takes the last step back, within some minutes. */
  undo(viewer: StaffViewer, office: Office, id: string, seen: Seen): Promise<DeskResult>;
  /** Gives a case to a member of staff, or to nobody. An agent takes one or gives back their own. */
  give(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: { assignee: number | null; seen: Seen },
  ): Promise<DeskResult>;
  /** Gives a case to a team, or to the whole office; nobody handles it then. So does whoever handles it, and who coordinates. */
  route(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: { team: string | null; seen: Seen },
  ): Promise<DeskResult>;
  /** Writes a note for colleagues. The citizen never sees it. The same words sent twice in a row are one note. */
  note(viewer: StaffViewer, office: Office, id: string, text: string): Promise<DeskResult>;
  /** Has open cases be nobody’s whose official has left, or handles none any more. Returns how many. */
  freeLeft(): Promise<number>;
}

interface On {
  row: CaseRow;
  office: Office;
  form: PublishedForm;
  isHabilitated: boolean;
}

/** Returns what runs a change of a locked case that is as the viewer saw it. */
const createChange =
  (deps: CasesDeps) =>
  async (
    viewer: StaffViewer,
    on: { office: Office; id: string; seen: Seen | null },
    run: (each: Unit<StaffViewer>, on: On) => Promise<DeskResult>,
  ): Promise<DeskResult> => {
    const { office, id, seen } = on;
    const form = await formOf(deps, office, id);
    if (!form) return { ok: false, reason: 'not_found' };
    const may = await isHabilitated(deps, office, viewer);
    return deps.unit(viewer, office.id, async (each) => {
      const row = await findTheirs(each, id, readCaseForUpdate);
      if (!row || row.state === DRAFT) return { ok: false, reason: 'not_found' };
      if (seen !== null && !isAsSeen(row, seen)) return { ok: false, reason: 'changed' };
      return run(each, { row, office, form, isHabilitated: may });
    });
  };

export function createWorking(deps: CasesDeps): Working {
  const { unit, keyring } = deps;
  const change = createChange(deps);
  return {
    async work(viewer, office, id) {
      const form = await formOf(deps, office, id);
      const may = await isHabilitated(deps, office, viewer);
      const work =
        form &&
        (await unit(viewer, office.id, (each) =>
          open(deps, each, { id, office, form, isHabilitated: may }),
        ));
      if (!work) return null;
      const { record } = work.opened;
      return {
        ...work,
        applicant: await withIdentity(deps.identification, work.applicant, record),
      };
    },

    step: (viewer, office, id, { to, seen }) =>
      change(viewer, { office, id, seen }, async (each, on) => {
        const steps = deskSteps(statesOf(on.form.form), on.row.state, viewer, on.isHabilitated);
        const step = steps.find((one) => one.to === to);
        if (step?.how !== 'step' && step?.how !== 'end')
          return { ok: false, reason: 'not_allowed' };
        const moved = await move(each, on.row, { ...on, to });
        if (moved.ok && step.how === 'end')
          await tellApplicant(keyring, each, on.row, { news: 'moved' });
        return moved;
      }),

    undo: (viewer, office, id, seen) =>
      change(viewer, { office, id, seen }, (each, on) => takeBack(each, on)),

    give: (viewer, office, id, { assignee, seen }) =>
      change(viewer, { office, id, seen }, (each, { row }) => give(each, row, assignee)),

    route: (viewer, office, id, { team, seen }) =>
      change(viewer, { office, id, seen }, (each, on) => route(each, on, team)),

    note: (viewer, office, id, text) =>
      change(viewer, { office, id, seen: null }, (each, { row }) => note(keyring, each, row, text)),

    freeLeft: () => freeLeft(deps),
  };
}

/** Gives a locked case to somebody. An agent takes one or gives back their own; those who coordinate give it to anybody. */
async function give(
  unit: Unit<StaffViewer>,
  row: CaseRow,
  assignee: number | null,
): Promise<DeskResult> {
  const { tx, viewer, office } = unit;
  const isOwn = assignee === viewer.staff || (assignee === null && row.assignee === viewer.staff);
  if (!isOwn && !mayGive(viewer)) return { ok: false, reason: 'not_allowed' };
  if (assignee !== null && !(await handlesIn(tx, office, assignee)))
    return { ok: false, reason: 'not_allowed' };
  if (assignee === row.assignee) return { ok: true };
  await setAssignee(tx, row.id, assignee);
  await tell(unit, row.id, 'assigned', { assignee });
  return { ok: true };
}

/** The most cases in one pass of the job. */
const AT_ONCE = 100;

async function freeLeft({ db, unit }: Pick<CasesDeps, 'db' | 'unit'>): Promise<number> {
  const left = await within(db, INSTALLATION, (tx) => readLeft(tx, AT_ONCE));
  let freed = 0;
  for (const { id, office } of left)
    await unit({ kind: 'system', why: 'cases' }, office, async (each) => {
      const row = await readCaseForUpdate(each.tx, id);
      // Somebody may have given it to a colleague meanwhile.
      if (!row || row.assignee === null || (await handlesIn(each.tx, office, row.assignee))) return;
      await setAssignee(each.tx, id, null);
      await tell(each, id, 'assigned', { assignee: null });
      freed++;
    });
  return freed;
}

/** Gives a locked case to a team, or to the whole office. */
async function route(
  unit: Unit<StaffViewer>,
  { row, office }: On,
  team: string | null,
): Promise<DeskResult> {
  const { tx, viewer } = unit;
  const isThere = team === null || office.settings.teams.some(({ code }) => code === team);
  const may = row.assignee === viewer.staff || mayGive(viewer);
  if (!isThere || !may || row.closedAt !== null) return { ok: false, reason: 'not_allowed' };
  if (team === row.team) return { ok: true };
  await setTeam(tx, row.id, team);
  await tell(unit, row.id, 'assigned', { assignee: null, team });
  return { ok: true };
}

/** Keeps a note of a locked case, sealed under its key. */
async function note(
  keys: Pick<CasesDeps['keyring'], 'make' | 'shelf'>,
  unit: Unit<StaffViewer>,
  row: CaseRow,
  text: string,
): Promise<DeskResult> {
  const said = text.trim();
  if (said === '' || said.length > NOTE_LENGTH) return { ok: false, reason: 'invalid' };
  const [newest] = await openNotes(keys, unit, row);
  const { viewer, now } = unit;
  if (isSaidAgain(newest, { by: actorOf(viewer), text: said, at: now })) return { ok: true };
  const key = await keys.make(unit.tx, placeOf(row));
  const id = randomUUID();
  const sealed = sealText(key, placeOf(row), noteOf(id), said);
  await insertNote(unit, { id, case: row.id, sealed });
  await unit.record('case_noted', { data: { case: row.id, note: id } });
  return { ok: true };
}

const noteOf = (id: string): string => `note ${id}`;

async function open(
  deps: Pick<CasesDeps, 'keyring' | 'papers'>,
  unit: Unit<StaffViewer>,
  { id, office, form, isHabilitated: may }: Omit<On, 'row'> & { id: string },
): Promise<CaseWork | null> {
  const { keyring } = deps;
  const { tx, now, viewer, record } = unit;
  const row = await findTheirs(unit, id, readCase);
  if (!row || row.state === DRAFT) return null;
  await record('case_read', { data: { case: id } });
  const events = await readCaseEvents(tx, id);
  const amendments = await openAmendments(keyring, tx, row);
  const table = statesOf(form.form);
  const decision = await openDecision(keyring, tx, row, await readDecision(tx, id));
  const today = now.toZonedDateTimeISO(office.timeZone);
  const sealed = await openSealed(keyring, tx, row);
  const papers = await papersSeen(deps.papers, unit, row, { form, sealed, amendments });
  return {
    opened: openedOf(row, sealed, { entry: entryIn(events), amendments, papers }),
    form,
    applicant: await applicantOf(keyring, tx, row),
    events,
    amendments,
    notes: await openNotes(keyring, unit, row),
    reports: await openReports(keyring, tx, row),
    mayAskReports: mayAskReports(viewer, row) && !isOver(table, row.state),
    decision,
    isGranted: isGrantedBySilence(form.form, row.decideBy, today.toPlainDate()),
    deciders: decision && !decision.issued ? await readDeciders(unit, decision) : [],
    steps: deskSteps(table, row.state, viewer, may),
    undo: undoableIn(events, table, viewer, now),
    mostMore: moreOf(amendments, mostMore(table), today),
    seen: seenOf(row),
  };
}

/** Returns who of the office can issue what somebody else has written. */
const readDeciders = async (
  { tx, office }: Unit,
  { writtenBy }: Pick<Decision, 'writtenBy'>,
): Promise<number[]> => {
  const all = await readStaffWith(tx, office, rolesThatCan('decide_cases'));
  return all.filter((each) => each !== staffIn(writtenBy));
};

const moreOf = ([newest]: readonly Amendment[], most: number, now: Temporal.ZonedDateTime) =>
  newest && mayExtend(newest, now.toPlainDate()) ? most : 0;

async function openNotes(
  keys: Pick<CasesDeps['keyring'], 'shelf'>,
  { tx }: Unit,
  row: CaseRow,
): Promise<CaseNote[]> {
  const notes = await readNotes(tx, row.id);
  const key = notes.length > 0 ? await keys.shelf(tx, placeOf(row)) : null;
  if (!key) return [];
  return notes.map(({ sealed, ...note }) => ({
    ...note,
    text: unsealText(key, placeOf(row), noteOf(note.id), sealed),
  }));
}

/** Takes a case back to the state before its last step, with the terms that it had. */
async function takeBack(unit: Unit<StaffViewer>, on: On): Promise<DeskResult> {
  const { row, office, form } = on;
  const { tx, now, viewer } = unit;
  const events = await readCaseEvents(tx, row.id);
  const undo = undoableIn(events, statesOf(form.form), viewer, now);
  if (!undo || undo.to !== row.state) return { ok: false, reason: 'not_allowed' };
  const before = events.filter(({ at }) => Temporal.Instant.compare(at, undo.at) < 0);
  const from = Temporal.PlainDate.from(String(handedIn(events)?.data.from));
  const at = cameTo(before, undo.from) ?? now;
  await setState(
    unit,
    row.id,
    stateOf(office, form, { state: undo.from, at, from, events: before }),
  );
  await tell(unit, row.id, 'undone', { from: undo.to, to: undo.from });
  return { ok: true };
}

const handedIn = (events: readonly CaseEvent[]) => events.find(({ kind }) => kind === 'handed_in');
