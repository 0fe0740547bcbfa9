import type { Context as Request } from 'hono';
import type { ComponentChildren } from 'preact';
import type { Context } from '../../context.ts';
import type { Appointment } from '../../domain/appointment.ts';
import {
  type Bundle,
  type BundleRefusal,
  bookedBundle,
  bundleOf,
  type Extent,
  singleBundle,
} from '../../domain/office/bundle.ts';
import { originsOf } from '../../domain/office/clips.ts';
import type { Office, Town } from '../../domain/office/types.ts';
import type { Waiting } from '../../domain/waiting.ts';
import type { Journey } from '../../features/booking/journeys/types.ts';
import type { Companion } from '../../features/service/companions/types.ts';
import { type Dates, datesIn } from '../../lib/i18n/dates.ts';
import { type InterpretedLanguage, interpretedNamed } from '../../lib/i18n/interpreted.ts';
import { isLanguage, type Language, preferredLanguage } from '../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../lib/i18n/translate.ts';
import type { CitizenViewer, Viewer } from '../../lib/viewer.ts';
import type { Assets } from '../assets.ts';
import { type CitizenPage, sendPage } from '../respond.tsx';
import { type Handler, oncePerRequest } from '../routes.ts';
import type { Software } from '../software.ts';
import { proofIn } from './appointment/proof.ts';
import { textOf } from './booking/answers.ts';
import { Clips, clipsOf } from './clips.tsx';
import { gone } from './finding/gone.tsx';
import { Guide } from './interpreter/guide.tsx';
import { problem } from './problem.tsx';
import { extentIn } from './times/extent.ts';
import { urls } from './urls.ts';

/** The parts of the context that the citizen's pages need. */
export interface CitizenDeps
  extends Pick<
    Context,
    | 'clock'
    | 'security'
    | 'offices'
    | 'slots'
    | 'appointments'
    | 'waitList'
    | 'journeys'
    | 'drafts'
    | 'proofOfWork'
    | 'survey'
    | 'statistics'
    | 'stopping'
    | 'objecting'
    | 'delays'
    | 'linkRecovery'
    | 'device'
    | 'documents'
    | 'oneTimeCodes'
    | 'proofs'
    | 'consent'
    | 'relay'
    | 'companions'
    | 'checkIns'
    | 'attendants'
    | 'room'
    | 'stills'
    | 'captions'
    | 'callQuality'
    | 'streams'
  > {
  encounter: Pick<Context['encounter'], 'done'>;
  assets: Assets;
  software: Software;
  /** Tells whether this browser has a console session. */
  staff: Pick<Context['staff'], 'session'>;
  /** Whether browsers keep a page for the time without a connection. */
  keepsPage: boolean;
  /** The installation's public address, without a slash at its end. */
  baseUrl: string;
  /** The sender of a request, for counting: see `senders`. */
  senderOf(c: Request): Buffer;
  /** The address of a request, for counting in memory only. */
  addressOf(c: Request): string;
}

type Shown = Omit<CitizenPage, 't' | 'town' | 'office' | 'baseUrl' | 'children'>;

/** One request to a page: the reader's language, and ways to answer. */
export interface Visit {
  c: Request;
  t: Translate;
  language: Language;
  town: Town;
  now: Temporal.Instant;
  office: Office | null;
  /** The language of the interpreter that is asked for, of those that the office has. */
  interpreter: InterpretedLanguage | null;
  /** Whether the address begins with a language of the town, or is a short one, which names none. */
  isOffered: boolean;
  to: ReturnType<typeof urls>;
  show(page: Shown, children: ComponentChildren): Response;
  /** 303, after a successful form. */
  redirect(to: string): Response;
}

export interface OfficeVisit extends Visit {
  office: Office;
  dates: Dates;
}

export interface ProcedureVisit extends OfficeVisit {
  /** The procedures that are asked for or booked, as one; usually it is one. */
  procedure: Bundle;
}

/** The page where something is added to an appointment. `procedure`: that of the address alone. */
export interface AddingVisit extends ProcedureVisit {
  /** What the address asks for besides it. */
  asked: Extent;
  /** Why the office doesn't allow that; null: it does. */
  refused: BundleRefusal | null;
}

export interface JourneyVisit extends ProcedureVisit {
  journey: Journey;
}

export interface AppointmentVisit extends ProcedureVisit {
  appointment: Appointment;
  secret: string;
  /** With the proof in this browser. */
  viewer: CitizenViewer;
}

/** The request of a companion in a video appointment, by their own link. */
export interface CompanionVisit extends OfficeVisit {
  companion: Companion;
  appointment: Appointment;
  secret: string;
  viewer: Viewer;
}

/** The request of a person on the wait list, by the link of their entry. */
export interface WaitingVisit extends ProcedureVisit {
  waiting: Waiting;
  secret: string;
}

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

  const find = {
    journey: oncePerRequest((c) => findJourney(deps, c)),
    appointment: oncePerRequest((c) => findAppointment(deps, c)),
    companion: oncePerRequest((c) => findCompanion(deps, c)),
    waiting: oncePerRequest((c) => findWaiting(deps, c)),
  };

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
    find,
  };
}

