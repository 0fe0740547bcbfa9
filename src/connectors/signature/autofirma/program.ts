import type { X509Certificate } from 'node:crypto';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import type { PersonId } from '../../../domain/identity.ts';
import type { AutofirmaSettings } from '../../../domain/office/connectors/signature.ts';
import type {
  ProgramAttempt,
  Signed,
  SigningAnswer,
  SigningProgram,
} from '../../../features/service/signatures/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { shownOf } from '../../../lib/seal/certificate.ts';
import { revocationOf } from '../../../lib/x509/ocsp.ts';
import { checkPath, PathRefused, pathTo } from '../../../lib/x509/path.ts';
import { NotSigned } from '../not-signed.ts';
import { PadesRefused, verifiedPades } from '../pades/verify.ts';
import { holderOf } from './holder.ts';
import {
  addressOf,
  isWaiting,
  newRequest,
  type Request,
  readPut,
  requestBody,
} from './protocol.ts';

export interface AutofirmaDeps {
  /** The authorities whose certificates of people count. */
  authorities: readonly X509Certificate[];
  clock: Clock;
  /** Log of codes only, without personal data. */
  log: { warn(what: object, message: string): void };
  /** Whether it stands for the program in a demonstration. */
  isDemo?: boolean;
}

/**
 * Makes the adapter of AutoFirma, the program of the Spanish administration with which people sign by a certificate of their own
 * (ctt-gob-es/clienteafirma): it is opened by an address, and fetches and puts through intermediate servlets, which are ours (docs/adr/0104).
 */
export function createAutofirma(
  settings: Pick<AutofirmaSettings, 'name' | 'revocation'>,
  deps: AutofirmaDeps,
): SigningProgram {
  const requestIn = (kept: string): Request => JSON.parse(kept) as Request;
  return {
    kind: 'program',
    isDemo: deps.isDemo ?? false,
    request() {
      const request = newRequest();
      const { file, result } = request;
      return { kept: JSON.stringify(request), file, result };
    },
    opens: (kept, on) => addressOf(requestIn(kept), on),
    body({ kept, document, person, servlets }) {
      const name = settings.name ?? new URL(servlets.storage).host;
      const asked = { document, name, identifier: numberOf(person) };
      return requestBody(requestIn(kept), asked, servlets);
    },
    isWaiting,
    async read(put, attempt) {
      try {
        return { ok: true, value: await signedIn(put, attempt, settings, deps) };
      } catch (error) {
        const { reason, code } = failureOf(error);
        if (reason !== 'cancelled') deps.log.warn({ reason, code }, 'Nothing was signed');
        return { ok: false, reason, code } satisfies SigningAnswer<Signed>;
      }
    },
  };
}

const numberOf = ({ scheme, identifier }: PersonId): string | null =>
  scheme === 'dni' || scheme === 'nie' ? identifier : null;

function failureOf(error: unknown): Pick<NotSigned, 'reason' | 'code'> {
  if (error instanceof NotSigned) return error;
  if (error instanceof PadesRefused) return { reason: 'refused', code: error.code };
  if (!(error instanceof PathRefused)) return { reason: 'refused', code: 'unexpected' };
  const { code } = error;
  switch (code) {
    case 'certificate_expired':
    case 'certificate_not_yet_valid':
      return { reason: 'ended', code };
    case 'signer_key_usage':
    case 'signer_is_authority':
      return { reason: 'unfit', code };
    default:
      return { reason: 'untrusted', code };
  }
}

async function signedIn(
  put: string,
  attempt: ProgramAttempt,
  { revocation }: Pick<AutofirmaSettings, 'revocation'>,
  { authorities, clock, isDemo = false }: AutofirmaDeps,
): Promise<Signed> {
  const said = readPut(put, JSON.parse(attempt.kept) as Request);
  if (said.kind === 'failed') throw new NotSigned(said.reason, said.code);
  if (said.kind === 'unreadable') throw new NotSigned('refused', 'unreadable');
  const { certificate, others } = verifiedPades(said.file, attempt.document);
  const path = pathTo(certificate, others, authorities);
  if (!path) throw new NotSigned('untrusted', 'issuer_unknown');
  // By the signature of a person: what it can't deny.
  checkPath(path, clock.now(), KeyUsageFlags.nonRepudiation);
  const holder = holderOf(certificate);
  // Whoever acts for an organisation in the case may sign with its certificate, which is theirs too.
  const isForIt = attempt.organisation !== null && holder.organisation === attempt.organisation;
  if (holder.isForAnother && !isForIt) throw new NotSigned('unfit', 'for_another');
  if (!isPerson(holder.person, attempt.person)) throw new NotSigned('other_person', 'other_person');
  const status = await revocationOfPath(path, clock.now());
  if (status === 'revoked') throw new NotSigned('ended', 'revoked');
  if (status === 'unknown' && revocation === 'required') throw new NotSigned('away', 'revocation');
  const { issuer, serial } = shownOf(certificate);
  const signer = {
    name: holder.name || attempt.personName,
    method: 'certificate',
    stampedAt: null,
    isDemo,
    certificate: { issuer, serial, isRevocationAsked: status === 'good' },
  };
  return { kind: 'signed', evidence: said.file, signer };
}

const revocationOfPath = ([own, issuer]: readonly X509Certificate[], now: Temporal.Instant) =>
  own && issuer ? revocationOf(own, issuer, now) : 'unknown';

const isPerson = (one: PersonId | null, other: PersonId): boolean =>
  one !== null && one.scheme === other.scheme && one.identifier === other.identifier;
