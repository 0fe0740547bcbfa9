import type { Office } from '../../../../domain/office/types.ts';
import { areaAt } from '../../../../domain/requests/areas.ts';
import { can } from '../../../../domain/roles.ts';
import type { Language } from '../../../../lib/i18n/languages.ts';
import { actorOf, type StaffViewer, type TokenViewer } from '../../../../lib/viewer.ts';
import { declaredType, type RequestsDeps } from '../keeping.ts';
import { checkPlace, isReachable, type RawAnswers } from '../rules.ts';
import { setPerson, setWritten } from '../store.ts';
import type { RequestDoor, RequestPlace, RequestRow } from '../types.ts';
import { readRequest, readRequestForUpdate } from '../views.ts';
import { checkContact } from './contact.ts';
import { checkText, makeRequest, sendRequest } from './sending.ts';
import type { RawContact, WriteMistakes } from './types.ts';

/** What an official writes down, or another system sends, for somebody. */
export interface OpenedByStaff extends RequestPlace, RawContact {
  type: string;
  door: RequestDoor;
  /** Of what is written to its person. */
  language: Language;
  text: string;
  answers: RawAnswers;
  /** The encounter in which it is written; null: none. */
  encounter: string | null;
  /** The id that it gets, of `newId`: sent twice, it is one. Absent: a new one. */
  id?: string;
}

export type OpenResult =
  | { ok: true; row: RequestRow; isTold: boolean }
  | { ok: false; reason: 'not_allowed' | 'no_type' }
  | { ok: false; mistakes: WriteMistakes };

/** Writes a request down for somebody, and sends it. Its link is returned by `giveLink` alone, which is recorded. */
export async function openByStaff(
  deps: RequestsDeps,
  viewer: StaffViewer,
  office: Office,
  what: OpenedByStaff,
): Promise<OpenResult> {
  if (!can(viewer, 'serve_citizens')) return { ok: false, reason: 'not_allowed' };
  return openRequest(deps, viewer, office, what);
}

/** Makes a request of what was written down for its person, and sends it. */
export async function openRequest(
  deps: RequestsDeps,
  viewer: StaffViewer | TokenViewer,
  office: Office,
  what: OpenedByStaff,
): Promise<OpenResult> {
  const areas = await deps.offices.areas();
  const type = declaredType(office, what.type);
  if (!type) return { ok: false, reason: 'no_type' };
  const text = checkText(office, what.type, what);
  const isOutside = !!what.point && areas.length > 0 && areaAt(areas, what.point) === null;
  const place = checkPlace(type, what, isOutside);
  const contact = checkContact(what, {
    country: office.settings.country,
    mayBeAnonymous: type.anonymous,
    // Other systems often know an address alone.
    isNamed: viewer.kind === 'staff' || what.name !== '',
    isReached: deps.isReached,
  });
  if (!text.ok || !place.ok || !contact.ok)
    return {
      ok: false,
      mistakes: {
        ...(text.ok ? {} : text.mistakes),
        ...(place.ok ? {} : place.mistakes),
        ...(contact.ok ? {} : contact.mistakes),
      },
    };
  const id = what.id ?? deps.key.newId();
  return deps.unit(viewer, office.id, async (each): Promise<OpenResult> => {
    const there = await readRequest(each.tx, id);
    // What somebody else has written is not theirs to open by its id.
    if (there && there.madeBy !== actorOf(viewer)) return { ok: false, reason: 'not_allowed' };
    if (there) return { ok: true, row: there, isTold: isReachable(there) };
    const { door, language, encounter } = what;
    const made = { id, type: what.type, language, door, encounter };
    await makeRequest(deps, each, office, made);
    await setWritten(each, id, { ...text.value, ...place.value });
    await setPerson(each, id, contact.value);
    const row = await readRequestForUpdate(each.tx, id);
    const sent = row && (await sendRequest(each, { row, office, areas }));
    if (!sent?.ok) throw new Error('What was checked can be sent');
    return { ok: true, row: sent.row, isTold: isReachable(sent.row) };
  });
}
