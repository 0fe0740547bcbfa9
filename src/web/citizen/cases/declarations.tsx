import { applyForm } from '../../../domain/form/applied.ts';
import type { FormPage } from '../../../domain/form/pages.ts';
import { Say } from '../../../ui/parts.tsx';
import type { Form as Sent } from '../../form.ts';
import { isOpen } from './amending/amends.ts';
import { type Answered, type Filling, type FormDeps, isTogether, type Showing } from './filling.ts';
import { Frame } from './frame.tsx';
import { fieldName, mistakesOn } from './mistakes.ts';
import { HandOf } from './summary.tsx';
import { digestOf, isChanged, wasName } from './together/shown.ts';

/** Shows what is declared. Each declaration is ticked by the person alone: none is ticked before, and an official who helps only sees them. */
export function showDeclarations(filling: Filling, page: FormPage, showing: Showing): Response {
  const { visit, checked } = filling;
  const { t } = visit;
  const isTheirs = visit.viewer.kind === 'applicant';
  const title = t('case.declarations.title');
  const mistakes = showing.hasMistakes ? mistakesOn(page, checked.mistakes) : [];
  const declared = declarationsIn(filling);
  const problems = mistakes.map(({ key, values, path }) => ({
    href: `#${fieldName({ id: String(path[1]) })}`,
    text: t(key, values),
  }));
  return Frame.show(filling, page, {
    ...showing,
    title,
    problems,
    lead: <h1>{title}</h1>,
    text: isTheirs ? undefined : t('fourHands.declared'),
    children: declared.map(({ declaration, answer }) => {
      const name = fieldName(declaration);
      const mistake = mistakes.find(({ path }) => path[1] === declaration.id);
      return (
        <div
          key={name}
          class={mistake ? 'wrong' : undefined}
          data-question={isTogether(filling) ? name : undefined}
        >
          {isTogether(filling) && filling.hands.has(`declarations.${declaration.id}`) ? (
            <input type="hidden" name={wasName(name)} value={digestOf(answer)} />
          ) : null}
          {mistake ? (
            <p class="mend" id={`${name}-error`}>
              {t(mistake.key, mistake.values)}
            </p>
          ) : null}
          <div class="choice">
            <input
              id={name}
              type="checkbox"
              name={name}
              value="yes"
              checked={answer === true}
              disabled={!isTheirs}
              aria-describedby={mistake ? `${name}-error` : undefined}
              aria-invalid={mistake ? 'true' : undefined}
            />
            <label for={name}>
              {declaration.text ? <Say of={declaration.text} t={t} /> : declaration.id}
              {declaration.required ? null : <span class="soft"> {t('case.optional')}</span>}
            </label>
          </div>
          <HandOf hands={filling.hands} name={`declarations.${declaration.id}`} />
        </div>
      );
    }),
  });
}

const declarationsIn = ({ form, answers, context, amends }: Filling) =>
  applyForm(form, answers, context).declarations.filter(({ declaration }) =>
    isOpen(amends, `declarations.${declaration.id}`),
  );

/** Keeps what was ticked. */
export function answerDeclarations(
  { cases }: Pick<FormDeps, 'cases'>,
  filling: Filling,
  sent: Sent,
): Promise<Answered> {
  const { viewer, office, found } = filling.visit;
  if (viewer.kind !== 'applicant') return Promise.resolve({ ok: true });
  const change = Object.fromEntries(
    declarationsIn(filling).flatMap(({ declaration }) => {
      const field = fieldName(declaration);
      const answer = sent.has(field) ? true : undefined;
      return isChanged(sent, field, answer) ? [[`declarations.${declaration.id}`, answer]] : [];
    }),
  );
  return cases.answer(viewer, office, found.id, change);
}
