import { waysToReach } from '../../../domain/office/reaching.ts';
import { QrCode } from '../../../ui/qr.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { standing } from './card.tsx';

/**
 * For an appointment that is to come, on paper only, which has no links: the private address, as a picture for a telephone's camera and to be typed, what somebody who has the
 * paper can do with it, and what to say to the office.
 */
export function OnPaper(props: {
  visit: AppointmentVisit;
  links: Pick<CitizenDeps['appointments'], 'shortManageUrl'>;
}) {
  const { visit, links } = props;
  const { t, town, office, appointment } = visit;
  const stands = standing(visit);
  if (stands !== 'coming' && stands !== 'due') return null;
  const address = links.shortManageUrl(appointment);
  const { reference } = appointment;
  const ways = waysToReach(town, office)
    .filter(({ kind }) => kind === 'phone' || kind === 'email')
    .map(({ value }) => value.replaceAll(' ', '\u00a0'))
    .join(', ');
  return (
    <div class="print-only paper-link">
      <h2>{t('manage.paper.title')}</h2>
      <div>
        <QrCode text={address} label={t('desk.print.picture')} />
        <div class="stack">
          <p>{t('desk.print.address')}</p>
          <p class="address">{address}</p>
          <p>
            <strong>{t('manage.paper.secret')}</strong>
          </p>
          {ways ? <p>{t('manage.paper.reach', { ways, reference })}</p> : null}
        </div>
      </div>
    </div>
  );
}
