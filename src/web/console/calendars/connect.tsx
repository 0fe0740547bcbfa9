import { mayConnectDesks } from '../../../features/service/calendars/rules.ts';
import type {
  ConnectionDraft,
  ConnectionMistakes,
  ConnectResult,
} from '../../../features/service/calendars/service.ts';
import { Button } from '../../../ui/buttons.tsx';
import { BackLink, ErrorSummary } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { confirmFirst } from '../account/confirm.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import {
  AccountFields,
  ChoiceField,
  DeskField,
  draftIn,
  FRESH,
  problemsOf,
  wordsOf,
} from './form.tsx';
import { goToMicrosoft, isForGraph } from './microsoft.tsx';

type Deps = Pick<StaffDeps, 'calendarConnections' | 'staff' | 'config'>;

/** What a form for a new connection shows. */
interface Typed {
  draft: ConnectionDraft;
  mistakes: ConnectionMistakes;
  isTaken?: boolean;
}

/** `/console/{office}/calendars/connect`: an administrator connects the calendar of a desk. */
export function connectPage(deps: Deps) {
  return {
    get: (visit: DeskVisit) => {
      if (!mayConnectDesks(visit.viewer)) return visit.c.notFound();
      return startConnect(deps, visit, visit.office.desks[0]?.code ?? '');
    },
    post: async (visit: DeskVisit) => {
      if (!mayConnectDesks(visit.viewer)) return visit.c.notFound();
      const form = await readForm(visit.c);
      const result = await connected(deps, visit, draftIn(form, form.text('desk')), form);
      return result instanceof Response
        ? result
        : visit.redirect(`${visit.base}/calendars/connected/${result.id}?done=connected`);
    },
  };
}

/** Shows the form for a new connection, or first the choice of its kind. @param desk null: the viewer's own calendar */
export function startConnect(deps: Deps, visit: DeskVisit, desk: string | null): Response {
  const asked = visit.c.req.query('with');
  if (deps.calendarConnections.hasGraph && asked !== 'caldav' && asked !== 'graph')
    return showKinds(visit, desk === null);
  return showConnect(deps, visit, { draft: { ...FRESH, desk }, mistakes: {} });
}

/** Connects a calendar; otherwise the way to Microsoft, the form with its mistakes, or the question for a second factor. */
export async function connected(
  deps: Deps,
  visit: DeskVisit,
  draft: ConnectionDraft,
  form: Form,
): Promise<Response | Extract<ConnectResult, { ok: true }>> {
  const asked = await confirmFirst(deps, visit, form);
  if (asked) return asked;
  if (isForGraph(deps, visit)) {
    const { desk, reads, writes, names } = draft;
    const isChosen = reads || writes;
    const mistakes = { choice: 'nothing' } as const;
    if (!isChosen) return showConnect(deps, visit, { draft, mistakes });
    const way = await goToMicrosoft(deps, visit, { desk, reads, writes, names, renews: null });
    return way ?? showConnect(deps, visit, { draft, mistakes: {}, isTaken: true });
  }
  const result = await deps.calendarConnections.connect(visit.viewer, visit.office, draft);
  if (result.ok) return result;
  if (result.reason === 'invalid')
    return showConnect(deps, visit, { draft, mistakes: result.mistakes });
  if (result.reason === 'taken')
    return showConnect(deps, visit, { draft, mistakes: {}, isTaken: true });
  return draft.desk === '' || draft.desk === null
    ? showConnect(deps, visit, { draft, mistakes: {} })
    : visit.c.notFound();
}

const pathOf = ({ base }: DeskVisit, isOwn: boolean): string =>
  `${base}/calendars/${isOwn ? 'own' : 'connect'}`;

/** Asks where the calendar is. */
function showKinds(visit: DeskVisit, isOwn: boolean): Response {
  const { t, base } = visit;
  const title = t(isOwn ? 'calendars.connect.own' : 'calendars.connect.desk');
  return visit.show(
    { title, layout: 'column' },
    <>
      <BackLink href={`${base}/calendars`}>{t('calendars.back')}</BackLink>
      <h1>{title}</h1>
      <p class="lead">{t('calendars.kind.title')}</p>
      <ul class="lists">
        {(['graph', 'caldav'] as const).map((kind) => (
          <li key={kind}>
            <a class="main" href={`${pathOf(visit, isOwn)}?with=${kind}`}>
              {t(`calendars.kind.${kind}`)}
            </a>
            <p class="soft">{t(`calendars.kind.${kind}.hint`)}</p>
          </li>
        ))}
      </ul>
    </>,
  );
}

/** Shows the form for a new connection. */
function showConnect(deps: Deps, visit: DeskVisit, { draft, mistakes, isTaken }: Typed): Response {
  const { t, base } = visit;
  const isOwn = draft.desk === null;
  const isGraph = isForGraph(deps, visit);
  const title = t(isOwn ? 'calendars.connect.own' : 'calendars.connect.desk');
  const taken = isTaken ? t('calendars.wrong.taken') : undefined;
  const at = isOwn ? '#choice' : '#desk';
  const problems = [...(taken ? [{ href: at, text: taken }] : []), ...problemsOf(visit, mistakes)];
  const lead = isOwn ? 'calendars.graph.lead' : 'calendars.graph.leadDesk';
  const path = pathOf(visit, isOwn);
  return visit.show(
    { title, layout: 'column', ...(problems.length > 0 && { status: 422, hasErrors: true }) },
    <>
      <BackLink href={deps.calendarConnections.hasGraph ? path : `${base}/calendars`}>
        {t(deps.calendarConnections.hasGraph ? 'calendars.kind.back' : 'calendars.back')}
      </BackLink>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t(isGraph ? lead : 'calendars.connect.lead')}</p>
      <form method="post" action={`${path}?with=${isGraph ? 'graph' : 'caldav'}`} class="form">
        {isOwn ? null : <DeskField visit={visit} chosen={draft.desk} error={taken} />}
        {isGraph ? null : <AccountFields visit={visit} draft={draft} mistakes={mistakes} />}
        <ChoiceField visit={visit} choice={draft} error={wordsOf(visit, mistakes).choice} />
        <Button name="act" value="connect">
          {t(isGraph ? 'calendars.graph.submit' : 'calendars.connect.submit')}
        </Button>
      </form>
    </>,
  );
}
