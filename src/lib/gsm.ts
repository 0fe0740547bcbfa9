/** Characters of one SMS. One character outside the alphabet would turn all of it to UCS-2, of which 70 fit. */
export const SEGMENT = 160;
/** Characters of each part of a longer SMS: the remaining space holds the part's number. */
const PART = 153;

/** The characters of GSM 03.38's default alphabet that take one septet. */
const GSM =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const ALPHABET = new Set(GSM);
const TWINS: Record<string, string> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '·': '.',
  '€': 'EUR',
};

/** Returns a text in the default alphabet: í becomes i, ç c, and a character without a replacement a question mark. */
export const toGsm = (text: string): string =>
  signsOf(text)
    .map((sign) => twinOf(sign) ?? '?')
    .join('');

/** Returns the characters of a text that an SMS can't have, each once: Greek small letters, pictures, brackets. */
export const notInGsm = (text: string): string[] => [
  ...new Set(signsOf(text).filter((sign) => twinOf(sign) === undefined)),
];

/** Returns the characters of a text that an SMS replaces, each once with its replacement. */
export const twinsIn = (text: string): [sign: string, twin: string][] =>
  [...new Set(signsOf(text))].flatMap((sign): [string, string][] => {
    const twin = twinOf(sign);
    return twin === undefined || twin === sign ? [] : [[sign, twin]];
  });

/** Returns the number of SMS for a text of the default alphabet. */
export const segmentsOf = (text: string): number =>
  text.length <= SEGMENT ? 1 : Math.ceil(text.length / PART);

const signsOf = (text: string): string[] => [...text.normalize('NFC')];

function twinOf(sign: string): string | undefined {
  if (ALPHABET.has(sign)) return sign;
  const twin = TWINS[sign];
  if (twin !== undefined) return twin;
  const base = sign.normalize('NFD').replace(/\p{M}+/gu, '');
  if ([...base].every((each) => ALPHABET.has(each))) return base;
  return /\s/u.test(sign) ? ' ' : undefined;
}
