import { filesIn } from '../../../domain/form/files.ts';
import type { Form } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { canonicalJson } from '../../../lib/envelope/canonical-json.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { IdentificationOf } from '../../foundation/identification/types.ts';
import { numberText } from '../../foundation/registry/service.ts';
import { kindOf } from '../cases/rules.ts';
import type { CaseMessage, CaseWork, Cosigner } from '../cases/service.ts';
import type { Receipt } from '../receipts/types.ts';
import { contentOf, measured } from './content.ts';
import { KIND_OF } from './rules.ts';
import type { PackagesDeps } from './service.ts';
import type { DocumentKind, PackedDocument } from './types.ts';

/** A case that is being packed. */
export interface Packing {
  viewer: StaffViewer;
  office: Office;
  work: CaseWork;
  /** What was handed in, each with its receipt. */
  handedIn: readonly Receipt[];
  at: Temporal.Instant;
}

/** A document can't be issued now, or a file is not readable. */
export class Unready extends Error {}

/** Returns data of ours as a document. */
const dataOf = (
  name: string,
  kind: DocumentKind,
  { at, isCitizens = false }: { at: Temporal.Instant; isCitizens?: boolean },
  data: unknown,
): PackedDocument => ({
  ...{ name: `${name}.json`, type: 'application/json', kind, isCitizens, at, isSealed: false },
  // Days and instants are written as text.
  content: contentOf(Buffer.from(canonicalJson(JSON.parse(JSON.stringify(data))))),
});

/**
 * Returns what was handed in, as it was registered, each followed by its receipt.
 * @throws Unready where a receipt can't be issued now
 * @throws where what is packed is not what was registered
 */
export function handedInDocuments({ handedIn }: Packing): PackedDocument[] {
  return handedIn.flatMap(({ record, about, entry, issued }) => {
    if (!issued) throw new Unready('A receipt can’t be issued now');
    const number = numberText(entry);
    const on = { at: entry.at, isCitizens: true };
    const own = dataOf(number, KIND_OF[kindOf(about)], on, record);
    if (own.content.sha256 !== entry.content)
      throw new Error(`What was registered as ${number} was changed`);
    return [own, sealed(`${number}.pdf`, 'TD09', issued.issuedAt, issued.document)];
  });
}

/** A document that the town sealed. */
const sealed = (
  name: string,
  kind: DocumentKind,
  at: Temporal.Instant,
  bytes: Buffer,
): PackedDocument => ({
  ...{ name, type: 'application/pdf', kind, isCitizens: false, at, isSealed: true },
  content: contentOf(bytes),
});

/** Returns the files that were handed in, once each, and the names of those that can't be opened. */
export async function paperDocuments(
  { cases }: Pick<PackagesDeps, 'cases'>,
  { viewer, office, work, handedIn }: Packing,
): Promise<{ documents: PackedDocument[]; missing: string[] }> {
  const form: Form = work.form.form;
  const files = handedIn.flatMap(({ answers }) => (answers ? filesIn(form, answers) : []));
  const named = new Map(files.map(({ file }) => [file.document, file]));
  const documents: PackedDocument[] = [];
  const missing: string[] = [];
  for (const { document, name, sha256 } of named.values()) {
    const opened = await cases.openPaper(viewer, office, work.opened.case.id, document);
    if (!opened) {
      missing.push(`${name} (SHA-256 ${sha256})`);
      continue;
    }
    const content = await measured(() => opened.read());
    const { type, madeAt: at } = opened;
    documents.push({ name, type, kind: 'TD99', isCitizens: true, at, isSealed: false, content });
  }
  return { documents, missing };
}

/** Returns each signature by more than a session, after what was signed; none where there are none. @throws Unready */
export async function signatureDocuments(
  { signatures, cosigning }: Pick<PackagesDeps, 'signatures' | 'cosigning'>,
  { viewer, office, work, handedIn }: Packing,
): Promise<PackedDocument[]> {
  const { id } = work.opened.case;
  const cosigners = (await cosigning.ofCase(viewer, office, id)) ?? [];
  const all: PackedDocument[] = [];
  for (const { record, about, entry } of handedIn) {
    const signature = 'signature' in record ? record.signature : undefined;
    if (!signature) continue;
    const isOthers = kindOf(about) === 'signature';
    const cosigner = isOthers ? cosignerOf(cosigners, numberText(entry)) : null;
    const at = Temporal.Instant.from(signature.at);
    for (const what of ['content', 'signature'] as const) {
      const file = await signatures.file(viewer, office, id, what, cosigner);
      if (!file) throw new Unready('A signature can’t be read');
      const { name, type, bytes } = file;
      const kind = KIND_OF[kindOf(about)];
      const content = contentOf(bytes);
      all.push({ name, type, kind, isCitizens: true, at, isSealed: false, content });
    }
  }
  return all;
}

/** Returns the id of whoever signed as an entry. @throws where nobody did */
function cosignerOf(cosigners: readonly Cosigner[], number: string): string {
  const found = cosigners.find(({ answered }) => answered?.number === number);
  if (!found) throw new Error(`Nobody signed as ${number}`);
  return found.id;
}

