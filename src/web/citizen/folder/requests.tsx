import { datesIn } from '../../../lib/i18n/dates.ts';
import { Say } from '../../../ui/parts.tsx';
import { RequestStateTag } from '../../words/request-states.tsx';
import { typeName } from '../requests/find.ts';
import type { CitizenDeps, PersonVisit } from '../visit.tsx';

type Deps = Pick<CitizenDeps, 'requests' | 'offices'>;

/** Returns what a person told the offices of the town while they were identified, with the office of each. */
export async function requestsOf({ requests, offices }: Deps, { viewer }: PersonVisit) {
  const sent = await requests.sentBy(viewer);
  return Promise.all(sent.map(async (of) => ({ of, office: await offices.byId(of.office) })));
}

/** Their complaints, suggestions, incidents, questions and thanks, in their folder. Nothing where there are none. */
export function OwnRequests(props: {
  deps: Deps;
  visit: PersonVisit;
  requests: Awaited<ReturnType<typeof requestsOf>>;
}) {
  const { deps, visit, requests } = props;
  const { t, to, language } = visit;
  if (requests.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="folder-requests">
      <h2 id="folder-requests">{t('requests.folder')}</h2>
      <ul class="sent">
        {requests.map(({ of, office }) => (
          <li key={of.id}>
            <p>
              <a href={to.request(deps.requests.secretOf(of))}>
                <Say of={typeName({ office }, of.type)} t={t} />, {of.reference}
              </a>{' '}
              <RequestStateTag t={t} state={of.state} reason={of.reason} />
            </p>
            <p class="soft">
              <Say of={office.name} t={t} />.{' '}
              {of.sentAt ? datesIn(language, office.timeZone).longDay(of.sentAt) : null}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
