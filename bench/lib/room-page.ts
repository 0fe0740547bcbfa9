import { get, type IncomingMessage } from 'node:http';
import type { Signal } from '../../src/features/service/room/types.ts';
import { Connection } from './http.ts';

/** A page in a room without its browser: the server's view of one. */
export interface RoomPage {
  seat: string;
  /** Sends signals as our page does: simultaneous ones together. */
  send(to: RoomPage, signals: readonly Signal[]): Promise<void>;
  /** Resolves at the arrival of this many more signals; returns the time. */
  told(count: number): Promise<number>;
  leave(): Promise<void>;
}

export interface RoomPlace {
  port: number;
  /** The room's address. */
  room: string;
  cookie: string;
  /** Each has its own address, because of the limits of one address. */
  from: string;
}

/**
 * Sits down as our page does: gets the TURN servers, takes a seat, and listens until the state of the
 * room arrives.
 */
export async function sitDown({ port, room, cookie, from }: RoomPlace): Promise<RoomPage> {
  const headers = { Cookie: cookie, 'X-Forwarded-For': from };
  const connection = await Connection.open(port);
  const post = async (what: string, form: Record<string, string>) => {
    const body = new URLSearchParams(form).toString();
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    // A browser's connections end when nothing was asked for some seconds.
    const again = what === 'seat' ? connection : await Connection.open(port);
    const answer = await again.request('POST', `${room}/${what}`, { ...headers, ...type }, body);
    again.close();
    if (answer.status > 204) throw new Error(`${room}/${what} answered ${answer.status}`);
    return answer.body.toString();
  };
  await connection.request('GET', `${room}/servers`, headers);
  const { seat } = JSON.parse(await post('seat', {})) as { seat: string };

  const heard = countSignals();
  const stream = await openStream(port, `${room}/stream?seat=${seat}`, headers, heard.take);
  return {
    seat,
    send: async (to, signals) => {
      await post('signal', { seat, to: to.seat, signals: JSON.stringify(signals) });
    },
    told: heard.more,
    leave: async () => {
      stream.destroy();
      await post('leave', { seat });
    },
  };
}

function countSignals() {
  let count = 0;
  let waiting: { until: number; resolve(at: number): void }[] = [];
  return {
    take: (event: string) => {
      if (!event.startsWith('event: signal')) return;
      count++;
      const now = performance.now();
      for (const each of waiting) if (count >= each.until) each.resolve(now);
      waiting = waiting.filter((each) => count < each.until);
    },
    more: (signals: number) =>
      new Promise<number>((resolve) => waiting.push({ until: count + signals, resolve })),
  };
}

/** Answers once the first event is there. */
function openStream(
  port: number,
  path: string,
  headers: Record<string, string>,
  take: (event: string) => void,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path} answered ${response.statusCode}`));
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        const events = (text + part).split('\n\n');
        text = events.pop() ?? '';
        for (const each of events) {
          if (each.startsWith('event: room')) resolve(response);
          take(each);
        }
      });
      response.on('error', () => {});
    }).on('error', reject);
  });
}
