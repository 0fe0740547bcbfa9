import type { Tx } from '../../lib/db/database.ts';
import { hashSecret } from '../../lib/secrets.ts';
import { planDay } from './appointments.ts';
import { planChats } from './chats.ts';
import { requestRows } from './request-rows.ts';
import { planRequests } from './requests.ts';
import {
  addTo,
  bookedRow,
  callRow,
  chatRows,
  endOf,
  eventsBefore,
  keptSince,
  type RowsOf,
  rowsAfter,
  visitRows,
  type Written,
} from './rows.ts';
import { run } from './statements.ts';
import type { PlannedAppointment } from './types.ts';
import { planCalls, planVisits } from './visits.ts';

/** Returns the secrets of links, which the services define. */
export interface Secrets {
  appointment(of: { id: string; link: number }): string;
  request(of: { id: string; link: number }): string;
}

/** The order in which tables are filled: what others refer to comes first. */
const ORDER = [
  ...['opening', 'event', 'attempt', 'call', 'encounter', 'encounter_item', 'chat', 'chat_event'],
  ...['request', 'request_event', 'request_message', 'survey_answer', 'call_quality'],
];

/**
 * Writes what is missing of a day, as it is now: what was booked for it until now, and what is over. What is there stays. It may run again at any
 * time, and writes nothing twice.
 */
export async function writeDay(
  tx: Tx,
  secrets: Secrets,
  written: Written,
  day: Temporal.PlainDate,
): Promise<void> {
  const { seed, now } = written;
  const { appointments, gaps } = planDay(seed, day);
  const rows: RowsOf = {};
  const known = appointments.filter(({ createdAt }) => createdAt <= now);
  await book(tx, secrets, written, { known, rows });
  if (written.settles) await settle(tx, written, { known, rows });

  const office = seed.office.id;
  const visits = planVisits(seed, day, gaps).filter(({ encounter }) => encounter.ended <= now);
  for (const each of await missing(tx, 'encounter', visits)) addTo(rows, visitRows(written, each));
  const isOpen = appointments.length > 0;
  const since = keptSince(written).calls;
  const calls = planCalls(seed, day, isOpen).filter(({ ended }) => ended >= since && ended <= now);
  for (const each of await missing(tx, 'call', calls))
    addTo(rows, { call: [callRow(written, each)] });
  const chats = planChats(seed, day).filter(({ ended }) => isOpen && ended <= now);
  for (const each of await missing(tx, 'chat', chats)) addTo(rows, chatRows(written, each));
  const requests = planRequests(seed, day).filter(({ sentAt }) => sentAt <= now);
  for (const each of await missing(tx, 'request', requests)) {
    const secret = secrets.request({ id: each.id, link: 0 });
    addTo(rows, requestRows(written, each));
    addTo(rows, { opening: [openingRow({ office, opens: 'request', subject: each.id }, secret)] });
  }
  for (const name of ORDER) await run(tx, name, rows[name] ?? []);
}

const openingRow = (
  { office, opens, subject }: { office: number; opens: string; subject: string },
  secret: string,
) => ({ hash: `\\x${hashSecret(secret).toString('hex')}`, office_id: office, opens, subject });

interface Known {
  known: readonly PlannedAppointment[];
  /** To which is added what follows. */
  rows: RowsOf;
}

/** Books what is not there, where its time is free. */
async function book(tx: Tx, secrets: Secrets, written: Written, { known, rows }: Known) {
  const made = await run<{ id: string }>(
    tx,
    'booked',
    known.map((each) => bookedRow(written, each)),
  );
  const isMade = new Set(made.map(({ id }) => id));
  for (const each of known.filter(({ id }) => isMade.has(id))) {
    const secret = secrets.appointment({ id: each.id, link: 0 });
    const on = { office: written.seed.office.id, opens: 'appointment', subject: each.id };
    addTo(rows, { event: eventsBefore(written, each), opening: [openingRow(on, secret)] });
  }
}

/** Ends what is over, with all that happened in it. What somebody changed by hand is left as it is. */
async function settle(tx: Tx, written: Written, { known, rows }: Known) {
  const over = known.flatMap((planned) => {
    const end = endOf(planned);
    return end && end.at <= written.now ? [{ planned, ...end }] : [];
  });
  const settled = await run<{ id: string }>(
    tx,
    'settled',
    over.map(({ planned, at, status }) => ({
      id: planned.id,
      status,
      at: Temporal.Instant.fromEpochMilliseconds(at).toString(),
    })),
  );
  const isSettled = new Set(settled.map(({ id }) => id));
  for (const { planned } of over)
    if (isSettled.has(planned.id)) addTo(rows, rowsAfter(written, planned));
}

/** Returns those that are not in a table. */
async function missing<T extends { id: string }>(
  tx: Tx,
  table: 'encounter' | 'call' | 'chat' | 'request',
  planned: readonly T[],
): Promise<T[]> {
  if (planned.length === 0) return [];
  const ids = planned.map(({ id }) => id);
  const rows = await tx.selectFrom(table).select('id').where('id', 'in', ids).execute();
  const there = new Set<string>(rows.map(({ id }) => id));
  return planned.filter(({ id }) => !there.has(id));
}
