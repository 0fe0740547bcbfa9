import type { Context } from 'hono';

/**
 * Sends a mail as a separate document with a mail program's rights: its own styles and nothing else.
 * Links open beside the frame.
 */
export function sendFramed(c: Context, html: string): Response {
  c.header(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; " +
      "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
  );
  c.header('Cache-Control', 'no-store');
  return c.html(html.replaceAll('<a ', '<a target="_blank" rel="noopener" ')) as Response;
}

/** Lets a page frame such documents. */
export function withFrames(response: Response): Response {
  const policy = response.headers.get('Content-Security-Policy');
  response.headers.set('Content-Security-Policy', `${policy}; frame-src 'self'`);
  return response;
}
