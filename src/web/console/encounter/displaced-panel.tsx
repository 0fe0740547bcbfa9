import { isUncalled } from '../../../features/booking/appointments/rules.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { Notice } from '../../../ui/parts.tsx';
import { CallLink } from '../call/call.tsx';
import type { DeskVisit } from '../visit.tsx';
import { DeskLinks } from './links.tsx';

/** The actions for a displaced citizen: call them, give them another hour, or serve them at once. */
export function DisplacedPanel({ visit, dossier }: { visit: DeskVisit; dossier: Dossier }) {
  const { t, base, dates, office } = visit;
  const { id, start } = dossier.appointment;
  const isOurs = isUncalled(dossier.appointment, office.settings.attempts.windowMinutes);
  const at = `${base}/appointment/${id}`;
  const values = { day: dates.day(start), time: dates.time(start) };
  return (
    <>
      <h2>{t('displaced.title')}</h2>
      <Notice kind="warn">{t(isOurs ? 'displaced.uncalled' : 'displaced.text', values)}</Notice>
      <CallLink visit={visit} dossier={dossier} />
      <DeskLinks visit={visit} dossier={dossier} />
      <p>
        <a href={`${at}/cancel`} data-action="cancel">
          {t('staff.cancel.link')}
        </a>
      </p>
      <form method="post" action={`${at}/start`}>
        <button type="submit" class="link">
          {t('displaced.attend')}
        </button>
      </form>
      <p class="action">
        <a class="button wide-s" id="action" href={`${at}/move`}>
          {t('board.moveThem')}
        </a>
      </p>
    </>
  );
}
