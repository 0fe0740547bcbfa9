import { can } from '../../../../domain/roles.ts';
import { type RequestInboxRow, settingsOf } from '../../../../features/service/requests/service.ts';
import { type Texts, textIn } from '../../../../lib/i18n/languages.ts';
import type { Translate } from '../../../../lib/i18n/translate.ts';
import { Select } from '../../fields.tsx';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';

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

interface BulkProps {
  visit: DeskVisit;
  people: readonly { staff: number; name: string }[];
  rows: readonly RequestInboxRow[];
}

/** What can be done with the requests that are ticked. */
export function BulkBar(props: BulkProps) {
  const { t, office } = props.visit;
  const { teams } = office.settings;
  const { templates = [], reasons = [] } = settingsOf(office) ?? {};
  return (
    <details class="request-several">
      <summary>{t('requestDesk.several.title')}</summary>
      <div class="deeds">
        <GiveSeveral {...props} />
        {teams.length > 0 ? <RouteSeveral {...props} /> : null}
        {templates.length > 0 ? (
          <div class="deed">
            <Select
              name="template"
              label={t('requestDesk.template')}
              value=""
              empty={t('requestDesk.template.choose')}
              options={optionsOf(templates, t)}
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
            options={props.rows.map(({ reference }) => ({ value: reference, label: reference }))}
          />
          <Do name="merge">{t('requestDesk.several.merge')}</Do>
        </div>
        {reasons.length > 0 ? (
          <div class="deed">
            <Select
              name="refusal"
              label={t('requestDesk.reason')}
              value=""
              empty={t('requestDesk.reason.choose')}
              options={optionsOf(reasons, t)}
            />
            <Do name="refuse">{t('requestDesk.several.refuse')}</Do>
          </div>
        ) : null}
        <div class="deed">
          <Do name="plan">{t('requestDesk.step.plan')}</Do>
          <Do name="begin">{t('requestDesk.step.begin')}</Do>
        </div>
      </div>
    </details>
  );
}

/** Returns things with a code and a name as options. */
export const optionsOf = (
  list: readonly { code: string; name: Texts }[],
  { language }: Pick<Translate, 'language'>,
): { value: string; label: string }[] =>
  list.map(({ code, name }) => ({ value: code, label: textIn(name, language) }));

/** Returns who can be chosen besides oneself. */
export const othersIn = (
  { viewer }: Pick<DeskVisit, 'viewer'>,
  people: BulkProps['people'],
): { value: string; label: string }[] =>
  people
    .filter(({ staff }) => staff !== viewer.staff)
    .map(({ staff, name }) => ({ value: String(staff), label: name }));

function GiveSeveral({ visit, people }: BulkProps) {
  const { t } = visit;
  return (
    <div class="deed">
      <Select
        name="to"
        label={t('requestDesk.giveTo')}
        value="me"
        options={[
          { value: 'me', label: t('caseDesk.assignee.me') },
          { value: 'none', label: t('caseDesk.assignee.none') },
          ...othersIn(visit, people),
        ]}
      />
      <Do name="give">{t('requestDesk.give')}</Do>
    </div>
  );
}

function RouteSeveral({ visit }: BulkProps) {
  const { t, office } = visit;
  return (
    <div class="deed">
      <Select
        name="route"
        label={t('requestDesk.route')}
        value=""
        empty={t('requestDesk.route.back')}
        options={optionsOf(office.settings.teams, t)}
      />
      <Select
        name="routeReason"
        label={t('requestDesk.reason')}
        value=""
        empty={t('requestDesk.reason.none')}
        options={optionsOf(settingsOf(office)?.reasons ?? [], t)}
      />
      <Do name="route">{t('requestDesk.route.do')}</Do>
    </div>
  );
}

const Do = ({ name, children }: { name: string; children: string }) => (
  <button type="submit" class="button quiet small" name="do" value={name}>
    {children}
  </button>
);
