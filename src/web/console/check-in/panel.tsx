import {
  arrivedAt,
  canArrive,
  canMiss,
  checkInStands,
} from '../../../features/service/check-in/rules.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { Mark } from '../../../ui/mark.tsx';
import { Key } from '../key.tsx';
import type { DeskVisit } from '../visit.tsx';
import { ArrivedSince } from './marks.tsx';

/**
 * Before somebody who comes to the site is served: whether they are there, and calling them to the desk. Long before the hour the call is a
 * quiet button without a key, since a slip would begin the encounter.
 */
export function CounterPanel(props: {
  visit: DeskVisit;
  dossier: Dossier;
  children?: preact.ComponentChildren;
}) {
  const { visit, dossier, children } = props;
  const { t, base, office, now, viewer } = visit;
  const { appointment, events } = dossier;
  const since = appointment.status === 'arrived' ? arrivedAt(events) : null;
  const stands = checkInStands(appointment, now);
  const desk = office.desk(viewer.desk ?? appointment.desk)?.name ?? '';
  const at = `${base}/appointment/${appointment.id}`;
  const deed = (path: string, text: string) => (
    <form method="post" action={`${at}/${path}`}>
      <button type="submit" class="button quiet">
        {text}
      </button>
    </form>
  );
  return (
    <>
      <h2>{t('checkIn.desk.title')}</h2>
      <p class="lit-title">
        <Mark lit={since !== null} />{' '}
        {since ? <ArrivedSince visit={visit} at={since} /> : t('checkIn.desk.away')}
      </p>
      <div class="row">
        {canArrive(stands) ? deed('arrived', t('checkIn.desk.mark')) : null}
        {since ? deed('not-arrived', t('checkIn.desk.unmark')) : null}
        {canMiss(appointment, now) ? deed('missed', t('checkIn.desk.missed')) : null}
        {stands === 'early' ? deed('start', t('checkIn.desk.call', { desk })) : null}
      </div>
      {children}
      {stands === 'early' ? null : (
        <form method="post" action={`${at}/start`} class="action">
          <button type="submit" class="button" id="action" data-action="begin">
            {t('checkIn.desk.call', { desk })} <Key action="begin" />
          </button>
        </form>
      )}
    </>
  );
}
