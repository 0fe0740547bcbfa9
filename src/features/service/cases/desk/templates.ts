import { shownAnswer } from '../../../../domain/form/answers/shown.ts';
import { applyForm } from '../../../../domain/form/applied.ts';
import { type DecisionBlank, fillTemplate } from '../../../../domain/form/decision.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { datesIn } from '../../../../lib/i18n/dates.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { translateTo } from '../../../../lib/i18n/translate.ts';
import { concernedIn } from '../applicant.ts';
import { contextOf } from '../rules.ts';
import type { Outcome } from './rules.ts';
import type { CaseWork, DecisionText } from './types.ts';

/**
 * Returns the words with which an official begins to write a decision: those of the form, else our own, filled in, in the language of the case.
 */
export function templateOf(
  outcome: Outcome,
  work: Pick<CaseWork, 'opened' | 'form' | 'applicant'>,
  office: Office,
  now: Temporal.Instant,
): DecisionText {
  const { language } = work.opened.case;
  const t = translateTo(language);
  const { templates, appeal } = work.form.form.decision ?? {};
  const fill = (template: string) => fillTemplate(template, valuesOf(work, office, now));
  const own = textIn(templates?.[outcome], language);
  return {
    text: fill(own || t(`caseDesk.template.${outcome}`, BRACED)),
    reasons: '',
    appeal: fill(textIn(appeal, language) || t('caseDesk.template.appeal', BRACED)),
  };
}

/** The names in braces of our own words, which are filled in as those of a form are. */
const BRACED = {
  name: '{name}',
  identifier: '{identifier}',
  reference: '{reference}',
  number: '{number}',
  handedIn: '{handedIn}',
  today: '{today}',
  procedure: '{procedure}',
  office: '{office}',
} as const satisfies Record<DecisionBlank, string>;

function valuesOf(
  { opened, form, applicant }: Pick<CaseWork, 'opened' | 'form' | 'applicant'>,
  office: Office,
  now: Temporal.Instant,
): (name: string) => string | undefined {
  const { language, reference, handedInAt, procedure } = opened.case;
  const at = handedInAt ?? now;
  const dates = datesIn(language, office.timeZone);
  const t = translateTo(language);
  const concerned = applicant && concernedIn(applicant);
  const known: Record<DecisionBlank, string> = {
    name: concerned?.name ?? '',
    identifier: concerned?.identifier ?? '',
    reference,
    number: opened.entry?.number ?? '',
    handedIn: dates.longDay(at),
    today: dates.longDay(now),
    procedure: textIn(office.procedure(procedure)?.name, language),
    office: textIn(office.name, language),
  };
  const context = contextOf(office, at, language);
  const { steps } = applyForm(form.form, opened.draft.answers, context);
  const answers = new Map(
    steps.flatMap(({ questions }) =>
      questions.map((each) => [each.name, shownAnswer(each, t).join(', ')] as const),
    ),
  );
  return (name) => (Object.hasOwn(known, name) ? known[name as DecisionBlank] : answers.get(name));
}
