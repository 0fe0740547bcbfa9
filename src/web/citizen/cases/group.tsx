import { shownAnswer } from '../../../domain/form/answers/shown.ts';
import { type AppliedItem, applyForm, isAnswered } from '../../../domain/form/applied.ts';
import type { FormPage } from '../../../domain/form/pages.ts';
import type { QuestionOf } from '../../../domain/form/questions.ts';
import { itemsOf } from '../../../features/service/cases/rules.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button, LinkButton } from '../../../ui/buttons.tsx';
import { Notice, Say, SummaryList } from '../../../ui/parts.tsx';
import type { Form as Sent } from '../../form.ts';
import {
  addressOf,
  type Filling,
  type FormDeps,
  idAfter,
  isFromCheck,
  type Lost,
  readFilling,
  type Showing,
  withFrom,
} from './filling.ts';
import { Frame } from './frame.tsx';
import { mistakesOn } from './mistakes.ts';
import { HandOf } from './summary.tsx';
import { itemTitle, labelOf } from './words.tsx';

/** The group of a page, with its things as they apply now. */
function groupOn({ form, answers, context }: Filling, page: FormPage) {
  const [name = ''] = page.questions;
  const applied = applyForm(form, answers, context)
    .steps.flatMap(({ questions }) => questions)
    .find((each) => each.name === name);
  if (applied?.question.type !== 'group') throw new Error(`${page.id} is no group`);
  return { name, question: applied.question, items: applied.items };
}

/** Shows the things of a group: each can be changed and removed, and another one added. */
export function showGroup(filling: Filling, page: FormPage, showing: Showing): Response {
  const { visit, answers, checked } = filling;
  const { t, c } = visit;
  const { name, question, items } = groupOn(filling, page);
  const keys = itemsOf(answers, name);
  const mistakes = showing.hasMistakes ? mistakesOn(page, checked.mistakes) : [];
  const title = labelOf(question, t);
  const wrong = (at: number) =>
    checked.mistakes.some(({ path, name: of }) => of.startsWith(`${name}.`) && path[2] === at);
  return Frame.show(filling, page, {
    ...showing,
    title,
    problems: problemsOf(filling, page, question, mistakes),
    lead: (
      <>
        <h1>{title}</h1>
        {question.help ? (
          <p class="hint">
            <Say of={question.help} t={t} />
          </p>
        ) : null}
      </>
    ),
    children: (
      <>
        {c.req.query('gone') === undefined && !showing.lost ? null : (
          <Gone t={t} lost={showing.lost ?? []} />
        )}
        <HandOf hands={filling.hands} name={name} />
        {items.length === 0 ? <p>{t('case.group.none')}</p> : null}
        {items.length > 0 ? (
          <ol class="sent" id="items">
            {items.map((item, at) => (
              <li key={keys[at]?.key}>
                <Item
                  filling={filling}
                  page={page}
                  of={{ question, item, at, key: keys[at]?.key ?? '', isWrong: wrong(at) }}
                />
              </li>
            ))}
          </ol>
        ) : null}
        {items.length < question.most ? (
          <p id="add">
            <Button kind="quiet" name="add" value="yes">
              {addWords(question, t)}
            </Button>
          </p>
        ) : (
          <p class="soft">{t('case.group.full', { most: question.most })}</p>
        )}
      </>
    ),
  });
}

/** Tells that a thing was removed meanwhile, with what was typed for it. */
const Gone = ({ t, lost }: { t: Translate; lost: readonly Lost[] }) => (
  <Notice kind="warn">
    <p>{t('case.group.gone')}</p>
    {lost.length > 0 ? (
      <>
        <p>{t('case.group.lost')}</p>
        <SummaryList
          rows={lost.map(({ label, lines }) => ({
            label,
            value: lines.map((line) => <div key={line}>{line}</div>),
          }))}
        />
      </>
    ) : null}
  </Notice>
);

const addWords = (question: QuestionOf<'group'>, t: Translate): string => {
  const name = textIn(question.item, t.language);
  return name ? t('case.group.add', { name }) : t('case.group.add.unnamed');
};

/** One thing of a group: what tells it from the others, and what can be done with it. */
function Item(props: {
  filling: Filling;
  page: FormPage;
  of: {
    question: QuestionOf<'group'>;
    item: AppliedItem;
    at: number;
    key: string;
    isWrong: boolean;
  };
}) {
  const { filling, page, of } = props;
  const { visit } = filling;
  const { t } = visit;
  const title = itemTitle(of.question, of.at, t);
  const [first] = of.item.filter((each) => each.question.type !== 'computed' && isAnswered(each));
  const said = first ? shownAnswer(first, t).join(', ') : t('form.answer.none');
  return (
    <>
      <p>
        <strong>{title}</strong> <span class="said">{said}</span>
      </p>
      {of.isWrong ? <p class="mend">{t('case.group.incomplete')}</p> : null}
      <div class="row">
        <a
          href={withFrom(addressOf(filling, `${page.id}/${of.at + 1}`), visit)}
          aria-label={`${t('citizen.change')}: ${title}`}
        >
          {t('citizen.change')}
        </a>
        <LinkButton name="remove" value={of.key}>
          {t('case.group.remove', { name: title })}
        </LinkButton>
      </div>
    </>
  );
}

/** Returns what is wrong with a group: how many there are, and each of its things that is not complete. */
function problemsOf(
  filling: Filling,
  page: FormPage,
  question: QuestionOf<'group'>,
  mistakes: ReturnType<typeof mistakesOn>,
) {
  const { t } = filling.visit;
  const whole = mistakes.filter(({ path }) => path.length === 2);
  const items = [
    ...new Set(mistakes.flatMap(({ path }) => (typeof path[2] === 'number' ? [path[2]] : []))),
  ];
  return [
    ...whole.map(({ key, values }) => ({ href: '#add', text: t(key, values) })),
    ...items.map((at) => ({
      href: withFrom(addressOf(filling, `${page.id}/${at + 1}`), filling.visit),
      text: t('case.group.mend', { name: itemTitle(question, at, t) }),
    })),
  ];
}

/** Adds or removes one of a group, or goes on from its list. */
export async function answerGroup(
  deps: FormDeps,
  filling: Filling,
  page: FormPage,
  sent: Sent,
): Promise<Response> {
  const { visit } = filling;
  const { viewer, office, found } = visit;
  const [group = ''] = page.questions;
  const here = addressOf(filling, page.id);
  if (sent.has('add')) {
    const added = await deps.cases.answerItem(viewer, office, found.id, { group, do: 'add' });
    return visit.redirect(withFrom(added.ok ? `${here}/${added.at + 1}` : here, visit));
  }
  if (sent.has('remove')) {
    const key = sent.text('remove');
    const done = await deps.cases.answerItem(viewer, office, found.id, {
      group,
      key,
      do: 'remove',
    });
    return visit.redirect(done.ok ? withFrom(here, visit) : `${here}?gone`);
  }
  if (sent.has('later')) return visit.redirect(addressOf(filling, 'start'));
  const now = await readFilling(deps, visit);
  if (now && mistakesOn(page, now.checked.mistakes).length > 0)
    return showGroup(now, page, { hasMistakes: true });
  const next = isFromCheck(visit) ? 'check' : idAfter(filling, page.id);
  return visit.redirect(addressOf(filling, next));
}
