/** The table of GSM 03.38 as code points, written independently of the code that shortens SMS. */
const GSM_CODES = new Set(
  '40 a3 24 a5 e8 e9 f9 ec f2 c7 a d8 f8 d c5 e5 394 5f 3a6 393 39b 3a9 3a0 3a8 3a3 398 39e c6 e6 df c9 a1 c4 d6 d1 dc a7 bf e4 f6 f1 fc e0'
    .split(' ')
    .map((hex) => Number.parseInt(hex, 16)),
);

/** Returns whether a character takes one place of an SMS and doesn’t switch it to the 70-character alphabet. */
export const isGsm = (sign: string) => {
  const code = sign.codePointAt(0) ?? 0;
  const isAscii = code >= 0x20 && code <= 0x7a && !'[\\]^`'.includes(sign);
  return GSM_CODES.has(code) || isAscii;
};
