import type { Context as Request } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ComponentChildren } from 'preact';
import type { Context } from '../../context.ts';
import { otherTeamsOf } from '../../domain/office/teams.ts';
import type { Office, Town } from '../../domain/office/types.ts';
import { can } from '../../domain/roles.ts';
import { shortcutsOf } from '../../features/foundation/preferences/rules.ts';
import type { Preferences } from '../../features/foundation/preferences/types.ts';
import { viewerOf } from '../../features/foundation/staff/service.ts';
import type { Caller, Cookies, StaffSession } from '../../features/foundation/staff/types.ts';
import type { DeskPeople } from '../../features/service/attendants/service.ts';
import type { AtDesk } from '../../features/service/chat/service.ts';
import type { Waiting } from '../../features/service/colleagues/types.ts';
import type { EncounterService } from '../../features/service/encounter/service.ts';
import type { Standing } from '../../features/service/presence/types.ts';
import type { DeskPhone } from '../../features/service/softphone/types.ts';
import { recognised } from '../../lib/http/recognised.ts';
import { cookieIn } from '../../lib/http/secret-cookie.ts';
import { type Dates, datesIn } from '../../lib/i18n/dates.ts';
import {
  isLanguage,
  LANGUAGES,
  type Language,
  preferredLanguage,
  textIn,
} from '../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../lib/i18n/translate.ts';
import type { StaffViewer } from '../../lib/viewer.ts';
import { styleOf } from '../../ui/theme.ts';
import { clientAddress } from '../address.ts';
import type { Assets } from '../assets.ts';
import { sendDocument } from '../respond.tsx';
import { type Handler, oncePerRequest } from '../routes.ts';
import type { Device } from '../security.ts';
import { AlertsMarker } from './alerts/marker.tsx';
import type { Post } from './bar/bar.tsx';
import { besideIn } from './bar/beside.tsx';
import { PresenceMenu } from './bar/presence-menu.tsx';
import { ConsolePage } from './layout.tsx';
import { Phone } from './phone.tsx';
import { ownPlaces, placesOf, postsOf } from './places.ts';
import { readUnsaved, sessionEnded } from './problem.tsx';

/** The parts of the context that the staff's pages need. */
export interface StaffDeps
  extends Pick<
    Context,
    | 'clock'
    | 'security'
    | 'offices'
    | 'slots'
    | 'staff'
    | 'assistance'
    | 'cards'
    | 'attendants'
    | 'coordination'
    | 'rota'
    | 'delays'
    | 'presence'
    | 'liveBoards'
    | 'softphone'
    | 'auditTrail'
    | 'people'
    | 'staffIdentifiers'
    | 'sso'
    | 'preferences'
    | 'identification'
    | 'payments'
    | 'signatures'
    | 'webhooks'
    | 'calendarFeeds'
    | 'calendarConnections'
    | 'administration'
    | 'tokens'
    | 'imports'
    | 'reading'
    | 'previews'
    | 'eventFeed'
    | 'streams'
    | 'room'
    | 'stills'
    | 'captions'
    | 'colleagues'
    | 'companions'
    | 'checkIns'
    | 'callQuality'
    | 'planning'
    | 'relay'
    | 'documents'
    | 'forms'
    | 'cases'
    | 'residents'
    | 'caseNews'
    | 'casesByAct'
    | 'serving'
    | 'atOnce'
    | 'receipts'
    | 'packages'
    | 'caseDesk'
    | 'caseMessages'
    | 'archive'
    | 'requests'
    | 'reports'
    | 'cosigning'
    | 'outsideRegistering'
    | 'notifications'
    | 'representations'
    | 'consent'
    | 'proofs'
    | 'identifying'
    | 'statistics'
    | 'chatDesk'
    | 'chatWork'
    | 'chatFiles'
    | 'officeChatNews'
    | 'operating'
    | 'trials'
    | 'log'
  > {
  encounter: EncounterService;
  config: Pick<Context['config'], 'baseUrl' | 'trustedProxies'>;
  assets: Assets;
}

interface Shown {
  title: string;
  layout?: 'column' | 'regions';
  status?: ContentfulStatusCode;
  hasErrors?: boolean;
  skipToAction?: boolean;
  /** The islands that enhance the page. */
  islands?: readonly string[];
  /** The devices that the page may request. */
  devices?: readonly Device[];
  /** One more source of its pictures. */
  image?: string | undefined;
}

/** A request before the sign-in. */
export interface StaffVisit {
  c: Request;
  t: Translate;
  now: Temporal.Instant;
  show(page: Shown, children: ComponentChildren): Response;
  /** 303, after a successful form. */
  redirect(to: string, cookies?: Cookies): Response;
}

export interface SignedInVisit extends StaffVisit {
  session: StaffSession;
  /** The person's preferences for the console. */
  preferences: Preferences;
  /** All of the person's offices. */
  posts: readonly Post[];
}

