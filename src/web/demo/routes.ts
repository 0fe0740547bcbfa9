import { Hono, type Context as Request } from 'hono';
import type { Offices } from '../../features/foundation/offices/service.ts';
import type { Clock } from '../../lib/clock.ts';
import { datesIn } from '../../lib/i18n/dates.ts';
import { preferredLanguage } from '../../lib/i18n/languages.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import { isUuid } from '../../lib/uuid.ts';
import type { Assets } from '../assets.ts';
import { sendFramed } from '../framed.ts';
import { type Guard, get, mount, type Route } from '../routes.ts';
import { type AccessDeps, readAccess } from './access.ts';
import { type MailboxDeps, readMail, readMailbox } from './mailbox.ts';
import { sendDemo, sendMail } from './send.tsx';

export interface DemoDeps extends AccessDeps, MailboxDeps {
  offices: Offices;
  clock: Clock;
  assets: Assets;
  config: { demo: boolean };
}

/**
 * The routes of demo mode, which show everything to everybody: mount them only in demo mode, before the
 * pages.
 */
function demoRoutes(deps: DemoDeps): Route[] {
  const reader = async (c: Request) => {
    const town = await deps.offices.town();
    const language = preferredLanguage(c.req.header('Accept-Language'), town.languages);
    const dates = datesIn(language, town.timeZone);
    return { c, town, dates, t: translateTo(language), assets: deps.assets };
  };
  const mail = (c: Request) => {
    const id = c.req.param('id') ?? '';
    return isUuid(id) ? readMail(deps, id) : null;
  };
  const json = (c: Request, value: unknown): Response =>
    c.json(value as object, 200, { 'Cache-Control': 'no-store' });

  return [
    get('/demo', 'demo', async (c) =>
      sendDemo(await reader(c), await readAccess(deps), await readMailbox(deps, deps.clock.now())),
    ),
    get('/demo/outbox.json', 'demo', async (c) => {
      const mails = await readMailbox(deps, deps.clock.now());
      return json(
        c,
        mails.map(({ language: _, ...agreed }) => agreed),
      );
    }),
    get('/demo/access.json', 'demo', async (c) => json(c, await readAccess(deps))),
    get('/demo/mail/:id', 'demo', async (c) => {
      const found = await mail(c);
      return found ? sendMail(await reader(c), found) : c.notFound();
    }),
    get('/demo/mail/:id/html', 'demo', async (c) => {
      const found = await mail(c);
      return found?.html ? sendFramed(c, found.html) : c.notFound();
    }),
  ];
}

/** The demo as an app of its own. */
export function demoPages(deps: DemoDeps): Hono {
  const app = new Hono();
  const demo: Guard = (c) => (deps.config.demo ? null : (c.notFound() as Response));
  mount(app, demoRoutes(deps), { of: { demo } });
  return app;
}
