import type { Office } from '../../../../domain/office/types.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { findTheirs, tellApplicant, tellCase } from '../../cases/service.ts';
import type { CaseRow } from '../../cases/types.ts';
import { readCase } from '../../cases/views.ts';
import type { NotificationsDeps } from '../deps.ts';
import { expiryOf, lastDayOf } from '../rules.ts';
import type { Handover, Notification, TakeBackResult, TheirEvidence } from '../types.ts';
import { readOfCase } from '../views.ts';
import { handOver } from './handing.ts';
import { evidenceOf, hearNews, hearNow, sealPast, signerOf } from './news.ts';
import { canHandAgain, canTakeBack } from './rules.ts';
import { bringBack, lockHandover, oweAgain } from './store.ts';
import { readHandover } from './views.ts';

/** Notifications that are handed over to e-NOTUM (docs/adr/0105). */
export interface Elsewhere {
  /** Hands what is owed and due over. Returns how many were tried. */
  handOver(): Promise<number>;
  /** Asks what became of what was handed over, and keeps the evidence. Returns how many facts were new. */
  hearNews(): Promise<number>;
  /** Returns the page of e-NOTUM at which people open what the town notifies; null: the town notifies in the folder. */
  place(): Promise<string | null>;
  /**
   * Returns the evidence of e-NOTUM of the notification of a case, a file for each time that it was handed over, the oldest first; null: there is none,
   * or the case isn't the viewer's. The look is recorded.
   */
  theirEvidence(viewer: StaffViewer, office: Office, id: string): Promise<TheirEvidence | null>;
  /** Notifies in the folder what e-NOTUM refused or stopped: its ten days begin now, and its person is told. */
  takeBack(viewer: StaffViewer, office: Office, id: string): Promise<TakeBackResult>;
  /** Owes once more what was stopped at e-NOTUM. What is known of the time before is kept. */
  handAgain(viewer: StaffViewer, office: Office, id: string): Promise<TakeBackResult>;
}

export const createElsewhere = (deps: NotificationsDeps): Elsewhere => ({
  handOver: () => handOver(deps),
  hearNews: () => hearNews(deps),
  place: () => enotumPage(deps),

  theirEvidence: (viewer, office, id) =>
    deps.unit(viewer, office.id, async (each) => {
      const found = await find(each, id);
      const handover = found && (await readHandover(each.tx, found.of.id));
      const files = handover && (await evidenceOf(deps.keyring, each, found.of, handover));
      if (!found || !files?.length) return null;
      const data = { case: found.row.id, evidence: true, via: found.of.via };
      await each.record('notification_read', { data });
      return { reference: found.row.reference, files };
    }),

  takeBack: async (viewer, office, id) => {
    // Somebody may have opened it there meanwhile.
    await hearNow(deps);
    return deps.unit(viewer, office.id, async (each): Promise<TakeBackResult> => {
      const found = await find(each, id, true);
      const handover = found && (await lockHandover(each.tx, found.of.id));
      if (!found || !handover) return { ok: false, reason: 'not_found' };
      const { row, of } = found;
      if (!canTakeBack(of, handover, each.now)) return { ok: false, reason: 'not_allowed' };
      const expiresAt = expiryOf(each.now, office.timeZone);
      const here = of.stopped?.state ?? 'refused';
      await bringBack(each, of.id, { expiresAt, here });
      const until = lastDayOf({ expiresAt, depositedAt: null }, office.timeZone);
      await tellCase(each, row.id, 'notification_taken_back', { until: String(until), here });
      await tellApplicant(deps.keyring, each, row, { news: 'decided', ...(until && { until }) });
      return { ok: true };
    });
  },

  handAgain: async (viewer, office, id) => {
    // Somebody may have opened it there meanwhile.
    await hearNow(deps);
    return deps.unit(viewer, office.id, async (each): Promise<TakeBackResult> => {
      const found = await find(each, id, true);
      const handover = found && (await lockHandover(each.tx, found.of.id));
      if (!found || !handover) return { ok: false, reason: 'not_found' };
      const { row, of } = found;
      const { stopped } = of;
      if (!stopped || !canHandAgain(of, handover)) return { ok: false, reason: 'not_allowed' };
      const past = await sealPast(deps.keyring, each, { ...of, stopped }, handover);
      await oweAgain(each, of.id, past);
      await tellCase(each, row.id, 'notification_again', { via: of.via });
      return { ok: true };
    });
  },
});

/** Returns the page of e-NOTUM at which people open what the town notifies; null: the town notifies in the folder. */
export const enotumPage = async ({
  offices,
}: Pick<NotificationsDeps, 'offices'>): Promise<string | null> =>
  (await offices.town()).notifications?.page ?? null;

/** Returns a case of the viewer's with its notification, locked where asked; null: there is none. */
async function find(
  each: Unit,
  id: string,
  isLocked = false,
): Promise<{ row: CaseRow; of: Notification } | null> {
  const row = await findTheirs(each, id, readCase);
  const of = row && (await readOfCase(each.tx, row.id, isLocked));
  return of && { row, of };
}

/** Returns how a notification stands with e-NOTUM, for an official of its case; null: it was never owed. */
export async function handoverOf(
  { keyring }: Pick<NotificationsDeps, 'keyring'>,
  each: Unit,
  of: Notification,
): Promise<Handover | null> {
  const found = await readHandover(each.tx, of.id);
  if (!found) return null;
  const { owedAt, attempts, nextTryAt, failing, words, number, handedAt } = found;
  return {
    ...{ owedAt, attempts, nextTryAt, failing, words, number, handedAt },
    signer: await signerOf(keyring, each, of, found),
    hasEvidence: found.sealedEvidence !== null || found.sealedPast !== null,
    canHandAgain: canHandAgain(of, found),
    canTakeBack: canTakeBack(of, found, each.now),
  };
}
