import { createServer, type Socket } from 'node:net';

/** The mail server of a demo: it takes every mail and keeps none, or refuses all. */
export interface DemoMailServer {
  /** `smtp://127.0.0.1:…` */
  url: string;
  isFailing(): boolean;
  fail(isFailing: boolean): void;
  close(): Promise<void>;
}

/** RFC 5321, 3.8 and 4.2.3: not available, try again later. */
const AWAY = '421 4.3.2 The demo’s mail server is out of order\r\n';

/** Opens it on this machine alone, at a free port. */
export async function openDemoMailServer(): Promise<DemoMailServer> {
  const open = new Set<Socket>();
  let isFailing = false;
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    if (isFailing) socket.end(AWAY);
    else converse(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // It must not keep a process whose start has failed.
  server.unref();
  const { port } = server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    isFailing: () => isFailing,
    fail(now) {
      isFailing = now;
      // Those who hold a connection are told, as RFC 5321, 3.8, has it.
      if (now) for (const each of open) each.end(AWAY);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const each of open) each.destroy();
      }),
  };
}

const ANSWERS: Record<string, string> = {
  EHLO: '250 vilaclara.example',
  HELO: '250 vilaclara.example',
  MAIL: '250 2.1.0 Taken',
  RCPT: '250 2.1.5 Taken',
  RSET: '250 2.0.0 Forgotten',
  NOOP: '250 2.0.0 Nothing done',
  DATA: '354 End with a point on a line of its own',
};

/** Longer than any line that is a command (RFC 5321, 4.5.3.1.4). */
const MOST_KEPT = 2_048;

/** Speaks SMTP (RFC 5321) and throws away what it is given. */
function converse(socket: Socket): void {
  let rest = '';
  let isData = false;
  const say = (line: string) => socket.write(`${line}\r\n`);
  const hear = (line: string) => {
    if (isData) {
      if (line !== '.') return;
      isData = false;
      return say('250 2.0.0 Taken; this is a demo, and the mail goes nowhere');
    }
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'QUIT') return socket.end('221 2.0.0 Goodbye\r\n');
    isData = verb === 'DATA';
    return say(ANSWERS[verb] ?? '502 5.5.1 Not known here');
  };
  say('220 vilaclara.example ESMTP: the demo’s mail server');
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\r\n');
    rest = (lines.pop() ?? '').slice(-MOST_KEPT);
    for (const line of lines) hear(line);
  });
}
