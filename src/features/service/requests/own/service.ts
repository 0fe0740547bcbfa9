import type { Office } from '../../../../domain/office/types.ts';
import { isClosedRequest, requestMoved } from '../../../../domain/requests/states.ts';
import { tidyText } from '../../../../domain/tidy-text.ts';
import type { RequesterViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { forgetOfRequest } from '../../../foundation/notices/service.ts';
import { answerOfRequest, keepAnswerOfRequest } from '../../survey/service.ts';
import type { SurveyAnswer } from '../../survey/types.ts';
import { findSent, type RequestsDeps, settingsOf } from '../keeping.ts';
import { mayWrite } from '../looking/rules.ts';
import { moveRequest, writeMessage } from '../moving.ts';
import { asksOpinion, mayReopen, mayWithdraw, REQUEST_LENGTH, stateBefore } from '../rules.ts';
import { insertRequestEvent, setCallOwed, setLeft } from '../store.ts';
import { type RequestRow, WITHDRAWN } from '../types.ts';
import {
  readFollowers,
  readMergedWith,
  readRequest,
  readRequestEvents,
  readRequestForUpdate,
  readRequestMessages,
} from '../views.ts';

/** What comes of what its person does. `not_now`: it isn't open to that (any more). */
export type OwnResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'not_now' | 'empty' | 'too_long' };

/** What its person does with a request that was sent. */
export interface OwnRequests {
  /** Writes to the office. Where it asked something, this is the answer. */
  say(viewer: RequesterViewer, office: Office, id: string, text: string): Promise<OwnResult>;
  /** Takes it back. Where others told the same or follow it, it goes on without its person, of whom nothing but what they wrote is kept. */
  withdraw(viewer: RequesterViewer, office: Office, id: string): Promise<OwnResult>;
  /** Opens what was closed once more, and says why. */
  reopen(viewer: RequesterViewer, office: Office, id: string, text: string): Promise<OwnResult>;
  /** Returns what they said of it in the end; null: nothing, or they are not asked. */
  opinion(
    viewer: RequesterViewer,
    office: Office,
    id: string,
  ): Promise<{ answer: SurveyAnswer | null; reference: string } | null>;
  /** Keeps what they say of it; a later answer takes its place. */
  giveOpinion(
    viewer: RequesterViewer,
    office: Office,
    id: string,
    answer: SurveyAnswer,
  ): Promise<OwnResult>;
}

const refused = (reason: Extract<OwnResult, { ok: false }>['reason']): OwnResult => ({
  ok: false,
  reason,
});

export function createOwnRequests(deps: RequestsDeps): OwnRequests {
  const { unit } = deps;
  const change = (
    viewer: RequesterViewer,
    office: Office,
    id: string,
    run: (each: Unit, row: RequestRow) => Promise<OwnResult>,
  ): Promise<OwnResult> =>
    unit(viewer, office.id, async (each) => {
      const row = await findSent(each, id, readRequestForUpdate);
      return row ? run(each, row) : refused('not_found');
    });
  // Whoever answers on their page has read there what somebody would tell them.
  const changeAsRead: typeof change = (viewer, office, id, run) =>
    change(viewer, office, id, async (each, row) => {
      const result = await run(each, row);
      if (result.ok && row.callOwedAt) await setCallOwed(each, id, false);
      return result;
    });
  return {
    say: (viewer, office, id, text) =>
      changeAsRead(viewer, office, id, (each, row) => say(each, row, office, tidyText(text))),

    withdraw: (viewer, office, id) =>
      changeAsRead(viewer, office, id, async (each, row) => {
        // A second press finds it done.
        if (row.leftAt || (row.reason === WITHDRAWN && isClosedRequest(row.state)))
          return { ok: true };
        if (!mayWithdraw(row)) return refused('not_now');
        if (await isOthersToo(each, row.id)) return leave(each, row, office);
        await moveRequest(each, row, office, {
          step: 'withdraw',
          to: 'refused',
          reason: WITHDRAWN,
        });
        return { ok: true };
      }),

    reopen: (viewer, office, id, text) =>
      changeAsRead(viewer, office, id, (each, row) => reopen(each, row, office, tidyText(text))),

    opinion: (viewer, office, id) =>
      unit(viewer, office.id, async (each) => {
        const row = await findSent(each, id, readRequest);
        if (!row || !asksOpinion(row, each.now)) return null;
        return { answer: await answerOfRequest(each.tx, id), reference: row.reference };
      }),

    giveOpinion: (viewer, office, id, answer) =>
      change(viewer, office, id, async (each, row) => {
        if (!asksOpinion(row, each.now)) return refused('not_now');
        await keepAnswerOfRequest(each, id, answer);
        await insertRequestEvent(each, id, { kind: 'surveyed' });
        return { ok: true };
      }),
  };
}

/** Whether others told the same, or follow it. */
async function isOthersToo({ tx }: Unit, id: string): Promise<boolean> {
  const following = await readFollowers(tx, id);
  return (
    following.some(({ leftAt }) => leftAt === null) || (await readMergedWith(tx, id)).length > 0
  );
}

/** Takes its person away from a request that goes on for others. What they were asked is not waited for any more. */
async function leave(unit: Unit, row: RequestRow, office: Office): Promise<OwnResult> {
  const before = stateBefore(await readRequestEvents(unit.tx, row.id));
  const moved = requestMoved('resume', { state: row.state, before }, 'staff');
  const now = moved.ok
    ? await moveRequest(unit, row, office, { step: 'resume', to: moved.to })
    : row;
  await forgetOfRequest(unit, row.id, { ofPerson: true });
  await setLeft(unit, now);
  await insertRequestEvent(unit, row.id, { kind: 'left' });
  await unit.record('request_left', { data: { request: row.id } });
  return { ok: true };
}

async function say(unit: Unit, row: RequestRow, office: Office, text: string): Promise<OwnResult> {
  if (text === '') return refused('empty');
  if (text.length > REQUEST_LENGTH) return refused('too_long');
  const written = await readRequestMessages(unit.tx, row.id);
  const last = written.at(-1);
  // The same words twice in a row are one press too many.
  if (last?.side === 'person' && last.text === text) return { ok: true };
  if (!mayWrite(row, written, unit.now)) return refused('not_now');
  await writeMessage(unit, row, 'person', text);
  if (row.state !== 'asked') return { ok: true };
  const before = stateBefore(await readRequestEvents(unit.tx, row.id));
  const moved = requestMoved('reply', { state: row.state, before }, 'person', { words: text });
  if (moved.ok) await moveRequest(unit, row, office, { step: 'reply', to: moved.to });
  return { ok: true };
}

async function reopen(
  unit: Unit,
  row: RequestRow,
  office: Office,
  words: string,
): Promise<OwnResult> {
  const settings = settingsOf(office);
  const { timeZone } = office;
  if (!settings || !mayReopen(row, settings, { now: unit.now, timeZone }))
    return refused('not_now');
  if (words === '') return refused('empty');
  if (words.length > REQUEST_LENGTH) return refused('too_long');
  const moved = requestMoved('reopen', { state: row.state, before: null }, 'person', { words });
  if (!moved.ok) return refused('not_now');
  await writeMessage(unit, row, 'person', words);
  await moveRequest(unit, row, office, { step: 'reopen', to: moved.to });
  return { ok: true };
}
