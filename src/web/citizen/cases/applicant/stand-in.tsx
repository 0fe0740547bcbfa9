import type { Form } from '../../../../domain/form/schema.ts';
import type { Case } from '../../../../features/service/cases/types.ts';
import { obstacleTo } from '../../../../features/service/representation/rules.ts';
import { Notice } from '../../../../ui/parts.tsx';
import { StopActing, whomIn } from '../../representation/parts.tsx';
import type { CaseVisit, OfficeVisit, ProcedureVisit } from '../../visit.tsx';
import { representedIn } from './represented.tsx';

type Asked = OfficeVisit & { procedure: { code: string } };

/** For whom somebody stands in: another person, or an organisation. */
interface StandIn {
  kind: 'acting' | 'company';
  name: string;
}

/** Returns for whom somebody stands in, in this browser; null: for nobody. */
function standInOf({ acting, session, t }: Pick<OfficeVisit, 'acting' | 'session' | 't'>) {
  const of = (kind: StandIn['kind'], name: string): StandIn => ({ kind, name });
  if (acting) return of('acting', whomIn(t, acting));
  return session?.represents ? of('company', session.represents.name) : null;
}

/** Returns the name of whoever a case is handed in for in this browser: it was begun for them. Null: for the person themselves. */
export function standsInFor(visit: CaseVisit): string | null {
  const standIn = standInOf(visit);
  return standIn && isBegunFor(visit, visit.found) ? standIn.name : null;
}

const isBegunFor = (
  visit: Pick<OfficeVisit, 'acting' | 'session'>,
  found: Pick<Case, 'representation' | 'person'>,
): boolean => {
  const { acting, session } = visit;
  if (acting) return representedIn(visit, found) !== null;
  const of = found.representation?.organisation ?? null;
  return of !== null && of === session?.represents?.identifier;
};

/** Returns whether somebody stands in for another than the one for whom a case was begun, so that they hand nothing in. */
export const standsIn = (visit: CaseVisit): boolean =>
  standInOf(visit) !== null && !isBegunFor(visit, visit.found);

/** Refuses to hand in a case for somebody for whom it was not begun. `back`: where they go on for themselves. Null: nothing stands in the way. */
export const standInPage = (visit: CaseVisit, back: string): Response | null =>
  standsIn(visit) ? refusalPage(visit, back) : null;

/** Refuses to begin a case for somebody for whom it can't be: nobody acts for another in it, or the authorisation is not for it. Null: it can. */
export function refusedToBegin(
  visit: ProcedureVisit,
  { onBehalf }: Pick<Form, 'onBehalf'>,
  back: string,
): Response | null {
  const { acting, session, office, procedure, now } = visit;
  if (!acting && !session?.represents) return null;
  if (!onBehalf) return refusalPage(visit, back);
  const bundle = { onBehalf, parts: [procedure] };
  const obstacle = acting && obstacleTo(acting, { office: office.id, bundle, start: now });
  return obstacle ? refusalPage(visit, back, obstacle) : null;
}

type Obstacle = NonNullable<ReturnType<typeof obstacleTo>>;

function refusalPage(visit: Asked, back: string, obstacle?: Obstacle): Response | null {
  const standIn = standInOf(visit);
  if (!standIn) return null;
  const title = visit.t(`case.standIn.${standIn.kind}.title`);
  return visit.show(
    { title, status: 409, isPersonal: true },
    <>
      <h1>{title}</h1>
      {obstacle ? (
        <Notice kind="warn">
          <p>{visit.t(`representation.obstacle.${obstacle}`)}</p>
        </Notice>
      ) : null}
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

/** For whom a case is handed in: the sentence beside the last button. Nothing where it is for the person themselves. */
export function ForWhom({ visit }: { visit: CaseVisit }) {
  const name = standsInFor(visit);
  return name ? <p>{visit.t('case.handIn.for', { name })}</p> : null;
}
