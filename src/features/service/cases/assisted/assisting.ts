import { channelNamed } from '../../../../domain/channel.ts';
import { validate } from '../../../../domain/form/validate.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { within } from '../../../../lib/db/database.ts';
import { type EncounterLanguage, spokenIn } from '../../../../lib/i18n/languages.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { ApplicantViewer, StaffViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import { mayAttend } from '../../encounter/rules.ts';
import type { EncounterRef } from '../../encounter/types.ts';
import { readEncounter } from '../../encounter/views.ts';
import { isTheirs as isTheirCase } from '../access.ts';
import { openAnswers } from '../answering.ts';
import { type CasesDeps, formOf } from '../keeping.ts';
import { makeCase } from '../making.ts';
import { contextOf } from '../rules.ts';
import { setConfirmation } from '../store.ts';
import type { AskConfirmationResult, Case } from '../types.ts';
import { readCase } from '../views.ts';
import { handingInOf, showingOf } from './confirming.ts';
import { isUnderway } from './filling.ts';
import { lockConversation } from './views.ts';

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
  /** Returns the encounter in which a case was begun or shown; null: there was none, or it is not the viewer's. */
  encounterOf(
    viewer: StaffViewer,
    office: Office,
    id: string,
  ): Promise<{ appointment: string | null; isUnderway: boolean } | null>;
  /** Asks the applicant to confirm the answers, of which the official has seen this version. A change of them voids it. */
  askConfirmation(
    viewer: StaffViewer,
    office: Office,
    id: string,
    seen: number,
  ): Promise<AskConfirmationResult>;
  /**
   * Returns whether the viewer has shown that they are the citizen with whom an official began a case; null: nobody helped. `codeFor`: the
   * appointment whose address a code goes to that shows it; null: none does.
   */
  confirming(
    viewer: ApplicantViewer,
    office: Office,
    of: Case,
  ): Promise<{ isShown: boolean; codeFor: string | null } | null>;
}

/** Asks the applicant to confirm a version of the answers, which are complete. */
async function askConfirmation(
  { keyring }: Pick<CasesDeps, 'keyring'>,
  unit: Unit<StaffViewer>,
  { id, office, form, seen }: { id: string; office: Office; form: PublishedForm; seen: number },
): Promise<AskConfirmationResult> {
  const found = await openAnswers({ keyring }, unit, id);
  if (!found.ok) return found;
  const { row, draft } = found;
  if (row.version !== seen) return { ok: false, reason: 'changed' };
  const context = contextOf(office, unit.now, row.language);
  const { mistakes } = validate(form.form, draft.answers, context);
  // What is declared the applicant ticks, when they confirm it.
  if (mistakes.some(({ path }) => path[0] !== 'declarations'))
    return { ok: false, reason: 'incomplete' };
  await setConfirmation(unit, id, seen);
  const data = { case: id, version: seen };
  await unit.record('case_confirmation_asked', { data, topic: id });
  return { ok: true };
}

export function createAssisting(deps: CasesDeps): Assisting {
  const { db, unit, forms } = deps;
  return {
    ...createConfirming(deps),

    async beginIn(viewer, office, of, procedure) {
      const form = await forms.current(office, procedure);
      if (!isUuid('encounter' in of ? of.encounter : of.appointment) || viewer.office !== office.id)
        return { ok: false, reason: 'not_found' };
      return unit(viewer, office.id, async (each) => {
        // Nobody takes its beginning back meanwhile.
        const said = await lockConversation(each.tx, of);
        const encounter = said && (await readEncounter(each.tx, of));
        if (!encounter) return { ok: false, reason: 'not_open' };
        if (!mayAttend(viewer, encounter)) return { ok: false, reason: 'not_found' };
        if (!isUnderway(encounter)) return { ok: false, reason: 'not_open' };
        if (!form) return { ok: false, reason: 'no_form' };
        const id = deps.key.newId();
        await makeCase(deps, each, {
          id,
          form,
          door: channelNamed(said.channel),
          language: spokenIn(said.language as EncounterLanguage),
          owner: null,
          encounter,
        });
        return { ok: true, id };
      });
    },

    async askConfirmation(viewer, office, id, seen) {
      const form = await formOf(deps, office, id);
      if (!form) return { ok: false, reason: 'not_found' };
      return unit(viewer, office.id, (each) =>
        askConfirmation(deps, each, { id, office, form, seen }),
      );
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
  };
}

/** What the pages on which it is confirmed ask. */
function createConfirming(deps: CasesDeps): Pick<Assisting, 'confirming'> {
  const { db } = deps;
  return {
    async confirming(viewer, office, of) {
      if (!of.isAssisted) return null;
      const who = await handingInOf(deps, viewer, office, of.id);
      return within(db, office.id, async (tx) => {
        const unit = { tx, viewer, now: deps.clock.now() };
        const { appointment, isForgotten, proof, isShown } = await showingOf(unit, of, who);
        return { isShown, codeFor: isForgotten || proof ? null : (appointment?.id ?? null) };
      });
    },
  };
}
