import type { Applied } from '../../../domain/form/applied.ts';
import { type AskedAct, SHOWN_DOCUMENTS } from '../../../features/service/cases/service.ts';
import { LANGUAGE_NAMES, textIn } from '../../../lib/i18n/languages.ts';
import { Checkboxes, Radios, SelectField, TextInput } from '../../../ui/forms.tsx';
import { BackLink, Notice, type ProblemLink } from '../../../ui/parts.tsx';
import { countriesIn } from '../../citizen/cases/fields.tsx';
import { CHECKS } from '../contact/proof.tsx';
import { formAt } from '../filling/visit.tsx';
import type { DeskVisit } from '../visit.tsx';
import type { OnBehalf } from './pages.tsx';

/** What an official has entered. */
export type Typed = AskedAct;

/** The way back to the form. */
export const BackToForm = ({ desk, id }: { desk: DeskVisit; id: string }) => (
  <BackLink href={formAt(desk, id)}>{desk.t('onBehalf.form')}</BackLink>
);

interface AskProps {
  of: OnBehalf;
  typed: Typed | undefined;
  problems: readonly ProblemLink[];
  declarations: Applied['declarations'];
}

/** What is entered to ask the citizen to consent, or why they can't be asked now. */
export function AskForm(props: AskProps) {
  const { of } = props;
  const { t } = of.filling.visit;
  const { ineligibility, habilitation } = of.acts.options;
  return (
    <section class="stack" id="ask" aria-labelledby="ask-title">
      <h2 id="ask-title">{t('onBehalf.ask.title')}</h2>
      <p>{t('onBehalf.text')}</p>
      {(ineligibility && ineligibility !== 'not_identified') || !habilitation ? (
        <Notice kind="warn">
          <p role="status">{t(`acts.ineligibility.${ineligibility ?? 'not_habilitated'}`)}</p>
        </Notice>
      ) : (
        <>
          <p class="soft small">{t('acts.desk.as', habilitation)}</p>
          <Fields {...props} />
        </>
      )}
    </section>
  );
}

function Fields({ of, typed, problems, declarations }: AskProps) {
  const { visit, opened } = of.filling;
  const { t, desk, found } = visit;
  const wrong = (field: string) => problems.find(({ href }) => href === `#${field}`)?.text;
  return (
    <form method="post" class="stack" action={`${desk.base}/on-behalf/${found.id}`}>
      <input type="hidden" name="seen" value={opened.case.version} />
      <Checked of={of} error={wrong('identity')} />
      <TextInput
        name="name"
        label={t('onBehalf.name')}
        error={wrong('name')}
        value={typed?.name}
        autocomplete="off"
      />
      <Shown of={of} typed={typed} wrong={wrong} />
      <TextInput
        name="nif"
        label={t('onBehalf.nif')}
        hint={t('onBehalf.nif.hint')}
        error={wrong('nif')}
        value={typed?.nif}
        short
        autocomplete="off"
      />
      {declarations.length > 0 ? (
        <Checkboxes
          name="declared"
          label={t('onBehalf.declared')}
          hint={t('onBehalf.declared.hint')}
          error={wrong('declared')}
          values={typed?.declared ?? []}
          options={declarations.map(({ declaration: { id, text } }) => ({
            value: id,
            label: textIn(text, t.language) || id,
          }))}
        />
      ) : null}
      <Which of={of} typed={typed} wrong={wrong} />
      <Checkboxes
        name="mayBeAttended"
        label={t('acts.desk.allowedTitle')}
        error={wrong('mayBeAttended')}
        values={typed?.mayBeAttended ? ['yes'] : []}
        options={[{ value: 'yes', label: t('acts.desk.allowed') }]}
      />
      <p>
        <button type="submit" class="button">
          {t('acts.desk.ask')}
        </button>
      </p>
    </form>
  );
}

type WhichProps = Pick<AskProps, 'of' | 'typed'> & {
  wrong(field: string): string | undefined;
};

/** Which document they show, and of which country. */
function Shown({ of, typed, wrong }: WhichProps) {
  const { t } = of.filling.visit;
  return (
    <>
      <Radios
        name="document"
        label={t('onBehalf.document')}
        hint={t('onBehalf.document.hint')}
        value={typed?.document ?? 'nif'}
        options={SHOWN_DOCUMENTS.map((value) => ({
          value,
          label: t(`onBehalf.document.${value}`),
        }))}
      />
      <SelectField
        name="country"
        label={t('onBehalf.country')}
        hint={t('onBehalf.country.hint')}
        error={wrong('country')}
      >
        <option value="">{t('onBehalf.country.choose')}</option>
        {countriesIn(t.language).map(({ code, name }) => (
          <option key={code} value={code} selected={code === typed?.country}>
            {name}
          </option>
        ))}
      </SelectField>
    </>
  );
}

/** How the person was identified, where the encounter does not say it yet. */
function Checked({ of, error }: { of: OnBehalf; error: string | undefined }) {
  const { t } = of.filling.visit;
  if (of.acts.options.ineligibility !== 'not_identified') return null;
  return (
    <Radios
      name="identity"
      label={t('staff.encounter.identity')}
      hint={t('onBehalf.identity.hint')}
      error={error}
      options={CHECKS.map((value) => ({ value, label: t(`staff.identity.${value}`) }))}
    />
  );
}

/** The act of the office, and its language. */
function Which({ of, typed, wrong }: WhichProps) {
  const { t, found } = of.filling.visit;
  const { acts, languages } = of.acts.options;
  return (
    <>
      <Radios
        name="template"
        label={t('acts.desk.which')}
        error={wrong('template')}
        value={typed?.template ?? (acts.length === 1 ? acts[0]?.code : undefined)}
        options={acts.map((each) => ({ value: each.code, label: textIn(each.name, t.language) }))}
      />
      <Radios
        name="language"
        label={t('acts.desk.language')}
        error={wrong('language')}
        value={typed?.language ?? found.language}
        options={languages.map((each) => ({
          value: each,
          label: LANGUAGE_NAMES[each],
          lang: each,
        }))}
      />
    </>
  );
}
