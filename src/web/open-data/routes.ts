import { createHash } from 'node:crypto';
import { Hono, type Context as Request } from 'hono';
import type { Office } from '../../domain/office/types.ts';
import type { CitizenDeps } from '../citizen/visit.tsx';
import { get, mount, open, type Route } from '../routes.ts';
import { cpsvOf } from './cpsv.ts';
import { dcatOf } from './dcat.ts';
import { figuresCsv, figuresJson, serve } from './files.ts';

type Deps = Pick<CitizenDeps, 'offices' | 'statistics' | 'clock' | 'baseUrl'>;

const JSON_LD = 'application/ld+json; charset=utf-8';

/** What is published for programs: its table of contents. The page for people is `/{language}/{office}/data`. */
function openDataRoutes(deps: Deps): Route[] {
  const { baseUrl, offices, statistics, clock } = deps;
  const of =
    (answer: (c: Request, office: Office) => Promise<Response>) =>
    async (c: Request): Promise<Response> => {
      const office = await offices.find(c.req.param('office') ?? '');
      return office ? answer(c, office) : c.notFound();
    };
  const editionOf = async (office: Office) => {
    const edition = await statistics.edition(office);
    const town = await offices.town();
    // What it says depends on the office's names and the town's, too.
    const publisher = town.mailFrom ?? town.name;
    const tag = digest(`${office.revision} ${edition?.last} ${edition?.at} ${publisher}`);
    return { edition, town, tag };
  };
  /** The last text of each file, while what it says stands: writing out all months takes long. */
  const texts = new Map<string, { tag: string; text: Promise<string> }>();
  const kept = (file: string, tag: string, make: () => Promise<string>) => {
    const known = texts.get(file);
    if (known?.tag === tag) return known.text;
    const made = { tag, text: make() };
    texts.set(file, made);
    made.text.catch(() => {
      if (texts.get(file) === made) texts.delete(file);
    });
    return made.text;
  };
  const root = '/open-data/:office';
  return [
    get(
      `${root}/figures.csv`,
      'open',
      of(async (c, office) => {
        const { tag } = await editionOf(office);
        c.header('Content-Disposition', `attachment; filename="${office.code}.csv"`);
        return serve(c, tag, 'text/csv; charset=utf-8', () =>
          kept(`${office.id} csv`, tag, async () => figuresCsv(await statistics.open(office))),
        );
      }),
    ),
    get(
      `${root}/figures.json`,
      'open',
      of(async (c, office) => {
        const { edition, town, tag } = await editionOf(office);
        return serve(c, tag, 'application/json; charset=utf-8', () =>
          kept(`${office.id} json`, tag, async () =>
            JSON.stringify(figuresJson(town, office, edition, await statistics.open(office))),
          ),
        );
      }),
    ),
    get(
      `${root}/dcat.jsonld`,
      'open',
      of(async (c, office) => {
        const { edition } = await editionOf(office);
        const town = await offices.town();
        const today = clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate().toString();
        const text = JSON.stringify(dcatOf({ baseUrl, town, office, edition, today }));
        return serve(c, digest(text), JSON_LD, () => text);
      }),
    ),
    get(
      `${root}/procedures.jsonld`,
      'open',
      of(async (c, office) => {
        const text = JSON.stringify(cpsvOf({ baseUrl, town: await offices.town(), office }));
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
  mount(app, openDataRoutes(deps), { of: { open } });
  return app;
}
