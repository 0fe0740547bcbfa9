import { isObstacle } from '../../../../domain/residence/certify.ts';
import type { AtOnceStanding } from '../../../../features/service/cases/types.ts';
import { ButtonLink } from '../../../../ui/buttons.tsx';
import type { CaseVisit } from '../../visit.tsx';

/** How it stands with what a case is answered at once: it is here, it is being made, or an official looks at it, and why. */
export function Answered(props: { visit: CaseVisit; atOnce: AtOnceStanding | null }) {
  const { visit, atOnce } = props;
  const { t, to, secret } = visit;
  if (atOnce === null) return null;
  if (atOnce === 'issued')
    return (
      <p>
        <ButtonLink href={to.case(secret, 'decision')}>{t('residence.ready.open')}</ButtonLink>
      </p>
    );
  const name = isObstacle(atOnce) ? 'left' : 'due';
  return (
    <section class="card stack" aria-labelledby="at-once">
      <h2 id="at-once">{t(`residence.${name}.title`)}</h2>
      {isObstacle(atOnce) ? <p>{t(`residence.obstacle.${atOnce}`)}</p> : null}
      <p>{t(`residence.${name}.text`)}</p>
      {atOnce === 'due' ? (
        <p>
          <a href={to.case(secret, 'done')}>{t('residence.due.look')}</a>
        </p>
      ) : null}
    </section>
  );
}
