import { followerSecret, requestSecret } from '../../foundation/notices/service.ts';
import { createRequestsByToken, type RequestsByToken } from './by-token/service.ts';
import { type BulkOnRequests, createBulk } from './desk/bulk.ts';
import { createRequestInbox, type RequestInbox } from './desk/inbox.ts';
import { createGivingLinks, type GivingRequestLinks } from './desk/link.ts';
import { createNearRequests, type NearRequests } from './desk/near.ts';
import { createShowing, type ShowingRequests } from './desk/showing.ts';
import { createFollowing, type FollowingRequests } from './following/service.ts';
import { createEndingRequests, type EndingRequests } from './jobs.ts';
import type { RequestsDeps } from './keeping.ts';
import { createLooking, type LookingAtRequests } from './looking/service.ts';
import { createOwnRequests, type OwnRequests } from './own/service.ts';
import { createRequestRecovery, type RequestRecovery } from './recovery.ts';
import { createReminding, type RemindingOfRequests } from './reminding/service.ts';
import { createPublicRequests, type PublicRequests } from './showing/service.ts';
import { createWorking, type WorkingOnRequests } from './working/service.ts';
import { createWritingRequests, type WritingRequests } from './writing/service.ts';

/** Complaints, suggestions, incidents, questions and thanks, of the types that an office declares (docs/adr/0119). */
export interface Requests
  extends WritingRequests,
    RequestInbox,
    NearRequests,
    BulkOnRequests,
    ShowingRequests,
    GivingRequestLinks,
    LookingAtRequests,
    OwnRequests,
    FollowingRequests,
    WorkingOnRequests,
    PublicRequests,
    RequestsByToken,
    RequestRecovery,
    RemindingOfRequests,
    EndingRequests {
  /** Returns the id of a request that is about to be written down: sent twice with it, it is one. */
  newId(): string;
  /** Returns the secret of a request's link, as notices contain it now. */
  secretOf(of: { id: string; link: number }): string;
  /** Returns the secret of the link of somebody who follows one. */
  followerSecretOf(follower: string): string;
}

export function createRequests(deps: RequestsDeps): Requests {
  const working = createWorking(deps);
  return {
    ...createWritingRequests(deps),
    ...createRequestInbox(deps),
    ...createNearRequests(deps),
    ...createBulk(deps, working),
    ...createShowing(deps),
    ...createGivingLinks(deps),
    ...createLooking(deps),
    ...createOwnRequests(deps),
    ...createFollowing(deps),
    ...working,
    ...createPublicRequests(deps),
    ...createRequestsByToken(deps),
    ...createRequestRecovery(deps),
    ...createReminding(deps),
    ...createEndingRequests(deps),
    newId: () => deps.key.newId(),
    secretOf: (of) => requestSecret(deps.key, of),
    followerSecretOf: (follower) => followerSecret(deps.key, follower),
  };
}

export type { SentByToken, TokenRequestRow, TokenSendResult } from './by-token/types.ts';
export { mayHandleRequests, REQUESTS_ON_A_PAGE, takesRequests } from './desk/inbox.ts';
export { type GivenRequestLink, mayGiveLink } from './desk/link.ts';
export {
  BULK_STEPS,
  type BulkDeed,
  type BulkResult,
  type NearRequest,
  REQUEST_GROUPS,
  type RequestFilter,
  type RequestGroup,
  type RequestInboxPage,
  type RequestInboxRow,
  type SeenRequest,
  type ShownOfRequest,
} from './desk/types.ts';
export { declaredType, lapsesAfter, type RequestsDeps, settingsOf } from './keeping.ts';
export type { FollowedRequest, OwnRequest, RequestWork } from './looking/types.ts';
export type { OwnResult } from './own/service.ts';
export { publicTypes, shownState } from './showing/rules.ts';
export type { ShownDot, ShownFilter, ShownPlace, ShownRequest } from './showing/types.ts';
export type { AskedStep, RequestWorkResult } from './working/types.ts';
export type { OpenedByStaff, OpenResult } from './writing/by-staff.ts';
export { PHOTO_BYTES } from './writing/photos.ts';
export type { UnsentRequest, WriteMistakes } from './writing/types.ts';
