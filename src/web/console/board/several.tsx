import type { Appointment } from '../../../domain/appointment.ts';
import { mayCoordinate } from '../../../features/service/coordination/rules.ts';
import type {
  SeveralAction,
  SeveralOutcome,
} from '../../../features/service/coordination/service.ts';
import { LONGEST } from '../../../features/service/encounter/rules.ts';
import { TextArea } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice, Tag } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { readChosen } from './column.tsx';

const ACTIONS = ['reassign', 'displace', 'cancel'] as const;
type Kind = (typeof ACTIONS)[number];

/**
 * `…/board/several`: one action on all ticked appointments; a confirmation, then the action, with a
 * notice to each citizen.
 */
export function severalPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { c, t, viewer, office, base } = visit;
    if (!mayCoordinate(viewer)) return c.notFound();
    const form = await readForm(c);
    const values = form.all('one').slice(0, 200);
    const chosen = values.flatMap((each) => readChosen(each) ?? []);
    const kind = ACTIONS.find((each) => each === form.text('action'));
    const day = /^\d{4}-\d{2}-\d{2}$/.test(form.text('day')) ? form.text('day') : '';
    const back = `${base}/board${day ? `?day=${day}&choose=1` : ''}`;
    if (!kind || chosen.length === 0)
      return visit.show(
        { title: t('several.choose'), status: 422, hasErrors: true },
        <>
          <BackLink href={back}>{t('board.title')}</BackLink>
          <h1>{t('several.choose')}</h1>
          <Notice kind="warn">{t('several.nobody')}</Notice>
        </>,
      );
    const asked = { kind, day, back, values, form };
    if (form.text('confirmed') !== 'yes') {
      const ids = chosen.map((each) => each.id);
      return ask(visit, asked, await deps.coordination.chosen(viewer, office, ids));
    }
    const action = actionOf(visit, kind, form);
    if ('wrong' in action) {
      const ids = chosen.map((each) => each.id);
      const found = await deps.coordination.chosen(viewer, office, ids);
      return ask(visit, asked, found, action.wrong);
    }
    const outcomes = await deps.coordination.doSeveral(viewer, office, chosen, action);
    return outcomes ? showOutcomes(visit, asked, outcomes) : c.notFound();
  };
}

interface Asked {
  kind: Kind;
  day: string;
  back: string;
  values: readonly string[];
  form: Form;
}

function actionOf(
  { t, office }: DeskVisit,
  kind: Kind,
  form: Form,
): SeveralAction | { wrong: string } {
  if (kind === 'displace') return { kind };
  if (kind === 'reassign') {
    const asked = form.text('desk');
    const desk = office.desks.find((each) => `${each.id}` === asked);
    return asked === '' ? { kind, desk: null } : { kind, desk: desk?.id ?? 0 };
  }
  const reason = form.lines('reason');
  if (reason === '') return { wrong: t('staff.cancel.missing') };
  return reason.length > LONGEST.note ? { wrong: t('staff.wrong.too_long') } : { kind, reason };
}

function ask(visit: DeskVisit, asked: Asked, found: readonly Appointment[], wrong?: string) {
  const { t, dates } = visit;
  const { kind, values, form, day, back } = asked;
  const title = t(`several.title.${kind}`, { count: found.length });
  return visit.show(
    { title, hasErrors: wrong !== undefined, ...(wrong !== undefined && { status: 422 }) },
    <>
      <BackLink href={back}>{t('board.title')}</BackLink>
      {wrong === undefined ? null : (
        <ErrorSummary
          title={t('staff.error.title')}
          problems={[{ href: '#reason', text: wrong }]}
        />
      )}
      <h1>{title}</h1>
      <p class="lead">{t(`several.text.${kind}`)}</p>
      <ul class="unmarked">
        {found.map((each) => (
          <li key={each.id}>
            <span class="figures">{dates.time(each.start)}</span>{' '}
            <strong>{each.citizen.name}</strong> · {formatDesk(visit, each.desk)}
          </li>
        ))}
      </ul>
      <form method="post" class="form" novalidate>
        <input type="hidden" name="action" value={kind} />
        <input type="hidden" name="confirmed" value="yes" />
        <input type="hidden" name="day" value={day} />
        {values.map((each) => (
          <input key={each} type="hidden" name="one" value={each} />
        ))}
        {kind === 'cancel' ? (
          <TextArea
            name="reason"
            label={t('staff.cancel.reason')}
            hint={t('staff.cancel.hint')}
            error={wrong}
            value={form.text('reason')}
          />
        ) : null}
        {kind === 'reassign' ? <DeskSelect visit={visit} /> : null}
        <p class="row">
          <button type="submit" class={kind === 'reassign' ? 'button' : 'button grave'}>
            {t(`several.submit.${kind}`)}
          </button>
          <a class="button quiet" href={back}>
            {t('board.back')}
          </a>
        </p>
      </form>
    </>,
  );
}

/** The desk for all of them; empty: the rules choose one for each. */
function DeskSelect({ visit }: { visit: DeskVisit }) {
  const { t, office } = visit;
  return (
    <div class="field">
      <label for="desk">{t('several.toDesk')}</label>
      <select id="desk" name="desk">
        <option value="">{t('several.byRule')}</option>
        {office.desks.map((each) => (
          <option key={each.id} value={each.id}>
            {formatDesk(visit, each.id)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Shows the results one by one; a failed one has its reason and is unchanged. */
function showOutcomes(visit: DeskVisit, { kind, day }: Asked, outcomes: readonly SeveralOutcome[]) {
  const { t, dates, base } = visit;
  const done = outcomes.filter((each) => each.ok).length;
  const title = t('several.done', { done, all: outcomes.length });
  return visit.show(
    { title },
    <>
      <BackLink href={`${base}/board${day ? `?day=${day}` : ''}`}>{t('board.title')}</BackLink>
      <h1>{title}</h1>
      <ul class="unmarked">
        {outcomes.map((each) => (
          <li key={each.appointment.id}>
            <Tag kind={each.ok ? 'good' : 'bad'}>
              {each.ok
                ? each.desk === undefined
                  ? t(`several.did.${kind === 'cancel' ? 'cancel' : 'displace'}`)
                  : formatDesk(visit, each.desk)
                : t(`several.why.${each.why}`)}
            </Tag>{' '}
            <span class="figures">{dates.time(each.appointment.start)}</span>{' '}
            <a href={`${base}/appointment/${each.appointment.id}`}>
              {each.appointment.citizen.name}
            </a>
          </li>
        ))}
      </ul>
    </>,
  );
}
