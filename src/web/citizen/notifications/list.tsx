import { isWaiting } from '../../../domain/notification.ts';
import { dayText } from '../../../features/service/notifications/service.ts';
import type { OwnNotification } from '../../../features/service/notifications/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { BackLink, Notice, Say } from '../../../ui/parts.tsx';
import { ActingFor, type Offices, officesOf, placeOf } from '../folder/parts.tsx';
import type { CitizenDeps, PersonVisit } from '../visit.tsx';
import { openedFor, openerIn } from './opener.ts';
import { oneAt } from './urls.ts';
import { waitingText } from './words.ts';

/** `/{language}/folder/notifications`: what waits to be opened and until which day, and what was notified before. */
export function listPage(deps: CitizenDeps) {
  return async (visit: PersonVisit): Promise<Response> => {
    const { t, to, viewer } = visit;
    const { shown: all, more } = await deps.notifications.own(openerIn(visit));
    const offices = await officesOf(deps, all);
    const waiting = all.filter(({ state }) => isWaiting(state));
    const before = all.filter(({ state }) => !isWaiting(state));
    const choice = await deps.notifications.choice(viewer);
    const isElsewhere = (await deps.notifications.place()) !== null;
    const title = t('notification.title');
    return visit.show(
      { title, isPersonal: true },
      <>
        <BackLink href={to.folder()}>{t('folder.title')}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t(isElsewhere ? 'notification.enotum.lead' : 'notification.lead')}</p>
        <ActingFor visit={visit} />
        {visit.acting?.isValid && visit.acting.opens ? (
          <p class="note">
            {t('notification.acting', { name: visit.acting.name || t('representation.somebody') })}
          </p>
        ) : null}
        <p>
          {visit.acting ? t('notification.choice.own') : null}{' '}
          {choiceText(choice?.electronic ?? false, isElsewhere, t)}{' '}
          <a href={to.folder('notifications/choice')}>{t('notification.choice.change')}</a>
        </p>
        {all.length === 0 ? <p>{t('notification.none')}</p> : null}
        <Part visit={visit} offices={offices} which="waiting" of={waiting} />
        <Part visit={visit} offices={offices} which="before" of={before} />
        {more > 0 ? <p>{t('notification.more', { count: more })}</p> : null}
      </>,
    );
  };
}

/** Returns how somebody is notified from now on. */
function choiceText(isElectronic: boolean, isElsewhere: boolean, t: Translate): string {
  if (!isElectronic) return t('notification.choice.now.paper');
  return t(isElsewhere ? 'notification.enotum.choice.now' : 'notification.choice.now.electronic');
}

function Part(props: {
  visit: PersonVisit;
  offices: Offices;
  which: 'waiting' | 'before';
  of: readonly OwnNotification[];
}) {
  const { visit, offices, which, of } = props;
  if (of.length === 0) return null;
  return (
    <section class="stack" aria-labelledby={which}>
      <h2 id={which}>{visit.t(`notification.list.${which}`)}</h2>
      <ul class="sent">
        {of.map((each) => (
          <li key={each.id}>
            <Entry visit={visit} offices={offices} of={each} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Entry(props: { visit: PersonVisit; offices: Offices; of: OwnNotification }) {
  const { visit, offices, of } = props;
  const { t, to } = visit;
  const { office, dates } = placeOf(visit, offices, of.office);
  const name = openedFor(visit, of);
  return (
    <>
      <p>
        <a href={oneAt(to, of.id)}>
          <Say of={office.procedure(of.procedure)?.name} t={t} />
        </a>
      </p>
      <p class="soft">
        <Say of={office.name} t={t} />. <span class="figures">{of.reference}</span>
      </p>
      {name ? <p class="soft">{t('notification.for', { name })}</p> : null}
      {isWaiting(of.state) ? (
        <p>{waitingText(of, t, dates)}</p>
      ) : (
        <p>
          {t(`notification.state.${of.state}`)}.{' '}
          {of.notifiedOn ? t('notification.on', { day: dayText(dates, of.notifiedOn) }) : null}
        </p>
      )}
    </>
  );
}

/** That something waits to be opened, on the first page of the folder. */
export function ToOpen({ visit, count }: { visit: PersonVisit; count: number }) {
  const { t, to } = visit;
  if (count === 0) return null;
  return (
    <Notice kind="warn">
      <p>
        <a href={to.folder('notifications')}>{t('notification.waiting', { count })}</a>
      </p>
    </Notice>
  );
}

/** Returns how many notifications wait to be opened. */
export const countWaiting = async (
  { notifications }: Pick<CitizenDeps, 'notifications'>,
  visit: PersonVisit,
): Promise<number> =>
  (await notifications.own(openerIn(visit))).shown.filter(({ state }) => isWaiting(state)).length;
