import { mayConnectOwn, standingOf } from '../../../features/service/calendars/rules.ts';
import type {
  ConnectionMistakes,
  OpenedConnection,
} from '../../../features/service/calendars/service.ts';
import type { CalendarKind } from '../../../features/service/calendars/types.ts';
import { mayAssist } from '../../../features/service/encounter/rules.ts';
import { Button } from '../../../ui/buttons.tsx';
import { Radios } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice, SummaryList } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { confirmFirst } from '../account/confirm.tsx';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { connected, startConnect } from './connect.tsx';
import { ConnectionState, momentWords } from './connections.tsx';
import { ChoiceField, choiceIn, draftIn, PasswordField, problemsOf, wordsOf } from './form.tsx';
import { goToMicrosoft } from './microsoft.tsx';

type Deps = Pick<StaffDeps, 'calendarConnections' | 'staff' | 'config'>;

const DONE = ['connected', 'changed', 'chosen', 'password', 'hurried'] as const;
/** Why a calendar is not read at once. */
const NOT_NOW = ['throttled', 'recent'] as const;

/** `/console/{office}/calendars/connected/{id}`: the calendar of a desk, for an administrator. */
export function connectedPage(deps: Deps) {
  const idOf = ({ c }: DeskVisit) => c.req.param('id') ?? '';
  return {
    get: (visit: DeskVisit) => page(deps, visit, idOf(visit)),
    post: async (visit: DeskVisit) => act(deps, visit, idOf(visit), await readForm(visit.c)),
  };
}

/** `/console/{office}/calendars/own`: the viewer's own calendar, or the form to connect it. */
export function ownCalendarPage(deps: Deps) {
  const find = async ({ viewer }: DeskVisit) =>
    (await deps.calendarConnections.list(viewer)).find((each) => each.staff === viewer.staff)?.id;
  const isFor = ({ viewer }: DeskVisit) => mayConnectOwn(viewer);
  return {
    get: async (visit: DeskVisit) => {
      if (!mayAssist(visit.viewer)) return visit.c.notFound();
      if (!isFor(visit)) return visit.redirect(`${visit.base}/calendars`);
      const id = await find(visit);
      return id ? page(deps, visit, id) : startConnect(deps, visit, null);
    },
    post: async (visit: DeskVisit) => {
      if (!mayAssist(visit.viewer)) return visit.c.notFound();
      if (!isFor(visit)) return visit.redirect(`${visit.base}/calendars`);
      const form = await readForm(visit.c);
      const id = await find(visit);
      if (id) return act(deps, visit, id, form);
      const result = await connected(deps, visit, draftIn(form, null), form);
      return result instanceof Response
        ? result
        : visit.redirect(`${visit.base}/calendars/own?done=connected`);
    },
  };
}

/** Does what a form asks of a connection. */
async function act(deps: Deps, visit: DeskVisit, id: string, form: Form): Promise<Response> {
  const { viewer, c } = visit;
  const { calendarConnections: calendars } = deps;
  const here = `${c.req.path}`;
  switch (form.text('act')) {
    case 'choose': {
      const { ok } = await calendars.choose(viewer, id, form.text('calendar'));
      return ok ? visit.redirect(`${here}?done=chosen`) : page(deps, visit, id);
    }
    case 'change': {
      const asked = await confirmFirst(deps, visit, form);
      if (asked) return asked;
      const done = await calendars.change(viewer, id, choiceIn(form));
      if (done.ok) return visit.redirect(`${here}?done=changed`);
      return page(deps, visit, id, done.reason === 'invalid' ? done.mistakes : {});
    }
    case 'password': {
      const done = await calendars.setPassword(viewer, id, form.text('password'));
      if (done.ok) return visit.redirect(`${here}?done=password`);
      return page(deps, visit, id, done.reason === 'invalid' ? done.mistakes : {});
    }
    case 'renew':
      return renew(deps, visit, id, form);
    case 'hurry': {
      const done = await calendars.hurry(viewer, id);
      if (!done.ok && done.reason === 'not_found') return c.notFound();
      return visit.redirect(`${here}?${done.ok ? 'done=hurried' : `not=${done.reason}`}`);
    }
    case 'end':
      return (await calendars.end(viewer, id))
        ? visit.redirect(`${visit.base}/calendars?done=disconnected`)
        : c.notFound();
    default:
      return page(deps, visit, id);
  }
}

/** Asks the person to sign in at Microsoft again. */
async function renew(deps: Deps, visit: DeskVisit, id: string, form: Form): Promise<Response> {
  const asked = await confirmFirst(deps, visit, form);
  if (asked) return asked;
  const opened = await deps.calendarConnections.open(visit.viewer, id);
  if (opened?.connection.kind !== 'graph') return visit.c.notFound();
  const { desk, staff, reads, writes, names } = opened.connection;
  const code = staff === null ? (visit.office.desk(desk)?.code ?? '') : null;
  const way = await goToMicrosoft(deps, visit, { desk: code, reads, writes, names, renews: id });
  return way ?? visit.c.notFound();
}

async function page(
  deps: Deps,
  visit: DeskVisit,
  id: string,
  mistakes: ConnectionMistakes = {},
): Promise<Response> {
  const opened = await deps.calendarConnections.open(visit.viewer, id);
  return opened ? show(visit, opened, mistakes) : visit.c.notFound();
}

