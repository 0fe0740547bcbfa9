import type { Area } from '../../../../domain/requests/areas.ts';
import type { RequestQuestion, RequestType } from '../../../../domain/requests/schema.ts';
import { REQUEST_LENGTH } from '../../../../features/service/requests/rules.ts';
import { type RequestDoor, TELL_BY } from '../../../../features/service/requests/types.ts';
import { LANGUAGE_NAMES, type Language, textIn } from '../../../../lib/i18n/languages.ts';
import { Checkboxes, Radios, TextArea, TextInput } from '../../../../ui/forms.tsx';
import { EmailField, NameField, PhoneField, Select } from '../../fields.tsx';
import type { DeskVisit } from '../../visit.tsx';

/** What an official writes down, as typed. */
export interface TypedRequest {
  type: string;
  door: RequestDoor;
  language: Language;
  text: string;
  answers: Record<string, readonly string[]>;
  address: string;
  area: string;
  /** Latitude and longitude, as a map or a telephone gives them. */
  point: string;
  tellBy: string;
  isAnonymous: boolean;
  name: string;
  email: string;
  phone: string;
  /** The id of the request: sent twice, it is one. */
  key: string;
  /** The id of the appointment in whose encounter it is written; empty: none. */
  appointment: string;
  /** The id of the conversation in writing in which it is written; empty: none. */
  chat: string;
}

interface FieldsProps {
  visit: DeskVisit;
  typed: TypedRequest;
  type: RequestType;
  error(field: string): string | undefined;
  areas: readonly Area[];
}

/** What is asked of a request of a type that is written down. */
export function NewFields(props: FieldsProps) {
  const { visit, typed, type, error } = props;
  const { t, base } = visit;
  return (
    <form method="post" action={`${base}/requests/new`} class="form" novalidate>
      <input type="hidden" name="type" value={type.code} />
      <input type="hidden" name="key" value={typed.key} />
      <input type="hidden" name="appointment" value={typed.appointment} />
      <input type="hidden" name="chat" value={typed.chat} />
      <h2>{textIn(type.name, t.language)}</h2>
      <TextArea
        name="text"
        label={t('requestDesk.what')}
        hint={t('requestDesk.new.words')}
        value={typed.text}
        error={error('text')}
        rows={5}
        maxLength={REQUEST_LENGTH}
      />
      {type.questions.map((question) => (
        <Question key={question.id} visit={visit} typed={typed} question={question} error={error} />
      ))}
      {type.place === 'none' ? null : <Place {...props} />}
      <Contact {...props} />
      <button type="submit" class="button" id="action">
        {t('requestDesk.new.send')}
      </button>
    </form>
  );
}

function Question(
  props: Pick<FieldsProps, 'visit' | 'typed' | 'error'> & { question: RequestQuestion },
) {
  const { visit, typed, question, error } = props;
  const { t } = visit;
  const { id, type, label, help, options = [] } = question;
  const name = `q-${id}`;
  const given = typed.answers[id] ?? [];
  const common = {
    name,
    label: textIn(label, t.language),
    error: error(name),
    ...(help && { hint: textIn(help, t.language) }),
  };
  const choices = options.map((each) => ({
    value: each.id,
    label: textIn(each.label, t.language),
  }));
  switch (type) {
    case 'choice':
      return <Radios {...common} value={given[0]} options={choices} />;
    case 'choices':
      return <Checkboxes {...common} values={given} options={choices} />;
    case 'date':
      return (
        <div class="field">
          <label for={name}>{common.label}</label>
          <input type="date" id={name} name={name} value={given[0] ?? ''} />
        </div>
      );
    default:
      return <TextInput {...common} value={given[0] ?? ''} autocomplete="off" />;
  }
}

function Place({ visit, typed, error, areas }: FieldsProps) {
  const { t } = visit;
  return (
    <fieldset class="request-group">
      <legend>{t('requestDesk.where')}</legend>
      <TextInput
        name="address"
        label={t('requestDesk.address')}
        value={typed.address}
        error={error('address')}
        autocomplete="off"
      />
      {areas.length > 0 ? (
        <Select
          name="area"
          label={t('requestDesk.column.area')}
          value={typed.area}
          empty={t('requestDesk.area.unknown')}
          options={areas.map(({ code, name }) => ({
            value: code,
            label: textIn(name, t.language),
          }))}
        />
      ) : null}
      <TextInput
        name="point"
        label={t('requestDesk.point')}
        hint={t('requestDesk.point.hint')}
        value={typed.point}
        error={error('point') ?? error('place')}
        autocomplete="off"
      />
    </fieldset>
  );
}

function Contact({ visit, typed, type, error }: FieldsProps) {
  const { t } = visit;
  return (
    <fieldset class="request-group">
      <legend>{t('requestDesk.contact')}</legend>
      <NameField t={t} value={typed.name} error={error('name')} />
      <Radios
        name="tellBy"
        label={t('requestDesk.tellBy')}
        value={typed.tellBy}
        error={error('tellBy')}
        options={TELL_BY.map((each) => ({ value: each, label: t(`requestDesk.tellBy.${each}`) }))}
      />
      <EmailField t={t} value={typed.email} error={error('email')} />
      <PhoneField t={t} value={typed.phone} error={error('phone')} />
      {type.anonymous ? (
        <Checkboxes
          name="anonymous"
          label={t('requestDesk.anonymous')}
          values={typed.isAnonymous ? ['yes'] : []}
          options={[{ value: 'yes', label: t('requestDesk.anonymous.choose') }]}
        />
      ) : null}
      <LanguageAndDoor visit={visit} typed={typed} />
    </fieldset>
  );
}

/** The language of what is written to the person, and how it came. */
function LanguageAndDoor({ visit, typed }: Pick<FieldsProps, 'visit' | 'typed'>) {
  const { t, office } = visit;
  return (
    <>
      <Select
        name="language"
        label={t('desk.field.noticeLanguage')}
        value={typed.language}
        options={office.languages.map((each) => ({
          value: each,
          label: LANGUAGE_NAMES[each],
          lang: each,
        }))}
      />
      <Select
        name="door"
        label={t('requestDesk.door')}
        value={typed.door}
        options={(['phone', 'in_person', 'video', 'chat'] as const).map((each) => ({
          value: each,
          label: t(`requestDesk.door.${each}`),
        }))}
      />
    </>
  );
}
