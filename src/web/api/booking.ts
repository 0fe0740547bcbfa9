import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { askOf } from '../../domain/appointment.ts';
import { bookedBundle } from '../../domain/office/bundle.ts';
import { hasScope } from '../../domain/scopes.ts';
import { checkDetails } from '../../features/booking/appointments/rules.ts';
import { LONGEST_SPAN } from '../../features/booking/slots/service.ts';
import { isSigned } from '../../lib/i18n/languages.ts';
import {
  getForm,
  getOffice,
  getProcedures,
  getSlots,
  postAppointment,
  postHold,
  V1,
} from './definitions.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiEnv } from './gate.ts';
import { invalid, lacksScope, notFound, refuse } from './respond.ts';
import { formatForm } from './shapes/form.ts';
import { rawDetails } from './shapes/person.ts';
import { askedOf } from './shapes/procedures.ts';
import {
  fieldOfRefusal,
  fieldsOfMistakes,
  formatAppointment,
  formatInstant,
  formatOffice,
  formatProcedure,
} from './words.ts';

/** The office's own system uses the token, and the office is responsible for its number of bookings. */
const NO_LIMITS = 'A token’s holds and bookings are not counted';
const TAKEN = 'Somebody else has this time, or it isn’t offered: choose another.';

export function catalogue(api: OpenAPIHono<ApiEnv>, { slots, forms }: ApiDeps): void {
  api.openapi(getOffice, (c) => c.json(formatOffice(c.get('office')), 200));

  api.openapi(getProcedures, (c) =>
    c.json({ procedures: c.get('office').procedures.map(formatProcedure) }, 200),
  );

  api.openapi(getForm, async (c) => {
    const office = c.get('office');
    const published = await forms.current(office, c.req.valid('param').code);
    return published ? c.json(formatForm(published, office.timeZone), 200) : notFound(c);
  });

  api.openapi(getSlots, async (c) => {
    const office = c.get('office');
    const { from, to, ...asked } = c.req.valid('query');
    const ask = { ...asked, ...askedOf(asked) };
    const found = await slots.search(office, ask, { from, to });
    if (!found.ok) {
      const message = `From the first to the last day there must be 1 to ${LONGEST_SPAN} days.`;
      return invalid(c, [
        found.reason === 'bad_span'
          ? { name: 'to', reason: 'bad_span', message }
          : fieldOfRefusal(found.reason),
      ]);
    }
    const { timeZone } = office;
    const said = found.slots.map(({ start, end, capacity }) => ({
      start: formatInstant(start, timeZone),
      end: formatInstant(end, timeZone),
      capacity,
    }));
    return c.json({ timeZone, slots: said }, 200);
  });
}

/** Registers the operations that hold and book a time. */
export function booking(api: OpenAPIHono<ApiEnv>, { appointments }: ApiDeps): void {
  api.openapi(postHold, async (c) => {
    const office = c.get('office');
    const asked = c.req.valid('json');
    const held = await appointments.hold(office, { ...asked, ...askedOf(asked) });
    if (held.ok) {
      const expiresAt = formatInstant(held.expiresAt, office.timeZone);
      return c.json({ hold: held.hold, expiresAt }, 201);
    }
    if (held.reason === 'too_many') throw new Error(NO_LIMITS);
    return held.reason === 'slot_taken'
      ? refuse(c, 'slot-taken', TAKEN)
      : invalid(c, [fieldOfRefusal(held.reason)]);
  });

  api.openapi(postAppointment, async (c) => {
    const office = c.get('office');
    const viewer = c.get('viewer');
    const { hold, externalId, ...asked } = c.req.valid('json');
    const wanted = { ...asked, ...askedOf(asked) };
    const { include } = c.req.valid('query');
    if (include && !hasScope(viewer, 'contacts:write')) return lacksScope(c, 'contacts:write');
    const key = c.req.valid('header')['Idempotency-Key'];
    const checked = checkDetails(wanted.channel, rawDetails(wanted), office.settings);
    if (!checked.ok) return invalid(c, fieldsOfMistakes(checked.mistakes));
    if (checked.details.onBehalfOf && bookedBundle(office, wanted)?.onBehalf === false) {
      const message = 'Nobody may act for somebody else in this procedure.';
      return invalid(c, [{ name: 'onBehalfOf', reason: 'not_offered', message }]);
    }

    const { language, start } = wanted;
    const noticeLanguage = isSigned(language) ? (office.languages[0] ?? 'ca') : language;
    const choice = { ...askOf(wanted), start, noticeLanguage, noticesBy: asked.noticesBy ?? null };
    const request = { ...choice, ...checked.details };
    const result = await appointments.book(viewer, office, request, {
      hold: hold ?? undefined,
      externalId: externalId ?? undefined,
      // A key belongs to its token: two systems that both count from 1 don't collide.
      idempotencyKey: key === undefined ? undefined : `token ${viewer.token} ${key}`,
    });
    if (!result.ok) return refuseBooking(c, result);
    const { appointment, created } = result;
    const link = include ? await appointments.giveLink(viewer, office, appointment.id) : null;
    const said = {
      ...formatAppointment(appointment, office),
      ...(link?.ok && { manageUrl: link.url }),
    };
    if (!created) return c.json(said, 200);
    const location = `${V1}/offices/${office.code}/appointments/${appointment.id}`;
    return c.json(said, 201, { Location: location });
  });
}

type Unbooked = Extract<Awaited<ReturnType<ApiDeps['appointments']['book']>>, { ok: false }>;

function refuseBooking(c: Context, { reason }: Unbooked) {
  switch (reason) {
    case 'too_many':
      throw new Error(NO_LIMITS);
    case 'slot_taken':
      return refuse(c, 'slot-taken', TAKEN);
    case 'unmet_need':
      return invalid(c, fieldsOfMistakes({ needs: 'not_on_channel' }));
    case 'idempotency_conflict':
      return refuse(
        c,
        'idempotency-conflict',
        'This externalId or Idempotency-Key made an appointment of other content.',
      );
    default:
      return invalid(c, [fieldOfRefusal(reason)]);
  }
}
