import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import {
  BACK_SECONDS,
  BEAT_SECONDS,
  FORGET_MINUTES,
  GONE_SECONDS,
  TOUCH_SECONDS,
} from './rules.ts';
import type { Seating } from './seating.ts';
import type { Room } from './service.ts';
import { forgetSignals, touchSeats } from './store.ts';
import type { Seat } from './types.ts';
import { readGone } from './views.ts';
import type { Watching } from './watching.ts';

export interface FollowingDeps {
  db: Db;
  clock: Clock;
  watching: Watching;
  seating: Pick<Seating, 'leave'>;
}

/** Keeps the streams of the pages in rooms, and finds out who has left. */
export function createFollowing(deps: FollowingDeps): Pick<Room, 'follow' | 'tidy' | 'close'> {
  const { db, clock, watching } = deps;
  const absences = createAbsences(deps);
  const timer = setInterval(() => {
    touchSeats(db, watching.seats(), clock.now()).catch(() => {}); // the database is away; the next time will do
  }, TOUCH_SECONDS * 1000).unref();

  return {
    async follow(seat, stream, after) {
      absences.came(seat);
      try {
        await touchSeats(db, [seat.id], clock.now());
        const stop = await watching.begin(seat, stream, after);
        const beat = setInterval(
          () => stream.send({ event: 'here', data: {} }),
          BEAT_SECONDS * 1000,
        );
        return () => {
          clearInterval(beat);
          stop();
          absences.went(seat);
        };
      } catch (error) {
        absences.went(seat);
        throw error;
      }
    },

    tidy: () => tidy(deps),

    close() {
      clearInterval(timer);
      absences.close();
      watching.close();
    },
  };
}

/** Marks the seats that this process follows as seen, and frees the seats of pages that are gone. */
async function tidy({ db, clock, watching, seating }: FollowingDeps): Promise<void> {
  const now = clock.now();
  await touchSeats(db, watching.seats(), now);
  for (const seat of await readGone(db, now.subtract({ seconds: GONE_SECONDS })))
    await seating.leave(seat, now.subtract({ seconds: GONE_SECONDS }));
  await forgetSignals(db, now.subtract({ minutes: FORGET_MINUTES }));
}

/** Tracks pages whose stream has ended: they leave their seat unless they are back within seconds. */
function createAbsences({ clock, seating }: Pick<FollowingDeps, 'clock' | 'seating'>) {
  /** Pages whose stream has ended, until they are back or have left. */
  const away = new Map<string, NodeJS.Timeout>();
  /** How many streams a page has: the one before may end while the next one still begins. */
  const following = new Map<string, number>();

  const stayAway = (seat: Seat) => {
    const ended = clock.now();
    const timer = setTimeout(() => {
      away.delete(seat.id);
      seating.leave(seat, ended).catch(() => {}); // found gone later
    }, BACK_SECONDS * 1000);
    away.set(seat.id, timer.unref());
  };

  return {
    came({ id }: Seat) {
      clearTimeout(away.get(id));
      away.delete(id);
      following.set(id, (following.get(id) ?? 0) + 1);
    },
    went(seat: Seat) {
      const others = (following.get(seat.id) ?? 1) - 1;
      if (others > 0) following.set(seat.id, others);
      else {
        following.delete(seat.id);
        stayAway(seat);
      }
    },
    close() {
      for (const each of away.values()) clearTimeout(each);
    },
  };
}
