import type { Form } from '../../../domain/form/schema.ts';
import {
  GROUPS,
  type Group,
  type InboxFilter,
  type InboxPage,
  type InboxRow,
  mayHoldCases,
} from '../../../features/service/cases/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Notice, Tag } from '../../../ui/parts.tsx';
import { stateName } from '../../words/states.ts';
import { Select } from '../fields.tsx';
import { ChooseAssignee, ChooseReference, optionsOf } from '../handling/choosing.tsx';
import { DueAndWho } from '../handling/parts.tsx';
import { type Person, peopleFor } from '../handling/people.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { addressOf, filterIn, queryOf } from './filter.ts';
import { type Names, stateKind } from './words.ts';

/** What the rows of the inbox need to be written in words. */
export interface Around {
  visit: DeskVisit;
  names: Names;
  /** The forms of the cases, by the id of their version. */
  forms: ReadonlyMap<number, Form>;
}

/** `…/cases`: the inbox of cases, what is due first. The filter is in the address. */
export function inboxPage(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office, base } = visit;
    const filter = filterIn(visit);
    const after = c.req.query('after') ?? null;
    const page = await deps.caseDesk.inbox(viewer, office, filter, after);
    if (!page) return c.notFound();
    const around = await aroundOf(deps, visit, page.rows);
    const people = await peopleFor(deps, visit);
    const asked = await deps.reports.count(viewer, office);
    const title = t('caseDesk.title');
    const query = queryOf(visit);
    return visit.show(
      { title },
      <div class="numbers cases">
        <h1>{title}</h1>
        {c.req.query('done') === 'routed' ? (
          <div role="status">
            <Notice kind="good">
              <p>{t('team.given')}</p>
            </Notice>
          </div>
        ) : null}
        <Groups visit={visit} filter={filter} page={page} />
        <p class="row">
          <a href={`${base}/reports`} data-action="reports">
            {t('report.asked.link', { count: asked })}
          </a>
          <a href={`${base}/cases/notifications`}>{t('notification.desk.list')}</a>
          {mayHoldCases(viewer) ? <a href={`${base}/cases/archive`}>{t('archive.title')}</a> : null}
        </p>
        <Choose visit={visit} filter={filter} people={people} />
        {page.rows.length === 0 ? (
          <p role="status">
            {t(isNarrowed(filter) ? 'caseDesk.none.filtered' : noneOf(filter.group))}
          </p>
        ) : (
          <CaseTable around={around} rows={page.rows} />
        )}
        <p class="row">
          {after === null ? null : (
            <a href={addressOf(`${base}/cases`, query)}>{t('caseDesk.first')}</a>
          )}
          {page.next === null ? null : (
            <ButtonLink kind="quiet" rel="next" href={nextOf(base, query, page.next)}>
              {t('caseDesk.next')}
            </ButtonLink>
          )}
          {page.rows.length === 0 ? null : (
            <a href={addressOf(`${base}/cases.csv`, query)}>{t('caseDesk.export')}</a>
          )}
        </p>
      </div>,
    );
  };
}

/** Returns what rows need: the forms of their states, and the names of who handles them. */
export async function aroundOf(
  deps: StaffDeps,
  visit: DeskVisit,
  rows: readonly Pick<InboxRow, 'form' | 'assignee'>[],
): Promise<Around> {
  const forms = new Map<number, Form>();
  for (const id of new Set(rows.map(({ form }) => form)))
    forms.set(id, (await deps.forms.version(visit.office.id, id)).form);
  const names = await deps.staff.namesOf(rows.flatMap(({ assignee }) => assignee ?? []));
  return { visit, names, forms };
}

function nextOf(base: string, query: URLSearchParams, next: string): string {
  const on = new URLSearchParams(query);
  on.set('after', next);
  return `${base}/cases?${on}`;
}

const isNarrowed = ({ group: _, ...more }: InboxFilter): boolean => Object.keys(more).length > 0;

