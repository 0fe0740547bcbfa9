import { isWaiting } from '../../../domain/notification.ts';
import type { Office } from '../../../domain/office/types.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { ApplicantViewer, PersonViewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { findTheirs, issuedDecision, tellCase } from '../cases/service.ts';
import { readCase } from '../cases/views.ts';
import { stateAt } from '../representation/rules.ts';
import { readOne } from '../representation/views.ts';
import type { NotificationsDeps } from './deps.ts';
import { enotumPage } from './elsewhere/service.ts';
import { expireOne } from './expiring.ts';
import {
  type Authorised,
  canReject,
  dayOf,
  isExpired,
  isTold,
  type Opener,
  opensFor,
  whyNotOpen,
} from './rules.ts';
import { settle } from './store.ts';
import { tellRepresented } from './telling.ts';
import type {
  CaseNotification,
  Listed,
  Notification,
  NotifiedContent,
  OpenedNotification,
  OwnNotification,
  SettleResult,
} from './types.ts';
import { readForUpdate, readOfCase, readOwn } from './views.ts';

/** The most notifications in a folder. */
const MOST = 100;

/** The document of a decision that was notified. */
export interface NotifiedFile {
  /** The reference of its case. */
  reference: string;
  bytes: Buffer;
}

/** What an identified person does with what is notified to them. Whatever isn't theirs is answered as if it didn't exist. */
export interface Opening {
  /**
   * Returns what was notified to a person, or to the organisation for which they act in their session: what waits, and then the newest first.
   * `most`: so many at most.
   */
  own(viewer: PersonViewer, most?: number): Promise<Listed<OwnNotification>>;
  /** Returns the notification of a case, for whoever opened it; null: there is none, or the case isn't theirs. */
  onCase(viewer: ApplicantViewer, office: Office, id: string): Promise<CaseNotification | null>;
  /** Returns one of them, with what was notified once it counts; null: there is none of theirs. */
  find(viewer: PersonViewer, id: string): Promise<OpenedNotification | null>;
  /** Opens one: it counts as notified now (Ley 39/2015, art. 43.2). */
  accept(viewer: PersonViewer, id: string): Promise<SettleResult>;
  /** Rejects one: it counts as notified all the same (art. 41.5). */
  reject(viewer: PersonViewer, id: string): Promise<SettleResult>;
  /** Returns the document, once it counts; null: there is none of theirs. The look is recorded. */
  document(viewer: PersonViewer, id: string): Promise<NotifiedFile | null>;
}

export const createOpening = (deps: NotificationsDeps): Opening => ({
  own: async (viewer, most = MOST) => list(deps, await openerOf(deps, viewer), { most }),
  onCase: (viewer, office, id) => onCase(deps, viewer, { office, id }),
  find: (viewer, id) => find(deps, viewer, id),
  accept: (viewer, id) => settleOwn(deps, viewer, { id, state: 'accepted' }),
  reject: (viewer, id) => settleOwn(deps, viewer, { id, state: 'rejected' }),
  document: (viewer, id) => readDocument(deps, viewer, id),
});

async function onCase(
  deps: NotificationsDeps,
  viewer: ApplicantViewer,
  { office, id }: { office: Office; id: string },
): Promise<CaseNotification | null> {
  const opener = viewer.identified && (await openerOf(deps, viewer.identified));
  const page = await enotumPage(deps);
  return deps.unit(viewer, office.id, async (each) => {
    const row = await findTheirs(each, id, readCase);
    const of = row && (await readOfCase(each.tx, row.id));
    if (!of) return null;
    const its = { ...of, procedure: row.procedure };
    const isTheirs = opener !== null && whyNotOpen(its, opener) !== 'other';
    const { id: notification, organisation, state, via, depositedAt, stopped } = of;
    const told = isTold(of, each.now);
    return {
      id: notification,
      isTold: told,
      isTheirs,
      organisation,
      state,
      via,
      depositedAt,
      stopped,
      page,
    };
  });
}

/** Returns who somebody is in their session, as their identification says, and for whom they act. */
async function openerOf(
  deps: Pick<NotificationsDeps, 'identification' | 'db' | 'offices' | 'clock'>,
  viewer: NonNullable<ApplicantViewer['identified']>,
): Promise<Opener> {
  const { person, level, identification: by } = viewer;
  const known = await deps.identification.of(by);
  const organisation = known?.represents?.identifier ?? null;
  return { person, level, organisation, authorised: await authorisedBy(deps, viewer) };
}

/** Returns the authorisation by which somebody acts and opens notifications; null: by none that is valid and says so (Ley 39/2015, arts. 5.4 and 6.4). */
async function authorisedBy(
  { db, offices, clock }: Pick<NotificationsDeps, 'db' | 'offices' | 'clock'>,
  { person, actsFor }: NonNullable<ApplicantViewer['identified']>,
): Promise<Authorised | null> {
  const found = actsFor ? await within(db, { person }, (tx) => readOne(tx, actsFor)) : null;
  const isValid = found?.representative === person && stateAt(found, clock.now()) === 'valid';
  if (!isValid || !found.opens || !found.represented || !found.settledAt) return null;
  const office = await offices.byId(found.office);
  const procedures = found.procedures.flatMap((code) => office.procedure(code)?.id ?? []);
  return {
    ...{ id: found.id, office: found.office, represented: found.represented },
    procedures: found.procedures.length > 0 ? procedures : null,
    since: found.settledAt,
  };
}

