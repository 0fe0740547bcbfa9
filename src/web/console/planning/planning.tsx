import { FIELD_NAMES, readAssumptions } from '../../../features/insight/planning/rules.ts';
import { KINDS, type Plan } from '../../../features/insight/planning/types.ts';
import { BackLink, ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { AsOf, sendFiguresFile } from '../figures/as-of.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { PlanForm, planProblems, type Typed } from './form.tsx';
import { PlayedAgain } from './replay.tsx';
import { Answer, Days, WeekTable } from './week.tsx';
import { wordsOfPlan } from './words.ts';

const typedIn =
  ({ c }: DeskVisit): Typed =>
  (name) =>
    (c.req.query(name) ?? '').slice(0, 20);

/**
 * `…/planning`: the number of agents needed; the address has the assumptions. `?replay=1`: the last
 * month, replayed.
 */
export function planningPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { c, t, viewer, office, base } = visit;
    const typed = typedIn(visit);
    const read = readAssumptions(typed);
    const plan = read.ok && (await deps.planning.plan(viewer, office, read.assumptions));
    if (plan === null) return c.notFound();
    const replay =
      read.ok && c.req.query('replay') === '1'
        ? await deps.planning.replay(viewer, office, read.assumptions.days)
        : null;
    const title = t('planning.title');
    const mistakes = read.ok ? {} : read.mistakes;
    const known = plan ? plan.known : null;
    const isPlanned = plan && plan.weeks.length > 0;
    return visit.show(
      { title, layout: 'column', hasErrors: !read.ok, ...(!read.ok && { status: 422 }) },
      <div class="stack planning">
        <BackLink href={`${base}/board`}>{t('board.title')}</BackLink>
        <ErrorSummary title={t('staff.error.title')} problems={planProblems(visit, mistakes)} />
        <h1>{title}</h1>
        <p class="lead">{t('planning.lead')}</p>
        <AsOf t={t} dates={visit.dates} reading={deps.reading} />
        {plan && !isPlanned ? <Nothing visit={visit} plan={plan} /> : null}
        {isPlanned ? <Answer visit={visit} plan={plan} /> : null}
        <details class="fold-form" open={!isPlanned}>
          <summary>{t('planning.form.title')}</summary>
          <PlanForm visit={visit} typed={typed} mistakes={mistakes} known={known} />
        </details>
        {isPlanned ? <WeekTable visit={visit} plan={plan} /> : null}
        {replay && read.ok ? (
          <PlayedAgain visit={visit} replay={replay} days={read.assumptions.days} />
        ) : null}
        {isPlanned ? <Days visit={visit} plan={plan} /> : null}
        {isPlanned ? (
          <p>
            <a href={`${base}/planning.csv${queryOf(visit)}`}>{t('planning.export')}</a>
          </p>
        ) : null}
        {office.settings.chat.topics.length > 0 ? (
          <p>
            <a href={`${base}/planning/chats`}>{t('planning.chats.title')}</a>
          </p>
        ) : null}
        <How visit={visit} />
      </div>,
    );
  };
}

/** Returns the same assumptions for the file. */
function queryOf(visit: DeskVisit): string {
  const typed = typedIn(visit);
  const query = new URLSearchParams();
  for (const name of ['weeks', ...FIELD_NAMES] as const)
    if (typed(name)) query.set(name, typed(name));
  return query.size > 0 ? `?${query}` : '';
}

function Nothing({ visit: { t }, plan }: { visit: DeskVisit; plan: Plan }) {
  return (
    <Notice>
      <p role="status">{t(plan.deskHours === null ? 'planning.noRota' : 'planning.none')}</p>
    </Notice>
  );
}

const HOW = ['appointments', 'calls', 'bands', 'replay', 'docs'] as const;

/** The method behind the numbers, in words; the formulas are in the documentation. */
function How({ visit: { t } }: { visit: DeskVisit }) {
  return (
    <details class="no-print">
      <summary>{t('planning.how.title')}</summary>
      <div class="stack">
        {HOW.map((each) => (
          <p key={each}>{t(`planning.how.${each}`)}</p>
        ))}
      </div>
    </details>
  );
}

/** The half hours as a file: a row for each, by kind of demand. */
export function planningFile(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { c, t, viewer, office } = visit;
    const read = readAssumptions(typedIn(visit));
    if (!read.ok) return c.notFound();
    const plan = await deps.planning.plan(viewer, office, read.assumptions);
    if (!plan) return c.notFound();
    const words = wordsOfPlan(visit);
    const heads = (['weekday', 'from', 'kind', 'least', 'most', 'rota'] as const).map((each) =>
      t(`planning.column.${each}`),
    );
    const rows = plan.halves.flatMap(({ weekday, half, needs, has }) =>
      ([...KINDS, 'all'] as const).map((kind) => [
        words.weekday(weekday),
        words.clock(half),
        words.kind(kind),
        String(needs[kind].low),
        String(needs[kind].high),
        String(Math.round(has[kind] * 100) / 100),
      ]),
    );
    const file = { name: `planning-${office.code}`, rows: [heads, ...rows] };
    return sendFiguresFile(visit, deps.reading, file);
  };
}
