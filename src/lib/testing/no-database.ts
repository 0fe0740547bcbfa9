import { Socket } from 'node:net';

const REFUSAL =
  'A unit test reached for PostgreSQL. A test that needs it is known by its imports: it imports src/lib/db/testing.ts, ' +
  'itself or through its helpers, and runs with `npm run test:db` (scripts/lib/test-kinds.ts). ' +
  'Watching tests, start again after such an import is new.';

/** PostgreSQL's own port, and the names of its sockets. */
const POSTGRES = /(^|\/)\.s\.PGSQL\.\d+$|^5432$/;

/** Refuses connections to PostgreSQL in unit tests, with the command that runs tests with a database; set-up of each file. */
const connect = Socket.prototype.connect;
Socket.prototype.connect = function refuse(this: Socket, ...args: unknown[]) {
  if (placesIn(args).some((place) => POSTGRES.test(String(place)))) throw new Error(REFUSAL);
  return Reflect.apply(connect, this, args) as Socket;
} as typeof connect;

/** Returns the ports and paths in the arguments of connect(): `(port)`, `(path)`, `({ port, path })`, or those in one list. */
function placesIn(args: readonly unknown[]): unknown[] {
  const [first] = args.flat();
  if (typeof first !== 'object' || first === null) return [first];
  return [Reflect.get(first, 'port'), Reflect.get(first, 'path')];
}
