import {
  DECISION_LENGTH,
  type DecisionText,
  isOutcome,
  needsReasons,
  type Outcome,
  templateOf,
} from '../../../features/service/cases/service.ts';
import { LANGUAGE_NAMES } from '../../../lib/i18n/languages.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { TextArea } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { type CaseProps, caseAt, readWork } from './case.tsx';

const FIELDS = ['text', 'reasons', 'appeal'] as const;
type Field = (typeof FIELDS)[number];

interface Typed {
  content: DecisionText;
  /** The fields that are empty and must not be. */
  missing: readonly Field[];
  /** Somebody changed the case, or wrote another decision, since it was seen. */
  isChanged: boolean;
}

/** `…/decide`: an official writes a decision, beginning with the words of the form. It is reviewed before it is issued. */
export function decidePage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, typed: Typed | null = null) => {
    const props = await readWork(deps, visit);
    if (!props) return visit.c.notFound();
    const { c, t } = visit;
    const { work, at } = props;
    const outcome = c.req.query('to') ?? '';
    const may = work.steps.some(({ to, how }) => how === 'decide' && to === outcome);
    if (!may || !isOutcome(outcome)) return visit.redirect(at);
    const title = t(`caseDesk.decide.title.${outcome}`);
    const missing = typed?.missing ?? [];
    const problems = missing.map((each) => ({
      href: `#${each}`,
      text: t(`caseDesk.decide.missing.${each}`),
    }));
    const status = typed?.isChanged ? 409 : 422;
    return visit.show(
      { title, ...(typed && { status }), hasErrors: missing.length > 0 },
      <div class="case">
        <ErrorSummary title={t('staff.error.title')} problems={problems} />
        <BackLink href={at}>{work.opened.case.reference}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t('caseDesk.decide.lead')}</p>
        {typed?.isChanged ? (
          <Notice kind="warn">
            <p>{t('caseDesk.changed.typed')}</p>
          </Notice>
        ) : null}
        <Write {...props} outcome={outcome} typed={typed} />
      </div>,
    );
  };
  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const form = await readForm(c, MOST_BYTES);
      const content = contentIn(form);
      const outcome = c.req.query('to') ?? '';
      const before = Number(form.text('before')) || null;
      const asked = { outcome, content, before, seen: form.text('seen') };
      const done = await deps.caseDesk.write(viewer, office, c.req.param('id') ?? '', asked);
      if (done.ok) return visit.redirect(`${caseAt(visit)}/decision`);
      switch (done.reason) {
        case 'not_found':
          return c.notFound();
        case 'changed':
        case 'written':
          return show(visit, { content, missing: [], isChanged: true });
        case 'invalid':
          return show(visit, { content, missing: missingIn(outcome, content), isChanged: false });
        default:
          return visit.redirect(caseAt(visit));
      }
    },
  };
}

/** Three long texts, percent-encoded. */
const MOST_BYTES = 512 * 1024;

const contentIn = (form: Form): DecisionText => ({
  text: form.lines('text'),
  reasons: form.lines('reasons'),
  appeal: form.lines('appeal'),
});

const missingIn = (outcome: string, content: DecisionText): Field[] =>
  FIELDS.filter((each) => content[each] === '' && (each !== 'reasons' || needsReasons(outcome)));

function Write(props: CaseProps & { outcome: Outcome; typed: Typed | null }) {
  const { visit, work, at, outcome, typed } = props;
  const { t, office, now } = visit;
  const { decision, opened } = work;
  const kept = decision?.outcome === outcome ? decision.content : null;
  const content = typed?.content ?? kept ?? templateOf(outcome, work, office, now);
  const error = (field: Field) =>
    typed?.missing.includes(field) ? t(`caseDesk.decide.missing.${field}`) : undefined;
  const area = (field: Field, rows: number) => (
    <TextArea
      name={field}
      label={t(`caseDesk.decide.${field}`)}
      hint={field === 'reasons' ? t(`caseDesk.decide.reasons.${outcome}`) : undefined}
      value={content[field]}
      error={error(field)}
      rows={rows}
      maxLength={DECISION_LENGTH}
    />
  );
  return (
    <form
      method="post"
      action={`${at}/decide?${new URLSearchParams({ to: outcome })}`}
      class="form"
      novalidate
    >
      <input type="hidden" name="seen" value={work.seen} />
      <input type="hidden" name="before" value={decision?.writtenAt.epochMilliseconds ?? ''} />
      <p class="soft">
        {t('caseDesk.decide.language', { language: LANGUAGE_NAMES[opened.case.language] })}
      </p>
      {area('text', 10)}
      {area('reasons', 6)}
      {area('appeal', 5)}
      <div class="case-bar row">
        <button type="submit" class="button" id="action">
          {t('caseDesk.decide.button')}
        </button>
        <ButtonLink kind="quiet" href={at}>
          {t('desk.back')}
        </ButtonLink>
      </div>
    </form>
  );
}
