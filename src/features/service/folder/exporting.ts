import { namesOf } from '../../../domain/office/bundle.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { PersonViewer } from '../../../lib/viewer.ts';
import type { CitizenSession, Represented } from '../../foundation/identification/types.ts';
import type { Representation } from '../representation/types.ts';
import type { Entries, ListName } from './types.ts';

/** The name and version of the file's form; docs/folder-file.md describes it. */
const FORM = { form: 'finestreta-folder', version: 1 } as const;

/** What an export needs beside the folder. */
export interface ExportOn {
  folder: { all<K extends ListName>(viewer: PersonViewer, list: K): AsyncIterable<Entries[K]> };
  viewer: PersonViewer;
  session: CitizenSession;
  language: Language;
  town: string;
  /** For which organisations the person acted, by identification. */
  represented: ReadonlyMap<string, Represented>;
  /** Authorisations in which the person is one of the two. */
  authorisations: readonly Representation[];
  now: Temporal.Instant;
  officeOf(id: number): Promise<Office>;
  /** Returns the name of a document's file beside this one; null: it isn't there. */
  fileOf(document: string): string | null;
}

/** Writes the file with everything that a folder has, in pieces, so that a long one is never in memory as a whole. */
export async function* exportText(on: ExportOn): AsyncIterable<string> {
  const { session, now, town } = on;
  const { person, id, name, wishes } = session;
  const head = { ...FORM, at: now.toString(), town, person: { id: person, ...id, name, wishes } };
  yield `${JSON.stringify(head, null, 1).slice(0, -2)}`;
  const { appointments, documents, consents, notices, looks, identifications } = WRITERS;
  yield* listText(on, 'identifications', identifications);
  yield* listText(on, 'appointments', appointments);
  yield* listText(on, 'documents', documents);
  yield* listText(on, 'consents', consents);
  yield* listText(on, 'notices', notices);
  yield* listText(on, 'looks', looks);
  const authorisations = await Promise.all(on.authorisations.map((each) => authorised(on, each)));
  yield `,\n "authorisations": ${JSON.stringify(authorisations)}`;
  yield '\n}\n';
}

async function* listText<K extends ListName>(
  on: ExportOn,
  list: K,
  write: Write<K>,
): AsyncIterable<string> {
  yield `,\n "${list}": [`;
  let before = '\n  ';
  for await (const entry of on.folder.all(on.viewer, list)) {
    yield `${before}${JSON.stringify(await write(on, entry))}`;
    before = ',\n  ';
  }
  yield before === '\n  ' ? ']' : '\n ]';
}

type Write<K extends ListName> = (on: ExportOn, entry: Entries[K]) => Promise<object> | object;

const WRITERS: { [K in ListName]: Write<K> } = {
  async appointments(on, entry) {
    const office = await on.officeOf(entry.office);
    const { link: _, procedure, further, ...rest } = entry;
    const code = office.procedure(procedure)?.code ?? '';
    const codes = { procedure: code, further };
    return {
      ...rest,
      office: nameOf(on, office),
      procedures: [code, ...further],
      names: namesOf(office, codes, on.language),
    };
  },
  async documents(on, entry) {
    return { ...entry, ...(await placeOf(on, entry)), file: on.fileOf(entry.id) };
  },
  async consents(on, entry) {
    const office = await on.officeOf(entry.office);
    const act = office.settings.acts?.find((each) => each.code === entry.template);
    const name = textIn(act?.name, on.language);
    return { ...entry, ...(await placeOf(on, entry)), name };
  },
  notices: async (on, entry) => ({ ...entry, ...(await placeOf(on, entry)) }),
  looks: async (on, entry) => ({ ...entry, ...(await placeOf(on, entry)) }),
  identifications: ({ represented }, { person: _, ...entry }) => ({
    ...entry,
    represents: represented.get(entry.id) ?? null,
  }),
};

/** An authorisation as its page shows it to the person: of the other one, the name and some characters of the identifier. */
async function authorised(on: ExportOn, of: Representation) {
  const side = of.representative.person === on.viewer.person ? 'representative' : 'represented';
  const { name, masked } = side === 'representative' ? of.represented : of.representative;
  const { id, askedBy, procedures, opens, state, reason, askedAt, settledAt, endsAt } = of;
  const office = nameOf(on, await on.officeOf(of.office));
  const when = { askedAt, settledAt, endsAt };
  return {
    id,
    office,
    side,
    other: { name, masked },
    askedBy,
    procedures,
    opens,
    state,
    reason,
    ...when,
  };
}

const nameOf = ({ language }: ExportOn, { code, name }: Office) => ({
  code,
  name: textIn(name, language),
});

async function placeOf(
  on: ExportOn,
  entry: Entries['documents' | 'consents' | 'notices' | 'looks'],
) {
  const office = await on.officeOf(entry.office);
  const { id, reference } = entry.appointment;
  return { office: nameOf(on, office), appointment: { id, reference } };
}
