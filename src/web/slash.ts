import type { Context } from 'hono';

/**
 * Returns the same path without the slash at its end; null where there is none to leave out. Only plain segments count: a path that
 * begins with two slashes, or has a backslash, would lead to another host.
 */
export function withoutSlash(path: string): string | null {
  return /^(?:\/[\w.~%-]+)+\/$/.test(path) ? path.slice(0, -1) : null;
}

/** Answers a page that was not found with its address without the slash, permanently; null: nothing to leave out. */
export function leaveOutSlash(c: Context): Response | null {
  const isReading = c.req.method === 'GET' || c.req.method === 'HEAD';
  const path = isReading ? withoutSlash(c.req.path) : null;
  return path ? c.redirect(path + new URL(c.req.url).search, 301) : null;
}
