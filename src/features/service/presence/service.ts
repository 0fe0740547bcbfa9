import type { Office } from '../../../domain/office/types.ts';
import { type Clock, withoutJumps } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { Notifier } from '../../../lib/notifier.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { recordStanding, recordThere } from './recording.ts';
import { mayHaveChanged, standingOf, wasGone } from './rules.ts';
import { deleteChanges, updateSeen } from './store.ts';
import type { DeskPresence, Said, Standing } from './types.ts';
import { lockDesk, lockFreeDesks, readDesk, readEverywhere } from './views.ts';
import { createWatching } from './watching.ts';

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
const SYSTEM = { kind: 'system', why: 'presence' } as const;

export interface PresenceDeps {
  db: Db;
  notifier: Pick<Notifier, 'listen' | 'listenToTopics'>;
  clock: Clock;
  offices: { byId(id: number): Promise<Office> };
  unit: RunUnit;
  log: { warn(what: object, message: string): void };
  /** Shorter in tests. */
  beatMs?: number;
}

export function createPresence(deps: PresenceDeps): Presence {
  const { db, notifier, clock, unit, log } = deps;
  const consoles = createConsoles(deps);
  const watching = createWatching({
    db,
    notifier,
    onError: complain(log, 'A change at a desk could not be told'),
  });
  const visits = createVisits({ db, clock, unit });

  return {
    ...visits,

    async leave(viewer, office) {
      const { desk } = viewer;
      if (desk === null) return;
      await unit(viewer, office.id, async (each) => {
        const found = await lockDesk(each.tx, desk);
        // A colleague may have come to the desk meanwhile.
        if (found?.staff !== viewer.staff) return;
        const said = { state: 'away', at: each.now, why: 'signed_out' } as const;
        await recordStanding(each, found, office.settings.board, said);
      });
    },

    hold: ({ desk }) => (desk === null ? () => {} : consoles.hold(desk)),
    watch: watching.watch,
    settle: () => settle(deps),
    sweep: sweepOf(db, clock),

    close() {
      consoles.close();
      watching.close();
    },
  };
}

const complain = (log: PresenceDeps['log'], what: string) => (error: Error & { code?: string }) =>
  log.warn({ code: error.code ?? error.name }, what);

/** The consoles that are open here, by desk, written down again and again. */
function createConsoles({
  db,
  clock,
  log,
  beatMs = BEAT_MS,
}: Pick<PresenceDeps, 'db' | 'clock' | 'log' | 'beatMs'>) {
  const open = new Map<number, number>();
  const beat = setInterval(() => {
    // The next beat will do.
    updateSeen(db, [...open.keys()], clock.now()).catch(
      complain(log, 'Who is at their desk could not be written down'),
    );
  }, beatMs).unref();
  return {
    hold(desk: number): () => void {
      open.set(desk, (open.get(desk) ?? 0) + 1);
      return () => {
        const left = (open.get(desk) ?? 0) - 1;
        if (left > 0) open.set(desk, left);
        else open.delete(desk);
      };
    },
    close: () => clearInterval(beat),
  };
}

/** That people come to their desks, and what they say there. Each desk is written down once in a while. */
function createVisits({
  db,
  clock,
  unit,
}: Pick<PresenceDeps, 'db' | 'clock' | 'unit'>): Pick<Presence, 'visit' | 'say'> {
  const acted = new Map<number, Temporal.Instant>();

  const standing = (office: Office, desk: number): Promise<DeskPresence | null> =>
    within(db, office.id, (tx) => readDesk(tx, desk));

  const isDue = (desk: number, now: Temporal.Instant) => {
    const last = acted.get(desk);
    return !last || now.since(last).total('seconds') >= ACTED_EVERY_SECONDS;
  };

  const note = async (viewer: StaffViewer, office: Office, desk: number, state: Said | null) => {
    const now = clock.now();
    await unit(viewer, viewer.office, (each) =>
      recordThere(each, desk, office.settings.board, state),
    );
    acted.set(desk, now);
  };

  return {
    async visit(viewer, office, { isIdle }) {
      const { desk } = viewer;
      if (desk === null) return null;
      const policy = office.settings.board;
      const now = clock.now();
      let found = await standing(office, desk);
      const isHere = found && found.staff === viewer.staff && !wasGone(found.signs, policy, now);
      if (!isIdle && (!isHere || isDue(desk, now))) {
        await note(viewer, office, desk, null);
        found = await standing(office, desk);
      }
      return found && standingOf(found.signs, policy, now);
    },

    async say(viewer, office, state) {
      const { desk } = viewer;
      if (desk === null || viewer.office !== office.id) return null;
      await note(viewer, office, desk, state);
      const found = await standing(office, desk);
      return found && standingOf(found.signs, office.settings.board, clock.now());
    },
  };
}

/** Writes down what follows from calls, and from consoles that are gone, in every office. One that fails holds up no other. */
async function settle({
  db,
  clock,
  offices,
  unit,
}: Pick<PresenceDeps, 'db' | 'clock' | 'offices' | 'unit'>): Promise<void> {
  const now = clock.now();
  const settleOffice = async (id: number, desks: readonly DeskPresence[]): Promise<void> => {
    const { board } = (await offices.byId(id)).settings;
    const changed = desks.filter((each) => mayHaveChanged(each, board, now));
    if (changed.length === 0) return;
    const ids = changed.map(({ desk }) => desk);
    await unit(SYSTEM, id, async (each) => {
      // The next pass will do for a desk that is busy with something else.
      for (const found of await lockFreeDesks(each.tx, ids))
        await recordStanding(each, found, board);
    });
  };
  const failures: unknown[] = [];
  for (const { office, desks } of await readEverywhere(db))
    await settleOffice(office, desks).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** Returns what destroys old changes, unless the clock has jumped ahead. */
function sweepOf(db: Db, clock: Clock): () => Promise<number> {
  const steady = withoutJumps(clock);
  return async () => deleteChanges(db, steady().subtract({ hours: 24 * KEPT_DAYS }));
}
