import { randomBytes, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Office } from '../src/domain/office/types.ts';
import type { Appointments } from '../src/features/booking/appointments/service.ts';
import { testAppointments } from '../src/features/booking/appointments/testing.ts';
import { provedCitizen } from '../src/features/booking/proof/testing.ts';
import type { Slots } from '../src/features/booking/slots/service.ts';
import { testDocuments } from '../src/features/service/documents/testing.ts';
import { checkTownFile } from '../src/formats/town-file/reading/check.ts';
import { diskBlobs } from '../src/lib/blobs/disk.ts';
import type { Blobs } from '../src/lib/blobs/types.ts';
import { clockStartingAt } from '../src/lib/clock.ts';
import { within } from '../src/lib/db/database.ts';
import { cut } from '../src/lib/envelope/segments.ts';
import { DEMO_TOWN } from '../src/paths.ts';
import { type BenchDatabase, temporaryFolder, withDatabase } from './lib/database.ts';
import { ownCpu } from './lib/processes.ts';
import { type Bench, median, type Row, spread } from './lib/table.ts';
import { NOW } from './lib/town.ts';

const SIZE = 24_000_000;
const RUNS = 5;

/** A piece of a document that is kept: as many bytes are made durable at once. */
const PIECE = 64 * 65_536;

/** What a round took. */
interface Taken {
  /** MB per second of wall-clock time. */
  speed: number;
  /** Of this process with all its threads, in ms. */
  cpu: number;
}

async function take(work: () => Promise<unknown>): Promise<Taken> {
  const cpu = ownCpu();
  const began = performance.now();
  await work();
  return { speed: SIZE / 1_000 / (performance.now() - began), cpu: ownCpu() - cpu };
}

/** Books the first free time, and returns the appointment's id. */
async function bookOne(appointments: Appointments, slots: Slots, office: Office): Promise<string> {
  const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const;
  const found = await slots.search(office, choice, { from: '2026-11-25', to: '2026-12-10' });
  if (!found.ok || !found.slots[0]) throw new Error('No free time');
  const booked = await appointments.book({ kind: 'citizen' }, office, {
    ...choice,
    noticeLanguage: 'ca',
    onBehalfOf: null,
    needs: [],
    comment: '',
    start: found.slots[0].start,
    citizen: { name: 'Rosa', email: 'rosa@example.cat', phone: '+34600000001' },
  });
  if (!booked.ok) throw new Error(booked.reason);
  return booked.appointment.id;
}

export const documents: Bench = {
  name: 'documents',
  about: 'A paper of 24 MB, sealed and kept, and opened, beside a plain copy with fsync',
  run: async (print) => {
    const folder = temporaryFolder();
    const town = checkTownFile(await readFile(DEMO_TOWN, 'utf8'));
    if (!town.ok) throw new Error('The demo town has mistakes');
    const file = join(folder.path, 'paper');
    writeFileSync(file, randomBytes(SIZE));
    try {
      return await withDatabase(town.town, 4, async (database) => {
        const clock = clockStartingAt(Temporal.Instant.from('2026-11-25T07:30:00+01:00'));
        const { appointments, slots } = testAppointments(database, clock);
        const { office } = database;
        const id = await bookOne(appointments, slots, office);
        const service = testDocuments(database, clock, diskBlobs(join(folder.path, 'documents')));
        const citizen = provedCitizen(id);
        const paper = { kind: 'inbox', requested: null, name: 'a.pdf', type: '' } as const;
        const rounds: Record<'kept' | 'opened' | 'copied' | 'pieces', Taken>[] = [];
        const bytes = () => createReadStream(file, { highWaterMark: 65_536 });
        for (let run = 0; run <= RUNS; run++) {
          const begun = await service.begin(citizen, office, id, { ...paper, size: SIZE });
          if (!begun.ok) throw new Error(begun.reason);
          const kept = await take(() => service.append(citizen, office, id, begun.id, 0, bytes()));
          await service.pass();
          const opened = await take(async () => {
            const there = await service.open(citizen, office, id, begun.id);
            if (!there) throw new Error('not open');
            for await (const _ of there.read());
          });
          const copy = createWriteStream(join(folder.path, `copy-${run}`), { flush: true });
          const copied = await take(() => pipeline(bytes(), copy));
          const plain = diskBlobs(join(folder.path, 'plain'));
          const pieces = await take(() => keepPlainly(bytes(), plain, database));
          // What is loaded and compiled by the first is not counted.
          if (run > 0) rounds.push({ kept, opened, copied, pieces });
          print(`${run} of ${RUNS}`);
        }
        return [
          row('A paper of 24 MB, sealed and kept', rounds, 'kept', { with: 'copied', aim: 0.7 }),
          row('… with as many durable steps', rounds, 'kept', { with: 'pieces' }),
          row('… opened', rounds, 'opened', { with: 'copied', aim: 1.5 }),
        ];
      });
    } finally {
      folder.remove();
    }
  },
};

const NAMES = {
  copied: 'a plain copy with fsync',
  pieces: 'plain pieces, each durable and recorded',
};

/** Of two kinds of work that took turns, the ratio is that of their speeds in the same round, in the median. */
function row<Kind extends string>(
  measure: string,
  rounds: readonly Record<Kind | keyof typeof NAMES, Taken>[],
  kind: Kind,
  on: { with: keyof typeof NAMES; aim?: number },
): Row {
  const ratio = median(rounds.map((each) => each[kind].speed / each[on.with].speed));
  const say = (each: Kind | keyof typeof NAMES) => {
    const all = rounds.map((round) => round[each]);
    const cpu = median(all.map((taken) => taken.cpu));
    return `${spread(
      all.map(({ speed }) => speed),
      0,
    )} MB a second, ${cpu.toFixed(0)} ms CPU`;
  };
  return {
    measure,
    value: say(kind),
    against: `${NAMES[on.with]}: ${say(on.with)}`,
    ratio: ratio.toFixed(2),
    ...(on.aim && { aim: `≥ ${on.aim}`, met: ratio >= on.aim }),
  };
}

/** Keeps the bytes as they are, in as many pieces as a sealed document has, each recorded in the database after it is durable. */
async function keepPlainly(
  bytes: AsyncIterable<Uint8Array>,
  blobs: Blobs,
  { kysely, office }: BenchDatabase,
): Promise<void> {
  for await (const piece of cut(bytes, PIECE)) {
    const blob = randomUUID();
    await blobs.put(blob, Buffer.from(piece.buffer, piece.byteOffset, piece.length));
    const kept = { blob, office_id: office.id, at: NOW.toString() };
    await within(kysely, office.id, (tx) => tx.insertInto('loose_piece').values(kept).execute());
  }
}
