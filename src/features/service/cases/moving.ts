import { statesOf } from '../../../domain/form/states.ts';
import { workingDaysOf } from '../../../domain/office/calendar/working-days.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { PublishedForm } from '../../foundation/forms/types.ts';
import { actsAs } from './access.ts';
import { closeAmendment } from './amendment/store.ts';
import { endOf } from './archive/rules.ts';
import { tell } from './keeping.ts';
import { closeReports } from './reports/store.ts';
import {
  AMENDING,
  dueOf,
  isOver,
  lapseDayOf,
  periodOf,
  stepsFrom,
  suspensionsIn,
} from './rules.ts';
import { type NewState, setState } from './store.ts';
import type { CaseEvent, CaseRow, MoveResult } from './types.ts';
import { readCaseEvents } from './views.ts';

/** Returns a state with its deadlines. `from`: the day from which the time for the decision runs. */
export function stateOf(
  office: Office,
  { form }: PublishedForm,
  on: {
    state: string;
    at: Temporal.Instant;
    from: Temporal.PlainDate;
    events: readonly CaseEvent[];
  },
): NewState {
  const table = statesOf(form);
  const days = workingDaysOf(office.settings);
  const dayOf = (at: Temporal.Instant) => at.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const over = isOver(table, on.state);
  const period = over ? null : periodOf(form);
  return {
    state: on.state,
    due: dueOf(table, on.state, dayOf(on.at), days),
    lapseOn: lapseDayOf(table, on.state, dayOf(on.at), days),
    decideBy: period && days.endOf(period, on.from, suspensionsIn(on.events, dayOf)),
    isOver: over,
    endsOn: over ? endOf(form, dayOf(on.at)) : null,
  };
}

/** Takes a locked case to another state, as its form's table allows the viewer. */
export async function move(
  unit: Unit,
  row: CaseRow,
  {
    office,
    form,
    to,
    isHabilitated = false,
  }: { office: Office; form: PublishedForm; to: string; isHabilitated?: boolean },
): Promise<MoveResult> {
  const steps = stepsFrom(statesOf(form.form), row.state, actsAs(unit.viewer, isHabilitated));
  if (!steps.some((each) => each.to === to)) return { ok: false, reason: 'not_allowed' };
  await enter(unit, row, { office, form, to });
  return { ok: true };
}

/** Puts a locked case into a state. Whether it may come there is for the caller to know. */
export async function enter(
  unit: Unit,
  row: CaseRow,
  { office, form, to }: { office: Office; form: PublishedForm; to: string },
): Promise<void> {
  const { tx, now } = unit;
  const events = await readCaseEvents(tx, row.id);
  const first = events.find(({ kind }) => kind === 'handed_in');
  const from = Temporal.PlainDate.from(String(first?.data.from));
  const moved: CaseEvent = { kind: 'moved', at: now, actor: '', data: { from: row.state, to } };
  const state = stateOf(office, form, { state: to, at: now, from, events: [...events, moved] });
  await setState(unit, row.id, state);
  if (row.state === AMENDING) await closeAmendment(unit, row.id);
  if (state.isOver) await closeReports(unit, row.id);
  await tell(unit, row.id, 'moved', moved.data);
}
