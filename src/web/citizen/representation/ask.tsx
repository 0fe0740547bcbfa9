import { isEnough } from '../../../domain/identity.ts';
import type { Office } from '../../../domain/office/types.ts';
import {
  MOST_LIVE,
  MOST_YEARS,
  NAME_LENGTH,
} from '../../../features/service/representation/rules.ts';
import {
  ACTING_LEVEL,
  type AskedWith,
  type Side,
  type Typed,
  type TypedMistakes,
} from '../../../features/service/representation/types.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Button } from '../../../ui/buttons.tsx';
import { Checkboxes, Radios, TextInput } from '../../../ui/forms.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { formatAt } from '../folder/parts.tsx';
import { formPage, Problems } from '../shared.tsx';
import type { CitizenDeps, PersonVisit } from '../visit.tsx';
import { TooLow } from './list.tsx';

const FIELDS = ['appointment', 'name', 'identifier', 'scope', 'procedures', 'until'] as const;
type Field = (typeof FIELDS)[number];
const EMPTY: Typed = {
  name: '',
  identifier: '',
  until: '',
  scope: '',
  procedures: [],
  opens: false,
  appointment: '',
};

/** What is shown again after a mistake. */
interface Given {
  typed: Typed;
  mistakes: TypedMistakes;
  isTooMany: boolean;
}

/**
 * `/{language}/folder/representations/ask` and `…/give`: asks to act for somebody (`representative`), or authorises somebody (`represented`). An
 * authorisation is for one office, which is chosen first.
 */
export function askPage(deps: CitizenDeps, side: Side) {
  const show = async (visit: PersonVisit, given?: Given): Promise<Response> => {
    if (!isEnough(visit.session.level, ACTING_LEVEL)) return showTooLow(visit, side);
    const offices = await deps.offices.list();
    const office = officeIn(visit, offices);
    if (!office) return showOffices(visit, side, offices);
    const askable =
      side === 'representative' ? await deps.representations.askable(visit.viewer, office) : null;
    return showForm(visit, { side, office, askable }, given);
  };
  return {
    get: (visit: PersonVisit): Promise<Response> => show(visit),

    post: async (visit: PersonVisit): Promise<Response> => {
      const form = await readForm(visit.c);
      const office = officeIn(visit, await deps.offices.list());
      if (!office) return show(visit);
      const typed = typedIn(form);
      const asked = await deps.representations.ask(visit.viewer, office, { side, typed });
      const list = visit.to.folder('representations');
      const done = side === 'representative' ? 'asked' : 'given';
      if (asked.ok) return visit.redirect(`${list}?done=${done}`);
      const mistakes = asked.reason === 'mistakes' ? asked.mistakes : {};
      return show(visit, { typed, mistakes, isTooMany: asked.reason === 'too_many' });
    },
  };
}

const typedIn = (form: Form): Typed => ({
  name: form.line('name'),
  identifier: form.line('identifier'),
  until: form.line('until'),
  scope: form.text('scope'),
  procedures: form.all('procedures'),
  opens: form.has('opens'),
  appointment: form.text('appointment'),
});

/** Returns the office that is asked for, or the only one there is; null: it must be chosen. */
function officeIn({ c }: PersonVisit, offices: readonly Office[]): Office | null {
  const asked = offices.find(({ code }) => code === c.req.query('office'));
  return asked ?? (offices.length === 1 ? (offices[0] ?? null) : null);
}

const pageOf = (side: Side) => (side === 'representative' ? 'ask' : 'give');

function showTooLow(visit: PersonVisit, side: Side): Response {
  const { t, to } = visit;
  const title = t(`representation.${side}.ask`);
  return visit.show(
    { title, isPersonal: true },
    <>
      <BackLink href={to.folder('representations')}>{t('representation.title')}</BackLink>
      <h1>{title}</h1>
      <TooLow visit={visit} />
    </>,
  );
}

function showOffices(visit: PersonVisit, side: Side, offices: readonly Office[]): Response {
  const { t, to } = visit;
  const title = t(`representation.${side}.ask`);
  const here = to.folder(`representations/${pageOf(side)}`);
  return visit.show(
    { title, isPersonal: true },
    <>
      <BackLink href={to.folder('representations')}>{t('representation.title')}</BackLink>
      <h1>{title}</h1>
      <p class="lead">{t(`representation.${side}.text`)}</p>
      <h2>{t('representation.office')}</h2>
      <ul class="lists">
        {offices.map((each) => (
          <li key={each.code}>
            <a href={`${here}?office=${each.code}`}>{textIn(each.name, t.language)}</a>
          </li>
        ))}
      </ul>
    </>,
  );
}

interface Asking {
  side: Side;
  office: Office;
  /** The appointments with whose documents the authorisation can be handed over; null: none is needed. */
  askable: readonly AskedWith[] | null;
}

