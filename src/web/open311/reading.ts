import type { Context } from 'hono';
import type { Office, Town } from '../../domain/office/types.ts';
import type { Area } from '../../domain/requests/areas.ts';
import { hasScope } from '../../domain/scopes.ts';
import {
  declaredType,
  settingsOf,
  takesRequests,
} from '../../features/service/requests/service.ts';
import { isLanguage, type Language, preferredLanguage } from '../../lib/i18n/languages.ts';
import { publicUrls } from '../citizen/public-requests/urls.ts';
import { type DataFields, type Format, type Refusal, refuse, send } from './answers.ts';
import type { Open311Deps } from './deps.ts';
import { discoveryOf } from './discovery.ts';
import { jurisdictionIn } from './jurisdiction.ts';
import type { Caller, CallerRefused, createCallers } from './keys.ts';
import { type Asked, askedIn } from './query.ts';
import { readRequest, type Said, shownRequest } from './requests.ts';
import { definitionOf, serviceOf } from './services.ts';

/** A question: its format, and what the address names, such as the id of a request. */
export interface Question {
  c: Context;
  format: Format;
  name: string;
}

export type Reply = (question: Question) => Response | Promise<Response>;

/** Where and for whom a question is answered. */
export interface Place {
  office: Office;
  town: Town;
  caller: Caller;
  language: Language;
}

type Callers = ReturnType<typeof createCallers>;
export type Found<T> = ({ ok: true } & T) | CallerRefused;

const refused = (status: Refusal['status'], description: string) =>
  ({ ok: false, refusal: { status, description } }) as const;

/** Finds the office, the language and the caller of a question. `given`: what the query or the form says. */
export async function placeOf(
  { offices, config }: Open311Deps,
  callers: Callers,
  c: Context,
  given: (name: string) => string,
): Promise<Found<{ place: Place }>> {
  const found = await callers.find(c, given('api_key') || null);
  if (!found.ok) return found;
  const { caller } = found;
  const all = await offices.list();
  const host = new URL(config.baseUrl).hostname;
  const among = { offices: all, own: caller.own, host };
  const chosen = jurisdictionIn(given('jurisdiction_id'), among);
  if (!chosen.ok) {
    const { why, codes } = chosen;
    if (why === 'none') return refused(404, 'Nothing can be reported to this town by Open311.');
    return why === 'missing'
      ? refused(400, `jurisdiction_id was not provided. It is one of: ${codes.join(', ')}.`)
      : refused(404, `jurisdiction_id was not found. It is one of: ${codes.join(', ')}.`);
  }
  const { office } = chosen;
  if (caller.viewer && caller.viewer.office !== office.id)
    return refused(403, 'This api_key is of another jurisdiction.');
  const town = await offices.town();
  const locale = given('locale').slice(0, 2).toLowerCase();
  const isOffered = isLanguage(locale) && town.languages.includes(locale);
  const language = isOffered
    ? locale
    : preferredLanguage(c.req.header('Accept-Language'), town.languages);
  return { ok: true, place: { office, town, caller, language } };
}

/** What reads: types, definitions, requests. */
export function createAnswers(deps: Open311Deps, callers: Callers) {
  const on =
    (reply: (question: Question, place: Place) => Response | Promise<Response>): Reply =>
    async (question) => {
      const { c, format } = question;
      const found = await placeOf(deps, callers, c, (name) => c.req.query(name)?.trim() ?? '');
      if (!found.ok) return refuseAs(c, format, found);
      keep(c, found.place.caller);
      return reply(question, found.place);
    };
  return {
    discovery: async ({ c, format }: Question) => {
      const data = await discovered(deps);
      if (!data)
        return refuse(c, format, { status: 404, description: 'There is no Open311 here.' });
      c.header('Cache-Control', 'public, max-age=300');
      return send(c, format, { root: 'discovery', data });
    },

    services: on(({ c, format }, { office, language }) => {
      const types = settingsOf(office)?.types ?? [];
      return send(c, format, {
        root: 'services',
        data: types.map((each) => serviceOf(each, language)),
      });
    }),

    service: on(({ c, format, name }, { office, language }) => {
      const type = declaredType(office, name);
      if (!type)
        return refuse(c, format, { status: 404, description: 'service_code was not found.' });
      return send(c, format, { root: 'service_definition', data: definitionOf(type, language) });
    }),

    requests: on(({ c, format }, place) => search(deps, { c, format }, place)),

    request: on(async ({ c, format, name }, place) => {
      const [found] = await byReferences(deps, place, [name]);
      return found
        ? send(c, format, { root: 'service_requests', data: [found] })
        : refuse(c, format, { status: 404, description: 'service_request_id was not found.' });
    }),

    // Each request has its id at once, so that no token is ever given; whoever takes an id for one finds it.
    token: on(async ({ c, format, name }, place) => {
      const [found] = await byReferences(deps, place, [name]);
      if (!found) return refuse(c, format, { status: 404, description: 'token was not found.' });
      const { service_request_id: id } = found;
      const data = [{ service_request_id: id, token: name }];
      return send(c, format, { root: 'service_requests', data });
    }),
  };
}

