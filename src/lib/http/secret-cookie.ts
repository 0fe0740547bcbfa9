/** The form of `newSecret`. */
const SHAPE = /^[\w-]{32}$/;
/**
 * Browsers accept a name with this prefix only over https and for this whole host, and no other host can write it (RFC 6265bis, 4.1.3.2).
 */
const HOST_ONLY = '__Host-';

/**
 * Returns the name of a cookie of this service. Every cookie is named here. Over plain http, which is only this machine, browsers refuse
 * the prefix, so the name has none.
 */
export const cookieName = (baseUrl: string, name: string): string =>
  isSecure(baseUrl) ? `${HOST_ONLY}${name}` : name;

const isSecure = (baseUrl: string): boolean => baseUrl.startsWith('https:');

/**
 * Returns the value of the cookie with this name in a request's `Cookie` header; '' when there is none. Over https a name without the
 * prefix is ignored.
 */
export function cookieIn(cookie: string, name: string, baseUrl: string): string {
  const wanted = cookieName(baseUrl, name);
  for (const part of cookie.split(/;\s*/)) {
    // A value may contain the equals sign too.
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at) === wanted) return part.slice(at + 1);
  }
  return '';
}

/** Returns the secret in the cookie with this name in a request's `Cookie` header; '' when there is none. */
export function secretIn(cookie: string, name: string, baseUrl: string): string {
  const value = cookieIn(cookie, name, baseUrl);
  return SHAPE.test(value) ? value : '';
}

/** Returns a `Set-Cookie` value, hidden from scripts and from other hosts. `seconds`: how long the browser keeps it; 0 removes it. */
export function giveCookie(
  baseUrl: string,
  { name, value, seconds }: { name: string; value: string; seconds: number },
): string {
  const given = `${cookieName(baseUrl, name)}=${value}`;
  const secure = isSecure(baseUrl) ? '; Secure' : '';
  return `${given}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Lax${secure}`;
}

/** Returns `Set-Cookie` values that remove every cookie of a request whose name begins with `start`. */
export function takeCookies(cookie: string, start: string, baseUrl: string): string[] {
  const prefix = cookieName(baseUrl, start);
  const names = cookie.split(/;\s*/).map((part) => part.split('=')[0] ?? '');
  return names
    .filter((name) => name.startsWith(prefix) && /^[\w.-]+$/.test(name))
    .map((name) => `${start}${name.slice(prefix.length)}`)
    .map((name) => giveCookie(baseUrl, { name, value: '', seconds: 0 }));
}

/** Returns a `Set-Cookie` value that gives a browser a secret. */
export const giveSecret = (
  baseUrl: string,
  { name, secret, seconds }: { name: string; secret: string; seconds: number },
): string => giveCookie(baseUrl, { name, value: secret, seconds });
