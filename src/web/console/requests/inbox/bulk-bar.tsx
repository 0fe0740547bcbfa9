import { type RequestInboxRow, settingsOf } from '../../../../features/service/requests/service.ts';
import type { Texts } from '../../../../lib/i18n/languages.ts';
import { Select } from '../../fields.tsx';
import { optionsOf } from '../../handling/choosing.tsx';
import { othersIn, type Person } from '../../handling/people.ts';
import type { DeskVisit } from '../../visit.tsx';

/** What came of something that was done with several requests, with their references. */
export interface BulkOutcome {
  done: number;
  failed: readonly string[];
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
  people: readonly Person[];
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
        <DoByCode
          visit={props.visit}
          name="template"
          list={templates}
          deed="answer"
          label={t('requestDesk.template')}
          empty={t('requestDesk.template.choose')}
          button={t('requestDesk.several.answer')}
        />
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
        <DoByCode
          visit={props.visit}
          name="refusal"
          list={reasons}
          deed="refuse"
          label={t('requestDesk.reason')}
          empty={t('requestDesk.reason.choose')}
          button={t('requestDesk.several.refuse')}
        />
        <div class="deed">
          <Do name="plan">{t('requestDesk.step.plan')}</Do>
          <Do name="begin">{t('requestDesk.step.begin')}</Do>
        </div>
      </div>
    </details>
  );
}

/** Something that is done with a template or a reason that is chosen; nothing where the office has none. `deed`: what the form sends. */
function DoByCode(props: {
  visit: DeskVisit;
  name: string;
  list: readonly { code: string; name: Texts }[];
  deed: string;
  label: string;
  empty: string;
  button: string;
}) {
  const { visit, name, list, deed, label, empty, button } = props;
  if (list.length === 0) return null;
  return (
    <div class="deed">
      <Select name={name} label={label} value="" empty={empty} options={optionsOf(list, visit.t)} />
      <Do name={deed}>{button}</Do>
    </div>
  );
}

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
