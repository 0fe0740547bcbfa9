import type { Waiting, Wish } from '../../../domain/waiting.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { type TestOfficeOptions, testOffice } from '../../foundation/offices/testing.ts';
import { testAppointments } from '../appointments/testing.ts';
import { createOffering, createWaitList } from './service.ts';
import type { Offer } from './types.ts';

/** A Wednesday at eleven: offers are made, and the day goes on. */
const ELEVEN = '2026-11-25T11:00:00+01:00';
export const ANY: Wish = { firstDay: null, lastDay: null, part: null };

/** The instant of a local time in Madrid. */
export const at = (local: string): Temporal.Instant =>
  Temporal.PlainDateTime.from(local).toZonedDateTime('Europe/Madrid').toInstant();

/** Desks without shifts, for an office of some size: how many offers it has open at once goes by its desks. */
export const idle = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, nth) => [`buida-${nth}`, { shifts: [] }]));

/** An office with one desk that attends from nine to ten: three times a day. */
export async function testList(options: TestOfficeOptions = {}) {
  const database: TestDatabase = await testDatabase();
  const clock = handClock(ELEVEN);
  const { kysely: db } = database;
  const shifts = [{ from: '09:00', to: '10:00' }];
  const id = await testOffice(db, { desks: { 'taula-1': { shifts } }, ...options });
  const deps = { database, clock, ...testAppointments(database, clock) };
  const { offices, appointments } = deps;
  const list = createWaitList(deps);
  const office = await offices.byId(id);
  const ask = { procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const;
  let people = 0;

  const someone = (name = `p${++people}`) => ({
    citizen: { name, email: `${name}@example.cat`, phone: '+34600000001' },
    onBehalfOf: null,
    needs: [],
    comment: '',
    noticeLanguage: 'ca' as const,
  });
  const book = async (local: string, name?: string) => {
    const request = { ...ask, ...someone(name), start: at(local) };
    const booked = await appointments.book({ kind: 'citizen' }, office, request);
    if (!booked.ok) throw new Error(`${local}: ${booked.reason}`);
    return booked.appointment;
  };
  const entryOf = async (secret: string) => {
    const waiting = await list.bySecret(secret);
    if (!waiting) throw new Error('No entry');
    return waiting;
  };

  return {
    ...deps,
    office,
    list,
    /** A worker of its own. */
    worker: () => createOffering(deps),
    pass: () => createOffering(deps).pass(),
    book,
    someone,
    ask,
    /** Books and waits for an earlier day. */
    async earlier(local: string, wish: Partial<Wish> = {}) {
      clock.advance({ seconds: 1 });
      const appointment = await book(local);
      const joined = await list.joinEarlier(office, appointment, { ...ANY, ...wish });
      if (!joined.ok) throw new Error(joined.reason);
      return { appointment, waiting: await entryOf(joined.secret) };
    },
    /** Waits without an appointment. */
    async wait(wish: Partial<Wish> = {}, name?: string) {
      clock.advance({ seconds: 1 });
      const request = { ...ask, ...someone(name), ...ANY, lastDay: '2026-12-31', ...wish };
      const joined = await list.join(office, request, `once ${people} ${name ?? ''}`);
      if (!joined.ok) throw new Error(joined.reason);
      return entryOf(joined.secret);
    },
    again: (waiting: Pick<Waiting, 'id' | 'appointment'>) => entryOf(list.secretOf(waiting)),
    /** Books every time of these days but those given, so that only they are free. */
    async fill(days: readonly string[], but: readonly string[] = []) {
      for (const day of days)
        for (const time of ['09:00', '09:20', '09:40']) {
          const local = `${day}T${time}`;
          if (!but.includes(local)) await book(local, `filler-${local.replace(':', '')}`);
        }
    },
    /** Returns a person's offers, newest first: local time and outcome. */
    async offers(waiting: Pick<Waiting, 'id' | 'appointment'>): Promise<string[]> {
      return (await list.offers(await entryOf(list.secretOf(waiting)))).map(formatOffer);
    },
    notices: (kind: string) =>
      within(db, INSTALLATION, (tx) =>
        tx
          .selectFrom('notice')
          .selectAll()
          .where('kind', '=', kind)
          .orderBy('created_at')
          .execute(),
      ),
    holds: async () => {
      const rows = await within(db, INSTALLATION, (tx) =>
        tx
          .selectFrom('desk_time')
          .select('starts')
          .where('hold_until', '>', moment(clock.now()))
          .execute(),
      );
      return rows.map((row) => row.starts.toString());
    },
    close: () => database.close(),
  };
}

export type TestList = Awaited<ReturnType<typeof testList>>;

const formatOffer = ({ start, ended }: Offer): string =>
  `${start.toZonedDateTimeISO('Europe/Madrid').toPlainDateTime().toString().slice(0, 16)} ${ended?.outcome ?? 'open'}`;
