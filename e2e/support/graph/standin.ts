import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { GraphSettings } from '../../../src/lib/graph/settings.ts';
import { answerGraph } from './calendars.ts';
import { Mailbox } from './mailbox.ts';
import { answerSignIn, type SignIn, signInState, visit } from './sign-in.ts';

/**
 * A stand-in for Microsoft 365 on this machine, that speaks its protocols: sign-in with a code and PKCE, rotating refresh tokens, calendars,
 * delta queries of a calendar view with pages, events, throttling. Sources: Microsoft Learn, "OAuth 2.0 authorization code flow", "List
 * calendars", "event: delta", "Create event", "Throttling guidance".
 */
export interface GraphStandIn extends AsyncDisposable {
  settings: GraphSettings;
  /** The mailboxes, by the name that people type to sign in. */
  mailboxes: Map<string, Mailbox>;
  /** Adds a person with their main calendar. */
  person(login: string, ...calendars: string[]): Mailbox;
  /** Every request to Graph, as `METHOD path`, without its query. */
  requests: string[];
  signIn: SignIn;
  /** How the next requests to Graph are answered, one each; then as always. */
  next: Answer[];
  /** Signs a person in without a browser; returns the address that they are sent back to. */
  visit(url: string, login: string, answer?: 'yes' | 'no'): Promise<string>;
}

/** An answer that is not the usual one. `slow`: it comes after so many milliseconds. */
export interface Answer {
  /** What happens while the request is on its way. */
  meanwhile?(): Promise<unknown>;
  status?: number;
  headers?: Record<string, string>;
  body?: object;
  slow?: number;
  /** Whether the request is carried out before its answer is lost: the connection is cut. */
  isLost?: boolean;
}

/** Starts it on a free port. @param baseUrl the public address of our server, to which people are sent back */
export async function graphStandIn(options: {
  baseUrl: string;
  port?: number;
}): Promise<GraphStandIn> {
  const mailboxes = new Map<string, Mailbox>();
  const requests: string[] = [];
  const next: Answer[] = [];
  const server = createServer((request, response) => {
    handle(request, response).catch((error: Error) => response.writeHead(500).end(error.message));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = settingsFor(origin);
  const signIn = signInState(settings, `${options.baseUrl}/staff/calendars/microsoft`, mailboxes);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', origin);
    const body = await textOf(request);
    if (!url.pathname.startsWith('/v1.0/'))
      return answerSignIn(signIn, request, url, body, response);
    requests.push(`${request.method} ${decodeURIComponent(url.pathname.slice(5))}`);
    const special = next.shift();
    await special?.meanwhile?.();
    if (special?.slow) await pause(special.slow, undefined, { ref: false });
    if (special?.status) {
      response.writeHead(special.status, {
        'content-type': 'application/json',
        ...special.headers,
      });
      response.end(JSON.stringify(special.body ?? {}));
      return;
    }
    const login = signIn.personOf(request.headers.authorization ?? '');
    const mailbox = login ? mailboxes.get(login) : undefined;
    const usual = mailbox
      ? answerGraph(mailbox, origin, request, url, body)
      : { status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } };
    if (special?.isLost) return void request.socket.destroy();
    response.writeHead(usual.status, { 'content-type': 'application/json' });
    response.end(usual.body ? JSON.stringify(usual.body) : '');
  }

  return {
    settings,
    mailboxes,
    requests,
    signIn,
    next,
    person: (login, ...calendars) => {
      const mailbox = new Mailbox(`${login}@vilaclara.example`, calendars);
      mailboxes.set(login, mailbox);
      return mailbox;
    },
    visit: (url, login, answer) => visit(origin, url, login, answer),
    [Symbol.asyncDispose]: () => close(server),
  };
}

const settingsFor = (origin: string): GraphSettings => ({
  tenant: 'vilaclara.example',
  clientId: '00000000-0000-4000-8000-000000000001',
  clientSecret: randomBytes(24).toString('base64url'),
  loginUrl: origin,
  graphUrl: origin,
});

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}
