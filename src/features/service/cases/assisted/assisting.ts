import { channelNamed } from '../../../../domain/channel.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { within } from '../../../../lib/db/database.ts';
import { type EncounterLanguage, spokenIn } from '../../../../lib/i18n/languages.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { CitizenViewer, StaffViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { isTheirs, mayAttend } from '../../encounter/rules.ts';
import type { Encounter, EncounterRef } from '../../encounter/types.ts';
import { readEncounter } from '../../encounter/views.ts';
import { isTheirs as isTheirCase } from '../access.ts';
import type { CasesDeps } from '../keeping.ts';
import { makeCase } from '../making.ts';
import type { BegunHere, Case } from '../types.ts';
import { readCase } from '../views.ts';
import { readBegunAt, readConversation } from './views.ts';

/**
 * `not_open`: the encounter has not begun, or has ended. `no_form`: the procedure has none.
 */
export type BeginInResult =
  | { ok: true; id: string }
  | { ok: false; reason: 'not_found' | 'not_open' | 'no_form' };

/** Cases that an official helps to fill in while they serve their applicant (docs/adr/0101). */
export interface Assisting {
  /**
   * Begins a case in an encounter, for its citizen. It opens to whoever has its link, until somebody who is identified
   * hands it in.
   */
  beginIn(
    viewer: StaffViewer,
    office: Office,
    of: EncounterRef,
    procedure: string,
  ): Promise<BeginInResult>;
  /** Returns the encounter in which a case was begun; null: it was begun on-line, or is not the viewer's. */
  encounterOf(
    viewer: StaffViewer,
    office: Office,
    id: string,
  ): Promise<{ appointment: string | null; isUnderway: boolean } | null>;
  /** Returns the cases that were begun in the encounter of an appointment; null: the appointment is not the viewer's. */
  begunAt(
    viewer: StaffViewer | CitizenViewer,
    office: Office,
    appointment: string,
  ): Promise<BegunHere[] | null>;
}

export function createAssisting(deps: CasesDeps): Assisting {
  const { db, unit, forms } = deps;
  return {
    async beginIn(viewer, office, of, procedure) {
      const form = await forms.current(office, procedure);
      if (!isUuid('encounter' in of ? of.encounter : of.appointment) || viewer.office !== office.id)
        return { ok: false, reason: 'not_found' };
      return unit(viewer, office.id, async (each) => {
        const encounter = await readEncounter(each.tx, of);
        if (!encounter) return { ok: false, reason: 'not_open' };
        if (!mayAttend(viewer, encounter)) return { ok: false, reason: 'not_found' };
        if (!isUnderway(encounter)) return { ok: false, reason: 'not_open' };
        if (!form) return { ok: false, reason: 'no_form' };
        const said = await readConversation(each.tx, encounter.id);
        const id = deps.key.newId();
        await makeCase(deps, each, {
          id,
          form,
          door: channelNamed(said?.channel ?? ''),
          language: spokenIn(said?.language as EncounterLanguage),
          owner: null,
          encounter: encounter.id,
        });
        return { ok: true, id };
      });
    },

    encounterOf: (viewer, office, id) =>
      within(db, office.id, async (tx) => {
        const row = isUuid(id) ? await readCase(tx, id) : null;
        if (!row?.encounter || !isTheirCase(viewer, row)) return null;
        const found = await readEncounter(tx, { encounter: row.encounter });
        return found && mayAttend(viewer, found)
          ? { appointment: found.appointment, isUnderway: isUnderway(found) }
          : null;
      }),

    begunAt: (viewer, office, appointment) =>
      within(db, office.id, async (tx) =>
        isUuid(appointment) && isTheirs(viewer, { id: appointment, office: office.id })
          ? readBegunAt(tx, appointment)
          : null,
      ),
  };
}

const isUnderway = ({ endedAt, isForgotten }: Encounter): boolean => !endedAt && !isForgotten;

/**
 * Returns whether a member of staff may type answers of a draft: while they serve its applicant in the encounter in which it was begun. What
 * somebody began on-line is theirs alone until they hand it in.
 */
export async function mayFillIn(
  { tx }: Unit,
  viewer: StaffViewer,
  { encounter }: Pick<Case, 'encounter'>,
): Promise<boolean> {
  const found = encounter === null ? null : await readEncounter(tx, { encounter });
  return found !== null && isUnderway(found) && mayAttend(viewer, found);
}
