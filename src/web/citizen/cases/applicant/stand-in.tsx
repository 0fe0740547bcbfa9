import { StopActing, whomIn } from '../../representation/parts.tsx';
import type { OfficeVisit } from '../../visit.tsx';

type Asked = OfficeVisit & { procedure: { code: string } };

/** For whom somebody stands in: another person, or an organisation. */
interface StandIn {
  kind: 'acting' | 'company';
  name: string;
}

/** Returns for whom somebody stands in, in this browser; null: for nobody. Cases know no representation yet. */
function standInOf({ acting, session, t }: Pick<OfficeVisit, 'acting' | 'session' | 't'>) {
  const of = (kind: StandIn['kind'], name: string): StandIn => ({ kind, name });
  if (acting) return of('acting', whomIn(t, acting));
  return session?.represents ? of('company', session.represents.name) : null;
}

/** Returns whether somebody stands in for another in this browser, so that they begin and hand in no case. */
export const standsIn = (visit: OfficeVisit): boolean => standInOf(visit) !== null;

/** Refuses to begin or hand in a case for another. `back`: where they go on for themselves. Null: nothing stands in the way. */
export function standInPage(visit: Asked, back: string): Response | null {
  const standIn = standInOf(visit);
  if (!standIn) return null;
  const title = visit.t(`case.standIn.${standIn.kind}.title`);
  return visit.show(
    { title, status: 409, isPersonal: true },
    <>
      <h1>{title}</h1>
      <Ways visit={visit} back={back} />
    </>,
  );
}

/** Why somebody does not hand it in for another, and the ways that there are. */
export function Ways({ visit, back }: { visit: Asked; back: string }) {
  const { t, to, office, procedure } = visit;
  const standIn = standInOf(visit);
  if (!standIn) return null;
  const { kind, name } = standIn;
  return (
    <>
      <p class="lead">{t(`case.standIn.${kind}.text`, { name })}</p>
      {kind === 'acting' ? (
        <StopActing visit={visit} text={t('representation.stop', { name })} back={back} />
      ) : (
        <p>
          <a href={to.leave}>{t('case.standIn.leave')}</a>
        </p>
      )}
      <p>
        <a href={to.procedure(office.code, procedure.code)}>{t('case.standIn.book')}</a>
      </p>
    </>
  );
}
