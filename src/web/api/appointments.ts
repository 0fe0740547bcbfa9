import type { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Appointment } from '../../domain/appointment.ts';
import type { Channel } from '../../domain/channel.ts';
import type { Office } from '../../domain/office/types.ts';
import { hasScope } from '../../domain/scopes.ts';
import { type ContactRefusal, checkDetails } from '../../features/booking/appointments/rules.ts';
import {
  type AuditedReads,
  createAuditedReads,
} from '../../features/booking/appointments/service.ts';
import { isUuid } from '../../lib/uuid.ts';
import { readCursor, writeCursor } from './cursor.ts';
import {
  getAppointment,
  getAppointments,
  getCourse,
  patchAppointment,
  postCancel,
} from './definitions.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiEnv } from './gate.ts';
import { invalid, lacksScope, notFound, refuse } from './respond.ts';
import { type citizenChange, rawCitizen } from './shapes/person.ts';
import {
  fieldOfRefusal,
  fieldsOfMistakes,
  formatAppointment,
  formatChanged,
  formatCourse,
  formatWholeAppointment,
} from './words.ts';

const NOT_OPEN = 'It has begun, is over or was cancelled.';
const FROZEN =
  'There are documents or acts of this appointment: a token can’t change how its citizen is reached. Nothing was done.';

/** Registers the operations on existing appointments: read, change and cancel. */
export function existingAppointments(api: OpenAPIHono<ApiEnv>, deps: ApiDeps): void {
  const { appointments } = deps;
  const reads = createAuditedReads(deps.unit);
  list(api, reads);
  one(api, reads, appointments);
  change(api, reads, appointments);
  cancel(api, appointments);
}

type Appointments = ApiDeps['appointments'];

function one(api: OpenAPIHono<ApiEnv>, reads: AuditedReads, appointments: Appointments): void {
  api.openapi(getAppointment, async (c) => {
    const office = c.get('office');
    const viewer = c.get('viewer');
    const { id } = c.req.valid('param');
    const { include } = c.req.valid('query');
    if (include && !hasScope(viewer, 'contacts:write')) return lacksScope(c, 'contacts:write');
    const found = isUuid(id) && (await reads.byId(viewer, office.id, id));
    if (!found) return notFound(c);
    const link = include ? await appointments.giveLink(viewer, office, id) : null;
    const said = {
      ...formatWholeAppointment(found, office),
      ...(link?.ok && { manageUrl: link.url }),
    };
    return c.json(said, 200);
  });

  api.openapi(getCourse, async (c) => {
    const office = c.get('office');
    const { id } = c.req.valid('param');
    const found = isUuid(id) && (await reads.byId(c.get('viewer'), office.id, id));
    return found
      ? c.json(formatCourse(await appointments.events(found), office), 200)
      : notFound(c);
  });
}

function change(api: OpenAPIHono<ApiEnv>, reads: AuditedReads, appointments: Appointments): void {
  api.openapi(patchAppointment, async (c) => {
    const office = c.get('office');
    const viewer = c.get('viewer');
    const { start, channel, site, citizen } = c.req.valid('json');
    const { id } = c.req.valid('param');
    if (citizen && !hasScope(viewer, 'contacts:write')) return lacksScope(c, 'contacts:write');
    let current = isUuid(id) && (await reads.byId(viewer, office.id, id));
    if (!current) return notFound(c);
    if (current.status !== 'booked') return refuse(c, 'not-open', NOT_OPEN);
    const checked = checkContact(office, current, channel, citizen);
    if (!checked.ok) return invalid(c, fieldsOfMistakes(checked.mistakes));

    // Before the move: the request succeeds or fails as a whole.
    const refusal = citizen ? await appointments.refusesContact(viewer, office, current.id) : null;
    if (refusal) return refuseContact(c, refusal);
    if (start || channel || site) {
      const to = placeOf(current, { start, channel, site });
      const moved = await appointments.move(viewer, office, current.id, to);
      if (!moved.ok) return refuseMove(c, moved);
      current = moved.appointment;
    }
    if (citizen) {
      const { details } = checked;
      const changed = await appointments.changeContact(viewer, office, current.id, details.citizen);
      if (!changed.ok) return refuseChange(c, changed);
      current = changed.appointment;
    }
    return c.json(formatChanged(viewer, current, office), 200);
  });
}

