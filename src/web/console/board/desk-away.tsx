import { localMinute } from '../../../domain/rota.ts';
import { mayChangeRota } from '../../../features/service/rota/rules.ts';
import type { RotaPlan } from '../../../features/service/rota/service.ts';
import type {
  Affected,
  EnteredAbsence,
  Outcome,
  RotaEdit,
} from '../../../features/service/rota/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import {
  BackLink,
  ErrorSummary,
  Notice,
  type ProblemLink,
  Tag,
  type TagKind,
} from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { formatDesk } from '../desk-name.tsx';
import { AbsenceFields, absenceOf } from '../rota/absence.tsx';
import { problemsOf, type Typed, typedOf } from '../rota/edit.tsx';
import { formatAbsence } from '../rota/words.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { procedureName } from '../words.ts';
import { untilOf } from './away-form.ts';

type AbsenceEdit = Extract<RotaEdit, { kind: 'absence' }>;

/** `…/desk-away`: the desk and the span; then the consequences; then the action. It is the rota's absence, from the board. */
export function deskAwayPage(deps: StaffDeps) {
  const showForm = (visit: DeskVisit, typed: Typed, problems: ProblemLink[] = []) =>
    visit.show(
      {
        title: visit.t('away.title'),
        hasErrors: problems.length > 0,
        ...(problems.length > 0 && { status: 422 }),
      },
      <AwayForm visit={visit} typed={typed} problems={problems} />,
    );

  return {
    get: (visit: DeskVisit) =>
      mayChangeRota(visit.viewer) ? showForm(visit, typedOf(untilOf(visit))) : visit.c.notFound(),

    post: async (visit: DeskVisit) => {
      const { c, t, viewer, office, base } = visit;
      if (!mayChangeRota(viewer)) return c.notFound();
      const form = await readForm(c);
      if (form.text('step') === 'back') return showForm(visit, form);
      const edit = absenceOf(form);
      const digest = form.text('digest');
      const result =
        digest === ''
          ? await deps.rota.plan(viewer, office, edit)
          : await deps.rota.save(viewer, office, edit, { digest, resolutions: new Map() });
      if (result.ok)
        return 'plan' in result
          ? showPlan(visit, edit, result.plan)
          : visit.redirect(`${base}/desk-away/${result.absence}`);
      switch (result.reason) {
        case 'not_allowed':
          return c.notFound();
        case 'mistakes':
          return showForm(visit, form, problemsOf(visit, edit.kind, result.mistakes));
        case 'changed':
          return showPlan(visit, edit, result.plan, t('away.changed'));
      }
    },
  };
}

function AwayForm(props: { visit: DeskVisit; typed: Typed; problems: readonly ProblemLink[] }) {
  const { visit, typed, problems } = props;
  const { t, base } = visit;
  const wrong = (field: string) => problems.find((each) => each.href === `#${field}`)?.text;
  return (
    <>
      <BackLink href={`${base}/board`}>{t('board.title')}</BackLink>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{t('away.title')}</h1>
      <p class="lead">{t('away.lead')}</p>
      <form method="post" class="form" novalidate>
        <AbsenceFields visit={visit} typed={typed} wrong={wrong} />
        <p>
          <button type="submit" class="button">
            {t('away.look')}
          </button>
        </p>
      </form>
    </>
  );
}

/** Shows the consequences in advance. */
function showPlan(
  visit: DeskVisit,
  edit: AbsenceEdit,
  { affected, digest }: RotaPlan,
  changed?: string,
): Response {
  const { t, base } = visit;
  const kept = affected.filter((each) => each.to !== null);
  const lost = affected.filter((each) => each.to === null);
  const title = t('away.plan', { desk: formatDesk(visit, edit.desk) });
  return visit.show(
    { title, ...(changed && { status: 409 }) },
    <>
      <BackLink href={`${base}/board`}>{t('board.title')}</BackLink>
      {changed ? (
        <ErrorSummary
          title={t('staff.error.title')}
          problems={[{ href: '#plan', text: changed }]}
        />
      ) : null}
      <h1 id="plan">{title}</h1>
      <p class="lead">{formatAbsence(visit, edit)}</p>
      {affected.length === 0 ? <p>{t('away.nobody')}</p> : null}
      <Resolutions
        visit={visit}
        title={t('away.kept', { count: kept.length })}
        text={t('away.keptText')}
        affected={kept}
      />
      <Resolutions
        visit={visit}
        title={t('away.lost', { count: lost.length })}
        text={t('away.lostText')}
        affected={lost}
      />
      <form method="post" class="row">
        {(['desk', 'from', 'to', 'why'] as const).map((each) => (
          <input key={each} type="hidden" name={each} value={`${edit[each]}`} />
        ))}
        <input type="hidden" name="digest" value={digest} />
        <button type="submit" class="button">
          {t('away.submit')}
        </button>
        <button type="submit" name="step" value="back" class="button quiet">
          {t('away.change')}
        </button>
      </form>
    </>,
  );
}

