import type { Scan } from '../../../../lib/clamd.ts';
import { type Kind, TYPES, type Unscannable, type Verdict } from './types.ts';

/** Other endings that people's devices give. */
const ENDINGS: Record<string, Kind> = {
  ...Object.fromEntries(Object.keys(TYPES).map((kind) => [kind, kind as Kind])),
  ...{ jpeg: 'jpg', jpe: 'jpg', jfif: 'jpg', heif: 'heic', text: 'txt' },
};
/** Other media types that browsers say. */
const SAID: Record<string, Kind> = {
  ...Object.fromEntries(Object.entries(TYPES).map(([kind, type]) => [type, kind as Kind])),
  ...{ 'image/jpg': 'jpg', 'image/pjpeg': 'jpg', 'image/heif': 'heic', 'image/x-png': 'png' },
};
const PICTURES: readonly Kind[] = ['jpg', 'png', 'heic', 'webp'];

/** Phones and chats give pictures each other's endings: that deceives nobody, and is put right. */
const areAlike = (a: Kind, b: Kind): boolean =>
  a === b || (PICTURES.includes(a) && PICTURES.includes(b));

/** The ending of a name in small letters, if it has one: `2026.11.30` and `Sr. Puig` have none. */
export const endingOf = (name: string): string | null => {
  const ending = /[^.]\.([a-z\d]{2,5})$/i.exec(name)?.[1]?.toLowerCase() ?? null;
  return ending === null || /^\d+$/.test(ending) ? null : ending;
};

/** Whether a file of this kind may have been declared so. A media type that we don't know says nothing; an ending does. */
export function isAsDeclared(kind: Kind, declared: { name: string; type: string }): boolean {
  const ending = endingOf(cleanName(declared.name));
  const byName = ending === null ? kind : ENDINGS[ending];
  const byType = SAID[declared.type.split(';')[0]?.trim().toLowerCase() ?? ''] ?? kind;
  return byName !== undefined && areAlike(kind, byName) && areAlike(kind, byType);
}

/** Bytes in UTF-8: file systems take 255, and something may be put before or after. */
const LONGEST_NAME = 150;
/** No file system lets anybody call a file more. */
const LONGEST_GIVEN = 1_000;
/** What Windows takes for a device, with or without an ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(?= *(\.|$))/i;

/**
 * A file's name as it can be shown and saved anywhere: without folders, without signs that can't be seen or turn the text
 * round (which make `fdp.exe` read `exe.pdf`), without what Windows doesn't take, and not too long. Never empty. Pure.
 */
export function cleanName(name: string): string {
  const clean = trimmed(
    (name.split(/[/\\]/).at(-1) ?? '')
      .slice(-LONGEST_GIVEN)
      .replaceAll(/\s/g, ' ')
      .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
      .replaceAll(/[<>:"|?*]/g, '_')
      .replaceAll(/ +/g, ' ')
      .normalize('NFC'),
  ).replace(DEVICE, '_$1');
  const ending = endingOf(clean);
  const tail = ending === null ? '' : clean.slice(-ending.length - 1);
  const stem = clean.slice(0, clean.length - tail.length);
  const short = trimmed(cut(stem, LONGEST_NAME - tail.length)) || 'document';
  return short.replace(DEVICE, '_$1') + tail;
}

const trimmed = (text: string): string => text.replaceAll(/^[.\s]+|[.\s]+$/g, '');

/** As many whole signs (with their accents) as fit into so many bytes. */
function cut(text: string, bytes: number): string {
  let [left, kept] = [bytes, ''];
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    left -= Buffer.byteLength(segment);
    if (left < 0) break;
    kept += segment;
  }
  return kept;
}

/** The name with an ending that says what the file is. */
export function nameFor(name: string, kind: Kind): string {
  const clean = cleanName(name);
  const ending = endingOf(clean);
  const said = ending === null ? undefined : ENDINGS[ending];
  if (said === kind) return clean;
  const stem = said && areAlike(said, kind) ? clean.slice(0, -(ending?.length ?? 0) - 1) : clean;
  return cleanName(`${stem}.${kind}`);
}

/** What clamd alerts to that is no malware: it didn't look at all of it. */
const NOT_WHOLE = /^Heuristics\.(Limits\.Exceeded|Broken)\b/;
const LOCKED = /^Heuristics\.Encrypted\b/;

/** What our own checks found out about a file whose bytes are right. */
interface Checked {
  kind: Kind;
  name: string;
  locked: boolean;
  active?: boolean;
}

/** The verdict on a file whose bytes are right, after the antivirus (null: there is none) looked at it. */
export function verdictOf(
  { kind, name, locked, active = false }: Checked,
  scan: Scan | null,
): Verdict {
  const file = { type: TYPES[kind], name };
  const unscannable = (why: Unscannable): Verdict => ({
    ...{ verdict: 'unscannable', ...file, why },
  });
  if (scan?.verdict === 'error')
    return scan.reason === 'size'
      ? unscannable('not_whole')
      : { verdict: 'error', why: scan.reason };
  if (scan?.verdict === 'infected' && LOCKED.test(scan.name)) return unscannable('encrypted');
  if (scan?.verdict === 'infected' && NOT_WHOLE.test(scan.name)) return unscannable('not_whole');
  if (scan?.verdict === 'infected') return { verdict: 'infected', signature: scan.name };
  if (locked) return unscannable('encrypted');
  return active ? unscannable('active') : { verdict: 'clean', ...file };
}
