import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context.ts';
import type { Resident } from './domain/residence/resident.ts';
import { readResidents } from './formats/residents/read.ts';
import { ROOT } from './paths.ts';

/** The residents of the demo town: those as whom anybody can identify, and others. */
const FILE = join(ROOT, 'towns', 'vilaclara', 'residents.csv');

/** Brings the demo town's list of residents here as that of today, at each start. */
export async function bringDemoResidents({
  residents,
  clock,
}: Pick<Context, 'residents' | 'clock'>): Promise<void> {
  const asOf = clock.now().toZonedDateTimeISO('UTC').toPlainDate();
  await residents.bring(read, { asOf, anyway: true });
}

async function* read(): AsyncGenerator<Resident> {
  for await (const line of readResidents(createReadStream(FILE))) {
    if (!line.ok) throw new Error(`${FILE}, line ${line.mistake.line}: ${line.mistake.reason}`);
    yield line.resident;
  }
}
