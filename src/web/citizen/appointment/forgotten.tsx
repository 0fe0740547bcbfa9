import { actKeptUntil } from '../../../features/consent/rules.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { actsOf } from './acts.tsx';

/** What stands of one kind: how many, the last until when; null: for as long as a law asks for it. */
interface Standing {
  what: 'act' | 'result' | 'evidence' | 'paper';
  count: number;
  until: Temporal.Instant | null;
}

/** It was so long ago that we keep nothing of who it was for. What we do keep is said, without saying what it is. */
export async function showForgotten(deps: CitizenDeps, visit: AppointmentVisit): Promise<Response> {
  const { t, to, body, dates, show } = visit;
  const title = t('manage.forgotten.title');
  const standing = await standingIn(deps, visit);
  const hasCodes = standing.some(({ what }) => what === 'act' || what === 'result');
  return show(
    { title, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('manage.forgotten.text')}</p>
      {standing.length > 0 ? (
        <section class="stack" aria-labelledby="stands">
          <h2 id="stands">{t('manage.forgotten.stands')}</h2>
          <ul>
            {standing.map(({ what, count, until }) => (
              <li key={what}>
                {t(`manage.forgotten.${what}`, { count })}{' '}
                {until
                  ? t('manage.forgotten.until', { day: dates.longDay(until) })
                  : t('manage.forgotten.law')}
              </li>
            ))}
          </ul>
          {hasCodes ? (
            <>
              <p>{t('manage.forgotten.fetch')}</p>
              <p>
                <ButtonLink href={to.verify()}>{t('common.footer.verify')}</ButtonLink>
              </p>
            </>
          ) : null}
        </section>
      ) : null}
      <p>
        <ButtonLink kind={hasCodes ? 'quiet' : 'main'} href={to.body(body.code)}>
          {t('citizen.manage.again')}
        </ButtonLink>
      </p>
    </>,
  );
}

async function standingIn(deps: CitizenDeps, visit: AppointmentVisit): Promise<Standing[]> {
  const { viewer, body, appointment } = visit;
  const documents = (await deps.documents.kept(viewer, body, appointment.id)) ?? [];
  const acts = (await actsOf(deps, visit)).filter(
    ({ state, destroyedAt }) => state === 'consented' && !destroyedAt,
  );
  const copies = new Map(acts.map((each) => [each.copy, each]));
  const kept = acts.map((each) => ({
    what: 'act' as const,
    until: actKeptUntil(each, appointment, body.settings.retention),
    isHeld: documents.some(({ id, isHeld }) => id === each.copy && isHeld),
  }));
  const papers = documents
    .filter(({ id }) => !copies.has(id))
    .map(({ kind, hasCode, until, isHeld }) => {
      const other = kind === 'evidence' ? 'evidence' : 'paper';
      return { what: hasCode ? ('result' as const) : other, until, isHeld } as const;
    });
  const all = [...kept, ...papers];
  return (['act', 'result', 'evidence', 'paper'] as const).flatMap((what) => {
    const of = all.filter((each) => each.what === what);
    const last = of
      .map(({ until }) => until)
      .sort(Temporal.Instant.compare)
      .at(-1);
    if (!last) return [];
    return { what, count: of.length, until: of.some(({ isHeld }) => isHeld) ? null : last };
  });
}
