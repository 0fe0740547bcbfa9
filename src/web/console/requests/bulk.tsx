import { can } from '../../../domain/roles.ts';
import {
  BULK_STEPS,
  type BulkDeed,
  type BulkResult,
  type RequestInboxRow,
  type SeenRequest,
} from '../../../features/service/requests/desk/types.ts';
import { settingsOf } from '../../../features/service/requests/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { type Form, readForm } from '../../form.ts';
import { Select } from '../fields.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { showRequests } from './inbox.tsx';

/** What came of something that was done with several requests, with their references. */
export interface BulkOutcome {
  done: number;
  failed: readonly string[];
}

/** Returns the people to whom requests can be given: everybody for those who coordinate, otherwise nobody but oneself. */
export async function peopleFor(
  deps: Pick<StaffDeps, 'people'>,
  { viewer }: Pick<DeskVisit, 'viewer'>,
): Promise<{ staff: number; name: string }[]> {
  const list = can(viewer, 'coordinate') ? ((await deps.people.list(viewer)) ?? []) : [];
  return [...new Map(list.map(({ staff, name }) => [staff, { staff, name }])).values()];
}

/** Returns in words what came of it. */
export function bulkOutcome({ t }: DeskVisit, { done, failed }: BulkOutcome) {
  const text = t('requestDesk.several.done', { count: done });
  if (failed.length === 0) return { kind: 'good' as const, text };
  const left = t('requestDesk.several.left', { list: failed.join(', ') });
  return { kind: 'warn' as const, text: `${text} ${left}` };
}

/** What can be done with the requests that are ticked. */
export function BulkBar(props: {
  visit: DeskVisit;
  people: readonly { staff: number; name: string }[];
  rows: readonly RequestInboxRow[];
}) {
  const { visit, people, rows } = props;
  const { t, viewer, office } = visit;
  const { teams } = office.settings;
  const { templates = [], reasons = [] } = settingsOf(office) ?? {};
  const named = (list: typeof templates | typeof reasons | typeof teams) =>
    list.map(({ code, name }) => ({ value: code, label: textIn(name, t.language) }));
  return (
    <details class="request-several">
      <summary>{t('requestDesk.several.title')}</summary>
      <div class="deeds">
        <div class="deed">
          <Select
            name="to"
            label={t('requestDesk.giveTo')}
            value="me"
            options={[
              { value: 'me', label: t('caseDesk.assignee.me') },
              { value: 'none', label: t('caseDesk.assignee.none') },
              ...people
                .filter(({ staff }) => staff !== viewer.staff)
                .map(({ staff, name }) => ({ value: String(staff), label: name })),
            ]}
          />
          <Do name="give">{t('requestDesk.give')}</Do>
        </div>
        {teams.length > 0 ? (
          <div class="deed">
            <Select
              name="route"
              label={t('requestDesk.route')}
              value=""
              empty={t('requestDesk.route.back')}
              options={named(teams)}
            />
            <Select
              name="routeReason"
              label={t('requestDesk.reason')}
              value=""
              empty={t('requestDesk.reason.none')}
              options={named(reasons)}
            />
            <Do name="route">{t('requestDesk.route.do')}</Do>
          </div>
        ) : null}
        {templates.length > 0 ? (
          <div class="deed">
            <Select
              name="template"
              label={t('requestDesk.template')}
              value=""
              empty={t('requestDesk.template.choose')}
              options={named(templates)}
            />
            <Do name="answer">{t('requestDesk.several.answer')}</Do>
          </div>
        ) : null}
        <div class="deed">
          <Select
            name="target"
            label={t('requestDesk.several.stays')}
            value=""
            empty={t('requestDesk.several.stays.choose')}
            options={rows.map(({ reference }) => ({ value: reference, label: reference }))}
          />
          <Do name="merge">{t('requestDesk.several.merge')}</Do>
        </div>
        <div class="deed">
          <Do name="plan">{t('requestDesk.step.plan')}</Do>
          <Do name="begin">{t('requestDesk.step.begin')}</Do>
        </div>
      </div>
    </details>
  );
}

const Do = ({ name, children }: { name: string; children: string }) => (
  <button type="submit" class="button quiet small" name="do" value={name}>
    {children}
  </button>
);

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
      const [team, reason] = [form.text('route') || null, form.text('routeReason')];
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
    default: {
      const step = BULK_STEPS.find((each) => each === form.text('do') && each !== 'refuse');
      return step ? { do: 'step', step } : null;
    }
  }
}
