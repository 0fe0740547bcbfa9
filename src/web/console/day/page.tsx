import { seesMonthSomewhere } from '../../../features/insight/statistics/rules.ts';
import { isStillOpen, nextOf } from '../../../features/service/encounter/rules.ts';
import type { DayEntry } from '../../../features/service/encounter/types.ts';
import { nearDay } from '../../../lib/calendar/near.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Notice, Say, Tag } from '../../../ui/parts.tsx';
import { NextAction } from '../encounter/work.tsx';
import { Key } from '../key.tsx';
import { Live } from '../live.tsx';
import type { DeskVisit, PassingVisit, SignedInVisit, StaffDeps } from '../visit.tsx';
import { bookedName, dayTitle, standing, turnIn } from '../words.ts';
import { DayRegion, seesOffice } from './day.tsx';
import { SayFollowed } from './followed.tsx';

/**
 * `/console`: redirects to the person's only office, or offers the choice; an operator without an office
 * sees the list of people.
 */
export function consolePage() {
  return (visit: SignedInVisit) => {
    const { t, posts, session } = visit;
    const [only] = posts;
    if (!only && seesMonthSomewhere(session.offices)) return visit.redirect('/staff/month');
    if (!only && session.operator) return visit.redirect('/staff/people');
    if (only && posts.length === 1) return visit.redirect(`/console/${only.code}`);
    return visit.show(
      { title: t('staff.offices.title') },
      <>
        <h1>{t('staff.offices.title')}</h1>
        {posts.length === 0 ? <p>{t('staff.offices.none')}</p> : null}
        <ul class="lists">
          {posts.map((each) => (
            <li key={each.code}>
              <a class="main" href={`/console/${each.code}?entered=1`}>
                <Say of={each.name} t={t} /> · {t(`shortcuts.role.${each.role}`)}
              </a>
            </li>
          ))}
        </ul>
      </>,
    );
  };
}

/**
 * Returns the requested desk: the person's own, or for a viewer of the whole office any of its desks, or all.
 */
function deskOf(visit: DeskVisit): number | null {
  if (!seesOffice(visit)) return visit.viewer.desk;
  const asked = Number(visit.c.req.query('desk'));
  return visit.office.desks.some((each) => each.id === asked) ? asked : null;
}

/** Returns the local day of the address; today without one. */
export const dayAsked = ({ c, now, office }: DeskVisit): Temporal.PlainDate =>
  nearDay(c.req.query('day') ?? '') ?? now.toZonedDateTimeISO(office.timeZone).toPlainDate();

/** The day page: the list, and the next citizen. */
export function dayPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { t, viewer, office, now } = visit;
    const after = await deps.eventFeed.newest(office.id);
    const day = dayAsked(visit);
    const desk = deskOf(visit);
    const entries = await deps.encounter.day(viewer, office, day, desk);
    const isToday = now.toZonedDateTimeISO(office.timeZone).toPlainDate().equals(day);
    // Whoever has no desk has no turn of their own.
    const next = isToday && viewer.desk !== null ? nextOf(entries, now) : null;
    const stands = next && standing(t, next, now);
    return visit.show(
      {
        title: dayTitle(visit),
        layout: 'regions',
        skipToAction: viewer.desk !== null,
        islands: ['console'],
      },
      <>
        <SayFollowed visit={visit} />
        <SayEntered visit={visit} />
        <DayRegion visit={visit} day={day} desk={desk} entries={entries} />
        <section class="region stack" aria-labelledby="next">
          <h1 id="next">{dayTitle(visit)}</h1>
          {viewer.desk === null && !seesOffice(visit) ? (
            <Notice kind="warn">{t('staff.day.noDesk')}</Notice>
          ) : null}
          {next && stands ? (
            <>
              <p class="soft">
                {t(next.status === 'in_progress' ? 'staff.day.unfinished' : 'staff.day.next')}
              </p>
              <p class="when-next">
                <span class="figures hour">{visit.dates.time(next.start)}</span> {next.name}
              </p>
              <p>
                {bookedName(t, office, next)} · {t(`common.channel.${next.channel}`)}
              </p>
              <p class="marks">
                <Tag kind={stands.kind}>{stands.word}</Tag> {turnIn(t, next, now)}
              </p>
            </>
          ) : (
            <p class="lead">{restOf(visit, entries, isToday)}</p>
          )}
        </section>
        <section class="region work stack" aria-label={t('staff.work.title')}>
          {viewer.desk === null ? null : (
            <>
              <p class="soft">{t('staff.work.idle')}</p>
              <NextAction visit={visit} />
              <ServeLink visit={visit} />
            </>
          )}
        </section>
        <Live visit={visit} after={after} />
      </>,
    );
  };
}

/** The way to serve somebody who has no appointment. */
const ServeLink = ({ visit: { t, base } }: { visit: DeskVisit }) => (
  <p>
    <a href={`${base}/serve`}>{t('unbooked.title')}</a> <Key action="serve" />
  </p>
);

/** What there is to say when nobody is next. */
function restOf(visit: DeskVisit, entries: readonly DayEntry[], isToday: boolean): string {
  const { t, viewer } = visit;
  if (viewer.desk === null)
    return t(seesOffice(visit) ? 'freeNow.day.noTurn' : 'staff.day.otherDay');
  if (!isToday) return t('staff.day.otherDay');
  const count = entries.filter((each) => isStillOpen(each.status)).length;
  return count > 0 ? t('staff.day.nobodyNow', { count }) : t('staff.day.nobody');
}

/** Tells a person with several offices which one they have entered. */
function SayEntered({ visit }: { visit: DeskVisit }) {
  const { t, c, office, viewer, posts } = visit;
  if (posts.length < 2 || c.req.query('entered') === undefined) return null;
  const role = t(`shortcuts.role.${viewer.role}`);
  return (
    <div class="over" role="status" id="done" tabIndex={-1} autofocus>
      <Notice kind="good">
        {t('shortcuts.entered', { office: textIn(office.name, t.language), role })}
      </Notice>
    </div>
  );
}

/** Opens the next appointment to serve; before its hour, a colleague's that runs late is offered. */
export function nextPage(deps: StaffDeps) {
  return async (visit: PassingVisit) => {
    const { viewer, office, base, now } = visit;
    const next = await deps.encounter.next(viewer, office);
    const isOwed =
      next?.status === 'in_progress' ||
      (next !== null && Temporal.Instant.compare(next.dueAt, now) <= 0);
    if (!isOwed && (await deps.coordination.isAnyOwed(viewer, office))) {
      // A late call is offered only to whoever is at their desk.
      await deps.presence.visit(viewer, office, { isIdle: false });
      if (await deps.coordination.lateCall(viewer, office))
        return visit.redirect(`${base}/late-call`);
    }
    return visit.redirect(next ? `${base}/appointment/${next.id}` : base);
  };
}