function showForm(visit: PersonVisit, asking: Asking, given?: Given): Response {
  const { t, to } = visit;
  const { side, office, askable } = asking;
  const { typed, mistakes, isTooMany } = given ?? { typed: EMPTY, mistakes: {}, isTooMany: false };
  const title = t(`representation.${side}.ask`);
  const problems = FIELDS.flatMap((field) => {
    const text = mistakeIn(visit, field, mistakes);
    return text ? [{ href: `#${field}`, text }] : [];
  });
  if (isTooMany)
    problems.push({
      href: '#name',
      text: t('representation.mistake.tooMany', { most: MOST_LIVE }),
    });
  const list = to.folder('representations');
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={list}>{t('representation.title')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t(`representation.${side}.text`)}</p>
      <p class="soft">{textIn(office.name, t.language)}</p>
      {askable?.length === 0 ? (
        <Notice kind="warn">
          <p>{t('representation.appointment.none')}</p>
          <p>
            <a href={to.office(office.code)}>{t('folder.book')}</a>
          </p>
        </Notice>
      ) : (
        <form
          class="form"
          action={`${to.folder(`representations/${pageOf(side)}`)}?office=${office.code}`}
          method="post"
          novalidate
        >
          <Fields visit={visit} asking={asking} typed={typed} mistakes={mistakes} />
          <Button>{t(`representation.${side}.send`)}</Button>
        </form>
      )}
    </>,
  );
}

function mistakeIn({ t }: PersonVisit, field: Field, mistakes: TypedMistakes): string | undefined {
  const mistake = mistakes[field];
  if (!mistake) return undefined;
  const values = { years: MOST_YEARS, most: NAME_LENGTH };
  switch (field) {
    case 'identifier':
      return t(`representation.mistake.identifier.${mistake}`);
    case 'name':
      return t(`representation.mistake.name.${mistake === 'missing' ? mistake : 'wrong'}`, values);
    case 'until':
      return t(`representation.mistake.until.${mistake === 'missing' ? mistake : 'wrong'}`, values);
    default:
      return t(`representation.mistake.${field}.missing`);
  }
}

interface FieldsProps {
  visit: PersonVisit;
  asking: Asking;
  typed: Typed;
  mistakes: TypedMistakes;
}

function Fields(props: FieldsProps) {
  const { visit, asking, typed, mistakes } = props;
  const { t } = visit;
  const error = (field: Field) => mistakeIn(visit, field, mistakes);
  return (
    <>
      <Appointments {...props} />
      <TextInput
        name="name"
        label={t(`representation.${asking.side}.name`)}
        hint={t('representation.nameHint')}
        value={typed.name}
        error={error('name')}
        autocomplete="off"
        spellcheck={false}
      />
      <TextInput
        name="identifier"
        label={t('representation.identifier')}
        value={typed.identifier}
        error={error('identifier')}
        autocomplete="off"
        spellcheck={false}
        short
      />
      <Scope {...props} />
      <Checkboxes
        name="opens"
        label={t(`representation.${asking.side}.opens.label`)}
        hint={t(`representation.${asking.side}.opens.hint`)}
        values={typed.opens ? ['yes'] : []}
        options={[{ value: 'yes', label: t(`representation.${asking.side}.opens`) }]}
      />
      <TextInput
        name="until"
        type="date"
        label={t('representation.until')}
        hint={t('representation.untilHint', { years: MOST_YEARS })}
        value={typed.until}
        error={error('until')}
        short
      />
    </>
  );
}

/** With the documents of which appointment the signed authorisation is handed over. */
function Appointments({ visit, asking, typed, mistakes }: FieldsProps) {
  const { t } = visit;
  const { office, askable } = asking;
  if (!askable) return null;
  const dates = datesIn(t.language, office.timeZone);
  return (
    <Radios
      name="appointment"
      label={t('representation.appointment')}
      value={typed.appointment || (askable.length === 1 ? askable[0]?.id : undefined)}
      error={mistakeIn(visit, 'appointment', mistakes)}
      options={askable.map((each) => ({
        value: each.id,
        label: `${formatAt(dates, each.start)} · ${each.reference}`,
      }))}
    />
  );
}

/** What it is for: every procedure of the office, or some. */
function Scope({ visit, asking, typed, mistakes }: FieldsProps) {
  const { t } = visit;
  const procedures = (
    <Checkboxes
      name="procedures"
      label={t('representation.procedures')}
      error={mistakeIn(visit, 'procedures', mistakes)}
      values={typed.procedures}
      options={asking.office.procedures.map((each) => ({
        value: each.code,
        label: textIn(each.name, t.language),
      }))}
    />
  );
  return (
    <Radios
      name="scope"
      label={t('representation.scope')}
      value={typed.scope}
      error={mistakeIn(visit, 'scope', mistakes)}
      options={[
        { value: 'all', label: t('representation.all') },
        { value: 'some', label: t('representation.some'), under: procedures },
      ]}
    />
  );
}