const noneOf = (group: Group) =>
  group === 'open' ? ('caseDesk.none' as const) : (`caseDesk.none.${group}` as const);

/** The parts of the inbox, each with how many cases it has. */
function Groups(props: { visit: DeskVisit; filter: InboxFilter; page: InboxPage }) {
  const { visit, filter, page } = props;
  const { t, base } = visit;
  return (
    <nav aria-label={t('caseDesk.groups')}>
      <ul class="case-groups">
        {GROUPS.map((each) => (
          <li key={each}>
            <a
              href={addressOf(
                `${base}/cases`,
                queryOf(visit, { group: each === 'open' ? '' : each }),
              )}
              aria-current={each === filter.group ? 'page' : undefined}
            >
              {t(`caseDesk.group.${each}`)} <span class="figures">{page.counts[each]}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The filter by team; an office without teams has none. */
function ChooseTeam({ visit, filter }: { visit: DeskVisit; filter: InboxFilter }) {
  const { t, office } = visit;
  const { teams } = office.settings;
  if (teams.length === 0) return null;
  return (
    <Select
      name="team"
      label={t('team.label')}
      value={filter.team ?? ''}
      empty={t('team.any')}
      options={optionsOf(teams, t)}
    />
  );
}

function Choose(props: { visit: DeskVisit; filter: InboxFilter; people: readonly Person[] }) {
  const { visit, filter, people } = props;
  const { t, base, office, c } = visit;
  return (
    <form action={`${base}/cases`} class="choose" aria-label={t('caseDesk.choose')}>
      {filter.group === 'open' ? null : <input type="hidden" name="group" value={filter.group} />}
      <Select
        name="procedure"
        label={t('caseDesk.column.procedure')}
        value={c.req.query('procedure') ?? ''}
        empty={t('figures.all')}
        options={optionsOf(office.procedures, t)}
      />
      <ChooseAssignee visit={visit} label={t('caseDesk.column.assignee')} people={people} />
      <ChooseTeam visit={visit} filter={filter} />
      <div class="field">
        <label for="day">{t('caseDesk.handedInOn')}</label>
        <input type="date" id="day" name="day" value={filter.day?.toString() ?? ''} />
      </div>
      <ChooseReference visit={visit} value={filter.reference} />
    </form>
  );
}

const COLUMNS = ['reference', 'procedure', 'applicant', 'state', 'due', 'assignee'] as const;

function CaseTable({ around, rows }: { around: Around; rows: readonly InboxRow[] }) {
  const { visit } = around;
  const { t } = visit;
  return (
    <section class="scroll" aria-labelledby="listed">
      <table class="table" data-cases>
        <caption id="listed" class="small soft">
          {t('caseDesk.listed')}
        </caption>
        <thead>
          <tr>
            {COLUMNS.map((each) => (
              <th key={each} scope="col">
                {t(`caseDesk.column.${each}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} around={around} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ around, row }: { around: Around; row: InboxRow }) {
  const { visit, names, forms } = around;
  const { t, base, office } = visit;
  const form = forms.get(row.form);
  const procedure = office.procedure(row.procedure);
  return (
    <tr>
      <th scope="row" class="nowrap">
        <a href={addressOf(`${base}/cases/${row.id}`, queryOf(visit))} class="figures">
          {row.reference}
        </a>
      </th>
      <td>{textIn(procedure?.name, t.language)}</td>
      <td>{row.name || <span class="soft">{t('caseDesk.nameless')}</span>}</td>
      <td>
        <Tag kind={stateKind(row.state)}>{form ? stateName(row.state, form, t) : row.state}</Tag>{' '}
        {row.hasRefusedPaper ? <Tag kind="warn">{t('caseDesk.paper.refused')}</Tag> : null}{' '}
        {row.hasMessage ? <Tag kind="now">{t('message.new')}</Tag> : null}
      </td>
      <DueAndWho visit={visit} names={names} row={row} nobody={t('caseDesk.assignee.none')} />
    </tr>
  );
}
