import { Hono, type Context as Request } from 'hono';
import type { Office, Town } from '../../domain/office/types.ts';
import type { Edition, PublishedFigures } from '../../features/insight/statistics/types.ts';
import { finishableForms } from '../../features/service/cases/service.ts';
import type { Reading } from '../../lib/db/reading/reading.ts';
import { digest } from '../../lib/digest.ts';
import type { CitizenDeps } from '../citizen/visit.tsx';
import { get, mount, open, type Route } from '../routes.ts';
import { cpsvOf } from './cpsv.ts';
import { dcatOf } from './dcat.ts';
import { figuresCsv, figuresJson, serve, type Tagged } from './files.ts';
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
> & { reading: Pick<Reading, 'momentToSay'> };

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
  const texts = new Map<string, { tag: string; text: Promise<Tagged> }>();
  return (file: string, tag: string, make: () => Promise<Tagged>): Promise<Tagged> => {
    const known = texts.get(file);
    if (known?.tag === tag) return known.text;
    const made = { tag, text: make() };
    texts.set(file, made);
    const drop = () => {
      if (texts.get(file) === made) texts.delete(file);
    };
    // What was read at a standby may be of an earlier edition than the one that was asked for.
    made.text.then((text) => {
      if (text.tag !== tag) drop();
    }, drop);
    return made.text;
  };
}

/** What the files say beside their figures. */
interface About {
  town: Town;
  /** Codes and names of the districts, for requests. */
  districts: Awaited<ReturnType<Deps['offices']['areas']>>;
}

async function aboutOf({ offices }: Deps): Promise<About> {
  return { town: await offices.town(), districts: await offices.areas() };
}

/** Returns a tag that changes with what is published and with the names in a file. */
function tagOf({ revision }: Office, edition: Edition | null, { town, districts }: About): string {
  const names = districts.map(({ code, name }) => [code, name]);
  const publisher = town.mailFrom ?? town.name;
  return digest(
    `${revision} ${edition?.last} ${edition?.at} ${publisher} ${JSON.stringify(names)}`,
  );
}

/** A file of published figures. */
interface FiguresFile<Row> {
  /** Its name in the store. */
  name: string;
  type: string;
  edition: Edition | null;
  read(): Promise<PublishedFigures<Row>>;
  write(found: PublishedFigures<Row>, about: About): string;
}

/** Sends a file: its tag is of the same moment as its figures, whatever is published meanwhile. */
async function sendFigures<Row>(
  { deps, c, office }: { deps: Published; c: Request; office: Office },
  { name, type, edition, read, write }: FiguresFile<Row>,
): Promise<Response> {
  const about = await aboutOf(deps);
  const tag = tagOf(office, edition, about);
  const make = async () => {
    const found = await read();
    const at = found.edition?.at ?? null;
    return { tag: tagOf(office, found.edition, about), text: write(found, about), at };
  };
  const served = { tag, type, make: () => deps.kept(`${office.id} ${name}`, tag, make) };
  return serve(c, deps.clock.now(), { ...served, moment: deps.reading.momentToSay() });
}

const CSV = 'text/csv; charset=utf-8';
const JSON_TEXT = 'application/json; charset=utf-8';

const sendCsv: Answer = async (deps, c, office) => {
  const { statistics } = deps;
  c.header('Content-Disposition', `attachment; filename="${office.code}.csv"`);
  return sendFigures(
    { deps, c, office },
    {
      name: 'csv',
      type: CSV,
      edition: await statistics.edition(office),
      read: () => statistics.open(office),
      write: ({ rows }) => figuresCsv(rows),
    },
  );
};

const sendJson: Answer = async (deps, c, office) => {
  const { statistics } = deps;
  return sendFigures(
    { deps, c, office },
    {
      name: 'json',
      type: JSON_TEXT,
      edition: await statistics.edition(office),
      read: () => statistics.open(office),
      write: (found, { town }) => JSON.stringify(figuresJson(town, office, found)),
    },
  );
};

/** Whether there are figures of requests: not where the office takes none and never did. */
const hasRequests = (office: Office, edition: Edition | null): boolean =>
  edition !== null || office.settings.requests !== undefined;

const sendRequestsCsv: Answer = async (deps, c, office) => {
  const { statistics } = deps;
  const edition = await statistics.requestEdition(office);
  if (!hasRequests(office, edition)) return c.notFound();
  c.header('Content-Disposition', `attachment; filename="${office.code}-requests.csv"`);
  return sendFigures(
    { deps, c, office },
    {
      name: 'requests csv',
      type: CSV,
      edition,
      read: () => statistics.openRequests(office),
      write: ({ rows }) => requestsCsv(rows),
    },
  );
};

const sendRequestsJson: Answer = async (deps, c, office) => {
  const { statistics } = deps;
  const edition = await statistics.requestEdition(office);
  if (!hasRequests(office, edition)) return c.notFound();
  return sendFigures(
    { deps, c, office },
    {
      name: 'requests json',
      type: JSON_TEXT,
      edition,
      read: () => statistics.openRequests(office),
      write: (found, about) => JSON.stringify(requestsJson({ ...about, office }, found)),
    },
  );
};

/** Sends what describes the office's data. */
const sendDescription = (deps: Published, c: Request, described: object): Promise<Response> => {
  const text = JSON.stringify(described);
  const made = { tag: digest(text), text, at: null };
  const served = { tag: made.tag, type: JSON_LD, make: () => made };
  return serve(c, deps.clock.now(), { ...served, moment: deps.reading.momentToSay() });
};

const sendCatalogue: Answer = async (deps, c, office) => {
  const { baseUrl, statistics } = deps;
  const edition = await statistics.edition(office);
  const town = await deps.offices.town();
  const now = deps.clock.now().toZonedDateTimeISO(office.timeZone);
  const today = now.toPlainDate().toString();
  const ofRequests = await statistics.requestEdition(office);
  const requests = hasRequests(office, ofRequests) ? { edition: ofRequests } : null;
  return sendDescription(deps, c, dcatOf({ baseUrl, town, office, edition, today, requests }));
};

const sendProcedures: Answer = async (deps, c, office) => {
  const { baseUrl, offices } = deps;
  const online = await finishableForms(deps, office);
  const town = await offices.town();
  return sendDescription(deps, c, cpsvOf({ baseUrl, town, office, online }));
};

/**
 * Creates the app of the files. It is mounted before the citizen's pages, whose first segment is a language.
 */
export function openDataFiles(deps: Deps): Hono {
  const app = new Hono();
  mount(app, openDataRoutes(deps), { of: { open } });
  return app;
}
