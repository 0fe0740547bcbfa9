import type { Office } from '../../../../domain/office/types.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import type { RequesterViewer, StaffViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { OpenDocument } from '../../documents/types.ts';
import { type CleanPhoto, cleanPhoto } from '../../photos/service.ts';
import { declaredType, findTheirs, type RequestsDeps, spaceOf } from '../keeping.ts';
import type { RequestPhoto, RequestRow } from '../types.ts';
import { readRequest, readRequestForUpdate } from '../views.ts';
import type { PhotoRefusal, WriteRefusal } from './types.ts';

/** The most bytes of a photo, as it comes from a camera. */
export const PHOTO_BYTES = 12 * 1024 * 1024;

/** The photos of a request. They lose what their camera wrote beside them, are sealed, and are checked as all documents are before anybody opens them. */
export interface Photos {
  /** Adds a photo to what is being written. */
  addPhoto(
    viewer: RequesterViewer,
    office: Office,
    id: string,
    bytes: Uint8Array,
  ): Promise<{ ok: true; photo: string } | WriteRefusal | { ok: false; reason: PhotoRefusal }>;
  /** Removes a photo from what is being written. Returns whether there was one. */
  removePhoto(viewer: RequesterViewer, office: Office, id: string, photo: string): Promise<boolean>;
  /** Opens a photo, which is recorded; null: there is none, it can't be opened yet, or the request isn't the viewer's. */
  photo(
    viewer: RequesterViewer | StaffViewer,
    office: Office,
    id: string,
    photo: string,
  ): Promise<OpenDocument | null>;
}

export function createPhotos(deps: RequestsDeps): Photos {
  const { unit, papers } = deps;
  return {
    async addPhoto(viewer, office, id, bytes) {
      if (bytes.length === 0) return { ok: false, reason: 'empty' };
      if (bytes.length > PHOTO_BYTES) return { ok: false, reason: 'large' };
      const clean = cleanPhoto(bytes);
      if (!clean) return { ok: false, reason: 'type' };
      const added = await unit(viewer, office.id, async (each) => {
        const row = await findTheirs(each, id, readRequestForUpdate);
        if (!row) return { ok: false, reason: 'not_found' } as const;
        if (row.sentAt) return { ok: false, reason: 'sent' } as const;
        const most = declaredType(office, row.type)?.photos ?? 0;
        if ((await photosOf(deps, each.tx, row)).length >= most)
          return { ok: false, reason: 'many' } as const;
        return { ok: true, photo: await announcePhoto(deps, each, row, clean) } as const;
      });
      if (added.ok) await papers.receive(viewer, office.id, added.photo, clean.bytes);
      return added;
    },

    removePhoto: (viewer, office, id, photo) =>
      unit(viewer, office.id, async (each) => {
        const row = await findTheirs(each, id, readRequestForUpdate);
        if (!row || row.sentAt) return false;
        const photos = await photosOf(deps, each.tx, row);
        if (!photos.some((one) => one.id === photo)) return false;
        await papers.remove(each, spaceOf(row), [photo]);
        return true;
      }),

    photo: (viewer, office, id, photo) =>
      unit(viewer, office.id, async (each) => {
        const row = await findTheirs(each, id, readRequest);
        return row && papers.open(each, spaceOf(row), photo);
      }),
  };
}

/** Announces a photo of a request; its bytes follow. Returns its id. */
export function announcePhoto(
  { papers }: Pick<RequestsDeps, 'papers'>,
  unit: Unit,
  row: Pick<RequestRow, 'id' | 'office'>,
  { type, bytes }: CleanPhoto,
): Promise<string> {
  const name = type === 'image/png' ? 'photo.png' : 'photo.jpg';
  return papers.announce(unit, spaceOf(row), { kind: 'inbox', type, name, size: bytes.length });
}

/** Returns the photos of a request, in the order in which they came; those that never arrived whole are left out. */
export async function photosOf(
  { papers }: Pick<RequestsDeps, 'papers'>,
  tx: Tx,
  row: Pick<RequestRow, 'id' | 'office'>,
): Promise<RequestPhoto[]> {
  const all = await papers.list(tx, spaceOf(row));
  return all.flatMap(({ id, state, size }) => {
    if (state === 'receiving') return [];
    const isRefused = state === 'refused' || state === 'infected';
    const standing = state === 'clean' ? 'here' : isRefused ? 'refused' : 'checking';
    return [{ id, size, standing }];
  });
}
