import type { Procedure } from '../../../domain/office/types.ts';
import { finishableForms } from '../../../features/service/cases/service.ts';
import { type BegunHere, DRAFT } from '../../../features/service/cases/types.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { SelectField } from '../../../ui/forms.tsx';
import { Tag } from '../../../ui/parts.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { formAt } from './visit.tsx';

/** The forms of an encounter. */
export interface FormsHere {
  /** Those that were begun in it. */
  begun: readonly BegunHere[];
  /** The procedures whose form can be finished today, those of the appointment first. */
  offered: readonly Procedure[];
}

/** Returns the forms that were begun in an encounter, and those that can be. */
export async function formsOf(
  deps: StaffDeps,
  { viewer, office }: DeskVisit,
  { appointment }: Dossier,
): Promise<FormsHere> {
  const begun = (await deps.cases.begunAt(viewer, office, appointment.id)) ?? [];
  if (appointment.status !== 'in_progress') return { begun, offered: [] };
  const booked = new Set([appointment.procedure, ...(appointment.further ?? [])]);
  const online = await finishableForms(deps, office);
  const all = (await deps.forms.offered(office)).filter(({ code }) => online.has(code));
  const offered = [
    ...all.filter(({ code }) => booked.has(code)),
    ...all.filter(({ code }) => !booked.has(code)),
  ];
  return { begun, offered };
}

/** The forms that official and citizen fill in together, and a way to open one. */
export function FormsPanel(props: { visit: DeskVisit; dossier: Dossier; forms: FormsHere }) {
  const { visit, dossier, forms } = props;
  const { t, base } = visit;
  const { begun, offered } = forms;
  if (begun.length === 0 && offered.length === 0) return null;
  return (
    <section class="stack" id="forms" aria-labelledby="forms-title">
      <h2 id="forms-title">{t('fourHands.title')}</h2>
      {begun.length > 0 ? (
        <ul class="unmarked">
          {begun.map((each) => (
            <li key={each.id}>
              <Begun
                visit={visit}
                of={each}
                isHere={dossier.appointment.status === 'in_progress'}
              />
            </li>
          ))}
        </ul>
      ) : null}
      {offered.length > 0 ? (
        <form
          class="stack"
          method="post"
          action={`${base}/appointment/${dossier.appointment.id}/form`}
        >
          <SelectField name="procedure" label={t('fourHands.procedure')}>
            {offered.map(({ code, name }) => (
              <option key={code} value={code}>
                {textIn(name, t.language)}
              </option>
            ))}
          </SelectField>
          <p>
            <button type="submit" class="button quiet">
              {t('fourHands.open')}
            </button>
          </p>
        </form>
      ) : null}
    </section>
  );
}

function Begun(props: { visit: DeskVisit; of: BegunHere; isHere: boolean }) {
  const { visit, of, isHere } = props;
  const { t, base, office } = visit;
  const isDraft = of.state === DRAFT;
  const name = textIn(office.procedure(of.procedure)?.name, t.language);
  const href = isDraft ? formAt(visit, of.id) : `${base}/cases/${of.id}`;
  return (
    <>
      {isDraft && !isHere ? name : <a href={href}>{name}</a>}{' '}
      <span class="figures soft small">{of.reference}</span>{' '}
      <Tag kind={isDraft ? 'now' : 'good'}>
        {t(isDraft ? 'fourHands.draft' : 'fourHands.handedIn')}
      </Tag>
    </>
  );
}
