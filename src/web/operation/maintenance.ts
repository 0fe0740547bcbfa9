import type { MiddlewareHandler } from 'hono';
import type { Config } from '../../config.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';
import type { Clock } from '../../lib/clock.ts';
import { isLanguage } from '../../lib/i18n/languages.ts';
import type { Assets } from '../assets.ts';
import { ABOUT_PAGES } from '../citizen/urls.ts';
import type { KnownTown } from './known-town.ts';
import { closed, isClosed } from './unavailable.tsx';

interface Deps {
  config: Pick<Config, 'closed'>;
  clock: Clock;
  offices: Offices;
  assets: Assets;
  latest(): KnownTown | null;
}

/** The pages that stay readable: they are about the site, and book nothing. */
const OPEN: readonly string[] = [...ABOUT_PAGES, 'offline'];

/** Answers instead of the citizen's pages during maintenance, also when the database is away. */
export function maintenance({ config, clock, offices, assets, latest }: Deps): MiddlewareHandler {
  return async (c, next) => {
    if (!config.closed || !isClosed(config, clock)) return next();
    const [, first, second, third] = c.req.path.split('/');
    const isAbout = isLanguage(first) && OPEN.includes(second ?? '') && third === undefined;
    if (isAbout) return next();
    await Promise.all([offices.town(), offices.list()]).catch(() => null);
    const { until } = config.closed;
    return closed(c, assets, latest(), { until, now: clock.now() });
  };
}
