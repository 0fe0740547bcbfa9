import { SIGNING_WAYS, type SigningWay } from '../../../domain/form/online.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { ApplicantViewer, PersonViewer, Viewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import type { Forms } from '../../foundation/forms/service.ts';
import type { Identification } from '../../foundation/identification/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { isTheirs } from '../cases/rules.ts';
import type { Cases, Cosigning } from '../cases/service.ts';
import { readCase } from '../cases/views.ts';
import type { Keyring } from '../documents/service.ts';
import { answerSigning, beginCosigning, beginSigning } from './attempts.ts';
import { fetchRequest, isAwaited, putResult } from './exchange.ts';
import { cosignedFile, signatureFile } from './file.ts';
import { atProgram, collectPut, documentToSign } from './program.ts';
import { openPart } from './sealing.ts';
import { endAbandoned, settleAll } from './settling.ts';
import type {
  AtProgram,
  BeginCosigning,
  BeginSigning,
  Signature,
  SignatureRow,
  SignatureShown,
  Signer,
  SigningOutcome,
  SigningProgram,
  SigningProvider,
} from './types.ts';
import { readCosignaturesOf, readSignaturesOf } from './views.ts';

export interface SignaturesDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  log: { error(what: object, message: string): void };
  offices: Pick<Offices, 'byId'>;
  cases: Pick<Cases, 'whoHandsIn' | 'prepare' | 'handInSigned' | 'secretOf'>;
  cosigning: Pick<Cosigning, 'prepare' | 'isOpen' | 'registerSigned' | 'isFor' | 'secretOf'>;
  keyring: Pick<Keyring, 'make' | 'shelf'>;
  identification: Pick<Identification, 'of'>;
  forms: Pick<Forms, 'version'>;
  /** With whom, or with which program, people sign in a way; null: nobody. */
  provider(way: SigningWay): Promise<SigningProvider | SigningProgram | null>;
  /** The key of links. */
  key: PurposeKey;
  /** The public address, without a trailing slash. */
  baseUrl: string;
}

/** What the person wants to sign. */
export interface ToSign {
  way: SigningWay;
  language: Language;
  /** See `Cases.handIn`. */
  seen?: number | undefined;
  /** The `Cookie` header of the browser. */
  cookie: string;
}

/** What somebody wants to sign that was handed in. */
export interface ToCosignBy extends Omit<ToSign, 'seen'> {
  /** SHA-256 of what they read. */
  hash: string;
}

/** A file of a signature. */
export interface SignatureFile {
  name: string;
  type: string;
  bytes: Buffer;
}

/** Signatures of what is handed in with cases, by more than an identified session (docs/adr/0100). */
export interface Signatures {
  /** Returns the ways by which people can sign. */
  ways(): Promise<SigningWay[]>;
  /** Returns whether people sign on the stand-in of a demonstration. */
  isDemo(way: SigningWay): Promise<boolean>;
  /** Begins to sign: what is handed in once it is signed is sealed with it. Returns where the browser goes. */
  begin(viewer: ApplicantViewer, office: Office, id: string, what: ToSign): Promise<BeginSigning>;
  /** Begins to sign what somebody handed in with others, as whoever else must. Returns where the browser goes. */
  beginCosigning(
    viewer: PersonViewer,
    office: Office,
    cosigner: string,
    what: ToCosignBy,
  ): Promise<BeginCosigning>;
  /** Takes the answer with which a browser came back. `cookie`: its `Cookie` header. */
  answer(url: URL, cookie: string): Promise<SigningOutcome>;
  /**
   * Returns an attempt that waits for a program, for the browser that began it; null: the address is of none. `browser`: what it calls itself.
   */
  atProgram(url: URL, cookie: string, browser: string): Promise<AtProgram | null>;
  /** Returns the PDF that an open attempt asks a program to sign, for the browser that began it; null: the address is of none. */
  toSign(url: URL, cookie: string): Promise<SignatureFile | null>;
  /** Returns what a program fetches under an identifier, once; null: there is nothing, or it was fetched. */
  fetched(file: string): Promise<string | null>;
  /** Returns whether anybody waits for what a program puts under an identifier. */
  awaits(result: string): Promise<boolean>;
  /** Takes what a program puts under an identifier. Returns whether anybody waits for it. */
  put(result: string, text: string): Promise<boolean>;
  /** Returns the signatures of the applicant of a case, the newest first; null: it isn't the viewer's. */
  ofCase(viewer: Viewer, office: Office, id: string): Promise<SignatureShown[] | null>;
  /** Returns the signatures of those who must sign a case, too, the newest first; null: it isn't the viewer's. */
  cosignaturesOf(viewer: Viewer, office: Office, id: string): Promise<SignatureShown[] | null>;
  /** Returns the signatures of somebody who must sign, too, for them alone, the newest first; null: they aren't them. */
  ofCosigner(
    viewer: PersonViewer,
    office: Office,
    cosigner: string,
  ): Promise<SignatureShown[] | null>;
  /** Returns a file of the signature of somebody who must sign, too, for them alone; null: there is none. */
  cosignedFile(
    viewer: PersonViewer,
    office: Office,
    cosigner: string,
    what: 'signature' | 'content',
  ): Promise<SignatureFile | null>;
  /**
   * Returns a file of the signature of a case: the signature itself, or what was signed. `cosigner`: of somebody else than the applicant. Null: there
   * is none, or the case isn't the viewer's. A look of staff is recorded.
   */
  file(
    viewer: Viewer,
    office: Office,
    id: string,
    what: 'signature' | 'content',
    cosigner?: string | null,
  ): Promise<SignatureFile | null>;
  /** Registers what is signed and was not registered, and ends attempts that nobody comes back to. Returns how many are registered. */
  settle(): Promise<number>;
}

