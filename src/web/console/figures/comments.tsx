import { FEWEST, maySeeFigures } from '../../../features/insight/statistics/rules.ts';
import type { OpenComment } from '../../../features/insight/statistics/types.ts';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { PageLinks, pageOf } from '../../paged.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

const SHOWN = {
  waiting: null,
  shown: true,
  hidden: false,
} as const satisfies Record<string, OpenComment['passed']>;
type Shown = keyof typeof SHOWN;

const ON_A_PAGE = 20;

/**
 * `…/figures/comments`: the citizens' comments; only comments that were checked for personal data are
 * published.
 */
export function figuresComments(deps: Pick<StaffDeps, 'statistics'>) {
  return {
    get: async (visit: DeskVisit) => {
      const comments = await deps.statistics.comments(visit.viewer, visit.office);
      return comments ? show(visit, comments) : visit.c.notFound();
    },
    post: async (visit: DeskVisit) => {
      const { viewer, office, base } = visit;
      if (!maySeeFigures(viewer)) return visit.c.notFound();
      const form = await readForm(visit.c);
      const done = await deps.statistics.judge(viewer, office, {
        of: form.text('of'),
        comment: form.lines('comment'),
        passed: form.text('act') === 'pass',
      });
      const at = { show: askedOf(visit), done: done ? 'yes' : 'changed' };
      return visit.redirect(`${base}/figures/comments?${new URLSearchParams(at)}`);
    },
  };
}

const askedOf = ({ c }: DeskVisit): Shown => {
  const asked = c.req.query('show');
  return asked === 'shown' || asked === 'hidden' ? asked : 'waiting';
};

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
        <Comments visit={visit} comments={comments} />
      )}
    </>,
  );
}

/** The undecided, the published or the hidden comments: a page of them. */
function Comments({ visit, comments }: { visit: DeskVisit; comments: readonly OpenComment[] }) {
  const { t, c, base } = visit;
  const asked = askedOf(visit);
  const of = (which: Shown) => comments.filter(({ passed }) => passed === SHOWN[which]);
  const at = pageOf(of(asked), c.req.query('page'), ON_A_PAGE);
  const here = `${base}/figures/comments?show=`;
  return (
    <>
      <nav class="row" aria-label={t('figures.comments.by')}>
        {(Object.keys(SHOWN) as Shown[]).map((which) => (
          <a
            key={which}
            href={`${here}${which}`}
            aria-current={which === asked ? 'page' : undefined}
          >
            {t(`figures.comments.by.${which}`, { count: of(which).length })}
          </a>
        ))}
      </nav>
      {at.shown.length === 0 ? <p>{t(`figures.comments.none.${asked}`)}</p> : null}
      <ul class="lists">
        {at.shown.map((each) => (
          <li key={each.of}>
            <Comment visit={visit} of={each} to={`${here}${asked}`} />
          </li>
        ))}
      </ul>
      <PageLinks
        t={t}
        name={t(`figures.comments.by.${asked}`, { count: of(asked).length })}
        at={at}
        href={(page) => `${here}${asked}&page=${page}`}
      />
    </>
  );
}

function Comment({ visit, of, to }: { visit: DeskVisit; of: OpenComment; to: string }) {
  return (
    <form method="post" action={to} class="stack">
      <blockquote class="said" id={`comment-${of.of}`}>
        {of.comment}
      </blockquote>
      <input type="hidden" name="of" value={of.of} />
      <textarea name="comment" hidden aria-label={visit.t('figures.comments.title')}>
        {of.comment}
      </textarea>
      <p class="row">
        {of.passed === true ? null : <Act visit={visit} of={of} act="pass" />}
        {of.passed === false ? null : <Act visit={visit} of={of} act="hide" />}
      </p>
    </form>
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
