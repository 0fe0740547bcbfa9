import type { OpenedCase } from '../../../../features/service/cases/types.ts';
import { ButtonLink } from '../../../../ui/buttons.tsx';
import type { CaseVisit } from '../../visit.tsx';

/** How it stands with what a case is answered at once: it is here, it is being made, or an official looks at it, and why. */
export function Answered({ visit, opened }: { visit: CaseVisit; opened: OpenedCase }) {
  const { t, to, secret } = visit;
  const { obstacle } = opened;
  const { atOnce, closedAt } = opened.case;
  if (atOnce === 'issued')
    return (
      <p>
        <ButtonLink href={to.case(secret, 'decision')}>{t('residence.ready.open')}</ButtonLink>
      </p>
    );
  if (atOnce === null || closedAt) return null;
  return (
    <section class="card stack" aria-labelledby="at-once">
      <h2 id="at-once">{t(`residence.${atOnce}.title`)}</h2>
      {obstacle ? <p>{t(`residence.obstacle.${obstacle}`)}</p> : null}
      <p>{t(`residence.${atOnce}.text`)}</p>
      {atOnce === 'due' ? (
        <p>
          <a href={to.case(secret, 'done')}>{t('residence.due.look')}</a>
        </p>
      ) : null}
    </section>
  );
}
