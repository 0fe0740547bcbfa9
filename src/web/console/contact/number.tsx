import { formatPhone } from '../../../features/booking/appointments/rules.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { Notice } from '../../../ui/parts.tsx';
import { Key } from '../key.tsx';
import type { DeskVisit } from '../visit.tsx';

/** Replaces the call: the number belongs to another person, and isn't called again. */
export function NumberPanel({ visit, dossier }: { visit: DeskVisit; dossier: Dossier }) {
  const { t, dates, base, office } = visit;
  const { id, citizen, start } = dossier.appointment;
  const at = `${base}/appointment/${id}`;
  const { country, attempts } = office.settings;
  const phone = formatPhone(citizen.phone ?? '', country).replaceAll(' ', '\u00a0');
  const until = dates.time(start.add({ minutes: attempts.windowMinutes }));
  return (
    <>
      <h2>{t('attending.number.title')}</h2>
      <Notice kind="warn">{t('attending.number.text', { phone })}</Notice>
      <p>
        {citizen.email
          ? t('attending.number.asked', { email: citizen.email })
          : t('attending.number.unasked')}
      </p>
      <p class="soft">{t('attending.number.until', { until })}</p>
      <form method="post" action={`${at}/start`}>
        <button type="submit" class="link" data-action="calledBack">
          {t('staff.call.calledBack')} <Key action="calledBack" />
        </button>
      </form>
      <form method="post" action={`${at}/give-up`}>
        <button type="submit" class="link" data-action="giveUp">
          {t('attending.number.close')} <Key action="giveUp" />
        </button>
      </form>
      <p class="action">
        <a href={`${at}/contact`} class="button" id="action" data-action="contact">
          {t('attending.number.other')} <Key action="contact" />
        </a>
      </p>
    </>
  );
}
