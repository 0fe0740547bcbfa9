import { REQUEST_KINDS } from '../../../../domain/requests/kinds.ts';
import { type RequestFilter, settingsOf } from '../../../../features/service/requests/service.ts';
import { Select } from '../../fields.tsx';
import { ChooseAssignee, ChooseReference, optionsOf } from '../../handling/choosing.tsx';
import type { Person } from '../../handling/people.ts';
import type { AroundRequests } from './table.tsx';

interface ChooseProps {
  around: AroundRequests;
  filter: RequestFilter;
  people: readonly Person[];
}

/** Which requests to see. */
export function ChooseRequests({ around, filter, people }: ChooseProps) {
  const { visit } = around;
  const { t, base, office, c } = visit;
  const chosen = (key: string) => c.req.query(key) ?? '';
  const all = t('figures.all');
  return (
    <form action={`${base}/requests`} class="choose" aria-label={t('requestDesk.choose')}>
      {filter.group === 'open' ? null : <input type="hidden" name="group" value={filter.group} />}
      <Select
        name="type"
        label={t('requestDesk.column.type')}
        value={chosen('type')}
        empty={all}
        options={optionsOf(settingsOf(office)?.types ?? [], t)}
      />
      <Select
        name="kind"
        label={t('requestDesk.column.kind')}
        value={chosen('kind')}
        empty={all}
        options={REQUEST_KINDS.map((each) => ({
          value: each,
          label: t(`requestDesk.kind.${each}`),
        }))}
      />
      <WhereAndWho around={around} people={people} />
      <ChooseReference visit={visit} value={filter.reference} />
    </form>
  );
}

function WhereAndWho({ around, people }: Pick<ChooseProps, 'around' | 'people'>) {
  const { visit, areas } = around;
  const { t, office, c } = visit;
  const chosen = (key: string) => c.req.query(key) ?? '';
  const all = t('figures.all');
  const none = { value: 'none', label: t('requestDesk.noneOfThem') };
  return (
    <>
      {areas.length > 0 ? (
        <Select
          name="area"
          label={t('requestDesk.column.area')}
          value={chosen('area')}
          empty={all}
          options={[...optionsOf(areas, t), none]}
        />
      ) : null}
      {office.settings.teams.length > 0 ? (
        <Select
          name="team"
          label={t('team.label')}
          value={chosen('team')}
          empty={all}
          options={[...optionsOf(office.settings.teams, t), none]}
        />
      ) : null}
      <ChooseAssignee visit={visit} label={t('requestDesk.column.assignee')} people={people} />
    </>
  );
}
