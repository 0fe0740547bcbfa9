import { can } from '../../../../domain/roles.ts';
import {
  REQUEST_GROUPS,
  type RequestFilter,
  type RequestGroup,
  type RequestInboxPage,
  settingsOf,
} from '../../../../features/service/requests/service.ts';
import { ButtonLink } from '../../../../ui/buttons.tsx';
import { Notice } from '../../../../ui/parts.tsx';
import { addressOf } from '../../cases/filter.ts';
import { peopleFor } from '../../handling/people.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { BulkBar, type BulkOutcome, bulkOutcome } from './bulk-bar.tsx';
import { ChooseRequests } from './choose.tsx';
import { requestFilterIn, requestQueryOf } from './filter.ts';
import { aroundRequests, RequestTable } from './table.tsx';

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
  const notice = noticeIn(visit, shown);
  const isChoosing = filter.group !== 'closed' && filter.group !== 'call';
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
      <ChooseRequests around={around} filter={filter} people={people} />
      {page.rows.length === 0 ? (
        <p role="status">
          {t(isNarrowed(filter) ? 'requestDesk.none.filtered' : `requestDesk.none.${filter.group}`)}
        </p>
      ) : (
        <form method="post" action={addressOf(`${base}/requests/several`, requestQueryOf(visit))}>
          <RequestTable around={around} rows={page.rows} isChoosing={isChoosing} />
          {isChoosing ? <BulkBar visit={visit} people={people} rows={page.rows} /> : null}
        </form>
      )}
      <Pager visit={visit} page={page} />
    </div>,
  );
}

/** The ways to the other pages, and to the file. */
function Pager({ visit, page }: { visit: DeskVisit; page: RequestInboxPage }) {
  const { c, t, base } = visit;
  const query = requestQueryOf(visit);
  const after = c.req.query('after') ?? null;
  return (
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
