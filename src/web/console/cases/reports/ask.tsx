import { applyForm } from '../../../../domain/form/applied.ts';
import type { Form as Declared } from '../../../../domain/form/schema.ts';
import { contextOf } from '../../../../features/service/cases/rules.ts';
import {
  type Addressees,
  type AskedReport,
  type AskMistake,
  type CaseWork,
  MOST_REPORT_DAYS,
  REPORT_DAYS,
  REPORT_QUESTION_LENGTH,
} from '../../../../features/service/cases/service.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { Checkboxes, SelectField, TextArea, TextInput } from '../../../../ui/forms.tsx';
import { BackLink, ErrorSummary } from '../../../../ui/parts.tsx';
import { type Form, readForm } from '../../../form.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { type CaseProps, caseAt, readWork } from '../case.tsx';
import { Kept } from '../kept.tsx';
import { Sending } from '../listed/sending.tsx';
import type { Names } from '../words.ts';

/** What was typed, and what is wrong with it. */
interface Typed {
  to: string;
  question: string;
  steps: readonly string[];
  showsPerson: boolean;
  days: string;
  suspends: boolean;
  mistakes: readonly AskMistake[];
  isTooMany: boolean;
}

const EMPTY: Typed = {
  to: '',
  question: '',
  steps: [],
  showsPerson: false,
  days: String(REPORT_DAYS),
  suspends: false,
  mistakes: [],
  isTooMany: false,
};

/** The value of the choice that shows who handed the case in. No step can be called so. */
const PERSON = '$person';

/** `…/cases/{id}/reports`: asks a colleague or another office for a report. */
export function askReportPage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, typed: Typed = EMPTY) => {
    const { t, viewer, office } = visit;
    const props = await readWork(deps, visit);
    if (!props) return visit.c.notFound();
    const { work, at } = props;
    if (!work.mayAskReports && typed === EMPTY) return visit.redirect(at);
    const whom = await deps.reports.addressees(viewer, office);
    const names = await deps.staff.namesOf(whom.colleagues);
    const title = t('report.ask.title');
    const problems = problemsOf(typed, t);
    return visit.show(
      {
        title,
        ...(problems.length > 0 && { status: 422, hasErrors: true }),
        ...(!work.mayAskReports && { status: 409 }),
      },
      <>
        <ErrorSummary title={t('staff.error.title')} problems={problems} />
        <BackLink href={at}>{work.opened.case.reference}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t(work.mayAskReports ? 'report.ask.lead' : 'report.ask.closed')}</p>
        {work.mayAskReports ? (
          <AskForm {...props} typed={typed} whom={whom} colleagues={names} />
        ) : (
          <Kept words={[{ label: t('report.ask.question'), text: typed.question }]} t={t} />
        )}
      </>,
    );
  };
  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const typed = typedIn(await readForm(c));
      const asked = askedIn(typed, office.id);
      const done = await deps.reports.ask(viewer, office, c.req.param('id') ?? '', asked);
      if (done.ok) return visit.redirect(`${caseAt(visit)}?done=report-asked`);
      if (done.reason === 'not_found') return c.notFound();
      const mistakes = done.reason === 'invalid' ? done.mistakes : [];
      return show(visit, { ...typed, mistakes, isTooMany: done.reason === 'many' });
    },
  };
}

const typedIn = (form: Form): Typed => {
  const shown = form.all('steps');
  return {
    ...EMPTY,
    to: form.text('to'),
    question: form.lines('question'),
    steps: shown.filter((each) => each !== PERSON),
    showsPerson: shown.includes(PERSON),
    days: form.text('days'),
    suspends: form.all('suspends').length > 0,
  };
};

/** Returns what is asked for. `to`: `office:2`, or `staff:7` of this office. */
function askedIn({ to, question, steps, showsPerson, days, suspends }: Typed, office: number) {
  const [kind, id = ''] = to.split(':');
  const number = /^\d{1,9}$/.test(id) ? Number(id) : 0;
  return {
    to: kind === 'staff' ? { office, staff: number } : { office: number, staff: null },
    question,
    steps,
    showsPerson,
    workingDays: /^\d{1,4}$/.test(days) ? Number(days) : 0,
    suspends,
  } satisfies AskedReport;
}

