import type { Context } from 'hono';
import { hasScope } from '../../domain/scopes.ts';
import type { TokenSendResult } from '../../features/service/requests/service.ts';
import { declaredType } from '../../features/service/requests/service.ts';
import { datesIn } from '../../lib/i18n/dates.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import type { TokenViewer } from '../../lib/viewer.ts';
import { routeOf } from '../routes.ts';
import { type Format, type Refusal, refuse, send } from './answers.ts';
import { type Body, bodyOf } from './body.ts';
import type { Open311Deps } from './deps.ts';
import type { createCallers } from './keys.ts';
import { postedIn, type Wrong } from './posting.ts';
import { type Place, placeOf, type Question, type Reply, refuseAs } from './reading.ts';

type Callers = ReturnType<typeof createCallers>;

const UNREAD = {
  large: { status: 413, description: 'It is too large.' },
  type: { status: 400, description: 'Send application/x-www-form-urlencoded.' },
  busy: { status: 503, description: 'Too much is sent at once: come again in some seconds.' },
} as const;

/** What sends a request (GeoReport v2, POST Service Request). */
export function createSending(deps: Open311Deps, callers: Callers): Reply {
  return async ({ c, format }) => {
    using read = await bodyOf(c, deps.addressOf(c));
    if (!read.ok && read.why === 'busy') c.header('Retry-After', '5');
    if (!read.ok) return refuse(c, format, UNREAD[read.why]);
    const { body } = read;
    const given = (name: string) => valueIn(body, name) || (c.req.query(name)?.trim() ?? '');
    const found = await placeOf(deps, callers, c, given);
    if (!found.ok) return refuseAs(c, format, found);
    const { place } = found;
    const { viewer } = place.caller;
    c.header('Cache-Control', 'no-store');
    if (!viewer) return refuseAs(c, format, callers.missing);
    if (!hasScope(viewer, 'requests:write')) return lacksScope(deps, c, format, viewer);
    const person = valueIn(body, 'email') || valueIn(body, 'phone');
    const wait = callers.takeSent(viewer.token, person.toLowerCase());
    if (wait > 0) {
      const description = `Too many requests: wait ${wait} seconds.`;
      return refuseAs(c, format, { refusal: { status: 429, description }, wait });
    }
    return await make(deps, { c, format }, { place, viewer, body });
  };
}

const valueIn = ({ fields }: Body, name: string): string =>
  fields.find(([each]) => each === name)?.[1].trim() ?? '';

function lacksScope(
  { security }: Open311Deps,
  c: Context,
  format: Format,
  { token, office }: TokenViewer,
): Response {
  const what = 'requests:write';
  security.note('api.scope_refused', { token, office, route: routeOf(c), what });
  return refuse(c, format, { status: 403, description: `This api_key lacks the scope ${what}.` });
}

async function make(
  { requests }: Open311Deps,
  { c, format }: Pick<Question, 'c' | 'format'>,
  { place, viewer, body }: { place: Place; viewer: TokenViewer; body: Body },
): Promise<Response> {
  const { office, language } = place;
  const code = valueIn(body, 'service_code');
  const type = declaredType(office, code);
  if (!type)
    return code === ''
      ? refuse(c, format, { status: 400, description: 'service_code was not provided.' })
      : refuse(c, format, { status: 404, description: 'service_code was not found.' });
  const t = translateTo(language);
  const sayWrong = (wrong: readonly Wrong[]): Refusal[] =>
    wrong.map(([key, values]) => ({ status: 400, description: t(key, values ?? {}) }));
  const posted = postedIn(body.fields, type, { language, timeZone: office.timeZone });
  if (!posted.ok) return refuse(c, format, sayWrong(posted.wrong));
  const idempotencyKey = c.req.header('Idempotency-Key')?.slice(0, 200) ?? null;
  const also = { idempotencyKey, photos: body.files };
  const done = await requests.sendByToken(viewer, office, posted.sent, also);
  if (!done.ok) return refuse(c, format, sayWrong(wrongIn(done)));
  const dates = datesIn(language, office.timeZone);
  const notice = done.due
    ? t('open311.notice.due', {
        reference: done.reference,
        day: dates.longDay(done.due.toZonedDateTime(office.timeZone).toInstant()),
      })
    : t('open311.notice', { reference: done.reference });
  const data = [{ service_request_id: done.reference, service_notice: notice, account_id: null }];
  return send(c, format, { root: 'service_requests', data });
}

/** Returns what is wrong with what the office did not take. */
function wrongIn(done: Extract<TokenSendResult, { ok: false }>): Wrong[] {
  if ('reason' in done) {
    switch (done.reason) {
      case 'no_contact':
        return [['open311.wrong.contact']];
      case 'conflict':
        return [['open311.wrong.conflict']];
      case 'photo':
        return [['open311.wrong.photo']];
      default:
        return [['open311.wrong.service']];
    }
  }
  return Object.entries(done.mistakes).map(([field, mistake]): Wrong => {
    const isQuestion = field.startsWith('q-');
    const name = isQuestion ? `attribute[${field.slice(2)}]` : (FIELDS[field] ?? field);
    if (mistake === 'missing') return ['open311.wrong.missing', { name }];
    if (mistake === 'outside') return ['open311.wrong.outside'];
    return ['open311.wrong.value', { name }];
  });
}

/** The fields of the specification, by those of the house. */
const FIELDS: Readonly<Record<string, string>> = {
  text: 'description',
  place: 'lat, long',
  address: 'address_string',
  name: 'first_name, last_name',
  tellBy: 'email',
};