/** A request by a member of this office's staff. */
export interface DeskVisit extends SignedInVisit {
  viewer: StaffViewer;
  office: Office;
  town: Town;
  dates: Dates;
  /** The presence at their desk; null: they have none. */
  standing: Standing | null;
  /** The requests of colleagues that wait for their answer. */
  waiting: readonly Waiting[];
  /** The conversations in writing of the viewer's desk; null: they have no desk, or the office has no chat. */
  chats: AtDesk | null;
  /** The names of the people of each desk: see `nameDesk`. */
  people: DeskPeople;
  /** `/console/oac` */
  base: string;
}

/** A request by a member of this office's staff that only leads elsewhere, so that nothing is read for a page. */
export type PassingVisit = Pick<DeskVisit, 'c' | 'now' | 'redirect' | 'viewer' | 'office' | 'base'>;

export const LANGUAGE_COOKIE = 'staff_language';

/** Returns the chosen language of a member of staff; null: none is chosen, or it isn't a staff page. */
export function chosenLanguage(c: Request, baseUrl: string): Language | null {
  const chosen = cookieIn(c.req.header('Cookie') ?? '', LANGUAGE_COOKIE, baseUrl);
  return /^\/(console|staff)\b/.test(c.req.path) && isLanguage(chosen) ? chosen : null;
}

function staffVisit(deps: StaffDeps, c: Request, more: Partial<DeskVisit> = {}): StaffVisit {
  const t = translateTo(
    chosenLanguage(c, deps.config.baseUrl) ??
      preferredLanguage(c.req.header('Accept-Language'), LANGUAGES),
  );
  return {
    c,
    t,
    now: deps.clock.now(),
    redirect: (to, cookies = []) => {
      for (const cookie of cookies) c.header('Set-Cookie', cookie, { append: true });
      return c.redirect(to, 303);
    },
    show: (
      { title, layout = 'column', status, islands = [], devices = [], image, ...shown },
      children,
    ) => {
      const { session, preferences, posts = [], office, viewer } = more;
      // Keys and the bar's menus are on every page after the sign-in.
      const phone = viewer && office ? deps.softphone.phoneOf(viewer, office) : null;
      const own = [...(session ? ['console'] : []), ...(phone ? ['softphone'] : [])];
      const scripts = scriptsOf(deps, [...own, ...islands]);
      const post = posts.find((each) => each.code === office?.code);
      const theme = more.office ? styleOf(more.office.settings.look) : null;
      const document = (
        <ConsolePage
          t={t}
          title={titleIn(t, title, posts.length > 1 ? post : undefined)}
          stylesheet={deps.assets.consoleCss}
          path={pathOf(c)}
          person={session}
          post={post}
          posts={posts}
          places={viewer && office && placesOf(t, viewer, office, pathOf(c))}
          own={ownPlaces(t, pathOf(c), more, deps.assets.documentation)}
          keys={preferences && shortcutsOf(preferences.keys)}
          theme={theme}
          layout={layout}
          scripts={scripts}
          phone={phone && phoneIn(t, more, phone)}
          presence={presenceIn(t, more, pathOf(c))}
          beside={besideIn(t, deps.clock.now(), more, pathOf(c))}
          alerts={alertsIn(more)}
          {...shown}
        >
          {children}
        </ConsolePage>
      );
      return sendDocument(c, document, {
        ...(status && { status }),
        isPersonal: true,
        style: theme?.source,
        image,
        script: scripts.length > 0,
        connect: office && [...(phone ? [phone.origin] : []), ...deps.captions.origins(office)],
        devices: phone ? [...devices, 'microphone'] : devices,
      });
    },
  };
}

const scriptsOf = ({ assets }: StaffDeps, islands: readonly string[]): string[] =>
  [...new Set(islands)].flatMap((each) => assets.island(each) ?? []);

function phoneIn(t: Translate, { office, viewer }: Partial<DeskVisit>, phone: DeskPhone) {
  if (!office || !viewer) return null;
  const { country, phone: line } = office.settings;
  return (
    <Phone
      t={t}
      base={`/console/${office.code}`}
      phone={phone}
      share={`${office.code} ${viewer.staff}`}
      country={country}
      prefix={line?.prefix ?? ''}
    />
  );
}

/** Returns a page's whole title. `post`: the present office of a person with several. */
function titleIn(t: Translate, title: string, post: Post | undefined): string {
  const place = post ? [textIn(post.name, t.language)] : [];
  return [title, ...place, t('staff.console')].join(' – ');
}

/** The alerts of whoever has a desk. */
function alertsIn({ office, viewer, base, preferences }: Partial<DeskVisit>) {
  if (!office || !base || !preferences || (viewer?.desk ?? null) === null) return null;
  const share = `${office.code} ${viewer?.staff}`;
  return <AlertsMarker base={base} share={share} chosen={preferences.alerts} />;
}

