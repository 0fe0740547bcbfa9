import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { hashSecret, type PurposeKey, versionIn } from '../../../lib/secrets.ts';
import { replaceOpening } from './store.ts';
import { LINKED, type Linked, type LinkOf, readLinks } from './views.ts';

const AT_ONCE = 500;

/**
 * Replaces each link that derives from an ended key by a link of the next key, which the next notice contains. Links that were sent
 * before are no longer valid. Returns how many links changed.
 * @param secretOf the secret of a link, as notices contain it now
 */
export async function relink(
  db: Db,
  key: PurposeKey,
  secretOf: Record<Linked, (of: LinkOf) => string>,
): Promise<number> {
  const oldest = key.live().at(-1)?.version ?? 0;
  let changed = 0;
  for (const table of LINKED) {
    for (let after = NOBODY, some = [NOBODY]; some.length > 0; after = some.at(-1) ?? after) {
      some = await within(db, INSTALLATION, async (tx) => {
        const links = await readLinks(tx, table, after, AT_ONCE);
        for (const of of links.filter((each) => versionIn(each.id) < oldest))
          if (await replaceOpening({ tx }, table, of.id, hashSecret(secretOf[table](of))))
            changed++;
        return links.map((each) => each.id);
      });
    }
  }
  return changed;
}

/** Before every id. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
