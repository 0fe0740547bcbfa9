import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';

// Where an adapter was made before this file is read, the marker would be a response of its own, and be sent: with its body read, it isn't.
void RESPONSE_ALREADY_SENT.body;

/** Where the text of a long answer goes: a response of Node, or what is like one. */
export interface Taker {
  write(text: string): unknown;
  /** How many bytes wait to be read. */
  readonly writableLength: number;
  /** Ends the answer after what waits. */
  end(): unknown;
}

/** A body that is written as things happen. */
interface Written {
  /** Called when the body is first read. */
  take(by: Taker): void;
  /** Called when its reader is gone. */
  gone(): void;
}

/** The bodies that can also be written to Node's response, without themselves. */
const written = new WeakMap<ReadableStream, Written>();

/** Returns the body of a long answer. */
export function writtenBody(of: Written): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let isTaken = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (isTaken) return;
        isTaken = true;
        of.take({
          write: (text) => controller.enqueue(encoder.encode(text)),
          get writableLength() {
            return -(controller.desiredSize ?? 0);
          },
          end: () => controller.close(),
        });
      },
      cancel: () => of.gone(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
  written.set(body, of);
  return body;
}

/** A body that is sent again and again, with the headers that it had first. */
export interface Repeated {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Null: it wasn't sent yet. */
  first: First | null;
}

/** The headers of an answer, as `fetch` and as Node takes them. */
interface First {
  headers: [string, string][];
  raw: string[];
}

/** The answers with such bodies. Whoever makes one anew, to add a header, makes another answer. */
const repeated = new WeakMap<Response, Repeated>();

/** Returns an answer, whose headers are those of all later ones with its body once they are complete (`completeOnce`). */
export function firstAnswer(answer: Response, of: Repeated): Response {
  repeated.set(answer, of);
  return answer;
}

/** Returns the answer that was sent before; null: none was. */
export const answerAgain = (of: Repeated): Response | null =>
  of.first && firstAnswer(new Response(of.body, { headers: of.first.headers }), of);

/** Completes an answer's headers, unless they are those of one that was sent before, and so complete. */
export async function completeOnce(
  answer: () => Response,
  complete: () => Promise<void>,
): Promise<void> {
  if (repeated.get(answer())?.first) return;
  await complete();
  const of = repeated.get(answer());
  // A cookie is for one browser.
  if (!of || answer().headers.has('Set-Cookie')) return;
  const headers = [...answer().headers];
  of.first = { headers, raw: [...headers.flat(), 'Content-Length', `${of.body.byteLength}`] };
}

/** What Node knows of a request; nothing in tests. */
type Wire = { outgoing?: ServerResponse } | undefined;

/**
 * Returns what answers like `fetch`, and writes long answers to Node's response itself (docs/adr/0153): the body between them and what passes it on would keep
 * the whole request in memory for hours.
 */
export function writeDirectly<Bindings>(
  fetch: (request: Request, bindings?: Bindings) => Response | Promise<Response>,
): (request: Request, bindings?: Bindings) => Promise<Response> {
  return async (request, bindings) => {
    const answer = await fetch(request, bindings);
    const outgoing = (bindings as Wire)?.outgoing;
    const again = repeated.get(answer);
    if (outgoing && again?.first) {
      outgoing.writeHead(answer.status, again.first.raw);
      outgoing.end(again.body);
      return RESPONSE_ALREADY_SENT;
    }
    // Of an answer that is short the body isn't asked for: it would be made a stream.
    const isLong = answer.headers.get('Content-Type')?.startsWith(LONG) === true;
    const of = outgoing && isLong && answer.body ? written.get(answer.body) : undefined;
    if (!outgoing || !of) return answer;
    if (outgoing.destroyed) of.gone();
    else writeTo(outgoing, answer, of);
    return RESPONSE_ALREADY_SENT;
  };
}

const LONG = 'text/event-stream';

function writeTo(outgoing: ServerResponse, answer: Response, of: Written): void {
  outgoing.on('close', of.gone);
  outgoing.on('error', of.gone);
  // Not by setHeader, and sent by themselves: Node would keep them as long as the answer lasts, in pieces.
  outgoing.writeHead(answer.status, [...answer.headers].flat());
  outgoing.flushHeaders();
  of.take(outgoing);
}
