import type { Office } from '../../../domain/office/types.ts';
import { type Clock, withoutJumps } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import type { Notifier } from '../../../lib/notifier.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import { changesOf, isSaid, mayHaveChanged, standingOf, wasGone } from './rules.ts';
import {
  deleteChanges,
  insertChanges,
  insertDesk,
  type Stamp,
  updateActed,
  updateSaid,
  updateSeen,
} from './store.ts';
import type { DeskPresence, PresencePolicy, Said, Signs, Standing } from './types.ts';
import { lockDesk, readDesks, readEverywhere } from './views.ts';
import { createWatching, PRESENCE } from './watching.ts';

/** Who is at their desk, and what they are at. */
export interface Presence {
  /**
   * Notes that somebody is at their desk's console, and answers how the desk stands; null: they have none. Whoever comes back after
   * they were gone is available. `isIdle`: their browser asks by itself, which says nothing of them.
   */
  visit(viewer: StaffViewer, office: Office, how: { isIdle: boolean }): Promise<Standing | null>;
  /** They say what they are at; during a call it holds after it. Null: they have no desk. */
  say(viewer: StaffViewer, office: Office, state: Said): Promise<Standing | null>;
  /** They signed out: nobody is at their desk. */
  leave(viewer: StaffViewer, office: Office): Promise<void>;
  /** A page is open at their desk's console, until what is answered is called. */
  hold(viewer: StaffViewer): () => void;
  /** Tells when a desk's state changes in an office, from when it answers: how to stop. */
  watch(office: number, reader: () => void): Promise<() => void>;
  /** Writes down what follows from calls, and from consoles that are gone, in every office. */
  settle(): Promise<void>;
  /** Destroys changes that are kept no longer. */
  sweep(): Promise<number>;
  close(): void;
}

/** Open consoles are written down together, this often. */
const BEAT_MS = 30_000;
/** Whoever opens page after page is written down this often at most, by one process. */
const ACTED_EVERY_SECONDS = 60;
/** Working people's breaks are nobody's business for longer. */
const KEPT_DAYS = 90;
const SYSTEM = actorOf({ kind: 'system', why: 'presence' });

