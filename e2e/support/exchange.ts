import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ended, freePort, keep, temporaryFolder, until } from './processes.ts';

const PROGRAMS = {
  kamailio: '/usr/sbin/kamailio',
  rtpengine: '/usr/bin/rtpengine',
  sipp: '/usr/bin/sipp',
};

/** Whether this system has an exchange to test with: Kamailio, rtpengine and SIPp. */
export const HAS_EXCHANGE = Object.values(PROGRAMS).every((path) => existsSync(path));

const DOMAIN = 'sip.vilaclara.example';

/** A telephone exchange of our own on this machine, and an outside person who can be called and calls. */
export interface Exchange extends AsyncDisposable {
  /** ws://… as the town file names it. */
  url: string;
  domain: string;
  secret: string;
  /** Keypad tones that went through, in order. */
  tones(): string;
  /** All that the programs printed. */
  output(): string;
  /** Calls `extension` from `from`; returns the calling program, which ends with the call. */
  call(extension: string, from: string, talkMs?: number): Promise<ChildProcess>;
  /** Restarts the exchange on the same port; its registrations are lost. */
  restart(): Promise<void>;
}

const SIP = join(import.meta.dirname, 'sip');

const fill = (file: string, values: Record<string, string | number>): string =>
  readFileSync(join(SIP, file), 'utf8').replaceAll(/\{(\w+)\}/g, (all, name: string) =>
    String(values[name] ?? all),
  );

/** SIP statuses that whoever is called can refuse with. */
const REFUSALS = [403, 404, 480, 486, 500, 603];

/** SIPp has no variables in a status line, so each refusal is a branch of its own. */
function callee(): string {
  const codes = [200, ...REFUSALS];
  const label = (code: number) => (code === 200 ? 'answer' : `code${code}`);
  const each = (write: (code: number) => string, of = codes) => of.map(write).join('\n');
  return fill('callee.xml', {
    tests: each(
      (code) => `      <strcmp assign_to="not${code}" variable="code" value="${code}"/>
      <test assign_to="is${code}" variable="not${code}" compare="equal" value="0"/>`,
    ),
    jumps: each((code) => `  <nop next="${label(code)}" test="is${code}"/>`),
    refusals: each(
      (code) => `  <label id="${label(code)}"/>
  <send next="refused"><![CDATA[
    SIP/2.0 ${code} No
    [last_Via:]
    [last_From:]
    [last_To:];tag=[call_number]
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]></send>`,
      REFUSALS,
    ),
  });
}

/** Starts a telephone exchange with an outside person who can be called. */
export async function startExchange(): Promise<Exchange> {
  const folder = temporaryFolder();
  const udp = await freePort();
  const ws = await freePort();
  const outside = await freePort();
  const ng = await freePort();
  const dtmf = await freePort();
  const secret = 'a secret that the exchange and the server share';
  const values = { udp, ws, outside, ng, secret, domain: DOMAIN };
  const programs = new Programs(folder.path);
  const keys = listenToKeys(dtmf);
  await startMedia(programs, ng, dtmf);
  const config = join(folder.path, 'kamailio.cfg');
  writeFileSync(config, fill('kamailio.cfg', values));
  let proxy = await startProxy(programs, config, ws);
  const called = join(folder.path, 'callee.xml');
  writeFileSync(called, callee());
  programs.run('sipp', [
    ...['-sf', called, '-i', '127.0.0.1', '-p', String(outside)],
    ...['-mi', '127.0.0.1', '-mp', String(await freePort()), '-rtp_echo', '-nostdin'],
  ]);
  return {
    url: `ws://127.0.0.1:${ws}`,
    domain: DOMAIN,
    secret,
    tones: keys.pressed,
    output: () => programs.output,
    call: async (extension, from, talkMs = 60_000) => {
      const scenario = join(folder.path, `caller-${from}-${talkMs}.xml`);
      writeFileSync(scenario, fill('caller.xml', { domain: DOMAIN, from, talk: talkMs }));
      return programs.run('sipp', [
        ...['-sf', scenario, '-i', '127.0.0.1', '-p', String(await freePort()), '-m', '1'],
        ...['-mi', '127.0.0.1', '-mp', String(await freePort()), '-rtp_echo', '-nostdin'],
        ...['-s', extension, `127.0.0.1:${udp}`],
      ]);
    },
    restart: async () => {
      await programs.stop(proxy);
      proxy = await startProxy(programs, config, ws);
    },
    [Symbol.asyncDispose]: async () => {
      await programs.stopAll();
      keys.close();
      folder.remove();
    },
  };
}

/** The running programs of an exchange, and their output. */
class Programs {
  readonly folder: string;
  output = '';
  readonly #running = new Map<ChildProcess, keyof typeof PROGRAMS>();

  constructor(folder: string) {
    this.folder = folder;
  }

  run(program: keyof typeof PROGRAMS, args: string[]): ChildProcess {
    const child = keep(
      spawn(PROGRAMS[program], args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        const isNoise = program === 'sipp' && !/unexpected|exiting|invalid|Error:/i.test(part);
        if (!isNoise) this.output += part;
      });
    this.#running.set(child, program);
    return child;
  }

  async stop(child: ChildProcess): Promise<void> {
    // SIPp takes no notice of SIGTERM.
    child.kill(this.#running.get(child) === 'kamailio' ? 'SIGTERM' : 'SIGKILL');
    await ended(child);
    this.#running.delete(child);
  }

  async stopAll(): Promise<void> {
    for (const child of this.#running.keys()) await this.stop(child);
  }
}

/** Hears of the keys that a caller pressed. */
function listenToKeys(port: number) {
  let pressed = '';
  const listener = createSocket('udp4').bind(port, '127.0.0.1');
  listener.on('message', (message) => {
    const event: { event?: number } = JSON.parse(message.toString());
    pressed += '0123456789*#ABCD'[event.event ?? 99] ?? '';
  });
  return { pressed: () => pressed, close: () => listener.close() };
}

/** Starts the relay of the voices. */
async function startMedia(programs: Programs, ng: number, dtmf: number): Promise<void> {
  const none = join(programs.folder, 'rtpengine.conf'); // in place of the system's
  writeFileSync(none, '[rtpengine]\n');
  programs.run('rtpengine', [
    ...[`--config-file=${none}`, '--table=-1', '--interface=127.0.0.1'],
    ...[`--listen-ng=127.0.0.1:${ng}`, '--foreground'],
    ...['--port-min=41000', '--port-max=41400', '--log-stderr', '--log-level=4'],
    `--dtmf-log-dest=127.0.0.1:${dtmf}`,
  ]);
  await until('rtpengine answers', () => pong(ng));
}

/** Starts the proxy that registers and connects the callers. */
async function startProxy(programs: Programs, config: string, ws: number): Promise<ChildProcess> {
  const { folder } = programs;
  const child = programs.run('kamailio', [
    ...['-f', config, '-DD', '-E', '-n', '2', '-m', '32', '-M', '4'],
    ...['-Y', folder, '-P', join(folder, 'kamailio.pid')],
  ]);
  await until('the exchange takes connections', () => answers(ws)).catch((error: Error) => {
    throw new Error(`${error.message}\n${programs.output}`);
  });
  return child;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.end());
  });

/** Asks rtpengine whether it is there, in its own protocol. */
const pong = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4');
    const done = (answer: boolean) => {
      clearTimeout(patience);
      socket.close();
      resolve(answer);
    };
    const patience = setTimeout(done, 100, false);
    socket.once('message', () => done(true)).once('error', () => done(false));
    socket.send('1 d7:command4:pinge', port, '127.0.0.1');
  });
