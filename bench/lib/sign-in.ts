import { Secret, TOTP } from 'otpauth';

/** The answer of `/demo/access.json`. */
export interface Access {
  staff: { email: string; password: string; totpSecret: string }[];
  tokens: Record<string, string>;
}

/** Signs one of them in. Answers their cookies as a browser would send them. */
export async function signIn(
  origin: string,
  { email, password, totpSecret }: Access['staff'][number],
): Promise<string> {
  const post = (path: string, form: Record<string, string>, cookie = '') =>
    fetch(`${origin}${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
      // From a different address each, because of the limits of sign-ins.
      headers: { cookie, 'X-Forwarded-For': `198.51.100.${/\d+/.exec(email)?.[0]}` },
      redirect: 'manual',
    });
  const jar = (answer: Response) =>
    answer.headers
      .getSetCookie()
      .map((each) => each.split(';')[0] ?? '')
      .filter((each) => !each.endsWith('='))
      .join('; ');
  const first = await post('/staff/sign-in', { email, password });
  const code = new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate();
  const second = await post('/staff/code', { code }, jar(first));
  const to = second.headers.get('Location') ?? String(second.status);
  if (!to.startsWith('/console')) throw new Error(`${email} can't sign in: ${to}`);
  return jar(second);
}
