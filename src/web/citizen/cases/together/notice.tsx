import type { ComponentChildren } from 'preact';
import { type CaseAt, DRAFT } from '../../../../features/service/cases/types.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { Notice } from '../../../../ui/parts.tsx';
import type { AppointmentVisit, CitizenDeps } from '../../visit.tsx';

type Deps = Pick<CitizenDeps, 'cases'>;

const isDraft = ({ state }: CaseAt): boolean => state === DRAFT;

/**
 * Returns whether the appointment's page has the link of a case. What its person began alone and without being identified opens to whoever has its
 * link: whoever has only that of the appointment gets it by a code.
 */
const isLinked = ({ viewer }: AppointmentVisit, { isOwn, level }: CaseAt): boolean =>
  !isOwn || level !== 'none' || !!viewer.proof;

const casesAt = async (
  { cases }: Deps,
  { viewer, office, appointment }: AppointmentVisit,
): Promise<CaseAt[]> => (await cases.casesAt(viewer, office, appointment.id)) ?? [];

/** The cases at an appointment: what citizen and official fill in together, and what its person booked it for, each with the link to it. */
export async function formsNotice(deps: Deps, visit: AppointmentVisit): Promise<ComponentChildren> {
  const { t, to, appointment } = visit;
  const isNow = appointment.status === 'in_progress';
  const all = await casesAt(deps, visit);
  const open = all.filter((each) => isDraft(each) && (each.isShown || !each.isOwn));
  const rest = all.filter((each) => !open.includes(each));
  const list = (cases: readonly CaseAt[]) => (
    <ul>
      {cases.map((each) => (
        <li key={each.id}>
          <Named visit={visit} of={each} href={to.case(deps.cases.secretOf(each))} />
        </li>
      ))}
    </ul>
  );
  return (
    <>
      {open.length > 0 ? (
        <Notice>
          <p>{t(isNow ? 'fourHands.together' : 'fourHands.unfinished')}</p>
          {list(open)}
        </Notice>
      ) : null}
      {rest.length > 0 ? (
        <Notice>
          <p>{t(isNow && rest.some(isDraft) ? 'talking.canShowHere' : 'talking.here')}</p>
          {list(rest)}
          {rest.every((each) => isLinked(visit, each)) ? null : <ByCode visit={visit} />}
        </Notice>
      ) : null}
    </>
  );
}

function Named(props: { visit: AppointmentVisit; of: CaseAt; href: string }) {
  const { visit, of, href } = props;
  const { t, office } = visit;
  const name = textIn(office.procedure(of.procedure)?.name, t.language);
  return (
    <>
      {isLinked(visit, of) ? <a href={href}>{name}</a> : name}{' '}
      <span class="figures soft small">{of.reference}</span>
    </>
  );
}

/** How somebody gets to a case whose link this page doesn't tell. */
function ByCode({ visit: { t, to, secret } }: { visit: AppointmentVisit }) {
  return (
    <p class="no-print">
      {t('talking.byLink')}{' '}
      <a href={`${to.appointment(secret, 'documents/code')}?next=form`}>{t('talking.byCode')}</a>
    </p>
  );
}

/**
 * `/{language}/appointment/{secret}/form`: for the panel of a call, leads to the form that was begun or shown last, or to where its person shows
 * what they had begun.
 */
export const formHere =
  (deps: Deps) =>
  async (visit: AppointmentVisit): Promise<Response> => {
    const { to, secret } = visit;
    const drafts = (await casesAt(deps, visit)).filter(isDraft);
    const linked = drafts.filter((each) => isLinked(visit, each));
    const last = linked.findLast(({ isShown }) => isShown) ?? linked.at(-1);
    if (!last && drafts.length > 0)
      return visit.redirect(`${to.appointment(secret, 'documents/code')}?next=form`);
    if (!last) return visit.redirect(to.appointment(secret));
    const isToShow = last.isOwn && !last.isShown;
    return visit.redirect(to.case(deps.cases.secretOf(last), isToShow ? 'show' : ''));
  };
