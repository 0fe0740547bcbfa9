import { mayEndFeed, maySeeCalendars } from '../../../features/service/calendars/rules.ts';
import type { Feed } from '../../../features/service/calendars/types.ts';
import { mayAssist } from '../../../features/service/encounter/rules.ts';
import { Button, LinkButton } from '../../../ui/buttons.tsx';
import { Checkboxes, SelectField } from '../../../ui/forms.tsx';
import { Notice, Table } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { confirmFirst } from '../account/confirm.tsx';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { Connections } from './connections.tsx';

type Deps = Pick<StaffDeps, 'calendarFeeds' | 'calendarConnections' | 'staff' | 'config'>;

/** What has just been done. `made`: the new address, which is shown only now. */
type Done = { made: string } | 'ended' | 'disconnected' | null;

const DONE = ['ended', 'disconnected'] as const;

/** `/console/{office}/calendars`: the calendars of other programs that have the appointments of a desk. */
export function calendarsPage(deps: Deps) {
  return {
    get: (visit: DeskVisit) => {
      const { viewer, c } = visit;
      if (!mayAssist(viewer)) return c.notFound();
      return show(deps, visit, DONE.find((each) => each === c.req.query('done')) ?? null);
    },
    post: async (visit: DeskVisit) => {
      const { viewer, office, c, base } = visit;
      if (!mayAssist(viewer)) return c.notFound();
      const form = await readForm(c);
      const act = form.text('act');
      if (act === 'end') {
        const isEnded = await deps.calendarFeeds.end(viewer, form.text('feed'));
        return isEnded ? visit.redirect(`${base}/calendars?done=ended`) : c.notFound();
      }
      if (act === 'disconnect') {
        const isEnded = await deps.calendarConnections.end(viewer, form.text('calendar'));
        return isEnded ? visit.redirect(`${base}/calendars?done=disconnected`) : c.notFound();
      }
      if (act !== 'make') return show(deps, visit, null);
      const asked = await confirmFirst(deps, visit, form);
      if (asked) return asked;
      const names = form.text('names') === 'yes';
      const wish = { desk: form.text('desk'), names };
      const secret = await deps.calendarFeeds.make(viewer, office, wish);
      if (!secret) return c.notFound();
      return show(deps, visit, { made: `${deps.config.baseUrl}/calendar/${secret}.ics` });
    },
  };
}

async function show(deps: Deps, visit: DeskVisit, done: Done): Promise<Response> {
  const { t, viewer } = visit;
  const feeds = await deps.calendarFeeds.list(viewer);
  const connections = await deps.calendarConnections.list(viewer);
  const people = [...feeds, ...connections].flatMap((each) => each.staff ?? []);
  const names = await deps.staff.namesOf(people);
  const title = t('calendars.title');
  const own = feeds.filter((each) => each.staff === viewer.staff);
  return visit.show(
    { title, layout: 'column' },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('calendars.lead')}</p>
      <DoneNotice visit={visit} done={done} />
      <section class="stack" aria-labelledby="feed">
        <h2 id="feed">{t('calendars.feed.title')}</h2>
        <p>{t('calendars.feed.text')}</p>
        {own.length > 0 ? <Feeds visit={visit} feeds={own} caption={t('calendars.own')} /> : null}
        <MakeForm visit={visit} own={own} />
      </section>
      <Connections visit={visit} connections={connections} names={names} />
      {maySeeCalendars(viewer) ? (
        <section class="stack" aria-labelledby="all">
          <h2 id="all">{t('calendars.all.title')}</h2>
          {feeds.length === 0 ? (
            <p>{t('calendars.all.none')}</p>
          ) : (
            <Feeds visit={visit} feeds={feeds} caption={t('calendars.all.caption')} names={names} />
          )}
        </section>
      ) : null}
    </>,
  );
}

function DoneNotice({ visit, done }: { visit: DeskVisit; done: Done }) {
  const { t } = visit;
  if (!done) return null;
  return (
    <div role="status">
      <Notice kind="good">
        {typeof done === 'string' ? (
          t(`calendars.done.${done}`)
        ) : (
          <>
            <p>{t('calendars.feed.made')}</p>
            <p>
              <code class="address">{done.made}</code>
            </p>
            <p>
              <a href={done.made.replace(/^https?:/, 'webcal:')}>{t('calendars.feed.open')}</a>
            </p>
          </>
        )}
      </Notice>
    </div>
  );
}

/** The form for an address: of the viewer's own desk, or of any desk that they choose. */
function MakeForm({ visit, own }: { visit: DeskVisit; own: readonly Feed[] }) {
  const { t, viewer, office, base } = visit;
  const desks = office.desks.filter((each) => maySeeCalendars(viewer) || each.id === viewer.desk);
  const [first] = desks;
  if (!first) return null;
  const isAgain = desks.length === 1 && own.length > 0;
  return (
    <form method="post" action={`${base}/calendars`} class="form">
      {isAgain ? <p>{t('calendars.feed.again')}</p> : null}
      {desks.length === 1 ? (
        <input type="hidden" name="desk" value={first.code} />
      ) : (
        <SelectField name="desk" label={t('calendars.desk')}>
          {desks.map((each) => (
            <option key={each.code} value={each.code} selected={each.id === viewer.desk}>
              {formatDesk(visit, each.id)}
            </option>
          ))}
        </SelectField>
      )}
      {office.settings.calendars.citizens === 'chosen' ? (
        <Checkboxes
          name="names"
          label={t('calendars.names')}
          hint={t('calendars.names.hint')}
          options={[{ value: 'yes', label: t('calendars.names.yes') }]}
        />
      ) : null}
      <Button kind={isAgain ? 'quiet' : 'main'} name="act" value="make">
        {t(isAgain ? 'calendars.feed.makeAgain' : 'calendars.feed.make')}
      </Button>
    </form>
  );
}

/** Feeds as a table; with `names`, also whose they are. */
function Feeds(props: {
  visit: DeskVisit;
  feeds: readonly Feed[];
  caption: string;
  names?: ReadonlyMap<number, string>;
}) {
  const { visit, feeds, caption, names } = props;
  const { t, dates, viewer, base } = visit;
  const about = (each: Feed) =>
    [formatDesk(visit, each.desk), names?.get(each.staff)].filter(Boolean).join(', ');
  return (
    <Table
      caption={caption}
      rows={feeds}
      keyOf={(each) => each.id}
      columns={[
        { head: t('calendars.column.desk'), cell: (each) => formatDesk(visit, each.desk) },
        ...(names
          ? [{ head: t('calendars.column.person'), cell: (each: Feed) => names.get(each.staff) }]
          : []),
        {
          head: t('calendars.column.what'),
          cell: (each) => t(each.names ? 'calendars.with' : 'calendars.without'),
        },
        { head: t('calendars.column.since'), cell: (each) => dates.briefDay(each.madeAt) },
        { head: t('calendars.column.read'), cell: (each) => readWords(visit, each) },
        {
          head: t('calendars.column.act'),
          cell: (each) =>
            mayEndFeed(viewer, each) ? (
              <form method="post" action={`${base}/calendars`}>
                <input type="hidden" name="feed" value={each.id} />
                <LinkButton name="act" value="end">
                  {t('calendars.end')}
                  <span class="hide">: {about(each)}</span>
                </LinkButton>
              </form>
            ) : null,
        },
      ]}
    />
  );
}

function readWords({ t, dates }: DeskVisit, { readOn }: Feed): string {
  if (!readOn) return t('calendars.read.never');
  return dates.briefDay(Temporal.Instant.from(`${readOn}T12:00:00Z`));
}
