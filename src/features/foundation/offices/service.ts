import type { TownLook } from '../../../domain/office/schema.ts';
import type { Office, Town } from '../../../domain/office/types.ts';
import type { Area } from '../../../domain/requests/areas.ts';
import type { Db } from '../../../lib/db/database.ts';
import {
  type AreasRead,
  type ClosedLooks,
  readAreas,
  readClosedLooks,
  readOffice,
  readRevisions,
  readTown,
  type TownRead,
} from './views.ts';

export interface Offices {
  /** The town's settings. @throws when no town file was ever applied. */
  town(): Promise<Town>;
  /** The town's areas, such as its districts, in the file's order; none: the town names no file of them. */
  areas(): Promise<readonly Area[]>;
  /** The open offices, in the town's order. */
  list(): Promise<Office[]>;
  /** The office with this code, or null. */
  find(code: string): Promise<Office | null>;
  /** Returns the office with this id at a revision that was read this moment, which isn't read again; null: there is none. */
  at(id: number, revision: number): Promise<Office | null>;
  /** Returns the office with this id. @throws when there is none: ids come from our own rows. */
  byId(id: number): Promise<Office>;
  /** Returns the appearance of closed offices. */
  closedLooks(): Promise<TownLook[]>;
  /** Removes an office from the cache after it turned out to be outdated. */
  forget(id: number): void;
}

/**
 * Offices and the town are cached while their revision stays the same. A request reads the revisions again, which is one
 * cheap statement, so the next request uses a town file that another process applied. Pages that many read share it: `recentOffices`.
 */
export function createOffices(db: Db): Offices {
  const kept = new Map<number, Promise<Office | null>>();

  const load = async (id: number, revision: number): Promise<Office | null> => {
    const known = await kept.get(id);
    if (known?.revision === revision) return known;
    const loading = readOffice(db, id);
    kept.set(id, loading);
    loading.catch(() => kept.delete(id));
    return loading;
  };

  const current = async (which: (each: { id: number; code: string }) => boolean) => {
    const revisions = (await readRevisions(db)).filter(which);
    const offices = await Promise.all(revisions.map((each) => load(each.id, each.revision)));
    return offices.filter((each) => each !== null);
  };

  let keptTown: TownRead | null = null;
  let keptAreas: AreasRead | null = null;
  let keptClosed: ClosedLooks = new Map();

  return {
    town: async () => {
      const read = await readTown(db, keptTown);
      if (!read) throw new Error('No town file was applied yet: run finestreta town apply FILE');
      keptTown = read;
      return read.town;
    },
    areas: async () => {
      keptAreas = await readAreas(db, keptAreas);
      return keptAreas.areas;
    },
    list: () => current(() => true),
    find: async (code) => (await current((each) => each.code === code))[0] ?? null,
    at: load,
    byId: async (id) => {
      const office = (await current((each) => each.id === id))[0] ?? (await readOffice(db, id));
      if (!office) throw new Error(`No office ${id}`);
      return office;
    },
    closedLooks: async () => {
      keptClosed = await readClosedLooks(db, keptClosed);
      return [...keptClosed.values()].map((each) => each.look);
    },
    forget: (id) => {
      kept.delete(id);
    },
  };
}

export {
  giveRotasBack,
  lockOffice,
  lockTown,
  retireOffice,
  saveOffice,
  saveTown,
} from './declaring/store.ts';
export { changeHost, demandOwnHost, hostsOf, takeHost } from './host.ts';
export { recentOffices } from './recent.ts';
export { type BusyStretch, saveBusy, saveRows } from './rotas/store.ts';
export { moveHabilitations } from './store.ts';