const FIELDS: Record<AskMistake, string> = {
  to: 'to',
  question: 'question',
  question_long: 'question',
  days: 'days',
};

const wordsOf = (mistake: AskMistake, t: DeskVisit['t']): string =>
  t(`report.ask.mistake.${mistake}`, {
    max: mistake === 'days' ? MOST_REPORT_DAYS : REPORT_QUESTION_LENGTH,
  });

const problemsOf = ({ mistakes, isTooMany }: Typed, t: DeskVisit['t']) => [
  ...(isTooMany ? [{ href: '#to', text: t('report.ask.many') }] : []),
  ...mistakes.map((each) => ({ href: `#${FIELDS[each]}`, text: wordsOf(each, t) })),
];

function AskForm(props: CaseProps & { typed: Typed; whom: Addressees; colleagues: Names }) {
  const { visit, work, at, typed } = props;
  const { t } = visit;
  const errorOf = (field: string) => {
    const mistake = typed.mistakes.find((each) => FIELDS[each] === field);
    return mistake && wordsOf(mistake, t);
  };
  return (
    <form method="post" action={`${at}/reports`} class="form" novalidate>
      <Whom {...props} error={errorOf('to')} />
      <TextArea
        name="question"
        label={t('report.ask.question')}
        hint={t('report.ask.question.hint')}
        value={typed.question}
        error={errorOf('question')}
        maxLength={REPORT_QUESTION_LENGTH}
      />
      <Checkboxes
        name="steps"
        label={t('report.ask.steps')}
        hint={t('report.ask.steps.hint')}
        values={[...typed.steps, ...(typed.showsPerson ? [PERSON] : [])]}
        options={[
          ...answeredSteps(visit, work).map((step) => ({
            value: step.id,
            label: stepTitle(step, work.form.form, t),
          })),
          { value: PERSON, label: t('report.ask.person') },
        ]}
      />
      <TextInput
        name="days"
        label={t('report.ask.days')}
        hint={t('report.ask.days.hint')}
        value={typed.days}
        error={errorOf('days')}
        inputMode="numeric"
        short
      />
      {work.opened.case.decideBy ? <Suspends t={t} typed={typed} /> : null}
      <Sending t={t} text={t('report.ask.button')} back={at} />
    </form>
  );
}

/** Returns the steps of the form that have something to show. */
const answeredSteps = ({ office, now, t }: DeskVisit, { opened, form }: CaseWork) => {
  const at = opened.case.handedInAt ?? now;
  const { steps } = applyForm(form.form, opened.draft.answers, contextOf(office, at, t.language));
  return steps.map(({ step }) => step);
};

const Suspends = ({ t, typed }: { t: DeskVisit['t']; typed: Typed }) => (
  <Checkboxes
    name="suspends"
    label={t('caseDesk.standing')}
    values={typed.suspends ? ['yes'] : []}
    options={[
      { value: 'yes', label: t('report.ask.suspends'), hint: t('report.ask.suspends.hint') },
    ]}
  />
);

/** Returns what a step of a form is called; a form of one step may leave it to its own title. */
export const stepTitle = (
  { id, title }: Pick<Declared['steps'][number], 'id' | 'title'>,
  form: Pick<Declared, 'title'>,
  { language }: DeskVisit['t'],
): string => textIn(title, language) || textIn(form.title, language) || id;

function Whom(props: {
  visit: DeskVisit;
  typed: Typed;
  whom: Addressees;
  colleagues: Names;
  error: string | undefined;
}) {
  const { visit, typed, whom, colleagues, error } = props;
  const { t } = visit;
  const option = (value: string, label: string) => (
    <option key={value} value={value} selected={value === typed.to}>
      {label}
    </option>
  );
  return (
    <SelectField name="to" label={t('report.ask.to')} error={error}>
      {option('', t('report.ask.to.choose'))}
      {whom.offices.length > 0 ? (
        <optgroup label={t('report.ask.to.offices')}>
          {whom.offices.map(({ id, name }) => option(`office:${id}`, textIn(name, t.language)))}
        </optgroup>
      ) : null}
      {whom.colleagues.length > 0 ? (
        <optgroup label={t('report.ask.to.colleagues')}>
          {whom.colleagues.map((id) => option(`staff:${id}`, colleagues.get(id) ?? ''))}
        </optgroup>
      ) : null}
    </SelectField>
  );
}
