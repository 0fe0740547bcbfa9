import {
  isClosedRequest,
  needOf,
  REQUEST_STEPS,
  type RequestStep,
} from '../../../../domain/requests/states.ts';
import { REQUEST_LENGTH } from '../../../../features/service/requests/rules.ts';
import type {
  AskedStep,
  RequestWorkResult,
} from '../../../../features/service/requests/service.ts';
import { settingsOf } from '../../../../features/service/requests/service.ts';
import { LANGUAGE_NAMES, textIn } from '../../../../lib/i18n/languages.ts';
import { ButtonLink } from '../../../../ui/buttons.tsx';
import { TextArea, TextInput } from '../../../../ui/forms.tsx';
import { BackLink, ErrorSummary } from '../../../../ui/parts.tsx';
import { readForm } from '../../../form.ts';
import { Changed, type KeptWords, keptIn, keptPage } from '../../cases/kept.tsx';
import { Select } from '../../fields.tsx';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { type RequestProps, readRequestWork, requestAt, showRequest } from './request.tsx';

/** The steps that come with words, a reason or another request: each has a page. */
const PAGED = ['ask', 'answer', 'refuse', 'merge', 'reopen'] as const satisfies RequestStep[];
type PagedStep = (typeof PAGED)[number];

const isPaged = (step: RequestStep): step is PagedStep => PAGED.some((each) => each === step);

/** What is typed for a step. */
interface TypedStep {
  step: RequestStep;
  words: string;
  /** The answer for everybody who told the same. */
  forAll: string;
  reason: string;
  target: string;
}

const WRONG = ['missing', 'too_long', 'no_reason', 'no_target'] as const;
type Wrong = (typeof WRONG)[number];

/** `…/step`: what comes with a step: an answer, a question, a reason, or the request that stays. */
export function requestStepPage(deps: StaffDeps) {
  return {
    get: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const step = stepIn(c.req.query('step'));
      const props = await readRequestWork(deps, visit);
      if (!props) return c.notFound();
      if (!step || !isPaged(step) || !props.work.steps.includes(step))
        return visit.redirect(props.at);
      const template = c.req.query('template') ?? '';
      const words =
        (await deps.requests.answerFor(viewer, office, props.work.row.id, template)) ?? '';
      return show(visit, props, { step, words, forAll: '', reason: '', target: '' }, {});
    },

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const form = await readForm(c);
      const step = stepIn(form.text('step'));
      if (!step) {
        const props = await readRequestWork(deps, visit);
        return props ? visit.redirect(props.at) : c.notFound();
      }
      const typed: TypedStep = {
        step,
        words: form.lines('words'),
        forAll: form.lines('forAll'),
        reason: form.text('reason'),
        target: form.text('target').trim(),
      };
      const asked: AskedStep = {
        step,
        seen: Number(form.text('seen')) || 0,
        words: typed.words,
        forAll: typed.forAll,
        ...(typed.reason && { reason: typed.reason }),
        ...(typed.target && { target: typed.target }),
      };
      const id = c.req.param('id') ?? '';
      const result = await deps.requests.step(viewer, office, id, asked);
      return answerStep(deps, visit, typed, result);
    },
  };
}

const stepIn = (text: string | undefined): RequestStep | undefined =>
  REQUEST_STEPS.find((each) => each === text);

async function answerStep(
  deps: StaffDeps,
  visit: DeskVisit,
  typed: TypedStep,
  result: RequestWorkResult,
): Promise<Response> {
  if (result.ok)
    return visit.redirect(`${requestAt(visit)}?done=${result.isTold ? 'moved' : 'moved-untold'}`);
  const props = await readRequestWork(deps, visit);
  const kept = keptOf(visit, typed);
  if (!props) return kept.length > 0 ? keptPage(visit, kept, 'request') : visit.c.notFound();
  const wrong = WRONG.find((each) => each === result.reason);
  const { step } = typed;
  // What was typed is still there to be sent, where the step is.
  if (props.work.steps.includes(step) && isPaged(step) && (wrong || result.reason === 'changed'))
    return show(
      visit,
      props,
      { ...typed, step },
      { wrong, hasChanged: result.reason === 'changed' },
    );
  return showRequest(deps, visit, {
    status: 409,
    notice: { kind: 'warn', text: visit.t(refusalKey(result)) },
    kept,
  });
}

const refusalKey = ({ reason }: Extract<RequestWorkResult, { ok: false }>) =>
  reason === 'changed' ? 'requestDesk.changed' : 'requestDesk.notAllowed';

const keptOf = ({ t }: DeskVisit, { step, words, forAll }: TypedStep): KeptWords[] =>
  keptIn([
    { label: t(`requestDesk.step.${step}`), text: words },
    { label: t('requestDesk.forAll.title'), text: forAll },
  ]);

