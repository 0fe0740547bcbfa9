import { SAMPLES_A_SECOND } from '../../speech/resample.ts';

/** A connection to a speech-to-text engine, by the protocol of Vosk's server (docs/protocol.md, *Captions*). */
export interface EngineLink {
  /** Sends 16-bit samples. While the network is too slow for them they are dropped. */
  feed(samples: ArrayBuffer): void;
  close(): void;
}

export interface EngineListener {
  /** The engine takes sound. */
  opened(): void;
  /** The text so far of a sentence; `isWhole`: the sentence ended, and this is its text. */
  text(text: string, isWhole: boolean): void;
  /** The connection ended, and not by `close`. */
  lost(): void;
}

/** Two seconds of sound. */
const MOST_WAITING = 2 * 2 * SAMPLES_A_SECOND;
/** The maximum length of a sentence. */
const LONGEST = 1_000;

/** Opens a connection to the engine. */
export function openEngine(url: string, listener: EngineListener): EngineLink {
  const socket = new WebSocket(url);
  let isClosed = false;
  socket.onopen = () => {
    socket.send(JSON.stringify({ config: { sample_rate: SAMPLES_A_SECOND } }));
    listener.opened();
  };
  socket.onmessage = ({ data }) => {
    const read = isClosed ? null : readAnswer(data);
    if (read) listener.text(read.text, read.isWhole);
  };
  socket.onclose = () => {
    if (!isClosed) listener.lost();
  };
  return {
    feed(samples) {
      if (socket.readyState === WebSocket.OPEN && socket.bufferedAmount < MOST_WAITING)
        socket.send(samples);
    },
    close() {
      isClosed = true;
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ eof: 1 }));
      socket.close();
    },
  };
}

/** Reads an answer of the engine: `{"partial": "…"}` or `{"text": "…"}`. Null: something else. */
export function readAnswer(data: unknown): { text: string; isWhole: boolean } | null {
  const answer = parsed(data);
  const given = answer?.text ?? answer?.partial;
  if (typeof given !== 'string') return null;
  return { text: given.trim().slice(0, LONGEST), isWhole: answer?.text !== undefined };
}

function parsed(data: unknown): { text?: unknown; partial?: unknown } | null {
  if (typeof data !== 'string') return null;
  try {
    const read: unknown = JSON.parse(data);
    return typeof read === 'object' ? read : null;
  } catch {
    return null;
  }
}