/** Sends a refusal that says when to come again. */
export function refuseAs(
  c: Context,
  format: Format,
  { refusal, wait }: Omit<CallerRefused, 'ok'>,
): Response {
  if (wait !== undefined) c.header('Retry-After', String(wait));
  return refuse(c, format, refusal);
}

function keep(c: Context, { viewer }: Caller): void {
  c.header('Vary', 'Accept-Language, Authorization');
  c.header('Cache-Control', viewer ? 'no-store' : 'public, max-age=60');
}

async function discovered({ offices, config }: Open311Deps) {
  const all = (await offices.list()).filter(takesRequests);
  const [first] = all;
  if (!first) return null;
  const town = await offices.town();
  const times = all.flatMap(({ declaredAt }) => declaredAt ?? []);
  const contact = first.settings.contact ?? town.contact;
  return discoveryOf({
    baseUrl: config.baseUrl,
    changedAt: times.toSorted(Temporal.Instant.compare).at(-1) ?? null,
    timeZone: first.timeZone,
    contact: [town.mailFrom ?? town.name, contact?.email, contact?.phone]
      .filter(Boolean)
      .join(', '),
    keyService: `Ask the office for a token with the scope requests:write. ${contact?.url ?? config.baseUrl}`,
    isTest: config.demo,
  });
}

/** Answers a search. */
async function search(
  deps: Open311Deps,
  { c, format }: Pick<Question, 'c' | 'format'>,
  place: Place,
): Promise<Response> {
  const { office } = place;
  const read = askedIn(c.req.query(), deps.clock.now(), office.timeZone);
  if (!read.ok) return refuse(c, format, { status: 400, description: read.description });
  const { asked } = read;
  const data = asked.ids
    ? await byReferences(deps, place, asked.ids)
    : await inSpan(deps, place, asked);
  return send(c, format, { root: 'service_requests', data });
}

const isReader = ({ caller }: Place): boolean =>
  caller.viewer !== null && hasScope(caller.viewer, 'requests:read');

/** Returns those of these references that the caller may see. */
async function byReferences(
  deps: Open311Deps,
  place: Place,
  ids: readonly string[],
): Promise<DataFields[]> {
  const { office, caller } = place;
  const page = { page: 1, most: ids.length };
  const said = await saidIn(deps, place);
  if (caller.viewer && isReader(place)) {
    const rows = await deps.requests.listByToken(caller.viewer, office, { references: ids }, page);
    return (rows ?? []).map((row) => readRequest(row, said));
  }
  const { requests } = await deps.requests.publicRequests(office, { references: ids }, page);
  return requests.map((each) => shownRequest(each, said));
}

async function inSpan(deps: Open311Deps, place: Place, asked: Asked): Promise<DataFields[]> {
  const { office, caller } = place;
  const said = await saidIn(deps, place);
  const filter = {
    types: asked.types ?? undefined,
    isOpen: asked.status === null ? undefined : asked.status === 'open',
  };
  const page = { page: asked.page, most: asked.pageSize };
  if (caller.viewer && isReader(place)) {
    const { from, to } = asked;
    const rows = await deps.requests.listByToken(
      ...([caller.viewer, office, { ...filter, from, to }, page] as const),
    );
    return (rows ?? []).map((row) => readRequest(row, said));
  }
  const days = { from: firstDayFrom(asked.from, office), to: lastDayTo(asked.to, office) };
  const { requests } = await deps.requests.publicRequests(office, { ...filter, ...days }, page);
  return requests.map((each) => shownRequest(each, said));
}

/** Everybody reads a request as of the beginning of its day: a span has those days that begin in it, so that no search tells at which time it came. */
function firstDayFrom(from: Temporal.Instant, { timeZone }: Office): Temporal.PlainDate {
  const day = from.toZonedDateTimeISO(timeZone).toPlainDate();
  const begins = day.toZonedDateTime(timeZone).toInstant();
  return Temporal.Instant.compare(begins, from) < 0 ? day.add({ days: 1 }) : day;
}

const lastDayTo = (to: Temporal.Instant, { timeZone }: Office): Temporal.PlainDate =>
  to.toZonedDateTimeISO(timeZone).toPlainDate();

async function saidIn({ offices, config }: Open311Deps, place: Place): Promise<Said> {
  const { office, town, language } = place;
  const areas: readonly Area[] = await offices.areas();
  return {
    language,
    timeZone: office.timeZone,
    office: office.name,
    town: town.name,
    areas,
    typeOf: (code) => declaredType(office, code) ?? undefined,
    photoUrl: (reference, photo) =>
      config.baseUrl + publicUrls(language, office.code).photo(reference, photo),
  };
}
