import type { Context as Request } from 'hono';
import type { ComponentChildren } from 'preact';
import type { Context } from '../../context.ts';
import type { Appointment } from '../../domain/appointment.ts';
import type { Bundle, BundleRefusal, Extent } from '../../domain/office/bundle.ts';
import { originsOf } from '../../domain/office/clips.ts';
import type { Office, Procedure, Town } from '../../domain/office/types.ts';
import type { Waiting } from '../../domain/waiting.ts';
import type { Journey } from '../../features/booking/journeys/types.ts';
import { calledOf } from '../../features/foundation/identification/rules.ts';
import type { CitizenSession } from '../../features/foundation/identification/types.ts';
import type { Case } from '../../features/service/cases/types.ts';
import type { Companion } from '../../features/service/companions/types.ts';
import type { Authority } from '../../features/service/representation/service.ts';
import type { Acting, ActingObstacle } from '../../features/service/representation/types.ts';
import { type Dates, datesIn } from '../../lib/i18n/dates.ts';
import { type InterpretedLanguage, interpretedNamed } from '../../lib/i18n/interpreted.ts';
import { isLanguage, type Language, preferredLanguage } from '../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../lib/i18n/translate.ts';
import type { ApplicantViewer, CitizenViewer, PersonViewer, Viewer } from '../../lib/viewer.ts';
import type { Identified } from '../../ui/page.tsx';
import type { Assets } from '../assets.ts';
import { type CitizenPage, sendPage } from '../respond.tsx';
import type { Software } from '../software.ts';
import { Clips, clipsOf } from './clips.tsx';
import { sessionIn } from './identify/session.ts';
import { Guide } from './interpreter/guide.tsx';
import { urls } from './urls.ts';

/** The parts of the context that the citizen's pages need. */
export interface CitizenDeps
  extends Pick<
    Context,
    | 'clock'
    | 'identification'
    | 'folder'
    | 'identifying'
    | 'identityCodes'
    | 'representations'
    | 'requests'
    | 'security'
    | 'offices'
    | 'forms'
    | 'cases'
    | 'caseNews'
    | 'chats'
    | 'chatMailing'
    | 'chatFiles'
    | 'chatNews'
    | 'cosigning'
    | 'requests'
    | 'payments'
    | 'signatures'
    | 'caseDesk'
    | 'caseMessages'
    | 'receipts'
    | 'atOnce'
    | 'archive'
    | 'residents'
    | 'outsideRegistering'
    | 'notifications'
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
  /** For how long backups are kept; a test may have none. */
  backups?: Pick<Context['backups'], 'keptDays'>;
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
  /** The identified person in this browser; null: nobody is. */
  session: CitizenSession | null;
  /** The authorisation by which they act for another person in this browser, which may be over; null: they act for themselves. */
  acting: Acting | null;
  to: ReturnType<typeof urls>;
  show(page: Shown, children: ComponentChildren): Response;
  /** 303, after a successful form. */
  redirect(to: string): Response;
}

/** The request of an identified person. */
export interface PersonVisit extends Visit {
  session: CitizenSession;
  viewer: PersonViewer;
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
  /** Why it can't be booked for the person for whom somebody acts; null: it can, or they act for themselves. */
  obstacle: ActingObstacle | null;
}

