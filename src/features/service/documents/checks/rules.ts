import type { Scan } from '../../../../lib/clamd.ts';
import { type Kind, TYPES, type Unscannable, type Verdict } from './types.ts';

/** Other endings that devices use. */
const ENDINGS: Record<string, Kind> = {
  ...Object.fromEntries(Object.keys(TYPES).map((kind) => [kind, kind as Kind])),
  ...{ jpeg: 'jpg', jpe: 'jpg', jfif: 'jpg', heif: 'heic', text: 'txt' },
};
/** Other media types that browsers send. */
const SAID: Record<string, Kind> = {
  ...Object.fromEntries(Object.entries(TYPES).map(([kind, type]) => [type, kind as Kind])),
  ...{ 'image/jpg': 'jpg', 'image/pjpeg': 'jpg', 'image/heif': 'heic', 'image/x-png': 'png' },
};
const PICTURES: readonly Kind[] = ['jpg', 'png', 'heic', 'webp'];

/** Whether two kinds are alike. Phones and chats exchange the endings of pictures. That deceives nobody, and is corrected. */
const areAlike = (a: Kind, b: Kind): boolean =>
  a === b || (PICTURES.includes(a) && PICTURES.includes(b));

/** Returns the ending of a name in small letters; null: it has none, as `2026.11.30` and `Sr. Puig`. */
export const endingOf = (name: string): string | null => {
  const ending = /[^.]\.([a-z\d]{2,5})$/i.exec(name)?.[1]?.toLowerCase() ?? null;
  return ending === null || /^\d+$/.test(ending) ? null : ending;
};

/** Whether a file of this kind may have this name and media type. An unknown media type is accepted; an unknown ending is not. */
export function isAsDeclared(kind: Kind, declared: { name: string; type: string }): boolean {
  const ending = endingOf(cleanName(declared.name));
  const byName = ending === null ? kind : ENDINGS[ending];
  const byType = SAID[declared.type.split(';')[0]?.trim().toLowerCase() ?? ''] ?? kind;
  return byName !== undefined && areAlike(kind, byName) && areAlike(kind, byType);
}

/** Maximum bytes in UTF-8. File systems take 255, and programs may add something before or after. */
const LONGEST_NAME = 150;
/** Maximum characters that are read of a given name. No file system allows more. */
const LONGEST_GIVEN = 1_000;
/** Names that Windows takes for a device, with or without an ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(?= *(\.|$))/i;

/**
 * Returns a file name that can be shown and saved anywhere. It has no folders, no invisible characters, none that reverse the text (which
 * make `fdp.exe` read `exe.pdf`), and none that Windows refuses. It is not too long, and never empty. Pure.
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

/** Returns as many whole characters (with their accents) as fit into a number of bytes. */
function cut(text: string, bytes: number): string {
  let [left, kept] = [bytes, ''];
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    left -= Buffer.byteLength(segment);
    if (left < 0) break;
    kept += segment;
  }
  return kept;
}

/** Returns the name with the ending of the kind. */
export function nameFor(name: string, kind: Kind): string {
  const clean = cleanName(name);
  const ending = endingOf(clean);
  const said = ending === null ? undefined : ENDINGS[ending];
  if (said === kind) return clean;
  const stem = said && areAlike(said, kind) ? clean.slice(0, -(ending?.length ?? 0) - 1) : clean;
  return cleanName(`${stem}.${kind}`);
}

/** Alerts of clamd that are not malware: it did not scan all of the file. */
const NOT_WHOLE = /^Heuristics\.(Limits\.Exceeded|Broken)\b/;
const LOCKED = /^Heuristics\.Encrypted\b/;

/** The results of our own checks for a file with valid bytes. */
interface Checked {
  kind: Kind;
  name: string;
  locked: boolean;
  active?: boolean;
}

/** Returns the verdict on a file with valid bytes, after the antivirus scan; null: there is no antivirus. */
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
