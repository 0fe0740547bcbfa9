import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import type { ProgramAttempt, SigningProgram } from '../../../features/service/signatures/types.ts';
import { issued } from '../../../lib/seal/demo.ts';
import { signedPdf } from '../pades/write.ts';
import { encipherAes } from './ciphers.ts';
import { type AutofirmaDeps, createAutofirma } from './program.ts';
import type { Request } from './protocol.ts';

const AUTHORITY = 'DEMO: autoritat de demostració, sense cap valor';

interface DemoAuthority {
  key: KeyObject;
  certificate: X509Certificate;
}

let made: DemoAuthority | null = null;

/** The authority of this process for people's certificates of demonstrations. */
function demoAuthority(): DemoAuthority {
  if (made) return made;
  const { key, spki } = newKey();
  const name = { commonName: AUTHORITY };
  const der = issued({ name, spki, by: { key, commonName: AUTHORITY }, isAuthority: true });
  made = { key, certificate: new X509Certificate(der) };
  return made;
}

function newKey(): { key: KeyObject; spki: Buffer } {
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { key, spki: publicKey.export({ type: 'spki', format: 'der' }) };
}

/**
 * Returns the stand-in for AutoFirma in demonstrations: a page of ours stands for the program, and says that nobody signs there. What it puts is a
 * PAdES by a certificate of the process all the same, so that everything after it is as with the program. It is made only where BASE_URL is this machine.
 */
export function createDemoAutofirma(deps: Pick<AutofirmaDeps, 'clock' | 'log'>): SigningProgram {
  const authorities = [demoAuthority().certificate];
  const program = createAutofirma({ revocation: 'asked' }, { ...deps, authorities, isDemo: true });
  return { ...program, standIn: puts };
}

/** Returns what the program would put if the person signed. */
async function puts({ document, kept, person, personName }: ProgramAttempt): Promise<string> {
  const authority = demoAuthority();
  const { key, spki } = newKey();
  const name = { commonName: personName, serialNumber: `IDCES-${person.identifier}` };
  const der = issued({ name, spki, by: { key: authority.key, commonName: AUTHORITY } });
  const certificates = [new X509Certificate(der), authority.certificate];
  const signed = await signedPdf(document, {
    kind: 'ec',
    certificates,
    sign: async (data) => sign('sha256', data, key),
  });
  const request = JSON.parse(kept) as Request;
  return `${encipherAes(der, request)}|${encipherAes(signed, request)}`;
}
