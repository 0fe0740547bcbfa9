import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import type { TestDatabase } from '../../../lib/db/testing.ts';
import { type RunUnit, unitOf } from './unit.ts';

/** An audit trail that can be made to fail. */
export interface BreakableTrail {
  /** From now on no record of this action can be written; `*`: of none. */
  break(action: string): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** The error that whoever writes to a broken trail gets. */
export const NO_TRAIL = 'the trail is broken';

/** Makes the trail of this database breakable. */
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

/** Runs units of work, and tells `notify` of the offices where something was committed. */
export const testUnit = (
  db: Db,
  clock: Clock,
  notify: (office: number) => void = () => {},
): RunUnit => unitOf({ db, clock, notifier: { notify, notifyTopic: () => {} } });
