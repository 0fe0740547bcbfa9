import { pointIn } from '../../../../domain/requests/points.ts';
import type { RequestType } from '../../../../domain/requests/schema.ts';
import { formatPhone } from '../../../../features/booking/appointments/rules.ts';
import { REQUEST_LENGTH } from '../../../../features/service/requests/rules.ts';
import {
  mayHandleRequests,
  type OpenedByStaff,
  settingsOf,
  takesRequests,
  type WriteMistakes,
} from '../../../../features/service/requests/service.ts';
import { REQUEST_DOORS } from '../../../../features/service/requests/types.ts';
import { isLanguage, textIn } from '../../../../lib/i18n/languages.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import { BackLink, ErrorSummary } from '../../../../ui/parts.tsx';
import { type Form, readForm } from '../../../form.ts';
import { Select } from '../../fields.tsx';
import { optionsOf } from '../../handling/choosing.tsx';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { fromChat, ownChat, tellInChat } from './from-chat.ts';
import { NewFields, type TypedRequest } from './new-fields.tsx';

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
      if (typed.point !== '' && !point) return show(deps, visit, typed, { point: 'outside' });
      const chat = typed.chat === '' ? null : await ownChat(deps, visit, typed.chat);
      const encounter = chat
        ? chat.chat.encounter
        : await encounterOf(deps, visit, typed.appointment);
      if (encounter === undefined || (typed.chat !== '' && !chat)) return c.notFound();
      const { area, key, ...rest } = typed;
      const what: OpenedByStaff = {
        ...rest,
        point,
        encounter,
        area: area || null,
        ...(isUuid(key) && { id: key }),
      };
      const made = await deps.requests.open(viewer, office, what);
      if (made.ok) {
        if (chat) await tellInChat(deps, visit, chat.chat, made.row);
        return visit.redirect(
          `${base}/requests/${made.row.id}?done=${made.isTold ? 'made' : 'made-untold'}`,
        );
      }
      return show(deps, visit, typed, 'mistakes' in made ? made.mistakes : { type: 'missing' });
    },
  };
}

/** Returns what the page begins with: the person and the channel of an appointment or a chat, where there is one. Null: it isn't the viewer's. */
async function startingFrom(deps: StaffDeps, visit: DeskVisit): Promise<TypedRequest | null> {
  const { c, office, viewer, t } = visit;
  const id = c.req.query('appointment') ?? '';
  const empty: TypedRequest = {
    type: c.req.query('type') ?? '',
    door: 'phone',
    language: t.language,
    text: '',
    answers: {},
    address: '',
    area: '',
    point: '',
    tellBy: '',
    isAnonymous: false,
    name: '',
    email: '',
    phone: '',
    key: deps.requests.newId(),
    appointment: id,
    chat: c.req.query('chat') ?? '',
  };
  if (empty.chat !== '') return fromChat(deps, visit, empty);
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
    chat: form.text('chat'),
  };
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
        href={
          typed.chat
            ? `${base}/chats/${encodeURIComponent(typed.chat)}`
            : typed.appointment
              ? `${base}/appointment/${typed.appointment}`
              : `${base}/requests`
        }
      >
        {t(
          typed.chat ? 'chatDesk.back.one' : typed.appointment ? 'desk.back' : 'requestDesk.title',
        )}
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
      <ChooseType visit={visit} typed={typed} error={type ? undefined : error('type')} />
      {type ? (
        <NewFields
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

/** The types of request, of which one is chosen first. */
function ChooseType(props: { visit: DeskVisit; typed: TypedRequest; error: string | undefined }) {
  const { visit, typed, error } = props;
  const { t, base, office } = visit;
  return (
    <form action={`${base}/requests/new`} class="choose" aria-label={t('requestDesk.column.type')}>
      {typed.appointment ? (
        <input type="hidden" name="appointment" value={typed.appointment} />
      ) : null}
      {typed.chat ? <input type="hidden" name="chat" value={typed.chat} /> : null}
      <Select
        name="type"
        label={t('requestDesk.column.type')}
        value={typed.type}
        empty={t('requestDesk.type.choose')}
        error={error}
        options={optionsOf(settingsOf(office)?.types ?? [], t)}
      />
      <button type="submit" class="button quiet">
        {t('requestDesk.type.use')}
      </button>
    </form>
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
