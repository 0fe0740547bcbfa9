import type { Context, MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { completeOnce } from '../lib/http/direct.ts';

/** Sets the headers of every answer. Pages set their own Content-Security-Policy; this one allows nothing. */
export function securityHeaders(baseUrl: string): MiddlewareHandler {
  const common = secureHeaders({
    // Not no-referrer: with it browsers send `Origin: null` with our own forms (Fetch, 3.2.5), which
    // looks foreign.
    // This one never reveals an address either, only the site's name.
    referrerPolicy: 'strict-origin',
    strictTransportSecurity: baseUrl.startsWith('https:')
      ? 'max-age=31536000; includeSubDomains'
      : false,
    xFrameOptions: 'DENY',
  });
  const complete = async (c: Context) => {
    await common(c, async () => {});
    if (!c.res.headers.has('Permissions-Policy'))
      c.res.headers.set('Permissions-Policy', permissionsPolicy([]));
  };
  return async (c, next) => {
    await next();
    await completeOnce(
      () => c.res,
      () => complete(c),
    );
  };
}

const DEVICES = ['camera', 'microphone', 'display-capture'] as const;
/** The devices that a page may request from a browser. */
export type Device = (typeof DEVICES)[number];

/** Returns the policy that allows these devices, and nothing else. */
export const permissionsPolicy = (devices: readonly Device[]): string =>
  [
    ...DEVICES.map((each) => `${each}=(${devices.includes(each) ? 'self' : ''})`),
    ...['geolocation=()', 'payment=()', 'usb=()'],
  ].join(', ');

/**
 * For files that other sites' pages may load: they have no personal data. It stands outside
 * `securityHeaders`, whose header it overrides.
 */
export const openToOthers: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('Cross-Origin-Resource-Policy', 'cross-origin');
  c.header('Access-Control-Allow-Origin', '*');
};

/** Returns the policy of a page: our own files, and the named sources. */
export function contentSecurityPolicy(allow: {
  style?: string;
  image?: string;
  /** The origins of its videos and their captions. */
  media?: readonly string[];
  script?: boolean;
  /** More origins that its scripts may connect to. */
  connect?: readonly string[];
  /** Whether a page of ours may frame it, and whether it may frame pages of ours. */
  frames?: { itself: boolean; others: boolean };
  /** More origins that its forms may be sent to. */
  formTo?: readonly string[];
}) {
  return [
    "default-src 'none'",
    `style-src 'self'${allow.style ? ` ${allow.style}` : ''}`,
    `img-src 'self'${allow.image ? ` ${allow.image}` : ''}`,
    ...(allow.media ? [`media-src ${allow.media.join(' ')}`] : []),
    "font-src 'self'",
    ...(allow.script
      ? [
          "script-src 'self'",
          ['connect-src', "'self'", ...(allow.connect ?? [])].join(' '),
          "worker-src 'self'",
        ]
      : []),
    ['form-action', "'self'", ...(allow.formTo ?? [])].join(' '),
    "base-uri 'none'",
    ...(allow.frames?.others ? ["frame-src 'self'"] : []),
    // Browsers that know it ignore X-Frame-Options (CSP 3, 6.4.2.2).
    `frame-ancestors ${allow.frames?.itself ? "'self'" : "'none'"}`,
  ].join('; ');
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
/**
 * Addresses to which other sites post: a mail program's button (RFC 8058), whose address is the only permission that it needs; the answer of a
 * provider of identities, which counts only when the browser that began is back; a wallet that fetches its request; a program that signs, by an
 * identifier that only it has.
 */
const FROM_ANYWHERE =
  /^\/([a-z]{2}\/notices\/[^/]+|identify\/[^/]+\/(answer|request|left)(\/[^/]+)?|signature\/program\/(retrieve|storage))$/;

/**
 * Returns whether a write comes from another site's page. Browsers mark such requests: with
 * `Sec-Fetch-Site`, or with `Origin`
 * on older ones. A client that sends neither isn't a browser, and carries no session.
 */
export function isCrossSite(c: Context, baseUrl: string): boolean {
  if (SAFE.has(c.req.method) || FROM_ANYWHERE.test(c.req.path)) return false;
  const origin = c.req.header('Origin');
  const site = c.req.header('Sec-Fetch-Site');
  if (origin === new URL(baseUrl).origin) return false;
  if (site) return site !== 'same-origin' && site !== 'none';
  if (!origin) return false;
  try {
    return new URL(origin).host !== c.req.header('Host');
  } catch {
    return true; // "null": a sandbox or a file
  }
}
