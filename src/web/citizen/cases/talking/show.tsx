import type { ShowResult } from '../../../../features/service/cases/types.ts';
import { Button } from '../../../../ui/buttons.tsx';
import { BackLink } from '../../../../ui/parts.tsx';
import { readForm } from '../../../form.ts';
import type { CaseVisit, CitizenDeps } from '../../visit.tsx';
import { type OwnFilling, whileDraft } from '../filling.ts';
import { titleOf } from '../words.tsx';

/**
 * `/{language}/case/{secret}/show`: shows a draft to the official of the encounter that goes on, after a question, or shows it no longer. Opening
 * the page changes nothing.
 */
export function showPage(deps: CitizenDeps) {
  return {
    get: whileDraft(deps, (filling) => showQuestion(deps, filling)),
    post: whileDraft(deps, async ({ visit }) => {
      const { viewer, office, found, to, secret, c } = visit;
      const sent = await readForm(c);
      if (sent.has('hide')) {
        await deps.cases.hide(viewer, office, found.id);
        return visit.redirect(to.case(secret));
      }
      const done = await deps.cases.show(viewer, office, found.id, sent.text('appointment'));
      return done.ok ? visit.redirect(to.case(secret)) : showNotShown(visit, done.reason);
    }),
  };
}

/** Tells that nobody sees the draft, and why: the encounter has ended meanwhile, or it is handed in. */
function showNotShown(
  { t, to, secret, show }: CaseVisit,
  reason: Exclude<ShowResult, { ok: true }>['reason'],
): Response {
  const title = t('talking.notShown.title');
  return show(
    { title, status: 409, isPersonal: true },
    <>
      <BackLink href={to.case(secret)}>{t('citizen.back')}</BackLink>
      <h1>{title}</h1>
      <p class="lead">
        {t(`talking.notShown.${reason === 'handed_in' ? 'handed_in' : 'not_open'}`)}
      </p>
    </>,
  );
}

async function showQuestion({ cases }: CitizenDeps, filling: OwnFilling): Promise<Response> {
  const { visit } = filling;
  const { t, to, secret, viewer, office, found } = visit;
  const booked = (await cases.appointmentsAbout(viewer, office, found.id)) ?? [];
  const [now] = booked.filter(({ stands }) => stands === 'underway');
  if (!now) return visit.redirect(to.case(secret));
  const does = now.isShown ? 'hide' : 'show';
  const title = t(`talking.${does}.title`);
  return visit.show(
    { title, isPersonal: true },
    <>
      <BackLink href={to.case(secret)}>{t('citizen.back')}</BackLink>
      <p class="place">{titleOf(filling)}</p>
      <h1>{title}</h1>
      <p class="lead">{t(`talking.${does}.text`)}</p>
      <form class="form" action={to.case(secret, 'show')} method="post">
        {now.isShown ? (
          <input type="hidden" name="hide" value="yes" />
        ) : (
          <input type="hidden" name="appointment" value={now.id} />
        )}
        <Button>{t(`talking.${does}.button`)}</Button>
      </form>
    </>,
  );
}