function show(visit: DeskVisit, opened: OpenedConnection, mistakes: ConnectionMistakes): Response {
  const { t, base } = visit;
  const { connection } = opened;
  const isOwn = connection.staff !== null;
  const isGraph = connection.kind === 'graph';
  const desk = formatDesk(visit, connection.desk);
  const title = isOwn ? t('calendars.own.title') : t('calendars.desk.title', { desk });
  const { server: answered, ...typed } = mistakes;
  const wrong = wordsOf(visit, typed);
  const server = answered && t(`calendars.wrong.server.${answered}`);
  const all = [
    ...problemsOf(visit, typed),
    ...(server ? [{ href: '#password', text: server }] : []),
  ];
  return visit.show(
    { title, layout: 'column', ...(all.length > 0 && { status: 422, hasErrors: true }) },
    <>
      <BackLink href={`${base}/calendars`}>{t('calendars.back')}</BackLink>
      <ErrorSummary title={t('staff.error.title')} problems={all} />
      <h1>{title}</h1>
      <DoneNotice visit={visit} isChosen={connection.calendar !== null} />
      <NotNowNotice visit={visit} at={connection.nextTryAt} />
      <StandingNotice visit={visit} opened={opened} />
      <About visit={visit} opened={opened} />
      {connection.calendar === null ? (
        <Choose visit={visit} opened={opened} />
      ) : (
        <form method="post" class="form">
          <ChoiceField visit={visit} choice={connection} error={wrong.choice} />
          <div class="row">
            <Button name="act" value="change">
              {t('calendars.save')}
            </Button>
            <Button kind="quiet" name="act" value="hurry">
              {t('calendars.hurry')}
            </Button>
          </div>
        </form>
      )}
      <Renew visit={visit} kind={connection.kind} error={wrong.password ?? server} />
      <details class="more">
        <summary>{t('calendars.disconnect.title')}</summary>
        <form method="post" class="stack">
          <p>{t(isGraph ? 'calendars.disconnect.textGraph' : 'calendars.disconnect.text')}</p>
          <Button kind="grave" name="act" value="end">
            {t('calendars.disconnect')}
          </Button>
        </form>
      </details>
    </>,
  );
}

/** A new password, or a new sign-in at Microsoft. */
function Renew(props: { visit: DeskVisit; kind: CalendarKind; error: string | undefined }) {
  const { visit, kind, error } = props;
  const { t } = visit;
  const isGraph = kind === 'graph';
  return (
    <form method="post" class="form" aria-labelledby="renew">
      <h2 id="renew">{t(isGraph ? 'calendars.graph.renew.title' : 'calendars.password.title')}</h2>
      {isGraph ? (
        <p>{t('calendars.graph.renew.text')}</p>
      ) : (
        <PasswordField visit={visit} error={error} />
      )}
      <Button kind="quiet" name="act" value={isGraph ? 'renew' : 'password'}>
        {t(isGraph ? 'calendars.graph.renew.submit' : 'calendars.password.submit')}
      </Button>
    </form>
  );
}

/** What was just done. While no calendar is chosen, nothing is read yet. */
function DoneNotice(props: { visit: DeskVisit; isChosen: boolean }) {
  const { visit, isChosen } = props;
  const { t, c } = visit;
  const done = DONE.find((each) => each === c.req.query('done'));
  return done && isChosen ? (
    <div role="status">
      <Notice kind="good">{t(`calendars.done.${done}`)}</Notice>
    </div>
  ) : null;
}

/** Why it is not read at once, though somebody asked for it. @param at when it is read the next time */
function NotNowNotice({ visit, at }: { visit: DeskVisit; at: Temporal.Instant }) {
  const { t, c } = visit;
  const why = NOT_NOW.find((each) => each === c.req.query('not'));
  return why ? (
    <div role="status">
      <Notice kind="warn">{t(`calendars.hurry.${why}`, { at: momentWords(visit, at) })}</Notice>
    </div>
  ) : null;
}

/** What is wrong, and what to do about it. */
function StandingNotice({ visit, opened }: { visit: DeskVisit; opened: OpenedConnection }) {
  const { t, now } = visit;
  const { connection, trouble } = opened;
  const standing = trouble ?? standingOf(connection, now);
  if (['works', 'busy', 'new', 'choose'].includes(standing)) return null;
  return (
    <Notice kind="warn">
      <p>{t(`calendars.trouble.${standing as NonNullable<typeof trouble>}`)}</p>
      {connection.trouble ? (
        <p>{t('calendars.nextTry', { at: momentWords(visit, connection.nextTryAt) })}</p>
      ) : null}
    </Notice>
  );
}

function About({ visit, opened }: { visit: DeskVisit; opened: OpenedConnection }) {
  const { t } = visit;
  const { connection } = opened;
  const { kind, address, username, calendarName, seenAt, skipped } = connection;
  const serverName = kind === 'graph' ? 'Microsoft 365' : new URL(address).host;
  return (
    <SummaryList
      rows={[
        {
          label: t('calendars.column.state'),
          value: <ConnectionState visit={visit} of={connection} />,
        },
        { label: t('calendars.calendar'), value: calendarName || t('calendars.calendar.none') },
        { label: t('calendars.account'), value: `${username} · ${serverName}` },
        {
          label: t('calendars.column.seen'),
          value: seenAt ? momentWords(visit, seenAt) : t('calendars.read.never'),
        },
        ...(skipped > 0
          ? [
              {
                label: t('calendars.skipped'),
                value: t('calendars.skipped.text', { count: skipped }),
              },
            ]
          : []),
      ]}
    />
  );
}

function Choose({ visit, opened }: { visit: DeskVisit; opened: OpenedConnection }) {
  const { t } = visit;
  if (opened.calendars.length === 0) return null;
  return (
    <form method="post" class="form">
      <Radios
        name="calendar"
        label={t('calendars.choose')}
        value={opened.calendars.find((each) => each.account)?.place}
        options={opened.calendars.map(({ place, name }) => ({ value: place, label: name }))}
      />
      <Button name="act" value="choose">
        {t('calendars.choose.submit')}
      </Button>
    </form>
  );
}
