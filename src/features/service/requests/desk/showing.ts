import type { Office } from '../../../../domain/office/types.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { declaredType, findSent, type RequestsDeps } from '../keeping.ts';
import { mayHandle } from '../rules.ts';
import { changeRequest } from '../store.ts';
import { readRequest, readRequestForUpdate } from '../views.ts';
import type { RequestWorkResult } from '../working/types.ts';
import { photosOf } from '../writing/photos.ts';
import { setShown } from './store.ts';
import type { ShownOfRequest } from './types.ts';
import { readShown } from './views.ts';

/** What everybody may see of a request of a public type besides its type, place, state and days: what an official has read and passed. */
export interface ShowingRequests {
  /** Returns what everybody may see; null: the request isn't the viewer's, or nothing of its type is public. */
  shown(viewer: StaffViewer, office: Office, id: string): Promise<ShownOfRequest | null>;
  /** Keeps what everybody may see from now on. Photos that aren't there, or whose check isn't over, are left out. */
  show(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: ShownOfRequest & { seen: number },
  ): Promise<RequestWorkResult>;
}

export function createShowing(deps: RequestsDeps): ShowingRequests {
  const { unit } = deps;
  const isPublic = (office: Office, type: string) => declaredType(office, type)?.public ?? false;
  return {
    shown: (viewer, office, id) =>
      unit(viewer, office.id, async (each) => {
        const row = await findSent(each, id, readRequest);
        return row && isPublic(office, row.type) && row.anonymisedAt === null
          ? readShown(each.tx, id)
          : null;
      }),

    show: (viewer, office, id, { text, photos, seen }) =>
      unit(viewer, office.id, async (each): Promise<RequestWorkResult> => {
        const row = await findSent(each, id, readRequestForUpdate);
        if (!row) return { ok: false, reason: 'not_found' };
        if (!mayHandle(viewer, row)) return { ok: false, reason: 'not_allowed' };
        if (row.anonymisedAt || !isPublic(office, row.type))
          return { ok: false, reason: 'not_now' };
        if (row.version !== seen) return { ok: false, reason: 'changed' };
        const there = await photosOf(deps, each.tx, row);
        const passed = there.flatMap((photo) =>
          photo.standing === 'here' && photos.includes(photo.id) ? [photo.id] : [],
        );
        await setShown(each, id, { text, photos: passed });
        await changeRequest(each, row, {});
        await each.record('request_shown', { data: { request: id, text, photos: passed } });
        return { ok: true, isTold: false };
      }),
  };
}
