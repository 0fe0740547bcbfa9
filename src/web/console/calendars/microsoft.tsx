import {
  CALLBACK_PATH,
  type GraphFailure,
  type GraphWish,
  officeIn,
} from '../../../features/service/calendars/service.ts';
import { mayAssist } from '../../../features/service/encounter/rules.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import type { DeskVisit, StaffDeps, StaffVisit } from '../visit.tsx';

type Deps = Pick<StaffDeps, 'calendarConnections'>;

/** Returns whether a page or a form is about a calendar of Microsoft 365. */
export const isForGraph = ({ calendarConnections }: Deps, { c }: Pick<DeskVisit, 'c'>): boolean =>
  calendarConnections.hasGraph && c.req.query('with') === 'graph';

/** Shows the way to Microsoft: a link, since forms may only post to our own origin. null: there is a calendar already. */
export async function goToMicrosoft(
  { calendarConnections }: Deps,
  visit: DeskVisit,
  wish: GraphWish,
): Promise<Response | null> {
  const { t, viewer, office, session, base } = visit;
  const way = await calendarConnections.beginGraph(viewer, office, session.id, wish);
  if (!way.ok) return way.reason === 'taken' ? null : visit.c.notFound();
  const title = t('calendars.graph.go.title');
  return visit.show(
    { title, layout: 'column' },
    <>
      <BackLink href={`${base}/calendars`}>{t('calendars.back')}</BackLink>
      <h1>{title}</h1>
      <p class="lead">
        {t(wish.desk === null ? 'calendars.graph.go.text' : 'calendars.graph.go.textDesk')}
      </p>
      <p>{t('calendars.graph.go.kept')}</p>
      <p>
        <ButtonLink href={way.url}>{t('calendars.graph.go')}</ButtonLink>
      </p>
    </>,
  );
}

/** The address that Microsoft sends everybody back to. It leads on to the office's page, which the session opens. */
export function callbackPage() {
  return (visit: StaffVisit) => {
    const { search, searchParams } = new URL(visit.c.req.url);
    const office = officeIn(searchParams.get('state') ?? '');
    return office
      ? visit.redirect(`/console/${office}${PAGE}${search}`)
      : visit.redirect('/console');
  };
}

const PAGE = '/calendars/microsoft';

/** `/console/{office}/calendars/microsoft`: a person comes back from Microsoft. */
export function backPage({ calendarConnections }: Deps) {
  return async (visit: DeskVisit) => {
    const { viewer, office, session, base, c } = visit;
    if (!mayAssist(viewer)) return c.notFound();
    const { searchParams } = new URL(c.req.url);
    const done = await calendarConnections.finishGraph(viewer, office, session.id, searchParams);
    if (!done.ok) return showFailure(visit, done.reason);
    const page = done.isOwn ? 'own' : `connected/${done.id}`;
    return visit.redirect(`${base}/calendars/${page}?done=connected`);
  };
}

const OURS = [
  'ended',
  'declined',
  'not_found',
  'taken',
  'other_account',
  'away',
  'unregistered',
] as const;

function showFailure(visit: DeskVisit, reason: GraphFailure): Response {
  const { t, base } = visit;
  const title = t('calendars.graph.failed.title');
  const own = OURS.find((each) => each === reason);
  const text = own
    ? t(`calendars.graph.failed.${own}`)
    : t(`calendars.wrong.server.${reason as Exclude<GraphFailure, (typeof OURS)[number]>}`);
  return visit.show(
    { title, layout: 'column', status: 422 },
    <>
      <BackLink href={`${base}/calendars`}>{t('calendars.back')}</BackLink>
      <h1>{title}</h1>
      <Notice kind="warn">{text}</Notice>
    </>,
  );
}

export { CALLBACK_PATH };
