import { randomUUID } from 'node:crypto';
import { statesOf } from '../../../../domain/form/states.ts';
import { workingDaysOf } from '../../../../domain/office/calendar/working-days.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { sealText } from '../../../../lib/envelope/seal.ts';
import type { StaffViewer, Viewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import { type CasesDeps, findTheirs, formOf, isHabilitated, tell } from '../keeping.ts';
import { move } from '../moving.ts';
import { AMENDING, isAsSeen } from '../rules.ts';
import { placeOf } from '../sealing.ts';
import { tellApplicant } from '../telling.ts';
import type { Amendment, AmendmentPoint, AmendResult, ExtendResult, Seen } from '../types.ts';
import { readCase, readCaseForUpdate } from '../views.ts';
import { type Correcting, createCorrecting } from './correcting.ts';
import { extensionOf, openAmendments, openRows, pointsOf } from './opened.ts';
import { mayExtend, mostMore, pointsIn } from './rules.ts';
import { insertAmendment, setExtended } from './store.ts';
import { readAmendments } from './views.ts';

/** Requests to amend what was handed in: Ley 39/2015, art. 68. */
export interface Amending extends Correcting {
  /** Returns the requests to amend a case, the newest first; null: the case isn't the viewer's. */
  amendments(viewer: Viewer, office: Office, id: string): Promise<Amendment[] | null>;
  /**
   * Asks whoever handed a case in to amend the answers to some questions, each with what is wrong. They have as long as the form says, and are
   * told that there is something to read. `seen`: the case as the official saw it.
   */
  askToAmend(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: { points: readonly AmendmentPoint[]; seen: Seen },
  ): Promise<AmendResult>;
  /** Gives more time to amend, once and at most half of the term, for a reason: Ley 39/2015, art. 32. */
  extend(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: { workingDays: number; reason: string; seen: Seen },
  ): Promise<ExtendResult>;
}

export function createAmending(deps: CasesDeps): Amending {
  const { unit } = deps;
  return {
    ...createCorrecting(deps),
    amendments: (viewer, office, id) =>
      unit(viewer, office.id, async (each) => {
        const row = await findTheirs(each, id, readCase);
        return row && openAmendments(deps.keyring, each.tx, row);
      }),

    async askToAmend(viewer, office, id, { points, seen }) {
      const form = await formOf(deps, office, id);
      if (!form) return { ok: false, reason: 'not_found' };
      const asked = pointsIn(form.form, points);
      if (!asked) return { ok: false, reason: 'invalid' };
      const may = await isHabilitated(deps, office, viewer);
      return unit(viewer, office.id, (each) =>
        ask(deps, each, { id, office, form, points: asked, seen, isHabilitated: may }),
      );
    },

    async extend(viewer, office, id, asked) {
      const form = await formOf(deps, office, id);
      if (!form) return { ok: false, reason: 'not_found' };
      return unit(viewer, office.id, (each) => extend(deps, each, { id, office, form, ...asked }));
    },
  };
}

interface On {
  id: string;
  office: Office;
  form: PublishedForm;
  seen: Seen;
}

async function ask(
  { keyring }: Pick<CasesDeps, 'keyring'>,
  unit: Unit,
  on: On & { points: readonly AmendmentPoint[]; isHabilitated: boolean },
): Promise<AmendResult> {
  const { tx } = unit;
  const { id, office, form, points, seen } = on;
  const row = await findTheirs(unit, id, readCaseForUpdate);
  if (!row) return { ok: false, reason: 'not_found' };
  if (!isAsSeen(row, seen)) return { ok: false, reason: 'changed' };
  const steps = { office, form, to: AMENDING, isHabilitated: on.isHabilitated };
  const moved = await move(unit, row, steps);
  if (!moved.ok) return moved;
  const until = (await readCase(tx, id))?.stateDue;
  // A table without a term to amend would leave its case waiting for ever.
  if (!until) throw new Error(`The form of case ${id} has no term to amend`);
  const request = randomUUID();
  const key = await keyring.make(tx, placeOf(row));
  const sealed = sealText(key, placeOf(row), pointsOf(request), JSON.stringify(points));
  await insertAmendment(unit, { id: request, case: id, until, points: sealed });
  await tell(unit, id, 'amendment_asked', { points: points.length, until: until.toString() });
  const isTold = await tellApplicant(keyring, unit, row, { news: 'amend', until });
  return { ok: true, until, isTold };
}

async function extend(
  { keyring }: Pick<CasesDeps, 'keyring'>,
  unit: Unit,
  on: On & { workingDays: number; reason: string },
): Promise<ExtendResult> {
  const { tx, now } = unit;
  const { id, office, form, seen } = on;
  const row = await findTheirs(unit, id, readCaseForUpdate);
  if (!row) return { ok: false, reason: 'not_found' };
  if (!isAsSeen(row, seen)) return { ok: false, reason: 'changed' };
  const key = await keyring.make(tx, placeOf(row));
  const [open] = openRows(key, row, await readAmendments(tx, id));
  const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
  if (!open || !mayExtend(open, today)) return { ok: false, reason: 'not_allowed' };
  const reason = on.reason.trim();
  const most = mostMore(statesOf(form.form));
  const { workingDays } = on;
  const isRight = Number.isInteger(workingDays) && workingDays >= 1 && workingDays <= most;
  if (!isRight || reason === '') return { ok: false, reason: 'invalid' };
  const until = workingDaysOf(office.settings).endOf({ workingDays }, open.until) ?? open.until;
  const sealed = sealText(key, placeOf(row), extensionOf(open.id), reason);
  await setExtended(unit, open.id, { case: id, until, reason: sealed });
  await tell(unit, id, 'extended', { until: until.toString() });
  const isTold = await tellApplicant(keyring, unit, row, { news: 'extended', until });
  return { ok: true, until, isTold };
}
