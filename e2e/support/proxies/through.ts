import { request as clear, type RequestOptions } from 'node:http';
import { connect } from 'node:http2';
import { request } from 'node:https';
import { Readable } from 'node:stream';

/** From where a request is sent, and to which address of this machine, whatever its URL names. */
export interface Way {
  from: string;
  to: string;
  /** Sent with each request, such as what a client claims about its own address. */
  headers?: Record<string, string>;
}

/** Returns a function that sends requests this way. The certificate may be anybody's. */
export const sendBy =
  ({ from, to, headers }: Way) =>
  (url: URL, init: RequestInit): Promise<Response> =>
    send(url, init, {
      host: to,
      port: url.port,
      localAddress: from,
      headers: { Host: url.host, ...headers },
    });

/** Sends a request without a proxy, as one that says for whom it asks. */
export const sendAsProxy =
  (serverPort: number, client: string) =>
  (url: URL, init: RequestInit): Promise<Response> =>
    send(
      url,
      init,
      {
        host: '127.0.0.1',
        port: serverPort,
        headers: { Host: url.host, 'X-Forwarded-For': client },
      },
      clear,
    );

async function send(
  url: URL,
  init: RequestInit,
  { headers, ...to }: RequestOptions & { headers: Record<string, string> },
  by: typeof request | typeof clear = request,
): Promise<Response> {
  const sent = new Request('http://localhost/', { method: init.method ?? 'GET', ...bodyOf(init) });
  const body = init.body ? Buffer.from(await sent.arrayBuffer()) : null;
  const type = sent.headers.get('Content-Type');
  return new Promise((resolve, reject) => {
    const asked = by({
      ...to,
      method: init.method ?? 'GET',
      path: url.pathname + url.search,
      rejectUnauthorized: false,
      servername: 'localhost',
      agent: false,
      headers: {
        ...(type && { 'Content-Type': type }),
        ...(body && { 'Content-Length': body.length }),
        ...(init.headers as Record<string, string>),
        ...headers,
      },
    });
    asked.once('response', (answer) => {
      const pairs = Object.entries(answer.headersDistinct).flatMap(([name, values]) =>
        (values ?? []).map((value): [string, string] => [name, value]),
      );
      const status = answer.statusCode ?? 0;
      const isEmpty = status === 204 || status === 304;
      answer.on('error', () => {});
      const read = isEmpty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
      resolve(new Response(read, { status, headers: new Headers(pairs) }));
    });
    init.signal?.addEventListener('abort', () => asked.destroy());
    // A server that refuses a large body answers before it has all of it.
    asked.on('error', reject);
    asked.end(body);
  });
}

const bodyOf = ({ body }: RequestInit): RequestInit => (body ? { body } : {});

/** Asks for a page by HTTP/2, as browsers do. Returns its status. */
export function statusByHttp2(url: URL, to: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = connect(`https://${to}:${url.port}`, {
      rejectUnauthorized: false,
      servername: url.hostname,
    });
    session.once('error', reject);
    const asked = session.request({ ':path': url.pathname, ':authority': url.host });
    asked.once('response', (headers) => {
      resolve(Number(headers[':status']));
      session.destroy();
    });
    asked.once('error', reject);
    asked.end();
  });
}

/** The events of a stream, as they come. */
export async function* eventsIn(
  answer: Response,
): AsyncGenerator<{ event: string; data: Record<string, unknown> }> {
  let text = '';
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const event = field('event');
      if (event) yield { event, data: JSON.parse(field('data') ?? '{}') };
    }
  }
}
