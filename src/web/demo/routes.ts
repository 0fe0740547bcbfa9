import { setTimeout as pause } from 'node:timers/promises';
import { Hono, type Context as Request } from 'hono';
import type { Config } from '../../config.ts';
import { isMadeUp } from '../../domain/demo-people.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';
import type { Staff } from '../../features/foundation/staff/service.ts';
import type { Clock } from '../../lib/clock.ts';
import { datesIn } from '../../lib/i18n/dates.ts';
import { preferredLanguage } from '../../lib/i18n/languages.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import { isUuid } from '../../lib/uuid.ts';
import type { Assets } from '../assets.ts';
import { callerOf } from '../console/visit.tsx';
import { readForm } from '../form.ts';
import { sendFramed } from '../framed.ts';
import { type Guard, get, type Handler, mount, post, type Route } from '../routes.ts';
import { type AccessDeps, readAccess } from './access.ts';
import { lifeCookies } from './bar.tsx';
import { type DoorDeps, enter, personaNamed } from './door.ts';
import { isHere } from './here.ts';
import { type MailboxDeps, readMail, readMailbox } from './mailbox.ts';
import { type Shown, sendDemo, sendMail, sendTools, sendTour } from './send.tsx';
import { toolRoutes } from './tools.ts';
import { type DemoLife, type DemoTools, LEAPS, NO_TOOLS, SCENARIOS } from './types.ts';

export interface DemoDeps extends AccessDeps, MailboxDeps, Omit<DoorDeps, 'callerOf'> {
  offices: Offices;
  clock: Clock;
  assets: Assets;
  config: Pick<Config, 'demo' | 'trustedProxies' | 'baseUrl'>;
  staff: Pick<Staff, 'demoAccess' | 'enterDemo'>;
  /** Null: the demo has no past and nobody in it. */
  life: DemoLife | null;
  tools: DemoTools;
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

  /** Has the browser know later that the demo has begun again. */
  const giveLife = (c: Request): void => {
    for (const each of lifeCookies(deps.tools.again, deps.config.baseUrl))
      c.header('Set-Cookie', each, { append: true });
  };

  return [
    get('/demo', 'demo', async (c) => {
      giveLife(c);
      if (deps.life?.isPassing()) c.header('Refresh', '3');
      return sendDemo(await reader(c), await shownOn(deps, c));
    }),
    post('/demo/enter', 'demo', async (c) => {
      const { t } = await reader(c);
      const persona = personaNamed((await readForm(c)).line('who'));
      if (!persona) return c.notFound();
      const door = { ...deps, callerOf: (of: Request) => callerOf(deps, of) };
      const entered = await enter(door, c, persona, t.language);
      giveLife(c);
      for (const cookie of entered?.cookies ?? []) c.header('Set-Cookie', cookie, { append: true });
      return c.redirect(entered?.to ?? '/demo?gone', 303);
    }),
    ...livingRoutes(deps, async (c) => sendTour(await reader(c))),
    ...toolRoutes({ ...deps, send: sendTools(reader) }),
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

/** Whether a message may be for whoever tries the demo: old ones have no recipient any more. */
const isForYou = (recipient: string): boolean => recipient !== '' && !isMadeUp(recipient);

/** Seconds after which somebody who let time pass sees the page again, though it may still pass. */
const soon = () => pause(3_000);

/** Returns what `/demo` shows. */
async function shownOn(deps: DemoDeps, c: Request): Promise<Shown> {
  const { life, tools, clock } = deps;
  return {
    access: await readAccess(deps),
    mails: await readMailbox(deps, clock.now(), isForYou),
    life,
    tools: isHere(c, deps.config.trustedProxies) ? tools : NO_TOOLS,
    hasBegun: c.req.query('begun') !== undefined,
    now: clock.now(),
    isGone: c.req.query('gone') !== undefined,
    played: SCENARIOS.find((each) => each === c.req.query('played')) ?? null,
    unplayed: SCENARIOS.find((each) => each === c.req.query('unplayed')) ?? null,
  };
}

/** What only a demo that lives has. */
function livingRoutes({ life }: DemoDeps, tour: Handler): Route[] {
  if (!life) return [];
  return [
    get('/', 'demo', (c) => c.redirect('/demo')),
    get('/demo/tour', 'demo', tour),
    post('/demo/clock', 'demo', async (c) => {
      const by = (await readForm(c)).line('by');
      const leap = LEAPS.find((each) => each === by);
      if (!leap) return c.notFound();
      await Promise.race([life.leap(leap), soon()]);
      return c.redirect('/demo', 303);
    }),
    post('/demo/play', 'demo', async (c) => {
      const what = (await readForm(c)).line('what');
      const scenario = SCENARIOS.find((each) => each === what);
      if (!scenario) return c.notFound();
      const isPlayed = await life.play(scenario);
      return c.redirect(`/demo?${isPlayed ? 'played' : 'unplayed'}=${scenario}#happens`, 303);
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
