import type { Area } from '../../domain/requests/areas.ts';
import type { RequestType } from '../../domain/requests/schema.ts';
import { isClosedRequest } from '../../domain/requests/states.ts';
import type { ShownRequest, TokenRequestRow } from '../../features/service/requests/service.ts';
import { shownState } from '../../features/service/requests/service.ts';
import { type Language, type Texts, textIn } from '../../lib/i18n/languages.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import type { DataFields } from './answers.ts';

/** What the fields of a request are made with. */
export interface Said {
  language: Language;
  timeZone: string;
  /** The name of the office. */
  office: Texts;
  town: string;
  areas: readonly Pick<Area, 'code' | 'name'>[];
  /** The types of the office, those too that it has no more. */
  typeOf(code: string): RequestType | undefined;
  /** Returns the address of a photo that everybody may see. */
  photoUrl(reference: string, photo: string): string;
}

/** Returns a request as everybody reads it: days begin when their first hour does, and nobody's words are there that no official passed. */
export function shownRequest(request: ShownRequest, said: Said): DataFields {
  const { reference, state, text, photos, point, into } = request;
  const midnight = (day: Temporal.PlainDate) => day.toZonedDateTime(said.timeZone);
  const t = translateTo(said.language);
  return fieldsOf(said, {
    reference,
    point,
    type: request.type,
    isOpen: request.isOpen,
    due: request.due,
    notes: into ? t('open311.merged', { reference: into }) : t(`requests.state.${state}`),
    text: text ?? '',
    sent: midnight(request.sentOn),
    changed: midnight(request.changedOn),
    address: placeOf('', request.area, said),
    photo: photos[0],
  });
}

/** Returns a request as another system of the office reads it. */
export function readRequest(row: TokenRequestRow, said: Said): DataFields {
  const { reference, type, state, text, point, photos } = row;
  const at = (moment: Temporal.Instant) => moment.toZonedDateTimeISO(said.timeZone);
  const isOpen = !isClosedRequest(state);
  return fieldsOf(said, {
    reference,
    type,
    isOpen,
    text,
    point,
    due: isOpen ? row.due : null,
    notes: translateTo(said.language)(`requests.state.${shownState(state)}`),
    sent: at(row.sentAt),
    changed: at(row.closedAt ?? row.stateAt),
    address: placeOf(row.address, row.area, said),
    photo: photos[0],
  });
}

interface Fields {
  reference: string;
  type: string;
  isOpen: boolean;
  notes: string;
  text: string;
  sent: Temporal.ZonedDateTime;
  changed: Temporal.ZonedDateTime;
  due: Temporal.PlainDate | null;
  address: string | null;
  point: { lat: number; lon: number } | null;
  photo: string | undefined;
}

/** In the order of the specification. */
function fieldsOf(said: Said, of: Fields): DataFields {
  const type = said.typeOf(of.type);
  return {
    service_request_id: of.reference,
    status: of.isOpen ? 'open' : 'closed',
    status_notes: of.notes,
    service_name: type ? textIn(type.name, said.language) : of.type,
    service_code: of.type,
    description: of.text || null,
    agency_responsible: textIn(said.office, said.language),
    service_notice: null,
    requested_datetime: w3(of.sent),
    updated_datetime: w3(of.changed),
    expected_datetime: of.due && w3(lastSecondOf(of.due, said.timeZone)),
    address: of.address,
    address_id: null,
    zipcode: null,
    lat: of.point?.lat ?? null,
    long: of.point?.lon ?? null,
    media_url: of.photo === undefined ? null : said.photoUrl(of.reference, of.photo),
  };
}

/** Returns a time with its offset and whole seconds, such as `2026-11-30T08:15:30+01:00`. */
const w3 = (at: Temporal.ZonedDateTime): string =>
  at.toString({ smallestUnit: 'second', timeZoneName: 'never' });

const lastSecondOf = (day: Temporal.PlainDate, timeZone: string): Temporal.ZonedDateTime =>
  day.add({ days: 1 }).toZonedDateTime(timeZone).subtract({ seconds: 1 });

/** From the most specific to the most general; null: nobody knows where. */
function placeOf(words: string, code: string | null, { areas, language, town }: Said) {
  const area = areas.find((each) => each.code === code);
  const parts = [words, area ? textIn(area.name, language) : ''].filter((each) => each !== '');
  return parts.length > 0 ? [...parts, town].join(', ') : null;
}
