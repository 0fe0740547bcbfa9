import type { FormPage } from '../../../../domain/form/pages.ts';
import { statesOf } from '../../../../domain/form/states.ts';
import { AMENDING } from '../../../../features/service/cases/rules.ts';
import type { AmendmentPoint } from '../../../../features/service/cases/types.ts';
import { ButtonLink } from '../../../../ui/buttons.tsx';
import { Notice } from '../../../../ui/parts.tsx';
import { answersOf, type NamedAnswer } from '../../../words/answers.ts';
import { before } from '../../../words/labels.ts';
import { addressOf, type Filling } from '../filling.ts';
import { type Amends, REPLY } from './amends.ts';

/** What is asked to be amended: each point with the answer of then, the last day, and how to correct it. */
export function Asked({ filling, amends }: { filling: Filling; amends: Amends }) {
  const { visit, form, context, opened } = filling;
  const { t, dates, office } = visit;
  const { amendment, before } = amends;
  const { points, until, extended } = amendment;
  const answers = new Map(
    answersOf(namesIn(points), { form, answers: before, context }, t).map((each) => [
      each.name,
      each,
    ]),
  );
  const day = dates.longDay(until.toZonedDateTime(office.timeZone).toInstant());
  const hasBegun = opened.corrections !== opened.draft;
  return (
    <section class="card stack" aria-labelledby="to-amend">
      <h2 id="to-amend">{t('case.amend.asked')}</h2>
      <ul class="sent">
        {points.map(({ question, text }) => (
          <Point
            key={question}
            filling={filling}
            text={text}
            of={question === null ? null : (answers.get(question) ?? null)}
          />
        ))}
      </ul>
      <p>
        <strong>{t('case.amend.until', { day })}</strong>{' '}
        {hasLapse(filling) ? t('case.amend.after') : null}
      </p>
      {extended ? (
        <p class="said">{t('case.amend.extended', { reason: extended.reason })}</p>
      ) : null}
      {hasBegun ? <p>{t('case.amend.saved')}</p> : null}
      <p class="no-print">
        <ButtonLink href={addressOf(filling, firstPage(filling))}>
          {t(hasBegun ? 'case.amend.go' : 'case.amend.begin')}
        </ButtonLink>
      </p>
    </section>
  );
}

/** Returns whether what nobody amends ends by itself. */
const hasLapse = ({ form }: Filling): boolean =>
  statesOf(form).transitions.some(({ from, who }) => from === AMENDING && who === 'system');

const namesIn = (points: readonly AmendmentPoint[]): Set<string> =>
  new Set(points.flatMap(({ question }) => question ?? []));

/** The pages on which nobody begins: things of a group are reached from its list. */
const NO_BEGINNING: ReadonlySet<FormPage['kind']> = new Set(['start', 'check', 'item']);

/** Returns the id of the page where somebody begins to correct. */
function firstPage({ pages }: Filling): string {
  return pages.find(({ kind }) => !NO_BEGINNING.has(kind))?.id ?? REPLY;
}

/** One point: the question, what was answered, and what the office writes. */
function Point(props: { filling: Filling; text: string; of: NamedAnswer | null }) {
  const { filling, text, of } = props;
  const { t } = filling.visit;
  const label = of?.label ?? t('case.amend.general');
  const page = of ? pageOf(filling, of) : REPLY;
  const words = t(of ? 'case.amend.correct' : 'case.amend.answer');
  return (
    <li class="stack">
      <h3>{label}</h3>
      {of ? (
        <p class="soft said">{t('case.amend.before', { answer: of.lines.join(', ') })}</p>
      ) : null}
      <p class="said">{text}</p>
      {page ? (
        <p class="no-print">
          <a href={addressOf(filling, page)} aria-label={`${words}: ${label}`}>
            {words}
          </a>
        </p>
      ) : null}
    </li>
  );
}

/** Returns the id of the page where a question is corrected; null: it does not apply any more. */
export function pageOf({ pages }: Filling, { name, on }: NamedAnswer): string | null {
  if (name.startsWith('declarations.')) return 'declarations';
  const isGroup = on?.question.type === 'group';
  const page = pages.find(
    ({ kind, questions }) => questions.includes(name) && (kind === 'group' || !isGroup),
  );
  return page?.id ?? null;
}

/** What the office writes about the questions of a page, with the answer of then, where something is to be amended. */
export function AskedHere({ filling, page }: { filling: Filling; page: FormPage }) {
  const { amends, visit, form, context } = filling;
  if (!amends) return null;
  const { t } = visit;
  const { points } = amends.amendment;
  const isHere = (name: string) =>
    page.kind === 'declarations'
      ? name.startsWith('declarations.')
      : page.questions.some((each) => each === name || each.startsWith(`${name}.`));
  const here = points.filter(({ question }) => question !== null && isHere(question));
  const answers = answersOf(namesIn(here), { form, answers: amends.before, context }, t);
  return (
    <>
      {answers.map(({ name, label, lines }) => (
        <Notice key={name} kind="warn">
          <p class="said">
            {answers.length > 1 ? <strong>{before(label)}</strong> : null}
            {here.find(({ question }) => question === name)?.text}
          </p>
          <p class="soft said">{t('case.amend.before', { answer: lines.join(', ') })}</p>
        </Notice>
      ))}
    </>
  );
}
