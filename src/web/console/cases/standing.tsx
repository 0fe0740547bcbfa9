import { AMENDING } from '../../../features/service/cases/rules.ts';
import { type DeskStep, mayGive } from '../../../features/service/cases/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { SelectField } from '../../../ui/forms.tsx';
import { Tag } from '../../../ui/parts.tsx';
import { before } from '../../words/labels.ts';
import { stateName } from '../../words/states.ts';
import { Assignee } from '../handling/assignee.tsx';
import type { Person } from '../handling/people.ts';
import { Key } from '../key.tsx';
import type { CaseProps } from './case.tsx';
import { whyNotWriteHere } from './obstacles.ts';
import { dayIn, dueIn, teamName, whenIn } from './words.ts';

/** How a case stands: its terms, and what silence means. */
export function Standing({ visit, work }: CaseProps) {
  const { t } = visit;
  const { opened, form } = work;
  const { state, stateDue, decideBy, closedAt, atOnce } = opened.case;
  const silence = form.form.decision?.silence;
  const due = (day: Temporal.PlainDate) => {
    const { text, kind } = dueIn(visit, day);
    return kind ? <Tag kind={kind}>{text}</Tag> : <span class="soft">({text})</span>;
  };
  return (
    <section aria-labelledby="standing">
      <h2 id="standing">{t('caseDesk.standing')}</h2>
      {closedAt ? <p>{t('caseDesk.closedAt', { when: whenIn(visit, closedAt) })}</p> : null}
      {stateDue ? (
        <p>
          {t(state === AMENDING ? 'caseDesk.amendBy' : 'caseDesk.stateDue', {
            day: dayIn(visit, stateDue),
          })}{' '}
          {due(stateDue)}
        </p>
      ) : null}
      {decideBy ? (
        <p>
          {t('caseDesk.decideBy', { day: dayIn(visit, decideBy) })} {due(decideBy)}
        </p>
      ) : null}
      {state === AMENDING && silence ? <p class="small soft">{t('caseDesk.suspended')}</p> : null}
      {silence && !closedAt ? (
        <p class="small soft">
          {t(work.isGranted ? 'caseDesk.silence.passed' : `caseDesk.silence.${silence}`)}
        </p>
      ) : null}
      {!closedAt && !stateDue && !decideBy ? <p>{t('caseDesk.due.none')}</p> : null}
      {atOnce === 'due' ? <p>{t('residence.desk.due')}</p> : null}
      {opened.obstacle ? (
        <p>
          {t('residence.desk.title')}. {t(`residence.obstacle.${opened.obstacle}`)}
        </p>
      ) : null}
    </section>
  );
}

/** Who handles a case, and its team. */
export function CaseAssignee(props: CaseProps & { people: readonly Person[] }) {
  const { visit, work, names, at, people } = props;
  const { assignee, closedAt } = work.opened.case;
  return (
    <Assignee
      visit={visit}
      at={at}
      seen={work.seen}
      words="caseDesk"
      assignee={assignee}
      name={assignee === null ? undefined : names.get(assignee)}
      isOpen={closedAt === null}
      people={people}
    >
      <TeamOfCase {...props} />
    </Assignee>
  );
}

/** The team to which a case came, and a way to give it to another one. An office without teams has neither. */
function TeamOfCase({ visit, work, at }: CaseProps) {
  const { t, viewer, office } = visit;
  const { teams } = office.settings;
  const { team, assignee, closedAt } = work.opened.case;
  if (teams.length === 0) return null;
  const name = (team && teamName(visit, team)) || t('team.office');
  const mayRoute = closedAt === null && (assignee === viewer.staff || mayGive(viewer));
  return (
    <>
      <p class="small soft">
        {before(t('team.label'))}
        {name}
      </p>
      {mayRoute ? (
        <form method="post" action={`${at}/team`} class="case-give">
          <input type="hidden" name="seen" value={work.seen} />
          <SelectField name="team" label={t('team.giveTo')}>
            {team === null ? null : <option value="">{t('team.office')}</option>}
            {teams
              .filter(({ code }) => code !== team)
              .map((each) => (
                <option key={each.code} value={each.code}>
                  {textIn(each.name, t.language)}
                </option>
              ))}
          </SelectField>
          <button type="submit" class="button quiet small">
            {t('team.give')}
          </button>
        </form>
      ) : null}
    </>
  );
}

/** The next steps, at the bottom of the screen, and the way to take the last one back. */
export function Steps(props: CaseProps) {
  const { visit, work, at } = props;
  const { t } = visit;
  const { steps, undo, seen, form } = work;
  const direct = steps.filter(({ how }) => how === 'step');
  const pages = steps.filter((step) => step.how !== 'step' && !whyNotWriteHere(props, step));
  const obstacles = new Set(steps.flatMap((step) => whyNotWriteHere(props, step) ?? []));
  const reasons = [...obstacles].map((each) => (
    <p key={each} class="soft">
      {t(`caseDesk.cannot.${each}`)}
    </p>
  ));
  if (direct.length + pages.length === 0 && !undo)
    return (
      <div class="case-bar" id="action" tabIndex={-1}>
        {reasons.length > 0 ? reasons : <p class="soft">{t('caseDesk.noSteps')}</p>}
      </div>
    );
  return (
    <div class="case-bar" id="action" tabIndex={-1}>
      {undo ? (
        <form method="post" action={`${at}/undo`} class="undo small">
          <input type="hidden" name="seen" value={seen} />
          <p>{t('caseDesk.undo.text', { to: stateName(undo.to, form.form, t) })}</p>
          <button type="submit" class="button quiet small" data-action="undo">
            {t('caseDesk.undo')} <Key action="undo" />
          </button>
        </form>
      ) : null}
      <fieldset class="case-steps">
        <legend>{t('caseDesk.steps')}</legend>
        <div class="row">
          {direct.map((step) => (
            <form key={step.to} method="post" action={`${at}/step`}>
              <input type="hidden" name="seen" value={seen} />
              <button type="submit" class="button" name="to" value={step.to}>
                {stepName(props, step)}
              </button>
            </form>
          ))}
          {pages.map((step, nth) => (
            <a
              key={step.to}
              href={pageOf(at, step)}
              class={nth === 0 && direct.length === 0 ? 'button' : 'button quiet'}
            >
              {stepName(props, step)}
            </a>
          ))}
        </div>
      </fieldset>
      {reasons}
    </div>
  );
}

const pageOf = (at: string, { to, how }: DeskStep): string => {
  if (how === 'amend') return `${at}/amend`;
  return `${at}/${how === 'decide' ? 'decide' : 'step'}?${new URLSearchParams({ to })}`;
};

/** Returns the words of a step's button. */
function stepName({ visit: { t }, work }: CaseProps, { to, how }: DeskStep): string {
  if (how === 'amend') return t('caseDesk.step.amend');
  if (to === 'granted') return t('caseDesk.step.granted');
  if (to === 'refused') return t('caseDesk.step.refused');
  if (to === 'in-review') return t('caseDesk.step.review');
  return t('caseDesk.step.other', { state: stateName(to, work.form.form, t) });
}
