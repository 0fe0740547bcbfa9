import type { Area } from '../../../domain/requests/areas.ts';
import type { RequestQuestion, RequestType } from '../../../domain/requests/schema.ts';
import { formatPhone } from '../../../features/booking/appointments/rules.ts';
import { REQUEST_LENGTH } from '../../../features/service/requests/rules.ts';
import {
  mayHandleRequests,
  settingsOf,
  takesRequests,
} from '../../../features/service/requests/service.ts';
import {
  REQUEST_DOORS,
  type RequestDoor,
  TELL_BY,
} from '../../../features/service/requests/types.ts';
import type { OpenedByStaff } from '../../../features/service/requests/writing/by-staff.ts';
import type { WriteMistakes } from '../../../features/service/requests/writing/types.ts';
import { isLanguage, LANGUAGE_NAMES, type Language, textIn } from '../../../lib/i18n/languages.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { Checkboxes, Radios, TextArea, TextInput } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { Select } from '../fields.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** What an official writes down, as typed. */
interface TypedRequest {
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
}

/** `…/requests/new`: writes a request down for somebody who calls, comes or chats. */
export function newRequestPage(deps: StaffDeps) {
  const mayMake = ({ viewer, office }: DeskVisit) =>
    takesRequests(office) && mayHandleRequests(viewer);
  return {
    get: async (visit: DeskVisit): Promise<Response> => {
      if (!mayMake(visit)) return visit.c.notFound();
      const typed = await startingFrom(deps, visit);
      return typed ? show(deps, visit, typed, {}) : visit.c.notFound();
    },

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office, base } = visit;
      if (!mayMake(visit)) return c.notFound();
      const typed = typedIn(await readForm(c), visit);
      const point = pointIn(typed.point);
      if (point === 'wrong') return show(deps, visit, typed, { point: 'outside' });
      const encounter = await encounterOf(deps, visit, typed.appointment);
      if (encounter === undefined) return c.notFound();
      const { area, key, ...rest } = typed;
      const what: OpenedByStaff = {
        ...{ ...rest, point, encounter, area: area || null },
        ...(isUuid(key) && { id: key }),
      };
      const made = await deps.requests.open(viewer, office, what);
      if (made.ok)
        return visit.redirect(
          `${base}/requests/${made.row.id}?done=${made.isTold ? 'made' : 'made-untold'}`,
        );
      return show(deps, visit, typed, 'mistakes' in made ? made.mistakes : { type: 'missing' });
    },
  };
}

/** Returns what the page begins with: the person and the channel of an appointment, where there is one. Null: it isn't the viewer's. */
async function startingFrom(deps: StaffDeps, visit: DeskVisit): Promise<TypedRequest | null> {
  const { c, office, viewer, t } = visit;
  const id = c.req.query('appointment') ?? '';
  const empty: TypedRequest = {
    ...{ type: c.req.query('type') ?? '', door: 'phone', language: t.language, text: '' },
    ...{ answers: {}, address: '', area: '', point: '', tellBy: '', isAnonymous: false },
    ...{ name: '', email: '', phone: '', key: deps.requests.newId(), appointment: id },
  };
  if (id === '') return empty;
  const card = await deps.cards.open(viewer, office, id);
  if (!card) return null;
  const { citizen, channel, noticeLanguage, comment } = card.dossier.appointment;
  return {
    ...empty,
    door: REQUEST_DOORS.find((each) => each === channel) ?? 'phone',
    language: noticeLanguage,
    text: comment ?? '',
    name: citizen.name ?? '',
    email: citizen.email ?? '',
    phone: citizen.phone ? formatPhone(citizen.phone, office.settings.country) : '',
    tellBy: citizen.email ? 'email' : citizen.phone ? 'sms' : '',
  };
}

/** Returns the encounter of an appointment; null: it has none, or none is meant; undefined: the appointment isn't the viewer's. */
async function encounterOf(
  deps: StaffDeps,
  { viewer, office }: DeskVisit,
  appointment: string,
): Promise<string | null | undefined> {
  if (appointment === '') return null;
  const card = await deps.cards.open(viewer, office, appointment);
  return card ? (card.dossier.encounter?.id ?? null) : undefined;
}

function typedIn(form: Form, { t }: DeskVisit): TypedRequest {
  const language = form.text('language');
  const answers = form
    .fields()
    .flatMap(([name]) => (name.startsWith('q-') ? [[name.slice(2), form.all(name)] as const] : []));
  return {
    type: form.text('type'),
    door: REQUEST_DOORS.find((each) => each === form.text('door')) ?? 'phone',
    language: isLanguage(language) ? language : t.language,
    text: form.lines('text'),
    answers: Object.fromEntries(answers),
    address: form.line('address'),
    area: form.text('area'),
    point: form.line('point'),
    tellBy: form.text('tellBy'),
    isAnonymous: form.has('anonymous'),
    name: form.line('name'),
    email: form.line('email'),
    phone: form.line('phone'),
    key: form.text('key'),
    appointment: form.text('appointment'),
  };
}

/** Returns a typed position; null: none. */
function pointIn(text: string): { lat: number; lon: number } | null | 'wrong' {
  if (text.trim() === '') return null;
  const [, lat, lon] =
    /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text) ?? [];
  return lat === undefined || lon === undefined ? 'wrong' : { lat: Number(lat), lon: Number(lon) };
}

