import type { Context } from '../context.ts';
import type { Appointment } from '../domain/appointment.ts';
import type { Channel } from '../domain/channel.ts';
import { isMadeUp } from '../domain/demo-people.ts';
import { busyUntil } from '../domain/occupancy.ts';
import type { Office } from '../domain/office/types.ts';
import { referenceFrom } from '../features/booking/appointments/rules.ts';
import { within } from '../lib/db/database.ts';
import { hashSecret } from '../lib/secrets.ts';
import type { StaffViewer } from '../lib/viewer.ts';
import type { MadePerson } from './history/people.ts';
import { run } from './history/statements.ts';

type Deps = Pick<Context, 'database' | 'clock' | 'appointments'>;

/** Returns the appointments of a desk that are to come today, and whose citizen is made up, in their order. */
async function comingOf(
  { appointments, clock }: Deps,
  office: Office,
  { desk }: StaffViewer,
): Promise<Appointment[]> {
  const now = clock.now();
  const until = now.add({ hours: 5 });
  const found = await appointments.search({ office: office.id, from: now, to: until, limit: 200 });
  return found.filter(
    (each) => each.desk === desk && each.status === 'booked' && isMadeUp(each.citizen.email ?? ''),
  );
}

/** Returns the next appointment of a desk; null: none. */
export async function nextOf(
  deps: Deps,
  office: Office,
  agent: StaffViewer,
  channel?: Channel,
): Promise<Appointment | null> {
  const all = await comingOf(deps, office, agent);
  return all.find((each) => channel === undefined || each.channel === channel) ?? null;
}

const GRID_MS = 5 * 60_000;

/**
 * Books somebody at a desk for as soon as it has time. Where it has none soon, those who come next call it off, and their time is taken. Returns the id; null: the
 * desk has no more time today.
 */
export async function bookSoon(
  deps: Deps,
  office: Office,
  agent: StaffViewer,
  wanted: { channel: Channel; person: MadePerson },
): Promise<string | null> {
  const first = Math.floor(deps.clock.now().epochMilliseconds / GRID_MS) * GRID_MS;
  for (const start of [first, first + GRID_MS, first + 2 * GRID_MS]) {
    const id = await bookAt(deps, office, agent, { ...wanted, start });
    if (id) return id;
  }
  const coming = await comingOf(deps, office, agent);
  const [next] = coming;
  const length = lengthOf(office, wanted.channel);
  if (!next || !length) return null;
  const end = next.start.add({ minutes: length.minutes + office.settings.slots.buffer });
  for (const each of coming.filter(({ start }) => Temporal.Instant.compare(start, end) < 0)) {
    const citizen = { kind: 'citizen', appointment: each.id } as const;
    await deps.appointments.cancel(citizen, office, each.id, '');
  }
  return bookAt(deps, office, agent, { ...wanted, start: next.start.epochMilliseconds });
}

/** Returns the first procedure of a channel, and how long it takes there; null: the office has none. */
function lengthOf(office: Office, channel: Channel) {
  const procedure = office.procedures.find(({ channels }) => channels[channel] !== undefined);
  const minutes = procedure?.channels[channel];
  return procedure && minutes !== undefined ? { procedure, minutes } : null;
}

async function bookAt(
  { database, clock, appointments }: Deps,
  office: Office,
  { desk }: StaffViewer,
  wanted: { channel: Channel; person: MadePerson; start: number },
): Promise<string | null> {
  const { channel, person } = wanted;
  const length = lengthOf(office, channel);
  if (!length) return null;
  const { procedure, minutes: duration } = length;
  const id = crypto.randomUUID();
  const start = Temporal.Instant.fromEpochMilliseconds(wanted.start);
  const end = start.add({ minutes: duration });
  const now = clock.now().toString();
  const row = {
    id,
    office_id: office.id,
    reference: referenceFrom(crypto.getRandomValues(new Uint8Array(6))),
    procedure_id: procedure.id,
    channel,
    site: null,
    language: 'ca',
    notice_language: 'ca',
    desk_id: desk,
    starts: start.toString(),
    ends: end.toString(),
    busy_until: busyUntil(office.settings.slots, { channel, duration }, end).toString(),
    status: 'booked',
    name: person.name,
    email: person.email,
    phone: person.phone,
    sequence: 0,
    created_at: start.subtract({ hours: 24 }).toString(),
    updated_at: now,
    forgotten_at: null,
  };
  const hash = hashSecret(appointments.secretOf({ id, link: 0 })).toString('hex');
  const on = { office_id: office.id, appointment_id: id };
  return within(database.kysely, office.id, async (tx) => {
    const made = await run(tx, 'booked', [row]);
    if (made.length === 0) return null;
    const opened = { hash: `\\x${hash}`, office_id: office.id, opens: 'appointment', subject: id };
    await run(tx, 'opening', [opened]);
    const event = { ...on, kind: 'booked', at: row.created_at, actor: 'citizen', data: {} };
    await run(tx, 'event', [event]);
    return id;
  });
}
