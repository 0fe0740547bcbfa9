import { Agent, request } from 'node:http';
import type { RunningServer } from './server.ts';

/** An answer of the API. `status` 0: none came, so the result is unknown. */
export interface Answer {
  status: number;
  body: Record<string, unknown>;
  retryAfter: string | undefined;
}

export interface Booked {
  id: string;
  reference: string;
  start: string;
  externalId: string | null;
}

export interface Slot {
  start: string;
  end: string;
  capacity: number;
}

/** A town hall's own system: many requests at once over connections that stay open. */
export interface ApiClient {
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  /** Starts of the next days, soonest first. */
  slots(days: number): Promise<Slot[]>;
  hold(start: string): Promise<Answer>;
  book(
    start: string,
    extra?: { externalId?: string; hold?: string; name?: string },
  ): Promise<Answer>;
  close(): void;
}

const CHOICE = { procedure: 'prova', channel: 'phone', language: 'ca' };
/** Each booking is another person's, by its key: one person alone is sent so many messages a day. */
const citizenOf = (name: string, key = 'rosa') => ({
  name,
  email: `${key}@vilaclara.example`,
  phone: '+34930000010',
});

/**
 * Returns a client for an office of writeTown(), or for another that has this procedure by telephone.
 * `keepAlive`: false makes a connection for each request.
 */
export async function apiClient(
  server: Pick<RunningServer, 'port' | 'access'>,
  { connections = 256, procedure = CHOICE.procedure, office = 'oac', keepAlive = true } = {},
): Promise<ApiClient> {
  const choice = { ...CHOICE, procedure };
  const token = (await server.access()).tokens[office] ?? '';
  const agent = new Agent({ keepAlive, maxSockets: connections });
  const send = (method: string, path: string, body?: unknown) =>
    exchange({
      agent,
      method,
      port: server.port,
      path: `/api/v1/offices/${office}/${path}`,
      token,
      ...(body !== undefined && { text: JSON.stringify(body) }),
    });
  const post = (path: string, body: unknown) => send('POST', path, body);
  const get = (path: string) => send('GET', path);
  return {
    get,
    post,
    slots: async (days) => {
      const from = Temporal.Now.plainDateISO('Europe/Madrid');
      const query = new URLSearchParams({
        ...choice,
        from: String(from),
        to: String(from.add({ days })),
      });
      const answer = await get(`slots?${query}`);
      if (answer.status !== 200) throw new Error(`No slots: ${JSON.stringify(answer)}`);
      return answer.body.slots as Slot[];
    },
    hold: (start) => post('holds', { ...choice, start }),
    book: (start, { name = 'Rosa Soler', ...extra } = {}) =>
      post('appointments', {
        ...choice,
        start,
        citizen: citizenOf(name, extra.externalId),
        ...extra,
      }),
    close: () => agent.destroy(),
  };
}

interface Sent {
  agent: Agent;
  method: string;
  port: number;
  path: string;
  token: string;
  text?: string;
}

function exchange({ agent, method, port, path, token, text }: Sent): Promise<Answer> {
  return new Promise((resolve) => {
    const nobody = () => resolve({ status: 0, body: {}, retryAfter: undefined });
    const headers = {
      // Caddy knows its sites by their names.
      Host: `localhost:${port}`,
      Authorization: `Bearer ${token}`,
      ...(text !== undefined && {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(text),
      }),
    };
    const sent = request({ agent, host: '127.0.0.1', port, method, path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part) => {
        body += part;
      });
      response.on('error', nobody);
      response.on('close', () => {
        if (!response.complete) return nobody();
        resolve({
          status: response.statusCode ?? 0,
          body: parsed(body),
          retryAfter: response.headers['retry-after'],
        });
      });
    });
    sent.on('error', nobody);
    sent.end(text);
  });
}

function parsed(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body);
  } catch {
    return { text: body };
  }
}
