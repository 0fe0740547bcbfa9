import { recordable } from '../../../../features/service/notifications/rules.ts';
import type {
  Notification,
  PaperMistake,
  PaperResult,
} from '../../../../features/service/notifications/types.ts';
import { nearDay, nearMoment } from '../../../../lib/calendar/near.ts';
import { Radios, TextInput } from '../../../../ui/forms.tsx';
import { BackLink, ErrorSummary } from '../../../../ui/parts.tsx';
import { type Form, readForm } from '../../../form.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { caseAt, readWork, showCase } from '../case.tsx';
import { Sending } from '../listed/sending.tsx';

const RESULTS = ['delivered', 'refused', 'failed', 'published'] as const;
const FIELDS = ['on', 'first', 'second'] as const;
type Field = (typeof FIELDS)[number];
type Typed = Record<Field | 'result', string>;
type Wrong = Partial<Record<Field | 'result', 'result' | 'missing' | PaperMistake>>;

const EMPTY: Typed = { result: '', on: '', first: '', second: '' };

/** `…/notification`: records what became of a notification on paper. */
export function recordPage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, typed: Typed = EMPTY, wrong: Wrong = {}) => {
    const { viewer, office } = visit;
    const props = await readWork(deps, visit);
    const id = props?.work.opened.case.id ?? '';
    const found = props && (await deps.notifications.ofCase(viewer, office, id));
    if (!props || !found) return visit.c.notFound();
    const { notification } = found;
    if (recordable(notification).length === 0) return visit.redirect(props.at);
    const { reference } = props.work.opened.case;
    return showForm(visit, { at: props.at, reference, notification, typed, wrong });
  };
  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, t, viewer, office } = visit;
      const typed = typedIn(await readForm(c));
      const read = resultIn(typed);
      if (!read.ok) return show(visit, typed, read.wrong);
      const id = c.req.param('id') ?? '';
      const done = await deps.notifications.record(viewer, office, id, read.given);
      if (done.ok) return visit.redirect(`${caseAt(visit)}?done=recorded`);
      switch (done.reason) {
        case 'not_found':
          return c.notFound();
        case 'not_allowed':
          return showCase(deps, visit, {
            status: 409,
            notice: { kind: 'warn', text: t('notification.desk.notAllowed') },
          });
        default:
          return show(visit, typed, { [fieldOf(read.given, done.reason)]: done.reason });
      }
    },
  };
}

const typedIn = (form: Form): Typed => ({
  result: form.text('result'),
  on: form.line('on'),
  first: form.line('first'),
  second: form.line('second'),
});

/** Returns what somebody typed, or which of it is missing. */
function resultIn(typed: Typed): { ok: true; given: PaperResult } | { ok: false; wrong: Wrong } {
  const result = RESULTS.find((each) => each === typed.result);
  if (!result) return { ok: false, wrong: { result: 'result' } };
  if (result !== 'failed') {
    const on = nearDay(typed.on);
    return on ? { ok: true, given: { result, on } } : { ok: false, wrong: { on: 'missing' } };
  }
  const first = nearMoment(typed.first);
  const second = nearMoment(typed.second);
  if (first && second) return { ok: true, given: { result, first, second } };
  return {
    ok: false,
    wrong: { ...(!first && { first: 'missing' }), ...(!second && { second: 'missing' }) },
  };
}

/** Returns the field that a mistake is about. */
function fieldOf({ result }: PaperResult, mistake: PaperMistake): Field {
  if (result !== 'failed') return 'on';
  return mistake === 'early' ? 'first' : 'second';
}

interface Shown {
  at: string;
  reference: string;
  notification: Notification;
  typed: Typed;
  wrong: Wrong;
}

function showForm(visit: DeskVisit, shown: Shown): Response {
  const { t } = visit;
  const { at, reference, notification, typed, wrong } = shown;
  const title = t('notification.desk.record');
  const error = (field: Field | 'result') => {
    const mistake = wrong[field];
    return mistake && t(`notification.desk.mistake.${mistake}`);
  };
  const problems = (['result', ...FIELDS] as const).flatMap((field) => {
    const text = error(field);
    return text ? [{ href: `#${field}`, text }] : [];
  });
  return visit.show(
    { title, ...(problems.length > 0 && { status: 422, hasErrors: true }) },
    <>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <BackLink href={at}>{reference}</BackLink>
      <h1>{title}</h1>
      <p class="lead">{t('notification.desk.record.lead')}</p>
      <form method="post" action={`${at}/notification`} class="form" novalidate>
        <Radios
          name="result"
          label={t('notification.desk.result')}
          value={typed.result}
          error={error('result')}
          options={recordable(notification).map((value) => ({
            value,
            label: t(`notification.desk.result.${value}`),
          }))}
        />
        <TextInput
          name="on"
          type="date"
          label={t('notification.desk.on')}
          hint={t('notification.desk.on.hint')}
          value={typed.on}
          error={error('on')}
        />
        {recordable(notification).includes('failed') ? (
          <Attempts t={t} typed={typed} error={error} />
        ) : null}
        <Sending t={t} text={t('notification.desk.record.button')} back={at} />
      </form>
    </>,
  );
}

/** When somebody went there, and found nobody. */
function Attempts(props: {
  t: DeskVisit['t'];
  typed: Typed;
  error: (field: Field) => string | undefined;
}) {
  const { t, typed, error } = props;
  return (
    <>
      <p class="soft small">{t('notification.desk.attempts.hint')}</p>
      {(['first', 'second'] as const).map((field) => (
        <TextInput
          key={field}
          name={field}
          type="datetime-local"
          label={t(`notification.desk.${field}`)}
          value={typed[field]}
          error={error(field)}
        />
      ))}
    </>
  );
}
