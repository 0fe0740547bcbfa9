import type pg from 'pg';
import type { Context } from '../src/context.ts';
import type { Office } from '../src/domain/office/types.ts';
import { unitOf } from '../src/features/foundation/audit/service.ts';
import { createLiveBoards } from '../src/features/insight/live-board/service.ts';
import { createPresence } from '../src/features/service/presence/service.ts';
import { updateSeen } from '../src/features/service/presence/store.ts';
import type { StaffViewer } from '../src/lib/viewer.ts';
import { fill } from './lib/appointments.ts';
import { settle, withClient } from './lib/database.ts';
import { cost, formatCost, noCost, ratio, withServices } from './lib/services.ts';
import type { Bench, Row } from './lib/table.ts';
import { benchTown, coordinatorOf, FIRST_DAY, OFFICE } from './lib/town.ts';

const DESKS = 500;
/** Some 160,000 would fit into 30 days: these are two thirds of each. */
const SIZE = { ahead: 100_000, before: 30_000 };
/** Calls that begin between two passes: more than ten seconds of any day have. */
const BEGUN = 50;
const TIMES = 30;
const WARM_UP = 5;
/** A Tuesday in the middle of the morning. */
const MORNING = Temporal.PlainDate.from(FIRST_DAY)
  .add({ days: 8 })
  .toZonedDateTime({ timeZone: 'Europe/Madrid', plainTime: '11:00' })
  .toInstant();

export const presence: Bench = {
  name: 'presence',
  about: '500 desks: writing who is there, a pass that finds changes, the board of now: CPU, p95',
  run: (print) =>
    withServices(benchTown({ horizonDays: 30, desks: DESKS }), async (context) => {
      const { logins } = context.database.embedded!;
      print(`${SIZE.ahead + SIZE.before} appointments`);
      await fill(logins.owner, SIZE);
      const office = (await context.offices.find(OFFICE))!;
      return withClient(logins.superuser, async (client) => {
        const at = await beginDay(context, office, client);
        await settle(logins);
        return measure(context, office, client, at, print);
      });
    }),
};

/** A clock that is set. */
interface Hand {
  now(): Temporal.Instant;
  at: Temporal.Instant;
}

/** An agent is at each desk, and earlier appointments are over. */
async function beginDay(
  { database, notifier, offices, log }: Context,
  office: Office,
  client: pg.Client,
): Promise<Hand> {
  const hand: Hand = { at: MORNING, now: () => hand.at };
  const { rows } = await client.query<{ id: number }>(
    `insert into staff (email, name) values ('a@example.org', 'Ana') returning id`,
  );
  await client.query("update appointment set status = 'fulfilled' where starts < $1", [
    MORNING.toString(),
  ]);
  const service = createPresence({
    db: database.kysely,
    notifier,
    clock: hand,
    offices,
    unit: unitOf({ db: database.kysely, clock: hand, notifier }),
    log,
  });
  for (const { id: desk } of office.desks) {
    const viewer: StaffViewer = {
      kind: 'staff',
      staff: rows[0]!.id,
      name: 'Ana',
      office: office.id,
      role: 'agent',
      desk,
    };
    await service.visit(viewer, office, { isIdle: false });
  }
  service.close();
  return hand;
}

const costs = () => ({
  beat: noCost(),
  bareBeat: noCost(),
  idle: noCost(),
  busy: noCost(),
  bareEnd: noCost(),
  now: noCost(),
  day: noCost(),
});
type Costs = ReturnType<typeof costs>;

async function measure(
  { database, notifier, offices, staff, log }: Context,
  office: Office,
  client: pg.Client,
  hand: Hand,
  print: (line: string) => void,
): Promise<Row[]> {
  const { kysely: db } = database;
  const deps = { db, clock: hand, unit: unitOf({ db, clock: hand, notifier }) };
  const service = createPresence({ ...deps, notifier, offices, log });
  const board = createLiveBoards({ ...deps, staff });
  const viewer = coordinatorOf(office);
  const desks = office.desks.map((each) => each.id);
  const kept = costs();
  const discarded = costs();
  let shown = 0;
  for (let nth = 0; nth < WARM_UP + TIMES; nth++) {
    if (nth % 10 === 0) print(`${nth} of ${WARM_UP + TIMES}`);
    const into = nth < WARM_UP ? discarded : kept;
    hand.at = hand.at.add({ seconds: 10 });
    await cost(into.beat, () => updateSeen(db, desks, hand.at));
    hand.at = hand.at.add({ seconds: 1 });
    await cost(into.bareBeat, () =>
      client.query('update presence set seen_at = $1', [hand.at.toString()]),
    );
    await cost(into.idle, () => service.settle());
    await client.query(BEGIN, [BEGUN, hand.at.toString()]);
    hand.at = hand.at.add({ seconds: 1 });
    await cost(into.busy, () => service.settle());
    await cost(into.bareEnd, () => client.query('select * from presence'));
    const all = { procedure: null, channel: null };
    const seen = await cost(into.now, () => board.board(viewer, office, all));
    shown = seen?.desks.length ?? 0;
    await cost(into.day, () =>
      client.query('select * from appointment where starts >= $1 and starts < $2', [
        `${FIRST_DAY.add({ days: 8 })}`,
        `${FIRST_DAY.add({ days: 9 })}`,
      ]),
    );
    await client.query(END, [hand.at.toString()]);
    hand.at = hand.at.add({ seconds: 1 });
    await service.settle();
  }
  service.close();
  return rowsOf(kept, shown);
}

function rowsOf(kept: Costs, shown: number): Row[] {
  return [
    {
      measure: `Who is there, ${DESKS} desks, written down every 30 s`,
      value: formatCost(kept.beat),
      against: `the same without row-level security: ${formatCost(kept.bareBeat)}`,
      ratio: ratio(kept.beat, kept.bareBeat),
    },
    {
      measure: 'A pass that finds nothing, every 10 s',
      value: formatCost(kept.idle),
      against: `reading the table: ${formatCost(kept.bareEnd)}`,
      ratio: ratio(kept.idle, kept.bareEnd),
    },
    {
      measure: `… that finds ${BEGUN} calls`,
      value: formatCost(kept.busy),
      against: 'one that finds nothing',
      ratio: ratio(kept.busy, kept.idle),
    },
    {
      measure: `The board of now, ${shown} desks on it`,
      value: formatCost(kept.now),
      against: `the day’s appointments, read: ${formatCost(kept.day)}`,
      ratio: ratio(kept.now, kept.day),
    },
  ];
}

/** Begins calls, each at another desk, with its next citizen. */
const BEGIN = `
  with next as (
    select distinct on (desk_id) id, office_id, desk_id, channel, language from appointment
    where status = 'booked' and starts > $2::timestamptz order by desk_id, starts limit $1::int
  ), begun as (
    update appointment a set status = 'in_progress' from next where a.id = next.id
  )
  insert into encounter (id, appointment_id, office_id, channel, language, desk_id, started_at, actor)
  select gen_random_uuid(), id, office_id, channel, language, desk_id, $2::timestamptz, 'staff:1' from next`;

/** Ends the calls, including the notes. */
const END = `
  with over as (update encounter set ended_at = $1::timestamptz where ended_at is null returning appointment_id)
  update appointment set status = 'fulfilled' where id in (select appointment_id from over)`;
