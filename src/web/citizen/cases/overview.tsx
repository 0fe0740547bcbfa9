import { progressOf, resumePage } from '../../../domain/form/pages.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink } from '../../../ui/parts.tsx';
import type { CitizenDeps } from '../visit.tsx';
import { addressOf, islandsOf, isTogether, type OwnFilling, whileDraft } from './filling.ts';
import { KeepLink } from './link.tsx';
import { Prepared, Summary } from './summary.tsx';
import { showNotice, talkAbout } from './talking/talk.tsx';
import { AskedToConfirm } from './together/confirm.tsx';
import { titleOf } from './words.tsx';

/** `/{language}/case/{secret}`: what was begun, until when it is kept, and how somebody goes on, now or another day. */
export const overviewPage = (deps: CitizenDeps) =>
  whileDraft(deps, (filling) => showOverview(deps, filling));

async function showOverview(deps: CitizenDeps, filling: OwnFilling): Promise<Response> {
  const { visit, form, answers, context, checked, opened } = filling;
  const { t, to, secret, dates } = visit;
  const title = titleOf(filling);
  const { answered, asked } = progressOf(form, answers, context);
  const { discardAt } = opened.case;
  const resume = resumePage(form, answers, context, checked);
  const isNew = opened.case.version === 0 && answered === 0;
  const first = filling.pages.find(({ kind }) => kind !== 'start');
  return visit.show(
    { title, isPersonal: true, ...islandsOf(filling) },
    <>
      <h1>{title}</h1>
      {await showNotice(deps, visit)}
      {isTogether(filling) ? <Together filling={filling} /> : null}
      <p class="lead" data-fresh="count">
        {isNew ? t('case.overview.new') : t('case.overview.saved', { answered, asked })}
      </p>
      <Prepared filling={filling} />
      {discardAt ? <p>{t('case.overview.until', { day: dates.longDay(discardAt) })}</p> : null}
      <p data-fresh="go">
        <ButtonLink href={addressOf(filling, isNew && first ? first.id : resume.id)} rel="next">
          {t(isNew ? 'case.overview.begin' : 'case.overview.go')}
        </ButtonLink>
      </p>
      {!isNew && first && resume.id !== first.id ? (
        <p>
          <a href={addressOf(filling, first.id)}>{t('case.overview.first')}</a>
        </p>
      ) : null}
      {await talkAbout(deps, visit)}
      <KeepLink deps={deps} visit={visit} found={opened.case} />
      <p>
        <a href={to.case(secret, 'delete')}>{t('case.delete.link')}</a>
      </p>
    </>,
  );
}

/** All answers as they are by now, with whose hand gave each, and the way to confirm them. */
function Together({ filling }: { filling: OwnFilling }) {
  const { visit, form, answers, context, hands, checked } = filling;
  const { t } = visit;
  return (
    <div class="stack" data-hands={addressOf(filling, 'stream')}>
      <AskedToConfirm filling={filling} />
      {checked.ok ? (
        <p>
          <ButtonLink href={addressOf(filling, 'check')}>{t('fourHands.check.link')}</ButtonLink>
        </p>
      ) : null}
      <Summary
        form={form}
        answers={answers}
        context={context}
        t={t}
        changeAt={(page) => addressOf(filling, page)}
        hands={hands}
      />
    </div>
  );
}

/** `/{language}/case/{secret}/delete`: deletes what was begun, after a question. */
export function deletePage(deps: CitizenDeps) {
  return {
    get: whileDraft(deps, showDelete),
    post: whileDraft(deps, async ({ visit }) => {
      const { viewer, office, procedure, found, to } = visit;
      await deps.cases.discard(viewer, office, found.id);
      return visit.redirect(`${to.apply(office.code, procedure.code)}?deleted`);
    }),
  };
}

function showDelete(filling: OwnFilling): Response {
  const { visit } = filling;
  const { t, to, secret } = visit;
  const title = t('case.delete.title');
  return visit.show(
    { title, isPersonal: true },
    <>
      <BackLink href={to.case(secret)}>{t('citizen.back')}</BackLink>
      <p class="place">{titleOf(filling)}</p>
      <h1>{title}</h1>
      <p class="lead">{t('case.delete.text')}</p>
      <form class="form" action={to.case(secret, 'delete')} method="post">
        <div class="row">
          <Button kind="grave">{t('case.delete.button')}</Button>
          <a href={to.case(secret)}>{t('case.delete.keep')}</a>
        </div>
      </form>
    </>,
  );
}
