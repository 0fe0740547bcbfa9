import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import Provider, { type Configuration } from 'oidc-provider';
import { freePort } from './processes.ts';

/** The provider's data about a person, and the form of its assertion. */
export interface Identity {
  email?: string;
  email_verified?: boolean;
  amr?: string[];
  /** The level of the identification, among `acrValues` of the provider. */
  acr?: string;
  /** Names and identifiers, among `claims` of the provider. */
  claims?: Record<string, string>;
}

/** What a provider needs that identifies citizens. */
export interface Identifying {
  /** The provider's code in the town file. */
  code: string;
  acrValues: string[];
  /** The claims that the scope `person` gives. */
  claims: string[];
}

interface Options {
  baseUrl: string;
  port?: number;
  identifying?: Identifying;
}

export interface OidcServer {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** The keys are the typed names. Other people can't sign in. */
  people: Map<string, Identity>;
  /**
   * Signs a person in without a browser, starting at our redirect; returns the address that the provider
   * redirects to.
   */
  visit(url: string, login: string, answer?: 'yes' | 'no'): Promise<string>;
  /** Goes away, as a machine that is switched off; `comeBack` opens the same port. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** A certified OpenID provider on this machine, with pages of its own to sign in and to agree. */
export async function oidcServer(options: Options): Promise<OidcServer> {
  const people = new Map<string, Identity>();
  const clientId = 'finestreta';
  const clientSecret = 'a secret that is only for tests, between two of our own servers';
  let server: Server | null = null;
  const port = options.port ?? (await freePort());
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const listen = async () => {
    const opened = createServer((request, response) => handle(request, response));
    await new Promise<void>((resolve, reject) => {
      opened.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    server = opened;
  };
  const goAway = async () => {
    const closing = server;
    server = null;
    closing?.closeAllConnections();
    if (closing) await new Promise<void>((resolve) => closing.close(() => resolve()));
  };
  await listen();
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(
    issuer,
    configurationOf({ ...options, clientId, clientSecret }, people),
  );
  const callback = provider.callback();
  handle = (request, response) => {
    const [, uid] = /^\/interaction\/([\w-]+)/.exec(request.url ?? '') ?? [];
    if (!uid) return void callback(request, response);
    interact(provider, people, request, response).catch((error: Error) => {
      response.writeHead(500).end(error.message);
    });
  };
  return {
    issuer,
    clientId,
    clientSecret,
    people,
    goAway,
    comeBack: listen,
    close: goAway,
    visit: (url, login, answer) => visit(issuer, url, login, answer),
  };
}

function configurationOf(
  ours: Options & { clientId: string; clientSecret: string },
  people: Map<string, Identity>,
): Configuration {
  const { code, acrValues = [], claims = [] } = ours.identifying ?? {};
  const citizens = code ? [`${ours.baseUrl}/identify/${code}`] : [];
  return {
    clients: [
      {
        client_id: ours.clientId,
        client_secret: ours.clientSecret,
        redirect_uris: [
          `${ours.baseUrl}/staff/sso/callback`,
          ...citizens.map((at) => `${at}/return`),
        ],
        post_logout_redirect_uris: [
          `${ours.baseUrl}/staff/sign-in`,
          ...citizens.map((at) => `${at}/left`),
        ],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    cookies: { keys: ['only for tests'] },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 600,
      Interaction: 600,
      Session: 600,
    },
    acrValues,
    claims: { openid: ['sub', 'amr'], email: ['email', 'email_verified'], person: claims },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => {
        const { email, email_verified, claims: own } = people.get(sub) ?? {};
        return {
          sub,
          ...own,
          ...(email && { email }),
          ...(email_verified !== undefined && { email_verified }),
        };
      },
    }),
  };
}

const page = (title: string, form: string) =>
  `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1><form method="post">${form}</form></html>`;

async function interact(
  provider: Provider,
  people: Map<string, Identity>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    const title =
      prompt.name === 'login' ? 'Sign in at the town' : 'May Finestreta know who you are?';
    const field = '<label>Name <input name="login"></label> ';
    const buttons =
      '<button name="answer" value="yes">Yes</button> <button name="answer" value="no">No</button>';
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(page(title, `${prompt.name === 'login' ? field : ''}${buttons}`));
    return;
  }
  const form = new URLSearchParams(await textOf(request));
  const login = form.get('login') ?? '';
  if (form.get('answer') === 'no' || (prompt.name === 'login' && !people.has(login))) {
    const refusal = { error: 'access_denied', error_description: 'They said no' };
    return provider.interactionFinished(request, response, refusal);
  }
  if (prompt.name === 'login') {
    const { amr = [], acr } = people.get(login) ?? {};
    const result = { login: { accountId: login, amr, ...(acr && { acr }) } };
    return provider.interactionFinished(request, response, result);
  }
  const given = grantId ? await provider.Grant.find(grantId) : undefined;
  const accountId = session?.accountId ?? '';
  const grant = given ?? new provider.Grant({ accountId, clientId: String(params.client_id) });
  grant.addOIDCScope('openid email person');
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(
    request,
    response,
    { consent },
    { mergeWithLastSubmission: true },
  );
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}

/** Acts like a browser: follows redirects, keeps cookies, answers the provider's forms. */
async function visit(
  issuer: string,
  url: string,
  login: string,
  answer: 'yes' | 'no' = 'yes',
): Promise<string> {
  const cookies = new Map<string, string>();
  let at = url;
  let body: string | null = null;
  for (let steps = 0; steps < 20; steps++) {
    const response = await fetch(at, {
      redirect: 'manual',
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body !== null && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body !== null && { method: 'POST', body }),
    });
    for (const each of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      cookies.set(name, value);
    }
    const to = response.headers.get('location');
    body = null;
    if (to) {
      at = new URL(to, at).href;
      if (!at.startsWith(issuer)) return at;
    } else if (response.ok) {
      body = new URLSearchParams({ login, answer }).toString();
    } else {
      throw new Error(`${response.status} at ${at}: ${await response.text()}`);
    }
  }
  throw new Error(`Never sent back, last at ${at}`);
}
