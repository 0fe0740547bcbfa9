/** Shape of `newSecret`. */
const SHAPE = /^[\w-]{32}$/;
/**
 * Browsers take a name with this prefix from https alone and for the whole of this host, and no other host can write it
 * (RFC 6265bis, 4.1.3.2).
 */
const HOST_ONLY = '__Host-';

/**
 * The name of a cookie of this service. Every cookie is named here. Over plain http, which is this machine alone, browsers refuse the
 * prefix, so the name is plain.
 */
export const cookieName = (baseUrl: string, name: string): string =>
  isSecure(baseUrl) ? `${HOST_ONLY}${name}` : name;

const isSecure = (baseUrl: string): boolean => baseUrl.startsWith('https:');

/** The value that a request's `Cookie` header brings under this name; '' when none. Over https a name without the prefix is none. */
export function cookieIn(cookie: string, name: string, baseUrl: string): string {
  const wanted = cookieName(baseUrl, name);
  for (const part of cookie.split(/;\s*/)) {
    // A value may hold the sign too.
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at) === wanted) return part.slice(at + 1);
  }
  return '';
}

/** The secret that a request's `Cookie` header brings under this name; '' when none. */
export function secretIn(cookie: string, name: string, baseUrl: string): string {
  const value = cookieIn(cookie, name, baseUrl);
  return SHAPE.test(value) ? value : '';
}

/** A `Set-Cookie` value, kept from scripts and from other hosts. `seconds`: how long the browser keeps it; 0 takes it away. */
export function giveCookie(
  baseUrl: string,
  { name, value, seconds }: { name: string; value: string; seconds: number },
): string {
  const given = `${cookieName(baseUrl, name)}=${value}`;
  const secure = isSecure(baseUrl) ? '; Secure' : '';
  return `${given}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Lax${secure}`;
}

/** `Set-Cookie` values that take away every cookie of a request whose name begins so. */
export function takeCookies(cookie: string, start: string, baseUrl: string): string[] {
  const prefix = cookieName(baseUrl, start);
  const names = cookie.split(/;\s*/).map((part) => part.split('=')[0] ?? '');
  return names
    .filter((name) => name.startsWith(prefix) && /^[\w.-]+$/.test(name))
    .map((name) => `${start}${name.slice(prefix.length)}`)
    .map((name) => giveCookie(baseUrl, { name, value: '', seconds: 0 }));
}

/** Gives a browser a secret, as a `Set-Cookie` value. */
export const giveSecret = (
  baseUrl: string,
  { name, secret, seconds }: { name: string; secret: string; seconds: number },
): string => giveCookie(baseUrl, { name, value: secret, seconds });
