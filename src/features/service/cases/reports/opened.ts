import type { Tx } from '../../../../lib/db/database.ts';
import { sealText, unsealText } from '../../../../lib/envelope/seal.ts';
import type { Keyring } from '../../documents/service.ts';
import { placeOf } from '../sealing.ts';
import type { Case } from '../types.ts';
import type { Report, ReportAnswer, ReportRequest } from './types.ts';
import { readReports, type SealedReport } from './views.ts';

type Which = Pick<Case, 'id' | 'office'>;

const requestOf = (id: string): string => `report ${id}`;
const answerOf = (id: string): string => `report answer ${id}`;

/** Seals what is asked for. `id`: of the request. */
export const sealRequest = (key: Buffer, of: Which, id: string, request: ReportRequest): Buffer =>
  sealText(key, placeOf(of), requestOf(id), JSON.stringify(request));

/** Seals what was answered, as this text. */
export const sealAnswer = (key: Buffer, of: Which, id: string, text: string): Buffer =>
  sealText(key, placeOf(of), answerOf(id), text);

/** Opens a request. @throws Broken where it was changed or moved since */
export function openReport(
  key: Buffer,
  { sealedRequest, sealedAnswer, ...row }: SealedReport,
): Report {
  const place = placeOf({ id: row.case, office: row.office });
  const open = (what: string, sealed: Buffer) => JSON.parse(unsealText(key, place, what, sealed));
  return {
    ...row,
    request: open(requestOf(row.id), sealedRequest) as ReportRequest,
    answer: sealedAnswer && (open(answerOf(row.id), sealedAnswer) as ReportAnswer),
  };
}

/** Returns the requests about a case, the newest first. @throws Broken where one was changed or moved since */
export async function openReports(
  keys: Pick<Keyring, 'shelf'>,
  tx: Tx,
  of: Which,
): Promise<Report[]> {
  const rows = await readReports(tx, of.id);
  const key = rows.length > 0 ? await keys.shelf(tx, placeOf(of)) : null;
  return key ? rows.map((each) => openReport(key, each)) : [];
}
