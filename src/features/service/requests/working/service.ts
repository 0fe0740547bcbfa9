import type { Office } from '../../../../domain/office/types.ts';
import { isClosedRequest, needOf, requestMoved } from '../../../../domain/requests/states.ts';
import { can, roleHandles } from '../../../../domain/roles.ts';
import { isSaidAgain } from '../../../../domain/said-again.ts';
import { tidyText } from '../../../../domain/tidy-text.ts';
import { actorOf, type StaffViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { findSent, mayLapse, type RequestsDeps, settingsOf } from '../keeping.ts';
import { moveRequest, writeMessage } from '../moving.ts';
import { mayHandle, REQUEST_LENGTH, stateBefore } from '../rules.ts';
import {
  changeRequest,
  insertRequestEvent,
  insertRequestNote,
  remerge,
  setCallOwed,
} from '../store.ts';
import { isToldOfNews, tellRequest } from '../telling.ts';
import { type RequestRow, UNANSWERED } from '../types.ts';
import {
  readRequest,
  readRequestByReference,
  readRequestEvents,
  readRequestForUpdate,
  readRequestMessages,
  readRequestNotes,
} from '../views.ts';
import type { AskedStep, RequestWorkResult } from './types.ts';
import { readRoleIn } from './views.ts';

/** What officials do with a request. Each change names it as it was seen, and is refused when somebody changed it since. */
export interface WorkingOnRequests {
  /** Takes a step of the state table. Its person is told as they chose. */
  step(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: AskedStep,
  ): Promise<RequestWorkResult>;
  /** Gives it to a member of staff, or to nobody (null). An agent takes one or gives back their own; whoever coordinates gives it to anybody. */
  give(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: { assignee: number | null; seen: number },
  ): Promise<RequestWorkResult>;
  /**
   * Gives it to a team; null: back to whoever coordinates. `reason`: a code of the office, why it is sent on; sent back without one, it is `missing` where
   * the office has any. Nobody handles it then.
   */
  route(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: { team: string | null; reason?: string; seen: number },
  ): Promise<RequestWorkResult>;
  /** Writes to its person, without another state. The same words sent twice in a row are one message. */
  write(viewer: StaffViewer, office: Office, id: string, text: string): Promise<RequestWorkResult>;
  /** Notes that its person, who wants to be called, was called and told the news. */
  called(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: { seen: number },
  ): Promise<RequestWorkResult>;
  /** Writes a note for colleagues. Its person never sees it. The same words sent twice in a row are one note. */
  note(viewer: StaffViewer, office: Office, id: string, text: string): Promise<RequestWorkResult>;
}

type Refused = Extract<RequestWorkResult, { ok: false }>;
type Run = (each: Unit<StaffViewer>, row: RequestRow) => Promise<RequestWorkResult>;

const refused = (reason: Exclude<Refused['reason'], 'missing'>): Refused => ({ ok: false, reason });

export function createWorking(deps: RequestsDeps): WorkingOnRequests {
  const change = (
    viewer: StaffViewer,
    on: { office: Office; id: string; seen: number | null },
    run: Run,
  ): Promise<RequestWorkResult> =>
    deps.unit(viewer, on.office.id, async (each) => {
      const row = await findSent(each, on.id, readRequestForUpdate);
      if (!row) return refused('not_found');
      if (!mayHandle(viewer, row)) return refused('not_allowed');
      if (row.anonymisedAt) return refused('not_now');
      if (on.seen !== null && on.seen !== row.version) return refused('changed');
      return run(each, row);
    });
  return {
    step: (viewer, office, id, asked) =>
      change(viewer, { office, id, seen: asked.seen }, (each, row) =>
        takeStep(each, row, office, asked),
      ),

    give: (viewer, office, id, { assignee, seen }) =>
      change(viewer, { office, id, seen }, (each, row) => give(each, row, assignee)),

    route: (viewer, office, id, { team, reason, seen }) =>
      change(viewer, { office, id, seen }, (each, row) =>
        route(each, row, office, { team, reason }),
      ),

    write: (viewer, office, id, text) =>
      change(viewer, { office, id, seen: null }, (each, row) => write(each, row, tidyText(text))),

    called: (viewer, office, id, { seen }) =>
      change(viewer, { office, id, seen }, async (each, row) => {
        if (row.callOwedAt === null) return refused('not_now');
        // The days for an answer count from the call.
        await changeRequest(each, row, row.lastCallAt ? { lastCallAt: each.now } : {});
        await setCallOwed(each, id, false);
        await insertRequestEvent(each, id, { kind: 'called' });
        await each.record('request_called', { data: { request: id } });
        return { ok: true, isTold: true };
      }),

    note: (viewer, office, id, text) =>
      change(viewer, { office, id, seen: null }, (each, row) => note(each, row, tidyText(text))),
  };
}

const saidNow = ({ viewer, now }: Unit<StaffViewer>, text: string) => ({
  ...{ by: actorOf(viewer), text, at: now },
});

const lengthMistake = (text: string): 'empty' | 'too_long' | null =>
  text === '' ? 'empty' : text.length > REQUEST_LENGTH ? 'too_long' : null;

async function write(
  unit: Unit<StaffViewer>,
  row: RequestRow,
  text: string,
): Promise<RequestWorkResult> {
  const mistake = lengthMistake(text);
  if (mistake) return refused(mistake);
  const written = await readRequestMessages(unit.tx, row.id);
  if (isSaidAgain(written.at(-1), saidNow(unit, text)))
    return { ok: true, isTold: isToldOfNews(row) };
  await writeMessage(unit, row, 'office', text);
  return { ok: true, isTold: await tellRequest(unit, row, 'message') };
}

async function note(
  unit: Unit<StaffViewer>,
  row: RequestRow,
  text: string,
): Promise<RequestWorkResult> {
  const mistake = lengthMistake(text);
  if (mistake) return refused(mistake);
  const notes = await readRequestNotes(unit.tx, row.id);
  if (isSaidAgain(notes.at(-1), saidNow(unit, text))) return { ok: true, isTold: false };
  await insertRequestNote(unit, row.id, text);
  await unit.record('request_noted', { data: { request: row.id } });
  return { ok: true, isTold: false };
}

async function takeStep(
  unit: Unit<StaffViewer>,
  row: RequestRow,
  office: Office,
  asked: AskedStep,
): Promise<RequestWorkResult> {
  const words = tidyText(asked.words ?? '');
  const answerForAll = asked.step === 'answer' ? tidyText(asked.forAll ?? '') : '';
  if (Math.max(words.length, answerForAll.length) > REQUEST_LENGTH) return refused('too_long');
  const before = stateBefore(await readRequestEvents(unit.tx, row.id));
  const { reason = null, target = null, step } = asked;
  const given = { answer: words, question: words, words, reason, target };
  const moved = requestMoved(step, { state: row.state, before }, 'staff', given);
  if (!moved.ok) return moved;
  if (step === 'lapse' && !mayLapse(office, row, unit.now)) return refused('not_now');
  const need = needOf(step);
  if (need === 'reason' && !isReason(office, reason)) return refused('no_reason');
  const into = need === 'target' ? await mergeTarget(unit, row, target ?? '') : null;
  if (need === 'target' && !into) return refused('no_target');
  if (words !== '') await writeMessage(unit, row, 'office', words);
  const after = await moveRequest(unit, row, office, {
    ...{ step, to: moved.to, answerForAll },
    reason: need === 'reason' ? reason : step === 'lapse' ? UNANSWERED : null,
    mergedInto: into?.id ?? null,
  });
  if (into) await joinTo(unit, row, into);
  const { to } = moved;
  const news =
    to === 'asked' || to === 'answered' || to === 'refused' || to === 'merged' ? to : 'moved';
  return { ok: true, isTold: await tellRequest(unit, after, news) };
}

const isReason = (office: Office, code: string | null): boolean =>
  settingsOf(office)?.reasons.some((each) => each.code === code) ?? false;

/** Returns the open request with a reference with which another one can be merged; null: there is none, or it is the same. */
async function mergeTarget(
  unit: Unit<StaffViewer>,
  row: RequestRow,
  reference: string,
): Promise<RequestRow | null> {
  const named = await readRequestByReference(unit.tx, reference);
  const found = named?.mergedInto ? await readRequest(unit.tx, named.mergedInto) : named;
  if (!found || found.id === row.id) return null;
  const target = await findSent(unit, found.id, readRequestForUpdate);
  return target && target.anonymisedAt === null && !isClosedRequest(target.state) ? target : null;
}

/** What was merged with a request goes along with it. The one that stays says so too. */
async function joinTo(unit: Unit, row: RequestRow, into: RequestRow): Promise<void> {
  await remerge(unit, row.id, into.id);
  await insertRequestEvent(unit, into.id, { kind: 'merged_here', data: { request: row.id } });
  await changeRequest(unit, into, {});
}

async function give(
  unit: Unit<StaffViewer>,
  row: RequestRow,
  assignee: number | null,
): Promise<RequestWorkResult> {
  const { viewer } = unit;
  const isOwn = assignee === viewer.staff || (assignee === null && row.assignee === viewer.staff);
  if (!isOwn && !can(viewer, 'coordinate')) return refused('not_allowed');
  if (assignee !== null && assignee !== viewer.staff) {
    const role = await readRoleIn(unit.tx, unit.office, assignee);
    if (role === null || !roleHandles(role)) return refused('no_person');
  }
  if (assignee === row.assignee) return { ok: true, isTold: false };
  await changeRequest(unit, row, { assignee });
  const data = { assignee, assigneeBefore: row.assignee };
  return assigned(unit, row, data);
}

async function route(
  unit: Unit<StaffViewer>,
  row: RequestRow,
  office: Office,
  { team, reason }: { team: string | null; reason?: string | undefined },
): Promise<RequestWorkResult> {
  if (team !== null && !office.settings.teams.some(({ code }) => code === team))
    return refused('no_team');
  if (reason !== undefined && !isReason(office, reason)) return refused('no_reason');
  if (team === row.team) return { ok: true, isTold: false };
  const hasReasons = (settingsOf(office)?.reasons.length ?? 0) > 0;
  if (team === null && reason === undefined && hasReasons)
    return { ok: false, reason: 'missing', need: 'reason' };
  await changeRequest(unit, row, { team, assignee: null });
  const data = {
    ...{ team, teamBefore: row.team },
    ...(row.assignee !== null && { assignee: null, assigneeBefore: row.assignee }),
    ...(reason !== undefined && { reason }),
  };
  return assigned(unit, row, data);
}

async function assigned(
  unit: Unit,
  row: RequestRow,
  data: Parameters<typeof insertRequestEvent>[2]['data'] & object,
): Promise<RequestWorkResult> {
  await insertRequestEvent(unit, row.id, { kind: 'assigned', data });
  await unit.record('request_assigned', { data: { request: row.id, ...data } });
  return { ok: true, isTold: false };
}