/** Makes handlers with the result of `find`, or returns its answer. */
const handled =
  <V,>(find: (c: Request) => Found<V>) =>
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
  return { ...visit, journey: found, procedure: of };
}

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
  const proved = await proofIn(deps, visit.c.req.header('Cookie'), found);
  // A code typed here before a console sign-in shows no more than the link does.
  const proof = proved && (await worksHere(deps, visit.c)) ? null : proved;
  const viewer: CitizenViewer = { kind: 'citizen', appointment: found.id, proof };
  return { ...of, procedure: about, appointment: found, secret, viewer };
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

async function findWaiting(deps: CitizenDeps, c: Request): Promise<WaitingVisit | Response> {
  const visit = await visitOf(deps, c);
  const secret = c.req.param('secret') ?? '';
  const found = await deps.waitList.bySecret(secret);
  if (!found || !visit.isOffered) return problem(visit, 'no_waiting');
  const of = withOffice(deps, visit, await deps.offices.byId(found.office));
  const procedure = bookedBundle(of.office, found);
  if (!procedure) throw new Error(`Entry ${found.id} names no procedure of its office`);
  if (await isByStaff(deps, c)) return problem(of, 'staff_here');
  return { ...of, procedure, waiting: found, secret };
}

/**
 * Returns the visit for an error page: in the language of the address, else the chosen one or the browser's.
 */
export async function visitOf(
  deps: Pick<CitizenDeps, 'assets' | 'offices' | 'clock' | 'baseUrl'>,
  c: Request,
  chosen: Language | null = null,
): Promise<Visit> {
  const town = await deps.offices.town();
  const first = c.req.path.split('/')[1];
  const named = isLanguage(first) && town.languages.includes(first) ? first : null;
  const language =
    named ?? chosen ?? preferredLanguage(c.req.header('Accept-Language'), town.languages);
  const isOffered = named !== null || SHORT.test(c.req.path);
  return { ...visitIn(deps, c, town, language, null), isOffered };
}

/** Short addresses name no language. */
const SHORT = /^\/[swn]\//;

function visitIn(
  deps: Pick<CitizenDeps, 'assets' | 'clock' | 'baseUrl'>,
  c: Request,
  town: Town,
  language: Language,
  office: Office | null,
  asked?: string | null,
): Visit {
  const t = translateTo(language);
  const interpreter = interpreterOf(office, asked ?? c.req.query('interpreter'));
  const clips = clipsOf({ town, c });
  return {
    c,
    t,
    language,
    town,
    now: deps.clock.now(),
    office,
    interpreter,
    isOffered: true,
    to: urls(language),
    show: (page, children) =>
      sendPage(c, deps.assets, {
        ...page,
        t,
        town,
        office,
        baseUrl: deps.baseUrl,
        media: originsOf(clips.map(({ clip }) => clip)),
        children: (
          <>
            {interpreter && isUsual(page) ? (
              <Guide t={t} path={c.req.path} language={interpreter} />
            ) : null}
            <Clips t={t} clips={clips} />
            {children}
          </>
        ),
      }),
    redirect: (to) => c.redirect(to, 303),
  };
}

/** Returns whether a page is what its address promises, perhaps with mistakes in its form; not a refusal. */
const isUsual = ({ status = 200 }: Pick<Shown, 'status'>): boolean =>
  status === 200 || status === 422;

/** Returns the language with this code, if the office has an interpreter for it. */
const interpreterOf = (
  office: Office | null,
  code: string | undefined,
): InterpretedLanguage | null => {
  const named = interpretedNamed(code);
  return named && office?.settings.interpreters.includes(named) ? named : null;
};

/** Returns the visit with an office's name and look. `asked`: the code of an interpreter's language; by default that of the address. */
export function withOffice(
  deps: CitizenDeps,
  visit: Visit,
  office: Office,
  asked?: string | null,
): OfficeVisit {
  return {
    ...visitIn(deps, visit.c, visit.town, visit.language, office, asked),
    office,
    dates: datesIn(visit.language, office.timeZone),
  };
}

/** Opened documents, the log of them, and the code for them. */
const PAPERS = /\/documents\/[^/]+/;
/** Both sides see everything that a call or its test does in the citizen's name. */
const CALLS = /\/(room|device)(\/|$)/;
/** In a call only the citizen may allow a picture or ask for a phone call. */
const ANSWERS = /\/room\/(still|phone)$/;

/**
 * Returns whether a request would act as the citizen, or open their documents, in a browser with a
 * console session.
 * Staff act under their own name, even with a citizen's link.
 */
async function isByStaff(deps: Pick<CitizenDeps, 'staff'>, c: Request): Promise<boolean> {
  const { method, path } = c.req;
  const isReading = method === 'GET' || method === 'HEAD';
  const isOfCall = CALLS.test(path) && !ANSWERS.test(path);
  if (isReading ? !PAPERS.test(path) : isOfCall) return false;
  return worksHere(deps, c);
}

/** Returns whether this browser has a console session. */
const worksHere = async ({ staff }: Pick<CitizenDeps, 'staff'>, c: Request): Promise<boolean> =>
  (await staff.session(c.req.raw.headers, { isIdle: true })) !== null;
