import { sha256Of } from '../../../lib/seal/cms.ts';
import type { ZipEntry } from '../../../lib/zip/zip.ts';
import { contentOf } from './content.ts';
import { documentXml, fileIdentifier, fileXml, indexXml, placed } from './eni.ts';
import type { MadePackage, PackageFacts, PackageFile, PackedDocument } from './types.ts';

/**
 * Returns a case as a package of its own: a bag (BagIt 1.0, RFC 8493) whose payload are the documents of the case as they are, the metadata of each, and
 * the electronic file with its signed index. `sign`: the town's seal over a SHA-256.
 */
export async function packageOf(
  documents: readonly PackedDocument[],
  facts: PackageFacts,
  sign: (digest: Buffer) => Promise<Buffer>,
): Promise<MadePackage> {
  const all = placed(documents, facts);
  const index = indexXml(all, facts);
  const signature = await sign(sha256Of(Buffer.from(index)));
  const metadata = (order: number) => `data/metadata/${String(order).padStart(4, '0')}.xml`;
  const payload: PackageFile[] = [
    text('data/expediente.xml', fileXml(index, signature, facts)),
    text('data/indice.xml', index),
    { path: 'data/indice.p7s', content: contentOf(signature) },
    ...all.map((each) => text(metadata(each.order), documentXml(each, facts))),
    ...all.map(({ path, content }) => ({ path, content })),
  ];
  const manifest = manifestOf(payload);
  const tags = [
    text('bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'),
    text('bag-info.txt', infoOf(payload, facts)),
    text('manifest-sha256.txt', manifest),
    text('LLEGEIX-ME.txt', README),
  ];
  const files = [...tags, text('tagmanifest-sha256.txt', manifestOf(tags)), ...payload];
  return {
    name: fileIdentifier(facts),
    files,
    size: sizeOf(files),
    manifest: sha256Of(Buffer.from(manifest)).toString('hex'),
    documents: documents.length,
  };
}

/** Returns the files of packages, each in a folder of its own. */
export const entriesOf = (packages: readonly MadePackage[]): ZipEntry[] =>
  packages.flatMap(({ name, files }) =>
    files.map(({ path, content }) => ({ name: `${name}/${path}`, read: content.read })),
  );

const sizeOf = (files: readonly PackageFile[]): number =>
  files.reduce((sum, { content }) => sum + content.size, 0);

const text = (path: string, words: string): PackageFile => ({
  path,
  content: contentOf(Buffer.from(words)),
});

/** Returns the checksums of files, a line each, as `sha256sum` reads them. */
const manifestOf = (files: readonly PackageFile[]): string =>
  files.map(({ path, content }) => `${content.sha256}  ${path}\n`).join('');

/** Returns what the bag says of itself. It names nobody of the case. */
function infoOf(payload: readonly PackageFile[], facts: PackageFacts): string {
  const { at, timeZone, town, office, reference } = facts;
  const lines: [string, string][] = [
    ['Source-Organization', `${town}, ${office} (${facts.dir3})`],
    ['Bagging-Date', at.toZonedDateTimeISO(timeZone).toPlainDate().toString()],
    ['External-Identifier', fileIdentifier(facts)],
    ['Internal-Sender-Identifier', reference],
    ['Payload-Oxum', `${sizeOf(payload)}.${payload.length}`],
    ['Bag-Software-Agent', 'Finestreta'],
  ];
  return lines.map(([label, value]) => `${label}: ${value.replaceAll(/\s+/g, ' ')}\n`).join('');
}

const README = `CA
Aquest paquet té un expedient sencer, per conservar-lo sempre. És una bossa BagIt (RFC 8493).
- data/documents: els documents tal com són. Els .json són el que es va registrar, byte per byte.
- data/metadata: les metadades de cada document (NTI de document electrònic).
- data/expediente.xml: l'expedient electrònic (NTI d'expedient electrònic), amb l'índex signat amb el segell de l'ajuntament.
- data/indice.xml i data/indice.p7s: els bytes de l'índex que se signen, i la signatura.
Comprova'l:
  sha256sum -c tagmanifest-sha256.txt manifest-sha256.txt
  openssl cms -verify -binary -inform DER -in data/indice.p7s -content data/indice.xml -noverify -out /dev/null

EN
This package has one whole case, to be kept for good. It is a BagIt bag (RFC 8493).
- data/documents: the documents as they are. The .json files are what was registered, byte by byte.
- data/metadata: the metadata of each document (Spanish interoperability rules, NTI).
- data/expediente.xml: the electronic file (NTI), with its index signed by the town's seal.
- data/indice.xml and data/indice.p7s: the bytes of the index that are signed, and the signature.
Check it with the two commands above.
`;
