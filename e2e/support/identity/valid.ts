import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { freePort } from '../processes.ts';
import { type SignChoice, signPage, type ValidSigner, validSigner } from './valid-signing.ts';

/** What VÀLid says of a person: the fields of `getUserInfo`. */
export type ValidPerson = Readonly<Record<string, string>>;

/** The services that can be made to fail. */
export type ValidService =
  | 'token'
  | 'getUserInfo'
  | 'getAuthenticationEvidence'
  | 'initBasicSignature'
  | 'getBasicSignature'
  | 'logout'
  | 'revoke';

/**
 * How a service fails: `ko` with an error, `over` (ko, since the token is), `down` (500), `slow` (no answer), `page` (HTML of maintenance),
 * `wrong` (JSON of another shape), `long` (too many bytes), `elsewhere` (a redirect).
 */
export type ValidFailure =
  | 'ko'
  | 'over'
  | 'down'
  | 'slow'
  | 'page'
  | 'wrong'
  | 'long'
  | 'elsewhere';

/** What a person does on the page. `late`: they wait until VÀLid's session is over. */
export type ValidChoice = 'yes' | 'no' | 'late';

/** A stand-in of VÀLid 2.0 that speaks its protocol (ConsorciAOC/VALid2, sections 2 and 3 and the annex). */
export interface ValidServer {
  /** The `endpoint` of the town file. */
  endpoint: string;
  clientId: string;
  clientSecret: string;
  /** Who can identify themselves; the keys are the names on the page. */
  people: Map<string, ValidPerson>;
  /** The parts of the evidence, in base64. */
  evidence: string[];
  failing: Map<ValidService, ValidFailure>;
  /** Its ordinary signature. */
  signer: ValidSigner;
  /** What was asked, from the first: path and parameters. */
  asked: { path: string; parameters: URLSearchParams }[];
  /** Returns how many browsers have a session. */
  sessions(): number;
  /**
   * Acts as a browser, starting at our redirect; returns the address that VÀLid sends it to. `level`: instead of the person's own. A browser
   * with a cookie (`jar`) that has a session isn't asked.
   */
  visit(
    url: string,
    person: string,
    choice?: ValidChoice,
    more?: { level?: string; jar?: Map<string, string> },
  ): Promise<string>;
  /** Acts as a browser on the page where one signs; returns the address that VÀLid sends it to. */
  sign(url: string, choice?: SignChoice): Promise<string>;
  /** Goes away, as a machine that is switched off; `comeBack` opens the same port. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Evidence as the annex has it, of an identification by idCAT Mòbil, shortened. */
const EVIDENCE = [
  base64('{"documentId":"12345678Z","telefon":{"prefix":"0034","numero":"600000000"}}'),
  base64('{"request":{"documentId":"12345678Z"},"response":{"codiMissatge":"01"}}'),
  base64(
    '<?xml version="1.0" encoding="UTF-8"?>\n<message><body>Contrasenya : 000000</body></message>\n',
  ),
];

/** People whom the stand-in has at first. Their documents are invented, with right letters. */
const PEOPLE: [string, ValidPerson][] = [
  [
    'Anna (idCAT Mòbil)',
    {
      identifier: '12345678Z',
      prefix: '0034',
      phone: '600000000',
      documentType: '1',
      name: 'Anna',
      surname1: 'Puig',
      surname2: 'Serra',
      countryCode: 'ES',
      method: 'idcatmobil',
      assuranceLevel: 'low',
    },
  ],
  [
    'Omar (Cl@ve)',
    {
      identifier: 'X1234567L',
      name: 'OMAR',
      surnames: 'BENALI',
      method: 'clave',
      assuranceLevel: 'substantial',
    },
  ],
  [
    'Júlia (certificat, representant)',
    {
      identifier: '00000000T',
      name: 'Júlia',
      surnames: 'Roca Vidal',
      certificateType: '11',
      companyId: 'B12345674',
      companyName: 'Forn de Prova, SL',
      userCertificate: 'MIIB',
      method: 'certificat',
      assuranceLevel: 'high',
    },
  ],
  [
    'Ajuntament (segell)',
    {
      identifier: 'P0800000B',
      companyId: 'P0800000B',
      companyName: 'Ajuntament de Prova',
      certificateType: '4',
      method: 'certificat',
      assuranceLevel: 'high',
    },
  ],
];

interface Issued {
  person: ValidPerson;
  redirectUri: string;
  session: string;
}

interface World {
  server: ValidServer;
  redirectUris: readonly string[];
  sessions: Map<string, ValidPerson>;
  codes: Map<string, Issued>;
  tokens: Map<string, Issued>;
}

/** Starts a VÀLid on this machine. `redirectUris`: those that the AOC registered for the town. */
export async function validServer(options: {
  redirectUris: readonly string[];
  port?: number;
}): Promise<ValidServer> {
  let open: Server | null = null;
  const port = options.port ?? (await freePort());
  const listen = async () => {
    const opened = createServer((request, response) => void handle(world, request, response));
    await new Promise<void>((resolve, reject) => {
      opened.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    open = opened;
  };
  const goAway = async () => {
    const closing = open;
    open = null;
    closing?.closeAllConnections();
    if (closing) await new Promise<void>((resolve) => closing.close(() => resolve()));
  };
  await listen();
  const endpoint = `http://127.0.0.1:${port}`;
  const server: ValidServer = {
    endpoint,
    clientId: '0123456789.serveis.aoc.cat',
    clientSecret: 'a secret of the tests, shared with nobody',
    people: new Map(PEOPLE),
    evidence: [...EVIDENCE],
    failing: new Map(),
    signer: validSigner(options.redirectUris),
    sign: async (url, choice = 'OK') => {
      const body = new URLSearchParams({ choice });
      const answer = await fetch(url, { method: 'POST', redirect: 'manual', body });
      return answer.headers.get('location') ?? '';
    },
    asked: [],
    sessions: () => world.sessions.size,
    visit: (url, person, choice = 'yes', more = {}) => visit(url, { person, choice, ...more }),
    goAway,
    comeBack: listen,
    close: goAway,
  };
  const world: World = {
    server,
    redirectUris: options.redirectUris,
    sessions: new Map(),
    codes: new Map(),
    tokens: new Map(),
  };
  return server;
}

async function handle(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://valid');
  let body = '';
  for await (const part of request) body += part;
  const form = new URLSearchParams(body);
  world.server.asked.push({ path, parameters: new URLSearchParams([...query, ...form]) });
  const asked = { query, form: request.method === 'POST' ? form : null, body };
  const reply =
    path === '/o/oauth2/auth'
      ? authorize(world, asked, request.headers.cookie ?? '')
      : serve(world, path, asked);
  if (reply) response.writeHead(reply.status, reply.headers).end(reply.body);
}

interface Asked {
  query: URLSearchParams;
  /** Null: it was no POST. */
  form: URLSearchParams | null;
  body: string;
}

/** Null: there is no answer, ever. */
type Reply = { status: number; headers?: Record<string, string>; body?: string } | null;

const json = (status: number, value: unknown): Reply => ({
  status,
  headers: { 'content-type': 'application/json;charset=UTF-8' },
  body: JSON.stringify(value),
});

const FAILURES: Record<ValidFailure, Reply> = {
  ko: json(200, { status: 'ko', error: 'Error intern de 12345678Z' }),
  over: json(200, { status: 'ko', error: 'El token ha caducat' }),
  down: { status: 500, body: 'java.lang.NullPointerException' },
  slow: null,
  page: { status: 200, body: '<h1>Tornem de seguida</h1>' },
  wrong: json(200, ['ok']),
  long: json(200, { status: 'ok', filler: 'x'.repeat(5_000_000) }),
  elsewhere: { status: 302, headers: { location: '/elsewhere' } },
};

function serve(world: World, path: string, { query, form, body }: Asked): Reply {
  const service = path.split('/').at(-1) as ValidService;
  const failure = world.server.failing.get(service);
  if (failure) return FAILURES[failure];
  switch (path) {
    case '/o/oauth2/token':
      return form ? exchange(world, form) : { status: 405 };
    case '/serveis-rest/getUserInfo':
    case '/serveis-rest/getAuthenticationEvidence':
      return tell(world, service, query.get('AccessToken') ?? '');
    case '/serveis-rest/initBasicSignature':
    case '/serveis-rest/getBasicSignature': {
      const { signer } = world.server;
      const personOf = (token: string) => world.tokens.get(token)?.person ?? null;
      const run = service === 'initBasicSignature' ? signer.init : signer.fetch;
      const done = run(body, personOf);
      return json(done.status, done.value);
    }
    case '/o/sign':
      return signPage(world.server.signer, query.get('signature_code') ?? '', form);
    case '/o/oauth2/logout':
    case '/o/oauth2/revoke':
      return end(world, service, query.get('token') ?? '');
    default:
      return { status: 404 };
  }
}

/** The page of 2.1, and what it sends the browser back with (2.2). */
function authorize(world: World, { query, form }: Asked, cookies: string): Reply {
  const redirectUri = query.get('redirect_uri') ?? '';
  const { clientId, people } = world.server;
  const isRight =
    query.get('client_id') === clientId &&
    world.redirectUris.includes(redirectUri) &&
    query.get('response_type') === 'code' &&
    query.get('scope') === 'autenticacio_usuari' &&
    query.has('approval_prompt');
  if (!isRight) return { status: 400, body: 'Petició no vàlida' };
  const back = (parameters: Record<string, string>, cookie?: string): Reply => {
    const url = new URL(redirectUri);
    url.search = String(new URLSearchParams({ ...parameters, state: query.get('state') ?? '' }));
    return {
      status: 302,
      headers: { location: url.href, ...(cookie && { 'set-cookie': cookie }) },
    };
  };
  const [, known = ''] = /valid=([\w-]+)/.exec(cookies) ?? [];
  const there = world.sessions.get(known);
  if (there) return back({ code: codeFor(world, { person: there, redirectUri, session: known }) });
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  if (!form) return { status: 200, headers, body: page(people) };
  if (form.get('choice') === 'no') return back({ error: 'SESSION_CANCEL' });
  if (form.get('choice') === 'late') return back({ error: 'SESSION_EXPIRED' });
  const chosen = people.get(form.get('person') ?? '');
  if (!chosen) return { status: 400, body: 'Tria una persona' };
  const level = form.get('level');
  const person = level ? { ...chosen, assuranceLevel: level } : chosen;
  const session = randomUUID();
  world.sessions.set(session, person);
  const cookie = `valid=${session}; Path=/o; HttpOnly`;
  return back({ code: codeFor(world, { person, redirectUri, session }) }, cookie);
}

function codeFor(world: World, issued: Issued): string {
  const code = `1/${randomUUID()}`;
  world.codes.set(code, issued);
  return code;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function page(people: ReadonlyMap<string, ValidPerson>): string {
  const names = [...people.keys()].map(
    (name) =>
      `<p><label><input type="radio" name="person" required value="${escaped(name)}"> ${escaped(name)}</label></p>`,
  );
  const levels = ['low', 'substantial', 'high'].map((each) => `<option>${each}</option>`);
  return `<!doctype html><html lang="ca"><title>VÀLid de proves</title><meta name="viewport" content="width=device-width">
<h1>VÀLid de proves</h1><form method="post">
<fieldset><legend>Qui ets?</legend>${names.join('')}</fieldset>
<p><label>Nivell <select name="level"><option value="">el seu</option>${levels.join('')}</select></label></p>
<button name="choice" value="yes">Identifica’m</button>
<button name="choice" value="no" formnovalidate>Cancel·la</button>
<button name="choice" value="late" formnovalidate>Deixa que caduqui</button>
</form></html>`;
}

/** A code is worth one token, for this client and this address (2.2). */
function exchange(world: World, form: URLSearchParams): Reply {
  const { clientId, clientSecret } = world.server;
  if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
    return json(400, { error: 'invalid_client' });
  const code = form.get('code') ?? '';
  const issued = world.codes.get(code);
  world.codes.delete(code);
  const isRight =
    issued?.redirectUri === form.get('redirect_uri') &&
    form.get('grant_type') === 'authorization_code';
  if (!issued || !isRight) return json(400, { error: 'invalid_grant' });
  const token = `1/${randomUUID()}`;
  world.tokens.set(token, issued);
  return json(200, { access_token: token, expires_in: 3600, token_type: 'Bearer' });
}

/** The data of section 3. */
function tell(world: World, service: ValidService, token: string): Reply {
  const issued = world.tokens.get(token);
  if (!issued) return json(200, { status: 'ko', error: 'Token no vàlid o caducat' });
  const data = service === 'getUserInfo' ? issued.person : { evidences: world.server.evidence };
  return json(200, { status: 'ok', ...data });
}

/** 2.3 and 2.4. */
function end(world: World, service: ValidService, token: string): Reply {
  const issued = world.tokens.get(token);
  if (!issued) return { status: 400, body: 'Token no vàlid' };
  if (service === 'revoke') world.tokens.delete(token);
  else world.sessions.delete(issued.session);
  return { status: 200 };
}

async function visit(
  url: string,
  act: { person: string; choice: ValidChoice; level?: string; jar?: Map<string, string> },
): Promise<string> {
  const { jar = new Map<string, string>(), person, choice, level = '' } = act;
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  let response = await fetch(url, { redirect: 'manual', headers: { cookie: cookie() } });
  if (response.status === 200) {
    const body = new URLSearchParams({ person, choice, level });
    const headers = { cookie: cookie() };
    response = await fetch(url, { method: 'POST', redirect: 'manual', headers, body });
  }
  for (const each of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
    jar.set(name, value);
  }
  const to = response.headers.get('location');
  if (!to) throw new Error(`${response.status}: ${await response.text()}`);
  return to;
}
