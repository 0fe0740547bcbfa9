import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, gzipSync, zstdDecompressSync } from 'node:zlib';
import { temporaryFolder } from '../lib/database.ts';
import { type Answer, Connection } from '../lib/http.ts';
import { cpuOf, fineCpuOf, tree } from '../lib/processes.ts';
import { ensureBuilt, type Server, startServer } from '../lib/server.ts';
import { type Bench, median, type Row, spread } from '../lib/table.ts';

/**
 * Pages of the demo town: its own page, a search, a procedure with all its parts, and a busy week of times.
 */
const PAGES = [
  { name: 'town', path: '/ca', scripts: 0 },
  { name: 'search', path: '/ca?q=empadronamet', scripts: 0 },
  { name: 'office', path: '/ca/oac', scripts: 0 },
  { name: 'procedure', path: '/ca/oac/volant-padro', scripts: 0 },
  { name: 'times', path: '/ca/oac/volant-padro/times?channel=phone&language=ca', scripts: 3_000 },
  { name: 'lost link', path: '/ca/lost-link', scripts: 0 },
];
const BROWSER = {
  'Accept-Encoding': 'gzip, deflate, br, zstd',
  Accept: 'text/html',
  'Accept-Language': 'ca',
};
let people = 0;
/** Returns the headers of another browser each time: one address alone is limited (src/web/limiter.ts). */
const anotherBrowser = () => {
  const nth = people++;
  return { ...BROWSER, 'X-Forwarded-For': `10.${nth >> 16}.${(nth >> 8) & 255}.${nth & 255}` };
};
const REQUESTS = 600;
const ROUNDS = 6;
const CONNECTIONS = 4;

export const page: Bench = {
  name: 'page',
  about:
    'CPU of the server and bytes over the wire of the citizen’s pages, warm, with the demo town',
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    let server: Server | null = null;
    try {
      server = await startServer(join(folder.path, 'data'), { TRUSTED_PROXIES: '1' });
      const rows: Row[] = [];
      for (const { name, path, scripts } of PAGES) {
        print(name);
        rows.push(
          await cpuRow(server, name, path),
          ...(await byteRows(server, name, path, scripts)),
        );
      }
      return rows;
    } finally {
      await server?.stop();
      folder.remove();
    }
  },
};

async function cpuRow(server: Server, name: string, path: string): Promise<Row> {
  const connections = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => Connection.open(server.port)),
  );
  const ours = [];
  const database = [];
  for (let round = 0; round < ROUNDS; round++) {
    const backends = tree(server.pid).filter((pid) => pid !== server.pid);
    const before = [cpuOf(server.pid), fineCpuOf(backends)] as const;
    let left = REQUESTS;
    const client = async (connection: Connection) => {
      while (left-- > 0) {
        const { status } = await connection.request('GET', path, anotherBrowser());
        if (status !== 200) throw new Error(`${path} answered ${status}`);
      }
    };
    await Promise.all(connections.map(client));
    if (round === 0) continue;
    ours.push((cpuOf(server.pid) - before[0]) / REQUESTS);
    database.push((fineCpuOf(backends) - before[1]) / REQUESTS);
  }
  for (const connection of connections) connection.close();
  return {
    measure: `Page, ${name}: server's CPU`,
    value: `${spread(ours, 2)} ms`,
    against: `and the database's: ${spread(database, 2)} ms`,
    aim: '≤ 2 ms',
    met: median(ours) <= 2,
  };
}

/** The document, its stylesheets and its scripts; the font is apart. Gzip, as a proxy before us would where we don't. */
async function byteRows(
  server: Server,
  name: string,
  path: string,
  mostScripts: number,
): Promise<Row[]> {
  const connection = await Connection.open(server.port);
  const html = await connection.request('GET', path, anotherBrowser());
  const text = plain(html);
  const addresses = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');
  const load = (address: string) => connection.request('GET', address, BROWSER);
  const sheets = [];
  for (const each of addresses(/<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"/g))
    sheets.push(await load(each));
  const scripts = [];
  for (const each of addresses(/<script[^>]*src="([^"]+)"/g)) scripts.push(await load(each));
  connection.close();
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);
  const sum = (answers: Answer[]) => answers.reduce((total, each) => total + wire(each), 0);
  const total = sum([html, ...sheets]);
  const isPacked = [html, ...sheets].every((each) => each.headers.has('content-encoding'));
  const raw = [html, ...sheets].reduce((bytes, each) => bytes + each.bytes, 0);
  return [
    {
      measure: `Page, ${name}: bytes, page and CSS`,
      value: `${kilobytes(total)} kB ${isPacked ? html.headers.get('content-encoding') : 'if compressed'} (CSS ${kilobytes(sum(sheets))})`,
      against: isPacked ? 'the font apart' : `sent uncompressed: ${kilobytes(raw)} kB`,
      aim: '≤ 14 kB',
      met: total <= 14_000 && isPacked,
    },
    {
      measure: `Page, ${name}: scripts`,
      value: scripts.length > 0 ? `${kilobytes(sum(scripts))} kB` : '0',
      aim: mostScripts > 0 ? `≤ ${mostScripts / 1000} kB` : '0',
      met: sum(scripts) <= mostScripts,
    },
  ];
}

const DECODERS: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

function plain({ headers, body }: Answer): string {
  const encoding = headers.get('content-encoding');
  const decode = encoding === undefined ? (bytes: Buffer) => bytes : DECODERS[encoding];
  if (!decode) throw new Error(`Nobody asked for ${encoding}`);
  return decode(body).toString();
}

const wire = (answer: Answer): number =>
  answer.headers.has('content-encoding')
    ? answer.bytes
    : answer.bytes - answer.body.length + gzipSync(answer.body).length;
