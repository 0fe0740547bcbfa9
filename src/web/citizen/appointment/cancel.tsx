import { Button } from '../../../ui/buttons.tsx';
import { TextArea } from '../../../ui/forms.tsx';
import { BackLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { Problems } from '../shared.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { Card } from './card.tsx';
import { afterDoing } from './done.tsx';
import { whileOpen } from './while-open.ts';

/** Characters. */
const LONGEST_REASON = 500;

/** `…/cancel`: asks for a confirmation and, optionally, for the reason. */
export function cancelPage(deps: CitizenDeps) {
  return {
    get: whileOpen((visit) => showCancel(visit, '')),

    post: whileOpen(async (visit) => {
      const { office, appointment, viewer } = visit;
      const reason = (await readForm(visit.c)).text('reason').trim();
      if (reason.length > LONGEST_REASON) return showCancel(visit, reason);
      const cancelled = await deps.appointments.cancel(viewer, office, appointment.id, reason);
      return afterDoing(visit, cancelled.ok ? 'cancelled' : 'too_late');
    }),
  };
}

function showCancel(visit: AppointmentVisit, reason: string): Response {
  const { t, secret, to } = visit;
  const title = t('citizen.cancel.title');
  const error =
    reason.length > LONGEST_REASON
      ? t('citizen.error.too_long', { most: LONGEST_REASON })
      : undefined;
  return visit.show(
    { title, hasErrors: error !== undefined, status: error ? 422 : 200, isPersonal: true },
    <>
      <BackLink href={to.appointment(secret)}>{t('citizen.backToAppointment')}</BackLink>
      <Problems t={t} problems={error ? [{ href: '#reason', text: error }] : []} />
      <h1>{title}</h1>
      <Card visit={visit} />
      <p>
        <a href={to.appointment(secret, 'change')}>{t('citizen.cancel.rather')}</a>
      </p>
      <form class="form" action={to.appointment(secret, 'cancel')} method="post">
        <TextArea
          name="reason"
          rows={2}
          label={t('citizen.cancel.reason')}
          value={reason}
          error={error}
        />
        <div class="row">
          <Button kind="grave">{t('citizen.cancel.button')}</Button>
          <a href={to.appointment(secret)}>{t('citizen.cancel.keep')}</a>
        </div>
      </form>
    </>,
  );
}
