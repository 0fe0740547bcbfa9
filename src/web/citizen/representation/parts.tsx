import type { Translate } from '../../../lib/i18n/translate.ts';
import { LinkButton } from '../../../ui/buttons.tsx';
import type { AppointmentVisit, Visit } from '../visit.tsx';

/** The represented person for whom somebody acts, or words for one whose name isn't known any more. */
export const whomIn = (t: Translate, { name }: { name: string }): string =>
  name || t('representation.somebody');

interface StopActingProps {
  visit: Visit;
  text: string;
  /** The path where they go on; absent: the page of authorisations. */
  back?: string;
}

/** The button with which somebody acts for themselves again. */
export function StopActing({ visit, text, back }: StopActingProps) {
  return (
    <form action={visit.to.folder('representations')} method="post">
      {back ? <input type="hidden" name="back" value={back} /> : null}
      <LinkButton name="do" value="stop">
        {text}
      </LinkButton>
    </form>
  );
}

/** Says that an appointment was booked with an authorisation, and for whom. */
export function ByAuthority({ visit }: { visit: AppointmentVisit }) {
  const { t, authority, appointment } = visit;
  if (!authority) return null;
  const name = whomIn(t, { name: appointment.onBehalfOf ?? '' });
  return <p class="note">{t('representation.booked', { name })}</p>;
}
