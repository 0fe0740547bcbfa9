import { returnUrlOf } from '../../../features/service/signatures/rules.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';
import type { CitizenDeps, Visit } from '../visit.tsx';

/** `/{language}/signature/demo`: the page of the demonstration's stand-in. It is there only where the stand-in is used. */
export function demoSignPage(deps: CitizenDeps) {
  return async (visit: Visit): Promise<Response> => {
    const { c, t } = visit;
    const state = c.req.query('state') ?? '';
    if (!state || !(await deps.signatures.isDemo('valid'))) return c.notFound();
    const title = t('signature.demo.title');
    return visit.show(
      { title, isPersonal: true },
      <>
        <h1>{title}</h1>
        <p class="note">{t('signature.demo.text')}</p>
        <StandIn t={t} state={state} />
      </>,
    );
  };
}

/** What somebody chooses on the page of a stand-in. */
export function StandIn({ t, state }: { t: Translate; state: string }) {
  return (
    <form class="form" action={returnUrlOf('')} method="get">
      <input type="hidden" name="state" value={state} />
      <Button name="answer" value="sign">
        {t('signature.demo.sign')}
      </Button>
      <Button kind="quiet" name="answer" value="cancel">
        {t('signature.demo.cancel')}
      </Button>
    </form>
  );
}