export function createSignatures(deps: SignaturesDeps): Signatures {
  return {
    async ways() {
      const found = await Promise.all(
        SIGNING_WAYS.map(async (way) => ((await deps.provider(way)) ? [way] : [])),
      );
      return found.flat();
    },
    isDemo: async (way) => (await deps.provider(way))?.isDemo ?? false,
    begin: (viewer, office, id, what) => beginSigning(deps, viewer, { office, id, ...what }),
    beginCosigning: (viewer, office, cosigner, what) =>
      beginCosigning(deps, viewer, { office, cosigner, ...what }),
    answer: (url, cookie) => answerSigning(deps, url, cookie),
    atProgram: (url, cookie, browser) => atProgram(deps, { url, cookie, browser }),
    toSign: (url, cookie) => documentToSign(deps, url, cookie),
    fetched: (file) => fetchRequest(deps, file),
    awaits: (result) => isAwaited(deps, result),
    put: (result, text) => putResult(deps, result, text),

    ...createReads(deps),
    file: (viewer, office, id, what, cosigner = null) =>
      signatureFile(deps, viewer, { office, id, what, cosigner }),
    cosignedFile: (viewer, office, cosigner, what) =>
      cosignedFile(deps, viewer, { office, cosigner, what }),
    async settle() {
      await collectPut(deps);
      await endAbandoned(deps);
      return settleAll(deps);
    },
  };
}

/** What is read of signatures. */
function createReads(
  deps: Pick<SignaturesDeps, 'db' | 'keyring' | 'cosigning'>,
): Pick<Signatures, 'ofCase' | 'cosignaturesOf' | 'ofCosigner'> {
  const { db, keyring, cosigning } = deps;
  const ofTheirs =
    (read: (tx: Tx, id: string) => Promise<SignatureRow[]>) =>
    (viewer: Viewer, office: Office, id: string) =>
      within(db, office.id, async (tx) => {
        const row = isUuid(id) ? await readCase(tx, id) : null;
        return row && isTheirs(viewer, row) ? openAll(keyring, tx, await read(tx, id)) : null;
      });
  return {
    ofCase: ofTheirs(readSignaturesOf),
    cosignaturesOf: ofTheirs((tx, id) => readCosignaturesOf(tx, { case: id })),
    ofCosigner: async (viewer, office, cosigner) =>
      (await cosigning.isFor(viewer, office, cosigner))
        ? within(db, office.id, async (tx) =>
            openAll(keyring, tx, await readCosignaturesOf(tx, { cosigner })),
          )
        : null,
  };
}

async function openAll(
  keyring: SignaturesDeps['keyring'],
  tx: Tx,
  rows: readonly SignatureRow[],
): Promise<SignatureShown[]> {
  const shown: SignatureShown[] = [];
  for (const each of rows) {
    const part = { what: 'signer', id: each.id, sealed: each.signer } as const;
    const signer = await openPart(keyring, tx, { id: each.case, office: each.office }, part);
    shown.push({ ...plainOf(each), signer: signer ? (JSON.parse(signer) as Signer) : null });
  }
  return shown;
}

const plainOf = ({
  prepared: _,
  kept: __,
  evidence: ___,
  signer: ____,
  browserHash: _____,
  identification: ______,
  ...signature
}: SignatureRow): Signature => signature;
