import { randomBytes } from 'node:crypto';
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
import { clockStartingAt } from '../src/lib/clock.ts';
import { DEMO_TOWN } from '../src/paths.ts';
import { temporaryFolder, withDatabase } from './lib/database.ts';
import { type Bench, median, type Row, spread } from './lib/table.ts';

const SIZE = 24_000_000;
const RUNS = 5;

/** Returns MB per second of wall-clock time. */
async function speedOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return SIZE / 1_000 / (performance.now() - began);
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
        const kept: number[] = [];
        const opened: number[] = [];
        const copied: number[] = [];
        for (let run = 0; run < RUNS; run++) {
          const begun = await service.begin(citizen, office, id, { ...paper, size: SIZE });
          if (!begun.ok) throw new Error(begun.reason);
          const bytes = () => createReadStream(file, { highWaterMark: 65_536 });
          kept.push(await speedOf(() => service.append(citizen, office, id, begun.id, 0, bytes())));
          await service.pass();
          opened.push(
            await speedOf(async () => {
              const there = await service.open(citizen, office, id, begun.id);
              if (!there) throw new Error('not open');
              for await (const _ of there.read());
            }),
          );
          const copy = createWriteStream(join(folder.path, `copy-${run}`), { flush: true });
          copied.push(await speedOf(() => pipeline(bytes(), copy)));
          print(`${run + 1} of ${RUNS}`);
        }
        const row = (measure: string, speeds: number[], aim?: number): Row => {
          const ratio = median(speeds) / median(copied);
          return {
            measure,
            value: `${spread(speeds, 0)} MB a second`,
            against: `plain copy with fsync: ${spread(copied, 0)}`,
            ratio: ratio.toFixed(2),
            ...(aim && { aim: `≥ ${aim}`, met: ratio >= aim }),
          };
        };
        return [row('A paper of 24 MB, sealed and kept', kept, 0.7), row('… opened', opened, 1.5)];
      });
    } finally {
      folder.remove();
    }
  },
};
