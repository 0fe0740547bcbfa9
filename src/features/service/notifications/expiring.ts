import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { tellCase } from '../cases/service.ts';
import type { NotificationsDeps } from './deps.ts';
import { dayOf, isExpired } from './rules.ts';
import { setNoticed, settle } from './store.ts';
import { readForUpdate, readNotices, readToExpire, readUnnoticed } from './views.ts';

/** The most notifications in one pass of a job. */
const AT_ONCE = 100;
const SYSTEM = { kind: 'system', why: 'notifications' } as const;

type Expiring = Pick<NotificationsDeps, 'db' | 'clock' | 'unit' | 'offices'>;

/** Notes that the days of a notification have passed, so that it counts as rejected (Ley 39/2015, art. 43.2). Returns whether they have. */
export async function expireOne(
  { unit, offices }: Pick<Expiring, 'unit' | 'offices'>,
  { id, office }: { id: string; office: number },
): Promise<boolean> {
  const { timeZone } = await offices.byId(office);
  return unit(SYSTEM, office, async (each) => {
    const of = await readForUpdate(each.tx, id);
    if (!of?.expiresAt || !isExpired(of, each.now)) return false;
    // The day on which ten days had passed, whenever that is noted.
    const notifiedOn = dayOf(of.expiresAt, timeZone);
    await settle(each, id, { state: 'expired', notifiedOn });
    await tellCase(each, of.case, 'notification_expired', { on: notifiedOn.toString() });
    return true;
  });
}

/** Notes of all notifications whose days have passed. Returns how many. */
export async function expire(deps: Expiring): Promise<number> {
  const { db, clock } = deps;
  const due = await within(db, INSTALLATION, (tx) => readToExpire(tx, clock.now(), AT_ONCE));
  return countDone(due, (each) => expireOne(deps, each));
}

/** Notes, of each notification, what became of the notice of it. Returns how many. */
export async function noteNotices({ db, clock, unit }: Expiring): Promise<number> {
  const due = await within(db, INSTALLATION, (tx) => readUnnoticed(tx, clock.now(), AT_ONCE));
  return countDone(due, ({ id, office }) =>
    unit(SYSTEM, office, async (each) => {
      const of = await readForUpdate(each.tx, id);
      const [notice] = of ? await readNotices(each.tx, of) : [];
      if (!of || !notice || !(await setNoticed(each, id))) return false;
      const { channel, sentAt } = notice;
      const result = sentAt ? 'sent' : 'failed';
      await tellCase(each, of.case, 'notification_noticed', { channel, result });
      return true;
    }),
  );
}

/** Does something with each; one that fails holds up no other. Returns how many were done. */
async function countDone<T>(
  due: readonly T[],
  run: (each: T) => Promise<boolean>,
): Promise<number> {
  const failures: unknown[] = [];
  let done = 0;
  for (const each of due)
    await run(each).then(
      (isDone) => {
        if (isDone) done++;
      },
      (error: unknown) => failures.push(error),
    );
  // The others are tried again as this one is: one reason is enough for the log.
  if (failures.length > 0) throw failures[0];
  return done;
}
