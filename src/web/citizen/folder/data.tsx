import { mayDo } from '../../../features/service/folder/rules.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { depart } from '../identify/depart.tsx';
import { browserOf } from '../identify/session.ts';
import { type CitizenDeps, type PersonVisit, withoutSession } from '../visit.tsx';
import { onlyAppointments, SHOWN } from './entries.tsx';
import { officesOf } from './parts.tsx';

/** `/{language}/folder/data`: everything can be taken away (GDPR, arts. 15 and 20), and what nobody must keep erased (art. 17). */
export function dataPage() {
  return (visit: PersonVisit): Response => {
    const { t, to, session, now } = visit;
    const title = t('folder.data.title');
    return visit.show(
      { title, isPersonal: true },
      <>
        <BackLink href={to.folder()}>{t('folder.title')}</BackLink>
        <h1>{title}</h1>
        <section class="stack" aria-labelledby="take-away">
          <h2 id="take-away">{t('folder.export.title')}</h2>
          <p>{t('folder.export.text')}</p>
          <p class="soft">{t('folder.export.not')}</p>
          {mayDo('export', session, now) ? (
            <form action={to.folder('data/file')} method="post">
              <Button kind="quiet">{t('folder.export.button')}</Button>
            </form>
          ) : (
            <>
              <p>{t('folder.export.again')}</p>
              <p>
                <ButtonLink
                  kind="quiet"
                  href={to.identify({
                    next: to.folder('data'),
                    level: session.level,
                    for: 'export',
                  })}
                >
                  {t('folder.erase.identify')}
                </ButtonLink>
              </p>
            </>
          )}
        </section>
        <section class="stack" aria-labelledby="erase">
          <h2 id="erase">{t('folder.erase.title')}</h2>
          <p>{t('folder.erase.short')}</p>
          <p>
            <ButtonLink kind="quiet" href={to.folder('data/erase')}>
              {t('folder.erase.link')}
            </ButtonLink>
          </p>
        </section>
      </>,
    );
  };
}

/** `/{language}/folder/data/erase`: what is erased now and what stays, and the button. It needs a new identification. */
export function erasePage(deps: CitizenDeps) {
  return {
    get: (visit: PersonVisit): Promise<Response> => showErase(deps, visit),

    post: async (visit: PersonVisit): Promise<Response> => {
      const { c, session, viewer, to, now } = visit;
      if (!mayDo('erasure', session, now)) return visit.redirect(to.folder('data/erase'));
      // First, while it is still known what ends the session at the provider.
      const { departure, provider, cookies } = await deps.identification.leave(browserOf(c));
      const erased = await deps.folder.erase(viewer, session.at);
      if (departure) {
        const offered = await deps.identification.offered();
        const name = offered.find(({ code }) => code === provider)?.name ?? {};
        const left = withoutSession(deps, visit);
        return depart(left, departure, {
          cookies,
          name,
          answerUrl: '',
          choice: null,
          isLeaving: true,
        });
      }
      for (const each of cookies) c.header('Set-Cookie', each, { append: true });
      const isGone = erased.ok && erased.isGone;
      return visit.redirect(`${to.leave}?erased${isGone ? '' : '=kept'}`);
    },
  };
}

async function showErase(deps: CitizenDeps, visit: PersonVisit): Promise<Response> {
  const { t, to, session, now } = visit;
  const title = t('folder.erase.title');
  const here = to.folder('data/erase');
  return visit.show(
    { title, isPersonal: true },
    <>
      <BackLink href={to.folder('data')}>{t('folder.data.title')}</BackLink>
      <h1>{title}</h1>
      <section class="stack" aria-labelledby="erased-now">
        <h2 id="erased-now">{t('folder.erase.now.title')}</h2>
        <ul class="lists">
          <li>{t('folder.erase.now.person')}</li>
          <li>{t('folder.erase.now.evidence')}</li>
          <li>{t('folder.erase.now.folder')}</li>
        </ul>
      </section>
      <section class="stack" aria-labelledby="erased-later">
        <h2 id="erased-later">{t('folder.erase.later.title')}</h2>
        <ul class="lists">
          <li>{t('folder.erase.later.appointments')}</li>
          <li>{t('folder.erase.later.documents')}</li>
          <li>{t('folder.erase.later.acts')}</li>
          <li>{t('folder.erase.later.trail')}</li>
        </ul>
      </section>
      <Coming visit={visit} part={await comingPart(deps, visit)} />
      {mayDo('erasure', session, now) ? (
        <form class="form" action={here} method="post">
          <p>{t('folder.erase.sure')}</p>
          <Button kind="grave">{t('folder.erase.button')}</Button>
        </form>
      ) : (
        <Notice kind="warn">
          <p>{t('folder.erase.again')}</p>
          <p>
            <ButtonLink href={to.identify({ next: here, level: session.level, for: 'erasure' })}>
              {t('folder.erase.identify')}
            </ButtonLink>
          </p>
        </Notice>
      )}
    </>,
  );
}

/** Returns the appointments to come, each with the page where it can be cancelled. */
async function comingPart(deps: CitizenDeps, visit: PersonVisit) {
  const { coming } = await deps.folder.overview(visit.viewer);
  const offices = await officesOf(deps, coming);
  const around = onlyAppointments(deps, visit, offices);
  return coming.map((each) => ({
    id: each.id,
    shown: SHOWN.appointments(around, each),
    cancel: visit.to.appointment(deps.appointments.secretOf(each), 'cancel'),
  }));
}

function Coming(props: { visit: PersonVisit; part: Awaited<ReturnType<typeof comingPart>> }) {
  const { t } = props.visit;
  if (props.part.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="still-coming">
      <h2 id="still-coming">{t('folder.erase.coming.title')}</h2>
      <p>{t('folder.erase.coming.text')}</p>
      <ul class="sent">
        {props.part.map(({ id, shown, cancel }) => (
          <li key={id}>
            {shown}
            <p>
              <a href={cancel}>{t('citizen.manage.cancel')}</a>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
