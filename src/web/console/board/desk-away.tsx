import {
  instantAt,
  localMinute,
  mayCoordinate,
} from '../../../features/service/coordination/rules.ts';
import type { AwayPlan } from '../../../features/service/coordination/service.ts';
import type {
  Away,
  NotedAbsence,
  Resolution,
  Settled,
} from '../../../features/service/coordination/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice, type ProblemLink, Tag } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { procedureName } from '../words.ts';
import { readAway, type TypedAway, untilOf } from './away-form.ts';

/** `…/desk-away`: the desk and the span; then the consequences; then the action. */
export function deskAwayPage(deps: StaffDeps) {
  const showForm = (visit: DeskVisit, typed: TypedAway, problems: ProblemLink[] = []) =>
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
      mayCoordinate(visit.viewer) ? showForm(visit, untilOf(visit)) : visit.c.notFound(),

    post: async (visit: DeskVisit) => {
      const { c, t, viewer, office, base } = visit;
      if (!mayCoordinate(viewer)) return c.notFound();
      const form = await readForm(c);
      const { typed, away, problems } = readAway(visit, form);
      if (!away) return showForm(visit, typed, problems);
      const digest = form.text('digest');
      if (form.text('step') === 'back') return showForm(visit, typed);
      if (digest === '') {
        const plan = await deps.coordination.planAway(viewer, office, away);
        return plan ? showPlan(visit, typed, away, plan) : c.notFound();
      }
      const sent = await deps.coordination.sendAway(viewer, office, away, digest);
      if (sent.ok) return visit.redirect(`${base}/desk-away/${sent.absence}`);
      if (sent.reason === 'not_allowed') return c.notFound();
      return showPlan(visit, typed, away, sent.plan, t('away.changed'));
    },
  };
}

function AwayForm(props: { visit: DeskVisit; typed: TypedAway; problems: readonly ProblemLink[] }) {
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
        <DeskSelect visit={visit} typed={typed} error={wrong('desk')} />
        <TimeField name="from" label={t('away.from')} value={typed.from} error={wrong('from')} />
        <TimeField name="to" label={t('away.to')} value={typed.to} error={wrong('to')} />
        <TextInput
          name="why"
          label={t('away.why')}
          hint={t('away.whyHint')}
          value={typed.why}
          error={wrong('why')}
          autocomplete="off"
        />
        <p>
          <button type="submit" class="button">
            {t('away.look')}
          </button>
        </p>
      </form>
    </>
  );
}

interface DeskSelectProps {
  visit: DeskVisit;
  typed: TypedAway;
  error: string | undefined;
}

