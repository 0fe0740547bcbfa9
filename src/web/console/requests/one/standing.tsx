import { needOf, type RequestStep } from '../../../../domain/requests/states.ts';
import { lapsesAfter, settingsOf } from '../../../../features/service/requests/service.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { SelectField } from '../../../../ui/forms.tsx';
import { Tag } from '../../../../ui/parts.tsx';
import { before } from '../../../words/labels.ts';
import { requestReasonText } from '../../../words/request-states.tsx';
import { dayIn, dueIn, teamName, whenIn } from '../../cases/words.ts';
import { Assignee } from '../../handling/assignee.tsx';
import type { RequestProps } from './request.tsx';

/** How a request stands to its term. */
export function RequestStanding({ visit, work }: RequestProps) {
  const { t } = visit;
  const { state, due, closedAt, reason, reopened } = work.row;
  const { text, kind } = dueIn(visit, due);
  const lapses = lapsesAfter(visit.office, work.row);
  return (
    <section aria-labelledby="standing">
      <h2 id="standing">{t('requestDesk.term')}</h2>
      {closedAt ? (
        <p>{t('caseDesk.closedAt', { when: whenIn(visit, closedAt) })}</p>
      ) : state === 'asked' ? (
        <p>
          {lapses
            ? t('requestDesk.lapses', { day: dayIn(visit, lapses) })
            : t('requestDesk.stands')}
        </p>
      ) : due ? (
        <p>
          {t('requestDesk.answerBy', { day: dayIn(visit, due) })}{' '}
          {kind ? <Tag kind={kind}>{text}</Tag> : <span class="soft">({text})</span>}
        </p>
      ) : (
        <p>{t('caseDesk.due.none')}</p>
      )}
      {reason ? (
        <p>{t('requestDesk.event.why', { why: requestReasonText(t, visit.office, reason) })}</p>
      ) : null}
      {reopened > 0 ? (
        <p class="small soft">{t('requestDesk.reopened', { count: reopened })}</p>
      ) : null}
    </section>
  );
}

/** Who handles it, and its team: to take it, to give it back, to give it on. */
export function RequestAssignee(props: RequestProps) {
  const { visit, work, at, people } = props;
  const { assignee, closedAt, version } = work.row;
  return (
    <Assignee
      visit={visit}
      at={at}
      seen={version}
      words="requestDesk"
      assignee={assignee}
      name={assignee === null ? undefined : work.names.get(assignee)}
      isOpen={closedAt === null && work.mayHandle}
      people={people}
    >
      <TeamOfRequest {...props} />
    </Assignee>
  );
}

/** The team that has it, and a way to give it to another one, or back to whoever coordinates, with why. */
function TeamOfRequest({ visit, work, at }: RequestProps) {
  const { t, office } = visit;
  const { teams } = office.settings;
  const { team, closedAt, version } = work.row;
  const reasons = settingsOf(office)?.reasons ?? [];
  const name = (team && (teamName(visit, team) || team)) || t('requestDesk.noTeam');
  return (
    <>
      <p class="small soft">
        {before(t('team.label'))}
        {name}
      </p>
      {closedAt === null && work.mayHandle && teams.length > 0 ? (
        <form method="post" action={`${at}/team`} class="case-give stack">
          <input type="hidden" name="seen" value={version} />
          <SelectField name="team" label={t('requestDesk.route')}>
            {teams
              .filter(({ code }) => code !== team)
              .map((each) => (
                <option key={each.code} value={each.code}>
                  {textIn(each.name, t.language)}
                </option>
              ))}
            {team === null ? null : <option value="">{t('requestDesk.route.back')}</option>}
          </SelectField>
          <SelectField name="reason" label={t('requestDesk.reason')}>
            <option value="">{t('requestDesk.reason.none')}</option>
            {reasons.map((each) => (
              <option key={each.code} value={each.code}>
                {textIn(each.name, t.language)}
              </option>
            ))}
          </SelectField>
          <button type="submit" class="button quiet small">
            {t('requestDesk.route.do')}
          </button>
        </form>
      ) : null}
    </>
  );
}

/** The steps that have words, a reason or another request with them: each has a page. */
const hasPage = (step: RequestStep): boolean => needOf(step) !== null;

/** The next steps, at the bottom of the screen. */
export function RequestSteps({ visit, work, at }: RequestProps) {
  const { t } = visit;
  const { steps, row } = work;
  if (steps.length === 0)
    return (
      <div class="case-bar" id="action" tabIndex={-1}>
        <p class="soft">{t(work.mayHandle ? 'caseDesk.noSteps' : 'requestDesk.onlyLook')}</p>
      </div>
    );
  const first = steps.includes('answer') ? 'answer' : steps[0];
  return (
    <div class="case-bar" id="action" tabIndex={-1}>
      <fieldset class="case-steps">
        <legend>{t('caseDesk.steps')}</legend>
        <div class="row">
          {steps.map((step) =>
            hasPage(step) ? (
              <a
                key={step}
                href={`${at}/step?${new URLSearchParams({ step })}`}
                class={step === first ? 'button' : 'button quiet'}
              >
                {t(`requestDesk.step.${step}`)}
              </a>
            ) : (
              <form key={step} method="post" action={`${at}/step`}>
                <input type="hidden" name="seen" value={row.version} />
                <button
                  type="submit"
                  class={step === first ? 'button' : 'button quiet'}
                  name="step"
                  value={step}
                >
                  {t(`requestDesk.step.${step}`)}
                </button>
              </form>
            ),
          )}
        </div>
      </fieldset>
    </div>
  );
}
