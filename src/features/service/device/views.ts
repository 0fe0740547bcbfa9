import type { Tx } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { checkTest } from './rules.ts';
import type { DeviceTest } from './types.ts';

/** The last test for an appointment, or null. */
export async function readTest(tx: Tx, appointment: string): Promise<DeviceTest | null> {
  const row = await tx
    .selectFrom('device_test')
    .select(['camera', 'microphone', 'speaker', 'network', 'family', 'system', 'at'])
    .modifyFront(FREQUENT)
    .where('appointment_id', '=', appointment)
    .executeTakeFirst();
  if (!row) return null;
  const { camera, microphone, speaker, network, family, system, at } = row;
  const test = checkTest({
    camera: camera ?? '',
    microphone: microphone ?? '',
    speaker: speaker ?? '',
    network: network ?? '',
    family,
    system,
  });
  return test && { ...test, at };
}
