import type { Appointment } from '../../../domain/appointment.ts';
import { isAtSite } from '../../../domain/channel.ts';
import { locationOf, siteOf } from '../../../domain/office/site.ts';
import type { Office } from '../../../domain/office/types.ts';
import {
  calledTo,
  canArrive,
  checkInStands,
  opensAt,
} from '../../../features/service/check-in/rules.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';
import { Notice, Say } from '../../../ui/parts.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

/** `…/check-in`: the citizen says that they are there. */
export const checkInPage =
  ({ checkIns }: CitizenDeps) =>
  async (visit: AppointmentVisit): Promise<Response> => {
    const { viewer, office, appointment, to, secret } = visit;
    const done = await checkIns.arrive(viewer, office.id, appointment.id);
    const here = to.appointment(secret);
    return visit.redirect(done.ok ? here : `${here}?not=here`);
  };

/** The words of the page about a visit to a site. `tag`: null where it is that of every channel. */
export interface Visiting {
  title: string;
  text: string;
  tag: { kind: 'now' | 'warn'; word: string } | null;
}

/** What the page says of a visit to a site while it is near; null: nothing of its own. */
export async function visitingOf(
  { appointments }: CitizenDeps,
  visit: AppointmentVisit,
): Promise<Visiting | null> {
  const { t, appointment, office, now } = visit;
  if (!isAtSite(appointment.channel)) return null;
  const stands = checkInStands(appointment, now);
  switch (stands) {
    case 'late':
    case 'past':
      return {
        title: t('checkIn.late.title'),
        text: t(`checkIn.${stands}.text`),
        tag: { kind: 'warn', word: t('checkIn.status.late') },
      };
    case 'arrived':
      return {
        title: t('checkIn.arrived.title'),
        text: t('checkIn.arrived.text'),
        tag: { kind: 'now', word: t('checkIn.status.arrived') },
      };
    case 'called': {
      const id = calledTo(await appointments.events(appointment)) ?? appointment.desk;
      return {
        title: t('checkIn.called.title', { desk: office.desk(id)?.name ?? '' }),
        text: t('checkIn.called.text'),
        tag: { kind: 'now', word: t('checkIn.status.called') },
      };
    }
    default:
      return null;
  }
}

/** From when the page speaks of arriving: days before, an hour without its day would mislead. */
const NEAR_HOURS = 12;

/** Saying that one is there, and what follows. The `check-in` island keeps it true; without it, one looks again. */
export function CheckInPanel({
  visit,
  visiting,
}: {
  visit: AppointmentVisit;
  visiting: Visiting | null;
}) {
  const { t, dates, appointment, now, to, secret, c } = visit;
  const stands = checkInStands(appointment, now);
  if (stands === 'over') return null;
  if (stands === 'early' && now.until(appointment.start).total('hours') > NEAR_HOURS) return null;
  return (
    <div id="check-in" class="stack no-print" role="status" data-stands={stands}>
      {visiting ? (
        <Notice kind={visiting.tag?.kind === 'warn' ? 'warn' : 'time'}>
          <p>
            <strong>{visiting.title}</strong>
          </p>
          <p>{visiting.text}</p>
        </Notice>
      ) : null}
      {c.req.query('not') ? <p>{t('checkIn.failed')}</p> : null}
      {stands === 'early' ? (
        <p>{t('checkIn.early', { time: dates.time(opensAt(appointment)) })}</p>
      ) : null}
      {canArrive(stands) ? (
        <form method="post" action={to.appointment(secret, 'check-in')} class="stack">
          <p>{t('checkIn.open', { reference: appointment.reference })}</p>
          <Button>{t('checkIn.here')}</Button>
        </form>
      ) : null}
      {stands === 'arrived' ? (
        <p>
          <a href={to.appointment(secret)}>{t('checkIn.again')}</a>
        </p>
      ) : null}
    </div>
  );
}

/** Where to come, and how to get there. */
export const Place = ({ visit: { t, office, appointment } }: { visit: AppointmentVisit }) => (
  <SitePlace t={t} office={office} appointment={appointment} />
);

/** The same in any language, for the paper that staff print. */
export function SitePlace(props: {
  t: Translate;
  office: Office;
  appointment: Pick<Appointment, 'site'>;
}) {
  const { t, office, appointment } = props;
  const site = siteOf(office, appointment);
  if (!site) return null;
  const where = locationOf(site);
  const map = where && `mlat=${where.lat}&mlon=${where.lon}#map=18/${where.lat}/${where.lon}`;
  return (
    <section class="stack" aria-labelledby="place">
      <h2 id="place">{t('checkIn.place')}</h2>
      <p>
        <strong>
          <Say of={site.name} t={t} />
        </strong>
        <br />
        {site.address}
      </p>
      {site.directions ? (
        <p class="said">
          <Say of={site.directions} t={t} />
        </p>
      ) : null}
      {map ? (
        <p class="no-print">
          <a href={`https://www.openstreetmap.org/?${map}`}>
            {t('checkIn.map')}
            <span class="hide">: {textIn(site.name, t.language)}</span>
          </a>
        </p>
      ) : null}
    </section>
  );
}
