import { statesOf } from '../../../../domain/form/states.ts';
import { actsAs, stepsFrom, WITHDRAWN } from '../../../../features/service/cases/rules.ts';
import { DRAFT } from '../../../../features/service/cases/types.ts';
import { Button, ButtonLink } from '../../../../ui/buttons.tsx';
import { BackLink } from '../../../../ui/parts.tsx';
import { problem } from '../../problem.tsx';
import { Reach } from '../../reaching.tsx';
import type { CaseVisit, CitizenDeps } from '../../visit.tsx';
import { standInPage, standsIn, Ways } from '../applicant/stand-in.tsx';
import { type OwnFilling, readFilling } from '../filling.ts';
import { titleOf } from '../words.tsx';

/** Returns whether a case can be withdrawn by whoever looks at it. */
export const canWithdraw = ({ visit, form, opened }: OwnFilling): boolean =>
  stepsFrom(statesOf(form), opened.case.state, actsAs(visit.viewer)).some(
    ({ to }) => to === WITHDRAWN,
  );

/**
 * `/{language}/case/{secret}/withdraw`: withdraws what was handed in, after a question. Whoever has the link alone is asked to identify, or to
 * ask at the office.
 */
export function withdrawPage(deps: CitizenDeps) {
  const read = async (
    visit: CaseVisit,
    then: (filling: OwnFilling) => Response | Promise<Response>,
  ): Promise<Response> => {
    const filling = await readFilling(deps, visit);
    if (!filling) return problem(visit, 'no_case');
    const { to, secret } = visit;
    if (filling.opened.case.state === DRAFT) return visit.redirect(to.case(secret));
    return canWithdraw(filling) ? then(filling) : visit.redirect(to.case(secret, 'done'));
  };
  return {
    get: (visit: CaseVisit) => read(visit, show),

    post: (visit: CaseVisit) =>
      read(visit, async () => {
        const { viewer, office, found, to, secret } = visit;
        const refused = standInPage(visit, to.case(secret, 'withdraw'));
        if (refused) return refused;
        // What became of it stands on the page of the case, also where somebody else was faster.
        const done = await deps.cases.withdraw(viewer, office, found.id);
        if (!done.ok && done.reason === 'needs_identity') return visit.redirect(toIdentify(visit));
        return visit.redirect(to.case(secret, 'done'));
      }),
  };
}

const toIdentify = ({ to, secret }: CaseVisit): string =>
  to.identify({ next: to.case(secret, 'withdraw') });

function show(filling: OwnFilling): Response {
  const { visit } = filling;
  const { t, to, secret } = visit;
  const title = t('case.withdraw.title');
  const back = to.case(secret, 'done');
  return visit.show(
    { title, isPersonal: true },
    <>
      <BackLink href={back}>{t('citizen.back')}</BackLink>
      <p class="place">{titleOf(filling)}</p>
      <h1>{title}</h1>
      <p class="lead">{t('case.withdraw.text')}</p>
      <p>{t('case.withdraw.registered')}</p>
      {filling.opened.record?.payment ? <p>{t('case.withdraw.fee')}</p> : null}
      <Withdrawing visit={visit} back={back} />
    </>,
  );
}

/** The button, or how somebody comes to it. `back`: the page of the case. */
function Withdrawing({ visit, back }: { visit: CaseVisit; back: string }) {
  const { t, to, secret, viewer } = visit;
  const here = to.case(secret, 'withdraw');
  if (standsIn(visit)) return <Ways visit={visit} back={here} />;
  const keep = <a href={back}>{t('case.withdraw.keep')}</a>;
  if (viewer.identified)
    return (
      <form class="form" action={here} method="post">
        <div class="row">
          <Button kind="grave">{t('case.withdraw.button')}</Button>
          {keep}
        </div>
      </form>
    );
  return (
    <>
      <p>{t('case.withdraw.identify')}</p>
      <div class="row">
        <ButtonLink href={toIdentify(visit)}>{t('identify.title')}</ButtonLink>
        {keep}
      </div>
      <Reach visit={visit} lead={t('case.withdraw.office')} />
    </>
  );
}
