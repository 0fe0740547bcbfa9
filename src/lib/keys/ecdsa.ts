/** Returns a signature of ECDSA in DER (RFC 3279, 2.2.3), from r followed by s as tokens give it. */
export function p1363ToDer(signature: Buffer): Buffer {
  const half = signature.length / 2;
  const parts = [signature.subarray(0, half), signature.subarray(half)].map(integer);
  return element(SEQUENCE, Buffer.concat(parts));
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** A positive number in the fewest bytes. */
function integer(bytes: Buffer): Buffer {
  const from = bytes.findIndex((each) => each !== 0);
  const short = from < 0 ? Buffer.from([0]) : bytes.subarray(from);
  const isNegative = short.readUInt8(0) > 0x7f;
  return element(INTEGER, isNegative ? Buffer.concat([Buffer.from([0]), short]) : short);
}

/** Numbers of P-521 make a sequence of more than 127 bytes. */
const element = (tag: number, value: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(value.length < 0x80 ? [tag, value.length] : [tag, 0x81, value.length]),
    value,
  ]);
