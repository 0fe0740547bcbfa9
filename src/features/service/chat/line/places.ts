import type { Office } from '../../../../domain/office/types.ts';
import type { Clock } from '../../../../lib/clock.ts';
import { type Db, within } from '../../../../lib/db/database.ts';
import type { LinePlace } from '../types.ts';
import { readLengths, readLine } from './views.ts';
import { placesIn } from './waits.ts';

type Places = ReadonlyMap<string, LinePlace>;

/** For how long the places of a line hold, in seconds: hundreds of pages ask for theirs when it moves. */
const HOLDS_SECONDS = 2;

/** Returns what finds the place of a conversation in the line of its office; null: it doesn't wait. It is two seconds old at most. */
export function createPlaces({ db, clock }: { db: Db; clock: Clock }) {
  const known = new Map<number, { at: Temporal.Instant; places: Promise<Places> }>();
  const read = (office: Office): Promise<Places> => {
    const at = clock.now();
    const places = within(db, office.id, async (tx) =>
      placesIn(await readLine(tx, office, at), await readLengths(tx, office.id, at)),
    );
    known.set(office.id, { at, places });
    places.catch(() => known.delete(office.id));
    return places;
  };
  const current = (office: Office): Promise<Places> => {
    const there = known.get(office.id);
    const age = there ? clock.now().since(there.at).total('seconds') : -1;
    return there && age >= 0 && age < HOLDS_SECONDS ? there.places : read(office);
  };
  return async (office: Office, chat: string): Promise<LinePlace | null> =>
    (await current(office)).get(chat) ?? (await read(office)).get(chat) ?? null;
}
