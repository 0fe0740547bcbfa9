import { ButtonLink } from '../../../../ui/buttons.tsx';
import type { DeskVisit } from '../../visit.tsx';

/** The end of a form about a case: the button that sends it, and the way back. `act`: what the button says that it does; absent: there is one thing. */
export function Sending(props: { t: DeskVisit['t']; text: string; back: string; act?: string }) {
  const { t, text, back, act } = props;
  return (
    <p class="row">
      <button type="submit" class="button" id="action" {...(act && { name: 'act', value: act })}>
        {text}
      </button>
      <ButtonLink kind="quiet" href={back}>
        {t('desk.back')}
      </ButtonLink>
    </p>
  );
}
