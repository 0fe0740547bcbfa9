import type { Office } from '../../../../domain/office/types.ts';
import { areaAt } from '../../../../domain/requests/areas.ts';
import type { Language } from '../../../../lib/i18n/languages.ts';
import type { RequesterViewer, StaffViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { requestSecret } from '../../../foundation/notices/service.ts';
import { declaredType, findTheirs, type RequestsDeps } from '../keeping.ts';
import { checkPlace, type RawAnswers } from '../rules.ts';
import { setPerson, setWritten } from '../store.ts';
import type { RequestPlace, RequestRow } from '../types.ts';
import { readRequest, readRequestForUpdate } from '../views.ts';
import { type OpenedByStaff, type OpenResult, openByStaff } from './by-staff.ts';
import { checkContact } from './contact.ts';
import { createPhotos, type Photos, photosOf } from './photos.ts';
import { checkText, makeRequest, sendRequest } from './sending.ts';
import type { RawContact, SendResult, UnsentRequest, WriteResult } from './types.ts';

/** Writing a request, page by page, until it is sent. What is typed is kept in its row, and nobody of the office sees it before. */
export interface WritingRequests extends Photos {
  /** Begins a request of a type. Null: the office takes none of this type. */
  begin(
    office: Office,
    what: { type: string; language: Language },
  ): Promise<{ id: string; secret: string } | null>;
  /** Returns what is being written; null: it isn't theirs, or was sent. */
  unsent(viewer: RequesterViewer, office: Office, id: string): Promise<UnsentRequest | null>;
  /** Keeps where it is. A point decides about the district before what was chosen. */
  writePlace(
    viewer: RequesterViewer,
    office: Office,
    id: string,
    place: RequestPlace,
  ): Promise<WriteResult>;
  /** Keeps what it is about. */
  writeText(
    viewer: RequesterViewer,
    office: Office,
    id: string,
    typed: { text: string; answers: RawAnswers },
  ): Promise<WriteResult>;
  /** Keeps how its person wants to hear of it. */
  writeContact(
    viewer: RequesterViewer,
    office: Office,
    id: string,
    typed: RawContact,
  ): Promise<WriteResult>;
  /**
   * Sends it: the office sees it from now on. What was sent already is answered as it is. `person`: whose session it is; nothing is kept of them where they
   * stay unnamed.
   */
  send(
    viewer: RequesterViewer,
    office: Office,
    id: string,
    person?: string | null,
  ): Promise<SendResult>;
  /** Writes a request down for somebody who calls or comes, and sends it. Its person gets the link as they want. */
  open(viewer: StaffViewer, office: Office, what: OpenedByStaff): Promise<OpenResult>;
  /** Returns the id of a request that an official is going to write down. */
  newId(): string;
}

export function createWritingRequests(deps: RequestsDeps): WritingRequests {
  const { unit, key } = deps;
  return {
    ...createPhotos(deps),

    async begin(office, { type, language }) {
      if (!declaredType(office, type)) return null;
      const id = key.newId();
      const viewer = { kind: 'requester', request: id } as const;
      const made = { id, type, language, door: 'online', encounter: null } as const;
      await unit(viewer, office.id, (each) => makeRequest(deps, each, office, made));
      return { id, secret: requestSecret(key, { id, link: 0 }) };
    },

    unsent: (viewer, office, id) =>
      unit(viewer, office.id, async (each) => {
        const row = await findTheirs(each, id, readRequest);
        if (!row || row.sentAt) return null;
        return { row, photos: await photosOf(deps, each.tx, row) };
      }),

    writePlace: (viewer, office, id, place) => writePlace(deps, viewer, { office, id }, place),

    writeText: (viewer, office, id, typed) =>
      change(deps, viewer, { office, id }, async (each, row) => {
        const checked = checkText(office, row.type, typed);
        if (!checked.ok) return checked;
        await setWritten(each, row.id, checked.value);
        return { ok: true };
      }),

    writeContact: (viewer, office, id, typed) =>
      change(deps, viewer, { office, id }, async (each, row) => {
        const type = declaredType(office, row.type);
        const checked = checkContact(typed, {
          country: office.settings.country,
          mayBeAnonymous: type?.anonymous ?? false,
          isReached: deps.isReached,
        });
        if (!checked.ok) return checked;
        await setPerson(each, row.id, checked.value);
        return { ok: true };
      }),

    async send(viewer, office, id, person = null) {
      const areas = await deps.offices.areas();
      return unit(viewer, office.id, async (each): Promise<SendResult> => {
        const row = await findTheirs(each, id, readRequestForUpdate);
        if (!row) return { ok: false, reason: 'not_found' };
        if (row.sentAt) return { ok: true, row };
        return sendRequest(each, { row, office, areas, person: row.isAnonymous ? null : person });
      });
    },

    open: (viewer, office, what) => openByStaff(deps, viewer, office, what),
    newId: () => key.newId(),
  };
}

async function writePlace(
  deps: RequestsDeps,
  viewer: RequesterViewer,
  on: { office: Office; id: string },
  place: RequestPlace,
): Promise<WriteResult> {
  const areas = await deps.offices.areas();
  return change(deps, viewer, on, async (each, row) => {
    const type = declaredType(on.office, row.type);
    const isOutside = !!place.point && areas.length > 0 && areaAt(areas, place.point) === null;
    const known = areas.some(({ code }) => code === place.area) ? place.area : null;
    const checked = checkPlace(type ?? { place: 'optional' }, { ...place, area: known }, isOutside);
    if (!checked.ok) return { ok: false, mistakes: { ...checked.mistakes } };
    const { point } = checked.value;
    const area = (point && areaAt(areas, point)?.code) ?? checked.value.area;
    await setWritten(each, row.id, { ...checked.value, area });
    return { ok: true };
  });
}

/** Runs a change of what is being written. */
function change(
  { unit }: RequestsDeps,
  viewer: RequesterViewer,
  { office, id }: { office: Office; id: string },
  run: (each: Unit, row: RequestRow) => Promise<WriteResult>,
): Promise<WriteResult> {
  return unit(viewer, office.id, async (each) => {
    const row = await findTheirs(each, id, readRequestForUpdate);
    if (!row) return { ok: false, reason: 'not_found' };
    return row.sentAt ? { ok: false, reason: 'sent' } : run(each, row);
  });
}
