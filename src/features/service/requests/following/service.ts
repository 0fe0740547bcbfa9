import type { Office } from '../../../../domain/office/types.ts';
import { isClosedRequest } from '../../../../domain/requests/states.ts';
import type { Language } from '../../../../lib/i18n/languages.ts';
import { hashSecret } from '../../../../lib/secrets.ts';
import type { RequesterViewer, Viewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { followerSecret } from '../../../foundation/notices/service.ts';
import { insertOpening } from '../../../foundation/openings/service.ts';
import { declaredType, findTheirs, type RequestsDeps, settingsOf } from '../keeping.ts';
import type { FollowedRequest } from '../looking/types.ts';
import { isReachable, MOST_SIMILAR, metresBetween } from '../rules.ts';
import { confirmFollower, endFollowing, insertFollower, insertRequestEvent } from '../store.ts';
import { tellFollower } from '../telling.ts';
import type { RequestEventKind, SimilarRequest } from '../types.ts';
import {
  type FollowedRow,
  readFollower,
  readRequest,
  readRequestByReference,
  readRequestEvents,
  readRequestForUpdate,
  readSimilar,
} from '../views.ts';
import { checkContact } from '../writing/contact.ts';
import type { RawContact, WriteMistakes } from '../writing/types.ts';

/** Somebody who has seen the same: they follow a request that is there instead of making another one. */
export interface FollowingRequests {
  /** Returns the open requests that are like the one that is being written, the nearest first. */
  similar(viewer: RequesterViewer, office: Office, id: string): Promise<SimilarRequest[]>;
  /**
   * Has somebody follow a request, found by its reference, who hears of it as they want. Whoever leaves an address gets their link by the first message
   * alone, and nothing more before they have opened it: nobody has the town write to others. An address that follows already gets no other message, and
   * nothing tells that it does.
   */
  follow(
    office: Office,
    reference: string,
    typed: Omit<RawContact, 'name' | 'isAnonymous'> & { language: Language },
  ): Promise<FollowResult>;
  /** Returns what somebody who follows a request may see of it; null: there is none. From the first time on they are told of changes. */
  followed(office: Office, follower: string): Promise<FollowedRequest | null>;
  /** Ends following. Their address is destroyed. */
  leave(office: Office, follower: string): Promise<void>;
}

export type FollowResult =
  | { ok: true; secret: string | null }
  | { ok: false; reason: 'not_found' }
  | { ok: false; mistakes: WriteMistakes };

/** How many rows are compared by their distance. */
const MOST_COMPARED = 200;

export function createFollowing(deps: RequestsDeps): FollowingRequests {
  const { unit } = deps;
  return {
    similar: (viewer, office, id) =>
      unit(viewer, office.id, async (each) => {
        const settings = settingsOf(office);
        const row = await findTheirs(each, id, readRequest);
        // Of a type that is not public, nobody learns what others have sent.
        if (!row || !settings || !declaredType(office, row.type)?.public) return [];
        const { metres, days } = settings.similar;
        const since = each.now.subtract({ hours: 24 * days });
        const { type, point, address, area } = row;
        const asked = { type, point, address, area, metres, since, except: id, onlyPublic: true };
        const found = await readSimilar(each.tx, asked, MOST_COMPARED);
        return nearest(found, { point, address }, metres);
      }),

    follow: (office, reference, typed) => follow(deps, office, reference, typed),

    followed: (office, follower) =>
      unit(viewerOf(follower), office.id, async (each) => {
        const isNew = await confirmFollower(each, follower);
        if (isNew) await each.record('request_follower_confirmed', { data: { follower } });
        return readFollowed(each, follower, isNew);
      }),

    leave: (office, follower) =>
      unit(viewerOf(follower), office.id, async (each) => {
        const found = await readFollower(each.tx, follower);
        if (!found || !(await endFollowing(each, follower))) return;
        await insertRequestEvent(each, found.request, { kind: 'unfollowed' });
        await each.record('request_unfollowed', { data: { request: found.request, follower } });
      }),
  };
}

/** See `FollowingRequests.follow`. */
async function follow(
  deps: RequestsDeps,
  office: Office,
  reference: string,
  { language, ...typed }: Parameters<FollowingRequests['follow']>[2],
): Promise<FollowResult> {
  const checked = checkContact(
    { ...typed, name: '', isAnonymous: false },
    {
      country: office.settings.country,
      mayBeAnonymous: false,
      mayBeCalled: false,
      isReached: deps.isReached,
      isNamed: false,
    },
  );
  if (!checked.ok) return checked;
  const { tellBy, email, phone } = checked.value;
  const id = deps.key.newId();
  const viewer = { kind: 'follower', follower: id, request: '' } as const;
  return deps.unit(viewer, office.id, async (each): Promise<FollowResult> => {
    const named = await readRequestByReference(each.tx, reference);
    const at = named && (await readRequestForUpdate(each.tx, named.mergedInto ?? named.id));
    const isPublic = at?.isPublic && declaredType(office, at.type)?.public;
    if (!isPublic || isClosedRequest(at.state)) return { ok: false, reason: 'not_found' };
    const made = { id, request: at.id, language, tellBy: tellBy ?? 'page', email, phone };
    const secret = followerSecret(deps.key, id);
    const own = { ok: true, secret: isReachable(made) ? null : secret } as const;
    if (!(await insertFollower(each, made))) return own;
    await insertOpening(each, { opens: 'follower', subject: id }, hashSecret(secret));
    await insertRequestEvent(each, at.id, { kind: 'followed' });
    await each.record('request_followed', { data: { request: at.id, follower: id } });
    await tellFollower(each, at, made, 'followed');
    return own;
  });
}

const viewerOf = (follower: string): Viewer => ({ kind: 'follower', follower, request: '' });

/** What those who follow a request may know of what happened. */
const SHARED: ReadonlySet<RequestEventKind> = new Set(['sent', 'moved', 'merged_here']);

async function readFollowed(
  { tx }: Unit,
  id: string,
  isNew: boolean,
): Promise<FollowedRequest | null> {
  const follower = await readFollower(tx, id);
  const row = follower && (await readRequest(tx, follower.request));
  if (!row) return null;
  const events = await readRequestEvents(tx, row.id);
  return {
    id: row.id,
    reference: row.reference,
    type: row.type,
    state: row.state,
    area: row.area,
    sentAt: row.sentAt,
    answerForAll: row.answerForAll,
    events: events.filter(({ kind }) => SHARED.has(kind)),
    hasLeft: follower.leftAt !== null,
    isNew,
    isTold: isReachable(follower),
  };
}

/** Distances are told in steps: from three exact ones somebody would find the doorway. */
const STEPS = [50, 100, 200, 500, 1000];
const stepOf = (metres: number): number => STEPS.find((each) => metres < each) ?? 2000;

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Returns the requests within so many metres, the nearest first; those without a point come after them. */
export function nearest(
  rows: readonly FollowedRow[],
  { point, address }: Pick<FollowedRow, 'point' | 'address'>,
  metres: number,
): SimilarRequest[] {
  const found = rows.map((row) => ({
    row,
    metres: point && row.point ? metresBetween(point, row.point) : null,
  }));

  return found
    .filter((each) => each.metres === null || each.metres <= metres)
    .toSorted((a, b) => (a.metres ?? Infinity) - (b.metres ?? Infinity))
    .slice(0, MOST_SIMILAR)
    .flatMap(({ row, metres: away }) =>
      row.sentAt === null
        ? []
        : [
            {
              ...{ id: row.id, reference: row.reference, state: row.state, sentAt: row.sentAt },
              ...{ area: row.area, followers: row.followers },
              metres: away === null ? null : stepOf(away),
              isSameAddress: address !== '' && isSame(address, row.address),
            },
          ],
    );
}
