import { randomUUID } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import { isClosedRequest, type RequestState } from '../../../domain/requests/states.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { dueOf } from './keeping.ts';
import {
  changeRequest,
  insertRequestEvent,
  insertRequestMessage,
  type RequestChange,
} from './store.ts';
import type { RequestEventData, RequestRow } from './types.ts';
import { readRequest, readRequestEvents } from './views.ts';

/** What becomes of a request. */
interface Move {
  step: string;
  to: RequestState;
  reason?: string | null;
  mergedInto?: string | null;
  data?: RequestEventData;
  /** What is answered to everybody who told the same; empty: nothing. */
  answerForAll?: string;
}

/** Takes a locked request to another state, with its term, what happened, and the trail. Returns it as it is now. */
export async function moveRequest(
  unit: Unit,
  row: RequestRow,
  office: Office,
  { step, to, reason = null, mergedInto = null, data = {}, answerForAll = '' }: Move,
): Promise<RequestRow> {
  const isReopened = isClosedRequest(row.state) && !isClosedRequest(to) && step === 'reopen';
  const since = isReopened ? unit.now : row.since;
  const all = {
    ...{ ...data, step },
    ...(reason !== null && { reason }),
    ...(mergedInto !== null && { request: mergedInto }),
  };
  await insertRequestEvent(unit, row.id, { kind: 'moved', from: row.state, to, data: all });
  const due = dueOf(office, { type: row.type, since }, await readRequestEvents(unit.tx, row.id));
  const change: RequestChange = {
    ...{ state: to, reason, mergedInto, since, answerForAll },
    // How late it was closed stays to be counted; what was asked has had no last day meanwhile, and gets it back.
    due: isClosedRequest(to) && row.state !== 'asked' ? row.due : due,
    closedAt: isClosedRequest(to) ? unit.now : null,
    ...{ lastCallAt: null, isToldToOfficials: false },
    ...(isReopened && { reopened: row.reopened + 1 }),
  };
  await changeRequest(unit, row, change);
  await unit.record('request_moved', {
    data: { request: row.id, from: row.state, to, ...all },
  });
  const moved = await readRequest(unit.tx, row.id);
  if (!moved) throw new Error('What was moved is there');
  return moved;
}

/** Keeps what one side wrote to the other about a locked request, which gets another version. */
export async function writeMessage(
  unit: Unit,
  row: Pick<RequestRow, 'id' | 'version'>,
  side: 'office' | 'person',
  text: string,
): Promise<void> {
  const id = randomUUID();
  await insertRequestMessage(unit, { id, request: row.id, side, text });
  await insertRequestEvent(unit, row.id, { kind: 'message', data: { side } });
  await changeRequest(unit, row, {});
  await unit.record('request_message_written', { data: { request: row.id, message: id } });
}
