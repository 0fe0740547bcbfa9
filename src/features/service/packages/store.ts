import { randomUUID } from 'node:crypto';
import { actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { MadePackage } from './types.ts';

/** Notes that a case was packed. */
export async function insertPackage(
  { tx, office, viewer, now }: Unit,
  of: string,
  { manifest, documents }: Pick<MadePackage, 'manifest' | 'documents'>,
): Promise<void> {
  await tx
    .insertInto('case_package')
    .values({
      id: randomUUID(),
      office_id: office,
      case_id: of,
      packed_at: now.toString(),
      packed_by: actorOf(viewer),
      documents,
      manifest: Buffer.from(manifest, 'hex'),
    })
    .execute();
}
