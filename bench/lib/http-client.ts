import { Connection } from './http.ts';
import { startOf, WORKING_DAYS } from './pgbench.ts';
import { OFFICE, SHARED, STARTS_A_DAY } from './town.ts';

/** A process that books over HTTP: `http-client.ts PORT TOKEN CLIENTS BOOKINGS` prints bookings a second. */
const [port, token, clients, bookings] = process.argv.slice(2);
let left = Number(bookings);

const random = (below: number) => Math.floor(Math.random() * below);
const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };

async function client(connection: Connection): Promise<void> {
  while (left-- > 0) {
    const booking = {
      procedure: SHARED[random(SHARED.length)],
      channel: 'phone',
      language: 'ca',
      start: startOf(random(WORKING_DAYS), random(STARTS_A_DAY)).toString(),
      citizen: {
        name: 'Maria Puig i Ferrer',
        email: 'maria.puig@example.org',
        phone: '+34600111222',
      },
    };
    const path = `/api/v1/offices/${OFFICE}/appointments`;
    const answer = await connection.request('POST', path, headers, JSON.stringify(booking));
    if (answer.status !== 201 && answer.status !== 409)
      throw new Error(`${answer.status} ${answer.body.toString().slice(0, 500)}`);
  }
}

const connections = await Promise.all(
  Array.from({ length: Number(clients) }, () => Connection.open(Number(port))),
);
const start = performance.now();
await Promise.all(connections.map(client));
console.log((Number(bookings) * 1000) / (performance.now() - start));
for (const connection of connections) connection.close();
