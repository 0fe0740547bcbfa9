import { INSTALLATION, within } from '../../../src/lib/db/database.ts';
import type { Client } from '../client.ts';
import type { Every } from '../desk-states.ts';
import type { Town } from '../town.ts';

/** The variables of a town that has Microsoft 365. Nobody is asked at these addresses. */
export const WITH_GRAPH = {
  GRAPH_TENANT: 'vilaclara.example',
  GRAPH_CLIENT_ID: 'finestreta',
  GRAPH_CLIENT_SECRET: 'only for the pages',
  GRAPH_LOGIN_URL: 'http://127.0.0.1:1',
  GRAPH_URL: 'http://127.0.0.1:1',
};

const CALENDARS = '/console/oac/calendars';

/** Pages about calendars of other programs, of an administrator. */
export async function calendarStates(every: Every, town: Town): Promise<void> {
  const connect = `${CALENDARS}/connect`;
  await every('calendars: which kind', (client) => client.get(connect));
  await every('calendars: connect', (client) => client.get(`${connect}?with=caldav`));
  await every('calendars: connect, errors', (client) =>
    client.post(`${connect}?with=caldav`, { desk: 'taula-1', address: 'ftp://x' }),
  );
  const graph = `${connect}?with=graph`;
  await every('calendars: Microsoft 365', (client) => client.get(graph));
  await every('calendars: Microsoft 365, errors', (client) =>
    client.post(graph, { act: 'connect', desk: 'taula-1' }),
  );
  await every('calendars: Microsoft 365, the way there', (client) =>
    client.post(graph, { act: 'connect', desk: 'taula-1', choice: 'reads' }),
  );
  await every('calendars: Microsoft 365, back too late', (client) =>
    client.get(`${CALENDARS}/microsoft?code=x&state=oac.x`),
  );
  const id = await connectGraph(town);
  await every('calendars', (client) => client.get(CALENDARS));
  await every('calendars: Microsoft 365, signed out', (client) =>
    client.get(`${CALENDARS}/connected/${id}`),
  );
}

/** The hours at which a connected calendar is busy, as a coordinator sees them. */
export async function busyStates(every: Every, client: Client): Promise<void> {
  await every('board: a calendar is busy', (each) => each.get('/console/oac/board'));
  const page = await client.get('/console/oac');
  const desk = /<option value="(\d+)"/.exec(page.html)?.[1] ?? '';
  await client.post('/console/oac/view', { view: 'line', back: '/console/oac' });
  await every('day: by hours, a calendar is busy', (each) => each.get(`/console/oac?desk=${desk}`));
  await client.post('/console/oac/view', { view: 'list', back: '/console/oac' });
}

/** Connects the calendar of the first desk, which is busy for an hour of the morning, and whose permission has ended. */
function connectGraph(town: Town): Promise<string> {
  return town.operate(async ({ database, offices, clock }) => {
    const office = (await offices.find('oac'))!;
    const desk = office.desks[0]!.id;
    const id = '00000000-0000-4000-8000-0000000ca1e2';
    const at = clock.now();
    const noon = at.toZonedDateTimeISO(office.timeZone).with({ hour: 12, minute: 0 }).toInstant();
    await within(database.kysely, INSTALLATION, async (tx) => {
      const by = await tx.selectFrom('staff').select('id').limit(1).executeTakeFirstOrThrow();
      await tx
        .insertInto('calendar_connection')
        .values({
          id,
          office_id: office.id,
          desk_id: desk,
          kind: 'graph',
          address: WITH_GRAPH.GRAPH_URL,
          username: 'taula@vilaclara.example',
          calendar: 'x',
          calendar_name: 'Calendar',
          reads: true,
          writes: false,
          names: false,
          made_at: at.toString(),
          made_by: by.id,
          trouble: 'signed_out',
          failures: 2,
          next_try_at: at.add({ hours: 24 * 300 }).toString(),
        })
        .execute();
      await tx
        .insertInto('desk_busy')
        .values({
          office_id: office.id,
          desk_id: desk,
          source: id,
          event: 'x',
          starts: noon.toString(),
          ends: noon.add({ hours: 1 }).toString(),
        })
        .execute();
      await tx
        .updateTable('office')
        .set((eb) => ({ revision: eb('revision', '+', 1) }))
        .where('id', '=', office.id)
        .execute();
    });
    return id;
  });
}
