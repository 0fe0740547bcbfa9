import { isCalled } from '../../../domain/channel.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { AppointmentCard } from '../../../ui/appointment-card.tsx';
import { BackLink, LanguageName } from '../../../ui/parts.tsx';
import { QrCode } from '../../../ui/qr.tsx';
import { formatCalled } from '../../citizen/appointment/called.ts';
import { Papers, Phone } from '../../citizen/shared.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { here } from './appointment.tsx';

/** `…/print`: one sheet for the citizen, in their language: the appointment, what to do, and where their page is. */
export function printPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { c, t, viewer, office } = visit;
    const printed = await deps.assistance.print(viewer, office, c.req.param('id') ?? '');
    const procedure = printed && office.procedure(printed.appointment.procedure);
    if (!printed || !procedure) return c.notFound();
    const { appointment, address } = printed;
    const theirs = translateTo(appointment.noticeLanguage);
    const dates = datesIn(appointment.noticeLanguage, office.timeZone);
    const { channel, start } = appointment;
    const { caller } = office.settings.phone ?? {};
    const { phone } = office.settings.contact ?? {};
    const minutes = office.settings.attempts.windowMinutes;
    return visit.show(
      { title: t('desk.print.title') },
      <>
        <div class="no-print stack">
          <BackLink href={here(visit)}>{t('desk.print.back')}</BackLink>
          <h1>{t('desk.print.title')}</h1>
          <p class="lead">{t('desk.print.how')}</p>
          <p>{t('desk.print.noted')}</p>
        </div>
        <article class="sheet stack" lang={appointment.noticeLanguage}>
          <p class="lead">{textIn(office.name, appointment.noticeLanguage)}</p>
          <AppointmentCard
            day={dates.longDay(start)}
            hour={dates.time(start)}
            start={start}
            channel={formatCalled({ t: theirs, office }, appointment)}
            more={isCalled(channel) && caller ? theirs('manage.call.caller', { caller }) : null}
            rows={[
              {
                label: theirs('citizen.check.what'),
                value: textIn(procedure.name, appointment.noticeLanguage),
              },
              {
                label: theirs('citizen.check.language'),
                value: <LanguageName of={appointment.language} t={theirs} />,
              },
              {
                label: theirs('citizen.card.reference'),
                value: <strong class="figures">{appointment.reference}</strong>,
              },
            ]}
          />
          <h2>{theirs('citizen.prepare.title')}</h2>
          <ul>
            <li>{theirs(`citizen.prepare.${channel}`)}</li>
            {isCalled(channel) ? <li>{theirs('citizen.prepare.answer', { minutes })}</li> : null}
            {procedure.identity === 'none' ? null : (
              <li>{theirs(`citizen.identity.${procedure.identity}`)}</li>
            )}
          </ul>
          <h3>{theirs('citizen.papers.title')}</h3>
          <Papers t={theirs} procedure={procedure} />
          <h2>{theirs('desk.print.change')}</h2>
          <div class="sheet-page">
            <QrCode text={address} label={theirs('desk.print.picture')} />
            <div class="stack">
              <p>{theirs('desk.print.address')}</p>
              <p class="address">{address}</p>
              <p>{theirs('desk.print.secret')}</p>
              {phone ? (
                <p>
                  {theirs('desk.print.phone')} <Phone number={phone} />
                </p>
              ) : null}
            </div>
          </div>
        </article>
      </>,
    );
  };
}
