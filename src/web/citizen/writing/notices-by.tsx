import { NOTICE_WAYS } from '../../../domain/address.ts';
import { addressOf, canChooseWay } from '../../../features/foundation/notices/rules.ts';
import { Button } from '../../../ui/buttons.tsx';
import { Radios } from '../../../ui/forms.tsx';
import { BackLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { formatNumber } from '../appointment/called.ts';
import { afterDoing } from '../appointment/done.tsx';
import { whileReachable } from '../appointment/while-open.ts';
import { askForCode } from '../documents/code.tsx';
import { formPage } from '../shared.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

type IsReached = CitizenDeps['linkRecovery']['isReached'];

/** Where messages go, with the way to change it, for a citizen who has both ways. `saysWhere`: the page doesn't say it elsewhere. */
export function ToNoticesBy(props: {
  visit: AppointmentVisit;
  isReached: IsReached;
  saysWhere: boolean;
}) {
  const { visit, isReached, saysWhere } = props;
  const { t, to, secret, appointment, office } = visit;
  const { citizen, noticesBy } = appointment;
  const address = addressOf(citizen, noticesBy);
  if (!address || !canChooseWay(citizen, isReached)) return null;
  const at =
    address.channel === 'email' ? address.recipient : formatNumber(address.recipient, office);
  return (
    <p class="no-print">
      {saysWhere ? `${t(`noticesBy.goes.${address.channel}`, { address: at })} ` : ''}
      <a href={to.appointment(secret, 'notices')}>{t('noticesBy.change')}</a>
    </p>
  );
}

/**
 * `…/notices`: whether messages go by e-mail or SMS. A code is asked for first: whoever has the link alone could otherwise turn messages
 * away from where the citizen reads them.
 */
export function noticesByPage(deps: CitizenDeps) {
  const canChoose = ({ appointment }: AppointmentVisit) =>
    canChooseWay(appointment.citizen, deps.linkRecovery.isReached);
  return {
    get: whileReachable(deps, (visit) => {
      if (!canChoose(visit)) return visit.redirect(visit.to.appointment(visit.secret));
      return visit.viewer.proof ? showChoice(visit) : askForCode(visit, 'notices');
    }),

    post: whileReachable(deps, async (visit) => {
      const { c, viewer, office } = visit;
      const chosen = (await readForm(c)).text('by');
      const by = NOTICE_WAYS.find((each) => each === chosen);
      if (!canChoose(visit)) return visit.redirect(visit.to.appointment(visit.secret));
      if (!by) return visit.redirect(visit.to.appointment(visit.secret, 'notices'));
      const done = await deps.appointments.chooseNotices(viewer, office, by);
      if (!done.ok && done.reason === 'needs_proof') return askForCode(visit, 'notices');
      return afterDoing(visit, done.ok ? 'notices' : 'too_late');
    }),
  };
}

function showChoice(visit: AppointmentVisit): Response {
  const { t, to, secret, appointment, office } = visit;
  const { citizen, noticesBy } = appointment;
  const title = t('noticesBy.title');
  const labels = {
    email: t('noticesBy.email', { email: citizen.email ?? '' }),
    sms: t('noticesBy.sms', { phone: formatNumber(citizen.phone ?? '', office) }),
  };
  return visit.show(
    formPage(title, []),
    <>
      <BackLink href={to.appointment(secret)}>{t('citizen.backToAppointment')}</BackLink>
      <h1>{title}</h1>
      <form class="form" action={to.appointment(secret, 'notices')} method="post">
        <Radios
          name="by"
          label={t('noticesBy.label')}
          hint={t('noticesBy.hint')}
          value={addressOf(citizen, noticesBy)?.channel}
          options={NOTICE_WAYS.map((each) => ({ value: each, label: labels[each] }))}
        />
        <Button>{t('noticesBy.button')}</Button>
      </form>
    </>,
  );
}