function DeskSelect({ visit: { t, office }, typed, error }: DeskSelectProps) {
  return (
    <div class={error ? 'field wrong' : 'field'}>
      <label for="desk">{t('staff.day.desk')}</label>
      {error ? (
        <p class="mend" id="desk-error">
          {error}
        </p>
      ) : null}
      <select id="desk" name="desk" aria-describedby={error ? 'desk-error' : undefined}>
        <option value="">{t('away.choose')}</option>
        {office.desks.map((each) => (
          <option key={each.id} value={each.id} selected={`${each.id}` === typed.desk}>
            {each.name}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TimeFieldProps {
  name: 'from' | 'to';
  label: string;
  value: string;
  error: string | undefined;
}

function TimeField({ name, label, value, error }: TimeFieldProps) {
  return (
    <div class={error ? 'field wrong' : 'field'}>
      <label for={name}>{label}</label>
      {error ? (
        <p class="mend" id={`${name}-error`}>
          {error}
        </p>
      ) : null}
      <input
        type="datetime-local"
        id={name}
        name={name}
        value={value}
        required
        aria-describedby={error ? `${name}-error` : undefined}
        aria-invalid={error ? 'true' : undefined}
      />
    </div>
  );
}

/** Shows the consequences in advance. */
function showPlan(
  visit: DeskVisit,
  typed: TypedAway,
  away: Away,
  { resolutions, digest }: AwayPlan,
  changed?: string,
): Response {
  const { t, base, office } = visit;
  const kept = resolutions.filter((each) => each.to !== null);
  const lost = resolutions.filter((each) => each.to === null);
  const title = t('away.plan', { desk: office.desk(away.desk)?.name ?? '' });
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
      <p class="lead">{formatAway(visit, away)}</p>
      {resolutions.length === 0 ? <p>{t('away.nobody')}</p> : null}
      <Resolutions
        visit={visit}
        title={t('away.kept', { count: kept.length })}
        text={t('away.keptText')}
        resolutions={kept}
      />
      <Resolutions
        visit={visit}
        title={t('away.lost', { count: lost.length })}
        text={t('away.lostText')}
        resolutions={lost}
      />
      <form method="post" class="row">
        {(['desk', 'from', 'to', 'why'] as const).map((each) => (
          <input key={each} type="hidden" name={each} value={typed[each]} />
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
  resolutions: AwayPlan['resolutions'];
}

function Resolutions({ visit, title, text, resolutions }: ResolutionsProps) {
  if (resolutions.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <p class="soft">{text}</p>
      <ul class="unmarked">
        {resolutions.map((each) => (
          <ResolutionLine key={each.appointment.id} visit={visit} resolution={each} />
        ))}
      </ul>
    </>
  );
}

function ResolutionLine({
  visit,
  resolution: { appointment, to },
}: {
  visit: DeskVisit;
  resolution: Resolution;
}) {
  const { t, dates, office } = visit;
  const { start, citizen, procedure } = appointment;
  return (
    <li>
      <span class="figures">
        {dates.briefDay(start)} {dates.time(start)}
      </span>{' '}
      <strong>{citizen.name}</strong> · {procedureName(t, office, procedure)}
      {to === null ? null : <> → {office.desk(to)?.name}</>}
    </li>
  );
}

const formatAway = ({ t, dates, office }: DeskVisit, { desk, from, to }: Away): string => {
  const say = (local: string) => {
    const at = instantAt(local, office.timeZone);
    return `${dates.briefDay(at)} ${dates.time(at)}`;
  };
  return t('away.line', { desk: office.desk(desk)?.name ?? '', from: say(from), to: say(to) });
};

/** `…/desk-away/:absence`: the result, and the button that brings the desk back. */
export function absencePage(deps: StaffDeps) {
  const find = async ({ c, viewer, office }: DeskVisit) => {
    const id = c.req.param('absence') ?? '';
    return /^\d{1,10}$/.test(id) ? deps.coordination.absence(viewer, office, Number(id)) : null;
  };
  return {
    get: async (visit: DeskVisit) => {
      const found = await find(visit);
      if (!found) return visit.c.notFound();
      const { t, base, office, now, c } = visit;
      const { absence, settled } = found;
      const title = t('away.plan', { desk: office.desk(absence.desk)?.name ?? '' });
      const isOver = absence.to <= localMinute(now, office.timeZone);
      return visit.show(
        { title },
        <>
          <BackLink href={`${base}/board`}>{t('board.title')}</BackLink>
          <h1>{title}</h1>
          {c.req.query('done') === 'back' ? <Notice kind="good">{t('away.isBack')}</Notice> : null}
          <p class="lead">{formatAway(visit, absence)}</p>
          {absence.why ? <p>{absence.why}</p> : null}
          <h2>{t('away.done')}</h2>
          {settled.length === 0 ? <p>{t('away.nobody')}</p> : null}
          <ul class="unmarked">
            {settled.map((each) => (
              <Outcome key={each.appointment.id} visit={visit} settled={each} />
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
      await deps.coordination.comeBack(viewer, office, id);
      // An absence that hadn't begun is removed completely.
      const isGone = from >= localMinute(visit.now, office.timeZone);
      return visit.redirect(isGone ? `${base}/board` : `${base}/desk-away/${id}?done=back`);
    },
  };
}

function Outcome({ visit, settled }: { visit: DeskVisit; settled: Settled }) {
  const { t, dates, base, office } = visit;
  const { id, start, citizen, displacedAt, status } = settled.appointment;
  const isLost = settled.outcome === 'displaced';
  const isOpen = isLost && displacedAt !== null && status === 'booked';
  return (
    <li>
      <Tag kind={isOpen ? 'warn' : 'good'}>
        {settled.outcome === 'reassigned'
          ? (office.desk(settled.desk)?.name ?? '')
          : t(isOpen ? 'away.waits' : 'away.answered')}
      </Tag>{' '}
      <span class="figures">
        {dates.briefDay(start)} {dates.time(start)}
      </span>{' '}
      <a href={`${base}/appointment/${id}`}>{citizen.name}</a>
    </li>
  );
}

function BackForm({ visit, absence }: { visit: DeskVisit; absence: NotedAbsence }) {
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