function presenceIn(t: Translate, { office, standing }: Partial<DeskVisit>, path: string) {
  return office && standing ? (
    <PresenceMenu t={t} base={`/console/${office.code}`} path={path} standing={standing} />
  ) : null;
}

/** Returns the address that shows the requested page again: a form's own address may accept POST only. */
function pathOf(c: Request): string {
  const { pathname, search } = new URL(c.req.url);
  if (c.req.method === 'GET') return pathname + search;
  return pathname.replace(
    /\/(attempt|start|give-up|save|documents|companion(\/[\w-]+\/\w+)?)$/,
    '',
  );
}

/** Returns an address of ours to return to; any other becomes the console. */
export function localPath(given: string): string {
  return /^\/(console|staff)(\/[\w/-]*)?(\?[\w=&-]*)?$/.test(given) ? given : '/console';
}

export function callerOf(deps: Pick<StaffDeps, 'config'>, c: Request): Caller {
  return {
    address: clientAddress(c, deps.config.trustedProxies),
    userAgent: c.req.header('User-Agent') ?? '',
    cookie: c.req.header('Cookie') ?? '',
  };
}

/** Returns whether a script made the request: a stream, or the day that a page reloads. */
const asksByItself = (c: Request): boolean =>
  c.req.header('X-Refresh') !== undefined || c.req.header('Accept') === 'text/event-stream';

type Of<V> = (visit: V) => Response | Promise<Response>;

const sessions = new WeakMap<Request, Promise<StaffSession | null>>();

/** Returns the session, looked up once per request. */
export function sessionOf({ staff }: Pick<StaffDeps, 'staff'>, c: Request) {
  const known =
    sessions.get(c) ?? recognised(c, staff.session(c.req.raw.headers, { isIdle: asksByItself(c) }));
  sessions.set(c, known);
  return known;
}

/** Redirects to the sign-in and back; a sent form is kept on the page. */
export async function askToSignIn(deps: StaffDeps, c: Request): Promise<Response> {
  if (c.req.method !== 'GET') {
    const form = await readUnsaved(c, () => clientAddress(c, deps.config.trustedProxies));
    return sessionEnded(staffVisit(deps, c), form);
  }
  return c.redirect(`/staff/sign-in?next=${encodeURIComponent(localPath(pathOf(c)))}`, 303);
}

/** Reads what every page of an office shows beside its own. `isIdle`: a script asks for the page. */
async function readBeside(deps: StaffDeps, viewer: StaffViewer, office: Office, isIdle: boolean) {
  const [standing, waiting, people, chats] = await Promise.all([
    deps.presence.visit(viewer, office, { isIdle }),
    isIdle ? [] : deps.colleagues.waiting(viewer),
    deps.attendants.atDesks(office),
    isIdle ? null : deps.chatWork.atDesk(viewer, office),
  ]);
  return { standing, waiting, people, chats };
}

/** Makes handlers of pages: each kind first finds its viewer, and refuses those without permission. */
export function staffVisits(deps: StaffDeps) {
  const open =
    (handle: Of<StaffVisit>): Handler =>
    (c) =>
      handle(staffVisit(deps, c));

  const openOffices = oncePerRequest(() => deps.offices.list());

  const memberOf = async (c: Request, session: StaffSession) => {
    const code = c.req.param('office') ?? '';
    const post = viewerOf(session, code);
    const office = (await openOffices(c)).find((each) => each.code === code);
    if (!post || !office || !can(post, 'open_console')) return null;
    const viewer = { ...post, otherTeams: otherTeamsOf(office.settings, session.email) };
    return { viewer, office, base: `/console/${code}` };
  };

  const signedIn =
    (handle: Of<SignedInVisit>): Handler =>
    async (c) => {
      const session = await sessionOf(deps, c);
      if (!session) return askToSignIn(deps, c);
      const preferences = await deps.preferences.of(session.staff);
      const known = { session, preferences, posts: postsOf(session.offices, await openOffices(c)) };
      return handle({ ...staffVisit(deps, c, known), ...known });
    };

  const desk = (handle: Of<DeskVisit>): Handler =>
    signedIn(async ({ c, session, preferences, posts }) => {
      const member = await memberOf(c, session);
      if (!member) return c.notFound();
      const { viewer, office } = member;
      const beside = await readBeside(deps, viewer, office, asksByItself(c));
      const known = { session, preferences, posts, ...member, ...beside };
      const visit = staffVisit(deps, c, known);
      return handle({
        ...visit,
        ...known,
        town: await deps.offices.town(),
        dates: datesIn(visit.t.language, office.timeZone),
      });
    });

  const passing =
    (handle: Of<PassingVisit>): Handler =>
    async (c) => {
      const session = await sessionOf(deps, c);
      const member = session && (await memberOf(c, session));
      if (!member) return session ? c.notFound() : askToSignIn(deps, c);
      const { now, redirect } = staffVisit(deps, c);
      return handle({ c, now, redirect, ...member });
    };

  return { open, signedIn, desk, passing };
}
