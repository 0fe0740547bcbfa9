/** Shape of `newSecret`. */
const SHAPE = /^[\w-]{32}$/;
/** Browsers take a name that begins so from https alone, and let no page without it write it. */
const SECURE = '__Secure-';

/** The secret that a request's `Cookie` header brings under this name; '' when none. */
export function secretIn(cookie: string, name: string): string {
  for (const part of cookie.split(/;\s*/)) {
    const [found = '', value = ''] = part.split('=');
    if (found.replace(SECURE, '') === name && SHAPE.test(value)) return value;
  }
  return '';
}

/** Gives a browser a secret, as a `Set-Cookie` value: kept from scripts, and for the pages under `path` alone. */
export function giveSecret(
  baseUrl: string,
  cookie: { name: string; secret: string; seconds: number; path: string },
): string {
  const { name, secret, seconds, path } = cookie;
  const isSecure = baseUrl.startsWith('https:');
  const given = `${isSecure ? SECURE : ''}${name}=${secret}`;
  return `${given}; Max-Age=${seconds}; Path=${path}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
}
