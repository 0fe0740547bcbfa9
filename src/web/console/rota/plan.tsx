import type { RotaPlan } from '../../../features/service/rota/service.ts';
import type { Affected, Resolution } from '../../../features/service/rota/types.ts';
import { ErrorSummary, Notice } from '../../../ui/parts.tsx';
import type { Form } from '../../form.ts';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit } from '../visit.tsx';
import { procedureName } from '../words.ts';
import { DayWords, formatBriefDay } from './words.tsx';

/** The maximum number of listed days; for more the page shows their number. */
const MOST_DAYS = 30;
const FATE = 'fate-';

/** Returns the decision for each appointment. */
export function readResolutions(form: Form): Map<string, Resolution> {
  const decided = form.fields().flatMap(([name, value]): [string, Resolution][] => {
    if (!name.startsWith(FATE)) return [];
    const resolution = value === 'offer' || value === 'leave' ? value : Number(value);
    return [[name.slice(FATE.length), resolution]];
  });
  return new Map(decided);
}

/** The data of the page beside the plan. */
interface Shown {
  title: string;
  form: Form;
  warnings: readonly string[];
}

/** Shows the consequences in advance. */
export function showPlan(
  visit: DeskVisit,
  { title, form, warnings }: Shown,
  plan: RotaPlan,
  changed?: string,
): Response {
  const { t } = visit;
  const { differences, isNothing } = plan;
  return visit.show(
    { title: t('rota.plan', { what: title }), ...(changed && { status: 409, hasErrors: true }) },
    <div class="rota-plan">
      {changed ? (
        <ErrorSummary
          title={t('staff.error.title')}
          problems={[{ href: '#plan', text: changed }]}
        />
      ) : null}
      <h1 id="plan">{t('rota.plan', { what: title })}</h1>
      {warnings.map((each) => (
        <Notice key={each} kind="warn">
          {each}
        </Notice>
      ))}
      {isNothing ? <Notice>{t('rota.noChange')}</Notice> : null}
      {differences.length > 0 ? <Days visit={visit} plan={plan} /> : null}
      <PlanForm visit={visit} form={form} plan={plan} />
    </div>,
  );
}

/** The decision for each affected appointment, and the buttons. */
function PlanForm({ visit, form, plan }: { visit: DeskVisit; form: Form; plan: RotaPlan }) {
  const { t } = visit;
  const { affected, isNothing, digest } = plan;
  const kept = form
    .fields()
    .filter(([name]) => name !== 'digest' && name !== 'step' && !name.startsWith(FATE));
  const decided = readResolutions(form);
  return (
    <form method="post" class="form">
      {kept.map(([name, value], nth) => (
        <input key={nth} type="hidden" name={name} value={value} />
      ))}
      <input type="hidden" name="digest" value={digest} />
      {affected.length > 0 ? (
        <>
          <h2>{t('rota.affected', { count: affected.length })}</h2>
          <p class="soft">{t('rota.affectedText')}</p>
          {affected.map((each) => (
            <Choice
              key={each.appointment.id}
              visit={visit}
              affected={each}
              decided={decided.get(each.appointment.id)}
            />
          ))}
        </>
      ) : isNothing ? null : (
        <p>{t('away.nobody')}</p>
      )}
      <p class="row">
        {isNothing ? null : (
          <button type="submit" class="button">
            {t(affected.length > 0 ? 'rota.saveAll' : 'rota.save')}
          </button>
        )}
        <button type="submit" name="step" value="back" class="button quiet">
          {t('away.change')}
        </button>
      </p>
    </form>
  );
}

function Days({ visit, plan: { differences } }: { visit: DeskVisit; plan: RotaPlan }) {
  const { t } = visit;
  const shown = differences.slice(0, MOST_DAYS);
  return (
    <>
      <div class="scroll">
        <table class="table">
          <caption>{t('rota.changes')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('rota.deskAndDay')}</th>
              <th scope="col">{t('rota.was')}</th>
              <th scope="col">{t('rota.willBe')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ desk, before, after }) => (
              <tr key={`${desk} ${after.day}`}>
                <th scope="row">
                  {formatDesk(visit, desk)}
                  <div class="soft">{formatBriefDay(visit, after.day)}</div>
                </th>
                <td>
                  <DayWords visit={visit} day={before} />
                </td>
                <td>
                  <DayWords visit={visit} day={after} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {differences.length > shown.length ? (
        <p class="soft">{t('rota.more', { count: differences.length - shown.length })}</p>
      ) : null}
    </>
  );
}

/** The choice for one appointment: the same hour at another desk, another hour, or no change. */
function Choice(props: { visit: DeskVisit; affected: Affected; decided: Resolution | undefined }) {
  const { visit, affected, decided } = props;
  const { t, dates, office } = visit;
  const { appointment, to } = affected;
  const { id, reference, start, procedure, desk } = appointment;
  const name = `${FATE}${id}`;
  const known = decided === 'offer' || decided === 'leave' ? decided : null;
  const chosen = known ?? (to === null ? 'offer' : 'desk');
  const option = (value: string, key: string, words: string) => (
    <div class="choice">
      <input
        type="radio"
        id={`${name}-${key}`}
        name={name}
        value={value}
        checked={chosen === key}
      />
      <label for={`${name}-${key}`}>{words}</label>
    </div>
  );
  return (
    <fieldset>
      <legend class="legend">
        <span class="figures">
          {dates.briefDay(start)} {dates.time(start)}
        </span>{' '}
        · {procedureName(t, office, procedure)} · <span class="figures">{reference}</span>
      </legend>
      <div class="choices">
        {to === null ? (
          <p class="soft">{t('rota.noDesk')}</p>
        ) : (
          option(`${to}`, 'desk', t('rota.resolution.desk', { desk: formatDesk(visit, to) }))
        )}
        {option('offer', 'offer', t('rota.resolution.offer'))}
        {option('leave', 'leave', t('rota.resolution.leave', { desk: formatDesk(visit, desk) }))}
      </div>
    </fieldset>
  );
}
