import type { FollowedRequest } from '../../../features/service/requests/service.ts';
import { Button } from '../../../ui/buttons.tsx';
import { Notice, Say } from '../../../ui/parts.tsx';
import { RequestStateTag } from '../../words/request-states.tsx';
import { problem } from '../problem.tsx';
import type { CitizenDeps } from '../visit.tsx';
import { type FollowVisit, typeName } from './find.ts';
import { AnswerForAll, eventText } from './words.tsx';

/** `/{language}/follow/{secret}`: how something stands that others told, for who has seen it too. They stop following here. */
export function followPage(deps: CitizenDeps) {
  return {
    get: async (visit: FollowVisit): Promise<Response> => {
      const found = await deps.requests.followed(visit.office, visit.follower);
      return found ? show(visit, found) : problem(visit, 'no_request');
    },

    /** Stops following. */
    post: async (visit: FollowVisit): Promise<Response> => {
      await deps.requests.leave(visit.office, visit.follower);
      return visit.redirect(`${visit.to.follow(visit.secret)}?done=left`);
    },
  };
}

function show(visit: FollowVisit, found: FollowedRequest): Response {
  const { t, to, secret, dates } = visit;
  const title = t('requests.follow.title');
  return visit.show(
    { title, isPersonal: true },
    <>
      {found.isNew || found.hasLeft ? (
        <div role="status">
          <Notice kind="good">
            <p>{t(found.hasLeft ? 'requests.follow.left' : followed(found))}</p>
          </Notice>
        </div>
      ) : null}
      <p class="place">
        <Say of={typeName(visit, found.type)} t={t} />, {found.reference}
      </p>
      <h1>{title}</h1>
      <p>
        <RequestStateTag t={t} state={found.state} />
      </p>
      <AnswerForAll t={t} text={found.answerForAll} />
      <ol class="stack">
        {found.events.map((event) => {
          const said = eventText(visit, event, { isOwn: false });
          return said ? (
            <li key={event.id}>
              <span class="soft">{dates.longDay(event.at)}.</span> {said}
            </li>
          ) : null;
        })}
      </ol>
      {found.hasLeft ? null : (
        <form class="form" action={to.follow(secret)} method="post">
          <Button kind="quiet">{t('requests.follow.leave')}</Button>
        </form>
      )}
    </>,
  );
}

const followed = ({ isTold }: FollowedRequest) =>
  isTold ? 'requests.follow.done' : 'requests.follow.done.page';