interface ResolutionsProps {
  visit: DeskVisit;
  title: string;
  text: string;
  affected: readonly Affected[];
}

function Resolutions({ visit, title, text, affected }: ResolutionsProps) {
  if (affected.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <p class="soft">{text}</p>
      <ul class="unmarked">
        {affected.map((each) => (
          <ResolutionLine key={each.appointment.id} visit={visit} affected={each} />
        ))}
      </ul>
    </>
  );
}

function ResolutionLine({ visit, affected }: { visit: DeskVisit; affected: Affected }) {
  const { t, dates, office } = visit;
  const { appointment, to } = affected;
  const { start, citizen, procedure } = appointment;
  return (
    <li>
      <span class="figures">
        {dates.briefDay(start)} {dates.time(start)}
      </span>{' '}
      <strong>{citizen.name}</strong> · {procedureName(t, office, procedure)}
      {to === null ? null : <> → {formatDesk(visit, to)}</>}
    </li>
  );
}

/** `…/desk-away/:absence`: the result, and the button that brings the desk back. */
export function absencePage(deps: StaffDeps) {
  const find = async ({ c, viewer, office }: DeskVisit) => {
    const id = c.req.param('absence') ?? '';
    return /^\d{1,10}$/.test(id) ? deps.rota.absence(viewer, office, Number(id)) : null;
  };
  return {
    get: async (visit: DeskVisit) => {
      const found = await find(visit);
      if (!found) return visit.c.notFound();
      const { t, base, office, now, c } = visit;
      const { absence, outcomes } = found;
      const title = t('away.plan', { desk: formatDesk(visit, absence.desk) });
      const isOver = absence.to <= localMinute(now, office.timeZone);
      return visit.show(
        { title },
        <>
          <BackLink href={`${base}/board`}>{t('board.title')}</BackLink>
          <h1>{title}</h1>
          {c.req.query('done') === 'back' ? <Notice kind="good">{t('away.isBack')}</Notice> : null}
          <p class="lead">{formatAbsence(visit, absence)}</p>
          {absence.why ? <p>{absence.why}</p> : null}
          <h2>{t('away.done')}</h2>
          {outcomes.length === 0 ? <p>{t('away.nobody')}</p> : null}
          <ul class="unmarked">
            {outcomes.map((each) => (
              <OutcomeLine key={each.appointment.id} visit={visit} outcome={each} />
            ))}
          </ul>
          {isOver ? null : <BackForm visit={visit} absence={absence} />}
        </>,
      );
    },

    post: async (visit: DeskVisit) => {
      const found = await find(visit);
      if (!found) return visit.c.notFound();
      const { viewer, office, base } = visit;
      const { id, from } = found.absence;
      const back: RotaEdit = { kind: 'back', absence: id, at: null };
      const planned = await deps.rota.plan(viewer, office, back);
      if (planned.ok) {
        const { digest } = planned.plan;
        await deps.rota.save(viewer, office, back, { digest, resolutions: new Map() });
      }
      // An absence that hadn't begun is removed completely.
      const isGone = from >= localMinute(visit.now, office.timeZone);
      return visit.redirect(isGone ? `${base}/board` : `${base}/desk-away/${id}?done=back`);
    },
  };
}

export function OutcomeLine({ visit, outcome }: { visit: DeskVisit; outcome: Outcome }) {
  const { dates, base } = visit;
  const { id, start, citizen } = outcome.appointment;
  const [kind, words] = stateOf(visit, outcome);
  return (
    <li>
      <Tag kind={kind}>{words}</Tag>{' '}
      <span class="figures">
        {dates.briefDay(start)} {dates.time(start)}
      </span>{' '}
      <a href={`${base}/appointment/${id}`}>{citizen.name}</a>
    </li>
  );
}

/** Returns the state of an appointment that lost its desk, as a tag. */
function stateOf(visit: DeskVisit, { appointment, desk, now }: Outcome): [TagKind, string] {
  const { t } = visit;
  const current = formatDesk(visit, appointment.desk);
  if (now === 'waits') return ['warn', t('away.waits')];
  if (now === 'left') return ['bad', t('rota.now.left', { desk: current })];
  const isGiven = now !== 'moved' && appointment.desk !== desk;
  return ['good', isGiven ? current : t('away.answered')];
}

function BackForm({ visit, absence }: { visit: DeskVisit; absence: EnteredAbsence }) {
  const { t, base } = visit;
  return (
    <section class="stack" aria-labelledby="back">
      <h2 id="back">{t('away.back')}</h2>
      <p>{t('away.backText')}</p>
      <form method="post" action={`${base}/desk-away/${absence.id}`} class="row">
        <button type="submit" class="button quiet">
          {t('away.back')}
        </button>
        <ButtonLink kind="quiet" href={`${base}/board`}>
          {t('board.back')}
        </ButtonLink>
      </form>
    </section>
  );
}
