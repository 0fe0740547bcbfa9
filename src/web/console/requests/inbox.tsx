import type { Area } from '../../../domain/requests/areas.ts';
import { REQUEST_KINDS } from '../../../domain/requests/kinds.ts';
import { can } from '../../../domain/roles.ts';
import {
  REQUEST_GROUPS,
  type RequestFilter,
  type RequestGroup,
  type RequestInboxPage,
  type RequestInboxRow,
} from '../../../features/service/requests/desk/types.ts';
import { settingsOf } from '../../../features/service/requests/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Notice, Tag } from '../../../ui/parts.tsx';
import { addressOf } from '../cases/filter.ts';
import { dueIn, type Names, teamName, whenIn } from '../cases/words.ts';
import { Select } from '../fields.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { BulkBar, type BulkOutcome, bulkOutcome, peopleFor } from './bulk.tsx';
import { requestFilterIn, requestQueryOf } from './filter.ts';
import { areaName, requestStateKind, requestTypeName } from './words.ts';

/** The most characters of what was written that a row shows. */
const SHORT = 90;

/** What the rows of the inbox need to be written in words. */
export interface AroundRequests {
  visit: DeskVisit;
  names: Names;
  areas: readonly Area[];
}

/** `…/requests`: the inbox of requests, what is due first. The filter is in the address. */
export const requestsPage = (deps: StaffDeps) => (visit: DeskVisit) =>
  showRequests(deps, visit, {});

/** Shows the inbox. `outcome`: what came of something that was done with several; `wrong`: why nothing was. */
export async function showRequests(
  deps: StaffDeps,
  visit: DeskVisit,
  shown: { outcome?: BulkOutcome; wrong?: string },
): Promise<Response> {
  const { c, t, viewer, office, base } = visit;
  const filter = requestFilterIn(visit);
  const after = c.req.query('after') ?? null;
  const page = settingsOf(office) && (await deps.requests.inbox(viewer, office, filter, after));
  if (!page) return c.notFound();
  const around = await aroundRequests(deps, visit, page.rows);
  const people = await peopleFor(deps, visit);
  const title = t('requestDesk.title');
  const query = requestQueryOf(visit);
  const notice = noticeIn(visit, shown);
  return visit.show(
    { title, ...(shown.wrong && { status: 422 as const, hasErrors: true }) },
    <div class="numbers cases">
      <h1>{title}</h1>
      {notice ? (
        <div role="status">
          <Notice kind={notice.kind}>
            <p>{notice.text}</p>
          </Notice>
        </div>
      ) : null}
      <Groups visit={visit} filter={filter} page={page} />
      <p class="row">
        <ButtonLink kind="quiet" href={`${base}/requests/new`}>
          {t('requestDesk.new')}
        </ButtonLink>
      </p>
      <Choose around={around} filter={filter} people={people} />
      {page.rows.length === 0 ? (
        <p role="status">
          {t(isNarrowed(filter) ? 'requestDesk.none.filtered' : `requestDesk.none.${filter.group}`)}
        </p>
      ) : (
        <form method="post" action={addressOf(`${base}/requests/several`, query)}>
          <RequestTable around={around} rows={page.rows} isChoosing={filter.group !== 'closed'} />
          {filter.group === 'closed' ? null : (
            <BulkBar visit={visit} people={people} rows={page.rows} />
          )}
        </form>
      )}
      <p class="row">
        {after === null ? null : (
          <a href={addressOf(`${base}/requests`, query)}>{t('caseDesk.first')}</a>
        )}
        {page.next === null ? null : (
          <ButtonLink kind="quiet" rel="next" href={nextOf(base, query, page.next)}>
            {t('caseDesk.next')}
          </ButtonLink>
        )}
        {page.rows.length === 0 ? null : (
          <a href={addressOf(`${base}/requests.csv`, query)}>{t('caseDesk.export')}</a>
        )}
      </p>
    </div>,
  );
}

function noticeIn(visit: DeskVisit, { outcome, wrong }: Parameters<typeof showRequests>[2]) {
  const { c, t } = visit;
  if (wrong) return { kind: 'warn' as const, text: wrong };
  if (outcome) return bulkOutcome(visit, outcome);
  const done = c.req.query('done');
  if (done === 'routed') return { kind: 'good' as const, text: t('requestDesk.done.routed') };
  return null;
}

/** Returns what rows need: the areas, and the names of who handles them. */
export async function aroundRequests(
  deps: StaffDeps,
  visit: DeskVisit,
  rows: readonly Pick<RequestInboxRow, 'assignee'>[],
): Promise<AroundRequests> {
  const names = await deps.staff.namesOf(rows.flatMap(({ assignee }) => assignee ?? []));
  return { visit, names, areas: await deps.offices.areas() };
}

function nextOf(base: string, query: URLSearchParams, next: string): string {
  const on = new URLSearchParams(query);
  on.set('after', next);
  return `${base}/requests?${on}`;
}

const isNarrowed = ({ group: _, ...more }: RequestFilter): boolean => Object.keys(more).length > 0;

