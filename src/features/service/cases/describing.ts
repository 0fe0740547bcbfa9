import type { Office } from '../../../domain/office/types.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { Identification } from '../../foundation/identification/service.ts';
import type { IdentificationOf } from '../../foundation/identification/types.ts';
import type { Described } from '../../foundation/registry/types.ts';
import type { Keyring } from '../documents/service.ts';
import { personOfAct } from './by-act/rules.ts';
import { readCosigners } from './cosigning/views.ts';
import { openSealed } from './sealing.ts';
import type { CaseRecord } from './types.ts';
import { readCase } from './views.ts';

export interface DescribingDeps {
  db: Db;
  keyring: Pick<Keyring, 'make' | 'shelf'>;
  identification: Pick<Identification, 'of'>;
}

/** What is registered of a case: `case <id> application`. */
const ABOUT = /^case ([0-9a-f-]{36}) (?:cosigner (\d+))?/;

/**
 * Returns what tells a registry elsewhere what an entry of a case is of: the procedure, the reference of the case, and who handed it in or signed it. Null:
 * it is of something else, or nothing is left of the case.
 */
export function createDescribing({ db, keyring, identification }: DescribingDeps) {
  return async (office: Office, about: string): Promise<Described | null> => {
    const [, id = '', nth] = ABOUT.exec(about) ?? [];
    const found = await within(db, office.id, async (tx) => {
      const row = id === '' ? null : await readCase(tx, id);
      const record = row && (await openSealed(keyring, tx, row)).record;
      const cosigners = record && nth !== undefined ? await readCosigners(tx, id) : [];
      const signer = cosigners.find((each) => each.nth === Number(nth));
      return record && { record, signer: signer?.identification ?? null };
    });
    if (!found) return null;
    const { record, signer } = found;
    const { name, procedure, reference } = record;
    return {
      subject: `${name || procedure} ${reference}`,
      person: signer
        ? personOf(await identification.of(signer))
        : await presenterOf(identification, record),
    };
  };
}

/** Returns who handed a case in, or for whom an official did, by the document that they saw; null: nobody was identified. */
async function presenterOf(
  identification: DescribingDeps['identification'],
  record: CaseRecord,
): Promise<Described['person']> {
  const { applicant } = record;
  const shown = personOfAct(record);
  if (shown) {
    const { name, ...id } = shown;
    return { id, name, given: null, family: null };
  }
  return applicant && personOf(await identification.of(applicant.identification));
}

const personOf = (by: IdentificationOf | null): Described['person'] =>
  by && { id: by.of, name: by.name.full, given: by.name.given, family: by.name.family };
