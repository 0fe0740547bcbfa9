import { addressOf } from '../../../features/foundation/notices/rules.ts';
import { mayChangeRota } from '../../../features/service/rota/rules.ts';
import type { RotaPlan } from '../../../features/service/rota/service.ts';
import type { Affected, RotaEdit } from '../../../features/service/rota/types.ts';
import { BackLink, ErrorSummary, type ProblemLink, Tag } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { AbsenceSpan, absenceOf } from '../rota/absence.tsx';
import { problemsOf, type Typed, typedOf } from '../rota/edit.tsx';
import { formatHours } from '../rota/words.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { procedureName } from '../words.ts';
import { untilOf } from './away-form.ts';

type CloseEdit = Extract<RotaEdit, { kind: 'close' }>;

/** `…/close`: the hours in which the whole office is closed; then the consequences; then the action. */
export function closePage(deps: StaffDeps) {
  const showForm = (visit: DeskVisit, typed: Typed, problems: ProblemLink[] = []) => {
    const { t, base } = visit;
    const wrong = (field: string) => problems.find((each) => each.href === `#${field}`)?.text;
    return visit.show(
      {
        title: t('freeNow.close.title'),
        hasErrors: problems.length > 0,
        ...(problems.length > 0 && { status: 422 }),
      },
      <>
        <BackLink href={`${base}/board`}>{t('board.title')}</BackLink>
        <ErrorSummary title={t('staff.error.title')} problems={problems} />
        <h1>{t('freeNow.close.title')}</h1>
        <p class="lead">{t('freeNow.close.lead')}</p>
        <form method="post" class="form" novalidate>
          <AbsenceSpan visit={visit} typed={typed} wrong={wrong} />
          <p>
            <button type="submit" class="button">
              {t('away.look')}
            </button>
          </p>
        </form>
      </>,
    );
  };

  return {
    get: (visit: DeskVisit) =>
      mayChangeRota(visit.viewer) ? showForm(visit, typedOf(untilOf(visit))) : visit.c.notFound(),

    post: async (visit: DeskVisit) => {
      const { c, t, viewer, office, base } = visit;
      if (!mayChangeRota(viewer)) return c.notFound();
      const form = await readForm(c);
      if (form.text('step') === 'back') return showForm(visit, form);
      const { from, to, why } = absenceOf(form);
      const edit: CloseEdit = { kind: 'close', from, to, why };
      const digest = form.text('digest');
      const result =
        digest === ''
          ? await deps.rota.plan(viewer, office, edit)
          : await deps.rota.save(viewer, office, edit, { digest, resolutions: new Map() });
      if (result.ok)
        return 'plan' in result
          ? showPlan(visit, edit, result.plan)
          : visit.redirect(`${base}/closing/${result.change}`);
      switch (result.reason) {
        case 'not_allowed':
          return c.notFound();
        case 'mistakes':
          return showForm(visit, form, problemsOf(visit, 'absence', result.mistakes));
        case 'changed':
          return showPlan(visit, edit, result.plan, t('away.changed'));
      }
    },
  };
}

/** Who is told how. */
const WAYS = ['email', 'sms', 'nobody'] as const;
const wayOf = ({ appointment }: Affected) => addressOf(appointment.citizen)?.channel ?? 'nobody';

/** Shows who loses their hour, who is here already, and how each is told, in advance. */
function showPlan(
  visit: DeskVisit,
  edit: CloseEdit,
  { affected, digest, isNothing }: RotaPlan,
  changed?: string,
): Response {
  const { t, base } = visit;
  const isHere = ({ appointment }: Affected) => appointment.status === 'arrived';
  return visit.show(
    { title: t('freeNow.close.plan'), ...(changed && { status: 409 }) },
    <>
      <BackLink href={`${base}/board`}>{t('board.title')}</BackLink>
      {changed ? (
        <ErrorSummary
          title={t('staff.error.title')}
          problems={[{ href: '#plan', text: changed }]}
        />
      ) : null}
      <h1 id="plan">{t('freeNow.close.plan')}</h1>
      <p class="lead">{formatHours(visit, edit)}</p>
      <Consequences visit={visit} affected={affected} />
      <People visit={visit} title={t('freeNow.close.here')} some={affected.filter(isHere)} />
      <People
        visit={visit}
        title={t('freeNow.close.ring')}
        some={affected.filter((each) => wayOf(each) === 'nobody' && !isHere(each))}
      />
      <People
        visit={visit}
        title={t('freeNow.close.others')}
        some={affected.filter((each) => wayOf(each) !== 'nobody' && !isHere(each))}
      />
      {isNothing ? (
        <p>{t('freeNow.close.already')}</p>
      ) : (
        <form method="post" class="row">
          {(['from', 'to', 'why'] as const).map((each) => (
            <input key={each} type="hidden" name={each} value={edit[each]} />
          ))}
          <input type="hidden" name="digest" value={digest} />
          <button type="submit" class="button grave">
            {t('freeNow.close.submit')}
          </button>
          <button type="submit" name="step" value="back" class="button quiet">
            {t('away.change')}
          </button>
        </form>
      )}
    </>,
  );
}

function Consequences({
  visit: { t },
  affected,
}: Pick<RotaPlan, 'affected'> & { visit: DeskVisit }) {
  const byWay = Map.groupBy(affected, wayOf);
  return (
    <ul>
      <li>{t('freeNow.close.bookings')}</li>
      <li>{t('freeNow.close.running')}</li>
      <li>{t('freeNow.close.lose', { count: affected.length })}</li>
      {WAYS.flatMap((way) => {
        const count = byWay.get(way)?.length ?? 0;
        return count > 0 ? [<li key={way}>{t(`freeNow.close.told.${way}`, { count })}</li>] : [];
      })}
      <li>{t('freeNow.close.undo')}</li>
    </ul>
  );
}

function People(props: { visit: DeskVisit; title: string; some: readonly Affected[] }) {
  const { visit, title, some } = props;
  const { dates, t, office } = visit;
  if (some.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <ul class="unmarked">
        {some.map(({ appointment: { id, start, citizen, procedure, status } }) => (
          <li key={id}>
            <span class="figures">
              {dates.briefDay(start)} {dates.time(start)}
            </span>{' '}
            <strong>{citizen.name}</strong> · {procedureName(t, office, procedure)}
            {citizen.phone ? <span class="figures"> · {citizen.phone}</span> : null}
            {status === 'arrived' ? (
              <>
                {' '}
                <Tag kind="now">{t('staff.status.arrived')}</Tag>
              </>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  );
}
