import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Client, openClient, startsIn } from '../client.ts';
import { until } from '../processes.ts';
import { listen } from '../standby/going-on.ts';

/** Returns an answer that came whole; status 0: it did not. */
async function answerAt(url: string, headers: HeadersInit) {
  try {
    const answer = await fetch(url, { redirect: 'manual', headers });
    return { status: answer.status, text: await answer.text() };
  } catch {
    return { status: 0, text: '' };
  }
}

/** Reads pages with their files, as citizens do. Counts statuses by what was asked for. `isKept`: whether it keeps its connection. */
export function startReaders(origin: string, isKept: boolean) {
  const headers: HeadersInit = isKept ? {} : { Connection: 'close' };
  const counts = new Map<string, number>();
  let isStopping = false;
  const read = async (path: string) => {
    const { status, text } = await answerAt(origin + path, headers);
    const of = `${path.startsWith('/assets/') ? 'file' : 'page'} ${status}`;
    counts.set(of, (counts.get(of) ?? 0) + 1);
    await pause(50);
    return text;
  };
  const reading = (async () => {
    while (!isStopping)
      for (const path of ['/ca', '/ca/oac', '/ca/proves/prova']) {
        const files = new Set((await read(path)).match(/\/assets\/[\w.-]+/g));
        for (const file of files) await read(file);
      }
  })();
  return {
    counts,
    stop: async () => {
      isStopping = true;
      await reading;
    },
  };
}

const TIMES = '/ca/oac/volant-padro/times?channel=phone&language=ca';

/** A citizen at this door who has chosen a time and not yet sent who they are, and an official whose page is told what is new. */
export async function openVisitors(door: string, official: Client, nth: number) {
  const citizen = openClient(door, 'ca');
  // The earliest may be too soon by the time it is sent.
  const start = startsIn((await citizen.get(TIMES)).html)[nth + 10] ?? '';
  const details = await citizen.post(TIMES, { start });
  const { heard, end } = listen(official, `${door}/console/oac/stream`);
  await until('the page is there', () => heard.includes('hello'));
  return {
    /** What was chosen is sent and booked, and the page hears of it. */
    goOn: async (name: string) => {
      const before = heard.length;
      const person = { name, phone: `612 345 69${nth}`, email: `${nth}@example.com` };
      const check = await citizen.post(details.path, { ...person, whom: 'self', anything: 'no' });
      const confirmed = await citizen.post(check.path, {});
      expect(confirmed.path).toMatch(/\/confirmed$/);
      expect(confirmed.html).toContain(name);
      await until('the page is told', () => heard.slice(before).includes('news'));
      end.abort();
      return person.email;
    },
  };
}
