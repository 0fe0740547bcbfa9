import { type Kind, type Look, refused } from './types.ts';

/** The members of an archive by their names in small letters, with the text of the index parts (see `isIndex`). */
export type Parts = ReadonlyMap<string, string>;

export const CONTENT_TYPES = '[content_types].xml';
const MANIFEST = 'meta-inf/manifest.xml';

/** Whether the text of a part decides the type of the document. */
export const isIndex = (name: string): boolean =>
  ['mimetype', CONTENT_TYPES, MANIFEST].includes(name) || name.endsWith('.rels');

/** Calls of scripts in an OpenDocument: an event listener, or an address. One match is shorter than `LONGEST_CALL`. */
export const SCRIPT_CALL = /[:<]event-listener[\s/>]|["']\s*(vnd\.sun\.star\.script:|macro:)/;
export const LONGEST_CALL = 64;

/** Checks a document of either family by its own description. Pure. */
export function lookAtOffice(parts: Parts): Look {
  const types = parts.get(CONTENT_TYPES);
  if (types !== undefined) return lookAtOoxml(plain(types), parts);
  const type = parts.get('mimetype');
  return type === undefined ? refused('type') : lookAtOdf(type.trim(), parts);
}

const OOXML: Record<string, Kind> = {
  'wordprocessingml.document.main+xml': 'docx',
  'spreadsheetml.sheet.main+xml': 'xlsx',
  'presentationml.presentation.main+xml': 'pptx',
};
const OOXML_ACTIVE = /macroEnabled|vbaProject|vbaData|macrosheet|activeX/i;

/** Checks an OOXML document by its content types (ECMA-376-2): one is for the main part, others are for macros and controls. */
function lookAtOoxml(types: string, parts: Parts): Look {
  if (OOXML_ACTIVE.test(types)) return refused('macros');
  for (const [name, text] of parts)
    if (name.endsWith('.rels')) {
      const trouble = aboutRelations(plain(text));
      if (trouble) return trouble;
    }
  const main = Object.keys(OOXML).filter((each) => types.includes(`officedocument.${each}`));
  const kind = OOXML[main[0] ?? ''];
  return kind && main.length === 1 ? { kind } : refused('type');
}

/** One relationship element. Its quoted values may contain `>`. */
const RELATION = /<(?:[^\s<>:/"']+:)?Relationship\b(?:[^<>"']|"[^"<]*"|'[^'<]*')*>/g;
const ACTIVE = /\/(vbaProject|wordVbaData|xlMacrosheet|xlIntlMacrosheet|activeXControl\w*)["']/i;
const FETCHED = /\/(attachedTemplate|oleObject|subDocument|frame|aFChunk|package)["']/i;
/** A target outside the document and the local disk. Word often has the path of a template on the local disk. */
const ELSEWHERE = /\bTarget\s*=\s*["']\s*(?!file:\/\/\/[^/\\%])(?:[a-z][a-z\d+.-]+:|\\\\|\/\/)/i;

/** Returns the refusal of a document that fetches something when it is opened. Links that people follow are accepted. */
function aboutRelations(text: string): Look | null {
  for (const [relation] of text.matchAll(RELATION)) {
    if (ACTIVE.test(relation)) return refused('macros');
    if (/\/aFChunk["']/i.test(relation)) return refused('embedded');
    if (FETCHED.test(relation) && ELSEWHERE.test(relation)) return refused('embedded');
  }
  return null;
}

const ODF: Record<string, Kind> = {
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  'application/vnd.oasis.opendocument.presentation': 'odp',
};

/** Checks an OpenDocument (1.3, part 2): `mimetype` has its type, the manifest says what is encrypted. */
function lookAtOdf(type: string, parts: Parts): Look {
  const kind = ODF[type];
  if (!kind) return refused('type');
  if ([...parts.keys()].some((name) => /(^|\/)(basic|scripts|dialogs)\/./.test(name)))
    return refused('macros');
  const locked = /[:<]encryption-data[\s/>]/.test(parts.get(MANIFEST) ?? '');
  return { kind, ...(locked && { locked }) };
}

/** Returns XML with its character references resolved, so that `&#109;acro` hides nothing. */
const plain = (xml: string): string =>
  xml.replaceAll(/&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi, (_, hex?: string, decimal?: string) => {
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
  });
