/** `npm run bench [name…]`: the measures of docs/performance.md, in one table. */
import { availability } from '../bench/availability.ts';
import { booking } from '../bench/booking.ts';
import { cases } from '../bench/cases.ts';
import { chat } from '../bench/chat.ts';
import { documents } from '../bench/documents.ts';
import { effort } from '../bench/effort.ts';
import { requestFigures } from '../bench/figures/requests.ts';
import { figures } from '../bench/figures.ts';
import { folder } from '../bench/folder.ts';
import { http } from '../bench/http.ts';
import { identify } from '../bench/identify.ts';
import { type Bench, formatTable, type Row } from '../bench/lib/table.ts';
import { memory } from '../bench/memory.ts';
import { next } from '../bench/next.ts';
import { page } from '../bench/page.ts';
import { presence } from '../bench/presence.ts';
import { room } from '../bench/room.ts';
import { rooms } from '../bench/rooms.ts';
import { rota } from '../bench/rota.ts';
import { start } from '../bench/start.ts';
import { streams } from '../bench/streams.ts';

const BENCHES: readonly Bench[] = [
  ...[
    availability,
    booking,
    http,
    page,
    start,
    memory,
    next,
    identify,
    folder,
    cases,
    chat,
    streams,
    room,
    rooms,
    documents,
  ],
  ...[figures, requestFigures, rota, presence, effort],
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  const help = unknown.some((name) => name === '--help' || name === '-h');
  const list = BENCHES.map(({ name, about }) => `  ${name.padEnd(14)}${about}`).join('\n');
  console.log(
    `${help ? '' : `There is no benchmark ${unknown.join(', ')}.\n`}npm run bench [name…]\n${list}`,
  );
  process.exit(help ? 0 : 1);
}

const rows: Row[] = [];
for (const bench of BENCHES) {
  if (wanted.length > 0 && !wanted.includes(bench.name)) continue;
  const began = performance.now();
  const print = (line: string) => console.error(`${bench.name}: ${line}`);
  try {
    rows.push(...(await bench.run(print)));
  } catch (error) {
    // The figures of the other benchmarks are still wanted.
    console.error(error);
    rows.push({ measure: bench.name, value: 'FAILED, see above' });
    process.exitCode = 1;
  }
  print(`done in ${((performance.now() - began) / 1000).toFixed(0)} s`);
}
console.log(`\n${formatTable(rows)}`);
