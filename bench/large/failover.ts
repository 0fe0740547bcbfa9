import { NO_POSTGRES, POSTGRES_BIN } from '../../e2e/support/postgres.ts';
import { bookThrough, type Rounds } from '../../e2e/support/standby/rounds.ts';
import { temporaryFolder } from '../lib/database.ts';
import { ensureBuilt } from '../lib/server.ts';
import type { Bench, Row } from '../lib/table.ts';

const TIMES = Number(process.env.FAILOVERS ?? 20);
const SECONDS = 15;

export const failover: Bench = {
  name: 'failover',
  about: `A database's primary goes away ${TIMES} times under bookings: how soon the service goes on, and what is lost`,
  run: async (print) => {
    if (!POSTGRES_BIN) {
      print(NO_POSTGRES);
      return [];
    }
    await ensureBuilt();
    const folder = temporaryFolder();
    try {
      return rowsOf(await bookThrough(TIMES, folder.path));
    } finally {
      folder.remove();
    }
  },
};

function rowsOf({ noticed, after, told, truth, twice, mails, wrong }: Rounds): Row[] {
  const booked = new Set(told.flatMap(({ id }) => id ?? []));
  const there = new Set(truth.appointments.map(({ id }) => id));
  const lost = [...booked].filter((each) => !there.has(each)).length;
  return [
    ...timesOf('the primary is killed', noticed.kill, after.kill),
    ...timesOf('the primary falls silent', noticed.freeze, after.freeze),
    {
      measure: 'confirmed bookings that are lost',
      value: String(lost),
      against: `${booked.size} confirmed`,
      aim: 'none',
      met: lost === 0,
    },
    {
      measure: 'bookings that nobody was told of, or that are there twice',
      value: String(truth.appointments.length - booked.size + lost + truth.repeated),
      aim: 'none',
      met: truth.appointments.length - booked.size + lost + truth.repeated === 0,
    },
    {
      measure: 'answers that must not be',
      value: String(wrong.length),
      aim: 'none',
      met: wrong.length === 0,
    },
    { measure: 'mails that came twice', value: String(twice), against: `${mails} mails` },
  ];
}

function timesOf(what: string, noticed: readonly number[], after: readonly number[]): Row[] {
  const most = Math.max(...after);
  return [
    {
      measure: `${what}: until pages say "not now"`,
      value: inWords(noticed),
    },
    {
      measure: `${what}: from the promotion to the first booking`,
      value: inWords(after),
      aim: `≤ ${SECONDS} s`,
      met: most <= SECONDS * 1000,
    },
  ];
}

function inWords(all: readonly number[]): string {
  const sorted = [...all].sort((a, b) => a - b);
  return `median ${sorted[Math.floor(sorted.length / 2)]} ms, at most ${sorted.at(-1)} ms`;
}
