import type { Office } from '../../../../domain/office/types.ts';
import { hasScope } from '../../../../domain/scopes.ts';
import { isUniqueViolation, within } from '../../../../lib/db/database.ts';
import type { TokenViewer } from '../../../../lib/viewer.ts';
import { type CleanPhoto, cleanPhoto } from '../../photos/service.ts';
import { declaredType, type RequestsDeps } from '../keeping.ts';
import { plainReferences } from '../rules.ts';
import type { RequestRow } from '../types.ts';
import { readRequest } from '../views.ts';
import { openRequest } from '../writing/by-staff.ts';
import { announcePhoto } from '../writing/photos.ts';
import { idsOf, isSameContent } from './rules.ts';
import type { SentByToken, TokenRequestFilter, TokenRequestRow, TokenSendResult } from './types.ts';
import { readForToken } from './views.ts';

/**
 * What another system does with the requests of its office, by its scopes (docs/adr/0123). It sends them for people, who get their link themselves:
 * no token ever gets one. It reads what is written, and never who wrote it. It takes no step.
 */
export interface RequestsByToken {
  /** Sends a request for somebody. The same key again, or the same content within a minute: the same request. `photos`: those beyond what the type takes are left out. */
  sendByToken(
    viewer: TokenViewer,
    office: Office,
    sent: SentByToken,
    also: { idempotencyKey: string | null; photos: readonly Uint8Array[] },
  ): Promise<TokenSendResult>;
  /** Returns requests of any type, with their words, the newest first; null: the token lacks `requests:read`. It is recorded. */
  listByToken(
    viewer: TokenViewer,
    office: Office,
    filter: TokenRequestFilter,
    page: { page: number; most: number },
  ): Promise<TokenRequestRow[] | null>;
}

export function createRequestsByToken(deps: RequestsDeps): RequestsByToken {
  return {
    async sendByToken(viewer, office, sent, also) {
      if (!hasScope(viewer, 'requests:write')) return { ok: false, reason: 'not_allowed' };
      const type = declaredType(office, sent.type);
      if (!type) return { ok: false, reason: 'no_type' };
      const isAnonymous = sent.email === '' && sent.phone === '';
      if (isAnonymous && !type.anonymous) return { ok: false, reason: 'no_contact' };
      const photos = also.photos.slice(0, type.photos).map(cleanPhoto);
      if (photos.some((each) => each === null)) return { ok: false, reason: 'photo' };
      const { idempotencyKey } = also;
      const by = { token: viewer.token, now: deps.clock.now() };
      const make = () =>
        sendOnce(deps, viewer, office, { sent, ids: idsOf(deps.key, by, sent, idempotencyKey) });
      const done = await make().catch((error: unknown) => {
        // The same was sent at the same moment: now it is there.
        if (isUniqueViolation(error)) return make();
        throw error;
      });
      if (done.ok && done.isNew)
        for (const photo of photos) if (photo) await addPhoto(deps, viewer, done.row, photo);
      if (!done.ok) return done;
      const { reference, due } = done.row;
      return { ok: true, reference, due, isTold: done.isTold };
    },

    async listByToken(viewer, office, filter, { page, most }) {
      if (!hasScope(viewer, 'requests:read')) return null;
      return deps.unit(viewer, office.id, async ({ tx, record }) => {
        const at = { after: (page - 1) * most, most };
        const { isOpen, references } = filter;
        const types = filter.types?.filter((each) => /^[\w-]{1,100}$/.test(each));
        const asked = { ...filter, types, references: references && plainReferences(references) };
        const found = await readForToken(tx, office.id, asked, at);
        const data = { types, isOpen, requests: found.map(({ id }) => id) };
        await record('requests_listed', { data });
        return found;
      });
    },
  };
}

type Sent =
  | { ok: true; row: RequestRow; isTold: boolean; isNew: boolean }
  | Extract<TokenSendResult, { ok: false }>;

/** Makes a request under the last of these ids, unless it is there under one of them. */
async function sendOnce(
  deps: RequestsDeps,
  viewer: TokenViewer,
  office: Office,
  { sent, ids }: { sent: SentByToken; ids: readonly string[] },
): Promise<Sent> {
  const { type, language, text, answers, point, address, name, email, phone } = sent;
  const there = await within(deps.db, office.id, async (tx) => {
    for (const id of ids) {
      const row = await readRequest(tx, id);
      if (row) return row;
    }
    return null;
  });
  const opened = await openRequest(deps, viewer, office, {
    type,
    language,
    text,
    answers,
    point,
    address,
    area: null,
    name,
    email,
    phone,
    encounter: null,
    door: 'api',
    tellBy: email === '' ? 'sms' : 'email',
    isAnonymous: email === '' && phone === '',
    id: there?.id ?? ids.at(-1) ?? deps.key.newId(),
  });
  if (!opened.ok) return 'reason' in opened ? { ok: false, reason: 'no_type' } : opened;
  const { row, isTold } = opened;
  if (!isSameContent(row, sent)) return { ok: false, reason: 'conflict' };
  return { ok: true, row, isTold, isNew: there === null };
}

async function addPhoto(
  deps: RequestsDeps,
  viewer: TokenViewer,
  row: RequestRow,
  photo: CleanPhoto,
): Promise<void> {
  const id = await deps.unit(viewer, row.office, (each) => announcePhoto(deps, each, row, photo));
  await deps.papers.receive(viewer, row.office, id, photo.bytes);
}