function cancel(api: OpenAPIHono<ApiEnv>, appointments: Appointments): void {
  api.openapi(postCancel, async (c) => {
    const office = c.get('office');
    const { id } = c.req.valid('param');
    if (!isUuid(id)) return notFound(c);
    const reason = c.req.valid('json').reason ?? '';
    const viewer = c.get('viewer');
    const result = await appointments.cancel(viewer, office, id, reason.trim());
    if (result.ok) return c.json(formatChanged(viewer, result.appointment, office), 200);
    return result.reason === 'not_found' ? notFound(c) : refuse(c, 'not-open', NOT_OPEN);
  });
}

type Refusal<Result> = Extract<Awaited<Result>, { ok: false }>;

function refuseMove(c: Context, { reason }: Refusal<ReturnType<Appointments['move']>>) {
  switch (reason) {
    case 'not_found':
      return notFound(c);
    case 'not_open':
      return refuse(c, 'not-open', NOT_OPEN);
    case 'slot_taken':
      return refuse(c, 'slot-taken', 'This time is not free. The appointment stays as it was.');
    case 'unmet_need':
      return invalid(c, [
        { ...fieldsOfMistakes({ needs: 'not_on_channel' })[0]!, name: 'channel' },
      ]);
    case 'channel_not_offered':
      return invalid(c, [fieldOfRefusal(reason)]);
    default:
      return refuse(c, 'not-offered', fieldOfRefusal(reason).message);
  }
}

function refuseChange(c: Context, { reason }: Refusal<ReturnType<Appointments['changeContact']>>) {
  switch (reason) {
    case 'not_found':
      return notFound(c);
    case 'not_allowed':
    case 'has_documents':
      return refuseContact(c, reason);
    default:
      return refuse(c, 'not-open', NOT_OPEN);
  }
}

const refuseContact = (c: Context, refusal: ContactRefusal) =>
  refusal === 'not_allowed' ? lacksScope(c, 'contacts:write') : refuse(c, 'contact-frozen', FROZEN);

function list(api: OpenAPIHono<ApiEnv>, reads: AuditedReads): void {
  api.openapi(getAppointments, async (c) => {
    const office = c.get('office');
    const { from, to, cursor, limit, ...filters } = c.req.valid('query');
    const after = cursor === undefined ? undefined : readCursor(cursor);
    if (after === null) {
      const message = 'This is no cursor of ours: begin again without one.';
      return invalid(c, [{ name: 'cursor', reason: 'not_known', message }]);
    }
    const startOf = (day: string, plus: number) =>
      Temporal.PlainDate.from(day).add({ days: plus }).toZonedDateTime(office.timeZone).toInstant();
    const found = await reads.search(c.get('viewer'), {
      office: office.id,
      from: from === undefined ? undefined : startOf(from, 0),
      to: to === undefined ? undefined : startOf(to, 1),
      ...filters,
      after,
      limit: limit + 1,
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return c.json(
      {
        appointments: page.map((each) => formatAppointment(each, office)),
        nextCursor: found.length > limit && last ? writeCursor(last) : null,
      },
      200,
    );
  });
}

/** Where and when it shall be: what is left out stays. */
const placeOf = (current: Appointment, { start, channel, site }: Wanted) => ({
  start: start ?? current.start,
  channel: channel ?? current.channel,
  ...(site && { site }),
});

interface Wanted {
  start: Temporal.Instant | undefined;
  channel: Channel | undefined;
  site: string | undefined;
}

/** Checks the changed contact for the changed channel: a call needs a telephone. */
function checkContact(
  office: Office,
  current: Appointment,
  channel?: Channel,
  change: z.infer<typeof citizenChange> = {},
) {
  const raw = rawCitizen(current.citizen, change);
  return checkDetails(channel ?? current.channel, raw, office.settings);
}
