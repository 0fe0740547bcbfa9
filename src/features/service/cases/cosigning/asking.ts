import { cosignersIn, type Cosigner as Named } from '../../../../domain/form/cosigners.ts';
import type { Form } from '../../../../domain/form/schema.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { sealText, unsealText } from '../../../../lib/envelope/seal.ts';
import { hashSecret } from '../../../../lib/secrets.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { noticesOfCase } from '../../../foundation/notices/rules.ts';
import { cosignerSecret, oweNotices } from '../../../foundation/notices/service.ts';
import { insertOpening } from '../../../foundation/openings/service.ts';
import type { Keyring } from '../../documents/service.ts';
import type { CasesDeps } from '../keeping.ts';
import { placeOf } from '../sealing.ts';
import type { Case, CaseRecord, CaseRow } from '../types.ts';
import { insertCosigner } from './store.ts';
import type { OpenedCosigner } from './types.ts';
import { readCosigners, type SealedCosigner } from './views.ts';

type Which = Pick<Case, 'id' | 'office'>;

const whoOf = (id: string): string => `cosigner ${id}`;

/**
 * Asks those who must sign a locked case that is about to be registered, each by a link of their own, which is sent to those with an address. The
 * applicant signs by handing it in, also where they are among them (`own`: their identifier). Returns the state in which the case waits; null: nobody
 * else must sign.
 */
export async function askCosigners(
  { keyring, key: links }: Pick<CasesDeps, 'keyring' | 'key'>,
  unit: Unit,
  row: CaseRow,
  { form, record, own }: { form: Form; record: Pick<CaseRecord, 'answers'>; own: string | null },
): Promise<string | null> {
  const all = cosignersIn(form, record.answers).filter(({ nif }) => nif !== own);
  if (!form.cosigners || all.length === 0) return null;
  const key = await keyring.make(unit.tx, placeOf(row));
  for (const [nth, who] of all.entries()) {
    const id = links.newId();
    const sealed = sealText(key, placeOf(row), whoOf(id), JSON.stringify(who));
    await insertCosigner(unit, { id, case: row.id, nth, sealed });
    const secret = hashSecret(cosignerSecret(links, id));
    await insertOpening(unit, { opens: 'cosigner', subject: id }, secret);
    const { reference, language } = row;
    const notices = noticesOfCase(
      { id: row.id, link: 0, reference, language },
      { email: who.email, phone: null },
      unit.now,
      { news: 'cosign', cosigner: id },
    );
    await oweNotices(unit, { office: unit.office, appointment: null, case: row.id }, notices);
  }
  return form.cosigners.state;
}

/** Opens who somebody is. @throws Broken where it was changed or moved since */
export const openCosigner = (key: Buffer, of: Which, row: SealedCosigner): OpenedCosigner => {
  const { sealed, ...rest } = row;
  return { ...rest, ...(JSON.parse(unsealText(key, placeOf(of), whoOf(row.id), sealed)) as Named) };
};

/** Returns who must sign a case, in the order of its answers. */
export async function openCosigners(
  keys: Pick<Keyring, 'shelf'>,
  tx: Tx,
  of: Which,
): Promise<OpenedCosigner[]> {
  const rows = await readCosigners(tx, of.id);
  const key = rows.length > 0 ? await keys.shelf(tx, placeOf(of)) : null;
  return key ? rows.map((each) => openCosigner(key, of, each)) : [];
}
