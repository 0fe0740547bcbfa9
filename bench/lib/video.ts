import { Connection } from './http.ts';
import type { Server } from './server.ts';
import { type Access, signIn } from './sign-in.ts';
import { FOR_ALL, OFFICE, townText } from './town.ts';

/** An agent with the permission for all appointments. */
const COORDINATOR = 'coordinacio-1@example.org';
/** The hour of all appointments, and the present time: rooms are open. */
const HOUR = '09:00:00+01:00';
const NOW = '08:40:00+01:00';

/** A video appointment whose encounter has begun. */
export interface Call {
  /** The addresses of their rooms, the prefix of their pages' requests. */
  citizen: string;
  agent: string;
}

export interface Staff {
  cookie: string;
  token: string;
}

/** The desks of `townText`, of a town that relays all calls or none, as text for TOWN_FILE. */
export function videoTown(relay: 'needed' | 'always' = 'needed'): string {
  const town = JSON.parse(townText({ horizonDays: 100, always: true }));
  const office = town.offices[OFFICE];
  office.slots.leadMinutes = 0;
  office.video = { relay };
  const staff = [
    { email: COORDINATOR, name: 'Coordinació', offices: { [OFFICE]: { roles: ['coordinator'] } } },
  ];
  return JSON.stringify({ ...town, staff });
}

/** Twenty minutes before the hour, of a day. */
export const videoClock = (day: Temporal.PlainDate): string => `${day}T${NOW}`;

/** The one who attends, signed in. */
export async function signInStaff(origin: string): Promise<Staff> {
  const access = (await (await fetch(`${origin}/demo/access.json`)).json()) as Access;
  const person = access.staff.find(({ email }) => email === COORDINATOR);
  if (!person) throw new Error(`${COORDINATOR} has no access`);
  return { cookie: await signIn(origin, person), token: access.tokens[OFFICE] ?? '' };
}

/** Books so many video appointments for the hour, at a desk each, and begins the encounter of each. */
export async function beginCalls(
  { port }: Server,
  { cookie, token }: Staff,
  day: Temporal.PlainDate,
  count: number,
): Promise<Call[]> {
  const connection = await Connection.open(port);
  const calls: Call[] = [];
  for (let n = 0; n < count; n++) {
    const booking = {
      procedure: FOR_ALL,
      channel: 'video',
      language: 'ca',
      start: `${day}T${HOUR}`,
      citizen: { name: 'Maria Puig', email: `maria-${n}@example.org`, phone: '+34600111222' },
    };
    const answer = await connection.request(
      'POST',
      `/api/v1/offices/${OFFICE}/appointments?include=manageUrl`,
      { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      JSON.stringify(booking),
    );
    if (answer.status !== 201) throw new Error(`Booking answered ${answer.status}`);
    const { id, manageUrl } = JSON.parse(answer.body.toString());
    const path = `/console/${OFFICE}/appointment/${id}`;
    // One coordinator begins all, which the page doubts.
    const begun = await connection.request(
      'POST',
      `${path}/start`,
      {
        Cookie: cookie,
        'X-Forwarded-For': '198.51.100.1',
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      'anyway=1',
    );
    if (begun.status !== 303) throw new Error(`Beginning answered ${begun.status}`);
    calls.push({ citizen: `${new URL(manageUrl).pathname}/room`, agent: `${path}/room` });
  }
  connection.close();
  return calls;
}