/** Returns whether an authorisation is valid at this moment. It can't end meanwhile. */
async function isStillValid({ tx, now }: Unit, { id }: Authorised): Promise<boolean> {
  const found = await readOne(tx, id, true);
  return found !== null && stateAt(found, now) === 'valid';
}

/** Returns what was notified to somebody. Those whose days have passed count as such, whether or not the job was there. */
async function list(
  deps: NotificationsDeps,
  opener: Opener,
  which: { id?: string; most: number },
): Promise<Listed<OwnNotification>> {
  const { clock } = deps;
  const found = await readFolder(deps, opener, which);
  const over = found.shown.filter((each) => isExpired(each, clock.now()));
  if (over.length === 0) return found;
  for (const each of over) await expireOne(deps, each);
  return readFolder(deps, opener, which);
}

/** Returns those of a person, and of the organisation and the person for whom they act, those that wait and then the newest first. */
async function readFolder(
  { db }: Pick<NotificationsDeps, 'db'>,
  { person, organisation, authorised }: Opener,
  which: { id?: string; most: number },
): Promise<Listed<OwnNotification>> {
  const found = [await within(db, { person }, (tx) => readOwn(tx, { person }, which))];
  if (organisation !== null)
    found.push(await within(db, INSTALLATION, (tx) => readOwn(tx, { organisation }, which)));
  if (authorised) {
    const { office, represented, procedures, since } = authorised;
    const whose = { person: represented, procedures, since };
    found.push(await within(db, office, (tx) => readOwn(tx, whose, which)));
  }
  const all = found.flatMap((each) => each.shown).toSorted(byUrgency);
  const shown = all.slice(0, which.most);
  const left = found.reduce((sum, each) => sum + each.more, 0);
  return { shown, more: left + all.length - shown.length };
}

const byUrgency = (a: Notification, b: Notification): number =>
  Number(b.notifiedOn === null) - Number(a.notifiedOn === null) ||
  Temporal.Instant.compare(b.madeAt, a.madeAt);

/** Returns a notification of somebody's folder; undefined: there is none of theirs. */
const oneOf = async (
  deps: NotificationsDeps,
  opener: Opener,
  id: string,
): Promise<OwnNotification | undefined> =>
  isUuid(id) ? (await list(deps, opener, { id, most: 1 })).shown[0] : undefined;

async function find(
  deps: NotificationsDeps,
  viewer: PersonViewer,
  id: string,
): Promise<OpenedNotification | null> {
  const opener = await openerOf(deps, viewer);
  const notification = await oneOf(deps, opener, id);
  if (!notification) return null;
  const obstacle = whyNotOpen(notification, opener);
  const isReadable = obstacle === null && !isWaiting(notification.state);
  const content = isReadable
    ? await deps.unit(viewer, notification.office, (each) => contentOf(deps, each, notification))
    : null;
  return { notification, obstacle, content };
}

async function contentOf(
  { keyring }: Pick<NotificationsDeps, 'keyring'>,
  unit: Unit,
  { case: id, office, language }: OwnNotification,
): Promise<NotifiedContent | null> {
  const decision = await issuedDecision(keyring, unit, { id, office });
  if (!decision) return null;
  const { outcome, content, issued } = decision;
  return { outcome, code: issued.code, appeal: content.appeal, language };
}

async function settleOwn(
  deps: NotificationsDeps,
  viewer: PersonViewer,
  { id, state }: { id: string; state: 'accepted' | 'rejected' },
): Promise<SettleResult> {
  const opener = await openerOf(deps, viewer);
  const found = await oneOf(deps, opener, id);
  if (!found) return { ok: false, reason: 'not_found' };
  const { timeZone } = await deps.offices.byId(found.office);
  return deps.unit(viewer, found.office, async (each): Promise<SettleResult> => {
    const of = await readForUpdate(each.tx, id);
    if (!of) return { ok: false, reason: 'not_found' };
    const { procedure } = found;
    const obstacle = whyNotOpen({ ...of, procedure }, opener);
    if (obstacle) return { ok: false, reason: obstacle };
    const { authorised } = opener;
    const by = authorised && opensFor({ ...of, procedure }, authorised) ? authorised : null;
    if (by && !(await isStillValid(each, by))) return { ok: false, reason: 'other' };
    if (!isWaiting(of.state) || isExpired(of, each.now)) return { ok: false, reason: 'settled' };
    if (of.via !== 'folder') return { ok: false, reason: 'elsewhere' };
    if (state === 'rejected' && !canReject(of)) return { ok: false, reason: 'settled' };
    const notifiedOn = dayOf(each.now, timeZone);
    await settle(each, id, { state, notifiedOn, identification: viewer.identification });
    const { level } = viewer;
    const kind = `notification_${state}` as const;
    const authorisation = by ? { authorisation: by.id } : {};
    await tellCase(each, of.case, kind, { on: notifiedOn.toString(), level, ...authorisation });
    if (by) {
      const news = state === 'accepted' ? 'opened' : state;
      await tellRepresented(deps.keyring, each, by.represented, news);
    }
    return { ok: true };
  });
}

async function readDocument(
  deps: NotificationsDeps,
  viewer: PersonViewer,
  id: string,
): Promise<NotifiedFile | null> {
  const opened = await find(deps, viewer, id);
  if (!opened?.content) return null;
  const { office, case: of, reference } = opened.notification;
  return deps.unit(viewer, office, async (each) => {
    const decision = await issuedDecision(deps.keyring, each, { id: of, office });
    if (!decision) return null;
    await each.record('notification_read', { data: { case: of } });
    return { reference, bytes: decision.document };
  });
}
