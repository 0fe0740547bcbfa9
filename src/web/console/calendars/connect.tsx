import { mayConnectDesks } from '../../../features/service/calendars/rules.ts';
import type {
  ConnectionDraft,
  ConnectionMistakes,
  ConnectResult,
} from '../../../features/service/calendars/service.ts';
import { Button } from '../../../ui/buttons.tsx';
import { SelectField } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { confirmFirst } from '../account/confirm.tsx';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { AccountFields, ChoiceField, draftIn, FRESH, problemsOf, wordsOf } from './form.tsx';

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
      const desk = visit.office.desks[0]?.code ?? '';
      return showConnect(visit, { draft: { ...FRESH, desk }, mistakes: {} });
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

/** Connects a calendar; otherwise the form with its mistakes, or the question for a second factor. */
export async function connected(
  deps: Deps,
  visit: DeskVisit,
  draft: ConnectionDraft,
  form: Awaited<ReturnType<typeof readForm>>,
): Promise<Response | Extract<ConnectResult, { ok: true }>> {
  const asked = await confirmFirst(deps, visit, form);
  if (asked) return asked;
  const result = await deps.calendarConnections.connect(visit.viewer, visit.office, draft);
  if (result.ok) return result;
  if (result.reason === 'invalid') return showConnect(visit, { draft, mistakes: result.mistakes });
  if (result.reason === 'taken') return showConnect(visit, { draft, mistakes: {}, isTaken: true });
  return draft.desk === '' || draft.desk === null
    ? showConnect(visit, { draft, mistakes: {} })
    : visit.c.notFound();
}

/** Shows the form for a new connection. */
export function showConnect(visit: DeskVisit, { draft, mistakes, isTaken }: Typed): Response {
  const { t, base, office } = visit;
  const isOwn = draft.desk === null;
  const title = t(isOwn ? 'calendars.connect.own' : 'calendars.connect.desk');
  const taken = isTaken ? [{ href: '#address', text: t('calendars.wrong.taken') }] : [];
  const problems = [...taken, ...problemsOf(visit, mistakes)];
  return visit.show(
    { title, layout: 'column', ...(problems.length > 0 && { status: 422, hasErrors: true }) },
    <>
      <BackLink href={`${base}/calendars`}>{t('calendars.back')}</BackLink>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t('calendars.connect.lead')}</p>
      <form method="post" action={`${base}/calendars/${isOwn ? 'own' : 'connect'}`} class="form">
        {isOwn ? null : (
          <SelectField name="desk" label={t('calendars.desk')}>
            {office.desks.map((each) => (
              <option key={each.code} value={each.code} selected={each.code === draft.desk}>
                {formatDesk(visit, each.id)}
              </option>
            ))}
          </SelectField>
        )}
        <AccountFields visit={visit} draft={draft} mistakes={mistakes} />
        <ChoiceField visit={visit} choice={draft} error={wordsOf(visit, mistakes).choice} />
        <Button name="act" value="connect">
          {t('calendars.connect.submit')}
        </Button>
      </form>
    </>,
  );
}