/** Returns what the office did: requests to amend, messages, reports, the decision and how it was notified, and what happened. @throws Unready */
export async function officeDocuments(
  deps: Pick<PackagesDeps, 'caseDesk' | 'caseMessages' | 'notifications' | 'officials'>,
  packing: Packing,
  missing: readonly string[],
): Promise<PackedDocument[]> {
  const { viewer, office, work, at } = packing;
  const { id } = work.opened.case;
  const asked = work.amendments.toReversed().map(({ answered: _, ...amendment }, nth) => {
    return dataOf(`requeriment-${nth + 1}`, 'TD06', { at: amendment.askedAt }, amendment);
  });
  const reports = work.reports
    .toReversed()
    .flatMap((report, nth) =>
      report.ended ? [dataOf(`informe-${nth + 1}`, 'TD13', { at: report.ended.at }, report)] : [],
    );
  const written = (await deps.caseMessages.ofCase(viewer, office, id))?.messages ?? [];
  const decision = await deps.caseDesk.decisionFile(viewer, office, id);
  const evidence = await deps.notifications.evidence(viewer, office, id);
  const theirs = (await deps.notifications.theirEvidence(viewer, office, id))?.files ?? [];
  const issuedAt = work.decision?.issued?.at ?? at;
  const names = await staffNames(deps, work, written);
  return [
    ...asked,
    ...(written.length > 0 ? [dataOf('missatges', 'TD06', { at }, written)] : []),
    ...reports,
    ...(decision ? [sealed('resolucio.pdf', 'TD01', issuedAt, decision.bytes)] : []),
    ...(evidence ? [sealed('notificacio.pdf', 'TD07', at, evidence.bytes)] : []),
    ...theirs.map((bytes, nth) =>
      asItCame(`notificacio-enotum-${nth + 1}.xml`, 'application/xml', 'TD09', at, bytes),
    ),
    dataOf('historial', 'TD12', { at }, { events: work.events, staff: names, missing }),
  ];
}

/** A document that another administration or a provider made, as it came. */
const asItCame = (
  name: string,
  type: string,
  kind: DocumentKind,
  at: Temporal.Instant,
  bytes: Buffer,
): PackedDocument => ({
  ...{ name, type, kind, isCitizens: false, at, isSealed: false, content: contentOf(bytes) },
});

/** Returns the entries that the registry of the town made of what was handed in; none where the town has no other registry. */
export async function registryDocument(
  { outsideRegistering }: Pick<PackagesDeps, 'outsideRegistering'>,
  { office, handedIn, at }: Packing,
): Promise<PackedDocument[]> {
  const entries = [];
  for (const { about, entry } of handedIn) {
    const there = await outsideRegistering.of(office, about);
    if (there) entries.push({ number: numberText(entry), content: entry.content, there });
  }
  return entries.length > 0 ? [dataOf('registre', 'TD12', { at }, entries)] : [];
}

/** Returns the names of the officials in what happened and was written, by how they are called there. */
async function staffNames(
  { officials }: Pick<PackagesDeps, 'officials'>,
  { events, reports, amendments, decision }: CaseWork,
  written: readonly Pick<CaseMessage, 'by'>[],
): Promise<Record<string, string>> {
  const actors = [
    ...events.map(({ actor }) => actor),
    ...reports.flatMap(({ askedBy, ended }) => [askedBy, ended?.by ?? '']),
    ...amendments.map(({ askedBy }) => askedBy),
    ...written.map(({ by }) => by),
    ...(decision ? [decision.writtenBy, decision.issued?.by ?? ''] : []),
  ];
  const ids = [...new Set(actors.flatMap((each) => /^staff:(\d+)$/.exec(each)?.[1] ?? []))];
  const names = await officials.namesOf(ids.map(Number));
  return Object.fromEntries(ids.map((id) => [`staff:${id}`, names.get(Number(id)) ?? '']));
}

/** Returns the people who handed something in as they were identified, and their whole identifiers. */
export async function peopleDocument(
  { identification }: Pick<PackagesDeps, 'identification'>,
  { handedIn, at }: Packing,
): Promise<{ documents: PackedDocument[]; interested: string[] }> {
  const found: IdentifiedThen[] = [];
  const evidence: PackedDocument[] = [];
  const interested = new Set<string>();
  for (const { record } of handedIn) {
    const by = 'signer' in record ? record.signer : record.applicant;
    const known = by && (await identification.of(by.identification));
    const represents = 'represents' in record ? record.represents : undefined;
    if (represents) interested.add(represents.identifier);
    const served = 'handedInFor' in record ? record.handedInFor?.consent.case?.person : undefined;
    if (served) interested.add(served.identifier);
    if (!known) continue;
    const { id, provider, method, level, at: when, of, name } = known;
    interested.add(known.of.identifier);
    if (found.some((each) => each.id === id)) continue;
    const parts = (await identification.evidence(id))?.evidence ?? [];
    const files = parts.map(({ type, bytes }, nth) => {
      const name = `identificacio-${found.length + 1}-${nth + 1}.${suffixOf(type)}`;
      return asItCame(name, type, 'TD12', when, bytes);
    });
    evidence.push(...files);
    const names = files.map((each) => each.name);
    found.push({ id, provider, method, level, at: when, of, name, evidence: names });
  }
  const document = dataOf('identificacions', 'TD12', { at }, found);
  return {
    documents: found.length > 0 ? [document, ...evidence] : [],
    interested: [...interested],
  };
}

/** How somebody was identified when they handed something in, with the names of the files of the provider's evidence. */
interface IdentifiedThen
  extends Pick<IdentificationOf, 'id' | 'provider' | 'method' | 'level' | 'at' | 'of' | 'name'> {
  evidence: readonly string[];
}

/** Returns the end of a file's name for a media type: `xml` for `application/samlassertion+xml`. */
const suffixOf = (type: string): string => type.split(/[/+]/).at(-1) ?? 'bin';