/** The parts of the inbox, each with how many requests it has. Only whoever coordinates gives requests to teams. */
function Groups(props: { visit: DeskVisit; filter: RequestFilter; page: RequestInboxPage }) {
  const { visit, filter, page } = props;
  const { t, base, viewer, office } = visit;
  const isShown = (group: RequestGroup): boolean =>
    (group !== 'unrouted' || can(viewer, 'coordinate')) &&
    (group !== 'team' || office.settings.teams.length > 0);
  return (
    <nav aria-label={t('caseDesk.groups')}>
      <ul class="case-groups">
        {REQUEST_GROUPS.filter(isShown).map((each) => (
          <li key={each}>
            <a
              href={addressOf(
                `${base}/requests`,
                requestQueryOf(visit, { group: each === 'open' ? '' : each }),
              )}
              aria-current={each === filter.group ? 'page' : undefined}
            >
              {t(`requestDesk.group.${each}`)} <span class="figures">{page.counts[each]}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Choose(props: {
  around: AroundRequests;
  filter: RequestFilter;
  people: readonly { staff: number; name: string }[];
}) {
  const { around, filter, people } = props;
  const { visit, areas } = around;
  const { t, base, office, c, viewer } = visit;
  const named = (list: readonly { code: string; name: Area['name'] }[]) =>
    list.map(({ code, name }) => ({ value: code, label: textIn(name, t.language) }));
  const chosen = (key: string) => c.req.query(key) ?? '';
  const all = t('figures.all');
  const none = { value: 'none', label: t('requestDesk.noneOfThem') };
  return (
    <form action={`${base}/requests`} class="choose" aria-label={t('requestDesk.choose')}>
      {filter.group === 'open' ? null : <input type="hidden" name="group" value={filter.group} />}
      <Select
        name="type"
        label={t('requestDesk.column.type')}
        value={chosen('type')}
        empty={all}
        options={named(settingsOf(office)?.types ?? [])}
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
      {areas.length > 0 ? (
        <Select
          name="area"
          label={t('requestDesk.column.area')}
          value={chosen('area')}
          empty={all}
          options={[...named(areas), none]}
        />
      ) : null}
      {office.settings.teams.length > 0 ? (
        <Select
          name="team"
          label={t('team.label')}
          value={chosen('team')}
          empty={all}
          options={[...named(office.settings.teams), none]}
        />
      ) : null}
      <Select
        name="assignee"
        label={t('requestDesk.column.assignee')}
        value={chosen('assignee')}
        empty={all}
        options={[
          { value: 'none', label: t('caseDesk.assignee.none') },
          { value: 'me', label: t('caseDesk.assignee.me') },
          ...people
            .filter(({ staff }) => staff !== viewer.staff)
            .map(({ staff, name }) => ({ value: String(staff), label: name })),
        ]}
      />
      <div class="field">
        <label for="reference">{t('caseDesk.column.reference')}</label>
        <input
          type="text"
          id="reference"
          name="reference"
          value={filter.reference ?? ''}
          size={10}
          autocomplete="off"
        />
      </div>
      <button type="submit" class="button quiet">
        {t('staff.day.show')}
      </button>
    </form>
  );
}

const COLUMNS = ['reference', 'type', 'what', 'state', 'due', 'assignee'] as const;

function RequestTable(props: {
  around: AroundRequests;
  rows: readonly RequestInboxRow[];
  isChoosing: boolean;
}) {
  const { around, rows, isChoosing } = props;
  const { t } = around.visit;
  return (
    <section class="scroll" aria-labelledby="listed">
      <table class="table" data-requests>
        <caption id="listed" class="small soft">
          {t('caseDesk.listed')}
        </caption>
        <thead>
          <tr>
            {isChoosing ? <th scope="col">{t('requestDesk.column.choose')}</th> : null}
            {COLUMNS.map((each) => (
              <th key={each} scope="col">
                {t(`requestDesk.column.${each}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} around={around} row={row} isChoosing={isChoosing} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row(props: { around: AroundRequests; row: RequestInboxRow; isChoosing: boolean }) {
  const { around, row, isChoosing } = props;
  const { visit, names, areas } = around;
  const { t, base } = visit;
  const due = dueIn(visit, row.due);
  const where = [row.address, areaName(visit, areas, row.area)].filter(Boolean).join(' · ');
  return (
    <tr>
      {isChoosing ? (
        <td>
          <input
            type="checkbox"
            class="tick"
            name="chosen"
            value={`${row.id}:${row.version}`}
            aria-label={t('requestDesk.choose.one', { reference: row.reference })}
          />
        </td>
      ) : null}
      <th scope="row" class="nowrap">
        <a href={addressOf(`${base}/requests/${row.id}`, requestQueryOf(visit))} class="figures">
          {row.reference}
        </a>
      </th>
      <td>
        {requestTypeName(visit, row.type)}
        {row.followers > 0 ? (
          <span class="small soft"> {t('requestDesk.followers', { count: row.followers })}</span>
        ) : null}
      </td>
      <td>
        {shortly(row.text)}
        {where ? <span class="request-place small soft">{where}</span> : null}
      </td>
      <td>
        <Tag kind={requestStateKind(row.state)}>{t(`requestDesk.state.${row.state}`)}</Tag>{' '}
        {row.hasMessage ? <Tag kind="now">{t('message.new')}</Tag> : null}
      </td>
      <td>
        {row.closedAt ? (
          t('caseDesk.closedAt', { when: whenIn(visit, row.closedAt) })
        ) : row.state === 'asked' ? (
          <span class="soft">{t('requestDesk.stands')}</span>
        ) : due.kind ? (
          <Tag kind={due.kind}>{due.text}</Tag>
        ) : (
          due.text
        )}
      </td>
      <td>
        {row.assignee === null ? (
          <span class="soft">
            {(row.team && teamName(visit, row.team)) || t('requestDesk.noTeam')}
          </span>
        ) : (
          (names.get(row.assignee) ?? '')
        )}
      </td>
    </tr>
  );
}

/** Returns the beginning of a text. */
export const shortly = (text: string): string =>
  text.length > SHORT ? `${text.slice(0, SHORT).trimEnd()}…` : text;