export interface AppointmentVisit extends ProcedureVisit {
  appointment: Appointment;
  /** How it stands with the authorisation by which it was booked; null: it was booked without one. */
  authority: Authority | null;
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

/** The request of whoever may open a case, by its link. */
export interface CaseVisit extends OfficeVisit {
  found: Case;
  /** The procedure of the case, which may be offered no longer. */
  procedure: Procedure;
  secret: string;
  viewer: ApplicantViewer;
  /** The name of the person for whom whoever is identified acts in it, by the authorisation with which it was begun; null: they do not. */
  represented: string | null;
  /** Returns how those who helped to fill it in are called, by the ids of their accounts. */
  handNames(staff: readonly number[]): Promise<ReadonlyMap<number, string>>;
}

/** The request of a person on the wait list, by the link of their entry. */
export interface WaitingVisit extends ProcedureVisit {
  waiting: Waiting;
  secret: string;
}

/**
 * Returns the visit for an error page: in the language of the address, else the chosen one or the browser's.
 */
export async function visitOf(
  deps: VisitDeps,
  c: Request,
  chosen: Language | null = null,
): Promise<Visit> {
  const town = await deps.offices.town();
  const first = c.req.path.split('/')[1];
  const named = isLanguage(first) && town.languages.includes(first) ? first : null;
  const language =
    named ?? chosen ?? preferredLanguage(c.req.header('Accept-Language'), town.languages);
  const isOffered = named !== null || SHORT.test(c.req.path);
  const session = await sessionIn(deps, c);
  const acting = session?.acting
    ? await deps.representations.acting(personOf(session), session.acting)
    : null;
  return { ...visitIn(deps, c, { town, language, session, acting }, null), isOffered };
}

/** Short addresses name no language. */
const SHORT = /^\/[swn]\//;

/** Returns the visit after the person left: its pages name nobody. */
export const withoutSession = (deps: VisitDeps, visit: Visit): Visit => ({
  ...visitIn(deps, visit.c, { ...visit, session: null, acting: null }, visit.office),
  isOffered: visit.isOffered,
});

/** The parts of the context that every page needs. */
type VisitDeps = Pick<
  CitizenDeps,
  | 'assets'
  | 'offices'
  | 'clock'
  | 'baseUrl'
  | 'identification'
  | 'representations'
  | 'security'
  | 'addressOf'
>;

function visitIn(
  deps: Pick<CitizenDeps, 'assets' | 'clock' | 'baseUrl'>,
  c: Request,
  { town, language, session, acting }: Pick<Visit, 'town' | 'language' | 'session' | 'acting'>,
  office: Office | null,
  asked?: string | null,
): Visit {
  const t = translateTo(language);
  const interpreter = interpreterOf(office, asked ?? c.req.query('interpreter'));
  return {
    c,
    t,
    language,
    town,
    now: deps.clock.now(),
    office,
    interpreter,
    isOffered: true,
    session,
    acting,
    to: urls(language),
    show: (page, children) => {
      const clips = clipsOf({ town, c });
      return sendPage(c, deps.assets, {
        ...page,
        t,
        town,
        office,
        baseUrl: deps.baseUrl,
        identified: session && identifiedIn(t, session, acting),
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
      });
    },
    redirect: (to) => c.redirect(to, 303),
  };
}

/** Returns what each page says of who is identified, and for whom they act. */
function identifiedIn(t: Translate, session: CitizenSession, acting: Acting | null): Identified {
  const called = calledOf(session);
  if (!acting) return { called, for: session.represents?.name ?? null, acting: null };
  const other = acting.name || t('representation.somebody');
  return { called, for: other, acting: acting.isValid ? 'valid' : 'over' };
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
    ...visitIn(deps, visit.c, visit, office, asked),
    office,
    dates: datesIn(visit.language, office.timeZone),
  };
}

/**
 * Returns the viewer of a case. `session`: of the identified person in the browser; null: they have its link alone. `acting`: for whom they act in it;
 * null: for themselves, or for the organisation of their certificate.
 */
export const applicantOf = (
  id: string,
  session: CitizenSession | null,
  acting: Pick<Acting, 'id' | 'isValid'> | null,
): ApplicantViewer => ({
  kind: 'applicant',
  case: id,
  identified: session && {
    person: session.person,
    level: session.level,
    identification: session.identification,
    ...(acting?.isValid && { actsFor: acting.id }),
    ...(!acting && session.represents && { organisation: session.represents.identifier }),
  },
});

/** Returns the viewer of a session. */
export const personOf = ({ person, level, identification }: CitizenSession): PersonViewer => ({
  kind: 'person',
  person,
  level,
  identification,
});
