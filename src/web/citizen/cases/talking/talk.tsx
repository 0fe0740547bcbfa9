import type { ComponentChildren } from 'preact';
import { isChannel } from '../../../../domain/channel.ts';
import type { Office, Procedure } from '../../../../domain/office/types.ts';
import { DRAFT, type TiedAppointment } from '../../../../features/service/cases/types.ts';
import { ButtonLink } from '../../../../ui/buttons.tsx';
import { Notice } from '../../../../ui/parts.tsx';
import { waysOf } from '../../times/ways.ts';
import type { CaseVisit, CitizenDeps } from '../../visit.tsx';
import { ABOUT } from './about.tsx';

/** Returns whether somebody can book an appointment of a procedure. */
const canBook = (office: Office, procedure: Procedure): boolean =>
  !procedure.retired && waysOf(office, procedure).length > 0;

/**
 * Returns the appointments at which a case is talked about, and the way to book one: for who is stuck in a form, and for who has a question about
 * what they handed in.
 */
export async function talkAbout(
  { cases }: Pick<CitizenDeps, 'cases'>,
  visit: CaseVisit,
): Promise<ComponentChildren> {
  const { t, to, viewer, office, procedure, found } = visit;
  const booked = (await cases.appointmentsAbout(viewer, office, found.id)) ?? [];
  const isOffered = canBook(office, procedure);
  if (!isOffered && booked.length === 0) return null;
  const stage = found.state === DRAFT ? 'draft' : 'handedIn';
  const query = new URLSearchParams({ [ABOUT]: cases.aboutOf(found) });
  return (
    <section class="stack no-print" aria-labelledby="talk">
      <h2 id="talk">{t(`talking.title.${stage}`)}</h2>
      {booked.length > 0 ? (
        <ul>
          {booked.map((each) => (
            <li key={each.id}>{whenIn(visit, each)}</li>
          ))}
        </ul>
      ) : null}
      {isOffered ? (
        <>
          <p>{t(`talking.text.${stage}`)}</p>
          <p>
            <ButtonLink
              kind="quiet"
              href={`${to.procedure(office.code, procedure.code)}?${query}#book`}
            >
              {t(booked.length > 0 ? 'talking.another' : `talking.book.${stage}`)}
            </ButtonLink>
          </p>
        </>
      ) : null}
    </section>
  );
}

const whenIn = ({ t, dates }: CaseVisit, { channel, start }: TiedAppointment): string => {
  const at = `${dates.longDay(start)}, ${dates.time(start)}`;
  return isChannel(channel) ? `${at}, ${t(`common.channel.${channel}`)}` : at;
};

/** Tells, while an appointment about a draft goes on, that its person can show it, or that they show it. Null: no such encounter goes on. */
export async function showNotice(
  { cases }: Pick<CitizenDeps, 'cases'>,
  visit: CaseVisit,
): Promise<ComponentChildren> {
  const { t, to, viewer, office, found, secret } = visit;
  const booked = (await cases.appointmentsAbout(viewer, office, found.id)) ?? [];
  const now = booked.filter(({ stands }) => stands === 'underway');
  if (now.length === 0) return null;
  const isShown = now.some((each) => each.isShown);
  return (
    <Notice kind="time">
      <p>{t(isShown ? 'talking.shown' : 'talking.canShow')}</p>
      <p>
        <ButtonLink kind={isShown ? 'quiet' : 'main'} href={to.case(secret, 'show')}>
          {t(isShown ? 'talking.hide.link' : 'talking.show.link')}
        </ButtonLink>
      </p>
    </Notice>
  );
}
