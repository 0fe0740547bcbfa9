import { type Context, Hono } from 'hono';
import { isUnavailable } from '../../lib/db/database.ts';
import { formatError } from '../../lib/format-error.ts';
import { type Guards, get, mount, open, post, type Route, routeOf } from '../routes.ts';
import { openToOthers } from '../security.ts';
import { FORMATS, type Format, type Refusal, refuse } from './answers.ts';
import type { Open311Deps } from './deps.ts';
import { GEOREPORT } from './discovery.ts';
import { createCallers } from './keys.ts';
import { createAnswers, type Reply } from './reading.ts';
import { createSending } from './sending.ts';

/** Open311 GeoReport v2, and the document at which its clients begin (docs/open311.md). Everything below `/open311` is answered here, in the format asked for. */
export function open311Routes(
  deps: Open311Deps,
  guards: Guards = { of: { open, key: open } },
): Hono {
  const app = new Hono();
  // Pages of other sites may read what anybody may read.
  app.use('/open311/*', openToOthers);
  mount(app, routes(deps), guards);
  app.all('/open311/*', (c) => refuse(c, formatIn(c) ?? 'xml', NOTHING));
  return app;
}

const NOTHING: Refusal = {
  status: 404,
  description: 'There is nothing at this address. Begin at /open311/discovery.xml.',
};

function routes(deps: Open311Deps): Route[] {
  const callers = createCallers(deps);
  const answers = createAnswers(deps, callers);
  const sending = createSending(deps, callers);
  const of = (reply: Reply) => answered(deps, reply);
  const first = (name: string) => `:file{${name}\\.[a-z]+}`;
  return [
    get(`/open311/${first('discovery')}`, 'open', of(answers.discovery)),
    get(`${GEOREPORT}/${first('discovery')}`, 'open', of(answers.discovery)),
    get(`${GEOREPORT}/${first('services')}`, 'open', of(answers.services)),
    get(`${GEOREPORT}/services/:file`, 'open', of(answers.service)),
    get(`${GEOREPORT}/${first('requests')}`, 'open', of(answers.requests)),
    get(`${GEOREPORT}/requests/:file`, 'open', of(answers.request)),
    get(`${GEOREPORT}/tokens/:file`, 'open', of(answers.token)),
    post(`${GEOREPORT}/${first('requests')}`, 'key', of(sending)),
  ];
}

/** Returns the format by the ending of the address; null: it has none of ours. */
function formatIn(c: Context): Format | null {
  const ending = c.req.path.slice(c.req.path.lastIndexOf('.') + 1);
  return FORMATS.find((each) => each === ending) ?? null;
}

/** Returns a handler that answers in the format of the address, whatever fails. */
function answered({ log, security }: Open311Deps, reply: Reply) {
  return async (c: Context): Promise<Response> => {
    const format = formatIn(c);
    if (!format) return refuse(c, 'xml', NOTHING);
    const file = c.req.param('file') ?? '';
    const name = file.slice(0, -(format.length + 1));
    try {
      const response = await reply({ c, format, name });
      if (response.status === 429)
        security.note('web.rate_limited', { token: null, route: routeOf(c) });
      return response;
    } catch (error) {
      log.error(formatError(error as Error), 'A request of Open311 failed');
      const isAway = isUnavailable(error);
      if (isAway) c.header('Retry-After', '60');
      return refuse(c, format, {
        status: isAway ? 503 : 500,
        description: isAway
          ? 'It can’t be done at the moment. Send it again later.'
          : 'Something failed on our side. It was written down and will be looked at.',
      });
    }
  };
}
