/** The minimum of Node for a page, as a comparison: prints its port; `/<bytes>` answers as many. */
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  request.resume();
  response.end(Buffer.alloc(Number(request.url?.slice(1)), 120));
}).listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') console.log(address.port);
});
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
