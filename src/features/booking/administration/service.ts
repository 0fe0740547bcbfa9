import { can } from '../../../domain/roles.ts';
import { fingerprint } from '../../../formats/town-file/changes/fingerprint.ts';
import { checkTown } from '../../../formats/town-file/reading/check.ts';
import { applied } from '../../../formats/town-file/versions/difference.ts';
import { withDeclared } from '../../../formats/town-file/versions/leaves.ts';
import { fullOffice } from '../../../formats/town-file/writing/written.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import { lockOffice } from '../../foundation/offices/service.ts';
import { below, declare, olderIn, readDeclared, readHistory } from './declaring.ts';
import { dropDraft, pruneDraft, publishDraft, readDraftOf, saveDraft } from './drafting.ts';
import type { Administration, Edit, Edited, Reverting } from './types.ts';
import { takingBack } from './versions.ts';
import { type CountDue, readDeletionPreview, readHeldDesks } from './views.ts';

export {
  type Applying,
  applyTown,
  decidedHere,
  exportAreas,
  exportForms,
  exportTown,
  peopleOf,
  planTown,
} from './applying.ts';

export { declarationAt } from './versions.ts';

export interface AdministrationDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  countDue: CountDue;
}

export function createAdministration(deps: AdministrationDeps): Administration {
  const { db, clock, unit, countDue } = deps;
  return {
    read: (viewer) =>
      within(db, viewer.office, async (tx) => {
        const found = can(viewer, 'administer') ? await readDeclared(tx) : null;
        if (!found) return null;
        const { town, code, office, state } = found;
        const { findings } = checkTown(town);
        const held = new Set(await readHeldDesks(tx));
        const full = fullOffice(state, found.current.town);
        const older = olderIn(await readHistory(tx, viewer.office, found), state);
        const draft = await readDraftOf(tx, viewer.office, found);
        return { office, full, state, findings: below(findings, code), held, older, draft };
      }),

    history: async (viewer) =>
      can(viewer, 'administer')
        ? within(db, viewer.office, async (tx) => {
            const found = await readDeclared(tx);
            return found && readHistory(tx, viewer.office, found);
          })
        : null,

    edit: async (viewer, change) =>
      can(viewer, 'administer')
        ? unit(viewer, viewer.office, (each) => edit(each, change))
        : { ok: false, reason: 'not_found' },

    revert: async (viewer, what) =>
      can(viewer, 'administer')
        ? unit(viewer, viewer.office, (each) => revert(each, what))
        : { ok: false, reason: 'not_found' },

    saveDraft: async (viewer, change) =>
      can(viewer, 'administer')
        ? unit(viewer, viewer.office, (each) => saveDraft(each, change))
        : { ok: false, reason: 'not_found' },

    publishDraft: async (viewer, what) =>
      can(viewer, 'administer')
        ? unit(viewer, viewer.office, (each) => publishDraft(each, what))
        : { ok: false, reason: 'not_found' },

    dropDraft: async (viewer, what) =>
      can(viewer, 'administer')
        ? unit(viewer, viewer.office, (each) => dropDraft(each, what))
        : { ok: false, reason: 'not_found' },

    previewDeletion: async (viewer, settings) =>
      can(viewer, 'administer')
        ? within(db, viewer.office, (tx) =>
            readDeletionPreview(tx, viewer.office, settings, clock.now(), countDue),
          )
        : null,
  };
}

async function edit(unit: Unit<StaffViewer>, change: Edit): Promise<Edited> {
  const { tx, office } = unit;
  await lockOffice(unit, office);
  const found = await readDeclared(tx);
  if (!found) return { ok: false, reason: 'not_found' };
  // Forms show what is in the draft.
  const draft = await readDraftOf(tx, office, found);
  const shown = draft?.drafted?.office ?? found.office;
  if (change.was !== null && change.was !== fingerprint(change.part(shown)))
    return { ok: false, reason: 'changed' };
  const how = { kind: 'edited', stillRight: change.stillRight ?? [] } as const;
  const edited = await declare(unit, found, change, how);
  if (edited.ok && draft) await pruneDraft(unit);
  return edited;
}

/** Takes a part of a version back, or everything since it. */
async function revert(
  unit: Unit<StaffViewer>,
  what: Reverting & { was: number; agreed?: string },
): Promise<Edited> {
  const { tx, office } = unit;
  await lockOffice(unit, office);
  const found = await readDeclared(tx);
  if (!found) return { ok: false, reason: 'not_found' };
  const history = await readHistory(tx, office, found);
  const back = takingBack(history, what);
  if (!back) return { ok: false, reason: 'not_found' };
  if (history.versions.at(-1)?.number !== what.was) return { ok: false, reason: 'changed' };
  const backTo = what.paths === 'all_since' ? what.version : undefined;
  const change: Edit = {
    part: () => null,
    was: null,
    change: (written, state) =>
      withDeclared(
        written,
        applied(history.leaves, back),
        (desk) => state.desks.get(desk)?.name ?? desk,
      ),
    ...(what.agreed !== undefined && { agreed: what.agreed }),
  };
  return declare(unit, found, change, { kind: 'reverted', backTo });
}