function show(
  visit: DeskVisit,
  props: RequestProps,
  typed: TypedStep & { step: PagedStep },
  { wrong, hasChanged = false }: { wrong?: Wrong | undefined; hasChanged?: boolean },
): Response {
  const { t } = visit;
  const { work, at } = props;
  const { step } = typed;
  const title = t(`requestDesk.step.${step}`);
  const error = wrong && t(`requestDesk.wrong.${wrong}`, { most: REQUEST_LENGTH });
  const field = fieldOf(step);
  return visit.show(
    { title, ...((wrong || hasChanged) && { status: wrong ? 422 : 409, hasErrors: true }) },
    <>
      <BackLink href={at}>{work.row.reference}</BackLink>
      {error ? (
        <ErrorSummary
          title={t('staff.error.title')}
          problems={[{ href: `#${field}`, text: error }]}
        />
      ) : null}
      <h1>{title}</h1>
      {hasChanged ? <Changed t={t} /> : null}
      <p class="lead">{t(`requestDesk.step.${step}.text`)}</p>
      <Templates {...props} step={step} />
      <form method="post" action={`${at}/step`} class="form" novalidate>
        <input type="hidden" name="seen" value={work.row.version} />
        <input type="hidden" name="step" value={step} />
        <StepFields {...props} typed={typed} error={error} />
        <p class="row">
          <button type="submit" class="button" id="action">
            {title}
          </button>
          <ButtonLink kind="quiet" href={at}>
            {t('desk.back')}
          </ButtonLink>
        </p>
      </form>
    </>,
  );
}

/** Returns the field that a step needs. */
function fieldOf(step: RequestStep): 'words' | 'reason' | 'target' {
  const need = needOf(step);
  return need === 'reason' || need === 'target' ? need : 'words';
}

/** The answers that one can begin with: each is filled in in the language of the person. */
function Templates({ visit, work, at, step }: RequestProps & { step: RequestStep }) {
  const { t, office, c } = visit;
  const templates = settingsOf(office)?.templates ?? [];
  if ((step !== 'answer' && step !== 'refuse') || templates.length === 0) return null;
  return (
    <form action={`${at}/step`} class="choose" aria-label={t('requestDesk.template')}>
      <input type="hidden" name="step" value={step} />
      <Select
        name="template"
        label={t('requestDesk.template.in', { language: LANGUAGE_NAMES[work.row.language] })}
        value={c.req.query('template') ?? ''}
        empty={t('requestDesk.template.choose')}
        options={templates.map(({ code, name }) => ({
          value: code,
          label: textIn(name, t.language),
        }))}
      />
      <button type="submit" class="button quiet small">
        {t('requestDesk.template.use')}
      </button>
    </form>
  );
}

function StepFields(
  props: RequestProps & { typed: TypedStep & { step: PagedStep }; error: string | undefined },
) {
  const { visit, work, near, typed, error } = props;
  const { t, office } = visit;
  const { step, words, forAll, reason, target } = typed;
  const isForOthers = step === 'answer' && (work.followers > 0 || work.merged.length > 0);
  const field = fieldOf(step);
  const at = (name: typeof field) => (name === field ? error : undefined);
  return (
    <>
      {field === 'reason' ? (
        <Select
          name="reason"
          label={t('requestDesk.reason')}
          value={reason}
          empty={t('requestDesk.reason.choose')}
          error={at('reason')}
          options={(settingsOf(office)?.reasons ?? []).map(({ code, name }) => ({
            value: code,
            label: textIn(name, t.language),
          }))}
        />
      ) : null}
      {field === 'target' ? (
        <TextInput
          name="target"
          label={t('requestDesk.merge.target')}
          hint={near.map(({ reference }) => reference).join(', ')}
          value={target}
          error={at('target')}
          autocomplete="off"
          short
        />
      ) : (
        <TextArea
          name="words"
          label={t(`requestDesk.words.${step === 'merge' ? 'ask' : step}`)}
          hint={t('requestDesk.message.hint', { language: LANGUAGE_NAMES[work.row.language] })}
          value={words}
          error={at('words')}
          rows={8}
          maxLength={REQUEST_LENGTH}
        />
      )}
      {isForOthers ? (
        <TextArea
          name="forAll"
          label={t('requestDesk.forAll')}
          hint={t('requestDesk.forAll.hint')}
          value={forAll}
          rows={4}
          maxLength={REQUEST_LENGTH}
        />
      ) : null}
    </>
  );
}

/** `…/merge`: merges another request with this one, which stays. */
export function mergeHere(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { viewer, office, t } = visit;
    const props = await readRequestWork(deps, visit);
    if (!props) return visit.c.notFound();
    const form = await readForm(visit.c);
    const { row } = props.work;
    if (isClosedRequest(row.state))
      return showRequest(deps, visit, {
        status: 409,
        notice: { kind: 'warn', text: t('requestDesk.notAllowed') },
      });
    const asked: AskedStep = {
      step: 'merge',
      seen: Number(form.text('seen')) || 0,
      target: row.reference,
    };
    const result = await deps.requests.step(viewer, office, form.text('other'), asked);
    if (result.ok)
      return visit.redirect(`${props.at}?done=${result.isTold ? 'moved' : 'moved-untold'}`);
    return showRequest(deps, visit, {
      status: 409,
      notice: { kind: 'warn', text: t(refusalKey(result)) },
    });
  };
}
