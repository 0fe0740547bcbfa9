import { actKeptUntil } from '../../../features/service/consent/rules.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { actsOf } from './acts.tsx';

const KINDS = ['act', 'sealed', 'result', 'evidence', 'paper'] as const;

/**
 * A thing that is still kept: an act whose copy has a code, another act, a result with a code, evidence,
 * another document.
 */
interface Piece {
  what: (typeof KINDS)[number];
  until: Temporal.Instant;
  isHeld: boolean;
}

/**
 * The kept things of one kind: their number, the last end of those without a legal hold (null: all have
 * one), and whether any has one.
 */
interface Standing {
  what: Piece['what'];
  count: number;
  until: Temporal.Instant | null;
  isHeld: boolean;
}

/**
 * Shows an appointment whose personal data was deleted. The page mentions what is still kept, without
 * its content.
 */
export async function showForgotten(deps: CitizenDeps, visit: AppointmentVisit): Promise<Response> {
  const { t, to, office, dates, show } = visit;
  const standing = await standingIn(deps, visit);
  const title = t(standing.length > 0 ? 'manage.forgotten.beside' : 'manage.forgotten.title');
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
            {standing.map(({ what, count, until, isHeld }) => (
              <li key={what}>
                {t(`manage.forgotten.${what}`, { count })}{' '}
                {until
                  ? t(`manage.forgotten.${isHeld ? 'some' : 'until'}`, {
                      day: dates.longDay(until),
                    })
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
        <ButtonLink kind={hasCodes ? 'quiet' : 'main'} href={to.office(office.code)}>
          {t('citizen.manage.again')}
        </ButtonLink>
      </p>
    </>,
  );
}

async function standingIn(deps: CitizenDeps, visit: AppointmentVisit): Promise<Standing[]> {
  const { viewer, office, appointment } = visit;
  const documents = (await deps.documents.kept(viewer, office, appointment.id)) ?? [];
  const acts = (await actsOf(deps, visit)).filter(
    ({ state, destroyedAt }) => state === 'consented' && !destroyedAt,
  );
  const copies = new Set(acts.map((each) => each.copy));
  const kept = acts.map((each): Piece => {
    const copy = documents.find(({ id }) => id === each.copy);
    return {
      what: copy?.hasCode ? 'act' : 'sealed',
      until: actKeptUntil(each, appointment, office.settings.retention),
      isHeld: copy?.isHeld ?? false,
    };
  });
  const papers = documents
    .filter(({ id }) => !copies.has(id))
    .map(({ kind, hasCode, until, isHeld }): Piece => {
      const other = kind === 'evidence' ? 'evidence' : 'paper';
      return { what: hasCode ? 'result' : other, until, isHeld };
    });
  return sumUp([...kept, ...papers]);
}

function sumUp(pieces: readonly Piece[]): Standing[] {
  return KINDS.flatMap((what) => {
    const of = pieces.filter((each) => each.what === what);
    const free = of.filter(({ isHeld }) => !isHeld).map(({ until }) => until);
    const until = free.sort(Temporal.Instant.compare).at(-1) ?? null;
    const isHeld = free.length < of.length;
    return of.length > 0 ? [{ what, count: of.length, until, isHeld }] : [];
  });
}
