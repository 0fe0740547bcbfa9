import type { Office } from '../../../../domain/office/types.ts';
import { within } from '../../../../lib/db/database.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { type ConnectingDeps, type ConnectionChoice, insert, placeOf } from '../connecting.ts';
import { ask, graphServerWith, signInOf } from '../servers.ts';
import { Trouble, type TroubleKind } from '../trouble.ts';
import type { FoundCalendar } from '../types.ts';
import { readConnections } from '../views.ts';
import { openState, sealState, verifierOf } from './state.ts';
import { authorizationUrl, exchangeCode, type Tokens, troubleOfReturn } from './tokens.ts';

/** What a person wants to connect of Microsoft 365. */
export interface GraphWish extends ConnectionChoice {
  /** Code of the desk; null: the viewer's own calendar. */
  desk: string | null;
  /** Id of the connection whose permission is renewed; null: a new one. */
  renews: string | null;
}

/**
 * Why nothing was connected. `ended`: the way back is too old, or not of this session; `declined`: the person, or their administrator, did
 * not agree; `other_account`: it is not the account of the connection.
 */
export type GraphFailure =
  | ('ended' | 'declined' | 'not_found' | 'taken' | 'other_account' | 'no_calendar')
  | TroubleKind;

export type GraphResult =
  | { ok: true; id: string; isOwn: boolean }
  | { ok: false; reason: GraphFailure };

/** A person who came back from Microsoft. */
export interface CameBack {
  wish: GraphWish;
  tokens: Tokens;
  /** The name of their account. */
  account: string;
  calendars: readonly FoundCalendar[];
}

/** The address that is registered at Microsoft, for all offices. It only leads on to the office's page. */
export const CALLBACK_PATH = '/staff/calendars/microsoft';

/** Minutes that a person has at Microsoft. */
const MINUTES = 15;

/** The address at Microsoft. `not_found`: the person may not connect this calendar; `taken`: there is one already. */
export type GraphWay = { ok: true; url: string } | { ok: false; reason: 'not_found' | 'taken' };

/** Returns the address at Microsoft where a person signs in and agrees. */
export async function beginGraph(
  { db, graph, key, clock, baseUrl }: ConnectingDeps,
  viewer: StaffViewer,
  office: Office,
  session: string,
  wish: GraphWish,
): Promise<GraphWay> {
  if (!graph) return { ok: false, reason: 'not_found' };
  if (!wish.renews) {
    const place = placeOf(viewer, office, wish.desk);
    if (!place) return { ok: false, reason: 'not_found' };
    const all = await within(db, office.id, (tx) => readConnections(tx, office.id));
    const { desk, staff } = place;
    const isTaken = all.some(
      (each) => each.staff === staff && (staff !== null || each.desk === desk),
    );
    if (isTaken) return { ok: false, reason: 'taken' };
  }
  const until = clock.now().add({ minutes: MINUTES });
  const state = sealState(key, { viewer, office, session }, { wish, until });
  const url = authorizationUrl(graph, {
    state,
    verifier: verifierOf(key, state, session),
    callback: `${baseUrl}${CALLBACK_PATH}`,
    asked: wish.desk === null ? 'own' : 'shared',
  });
  return { ok: true, url };
}

/** Returns what a person who came back wants and gives. Only the session that went there can come back. */
export async function comeBack(
  deps: ConnectingDeps,
  viewer: StaffViewer,
  office: Office,
  session: string,
  query: URLSearchParams,
): Promise<({ ok: true } & CameBack) | { ok: false; reason: GraphFailure }> {
  const { key, clock, baseUrl } = deps;
  const state = query.get('state') ?? '';
  const kept = openState(key, { viewer, office, session }, state);
  if (!kept || Temporal.Instant.compare(kept.until, clock.now()) <= 0)
    return { ok: false, reason: 'ended' };
  const code = query.get('code');
  const error = query.get('error');
  if (!code) return { ok: false, reason: error ? troubleOfReturn(error) : 'ended' };
  const signIn = signInOf(deps, { office: office.id, staff: viewer.staff });
  if (!signIn) return { ok: false, reason: 'unregistered' };
  try {
    const verifier = verifierOf(key, state, session);
    let tokens = await exchangeCode(signIn, {
      code,
      verifier,
      callback: `${baseUrl}${CALLBACK_PATH}`,
    });
    const keep = async (newer: Tokens) => {
      tokens = newer;
    };
    const of = placeless(viewer, office, signIn.settings.graphUrl);
    const asked = await ask(() => graphServerWith(deps, of, tokens, keep));
    if (!asked.ok) return { ok: false, reason: asked.trouble };
    const { calendars } = asked;
    const account = calendars.find((each) => each.account)?.account ?? '';
    return { ok: true, wish: kept.wish, tokens, account, calendars };
  } catch (error) {
    // The code is no longer good: the person came back twice, or too late.
    if (error instanceof Trouble)
      return { ok: false, reason: error.kind === 'signed_out' ? 'ended' : error.kind };
    throw error;
  }
}

const placeless = (viewer: StaffViewer, office: Office, address: string) =>
  ({
    kind: 'graph',
    office: office.id,
    staff: viewer.staff,
    address,
    username: '',
    calendar: null,
  }) as const;

/** Connects a desk with the calendars of a person who came back. With one calendar, that one is chosen. */
export async function insertGraph(
  deps: ConnectingDeps,
  viewer: StaffViewer,
  office: Office,
  { wish, tokens, account, calendars }: CameBack,
): Promise<GraphResult> {
  const { desk, reads, writes, names } = wish;
  const place = placeOf(viewer, office, desk);
  if (!place || !deps.graph) return { ok: false, reason: 'not_found' };
  const [only, ...others] = calendars;
  const made = await insert(deps, viewer, office, {
    kind: 'graph',
    ...place,
    address: deps.graph.graphUrl,
    username: account,
    reads,
    writes,
    names,
    chosen: only && others.length === 0 ? only : null,
    credential: JSON.stringify(tokens),
  });
  return made.ok ? { ok: true, id: made.id, isOwn: place.staff !== null } : made;
}
