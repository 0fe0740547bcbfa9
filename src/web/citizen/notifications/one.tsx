import { isWaiting } from '../../../domain/notification.ts';
import { workingDaysOf } from '../../../domain/office/calendar/working-days.ts';
import { appealOf, canReject } from '../../../features/service/notifications/rules.ts';
import { dayText } from '../../../features/service/notifications/service.ts';
import type {
  NotifiedContent,
  OpenedNotification,
} from '../../../features/service/notifications/types.ts';
import { grouped } from '../../../features/service/verification/rules.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Notice, Say, SummaryList } from '../../../ui/parts.tsx';
import { worksHere } from '../by-staff.ts';
import { problem } from '../problem.tsx';
import { type CitizenDeps, type OfficeVisit, type PersonVisit, withOffice } from '../visit.tsx';
import { AtEnotum } from './elsewhere.tsx';
import { openedFor, openerIn } from './opener.ts';
import { oneAt } from './urls.ts';
import { waitingText } from './words.ts';

/** One notification, with the office that has it. */
interface One extends OpenedNotification {
  /** See `Elsewhere.place`. */
  page: string | null;
  visit: PersonVisit;
  of: OfficeVisit;
  procedure: string;
}

/** Finds the notification of an address; an answer where there is none of the person's. */
async function findOne(deps: CitizenDeps, visit: PersonVisit): Promise<One | Response> {
  const { c, language } = visit;
  // Staff read a decision under their own name, at its case.
  if (await worksHere(deps, c)) return problem(visit, 'staff_here');
  const found = await deps.notifications.find(openerIn(visit), c.req.param('notification') ?? '');
  if (!found) return problem(visit, 'not_found');
  const of = withOffice(deps, visit, await deps.offices.byId(found.notification.office));
  const procedure = textIn(of.office.procedure(found.notification.procedure)?.name, language);
  return { ...found, visit, of, procedure, page: await deps.notifications.place() };
}

/** `/{language}/folder/notifications/{id}`: before it is opened, what opening it means; afterwards, what was notified. */
export function notificationPage(deps: CitizenDeps) {
  return async (visit: PersonVisit): Promise<Response> => {
    const one = await findOne(deps, visit);
    if (one instanceof Response) return one;
    const { t, to } = visit;
    const title = t('notification.one.title', { procedure: one.procedure });
    const name = openedFor(visit, one.notification);
    return one.of.show(
      { title, isPersonal: true },
      <>
        <BackLink href={to.folder('notifications')}>{t('notification.title')}</BackLink>
        <h1>{title}</h1>
        <Done {...one} />
        <p class="soft">
          <Say of={one.of.office.name} t={t} />.{' '}
          <span class="figures">{one.notification.reference}</span>
        </p>
        {name ? <p class="note">{t('notification.for', { name })}</p> : null}
        <Inside {...one} />
      </>,
    );
  };
}

/** What was notified; before that, where it is opened and what that means. */
function Inside(one: One) {
  const { visit, of, notification, content, page } = one;
  if (content) return <Notified {...one} content={content} />;
  if (notification.via === 'enotum')
    return <AtEnotum t={visit.t} dates={of.dates} of={notification} page={page} />;
  return <Before {...one} />;
}

/** What was just done, where it is so. */
function Done({ visit, notification }: One) {
  const { c, t } = visit;
  const done = c.req.query('done');
  const { state } = notification;
  const isDone = (state === 'accepted' || state === 'rejected') && done === state;
  if (!isDone && done !== 'settled') return null;
  return (
    <div role="status">
      <Notice kind={isDone ? 'good' : 'warn'}>
        <p>{isDone ? t(`notification.done.${state}`) : t('notification.settled')}</p>
      </Notice>
    </div>
  );
}

/** What opening it means, and the ways: open it, reject it, or leave it. */
function Before(one: One) {
  const { visit, of, notification, obstacle } = one;
  const { t, to, now } = visit;
  const { dates } = of;
  const name = openedFor(visit, notification);
  return (
    <>
      <p class="lead">{waitingText(notification, t, dates)}</p>
      <section class="stack" aria-labelledby="before">
        <h2 id="before">{t('notification.before.title')}</h2>
        <ul class="lists">
          <li>{t('notification.before.today', { day: dates.longDay(now) })}</li>
          {name ? <li>{t('notification.before.for', { name })}</li> : null}
          {notification.way === 'paper' ? <li>{t('notification.before.paper')}</li> : null}
          <li>{t('notification.before.appeal')}</li>
          <li>{t('notification.before.evidence')}</li>
        </ul>
      </section>
      {obstacle === 'level' ? (
        <Level {...one} />
      ) : (
        <form class="form" action={oneAt(to, notification.id, 'open')} method="post">
          <div class="row">
            <Button>{t('notification.open')}</Button>
            <a href={to.folder('notifications')}>{t('notification.later')}</a>
          </div>
        </form>
      )}
      {obstacle === null && canReject(notification) ? (
        <p>
          <a href={oneAt(to, notification.id, 'reject')}>{t('notification.reject.link')}</a>
        </p>
      ) : null}
    </>
  );
}

