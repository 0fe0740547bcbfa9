import { isEnough } from '../../../domain/identity.ts';
import { CHOOSE_LEVEL } from '../../../features/service/notifications/rules.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { Radios } from '../../../ui/forms.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { worksHere } from '../by-staff.ts';
import { problem } from '../problem.tsx';
import { formPage, Problems } from '../shared.tsx';
import type { CitizenDeps, PersonVisit } from '../visit.tsx';

const WAYS = ['electronic', 'paper'] as const;

/** `/{language}/folder/notifications/choice`: how a person is notified from now on. */
export function choicePage(deps: CitizenDeps) {
  return {
    get: async (visit: PersonVisit): Promise<Response> => {
      const choice = await deps.notifications.choice(visit.viewer);
      return show(deps, visit, choice?.electronic ? 'electronic' : 'paper');
    },

    post: async (visit: PersonVisit): Promise<Response> => {
      const { c, t, to, viewer } = visit;
      // Nobody of the office chooses for somebody who identified on their computer.
      if (await worksHere(deps, c)) return problem(visit, 'staff_here');
      const way = (await readForm(c)).text('way');
      if (!WAYS.some((each) => each === way))
        return show(deps, visit, '', t('notification.choice.missing'));
      const done = await deps.notifications.choose(viewer, way === 'electronic');
      if (!done.ok) return show(deps, visit, way);
      return visit.redirect(`${to.folder('notifications/choice')}?done`);
    },
  };
}

async function show(
  deps: CitizenDeps,
  visit: PersonVisit,
  value: string,
  mistake?: string,
): Promise<Response> {
  const isElsewhere = (await deps.notifications.place()) !== null;
  const { c, t, to, viewer } = visit;
  const title = t('notification.choice.title');
  const problems = mistake ? [{ href: '#way', text: mistake }] : [];
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={to.folder('notifications')}>{t('notification.title')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      {c.req.query('done') === undefined || mistake ? null : (
        <div role="status">
          <Notice kind="good">
            <p>{t('notification.choice.saved')}</p>
          </Notice>
        </div>
      )}
      <p class="lead">{t('notification.choice.lead')}</p>
      {isEnough(viewer.level, CHOOSE_LEVEL) ? (
        <Ways visit={visit} value={value} mistake={mistake} isElsewhere={isElsewhere} />
      ) : (
        <Level visit={visit} />
      )}
    </>,
  );
}

/** That somebody must identify at a higher level to change it. */
function Level({ visit: { t, to } }: { visit: PersonVisit }) {
  const next = to.folder('notifications/choice');
  return (
    <Notice kind="warn">
      <p>{t('notification.choice.level', { level: t(`identify.level.${CHOOSE_LEVEL}`) })}</p>
      <p>
        <ButtonLink href={to.identify({ next, level: CHOOSE_LEVEL })}>
          {t('notification.level.link')}
        </ButtonLink>
      </p>
    </Notice>
  );
}

function Ways(props: {
  visit: PersonVisit;
  value: string;
  mistake: string | undefined;
  isElsewhere: boolean;
}) {
  const { visit, value, mistake, isElsewhere } = props;
  const { t, to } = visit;
  return (
    <form class="form" action={to.folder('notifications/choice')} method="post">
      <Radios
        name="way"
        label={t('notification.choice.label')}
        value={value}
        error={mistake}
        options={WAYS.map((each) => {
          const key =
            each === 'electronic' && isElsewhere ? 'enotum.choice' : (`choice.${each}` as const);
          return {
            value: each,
            label: t(`notification.${key}`),
            hint: t(`notification.${key}.hint`),
          };
        })}
      />
      <p class="soft">{t('notification.choice.told')}</p>
      <p class="soft">
        {t(isElsewhere ? 'notification.enotum.choice.company' : 'notification.choice.company')}
      </p>
      <Button>{t('notification.choice.save')}</Button>
    </form>
  );
}
