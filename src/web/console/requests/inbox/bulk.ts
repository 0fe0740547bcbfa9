import {
  BULK_STEPS,
  type BulkDeed,
  type BulkResult,
  type SeenRequest,
} from '../../../../features/service/requests/service.ts';
import { type Form, readForm } from '../../../form.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import type { BulkOutcome } from './bulk-bar.tsx';
import { showRequests } from './inbox.tsx';

/** `…/requests/several`: does the same with the requests that are ticked. The list then says what came of it. */
export function severalRequests(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { t, viewer, office } = visit;
    const form = await readForm(visit.c);
    const chosen = form.all('chosen').flatMap((each): SeenRequest[] => {
      const [, id = '', seen = ''] = /^([\da-f-]{36}):(\d{1,9})$/.exec(each) ?? [];
      return id ? [{ id, seen: Number(seen) }] : [];
    });
    const deed = deedIn(form, viewer.staff);
    if (chosen.length === 0)
      return showRequests(deps, visit, { wrong: t('requestDesk.several.none') });
    if (!deed) return showRequests(deps, visit, { wrong: t('requestDesk.several.what') });
    const results = await deps.requests.several(viewer, office, chosen, deed);
    return showRequests(deps, visit, { outcome: await outcomeOf(deps, visit, results) });
  };
}

async function outcomeOf(
  deps: StaffDeps,
  { viewer, office }: DeskVisit,
  results: BulkResult,
): Promise<BulkOutcome> {
  const failed = results.filter(({ result }) => !result.ok).map(({ id }) => id);
  const known = failed.length > 0 ? await deps.requests.numbered(viewer, office) : [];
  return {
    done: results.length - failed.length,
    failed: failed.map((id) => known.find((each) => each.id === id)?.reference ?? '?'),
  };
}

/** Returns what is to be done; null: what it needs was not chosen. */
function deedIn(form: Form, self: number): BulkDeed | null {
  switch (form.text('do')) {
    case 'give': {
      const to = form.text('to');
      const assignee = to === 'me' ? self : to === 'none' ? null : Number(to) || 0;
      return { do: 'give', assignee };
    }
    case 'route': {
      const team = form.text('route') || null;
      const reason = form.text('routeReason');
      // What is sent back says why.
      return team === null && !reason ? null : { do: 'route', team, ...(reason && { reason }) };
    }
    case 'merge': {
      const target = form.text('target');
      return target ? { do: 'merge', target } : null;
    }
    case 'answer': {
      const template = form.text('template');
      return template ? { do: 'step', step: 'answer', template } : null;
    }
    case 'refuse': {
      const reason = form.text('refusal');
      return reason ? { do: 'step', step: 'refuse', reason } : null;
    }
    default: {
      const step = BULK_STEPS.find((each) => each === form.text('do'));
      return step ? { do: 'step', step } : null;
    }
  }
}
