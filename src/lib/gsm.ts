/** Signs of one SMS. One sign outside the alphabet would turn all of it to UCS-2, of which 70 fit. */
export const SEGMENT = 160;
/** Signs of each part of an SMS that is sent in several: the rest says which part it is. */
const PART = 153;

/** The default alphabet of GSM 03.38 that takes one septet a sign. */
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

/** A text in signs of the default alphabet: í becomes i, ç c, and what has no twin a question mark. */
export const toGsm = (text: string): string =>
  signsOf(text)
    .map((sign) => twinOf(sign) ?? '?')
    .join('');

/** What an SMS can't say of a text, each sign once: Greek small letters, pictures, brackets. */
export const notInGsm = (text: string): string[] => [
  ...new Set(signsOf(text).filter((sign) => twinOf(sign) === undefined)),
];

/** The signs of a text that an SMS says in another way, each once with how. */
export const twinsIn = (text: string): [sign: string, twin: string][] =>
  [...new Set(signsOf(text))].flatMap((sign): [string, string][] => {
    const twin = twinOf(sign);
    return twin === undefined || twin === sign ? [] : [[sign, twin]];
  });

/** In how many SMS a text of the default alphabet is sent. */
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
