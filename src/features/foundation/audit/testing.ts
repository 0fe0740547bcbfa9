import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import type { TestDatabase } from '../../../lib/db/testing.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { type RunUnit, type Unit, unitOf } from './unit.ts';

/** An audit trail whose writes can be made to fail. */
export interface BreakableTrail {
  /** Makes each later record of this action fail; `*`: of every action. */
  break(action: string): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** The error of a write to a trail that fails. */
export const NO_TRAIL = 'the trail is broken';

/** Makes the trail of this database able to fail. */
export async function breakableTrail(database: TestDatabase): Promise<BreakableTrail> {
  const client = await database.connectAsOwner();
  await client.query(`
    create table broken_trail (action text not null);
    grant select on broken_trail to public;
    create function break_trail() returns trigger language plpgsql as $$
    begin
      if exists (select from public.broken_trail b where b.action in (new.action, '*')) then
        raise exception '${NO_TRAIL}';
      end if;
      return new;
    end $$;
    create trigger break_trail before insert on audit for each row execute function break_trail()`);
  return {
    break: async (action) => {
      await client.query('insert into broken_trail values ($1)', [action]);
    },
    mend: async () => {
      await client.query('delete from broken_trail');
    },
    close: () => client.end(),
  };
}

/** Runs units of work, and calls `notify` with the offices where something was committed. */
export const testUnit = (
  db: Db,
  clock: Clock,
  notify: (office: number) => void = () => {},
): RunUnit => unitOf({ db, clock, notifier: { notify, notifyTopic: () => {} } });

/** The error of a unit of work that fails. */
export const STUCK = 'stuck';

/** Returns units of work of which the first fails. */
export function firstFails(unit: RunUnit): RunUnit {
  let isFirst = true;
  const run = async <T, V extends Viewer>(
    viewer: V,
    office: number,
    work: (each: Unit<V>) => Promise<T>,
  ): Promise<T> => {
    if (!isFirst) return unit(viewer, office, work);
    isFirst = false;
    throw new Error(STUCK);
  };
  return Object.assign(run, { statement: unit.statement, installation: unit.installation });
}
