import type { MiddlewareHandler } from 'hono';

/** The worker that ends an earlier one: forgets what it kept, and itself. */
const GOODBYE = `self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => {
  const forget = async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith('finestreta-'));
    await Promise.all(names.map((name) => caches.delete(name)));
    await self.registration.unregister();
  };
  event.waitUntil(forget());
});
`;

/** `/sw.js`: the build's, always looked at anew; or, where no page is to be kept, one that takes the earlier ones away. */
export function offlineWorker(isWanted: boolean): MiddlewareHandler {
  return async (c, next) => {
    if (!isWanted) {
      const headers = { 'Content-Type': 'text/javascript; charset=utf-8' };
      return c.body(GOODBYE, 200, { ...headers, 'Cache-Control': 'no-cache' });
    }
    await next();
    c.header('Cache-Control', 'no-cache');
    return undefined;
  };
}