/** That somebody must identify at a higher level. */
function Level({ visit, notification }: One) {
  const { t, to } = visit;
  const { level, id } = notification;
  if (level === 'none') return null;
  return (
    <Notice kind="warn">
      <p>{t('notification.level.text', { level: t(`identify.level.${level}`) })}</p>
      <p>
        <ButtonLink href={to.identify({ next: oneAt(to, id), level })}>
          {t('notification.level.link')}
        </ButtonLink>
      </p>
    </Notice>
  );
}

/** What was notified, from when it counts, and how somebody who doesn't agree appeals. */
function Notified({ visit, of, notification, content }: One & { content: NotifiedContent }) {
  const { t, to } = visit;
  const { dates, office } = of;
  const { id, state, notifiedOn, madeAt } = notification;
  const appeal = appealOf(notification, workingDaysOf(office.settings));
  return (
    <>
      <p class="lead">
        {notifiedOn ? t('notification.on', { day: dayText(dates, notifiedOn) }) : null}
      </p>
      <p>
        <ButtonLink href={oneAt(to, id, 'document')}>{t('notification.document')}</ButtonLink>
      </p>
      <SummaryList
        rows={[
          { label: t('notification.desk.title'), value: t(`notification.state.${state}`) },
          { label: t('notification.made.label'), value: dates.longDay(madeAt) },
          {
            label: t('notification.code'),
            value: <code class="csv">{grouped(content.code)}</code>,
          },
        ]}
      />
      <section class="stack" aria-labelledby="appeal">
        <h2 id="appeal">{t('notification.appeal.title')}</h2>
        {appeal ? (
          <p>{t('notification.appeal.until', { day: dayText(dates, appeal.until) })}</p>
        ) : null}
        {content.appeal.split(/\n\s*\n/).map((each, nth) => (
          <p key={nth} lang={content.language}>
            {each}
          </p>
        ))}
      </section>
    </>
  );
}

/** `…/open`: opens it, by its button alone. */
export function openNotification(deps: CitizenDeps) {
  return (visit: PersonVisit): Promise<Response> => settle(deps, visit, 'accepted');
}

/** `…/reject`: asks whether it is to be rejected, and rejects it. */
export function rejectPage(deps: CitizenDeps) {
  return {
    get: async (visit: PersonVisit): Promise<Response> => {
      const one = await findOne(deps, visit);
      if (one instanceof Response) return one;
      const { notification, obstacle } = one;
      const { t, to } = visit;
      const here = oneAt(to, notification.id);
      if (obstacle || !canReject(notification)) return visit.redirect(here);
      const title = t('notification.reject.title');
      return one.of.show(
        { title, isPersonal: true },
        <>
          <BackLink href={here}>{t('citizen.back')}</BackLink>
          <p class="place">{one.procedure}</p>
          <h1>{title}</h1>
          <p class="lead">{t('notification.reject.text')}</p>
          <form class="form" action={oneAt(to, notification.id, 'reject')} method="post">
            <div class="row">
              <Button kind="grave">{t('notification.reject.button')}</Button>
              <a href={here}>{t('notification.reject.keep')}</a>
            </div>
          </form>
        </>,
      );
    },
    post: (visit: PersonVisit): Promise<Response> => settle(deps, visit, 'rejected'),
  };
}

async function settle(
  deps: CitizenDeps,
  visit: PersonVisit,
  state: 'accepted' | 'rejected',
): Promise<Response> {
  const { c, to } = visit;
  const viewer = openerIn(visit);
  if (await worksHere(deps, c)) return problem(visit, 'staff_here');
  const id = c.req.param('notification') ?? '';
  const { notifications } = deps;
  const done =
    state === 'accepted'
      ? await notifications.accept(viewer, id)
      : await notifications.reject(viewer, id);
  if (done.ok) return visit.redirect(`${oneAt(to, id)}?done=${state}`);
  switch (done.reason) {
    case 'settled':
      return visit.redirect(`${oneAt(to, id)}?done=settled`);
    case 'level':
    case 'elsewhere':
      return visit.redirect(oneAt(to, id));
    default:
      return problem(visit, 'not_found');
  }
}

/** `…/document`: the document, once it was notified; before that, the page that explains. */
export function notificationFile(deps: CitizenDeps) {
  return async (visit: PersonVisit): Promise<Response> => {
    const one = await findOne(deps, visit);
    if (one instanceof Response) return one;
    const { id, state } = one.notification;
    const file = isWaiting(state) ? null : await deps.notifications.document(openerIn(visit), id);
    if (!file) return visit.redirect(oneAt(visit.to, id));
    const { c } = visit;
    c.header('Content-Type', 'application/pdf');
    c.header('Content-Disposition', `attachment; filename="${file.reference}.pdf"`);
    c.header('Cache-Control', 'no-store');
    return c.body(new Uint8Array(file.bytes));
  };
}
