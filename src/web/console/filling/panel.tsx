import type { Procedure } from '../../../domain/office/types.ts';
import { finishableForms } from '../../../features/service/cases/service.ts';
import { type CaseAt, DRAFT } from '../../../features/service/cases/types.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { SelectField } from '../../../ui/forms.tsx';
import { Tag } from '../../../ui/parts.tsx';
import { stateName } from '../../words/states.ts';
import { Key } from '../key.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { formAt } from './visit.tsx';

/** A case with the name of its state; empty: it was not handed in. */
type ShownCase = CaseAt & { stateName: string };

/** The forms of an encounter. */
export interface FormsHere {
  /** The cases at the appointment. */
  begun: readonly ShownCase[];
  /** The procedures whose form can be finished today, those of the appointment first. */
  offered: readonly Procedure[];
}

/** Returns the cases at an appointment, and the forms that can be begun in its encounter. */
export async function formsOf(
  deps: StaffDeps,
  { viewer, office, t }: DeskVisit,
  { appointment }: Dossier,
): Promise<FormsHere> {
  const found = (await deps.cases.casesAt(viewer, office, appointment.id)) ?? [];
  const begun = await Promise.all(
    found.map(async (of): Promise<ShownCase> => {
      if (of.state === DRAFT) return { ...of, stateName: '' };
      const { form } = await deps.forms.version(office.id, of.form);
      return { ...of, stateName: stateName(of.state, form, t) };
    }),
  );
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
        <ul
          class="unmarked"
          id="forms-here"
          data-from={`${base}/appointment/${dossier.appointment.id}`}
        >
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
          <SelectField name="procedure" label={t('fourHands.procedure')} action="openForm">
            {offered.map(({ code, name }) => (
              <option key={code} value={code}>
                {textIn(name, t.language)}
              </option>
            ))}
          </SelectField>
          <p>
            <button type="submit" class="button quiet">
              {t('fourHands.open')} <Key action="openForm" />
            </button>
          </p>
        </form>
      ) : null}
    </section>
  );
}

function Begun(props: { visit: DeskVisit; of: ShownCase; isHere: boolean }) {
  const { visit, of, isHere } = props;
  const { t, base, office } = visit;
  const isDraft = of.state === DRAFT;
  const name = textIn(office.procedure(of.procedure)?.name, t.language);
  const isOpen = isDraft ? of.isShown && isHere : of.isOpenToStaff;
  const href = isDraft ? formAt(visit, of.id) : `${base}/cases/${of.id}`;
  return (
    <>
      {isOpen ? <a href={href}>{name}</a> : name}{' '}
      <span class="figures soft small">{of.reference}</span> <Standing t={t} of={of} />
      {isDraft && of.progress ? <Unseen t={t} of={of} isHere={isHere} /> : null}
      {isDraft && !of.isOwn ? <SendHome visit={visit} of={of} /> : null}
    </>
  );
}

/** How a case at an appointment stands. */
function Standing({ t, of }: { t: DeskVisit['t']; of: ShownCase }) {
  if (of.state !== DRAFT) return <Tag kind="good">{of.stateName}</Tag>;
  return (
    <Tag kind={of.isShown ? 'now' : 'plain'}>
      {t(of.isShown ? 'fourHands.draft' : 'talking.begun')}
    </Tag>
  );
}

/** Of a draft that its person does not show: how far it is, and how they show it. */
function Unseen({ t, of, isHere }: { t: DeskVisit['t']; of: CaseAt; isHere: boolean }) {
  if (!of.progress) return null;
  return (
    <p class="small soft">
      {t('fourHands.progress', of.progress)}. {isHere ? t('talking.askToShow') : null}
    </p>
  );
}

/** Tells its person that what was begun with them waits for them at home, and when they were told. */
function SendHome({ visit, of }: { visit: DeskVisit; of: ShownCase }) {
  const { t, base, dates, c } = visit;
  const { sentAt } = of;
  return (
    <form method="post" action={`${base}/appointment/${c.req.param('id')}/form/home`} class="row">
      <input type="hidden" name="case" value={of.id} />
      <button type="submit" class="button quiet">
        {t('talking.home.button')}
      </button>
      {sentAt ? (
        <span class="small soft">
          {t('talking.home.when', { day: dates.day(sentAt), time: dates.time(sentAt) })}
        </span>
      ) : null}
    </form>
  );
}
