import { ALERT_CHOICES, type AlertChoice } from '../../../features/foundation/preferences/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import type { SignedInVisit, StaffDeps } from '../visit.tsx';

/** The choices with a line of explanation. */
const HINTED = ['names', 'sound'] as const satisfies readonly AlertChoice[];
/** What this browser answers, beside `none`: it has no notifications, or not on this connection. */
const PERMISSIONS = ['default', 'granted', 'denied', 'none'] as const;

/** `/staff/alerts`: how this person is alerted while they work in another window. */
export function alertsPage(deps: StaffDeps) {
  return {
    get: show,
    post: async (visit: SignedInVisit) => {
      const form = await readForm(visit.c);
      const chosen = ALERT_CHOICES.filter((each) => form.has(each));
      await deps.preferences.chooseAlerts(visit.session.staff, chosen);
      return visit.redirect('/staff/alerts?done=1');
    },
  };
}

function show(visit: SignedInVisit) {
  const { t, c, preferences } = visit;
  return visit.show(
    { title: t('alerts.title') },
    <>
      <BackLink href="/console">{t('shortcuts.back')}</BackLink>
      {c.req.query('done') ? (
        <div role="status" id="done" tabIndex={-1} autofocus>
          <Notice kind="good">{t('alerts.done')}</Notice>
        </div>
      ) : null}
      <h1>{t('alerts.title')}</h1>
      <p>{t('alerts.lead')}</p>
      <form method="post" id="alerts-form" class="stack">
        {/* biome-ignore lint/a11y/useSemanticElements: the title of the page names it */}
        <div role="group" aria-label={t('alerts.title')}>
          {ALERT_CHOICES.map((each) => (
            <Choice key={each} t={t} of={each} isChosen={preferences.alerts.includes(each)} />
          ))}
        </div>
        <Permission t={t} />
        <p class="row">
          <Button>{t('alerts.save')}</Button>
          <span id="alerts-trial" hidden>
            <button type="button" class="button quiet" data-alerts="try">
              {t('alerts.try')}
            </button>
          </span>
        </p>
      </form>
    </>,
  );
}

function Choice({ t, of, isChosen }: { t: Translate; of: AlertChoice; isChosen: boolean }) {
  const hinted = HINTED.find((each) => each === of);
  const id = `alerts-${of}`;
  return (
    <>
      <div class="choice">
        <input
          type="checkbox"
          id={id}
          name={of}
          value="1"
          checked={isChosen}
          aria-describedby={hinted ? `${id}-hint` : undefined}
        />
        <label for={id}>{t(`alerts.choice.${of}`)}</label>
      </div>
      {hinted ? (
        <p class="choice-hint" id={`${id}-hint`}>
          {t(`alerts.hint.${hinted}`)}
        </p>
      ) : null}
    </>
  );
}

/** What this browser allows, which only the island can tell. */
function Permission({ t }: { t: Translate }) {
  return (
    <div id="alerts-permission" role="status" data-example={t('alerts.said.arrived')} hidden>
      {PERMISSIONS.map((each) => (
        <div key={each} data-permission={each} hidden>
          <Notice kind={each === 'granted' ? 'good' : each === 'default' ? 'plain' : 'warn'}>
            <p>{t(`alerts.browser.${each}`)}</p>
            {each === 'default' ? (
              <p>
                <button type="button" class="button quiet" data-alerts="ask">
                  {t('alerts.browser.ask')}
                </button>
              </p>
            ) : null}
          </Notice>
        </div>
      ))}
    </div>
  );
}
