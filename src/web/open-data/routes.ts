import { createHash } from 'node:crypto';
import { Hono, type Context as Request } from 'hono';
import type { Body } from '../../features/bodies/types.ts';
import type { CitizenDeps } from '../citizen/visit.tsx';
import { get, mount, type Route } from '../routes.ts';
import { cpsvOf } from './cpsv.ts';
import { dcatOf } from './dcat.ts';
import { figuresCsv, figuresJson, serve } from './files.ts';

type Deps = Pick<CitizenDeps, 'bodies' | 'statistics' | 'clock' | 'baseUrl'>;

const JSON_LD = 'application/ld+json; charset=utf-8';

/** What is published for programs: its table of contents. The page for people is `/{language}/{body}/data`. */
function openDataRoutes(deps: Deps): Route[] {
  const { baseUrl, bodies, statistics, clock } = deps;
  const of =
    (answer: (c: Request, body: Body) => Promise<Response>) =>
    async (c: Request): Promise<Response> => {
      const body = await bodies.find(c.req.param('body') ?? '');
      return body ? answer(c, body) : c.notFound();
    };
  const editionOf = async (body: Body) => {
    const edition = await statistics.edition(body);
    // What it says depends on the body's names, too.
    const tag = digest(`${body.revision} ${edition?.last} ${edition?.at}`);
    return { edition, tag };
  };
  const root = '/open-data/:body';
  return [
    get(
      `${root}/figures.csv`,
      'open',
      of(async (c, body) => {
        const { tag } = await editionOf(body);
        c.header('Content-Disposition', `attachment; filename="${body.code}.csv"`);
        return serve(c, tag, 'text/csv; charset=utf-8', async () =>
          figuresCsv(await statistics.open(body)),
        );
      }),
    ),
    get(
      `${root}/figures.json`,
      'open',
      of(async (c, body) => {
        const { edition, tag } = await editionOf(body);
        const town = await bodies.town();
        return serve(c, tag, 'application/json; charset=utf-8', async () =>
          JSON.stringify(figuresJson(town, body, edition, await statistics.open(body))),
        );
      }),
    ),
    get(
      `${root}/dcat.jsonld`,
      'open',
      of(async (c, body) => {
        const { edition } = await editionOf(body);
        const town = await bodies.town();
        const today = clock.now().toZonedDateTimeISO(body.timeZone).toPlainDate().toString();
        const text = JSON.stringify(dcatOf({ baseUrl, town, body, edition, today }));
        return serve(c, digest(text), JSON_LD, () => text);
      }),
    ),
    get(
      `${root}/procedures.jsonld`,
      'open',
      of(async (c, body) => {
        const text = JSON.stringify(cpsvOf({ baseUrl, town: await bodies.town(), body }));
        return serve(c, digest(text), JSON_LD, () => text);
      }),
    ),
  ];
}

const digest = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** To be mounted before the citizen's pages, whose first segment is a language. */
export function openDataFiles(deps: Deps): Hono {
  const app = new Hono();
  mount(app, openDataRoutes(deps));
  return app;
}