export function createPresence(deps: {
  db: Db;
  notifier: Pick<Notifier, 'listen' | 'listenToTopics' | 'notifyTopic'>;
  clock: Clock;
  offices: { byId(id: number): Promise<Office> };
  log: { warn(what: object, message: string): void };
  /** Shorter in tests. */
  beatMs?: number;
}): Presence {
  const { db, notifier, clock, offices, log, beatMs = BEAT_MS } = deps;
  const acted = new Map<number, Temporal.Instant>();
  const open = new Map<number, number>();

  const complain = (what: string) => (error: Error & { code?: string }) =>
    log.warn({ code: error.code ?? error.name }, what);
  const watching = createWatching({
    db,
    notifier,
    onError: complain('A change at a desk could not be told'),
  });
  const beat = setInterval(() => {
    // The next beat will do.
    updateSeen(db, [...open.keys()], clock.now()).catch(
      complain('Who is at their desk could not be written down'),
    );
  }, beatMs).unref();

  /** Writes down what a desk came to by now, and what is said at it. Its row is locked. */
  const record = async (
    tx: Tx,
    { office, desk, now }: Pick<Stamp, 'office' | 'desk' | 'now'>,
    found: DeskPresence,
    policy: PresencePolicy,
    said?: { word: Signs['said']; actor: string },
  ): Promise<number> => {
    const noticed = changesOf(found, policy, now).map((each) => ({ ...each, actor: SYSTEM }));
    const changes = [...noticed];
    const last = noticed.at(-1);
    if (said) {
      await updateSaid(tx, desk, said.word);
      const from = last?.to ?? found.recorded.state;
      const seenAt = said.word.why === 'signed_out' ? found.signs.seenAt : now;
      const { state: to } = standingOf({ ...found.signs, said: said.word, seenAt }, policy, now);
      if (to !== from) changes.push({ from, to, at: now, why: said.word.why, actor: said.actor });
    } else if (last?.why === 'call' && isSaid(last.to)) {
      // What was attended before is over, and needn't be read again.
      const why = last.to === 'available' ? 'came' : found.signs.said.why;
      await updateSaid(tx, desk, { state: last.to, at: last.at, why });
    }
    await insertChanges(tx, { office, desk }, changes);
    return changes.length;
  };

  const stampOf = (viewer: StaffViewer): Stamp | null =>
    viewer.desk === null
      ? null
      : { office: viewer.office, desk: viewer.desk, staff: viewer.staff, now: clock.now() };

  /** Somebody is there: writes it down, and that they came where they were gone, or what they say. */
  const note = async (
    viewer: StaffViewer,
    { settings }: Office,
    stamp: Stamp,
    state?: Said,
  ): Promise<void> => {
    const { office, desk, now } = stamp;
    const policy = settings.board;
    const actor = actorOf(viewer);
    const changed = await within(db, office, async (tx) => {
      const isFirst = await insertDesk(tx, stamp);
      const came = { from: null, to: 'available', at: now, why: 'came', actor } as const;
      if (isFirst) await insertChanges(tx, stamp, [came]);
      const found = (await lockDesk(tx, desk))!;
      const isBack = wasGone(found.signs, policy, now);
      const word: Signs['said'] | null = state
        ? { state, at: now, why: 'self' }
        : isBack
          ? { state: 'available', at: now, why: 'came' }
          : null;
      const count = word ? await record(tx, stamp, found, policy, { word, actor }) : 0;
      await updateActed(tx, stamp);
      return isFirst || count > 0;
    });
    acted.set(desk, now);
    if (changed) notifier.notifyTopic(office, PRESENCE);
  };

  const standing = async (office: Office, { desk }: Stamp): Promise<DeskPresence | null> =>
    within(db, office.id, async (tx) => (await readDesks(tx, [desk]))[0] ?? null);

  const isDue = ({ desk, now }: Stamp) => {
    const last = acted.get(desk);
    return !last || now.since(last).total('seconds') >= ACTED_EVERY_SECONDS;
  };

  return {
    async visit(viewer, office, { isIdle }) {
      const stamp = stampOf(viewer);
      if (!stamp) return null;
      const policy = office.settings.board;
      let found = await standing(office, stamp);
      const isHere =
        found && found.staff === viewer.staff && !wasGone(found.signs, policy, stamp.now);
      if (!isIdle && (!isHere || isDue(stamp))) {
        await note(viewer, office, stamp);
        found = await standing(office, stamp);
      }
      return found && standingOf(found.signs, policy, stamp.now);
    },

    async say(viewer, office, state) {
      const stamp = stampOf(viewer);
      if (!stamp || viewer.office !== office.id) return null;
      await note(viewer, office, stamp, state);
      const found = await standing(office, stamp);
      return found && standingOf(found.signs, office.settings.board, stamp.now);
    },

    async leave(viewer, office) {
      const stamp = stampOf(viewer);
      if (!stamp) return;
      const { desk, now } = stamp;
      const word = { state: 'away', at: now, why: 'signed_out' } as const;
      const count = await within(db, office.id, async (tx) => {
        const found = await lockDesk(tx, desk);
        // A colleague may have come to the desk meanwhile.
        if (found?.staff !== viewer.staff) return 0;
        return record(tx, stamp, found, office.settings.board, { word, actor: actorOf(viewer) });
      });
      if (count > 0) notifier.notifyTopic(office.id, PRESENCE);
    },

    hold({ desk }) {
      if (desk === null) return () => {};
      open.set(desk, (open.get(desk) ?? 0) + 1);
      return () => {
        const left = (open.get(desk) ?? 0) - 1;
        if (left > 0) open.set(desk, left);
        else open.delete(desk);
      };
    },

    watch: watching.watch,

    async settle() {
      const now = clock.now();
      const settleOffice = async ({
        office: id,
        desks,
      }: Awaited<ReturnType<typeof readEverywhere>>[number]): Promise<void> => {
        const { board } = (await offices.byId(id)).settings;
        const due = desks.filter((each) => mayHaveChanged(each, board, now));
        let count = 0;
        for (const { desk } of due)
          count += await within(db, id, async (tx) => {
            const found = await lockDesk(tx, desk);
            return found ? record(tx, { office: id, desk, now }, found, board) : 0;
          });
        if (count > 0) notifier.notifyTopic(id, PRESENCE);
      };
      const failures: unknown[] = [];
      for (const each of await readEverywhere(db))
        await settleOffice(each).catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
    },

    sweep: sweepOf(db, clock),

    close() {
      clearInterval(beat);
      watching.close();
    },
  };
}

/** Returns what destroys old changes, unless the clock has jumped ahead. */
function sweepOf(db: Db, clock: Clock): () => Promise<number> {
  const steady = withoutJumps(clock);
  return async () => deleteChanges(db, steady().subtract({ hours: 24 * KEPT_DAYS }));
}
