import type { ComponentChildren } from 'preact';
import { type BegunHere, DRAFT } from '../../../../features/service/cases/types.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { Notice } from '../../../../ui/parts.tsx';
import type { AppointmentVisit, CitizenDeps } from '../../visit.tsx';

/** Returns the forms that an official began with the citizen of an appointment and that nobody handed in. */
async function openFormsOf(
  { cases }: Pick<CitizenDeps, 'cases'>,
  { viewer, office, appointment }: AppointmentVisit,
): Promise<BegunHere[]> {
  const begun = (await cases.begunAt(viewer, office, appointment.id)) ?? [];
  return begun.filter(({ state }) => state === DRAFT);
}

/** The forms that citizen and official fill in together, each with the link to it. */
export async function formsNotice(
  deps: Pick<CitizenDeps, 'cases'>,
  visit: AppointmentVisit,
): Promise<ComponentChildren> {
  const { t, to, office, appointment } = visit;
  const isNow = appointment.status === 'in_progress';
  const forms = await openFormsOf(deps, visit);
  if (forms.length === 0) return null;
  return (
    <Notice>
      <p>{t(isNow ? 'fourHands.together' : 'fourHands.unfinished')}</p>
      <ul>
        {forms.map((each) => (
          <li key={each.id}>
            <a href={to.case(deps.cases.secretOf(each))}>
              {textIn(office.procedure(each.procedure)?.name, t.language)}
            </a>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** `/{language}/appointment/{secret}/form`: leads to the form that was begun last, for the panel of a call. */
export const formHere =
  (deps: Pick<CitizenDeps, 'cases'>) =>
  async (visit: AppointmentVisit): Promise<Response> => {
    const last = (await openFormsOf(deps, visit)).at(-1);
    const { to, secret } = visit;
    return visit.redirect(last ? to.case(deps.cases.secretOf(last)) : to.appointment(secret));
  };
