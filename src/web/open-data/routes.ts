import { Hono, type Context as Request } from 'hono';
import type { Office } from '../../domain/office/types.ts';
import { finishableForms } from '../../features/service/cases/service.ts';
import { digest } from '../../lib/digest.ts';
import type { CitizenDeps } from '../citizen/visit.tsx';
import { get, mount, open, type Route } from '../routes.ts';
import { cpsvOf } from './cpsv.ts';
import { dcatOf } from './dcat.ts';
import { figuresCsv, figuresJson, serve } from './files.ts';
import { requestsCsv, requestsJson } from './requests.ts';

type Deps = Pick<
  CitizenDeps,
  | 'offices'
  | 'statistics'
  | 'clock'
  | 'baseUrl'
  | 'forms'
  | 'identification'
  | 'payments'
  | 'signatures'
>;

const JSON_LD = 'application/ld+json; charset=utf-8';

type Answer = (deps: Published, c: Request, office: Office) => Promise<Response>;

interface Published extends Deps {
  /** The last text of each file, while its content is valid: writing all months takes long. */
  kept: ReturnType<typeof keptTexts>;
}

/** The open data for programs: its table of contents. The page for people is `/{language}/{office}/data`. */
function openDataRoutes(deps: Deps): Route[] {
  const published: Published = { ...deps, kept: keptTexts() };
  const of =
    (answer: Answer) =>
    async (c: Request): Promise<Response> => {
      const office = await deps.offices.find(c.req.param('office') ?? '');
      return office ? answer(published, c, office) : c.notFound();
    };
  const root = '/open-data/:office';
  return [
    get(`${root}/figures.csv`, 'open', of(sendCsv)),
    get(`${root}/figures.json`, 'open', of(sendJson)),
    get(`${root}/requests.csv`, 'open', of(sendRequestsCsv)),
    get(`${root}/requests.json`, 'open', of(sendRequestsJson)),
    get(`${root}/dcat.jsonld`, 'open', of(sendCatalogue)),
    get(`${root}/procedures.jsonld`, 'open', of(sendProcedures)),
  ];
}

/** Returns a store of each file's text, valid while its tag stays the same. */
function keptTexts() {
  const texts = new Map<string, { tag: string; text: Promise<string> }>();
  return (file: string, tag: string, make: () => Promise<string>): Promise<string> => {
    const known = texts.get(file);
    if (known?.tag === tag) return known.text;
    const made = { tag, text: make() };
    texts.set(file, made);
    made.text.catch(() => {
      if (texts.get(file) === made) texts.delete(file);
    });
    return made.text;
  };
}

/** Returns the published data, and a tag that changes with them. */
async function editionOf({ statistics, offices }: Deps, office: Office) {
  const edition = await statistics.edition(office);
  const town = await offices.town();
  // The content also depends on the names of the office and the town.
  const publisher = town.mailFrom ?? town.name;
  const tag = digest(`${office.revision} ${edition?.last} ${edition?.at} ${publisher}`);
  return { edition, town, tag };
}

const sendCsv: Answer = async (deps, c, office) => {
  const { tag } = await editionOf(deps, office);
  c.header('Content-Disposition', `attachment; filename="${office.code}.csv"`);
  return serve(c, tag, 'text/csv; charset=utf-8', () =>
    deps.kept(`${office.id} csv`, tag, async () => figuresCsv(await deps.statistics.open(office))),
  );
};

const sendJson: Answer = async (deps, c, office) => {
  const { edition, town, tag } = await editionOf(deps, office);
  return serve(c, tag, 'application/json; charset=utf-8', () =>
    deps.kept(`${office.id} json`, tag, async () =>
      JSON.stringify(figuresJson(town, office, edition, await deps.statistics.open(office))),
    ),
  );
};

/** The figures of requests; there are none where the office takes no requests and never did. */
async function requestsOf({ statistics, offices }: Deps, office: Office) {
  const edition = await statistics.requestEdition(office);
  const town = await offices.town();
  const publisher = town.mailFrom ?? town.name;
  const tag = digest(`${office.revision} ${edition?.last} ${edition?.at} ${publisher}`);
  return {
    edition,
    town,
    tag,
    isThere: edition !== null || office.settings.requests !== undefined,
  };
}

const sendRequestsCsv: Answer = async (deps, c, office) => {
  const { tag, isThere } = await requestsOf(deps, office);
  if (!isThere) return c.notFound();
  c.header('Content-Disposition', `attachment; filename="${office.code}-requests.csv"`);
  return serve(c, tag, 'text/csv; charset=utf-8', () =>
    deps.kept(`${office.id} requests csv`, tag, async () =>
      requestsCsv(await deps.statistics.openRequests(office)),
    ),
  );
};

const sendRequestsJson: Answer = async (deps, c, office) => {
  const { edition, town, tag, isThere } = await requestsOf(deps, office);
  if (!isThere) return c.notFound();
  const districts = await deps.offices.areas();
  const all = digest(`${tag} ${JSON.stringify(districts.map(({ code, name }) => [code, name]))}`);
  return serve(c, all, 'application/json; charset=utf-8', () =>
    deps.kept(`${office.id} requests json`, all, async () => {
      const rows = await deps.statistics.openRequests(office);
      return JSON.stringify(requestsJson({ town, office }, districts, edition, rows));
    }),
  );
};

const sendCatalogue: Answer = async (deps, c, office) => {
  const { edition } = await editionOf(deps, office);
  const { baseUrl } = deps;
  const town = await deps.offices.town();
  const now = deps.clock.now().toZonedDateTimeISO(office.timeZone);
  const today = now.toPlainDate().toString();
  const { edition: requests, isThere } = await requestsOf(deps, office);
  const described = { baseUrl, town, office, edition, today };
  const text = JSON.stringify(
    dcatOf({ ...described, requests: isThere ? { edition: requests } : null }),
  );
  return serve(c, digest(text), JSON_LD, () => text);
};

const sendProcedures: Answer = async (deps, c, office) => {
  const { baseUrl, offices } = deps;
  const online = await finishableForms(deps, office);
  const text = JSON.stringify(cpsvOf({ baseUrl, town: await offices.town(), office, online }));
  return serve(c, digest(text), JSON_LD, () => text);
};

/**
 * Creates the app of the files. It is mounted before the citizen's pages, whose first segment is a language.
 */
export function openDataFiles(deps: Deps): Hono {
  const app = new Hono();
  mount(app, openDataRoutes(deps), { of: { open } });
  return app;
}
