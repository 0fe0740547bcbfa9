import type { Office } from '../../../../domain/office/types.ts';
import { type RequestStep, requestStepsOf } from '../../../../domain/requests/states.ts';
import { reopenableUntil } from '../../../../domain/requests/terms.ts';
import { type Db, within } from '../../../../lib/db/database.ts';
import {
  type PersonViewer,
  type RequesterViewer,
  type StaffViewer,
  staffIn,
} from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { readOpened } from '../../../foundation/openings/views.ts';
import { readShown } from '../desk/views.ts';
import { findSent, lapsesAfter, mayLapse, type RequestsDeps, settingsOf } from '../keeping.ts';
import { asksOpinion, mayHandle, mayReopen, mayWithdraw } from '../rules.ts';
import { setRequestMessagesSeen } from '../store.ts';
import type { RequestRow } from '../types.ts';
import {
  readFollower,
  readFollowers,
  readMergedWith,
  readRequest,
  readRequestEvents,
  readRequestMessages,
  readRequestNotes,
  readSentBy,
} from '../views.ts';
import { photosOf } from '../writing/photos.ts';
import { mayWrite } from './rules.ts';
import type { OwnRequest, RequestLook, RequestWork } from './types.ts';

/** Looking at requests. */
export interface LookingAtRequests {
  /** Returns what a secret opens: a request and its office, sent or not; null: nothing. */
  bySecret(secret: string): Promise<{ id: string; office: number; isSent: boolean } | null>;
  /** The same of somebody who follows a request. */
  byFollowerSecret(
    secret: string,
  ): Promise<{ follower: string; request: string; office: number } | null>;
  /** Returns a request for its own person; null: it isn't theirs, or was not sent. */
  own(viewer: RequesterViewer, office: Office, id: string): Promise<OwnRequest | null>;
  /** Returns the requests that a person sent in all offices, the latest first. */
  sentBy(viewer: PersonViewer): Promise<RequestRow[]>;
  /** Returns a request with all that an official works with; null: it isn't theirs. The look is recorded. */
  work(viewer: StaffViewer, office: Office, id: string): Promise<RequestWork | null>;
}

/** The most requests of a person that are shown. */
const MOST_OF_PERSON = 50;

export function createLooking(deps: RequestsDeps): LookingAtRequests {
  const { unit } = deps;
  return {
    bySecret: (secret) => bySecret(deps.db, secret),

    byFollowerSecret: (secret) =>
      readOpened(deps.db, 'follower', secret, async (tx, id, office) => {
        const found = await readFollower(tx, id);
        return found && { follower: found.id, request: found.request, office };
      }),

    own: (viewer, office, id) =>
      unit(viewer, office.id, async (each) => {
        const row = await findSent(each, id, readRequest);
        return row && ownOf(each, office, await lookAt(deps, each, row));
      }),

    sentBy: ({ person }) =>
      within(deps.db, { person }, (tx) => readSentBy(tx, person, MOST_OF_PERSON)),

    async work(viewer, office, id) {
      const found = await unit(viewer, office.id, async (each) => {
        const row = await findSent(each, id, readRequest);
        if (!row) return null;
        const look = await lookAt(deps, each, row);
        const last = look.messages.findLast(({ side }) => side === 'person');
        const may = mayHandle(viewer, row);
        if (last && may) await setRequestMessagesSeen(each, id, last.number);
        await each.record('request_read', { data: { request: id } });
        return {
          ...look,
          notes: await readRequestNotes(each.tx, id),
          merged: await readMergedWith(each.tx, id),
          mayHandle: may,
          steps: may && row.anonymisedAt === null ? stepsOf(office, row, each.now) : [],
        };
      });
      return found && { ...found, names: await deps.namesOf(staffOf(found)) };
    },
  };
}

/** Returns the steps that staff may take now. */
const stepsOf = (office: Office, row: RequestRow, now: Temporal.Instant): RequestStep[] =>
  requestStepsOf(row.state, 'staff').filter(
    (step) => step !== 'lapse' || mayLapse(office, row, now),
  );

const bySecret = (db: Db, secret: string) =>
  readOpened(db, 'request', secret, async (tx, id, office) => {
    const row = await readRequest(tx, id);
    return row && { id, office, isSent: row.sentAt !== null };
  });

async function lookAt(
  deps: Pick<RequestsDeps, 'papers'>,
  { tx }: Pick<Unit, 'tx'>,
  row: RequestRow,
): Promise<RequestLook> {
  const following = await readFollowers(tx, row.id);
  return {
    row,
    events: await readRequestEvents(tx, row.id),
    messages: await readRequestMessages(tx, row.id),
    photos: await photosOf(deps, tx, row),
    followers: following.filter(
      ({ leftAt, confirmedAt }) => confirmedAt !== null && leftAt === null,
    ).length,
    into: row.mergedInto ? await readRequest(tx, row.mergedInto) : null,
  };
}

async function ownOf({ tx, now }: Unit, office: Office, look: RequestLook): Promise<OwnRequest> {
  const { row, messages } = look;
  const settings = settingsOf(office) ?? { reopenDays: 0 };
  const { timeZone } = office;
  const canReopen = mayReopen(row, settings, { now, timeZone });
  return {
    ...look,
    mayWithdraw: mayWithdraw(row),
    mayReopen: canReopen,
    reopenUntil:
      canReopen && row.closedAt ? reopenableUntil(row.closedAt, settings, timeZone) : null,
    mayWrite: mayWrite(row, messages, now),
    shown: row.isPublic && !row.anonymisedAt ? await readShown(tx, row.id) : null,
    lapsesAfter: lapsesAfter(office, row),
    asksOpinion: asksOpinion(row, now),
  };
}

/** Returns the ids of the staff in a request, each once. */
function staffOf({ row, events, messages, notes }: Omit<RequestWork, 'names'>): number[] {
  const actors = [
    ...events.map(({ actor }) => actor),
    ...[...messages, ...notes].map(({ by }) => by),
    row.madeBy,
  ];
  const ids = [
    row.assignee,
    ...actors.map(staffIn),
    ...events.flatMap(({ data }) => [data.assignee, data.assigneeBefore]),
  ];
  return [...new Set(ids.filter((id) => id !== null && id !== undefined))];
}
