import { legalNameOf } from '../../../../features/foundation/identification/rules.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { Button } from '../../../../ui/buttons.tsx';
import { readForm } from '../../../form.ts';
import { applicantOf, type CaseVisit, type CitizenDeps } from '../../visit.tsx';

/** A case that was begun for somebody, as an identified person finds it at its link. */
interface Found extends Omit<CaseVisit, 'viewer' | 'session' | 'handNames' | 'represented'> {
  session: NonNullable<CaseVisit['session']>;
}

/** What says that somebody wants it. */
const MINE = 'mine';

/**
 * Any address of a case that was begun for somebody, before it is anybody's (docs/adr/0102): an identified person makes it theirs, by a button.
 * Opening the link alone changes nothing, and shows nothing of what was filled in.
 */
export async function claimPage(deps: CitizenDeps, visit: Found): Promise<Response> {
  const { c, t, to, secret, found, office, procedure, session, language } = visit;
  const isAsked = c.req.method === 'POST' && (await readForm(c)).has(MINE);
  if (isAsked) {
    await deps.cases.claim(applicantOf(found.id, session, null), office, found.id);
    return visit.redirect(to.case(secret));
  }
  const title = t('case.claim.title');
  return visit.show(
    { title, isPassing: true },
    <>
      <p class="place">{textIn(procedure.name, language)}</p>
      <h1>{title}</h1>
      <p class="lead">{t('case.claim.text')}</p>
      <p>{t('case.claim.as', { name: legalNameOf(session) })}</p>
      <form class="form" action={to.case(secret)} method="post">
        <input type="hidden" name={MINE} value="yes" />
        <Button>{t('case.claim.button')}</Button>
      </form>
      <p>{t('case.claim.other')}</p>
    </>,
  );
}

/** The same form sent again, when the case is theirs by now. */
export const claimedPage =
  () =>
  ({ redirect, to, secret }: CaseVisit): Response =>
    redirect(to.case(secret));
