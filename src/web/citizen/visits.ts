import type { Context as Request } from 'hono';
import { bookedBundle, bundleOf, singleBundle } from '../../domain/office/bundle.ts';
import type { Journey } from '../../features/booking/journeys/types.ts';
import { hadSession } from '../../features/foundation/identification/service.ts';
import { obstacleTo } from '../../features/service/representation/rules.ts';
import type { Acting } from '../../features/service/representation/types.ts';
import type { CitizenViewer, Viewer } from '../../lib/viewer.ts';
import { type Handler, oncePerRequest } from '../routes.ts';
import { textOf } from './booking/answers.ts';
import { isByStaff, proofHere } from './by-staff.ts';
import { findCase } from './cases/find.ts';
import { findChat } from './chat/find.ts';
import { findCosigner } from './cosigning/find.ts';
import { gone } from './finding/gone.tsx';
import { browserOf } from './identify/session.ts';
import { problem } from './problem.tsx';
import { findFollower, findRequest } from './requests/find.ts';
import { extentIn } from './times/extent.ts';
import {
  type AddingVisit,
  type AppointmentVisit,
  type CitizenDeps,
  type CompanionVisit,
  type JourneyVisit,
  type OfficeVisit,
  type PersonVisit,
  type ProcedureVisit,
  personOf,
  type Visit,
  visitOf,
  type WaitingVisit,
  withOffice,
} from './visit.tsx';

type Of<V> = (visit: V) => Response | Promise<Response>;

/** A visit, or the answer when the address names nothing. */
type Found<V> = Promise<V | Response>;

/**
 * Makes handlers of pages: each kind first finds the objects that its address names, and answers 404
 * without them. `find`: looks up
 * the secret of an address once per request, also for the guards.
 */
export function visits(deps: CitizenDeps) {
  const page =
    (handle: Of<Visit>): Handler =>
    async (c) =>
      handle(await visitOf(deps, c));

  const office = (handle: Of<OfficeVisit>): Handler =>
    page(async (visit) => {
      const found = await deps.offices.find(visit.c.req.param('office') ?? '');
      if (!found || !visit.isOffered) return problem(visit, 'not_found');
      return handle(withOffice(deps, visit, found));
    });

  const adding = (handle: Of<AddingVisit>): Handler =>
    office((visit) => {
      const found = visit.office.procedure(visit.c.req.param('procedure') ?? '');
      if (!found) return problem(visit, 'not_found');
      if (found.retired) return gone(visit, found);
      const asked = extentIn(visit.c);
      const made = bundleOf(visit.office, { procedure: found.code, ...asked });
      const refused = made.ok ? null : made.reason;
      return handle({ ...visit, procedure: singleBundle(found), asked, refused });
    });

  // What the office doesn't allow is told on the page where it is chosen.
  const procedure = (handle: Of<ProcedureVisit>): Handler =>
    adding(({ asked, refused, ...visit }) => {
      const { office: where, procedure: one, to } = visit;
      const made = bundleOf(where, { procedure: one.code, ...asked });
      if (made.ok) return handle({ ...visit, procedure: made.bundle });
      const { search } = new URL(visit.c.req.url);
      return visit.redirect(`${to.adding(where.code, one.code)}${search}`);
    });

  const find = findersOf(deps);

  return {
    page: (handle: Of<Visit>) =>
      page((visit) => (visit.isOffered ? handle(visit) : problem(visit, 'not_found'))),
    office,
    procedure,
    adding,
    journey: handled(find.journey),
    appointment: handled(find.appointment),
    companion: handled(find.companion),
    waiting: handled(find.waiting),
    chat: handled(find.chat),
    case: handled(find.case),
    cosigner: handled(find.cosigner),
    request: handled(find.request),
    follower: handled(find.follower),
    person: handled(find.person),
    find,
  };
}

/** The look-ups of what secrets in addresses open, each once per request. */
const findersOf = (deps: CitizenDeps) => ({
  journey: oncePerRequest((c) => findJourney(deps, c)),
  appointment: oncePerRequest((c) => findAppointment(deps, c)),
  companion: oncePerRequest((c) => findCompanion(deps, c)),
  waiting: oncePerRequest((c) => findWaiting(deps, c)),
  chat: oncePerRequest((c) => findChat(deps, c)),
  case: oncePerRequest((c) => findCase(deps, c)),
  cosigner: oncePerRequest((c) => findCosigner(deps, c)),
  request: oncePerRequest((c) => findRequest(deps, c)),
  follower: oncePerRequest((c) => findFollower(deps, c)),
  person: oncePerRequest((c) => findPerson(deps, c)),
});

/** Finds the identified person; anybody else is asked to identify, and comes back. */
async function findPerson(deps: CitizenDeps, c: Request): Promise<PersonVisit | Response> {
  const visit = await visitOf(deps, c);
  const { session } = visit;
  if (!visit.isOffered) return problem(visit, 'not_found');
  if (session) return { ...visit, session, viewer: personOf(session) };
  const { pathname, search } = new URL(c.req.url);
  const { cookie } = browserOf(c);
  const ended = hadSession(cookie, deps.baseUrl) ? { ended: '1' } : {};
  return visit.redirect(visit.to.identify({ next: `${pathname}${search}`, ...ended }));
}

