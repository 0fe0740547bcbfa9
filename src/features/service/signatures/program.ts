import type { Office } from '../../../domain/office/types.ts';
import { INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { formatError } from '../../../lib/format-error.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import { applicationToSign, signedContent } from '../cases/service.ts';
import type { PreparedRecord } from '../cases/types.ts';
import { readCase } from '../cases/views.ts';
import { drawToSign } from './document.ts';
import {
  type Attempt,
  attemptOf,
  backOf,
  findAttempt,
  keepStepOf,
  openKept,
  type SignerViewer,
  viewerOf,
} from './kept.ts';
import { isBeingRead, isLate, programPageOf, SIGNING_MINUTES, servletsOf } from './rules.ts';
import { openPart, sealPart } from './sealing.ts';
import type { SignatureFile, SignaturesDeps } from './service.ts';
import { failSigning, settleSigned } from './settling.ts';
import { insertExchange, noteReading, noteToRead } from './store.ts';
import type {
  AtProgram,
  ProgramAttempt,
  SignatureRow,
  SigningAnswer,
  SigningFailure,
  SigningOutcome,
  SigningProgram,
  SigningStep,
} from './types.ts';
import { readExchange, readPut } from './views.ts';

/** The most answers of programs in one pass of the job. */
const AT_ONCE = 50;

/** Draws what a program is asked to sign, and prepares its request. Returns the page of ours that opens the program. */
export async function beginProgram(
  deps: SignaturesDeps,
  program: SigningProgram,
  viewer: SignerViewer,
  made: Attempt & { office: Office },
): Promise<SigningAnswer<SigningStep>> {
  const { row, kept, state, office } = made;
  const record = await recordOf(deps, viewer, row);
  if (!record) return { ok: false, reason: 'changed', code: 'case_gone' };
  const { form } = await deps.forms.version(row.office, record.form);
  const document = await drawToSign({
    ...{ record: record.record, form, office, signer: kept.personName, hash: row.hash },
    cosigns: record.cosigns,
    now: deps.clock.now(),
  });
  const { kept: step, file, result } = program.request();
  const of = { id: row.case, office: row.office };
  await deps.unit(viewer, row.office, async (unit) => {
    const part = { what: 'document', id: row.id, text: document.toString('base64') } as const;
    await insertExchange(unit, {
      ...{ id: row.id, file: hashSecret(file), result: hashSecret(result) },
      document: await sealPart(deps.keyring, unit.tx, of, part),
    });
    await keepStepOf(deps.keyring, unit.tx, made, { kept: step });
  });
  const url = programPageOf(deps.baseUrl, { language: kept.language, state });
  return { ok: true, value: { kind: 'go', url, kept: step } };
}

/**
 * Returns the record that is signed, and the version of the form with which its case began. `cosigns`: of somebody else than the applicant, what was
 * handed in; null: the applicant signs. The record is what was handed in then.
 */
function recordOf({ unit, keyring }: SignaturesDeps, viewer: SignerViewer, row: SignatureRow) {
  return unit(viewer, row.office, async (each): Promise<Drawn | null> => {
    const of = await readCase(each.tx, row.case);
    if (of && row.cosigner !== null) {
      const cosigns = await applicationToSign(keyring, each, of);
      return cosigns && { record: cosigns.record, form: of.form, cosigns };
    }
    const what = { by: row.id, sealed: row.prepared };
    const bytes = of && (await signedContent(keyring, each, of, what));
    if (!of || !bytes) return null;
    const record = JSON.parse(bytes.toString('utf8')) as PreparedRecord;
    return { record, form: of.form, cosigns: null };
  });
}

/** What is drawn of an attempt. */
interface Drawn {
  record: PreparedRecord;
  form: number;
  cosigns: { applicant: string; hash: string } | null;
}

/** An open attempt at a program. `put`: what the program put; null: nothing yet. `readAt`: see `Exchange`. */
interface OpenProgram {
  attempt: ProgramAttempt;
  put: string | null;
  readAt: Temporal.Instant | null;
}

/** Returns an open attempt as its program is told of it, and what the program put; null: it is decided, or its case was destroyed. */
export async function programAttempt(
  deps: Pick<SignaturesDeps, 'keyring' | 'baseUrl'>,
  tx: Tx,
  row: SignatureRow,
): Promise<OpenProgram | null> {
  const { keyring } = deps;
  const [exchange, kept] = [await readExchange(tx, row.id), await openKept(keyring, tx, row)];
  if (!exchange || !kept || kept.step === null) return null;
  const of = { id: row.case, office: row.office };
  const open = (what: 'document' | 'result', sealed: Buffer | null) =>
    openPart(keyring, tx, of, { what, id: row.id, sealed });
  const document = await open('document', exchange.document);
  if (document === null) return null;
  // No browser is recognised here.
  const plain = attemptOf(deps, { row, kept, state: '' });
  const attempt = {
    ...plain,
    document: Buffer.from(document, 'base64'),
    kept: kept.step,
    servlets: servletsOf(deps.baseUrl),
  };
  return { attempt, put: await open('result', exchange.result), readAt: exchange.readAt };
}

interface Asking {
  url: URL;
  cookie: string;
  browser: string;
}

/** Returns an attempt that waits for a program, as its page tells it. */
export async function atProgram(
  deps: SignaturesDeps,
  { url, cookie, browser }: Asking,
): Promise<AtProgram | null> {
  const found = await findAttempt(deps, url.searchParams, cookie);
  const provider = found && (await deps.provider(found.row.way));
  if (!found || provider?.kind !== 'program') return null;
  const { row, kept } = found;
  const exchange = await within(deps.db, row.office, (tx) => readExchange(tx, row.id));
  const isOpen = exchange !== null && kept?.step != null && !isLate(row, deps.clock.now());
  return {
    way: row.way,
    language: kept?.language ?? 'ca',
    isDemo: provider.isDemo,
    opens:
      isOpen && kept?.step
        ? provider.opens(kept.step, { browser, servlets: servletsOf(deps.baseUrl) })
        : '',
    isFetched: exchange?.fetchedAt != null || exchange?.seenAt != null,
    isAnswered: !isOpen || (exchange.result !== null && !isBeingRead(exchange, deps.clock.now())),
    until: row.begunAt.add({ minutes: SIGNING_MINUTES }),
  };
}

/** Returns the PDF that an open attempt asks a program to sign. */
export async function documentToSign(
  deps: SignaturesDeps,
  url: URL,
  cookie: string,
): Promise<SignatureFile | null> {
  const found = await findAttempt(deps, url.searchParams, cookie);
  if (!found) return null;
  const { row } = found;
  const of = await within(deps.db, row.office, (tx) => programAttempt(deps, tx, row));
  if (!of) return null;
  const name = of.attempt.name.replace(/\.json$/, '.pdf');
  return { name, type: 'application/pdf', bytes: of.attempt.document };
}

/** Takes the browser that is back from a program. What the program put is read; when there is nothing, the page goes on waiting. */
export async function answerProgram(
  deps: SignaturesDeps,
  program: SigningProgram,
  attempt: Attempt,
  answer: string | null,
): Promise<SigningOutcome> {
  const { row, kept, state } = attempt;
  const { language } = kept;
  const url = programPageOf('', { language, state, waits: 1 });
  const waits = { kind: 'waits', url } as const;
  const fail = async (failure: SigningFailure) => {
    await failSigning(deps, viewerOf(row, kept), row, failure);
    return backOf(deps, row, kept, failure);
  };
  const of = await within(deps.db, row.office, (tx) => programAttempt(deps, tx, row));
  const isPlayed = of && answer === 'sign' && !isLate(row, deps.clock.now());
  const put = of?.put ?? (isPlayed ? await program.standIn?.(of.attempt) : null);
  if (of && put != null) {
    const failure = await settlePut(deps, program, attempt, { ...of, put });
    if (failure === 'reading') return waits;
    return failure === 'away'
      ? { kind: 'again', language, way: row.way }
      : backOf(deps, row, kept, failure);
  }
  if (isLate(row, deps.clock.now()) || !of) return fail('expired');
  if (answer === 'cancel') return fail('cancelled');
  return waits;
}

/**
 * Reads what a program put, and keeps the signature, or why nothing was signed. Returns why; null: it was signed. `away`: it can't be read now, and
 * is kept. `reading`: somebody else reads it. Whatever reading does to the server, it does it once: that it begins is kept first.
 */
async function settlePut(
  deps: SignaturesDeps,
  program: SigningProgram,
  { row, kept }: Pick<Attempt, 'row' | 'kept'>,
  { attempt, put, readAt }: OpenProgram & { put: string },
): Promise<SigningFailure | 'reading' | null> {
  const viewer = viewerOf(row, kept);
  const now = deps.clock.now();
  const end = async (failure: SigningFailure) => {
    await failSigning(deps, viewer, row, failure);
    return failure;
  };
  const isFirst = await within(deps.db, row.office, (tx) => noteReading(tx, row.id, now));
  if (!isFirst) return readAt === null || isBeingRead({ readAt }, now) ? 'reading' : end('refused');
  const answer = await program.read(put, attempt);
  const leave = () => within(deps.db, row.office, (tx) => noteToRead(tx, row.id));
  if (answer.ok)
    try {
      await settleSigned(deps, viewer, row, answer.value);
      return null;
    } catch (error) {
      // It could be read: what failed is not in it.
      await leave();
      throw error;
    }
  if (answer.reason !== 'away') return end(answer.reason);
  await leave();
  return 'away';
}

/** Reads what programs put and no browser came back for. */
export async function collectPut(deps: SignaturesDeps): Promise<void> {
  const due = await within(deps.db, INSTALLATION, (tx) => readPut(tx, AT_ONCE));
  for (const row of due)
    try {
      const provider = await deps.provider(row.way);
      const [of, kept] = await within(deps.db, row.office, async (tx) => [
        await programAttempt(deps, tx, row),
        await openKept(deps.keyring, tx, row),
      ]);
      if (provider?.kind !== 'program' || !kept || of?.put == null) continue;
      await settlePut(deps, provider, { row, kept }, { ...of, put: of.put });
    } catch (error) {
      // One that can't be read holds up no other.
      deps.log.error(formatError(error), 'What a program signed could not be kept');
    }
}
