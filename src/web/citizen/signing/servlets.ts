import type { Context } from 'hono';
import { MOST_PUT } from '../../../features/service/signatures/rules.ts';
import type { Handler } from '../../routes.ts';
import type { CitizenDeps } from '../visit.tsx';

/** What the intermediate servlets of AutoFirma answer, as its own do; the status is 200 (ctt-gob-es/clienteafirma, `ErrorManager`). */
const ANSWERS = {
  'ERR-00': 'No se ha indicado código de operación',
  'ERR-01': 'Código de operación no soportado',
  'ERR-02': 'No se han proporcionado los datos de la operación',
  'ERR-05': 'No se ha proporcionado un identificador para los datos',
  'ERR-06': 'El identificador para los datos es inválido',
  'ERR-07': 'Los datos solicitados o enviados son inválidos',
  'ERR-20': 'No se ha indicado la versión de la sintaxis de la operación',
} as const;
type Code = keyof typeof ANSWERS;

const wrong = (code: Code): string => `${code}:=${ANSWERS[code]}`;

/** More than the parameters besides the data take. */
const MOST_OTHERS = 2_000;

/** What a program sends: `op`, `v`, `id` and `dat`, as they are in the address or the body. */
interface Sent {
  fields: ReadonlyMap<string, string>;
  /** Whether there was more than is read. */
  isCut: boolean;
}

/** `/signature/program/retrieve`: where AutoFirma fetches what it signs (`RetrieveService`). */
export const retrieveServlet =
  (deps: Pick<CitizenDeps, 'signatures'>): Handler =>
  async (c) => {
    const { fields } = await sentIn(c, MOST_OTHERS);
    const refused = refusalOf(fields, 'get');
    if (refused) return answer(c, refused);
    const body = await deps.signatures.fetched(fields.get('id') ?? '');
    return answer(c, body ?? wrong('ERR-06'));
  };

/** `/signature/program/storage`: where AutoFirma puts what it made (`StorageService`). */
export const storageServlet =
  (deps: Pick<CitizenDeps, 'signatures'>): Handler =>
  async (c) => {
    const { fields, isCut } = await sentIn(c, MOST_PUT + MOST_OTHERS, (id) =>
      deps.signatures.awaits(id),
    );
    const refused = refusalOf(fields, 'put');
    if (refused) return answer(c, refused);
    const text = plain(fields.get('dat') ?? '');
    // What can't be taken is told to whoever waits for it, and not to the program, as its own servlets do.
    const put = isCut || text.length > MOST_PUT ? wrong('ERR-07') : text || wrong('ERR-02');
    const isTaken = await deps.signatures.put(fields.get('id') ?? '', put);
    return answer(c, isTaken ? 'OK' : wrong('ERR-06'));
  };

/** Returns what is wrong with a request; `OK`: it only asks whether we are here. Null: it is to be done. */
function refusalOf(fields: ReadonlyMap<string, string>, operation: 'get' | 'put'): string | null {
  const asked = fields.get('op');
  if (asked === undefined) return wrong('ERR-00');
  if (asked === 'check') return 'OK';
  if (fields.get('v') === undefined) return wrong('ERR-20');
  if (asked.toLowerCase() !== operation) return wrong('ERR-01');
  return fields.has('id') ? null : wrong('ERR-05');
}

function answer(c: Context, text: string): Response {
  c.header('Cache-Control', 'no-store');
  return c.text(text);
}

/**
 * Reads the parameters as the servlets of AutoFirma do: the program sends some of them without encoding, and the data last. `goesOn`: returns whether
 * more is read than the parameters before the data take.
 */
async function sentIn(
  c: Context,
  most: number,
  goesOn: (id: string) => Promise<boolean> = async () => true,
): Promise<Sent> {
  const isPosted = c.req.method === 'POST';
  const { text, isCut } = isPosted
    ? await firstOf(c.req.raw.body, most, (text) => goesOn(fieldsIn(text).get('id') ?? ''))
    : { text: new URL(c.req.url).search.slice(1), isCut: false };
  return { fields: fieldsIn(text), isCut };
}

const fieldsIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('&').flatMap((each): [string, string][] => {
      const at = each.indexOf('=');
      return at < 1 ? [] : [[each.slice(0, at), each.slice(at + 1)]];
    }),
  );

/** Reads the beginning of a body. `goesOn` is asked once, with what came first. */
async function firstOf(
  body: ReadableStream<Uint8Array> | null,
  most: number,
  goesOn: (text: string) => Promise<boolean>,
) {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let isAsked = false;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    chunks.push(chunk);
    if (bytes > most) break;
    if (isAsked || bytes <= MOST_OTHERS) continue;
    isAsked = true;
    if (!(await goesOn(Buffer.concat(chunks).toString('utf8')))) break;
  }
  return { text: Buffer.concat(chunks).toString('utf8'), isCut: bytes > most };
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