/** Makes handlers with the result of `find`, or returns its answer. */
const handled =
  <V>(find: (c: Request) => Found<V>) =>
  (handle: Of<V>): Handler =>
  async (c) => {
    const visit = await find(c);
    return visit instanceof Response ? visit : handle(visit);
  };

async function findJourney(deps: CitizenDeps, c: Request): Promise<JourneyVisit | Response> {
  const page = await visitOf(deps, c);
  const here = await deps.offices.find(c.req.param('office') ?? '');
  if (!here || !page.isOffered) return problem(page, 'not_found');
  const found = await deps.journeys.find(c.req.param('journey') ?? '');
  const visit = withOffice(deps, page, here, textOf(found?.answers ?? {}, 'interpreter'));
  const of = found && bookedBundle(visit.office, found);
  if (!found || !of || found.office !== visit.office.id) return problem(visit, 'no_journey');
  if (found.appointment) {
    const its = await deps.appointments.byId(visit.office, found.appointment);
    // The booker may no longer be reached there: a replaced link is only for its citizen.
    if (!its || its.link > 0) return problem(visit, 'no_appointment');
    return visit.redirect(visit.to.appointment(deps.appointments.secretOf(its), 'confirmed'));
  }
  const { acting } = visit;
  const on = { office: visit.office.id, bundle: of, start: found.start };
  const obstacle = acting && obstacleTo(acting, on);
  const journey = acting && !obstacle ? actingOn(found, acting) : found;
  return { ...visit, journey, procedure: of, obstacle };
}

/** Returns a booking whose answers are for the person for whom somebody acts. They are not kept with it: whom they act for is asked each time. */
const actingOn = (journey: Journey, { name }: Acting): Journey => ({
  ...journey,
  answers: { ...journey.answers, whom: 'other', onBehalfOf: name },
});

async function findAppointment(
  deps: CitizenDeps,
  c: Request,
): Promise<AppointmentVisit | Response> {
  const visit = await visitOf(deps, c);
  const secret = visit.c.req.param('secret') ?? '';
  const found = await deps.appointments.bySecret(secret);
  if (!found || !visit.isOffered) return problem(visit, 'no_appointment');
  const office = await deps.offices.byId(found.office);
  const of = withOffice(deps, visit, office, found.interpreter);
  const about = bookedBundle(of.office, found);
  if (!about) throw new Error(`Appointment ${found.id} names no procedure of its office`);
  if (await isByStaff(deps, visit.c)) return problem(of, 'staff_here');
  const person = visit.session?.person ?? null;
  const authority = await deps.representations.authorityOf(found, person);
  if (authority?.isClosed) return problem(of, 'no_authority');
  // A code typed here before a console sign-in shows no more than the link does.
  const proof = await proofHere(deps, visit, found);
  const viewer: CitizenViewer = { kind: 'citizen', appointment: found.id, proof };
  return { ...of, procedure: about, appointment: found, authority, secret, viewer };
}

async function findCompanion(deps: CitizenDeps, c: Request): Promise<CompanionVisit | Response> {
  const visit = await visitOf(deps, c);
  const secret = visit.c.req.param('secret') ?? '';
  const found = await deps.companions.bySecret(secret);
  if (!found || !visit.isOffered) return problem(visit, 'no_companion');
  const of = withOffice(deps, visit, await deps.offices.byId(found.office));
  const about = await deps.appointments.byId(of.office, found.appointment);
  // A forgotten appointment has no names.
  if (!about?.citizen.name) return problem(visit, 'no_companion');
  const viewer: Viewer = { kind: 'companion', companion: found.id, appointment: about.id };
  return { ...of, companion: found, appointment: about, secret, viewer };
}

/** Returns whether an appointment was booked by an authorisation that is over, so that its links open nothing. */
const isClosed = async (
  { representations }: CitizenDeps,
  { session }: Visit,
  appointment: { id: string; office: number },
): Promise<boolean> =>
  (await representations.authorityOf(appointment, session?.person ?? null))?.isClosed ?? false;

async function findWaiting(deps: CitizenDeps, c: Request): Promise<WaitingVisit | Response> {
  const visit = await visitOf(deps, c);
  const secret = c.req.param('secret') ?? '';
  const found = await deps.waitList.bySecret(secret);
  if (!found || !visit.isOffered) return problem(visit, 'no_waiting');
  const of = withOffice(deps, visit, await deps.offices.byId(found.office));
  const procedure = bookedBundle(of.office, found);
  if (!procedure) throw new Error(`Entry ${found.id} names no procedure of its office`);
  if (await isByStaff(deps, c)) return problem(of, 'staff_here');
  if (found.appointment && (await isClosed(deps, visit, { ...found, id: found.appointment.id })))
    return problem(of, 'no_authority');
  return { ...of, procedure, waiting: found, secret };
}

export type Visits = ReturnType<typeof visits>;
