import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { freePort } from '../processes.ts';
import { demoTown } from '../town.ts';

/** Like a loud word between pauses: the samples of a browser's fake microphone, which beeps. */
const LOUD = 500;
/** A tenth of a second of 16-bit samples. */
const PIECE_BYTES = 3_200;
/** Pieces without sound that end a sentence. */
const PAUSE = 3;

/**
 * A stand-in for a town's speech-to-text engine behind its proxy. It speaks the protocol of Vosk's server, checks tokens, and hears beeps
 * instead of words. It can be away, and lose its connections.
 */
export interface SpeechEngine extends AsyncDisposable {
  /** ws://…, as the town file names it. */
  url: string;
  secret: string;
  /** How many connections are open now. */
  open(): number;
  /** Connections that were refused: no valid token, or the engine was away. */
  refused(): number;
  /** Ends all connections; refuses others until `back`. */
  goAway(): void;
  back(): void;
}

export async function startEngine(): Promise<SpeechEngine> {
  const port = await freePort();
  const url = `ws://localhost:${port}/ca`;
  const secret = 'a secret that the engine and the server share, long enough';
  let isAway = false;
  let refused = 0;
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (isAway || !isAllowed(request, { secret, url })) {
      refused++;
      socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    } else sockets.handleUpgrade(request, socket, head, hear);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const end = () => {
    for (const each of sockets.clients) each.terminate();
  };
  return {
    url,
    secret,
    open: () => sockets.clients.size,
    refused: () => refused,
    goAway: () => {
      isAway = true;
      end();
    },
    back: () => {
      isAway = false;
    },
    [Symbol.asyncDispose]: async () => {
      end();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Checks the token as the proxy does: signature, engine and time (RFC 7519). */
function isAllowed(request: IncomingMessage, { secret, url }: { secret: string; url: string }) {
  const token = new URL(request.url ?? '', url).searchParams.get('token') ?? '';
  const [header = '', claims = '', signature = ''] = token.split('.');
  const right = createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url');
  if (signature !== right) return false;
  const { aud, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  return aud === url && exp * 1_000 > Date.now();
}

/** Answers a connection: “bip” while there is sound, and the whole sentence, numbered, after a pause. */
function hear(socket: WebSocket): void {
  let isReady = false;
  let beeps = 0;
  let quiet = PAUSE;
  const answer = (words: object) => socket.send(JSON.stringify(words));
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) {
      const said = JSON.parse(data.toString());
      isReady ||= said.config?.sample_rate === 16_000;
      if (said.eof) socket.close();
      return;
    }
    if (!isReady || data.length !== PIECE_BYTES) return socket.close(1_003);
    const wasQuiet = quiet >= PAUSE;
    quiet = isLoud(data) ? 0 : quiet + 1;
    if (quiet === 0 && wasQuiet) answer({ partial: 'bip' });
    else if (quiet === PAUSE) answer({ text: `bip número ${++beeps}` });
  });
}

function isLoud(samples: Buffer): boolean {
  for (let at = 0; at < samples.length; at += 2)
    if (Math.abs(samples.readInt16LE(at)) > LOUD) return true;
  return false;
}

/** Writes the demo town with this engine for Catalan calls; returns the file. */
export function townWithEngine(folder: string, { url }: SpeechEngine): string {
  const path = join(folder, 'captions.yaml');
  const captions = `    video:\n      captions: { provider: Vilaclara, engines: { ca: "${url}" } }\n`;
  const town = demoTown().replace(/^ {2}oac:\n/m, (line) => line + captions);
  writeFileSync(path, town);
  return path;
}
