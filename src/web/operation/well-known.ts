import { type Context, Hono } from 'hono';
import type { Clock } from '../../lib/clock.ts';
import { LANGUAGES } from '../../lib/i18n/languages.ts';
import { get, mount, open } from '../routes.ts';

/** Days of validity of `security.txt`; RFC 9116, 2.5.5 advises less than a year. */
const VALID_DAYS = 180;

interface Deps {
  clock: Clock;
  baseUrl: string;
  /** The contact as the file has it, such as `mailto:seguretat@yourtown.cat`; null: the town has none. */
  securityContact: string | null;
}

/** `/.well-known/security.txt`: the contact for a vulnerability (RFC 9116). Not found without a contact. */
export function wellKnownFiles({ clock, baseUrl, securityContact }: Deps): Hono {
  const securityTxt = (c: Context): Response => {
    if (!securityContact) return c.notFound() as Response;
    const today = clock.now().toZonedDateTimeISO('UTC').startOfDay();
    const expires = today.add({ days: VALID_DAYS }).toInstant();
    const lines = [
      `Contact: ${securityContact}`,
      `Expires: ${expires}`,
      `Preferred-Languages: ${LANGUAGES.join(', ')}`,
      `Canonical: ${baseUrl}/.well-known/security.txt`,
    ];
    return c.text(`${lines.join('\n')}\n`, 200, { 'Cache-Control': 'public, max-age=3600' });
  };
  const app = new Hono();
  mount(app, [get('/.well-known/security.txt', 'open', securityTxt)], { of: { open } });
  return app;
}
