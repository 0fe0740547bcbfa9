/** The minimum of Node for an open stream, as a comparison for `bench/streams.ts`. Prints its port. */
import { createServer, type ServerResponse } from 'node:http';
import { collectGarbage } from '../../src/lib/process/spare-memory.ts';

const BEAT_MS = 15_000;
const HEADERS = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' };

// Asked to, it collects its garbage.
process.on('SIGUSR2', () => collectGarbage('last-resort'));

const open = new Set<ServerResponse>();
setInterval(() => {
  for (const each of open) each.write(':\n\n');
}, BEAT_MS);

const server = createServer((_request, response) => {
  response.writeHead(200, HEADERS);
  response.write('event: hello\ndata: {}\n\n');
  open.add(response);
  response.on('close', () => open.delete(response));
}).listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') console.log(address.port);
});
