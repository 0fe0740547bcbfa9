import type { MiddlewareHandler } from 'hono';

/** A worker that removes an earlier one: it deletes the stored pages, and itself. */
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

/**
 * Serves `/sw.js`: the build's worker, always revalidated; or, when no page is to be stored, one that
 * removes earlier ones.
 */
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
