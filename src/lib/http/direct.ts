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