async function show(
  deps: StaffDeps,
  visit: DeskVisit,
  typed: TypedRequest,
  mistakes: WriteMistakes,
): Promise<Response> {
  const { t, base, office } = visit;
  const title = t('requestDesk.new');
  const types = settingsOf(office)?.types ?? [];
  const type = types.find(({ code }) => code === typed.type);
  const wrong = Object.keys(mistakes).length > 0;
  const error = (field: string) => mistakeIn(visit, mistakes, field);
  return visit.show(
    { title, ...(wrong && { status: 422, hasErrors: true }) },
    <>
      <BackLink
        href={typed.appointment ? `${base}/appointment/${typed.appointment}` : `${base}/requests`}
      >
        {t(typed.appointment ? 'desk.back' : 'requestDesk.title')}
      </BackLink>
      {wrong ? (
        <ErrorSummary
          title={t('staff.error.title')}
          problems={Object.keys(mistakes).map((field) => ({
            href: `#${field === 'place' ? 'point' : field}`,
            text: `${labelOf(visit, type, field)}: ${error(field)}`,
          }))}
        />
      ) : null}
      <h1>{title}</h1>
      <p class="lead">{t('requestDesk.new.text')}</p>
      <form
        action={`${base}/requests/new`}
        class="choose"
        aria-label={t('requestDesk.column.type')}
      >
        {typed.appointment ? (
          <input type="hidden" name="appointment" value={typed.appointment} />
        ) : null}
        <Select
          name="type"
          label={t('requestDesk.column.type')}
          value={typed.type}
          empty={t('requestDesk.type.choose')}
          error={type ? undefined : error('type')}
          options={types.map(({ code, name }) => ({
            value: code,
            label: textIn(name, t.language),
          }))}
        />
        <button type="submit" class="button quiet">
          {t('requestDesk.type.use')}
        </button>
      </form>
      {type ? (
        <Fields
          visit={visit}
          typed={typed}
          type={type}
          error={error}
          areas={await deps.offices.areas()}
        />
      ) : null}
    </>,
  );
}

interface FieldsProps {
  visit: DeskVisit;
  typed: TypedRequest;
  type: RequestType;
  error(field: string): string | undefined;
  areas: readonly Area[];
}

function Fields(props: FieldsProps) {
  const { visit, typed, type, error } = props;
  const { t, base } = visit;
  return (
    <form method="post" action={`${base}/requests/new`} class="form" novalidate>
      <input type="hidden" name="type" value={type.code} />
      <input type="hidden" name="key" value={typed.key} />
      <input type="hidden" name="appointment" value={typed.appointment} />
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
    ...{ name, label: textIn(label, t.language), error: error(name) },
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
  const { t, office } = visit;
  return (
    <fieldset class="request-group">
      <legend>{t('requestDesk.contact')}</legend>
      <TextInput
        name="name"
        label={t('desk.field.name')}
        value={typed.name}
        error={error('name')}
        autocomplete="off"
        spellcheck={false}
      />
      <Radios
        name="tellBy"
        label={t('requestDesk.tellBy')}
        value={typed.tellBy}
        error={error('tellBy')}
        options={TELL_BY.map((each) => ({ value: each, label: t(`requestDesk.tellBy.${each}`) }))}
      />
      <TextInput
        name="email"
        type="email"
        label={t('desk.field.email')}
        value={typed.email}
        error={error('email')}
        autocomplete="off"
        inputMode="email"
        spellcheck={false}
      />
      <TextInput
        name="phone"
        type="tel"
        label={t('desk.field.phone')}
        value={typed.phone}
        error={error('phone')}
        autocomplete="off"
        inputMode="tel"
      />
      {type.anonymous ? (
        <Checkboxes
          name="anonymous"
          label={t('requestDesk.anonymous')}
          values={typed.isAnonymous ? ['yes'] : []}
          options={[{ value: 'yes', label: t('requestDesk.anonymous.choose') }]}
        />
      ) : null}
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
    </fieldset>
  );
}

/** Returns the name of a field of the form. */
function labelOf({ t }: DeskVisit, type: RequestType | undefined, field: string): string {
  const question = type?.questions.find(({ id }) => field === `q-${id}`);
  if (question) return textIn(question.label, t.language);
  switch (field) {
    case 'name':
    case 'email':
    case 'phone':
      return t(`desk.field.${field}`);
    case 'text':
      return t('requestDesk.what');
    case 'address':
      return t('requestDesk.address');
    case 'tellBy':
      return t('requestDesk.tellBy');
    case 'type':
      return t('requestDesk.column.type');
    default:
      return t('requestDesk.where');
  }
}

/** Returns a mistake in words. */
function mistakeIn({ t }: DeskVisit, mistakes: WriteMistakes, field: string): string | undefined {
  const mistake = mistakes[field];
  switch (mistake) {
    case undefined:
      return undefined;
    case 'outside':
    case 'not_a_number':
    case 'not_a_date':
    case 'not_a_mobile':
      return t(`requestDesk.wrong.${mistake}`);
    case 'missing':
      return t(field === 'place' ? 'requestDesk.wrong.place' : 'desk.wrong.missing');
    case 'too_long':
      return t('desk.wrong.too_long', { most: REQUEST_LENGTH });
    case 'not_on_channel':
      return t('desk.wrong.not_known');
    default:
      return t(`desk.wrong.${mistake}`);
  }
}
