import type { Office } from '../../../../domain/office/types.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { readPhoto } from '../../photos/service.ts';
import { declaredType, findSent, type RequestsDeps, spaceOf } from '../keeping.ts';
import { mayHandle } from '../rules.ts';
import { changeRequest } from '../store.ts';
import type { RequestRow } from '../types.ts';
import { readRequest, readRequestForUpdate } from '../views.ts';
import type { RequestWorkResult } from '../working/types.ts';
import { photosOf } from '../writing/photos.ts';
import { cutTo } from './cutting.ts';
import { setShown } from './store.ts';
import type { PhotoSides, ShownOfRequest } from './types.ts';
import { readShown } from './views.ts';

/** What everybody may see of a request of a public type besides its type, place, state and days: what an official has read and passed. */
export interface ShowingRequests {
  /** Returns what everybody may see; null: the request isn't the viewer's, or nothing of its type is public. */
  shown(viewer: StaffViewer, office: Office, id: string): Promise<ShownOfRequest | null>;
  /**
   * Keeps what everybody may see from now on: beside what was written, which stays as it is. Words can be cut out, and none put in: `added` where there are
   * others; null or all of them: as they were written. Photos that aren't there, or whose check isn't over, are left out.
   */
  show(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: Omit<ShownOfRequest, 'words'> & { words?: string | null; seen: number },
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

    show: (viewer, office, id, { text, words = null, photos, seen }) =>
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
        const left = words === null ? row.text : cutTo(row.text, words);
        if (text && left === null) return { ok: false, reason: 'added' };
        if (text && left === '') return { ok: false, reason: 'empty' };
        const cut = text && left !== row.text ? left : null;
        const sides = await sidesOf(deps, each.tx, row, passed);
        await setShown(each, id, { text, words: cut, photos: passed, sides });
        await changeRequest(each, row, {});
        const data = { request: id, text, photos: passed, isCut: cut !== null };
        await each.record('request_shown', { data });
        return { ok: true, isTold: false };
      }),
  };
}

/** Returns the sides of photos as they are seen: a page keeps their place while they come. */
async function sidesOf(
  { papers }: Pick<RequestsDeps, 'papers'>,
  tx: Tx,
  row: RequestRow,
  photos: readonly string[],
): Promise<Record<string, PhotoSides>> {
  const sides: Record<string, PhotoSides> = {};
  for (const id of photos) {
    const opened = await papers.openPassed(tx, spaceOf(row), id);
    if (!opened) continue;
    const pieces: Uint8Array[] = [];
    for await (const piece of opened.read()) pieces.push(piece);
    const photo = readPhoto(Buffer.concat(pieces));
    if (!photo) continue;
    const { width, height, orientation } = photo;
    // From the fifth on it was held sideways (Exif 2.32, 4.6.4).
    sides[id] = orientation >= 5 ? [height, width] : [width, height];
  }
  return sides;
}
