import { stringify } from 'yaml';
import { demoTown } from '../town.ts';
import { type Issued, issueCertificate } from './certificates.ts';
import { issuePid, type Pid } from './pid.ts';

/** The keys and certificates of a wallet's world. */
export interface Wallets {
  accessRoot: Issued;
  access: Issued;
  root: Issued;
  pid: Pid;
}

/** Returns the keys and certificates of a wallet's world, valid now. */
export async function walletsOf(): Promise<Wallets> {
  const now = Temporal.Now.instant();
  const valid = { from: now.subtract({ hours: 1 }), until: now.add({ hours: 24 }) };
  const accessRoot = await issueCertificate({
    ...valid,
    subject: 'CN=Access CA,C=ES',
    authority: {},
  });
  const access = await issueCertificate({
    ...valid,
    subject: 'CN=Ajuntament de Vilaclara,C=ES',
    by: accessRoot,
    hosts: ['localhost'],
  });
  const root = await issueCertificate({
    ...valid,
    subject: 'CN=PID Authority,C=ES',
    authority: {},
  });
  const signer = await issueCertificate({ ...valid, subject: 'CN=PID Signer,C=ES', by: root });
  return { accessRoot, access, root, pid: await issuePid({ ...valid, chain: [signer] }) };
}

/** Returns the demo town's file with these providers of identities. */
export function townWith(identity: readonly object[]): string {
  const lines = stringify({ identity })
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}\n`);
  return demoTown().replace(/^ {2}mailFrom:/m, `${lines.join('')}  mailFrom:`);
}
