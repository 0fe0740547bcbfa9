import type { Office } from '../../../domain/office/types.ts';
import { allowedIn, draftMistakes, untickedOf } from '../../../features/service/encounter/rules.ts';
import type { EncounterDraft, SaveResult } from '../../../features/service/encounter/types.ts';
import { DRAFT_PARTS } from '../../../features/service/encounter/types.ts';
import { readForm } from '../../form.ts';
import { readUnsettled, type Unsettled } from '../undo/unsettled.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { conflict, here, showAppointment } from './appointment.tsx';
import { type Booked, bookedIn } from './checks.tsx';
import {
  emptyItem,
  kept,
  met,
  readDraft,
  type TypedDraft,
  withPicked,
  withTheirs,
} from './draft.ts';
import { problemsOf } from './mistakes.ts';
import { answerIsland, isIsland } from './save-island.tsx';

/** Saves, closes, or changes the rows, according to the button; answers the island's requests too. */
export function savePage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const form = await readForm(visit.c);
    const action = form.text('action');
    const typed = readDraft(form);
    const changed = rowsChanged(visit, typed, action);
    if (isIsland(visit)) {
      return answerIsland(deps, visit, changed ?? typed, { action, booked: bookedIn(form) });
    }
    if (changed) return showAppointment(deps, visit, { work: { typed: { draft: changed } } });
    const { viewer, office, c } = visit;
    const [to, anyway] = action.split('-');
    const isClosing = to === 'close' || to === 'follow';
    const how = { base: typed.base, anyway: anyway === 'anyway' };
    const of = { appointment: c.req.param('id') ?? '' };
    const clean = kept(typed);
    if (isClosing && !how.anyway && isComplete(office, clean)) {
      const unsettled = await readUnsettled(deps, visit, of.appointment);
      if (unsettled) return askOpen(deps, visit, typed, unsettled);
    }
    const act = isClosing ? deps.encounter.close : deps.encounter.save;
    const result = await act(viewer, office, of, typed.version, clean, how);
    if (!result.ok) return refused(deps, visit, typed, result);
    return visit.redirect(to === 'follow' ? followUpOf(visit, bookedIn(form)) : here(visit));
  };
}

/** Whether nothing is missing for closing: mistakes are told before anything is asked. */
const isComplete = (office: Office, draft: EncounterDraft): boolean =>
  Object.keys(draftMistakes(draft, allowedIn(office), 'close')).length === 0;

/** Asks whether to close although something is open. Steps without a tick are asked about at once, since one answer stands for both. */
const askOpen = (deps: StaffDeps, visit: DeskVisit, typed: TypedDraft, unsettled: Unsettled) =>
  showAppointment(deps, visit, {
    status: 422,
    problems: [{ href: '#unsettled', text: visit.t('unsettled.title') }],
    work: {
      typed: { draft: typed },
      unsettled,
      unticked: untickedOf(visit.office, kept(typed)),
    },
  });

/** Returns the page that books a follow-up: for the same person, and by default about the first of the same procedures. */
function followUpOf({ base, office, c }: DeskVisit, { procedures }: Booked): string {
  const id = c.req.param('id') ?? '';
  const procedure = office.procedure(procedures[0] ?? '');
  const same = procedure && !procedure.retired ? `&procedure=${procedure.code}` : '';
  return `${base}/book?like=${id}&follows=${id}${same}`;
}

/** Returns the draft with the row or the version that a button asked for; null for other buttons. */
export function rowsChanged(
  visit: DeskVisit,
  draft: TypedDraft,
  action: string,
): TypedDraft | null {
  if (action === 'add') return { ...draft, items: [...draft.items, emptyItem()] };
  const removed = /^remove-(\d+)$/.exec(action)?.[1];
  if (removed !== undefined) {
    const items = draft.items.filter((_, index) => index !== Number(removed));
    return { ...draft, items };
  }
  if (action.startsWith('pick-')) return withPicked(visit, draft, action.slice('pick-'.length));
  const [how, named] = action.split('-');
  const part = DRAFT_PARTS.find((each) => each === named);
  return part && (how === 'take' || how === 'both') ? withTheirs(draft, part, how) : null;
}

/** Shows the page again, with all typed values and the obstacle. */
function refused(
  deps: StaffDeps,
  visit: DeskVisit,
  typed: TypedDraft,
  result: Exclude<SaveResult, { ok: true }>,
): Response | Promise<Response> {
  const { t } = visit;
  const clean = kept(typed);
  switch (result.reason) {
    case 'not_found':
      return visit.c.notFound();
    case 'not_open':
      return conflict(deps, visit, clean.notes);
    case 'stale': {
      const draft = met(result.merged, result.current);
      return conflict(deps, visit, '', { typed: { draft }, conflict: result });
    }
    case 'unticked':
      return showAppointment(deps, visit, {
        status: 422,
        problems: [{ href: '#unticked', text: t('attending.unticked.title') }],
        work: { typed: { draft: typed }, unticked: result.points },
      });
    case 'invalid': {
      const draft = { ...typed, ...clean };
      const problems = problemsOf(visit, result.mistakes, draft.items);
      const { mistakes } = result;
      return showAppointment(deps, visit, {
        status: 422,
        problems,
        work: { typed: { draft, mistakes } },
      });
    }
  }
}
