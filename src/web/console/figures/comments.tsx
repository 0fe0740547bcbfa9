import { FEWEST, maySeeFigures } from '../../../features/statistics/rules.ts';
import type { OpenComment } from '../../../features/statistics/types.ts';
import { BackLink, Notice, Tag } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** `…/figures/comments`: what citizens wrote, shown to nobody else before somebody has looked that it tells of no one. */
export function figuresComments(deps: Pick<StaffDeps, 'statistics'>) {
  return {
    get: async (visit: DeskVisit) => {
      const comments = await deps.statistics.comments(visit.viewer, visit.body);
      return comments ? show(visit, comments) : visit.c.notFound();
    },
    post: async (visit: DeskVisit) => {
      const { viewer, body, base } = visit;
      if (!maySeeFigures(viewer)) return visit.c.notFound();
      const form = await readForm(visit.c);
      const done = await deps.statistics.judge(viewer, body, {
        of: form.text('of'),
        comment: form.lines('comment'),
        passed: form.text('act') === 'pass',
      });
      return visit.redirect(`${base}/figures/comments?done=${done ? 'yes' : 'changed'}`);
    },
  };
}

function show(visit: DeskVisit, comments: readonly OpenComment[]): Response {
  const { t, c, base } = visit;
  const title = t('figures.comments.title');
  const done = (['yes', 'changed'] as const).find((each) => each === c.req.query('done'));
  return visit.show(
    { title },
    <>
      <BackLink href={`${base}/figures`}>{t('figures.title')}</BackLink>
      <h1>{title}</h1>
      <p class="lead">{t('figures.comments.lead')}</p>
      {done ? (
        <div role="status">
          <Notice kind={done === 'yes' ? 'good' : 'warn'}>
            {t(`figures.comments.done.${done}`)}
          </Notice>
        </div>
      ) : null}
      {comments.length === 0 ? (
        <p>{t('figures.comments.none', { fewest: FEWEST })}</p>
      ) : (
        <ul class="lists">
          {[...comments].sort(byUndecided).map((each) => (
            <li key={each.of}>
              <form method="post" action={`${base}/figures/comments`} class="stack">
                <blockquote class="said" id={`comment-${each.of}`}>
                  {each.comment}
                </blockquote>
                <input type="hidden" name="of" value={each.of} />
                <textarea name="comment" hidden aria-label={title}>
                  {each.comment}
                </textarea>
                <p class="row">
                  <State visit={visit} passed={each.passed} />
                  {each.passed === true ? null : <Act visit={visit} of={each} act="pass" />}
                  {each.passed === false ? null : <Act visit={visit} of={each} act="hide" />}
                </p>
              </form>
            </li>
          ))}
        </ul>
      )}
    </>,
  );
}

const byUndecided = (a: OpenComment, b: OpenComment): number =>
  Number(a.passed !== null) - Number(b.passed !== null);

function State({ visit: { t }, passed }: { visit: DeskVisit; passed: boolean | null }) {
  if (passed === null) return <Tag kind="now">{t('figures.comments.waiting')}</Tag>;
  return passed ? (
    <Tag kind="good">{t('figures.comments.shown')}</Tag>
  ) : (
    <Tag kind="plain">{t('figures.comments.hidden')}</Tag>
  );
}

function Act(props: { visit: DeskVisit; of: OpenComment; act: 'pass' | 'hide' }) {
  const { visit, of, act } = props;
  return (
    <button
      type="submit"
      class="button quiet"
      name="act"
      value={act}
      aria-describedby={`comment-${of.of}`}
    >
      {visit.t(`figures.comments.act.${act}`)}
    </button>
  );
}
