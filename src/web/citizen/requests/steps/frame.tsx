import type { ComponentChildren } from 'preact';
import type { RequestType } from '../../../../domain/requests/schema.ts';
import type {
  UnsentRequest,
  WriteMistakes,
} from '../../../../features/service/requests/service.ts';
import { declaredType } from '../../../../features/service/requests/service.ts';
import type { RequestRow } from '../../../../features/service/requests/types.ts';
import type { Translate } from '../../../../lib/i18n/translate.ts';
import { BackLink, type ProblemLink, Say } from '../../../../ui/parts.tsx';
import { problem } from '../../problem.tsx';
import { formPage, Problems } from '../../shared.tsx';
import type { CitizenDeps } from '../../visit.tsx';
import type { RequestVisit } from '../find.ts';

/** The pages on which a request is written, in their order. */
export const STEPS = ['where', 'similar', 'what', 'photos', 'contact', 'check'] as const;
export type Step = (typeof STEPS)[number];

/** A request that is being written. */
export interface Writing extends UnsentRequest {
  visit: RequestVisit;
  type: RequestType;
}

/** Whether a type has a step. */
const has = (type: RequestType, step: Step): boolean => {
  if (step === 'where') return type.place !== 'none';
  if (step === 'similar') return type.public && type.place !== 'none';
  return step !== 'photos' || type.photos > 0;
};

/** Returns the step after another one. */
export const stepAfter = (type: RequestType, step: Step): Step =>
  STEPS.slice(STEPS.indexOf(step) + 1).find((each) => has(type, each)) ?? 'check';

const stepBefore = (type: RequestType, step: Step): Step | null =>
  STEPS.slice(0, STEPS.indexOf(step)).findLast((each) => has(type, each) && each !== 'similar') ??
  null;

export const firstStep = (type: RequestType): Step => (has(type, 'where') ? 'where' : 'what');

/** Makes the handler of a step: what was sent leads to its page, and what is gone to a page that says so. */
export const withWriting =
  (deps: CitizenDeps, handle: (writing: Writing) => Response | Promise<Response>) =>
  async (visit: RequestVisit): Promise<Response> => {
    const { viewer, office, id, secret, to } = visit;
    if (visit.isSent) return visit.redirect(to.request(secret));
    const found = await deps.requests.unsent(viewer, office, id);
    const type = found && declaredType(office, found.row.type);
    if (!found || !type) return problem(visit, 'no_request');
    return handle({ ...found, visit, type });
  };

/** Where somebody goes on: back to the page that checks all, where they came from it. */
export const onward = ({ visit, type }: Writing, step: Step): Response => {
  const isBack = visit.c.req.query('back') === '1';
  return visit.redirect(visit.to.request(visit.secret, isBack ? 'check' : stepAfter(type, step)));
};

/** The address of a step's form. */
export const actionOf = ({ c, to, secret }: RequestVisit, step: Step): string =>
  `${to.request(secret, step)}${c.req.query('back') === '1' ? '?back=1' : ''}`;

/** Says a mistake of a field. */
export function mistakeText(t: Translate, mistake: WriteMistakes[string]): string {
  switch (mistake) {
    case 'missing':
    case 'not_known':
    case 'not_a_number':
    case 'not_a_date':
    case 'outside':
    case 'not_a_mobile':
      return t(`requests.mistake.${mistake}`);
    case 'not_email':
      return t('citizen.error.not_email');
    case 'not_text':
      return t('citizen.error.not_text');
    case 'too_long':
      return t('requests.mistake.too_long');
    default:
      return t('citizen.error.not_phone');
  }
}

/** Returns the mistakes of a page as the links of its summary. `idOf`: the field of a name. */
export const problemsOf = (t: Translate, mistakes: WriteMistakes): ProblemLink[] =>
  Object.entries(mistakes).map(([field, mistake]) => ({
    href: `#${field}`,
    text: mistakeText(t, mistake),
  }));

/** Shows a step: what it is about, the mistakes, one question. */
export function stepPage(
  writing: Pick<Writing, 'visit' | 'type'> & { row: Pick<RequestRow, 'type'> },
  step: Step,
  { title, problems = [] }: { title: string; problems?: readonly ProblemLink[] },
  children: ComponentChildren,
): Response {
  const { visit, type } = writing;
  const { t, to, secret, office } = visit;
  const before = stepBefore(type, step);
  const back = before ? to.request(secret, before) : to.requests(office.code);
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={back}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={problems} />
      <p class="place">
        <Say of={type.name} t={t} />
      </p>
      <h1>{title}</h1>
      {children}
    </>,
  );
}
