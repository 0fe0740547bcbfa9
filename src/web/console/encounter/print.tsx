import type { Appointment } from '../../../domain/appointment.ts';
import { isCalled } from '../../../domain/channel.ts';
import { type Bundle, bookedBundle } from '../../../domain/office/bundle.ts';
import type { Office } from '../../../domain/office/types.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../../lib/i18n/translate.ts';
import { AppointmentCard } from '../../../ui/appointment-card.tsx';
import { BackLink, LanguageName } from '../../../ui/parts.tsx';
import { QrCode } from '../../../ui/qr.tsx';
import { formatCalled } from '../../citizen/appointment/called.ts';
import { SitePlace } from '../../citizen/check-in/check-in.tsx';
import { Papers, Phone } from '../../citizen/shared.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { bookedName } from '../words.ts';
import { here } from './appointment.tsx';

/**
 * `…/print`: one sheet for the citizen, in their language: the appointment, the preparation, and the
 * address of their page.
 */
export function printPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { c, t, viewer, office } = visit;
    const printed = await deps.assistance.print(viewer, office, c.req.param('id') ?? '');
    const procedure = printed && bookedBundle(office, printed.appointment);
    if (!printed || !procedure) return c.notFound();
    const { appointment, address } = printed;
    const sheet = { office, appointment, procedure, t: translateTo(appointment.noticeLanguage) };
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
          <Card {...sheet} />
          <Preparation {...sheet} />
          <ToChange {...sheet} address={address} />
        </article>
      </>,
    );
  };
}

/** The sheet's data are in the citizen's language, and so is `t`. */
interface SheetProps {
  office: Office;
  appointment: Appointment;
  procedure: Bundle;
  t: Translate;
}

function Card({ office, appointment, t }: SheetProps) {
  const dates = datesIn(appointment.noticeLanguage, office.timeZone);
  const { channel, start } = appointment;
  const { caller } = office.settings.phone ?? {};
  return (
    <AppointmentCard
      day={dates.longDay(start)}
      hour={dates.time(start)}
      start={start}
      channel={formatCalled({ t, office }, appointment)}
      more={
        isCalled(channel) && caller ? (
          <>
            {t('manage.call.caller')} <Phone number={caller} />
          </>
        ) : null
      }
      rows={[
        {
          label: t('citizen.check.what'),
          value: bookedName(t, office, appointment),
        },
        {
          label: t('citizen.check.language'),
          value: <LanguageName of={appointment.language} t={t} />,
        },
        {
          label: t('citizen.card.reference'),
          value: <strong class="figures">{appointment.reference}</strong>,
        },
      ]}
    />
  );
}

function Preparation({ office, appointment, procedure, t }: SheetProps) {
  const { channel } = appointment;
  const minutes = office.settings.attempts.windowMinutes;
  return (
    <>
      <SitePlace t={t} office={office} appointment={appointment} />
      <h2>{t(`notices.prepare.title.${channel}`)}</h2>
      <ul>
        <li>{t(`citizen.prepare.${channel}`)}</li>
        {isCalled(channel) ? <li>{t('citizen.prepare.answer', { minutes })}</li> : null}
        {procedure.identity === 'none' ? null : (
          <li>{t(`citizen.identity.${procedure.identity}`)}</li>
        )}
      </ul>
      <h3>{t('citizen.papers.title')}</h3>
      <Papers t={t} procedure={procedure} of={appointment} />
    </>
  );
}

function ToChange({ office, t, address }: SheetProps & { address: string }) {
  const { phone } = office.settings.contact ?? {};
  return (
    <>
      <h2>{t('desk.print.change')}</h2>
      <div class="sheet-page">
        <QrCode text={address} label={t('desk.print.picture')} />
        <div class="stack">
          <p>{t('desk.print.address')}</p>
          <p class="address">{address}</p>
          <p>{t('desk.print.secret')}</p>
          {phone ? (
            <p>
              {t('desk.print.phone')} <Phone number={phone} />
            </p>
          ) : null}
        </div>
      </div>
    </>
  );
}
