/*
 * The length of SMS: 3GPP TS 23.038 (alphabets) and TS 23.040 (messages of several parts). A text is sent in septets when the default
 * alphabet has all its characters, else all of it is sent in UCS-2, of which less fits. The alphabet has à, è, é, ò and ñ, but neither í, ó, ú,
 * ï and ç nor the raised dot of l·l.
 */

/** The characters of the default alphabet (TS 23.038, 6.2.1): one septet each. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Those of its extension table (6.2.1.1): two septets each, an escape and the character. */
const EXTENSION = new Set('\f^{}\\[~]|€');

/** Units of one SMS, and of each part of a longer one: the remaining space holds the part's number. */
const ROOM = {
  'gsm-7': { alone: 160, part: 153 },
  'ucs-2': { alone: 70, part: 67 },
} as const;
export type Alphabet = keyof typeof ROOM;

/** Returns how many characters one SMS holds. */
export const roomOf = (alphabet: Alphabet): number => ROOM[alphabet].alone;

/** Signs of typography that plainer ones replace, where the spelling stays the same. */
const PLAINER: Record<string, string> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '…': '...',
};

/** The length of a text as an SMS. `units`: septets, or UCS-2 characters of 16 bits. `segments`: how many SMS it is charged as. */
export interface SmsSize {
  alphabet: Alphabet;
  units: number;
  segments: number;
}

/**
 * Returns a text as it is sent. Letters and accents always stay. Typographic quotation marks, dashes and spaces become plain ones where
 * the whole text then fits into the cheaper alphabet.
 */
export function smsText(text: string): string {
  const plain = plainer(text);
  return costlyIn(plain).length === 0 ? plain : text.normalize('NFC');
}

/** Returns the characters that make a text be sent in UCS-2, each once. */
export const costlyIn = (text: string): string[] => [
  ...new Set([...plainer(text)].filter((sign) => !BASIC.has(sign) && !EXTENSION.has(sign))),
];

const plainer = (text: string): string =>
  [...text.normalize('NFC')]
    .map((sign) => PLAINER[sign] ?? (/[^\S\n\r\f]/u.test(sign) ? ' ' : sign))
    .join('');

/** Returns the length of a text as an SMS. */
export function sizeOf(text: string): SmsSize {
  const sent = smsText(text);
  const signs = [...sent];
  const alphabet = costlyIn(sent).length === 0 ? 'gsm-7' : 'ucs-2';
  const widths = signs.map((sign) =>
    alphabet === 'ucs-2' ? sign.length : EXTENSION.has(sign) ? 2 : 1,
  );
  const units = widths.reduce((sum, width) => sum + width, 0);
  const { alone, part } = ROOM[alphabet];
  return { alphabet, units, segments: units <= alone ? 1 : partsOf(widths, part) };
}

/** Returns the number of parts. A character of two units isn't cut, so a part may have one unit to spare. */
function partsOf(widths: readonly number[], room: number): number {
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > room) {
      parts++;
      used = 0;
    }
    used += width;
  }
  return parts;
}
