import type { Office } from '../../../domain/office/types.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { type ZipEntry, zipOf } from '../../../lib/zip/zip.ts';
import type { PackagesDeps } from './service.ts';
import { insertPackage } from './store.ts';
import type { MadePackage, PackageResult } from './types.ts';

/** A case that was packed. */
export interface PackedCase {
  id: string;
  made: MadePackage;
}

interface Sending {
  office: Office;
  /** What the file is called, without its ending. */
  name: string;
  packed: readonly PackedCase[];
  entries: readonly ZipEntry[];
  /** Lets the next one pack. */
  end: () => void;
}

type Deps = Pick<PackagesDeps, 'unit' | 'clock'>;

/** Returns packages as one file, to be sent while it is read. */
export const sent = (deps: Deps, viewer: StaffViewer, on: Sending): PackageResult => ({
  ok: true,
  name: `${on.name}.zip`,
  read: () => recorded(deps, viewer, on),
});

/**
 * Sends the file: it is on the trail before its first byte goes, and its cases are marked as packed before its last ones do. So whoever breaks off has no
 * ZIP that opens and nothing is marked, and whoever has a whole one has one that is marked.
 */
async function* recorded(
  { unit, clock }: Deps,
  viewer: StaffViewer,
  { office, packed, entries, end }: Sending,
): AsyncGenerator<Uint8Array> {
  try {
    await unit(viewer, office.id, async ({ record }) => {
      for (const { id, made } of packed) {
        const { manifest: hash, documents } = made;
        await record('case_packaged', { data: { case: id, hash, documents } });
      }
    });
    let held: Uint8Array = new Uint8Array(0);
    for await (const part of zipOf(entries, clock.now())) {
      if (held.length > 0) yield held;
      held = part;
    }
    await unit(viewer, office.id, async (each) => {
      for (const { id, made } of packed) await insertPackage(each, id, made);
    });
    yield held;
  } finally {
    end();
  }
}
