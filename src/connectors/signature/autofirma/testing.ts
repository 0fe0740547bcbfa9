import { KeyUsageFlags } from '@peculiar/asn1-x509';
import type { Card } from '../../../../e2e/support/autofirma/pades.ts';
import {
  type CertificateWishes,
  type Issued,
  issueCertificate,
} from '../../../../e2e/support/identity/certificates.ts';

const TIMES = {
  from: Temporal.Instant.from('2026-01-01T00:00:00Z'),
  until: Temporal.Instant.from('2030-01-01T00:00:00Z'),
};

/** The subject of a person's certificate, as the FNMT has it. */
export const subjectOf = (identifier: string, more = ''): string =>
  `CN=GARCIA PUIG ANNA - ${identifier},2.5.4.42=ANNA,2.5.4.4=GARCIA PUIG,2.5.4.5=IDCES-${identifier},C=ES${more}`;

/** An authority for people's certificates, with one below it that issues them. */
export async function peopleAuthority(name = 'AC de prova'): Promise<{
  root: Issued;
  below: Issued;
  card(wishes: Partial<CertificateWishes> & { subject: string }): Promise<Card>;
}> {
  const above = { authority: {}, ...TIMES };
  const root = await issueCertificate({ subject: `CN=${name} arrel,C=ES`, ...above });
  const subject = `CN=${name} Usuaris,O=Prova,C=ES`;
  const below = await issueCertificate({ subject, by: root, ...above });
  return {
    root,
    below,
    async card(wishes) {
      const usage = KeyUsageFlags.nonRepudiation | KeyUsageFlags.digitalSignature;
      const own = await issueCertificate({ by: below, usage, ...TIMES, ...wishes });
      return { own, above: [below] };
    },
  };
}
